"""Numbers without their noun: it is the noun of the list's lead-in, of the count before, or what the verb asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractor.counts import categories as taxonomy
from extractor.counts import phrases
from extractor.counts.frames import action_of, fits
from extractor.counts.leads import lead_in
from extractor.counts.levels import level
from extractor.counts.meaning import CURRENCIES, Figure, Sense, governor_of, held, kind_of, led, made, sense_of
from extractor.counts.tabulated import Cell
from extractor.language.words import ActionRow, Words, lexicon, verb_at, word_list
from extractor.numbers.guards import is_number
from extractor.numbers.numerals import Number, Numeral
from extractor.text.layout import Layout, Line

_DEGREES = {"seriously": "injured", "slightly": "injured", "fatally": "killed"}
_PARTS = ("those", "these", "which", "whom", "them", "the")
_AFTER = "p,.;)cbhvegras\n"  # classes of the words that may follow a number on its own
_DEFINITE = ("the", "those", "these", "our", "all")
_LABEL_MARKS = (":", "-", "–", "—", "=")
_LONGEST_LABEL = 12  # words
_BEFORE = 60  # words before a number in which those it speaks of may be named
_NOT_BEFORE = ("at", "on", "in", "number", "to", "under", "by", "from")
_GROUPS = {
    "team": "officer", "crew": "officer", "gang": "suspect", "group": "person", "family": "person"
}  # fmt: skip
_CHARGES = {"activity.charge", "activity.offence", "activity.conviction"}
_OFFENDING = {"driving", "riding", "speeding", "using", "failing", "carrying"}
_OFFENCE = Sense("activity", "activity", ("activity.offence",), None)
_ARRESTED = Sense("person", "person", ("activity.arrest",), None)


@dataclass
class Told:
    """The counts before a number: the last one, and the first of each value and unit."""

    previous: Figure | None
    by_value: dict[tuple[Number, str | None], Figure]


def elliptical(words: Words, numeral: Numeral, layout: Layout, told: Told) -> Figure | str:
    """The figure of a number on its own, or the reason why it is none."""
    line = layout.line_at(words.start[numeral.first])
    if line is None:
        return "boilerplate"
    previous = told.previous
    counted = previous if previous and previous.sense.unit not in CURRENCIES else None
    at = _behind(words, numeral)
    if words.low[at : at + 3] in (["were", "on", "suspicion"], ["was", "on", "suspicion"]):
        return made(words, numeral, numeral.last, "elliptical", replace(_ARRESTED, action="arrested"))
    if held(words, at):
        return made(words, numeral, numeral.last, "elliptical", _ARRESTED)
    found = (
        _in_list(words, numeral, layout, line)
        or _of_named(words, numeral, layout)
        or _of_those(words, numeral, counted)
        or (_after_count(words, numeral, counted) if counted else None)
        or _of_verb(words, numeral)
        or _label(words, numeral, line)
        or _behind_colon(words, numeral, line)
        or _doing(words, numeral, line)
        or _again(words, numeral, told)
        or level(words, numeral, counted)
        or _of_subject_before(words, numeral, line)
        or _group_of(words, numeral)
    )
    return found or ("pronoun" if words.low[numeral.number] == "one" else "unexplained")


def in_cell(words: Words, numeral: Numeral, cell: Cell) -> Figure:
    """The figure of a cell of a table."""
    governor = cell.governor(words)
    row = cell.terms[0].row
    names = tuple(dict.fromkeys(term.row.id for term in cell.terms))
    action = governor.row if governor else None
    sense = sense_of(words, numeral, numeral.last, row=row, categories=names, action=action)
    return made(words, numeral, numeral.last, "table", sense)


def recalled(figure: Figure, told: Told) -> Figure:
    """A figure whose words say less than those of the same value before it: "the 212 wraps", "the £8,215"."""
    earlier = told.by_value.get((figure.numeral.value, figure.numeral.unit))
    if earlier is None or figure.numeral.value < 10:
        return figure
    own, first = figure.sense.categories, earlier.sense.categories
    goods = all(taxonomy.kinds().get(name, "thing") == "thing" for name in first[1:])
    vague = own == ("money",) and first[0] in ("money", "cash") and goods
    drugs = own == ("drug",) and all(c.startswith("drug") for c in first)
    people = own == ("person.public",) and first[0] in ("activity.arrest", "activity.charge", "person.suspect")
    if not (vague or drugs or (people and figure.sense.action is None and figure.numeral.value > 20)):
        return figure
    return replace(figure, sense=replace(figure.sense, categories=first))


def _again(words: Words, numeral: Numeral, told: Told) -> Figure | None:
    """A number told before, now without its noun: "every one of the 94"."""
    earlier = told.by_value.get((numeral.value, None))
    before = words.low[numeral.first - 1] if numeral.first else ""
    if earlier is None or before not in _DEFINITE or _tag_after(words, numeral) in "xe":
        return None
    return made(words, numeral, numeral.last, "elliptical.again", replace(earlier.sense, action=None))


def _of_named(words: Words, numeral: Numeral, layout: Layout) -> Figure | None:
    """A part of what the text names behind it: "six of the watches"."""
    if words.low[numeral.number] == "one" or words.low[numeral.last + 1 : numeral.last + 2] != ["of"]:
        return None
    at = numeral.last + 2
    if at + 1 >= len(words.low) or not (words.tag[at] in "dx" or is_number(words.low[at])):
        return None
    group = _GROUPS.get(words.low[at + 1])
    head, _ = phrases.head_of(words, at + 1, True)
    term = taxonomy.terms()[group] if group else head.terms[0] if head else None
    if term is None:
        return None
    row, last = term.row, at + 1 if group or head is None else head.last
    governor = governor_of(words, numeral, last, kind_of(row), layout)
    action = governor.row if governor else None
    sense = sense_of(words, numeral, last, row=row, categories=(row.id,), action=action)
    return made(words, numeral, numeral.last, "elliptical.of", sense)


def _of_those(words: Words, numeral: Numeral, previous: Figure | None) -> Figure | None:
    """A part of those of whom the sentence speaks first: "Of those arrested, seven were held in Hull"."""
    first, low = words.first_of_sentence(numeral.first), words.low
    while first < numeral.first and not low[first].isalpha():
        first += 1
    if low[first] not in ("of", "among", "amongst") or low[first + 1] not in ("those", "these", "them"):
        return None
    verb = verb_at(words, first + 2) if first + 2 < numeral.first else None
    if verb is None or verb.row.person is None or _tag_after(words, numeral) not in "bhovp,":
        return None
    governor = action_of(words, numeral.first, numeral.last, "person")
    row = governor.row if governor and governor.row.person else verb.row
    sense = Sense("person", "person", (row.person or "person.suspect",), row.action)
    return made(words, numeral, numeral.last, "elliptical.of", sense)


def _group_of(words: Words, numeral: Numeral) -> Figure | None:
    """The people of a group: "a team of 10"."""
    low, first = words.low, numeral.first
    if first < 2 or low[first - 1] != "of" or _tag_after(words, numeral) not in _AFTER + "o":
        return None
    name = _GROUPS.get(low[first - 2])
    if name is None:
        return None
    return _inherited(words, numeral, taxonomy.terms()[name].row, None, "elliptical.group")


def _behind(words: Words, numeral: Numeral) -> int:
    """Index of the word behind a number, an age or "more" left out: "two aged 28 and 39 were released"."""
    low, at = words.low, numeral.last + 1
    if low[at : at + 1] in (["more"], ["others"]):
        return at + 1
    if low[at : at + 1] == ["aged"]:
        at += 1
        while at < len(low) and (words.tag[at] in "x," or low[at] in ("and", "between")):
            at += 1
    return at


def _tag_after(words: Words, numeral: Numeral) -> str:
    at = _behind(words, numeral)
    return words.tag[at] if at < len(words.tag) else "."


def _low_after(words: Words, numeral: Numeral) -> str:
    at = _behind(words, numeral)
    return words.low[at] if at < len(words.low) else ""


def _in_list(words: Words, numeral: Numeral, layout: Layout, line: Line) -> Figure | None:
    """An entry that opens with its number, under a lead-in that has the noun."""
    if numeral.first > words.at(line.start) + 2:
        return None
    for start, end in line.leads:
        noun = _noun(words, words.at(start), words.at(end - 1))
        if noun:
            governor = led(words, layout, numeral.first, kind_of(noun.row))
            return _inherited(words, numeral, noun.row, governor.row if governor else None, "elliptical.list")
    return None


def _after_count(words: Words, numeral: Numeral, previous: Figure) -> Figure | None:
    """A number that goes on counting what was counted before it: "10 warrants – three in Derby"."""
    after, low = _tag_after(words, numeral), _low_after(words, numeral)
    own = _passive(words, numeral, previous)
    if _near(words, numeral, previous):
        if previous.sense.kind == "person" and low in _DEGREES:
            harmed = previous.sense.action in ("injured", "killed")
            sense = Sense(
                "person", "person", previous.sense.categories if harmed else ("person.victim",), _DEGREES[low]
            )
            return made(words, numeral, numeral.last + 1, "elliptical", sense)
        if previous.sense.kind == "person" and words.low[numeral.first - 1] == "other" and own is None:
            return made(words, numeral, numeral.last, "elliptical", replace(previous.sense, action=None))
        if previous.sense.kind == "person" and after in "bhv":
            person = _of_verb(words, numeral)
            if person:
                return person
        if _goes_on(words, numeral, previous):
            sense = previous.sense
            own = own or _object_of(words, numeral, previous) or _from_bins(words, numeral, previous)
            if own or after in "bho" or _no_subject(words, numeral):
                sense = _done_to(sense, own)
            return made(words, numeral, numeral.last, "elliptical", sense)
    if own and after in "bh" and previous.sense.kind != "person":
        return made(words, numeral, numeral.last, "elliptical", replace(previous.sense, action=own.action))
    return None


def _done_to(sense: Sense, own: ActionRow | None) -> Sense:
    """What was counted before under the action of its part: of 20 people arrested "five of whom were charged"."""
    person = own.person if own and sense.kind == "person" else None
    categories = (person,) if person and person.startswith("activity.") else sense.categories
    return replace(sense, categories=categories, action=own.action if own else None)


def _no_subject(words: Words, numeral: Numeral) -> bool:
    """Whether "of them" follows, and a verb of its own or a preposition before keeps the number apart."""
    if not _of_them(words, numeral):
        return False
    apart = bool(numeral.first) and words.low[numeral.first - 1] in _NOT_BEFORE
    return apart or words.tag[numeral.last + 3 : numeral.last + 4] == ["o"]


def _of_them(words: Words, numeral: Numeral) -> bool:
    """Whether "of them" or the like follows."""
    after = words.low[numeral.last + 1 : numeral.last + 3]
    return after[:1] == ["of"] and after[1:] != [] and after[1] in ("them", "those", "these", "whom", "which")


def _passive(words: Words, numeral: Numeral, previous: Figure) -> ActionRow | None:
    last = numeral.last + (2 if _of_them(words, numeral) else 0)
    if words.tag[last + 1 : last + 2] not in (["b"], ["h"], ["v"]):
        return None
    governor = action_of(words, numeral.first, last, previous.sense.kind)
    return governor.row if governor else None


def _object_of(words: Words, numeral: Numeral, previous: Figure) -> ActionRow | None:
    """What is done to "nine of them" by the verb before: "we have spoken to only nine of them"."""
    if not _of_them(words, numeral):
        return None
    at = numeral.first - 1
    while at > 0 and words.tag[at] == "a":
        at -= 1
    pair = at > 0 and (words.low[at - 1], words.low[at]) in lexicon().phrases
    verb = verb_at(words, at - 1 if pair else at)
    return verb.row if verb and fits(verb.row, previous.sense.kind) else None


def _from_bins(words: Words, numeral: Numeral, previous: Figure) -> ActionRow | None:
    """What was surrendered: "14,421 came from amnesty bins"."""
    came = _tag_after(words, numeral) == "o" and previous.sense.kind == "thing"
    bins = came and not word_list("amnesty").isdisjoint(words.low[numeral.last + 1 : numeral.last + 8])
    return lexicon().actions["surrendered"] if bins else None


def _near(words: Words, numeral: Numeral, previous: Figure) -> bool:
    between = words.tag[previous.last + 1 : numeral.first]
    same = "\n" not in between or _of_them(words, numeral)
    return previous.end < numeral.end and same and between.count(".") <= 1


def _goes_on(words: Words, numeral: Numeral, previous: Figure) -> bool:
    after, low = _tag_after(words, numeral), _low_after(words, numeral)
    of_them = _of_them(words, numeral)
    remains = low in ("remain", "remained", "remains")
    if not (after in _AFTER or after == "o" or remains) or (
        numeral.first and words.low[numeral.first - 1] in _NOT_BEFORE and not of_them
    ):
        return False
    if low == "of":
        part = words.low[numeral.last + 2 : numeral.last + 3]
        charged = not _CHARGES.isdisjoint(previous.sense.categories)
        return any(w in _PARTS for w in part) or charged
    return words.low[numeral.number] != "one" or low in ("in", "at", "from", "on", "for", "near")


def _of_verb(words: Words, numeral: Numeral) -> Figure | None:
    """People of whom only the verb speaks: "54 have been arrested", "all three were jailed"."""
    everyone = bool(numeral.first) and words.low[numeral.first - 1] in ("all", "other") and numeral.value < 20
    if _tag_after(words, numeral) not in "bhv" and not everyone:
        return None
    governor = action_of(words, numeral.first, numeral.last, "person")
    if governor is None and not everyone:
        return None
    row = governor.row if governor else None
    category = (row.person if row else None) or "person.suspect"
    sense = Sense("person", "person", (category,), row.action if row else None)
    return made(words, numeral, numeral.last, "elliptical.verb", sense)


def _label(words: Words, numeral: Numeral, line: Line) -> Figure | None:
    """The number of a label line: "Knives recovered: 347", "Knife arches used: x 3". Its text is label and figure."""
    behind = words.text[words.end[numeral.last] : line.end].strip(" .;,")
    at = numeral.first - 1
    if at > 0 and words.low[at] in ("x", "×"):
        at -= 1
    if at < 1 or words.low[at] not in _LABEL_MARKS or (behind and not behind.startswith("(")):
        return None
    first = words.at(line.start)
    while first < at and not words.low[first][0].isalnum():
        first += 1
    if at - first > _LONGEST_LABEL or words.tag[first] == "x":
        return None
    noun = _noun(words, first, at - 1) or _single(words, first, at - 1)
    if noun is None:
        return None
    governor = action_of(words, first, at - 1, noun.row.kind) or lead_in(words, first, at, noun.row.kind)
    figure = _inherited(words, numeral, noun.row, governor.row if governor else None, "label")
    return replace(figure, start=words.start[first])


def _single(words: Words, first: int, last: int) -> taxonomy.Term | None:
    """The noun of the taxonomy with which a label ends or opens: "Cannabis: 12", "Weapon found: 7"."""
    for at in range(last, first - 1, -1):
        term = taxonomy.term_at(words.low, first, at)
        if term and term.row.kind in ("thing", "activity"):
            return term
    return None


def _behind_colon(words: Words, numeral: Numeral, line: Line) -> Figure | None:
    """The first number of a list within its line: "Drivers stopped: 12 for speeding, four for …"."""
    if numeral.first < 2 or words.low[numeral.first - 1] != ":" or _tag_after(words, numeral) not in "p,":
        return None
    first = max(words.at(line.start), words.first_of_sentence(numeral.first))
    noun = _noun(words, first, numeral.first - 2)
    if noun is None:
        return None
    governor = lead_in(words, first, numeral.first, noun.row.kind)
    return _inherited(words, numeral, noun.row, governor.row if governor else None, "elliptical.list")


def _doing(words: Words, numeral: Numeral, line: Line) -> Figure | None:
    """An entry of a list of offences: "19 driving without a seat belt"."""
    opens = numeral.first <= words.at(line.start) + 2
    if not opens or _low_after(words, numeral) not in _OFFENDING:
        return None
    return made(words, numeral, numeral.last, "elliptical.offence", _OFFENCE)


def _inherited(
    words: Words, numeral: Numeral, row: taxonomy.CategoryRow, action: ActionRow | None, rule: str
) -> Figure:
    sense = sense_of(words, numeral, numeral.last, row=row, categories=(row.id,), action=action)
    return made(words, numeral, numeral.last, rule, sense)


def _noun(words: Words, first: int, last: int) -> taxonomy.Term | None:
    """The last plural noun of the taxonomy in a stretch."""
    for at in range(last, first - 1, -1):
        term = taxonomy.term_at(words.low, first, at)
        if term and term.plural:
            return term
    return None


def _of_subject_before(words: Words, numeral: Numeral, line: Line) -> Figure | None:
    """People told of in the sentence before: "The suspects wore masks. Two were tall."."""
    opens = words.tag[numeral.first - 1 : numeral.first] in ([], ["."])
    if not opens or _tag_after(words, numeral) not in "bh":
        return None
    first = words.at(line.start)
    for at in range(numeral.first - 2, max(first, numeral.first - _BEFORE) - 1, -1):
        term = taxonomy.term_at(words.low, first, at)
        if term and term.plural and term.row.kind == "person":
            return _inherited(words, numeral, term.row, None, "elliptical.before")
    return None
