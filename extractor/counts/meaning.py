"""What a number with its noun, unit or currency counts: kind, categories, action."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractor.counts import categories as taxonomy
from extractor.counts import phrases
from extractor.counts.frames import Governor, action_of, participle_behind
from extractor.counts.goods import contents, drug_before, drug_nearby, filled
from extractor.counts.leads import carried_on, lead_in
from extractor.counts.takings import robbed
from extractor.language.words import ActionRow, Words, lexicon, word_list
from extractor.names import makes
from extractor.numbers.numerals import Numeral
from extractor.text.layout import Layout

CURRENCIES = {"GBP", "EUR", "USD", "AUD", "CAD", "NZD", "HKD"}
_UNITS = {"person": "person", "activity": "activity"}
_CARRIED_OUT = {"activity.warrant", "activity.sweep", "activity.patrol", "activity.vehicle_stop"}
_STATELESS = {"activity.sweep", "activity.patrol"}
_KEPT = {"bail", "custody", "investigation"}
_BY_COURT = {"remanded", "given", "granted"}  # to the accused, not only to those arrested
_GOODS = 6  # kinds of goods that share one value
_HARM = {"casualties": "injured", "injuries": "injured", "fatalities": "killed", "deaths": "killed", "fatals": "killed"}


@dataclass(frozen=True)
class Sense:
    """What a number counts, and what was done to it.

    Attributes:
        kind: thing, person, activity, place or money.
        row: The category of the head, where the taxonomy has it.
    """

    kind: str
    unit: str
    categories: tuple[str, ...]
    action: str | None
    row: taxonomy.CategoryRow | None = None


@dataclass(frozen=True)
class Figure:
    """A count before it becomes a model; `last` is the index of its last word."""

    start: int
    end: int
    last: int
    numeral: Numeral
    rule: str
    modifier: str
    sense: Sense


def made(words: Words, numeral: Numeral, last: int, rule: str, sense: Sense) -> Figure:
    """The figure whose text runs from the modifier to the word at `last` and a bare participle behind it."""
    first, modifier = numeral.first, numeral.modifier
    if modifier == "exact" and first and words.low[first - 1] == "all" and numeral.value < 20:
        first -= 1
    if modifier == "exact" and "minimum" in words.low[max(words.first_of_sentence(first), first - 10) : first]:
        modifier = "at_least"
    last = _bare(words, last, sense.kind)
    return Figure(words.start[first], words.end[last], last, numeral, rule, modifier, sense)


def _bare(words: Words, last: int, kind: str) -> int:
    """Takes in a bare participle: "69 warrants executed"."""
    kinds = ("warrant", "activity") if kind == "activity" else (kind,)
    if not participle_behind(words, last, kinds):
        return last
    pair = tuple(words.low[last + 1 : last + 3])
    return last + 2 if pair in lexicon().phrases else last + 1


def governor_of(words: Words, numeral: Numeral, last: int, kind: str, layout: Layout) -> Governor | None:
    """The action of a number's clause, or of the lead-ins of its list."""
    found = action_of(words, numeral.first, last, kind)
    if found and found.row.id == "surrendered" and robbed(words, numeral.first):
        return Governor(lexicon().actions["stolen"], found.how)
    return found or led(words, layout, numeral.first, kind)


def led(words: Words, layout: Layout, first: int, kind: str) -> Governor | None:
    """The action of the lead-ins of the list in which a phrase stands, or of the sentence that its own goes on with."""
    line = layout.line_at(words.start[first])
    for start, end in line.leads if line else ():
        at = words.at(end - 1)
        found = lead_in(words, words.at(start), at, kind) or carried_on(words, at, kind)
        if found:
            return found
    return carried_on(words, first, kind)


def headed(words: Words, numeral: Numeral, head: phrases.Head, layout: Layout) -> Figure:
    """The figure of a number with its noun."""
    row = head.terms[0].row if head.terms[0] else None
    last = head.last
    if (
        words.low[last] == "property"
        and row
        and row.id == "stolen_property"
        and "stolen" not in words.low[head.first : last]
    ):
        head = replace(head, terms=(taxonomy.terms()["premises"],))  # what is counted are buildings
        row = taxonomy.terms()["premises"].row
    governor = governor_of(words, numeral, last, kind_of(row), layout)
    categories = tuple(dict.fromkeys(t.row.id if t else "other" for t in head.terms))
    if row is None or row.kind == "thing":
        inner = contents(words, last)
        if inner and words.low[last] in taxonomy.containers():
            last, categories = inner
        elif words.low[last] in taxonomy.containers() and (within := filled(words, last)):
            categories = within
        elif words.low[last] in word_list("drug form") and categories == ("drug",):
            categories = drug_nearby(words, head.first, last) or categories
    action = governor.row if governor else None
    if action is None and "stolen" in words.low[head.first : head.last]:
        action = lexicon().actions["stolen"]
    sense = sense_of(words, numeral, head.last, row=row, categories=categories, action=action)
    return made(words, numeral, last, f"head.{governor.how}" if governor else "head", sense)


def kind_of(row: taxonomy.CategoryRow | None) -> str:
    """What verbs can act on: the kind of a category; what is carried out, such as warrants, is a kind of its own."""
    if row is None:
        return "thing"
    return "warrant" if row.id in _CARRIED_OUT else "animal" if row.id == "animal" else row.kind


def sense_of(
    words: Words,
    numeral: Numeral,
    last: int,
    *,
    row: taxonomy.CategoryRow | None,
    categories: tuple[str, ...],
    action: ActionRow | None,
) -> Sense:
    """Categories and action of what a noun names under the action of its clause."""
    kind = row.kind if row else "thing"
    name = action.action if action else None
    if kind == "person":
        if action and action.id == "heard" and "caution" in words.low[last : last + 12]:
            categories = ("person.suspect",)
        categories, name = _people(
            words.low[last],
            categories,
            action,
            on_duty=words.low[last + 1 : last + 3] == ["on", "duty"],
            kept=held(words, last + 1),
        )
    elif row and kind == "activity":
        categories, name = _activity(words, numeral, row, name, words.low[last])
    elif kind == "place" and name in ("searched", "visited"):
        categories = ("place", "activity.search" if name == "searched" else "activity.visit")
    return Sense(kind, _UNITS.get(kind, "item"), categories, name, row)


def _people(
    noun: str, categories: tuple[str, ...], action: ActionRow | None, *, on_duty: bool, kept: bool
) -> tuple[tuple[str, ...], str | None]:
    """People to whom something was done take the activity."""
    if on_duty and categories == ("person.officer",):
        return categories, "deployed"
    if noun in _HARM:
        return ("person.victim",), _HARM[noun]
    if action and action.person:
        extra = categories if action.person == "activity.referral" else ()
        return (*extra, action.person), action.action
    if action is None and kept:
        return ("activity.arrest",), None
    return categories, action.action if action else None


def held(words: Words, at: int) -> bool:
    """Whether people "remain on bail", "are in custody", "were released under investigation": those arrested."""
    low = words.low
    at += low[at : at + 2] in (["have", "been"], ["has", "been"])  # "have been released on bail"
    if low[at : at + 1] in (["been"], ["remain"], ["remains"], ["remained"], ["are"], ["were"], ["is"], ["was"]):
        following = low[at + 1 : at + 5]
        return not _KEPT.isdisjoint(following) and _BY_COURT.isdisjoint(following)
    return False


def _activity(
    words: Words, numeral: Numeral, row: taxonomy.CategoryRow, action: str | None, noun: str
) -> tuple[tuple[str, ...], str | None]:
    """The categories and the action of a counted activity."""
    if row.id == "activity.charge":
        convicted = action in ("convicted", "sentenced") or _pleads(words, numeral.first)
        return ((row.id, "activity.conviction"), "convicted") if convicted else ((row.id,), "charged")
    if row.id == "activity.offence" and action in ("charged", "convicted"):
        return ("activity.charge" if action == "charged" else "activity.conviction", row.id), action
    if row.id == "activity.warrant":
        return (row.id,), action
    if row.id in _STATELESS:
        return (row.id,), "executed" if action == "executed" else None
    if row.id == "activity.vehicle_stop" and "stop" not in noun and action == "executed":
        return (row.id,), action  # a test or a check carried out
    return (row.id,), row.action or (None if action == "executed" else action)


def _pleads(words: Words, first: int) -> bool:
    start = words.first_of_sentence(first)
    return not word_list("plea").isdisjoint(words.low[start:first])


def money(words: Words, numeral: Numeral, layout: Layout) -> Figure:
    """The figure of a sum of money: cash, the value of goods, a fine."""
    last, categories = _priced(words, numeral.last)
    first = numeral.first
    value = bool(first) and words.low[first - 1] in ("worth", "at", "of")
    told = {*words.low[max(0, first - 4) : first], *words.low[last + 1 : last + 4]}
    value = value or "value" in told or "worth" in words.low[_goods(words, first) + 1 : first]
    part_of = words.low[max(0, first - 2) : first] == ["of", "the"]  # "we recovered £2m of the £7m"
    governor = None if part_of else governor_of(words, numeral, last, "money", layout)
    action = governor.row.action if governor else _value_action(words, first) if value else None
    if action is None and not word_list("theft of money").isdisjoint(words.low[numeral.last + 1 : last + 3]):
        action = "stolen"
    if categories == ("money",) and value:
        categories = ("money", *_valued(words, first))
    share = words.low[last + 1 : last + 3] == ["of", "the"]  # "£2m of the £7m" is no cash
    share = share or _sum_told(words, numeral, last)
    if categories == ("money",) and not (value or share) and action in ("seized", "found", "recovered"):
        categories = ("money", "cash")
    if action in ("charged", "convicted"):
        action = None
    if governor and governor.row.id == "ticketed" and categories == ("money",):
        categories = ("money", "activity.ticket")
    near = words.low[max(words.first_of_sentence(first), first - 6) : first]
    if value and numeral.modifier == "exact" and "estimated" in near:
        numeral = replace(numeral, modifier="approximately")
    return made(words, numeral, last, "money", Sense("money", numeral.unit or "GBP", categories, action))


def _sum_told(words: Words, numeral: Numeral, last: int) -> bool:
    """Whether a sum says what the things before it come to: "seized the gang's assets, in the region of £90,000"."""
    apart = bool(numeral.first) and words.low[numeral.first - 1] == ","
    return apart and numeral.modifier != "exact" and words.tag[last + 1 : last + 2] in ([], ["."], ["\n"])


def _priced(words: Words, last: int) -> tuple[int, tuple[str, ...]]:
    """Index of the last word and categories of "£900 in cash", "£16 million of cocaine", "£100 fine"."""
    low = words.low
    inner = contents(words, last)
    if (inner and low[last + 1] != "in") or (inner and inner[1] == ("cash",)):
        goods = inner[1] if inner[1] != ("other",) else ()
        return inner[0], ("cash",) if goods == ("cash",) else ("money", *goods)
    if inner and inner[1] != ("other",) and words.tag[last + 2] != "d":
        return last, ("money", *inner[1])  # "£27,000 in jewels"
    at = last + 1
    if low[at : at + 1] == ["cash"]:
        return at, ("cash",)
    for index in (at + 2, at + 1, at):
        if index < len(low) and words.tag[at] in "we":
            term = taxonomy.term_at(low, at, index)
            if term and term.row.id != "other" and term.row.kind in ("thing", "activity"):
                alone = term.row.kind == "activity" and term.row.id != "activity.ticket"  # "£2m fraud"
                return index, ("money",) if alone else ("money", term.row.id)
    return last, ("money",)


def _value_action(words: Words, first: int) -> str | None:
    """The action on the goods whose value is told: "cannabis plants worth £12,000 were found"."""
    at = _goods(words, first)
    found = action_of(words, at, at, "thing")
    return found.row.action if found else None


def _valued(words: Words, first: int) -> tuple[str, ...]:
    """The category of the goods whose value is told: "rings worth £900", "340g of the drug with a value of £900"."""
    at = _goods(words, first)
    if makes.ending(words, at):
        return ("vehicle",)
    term = taxonomy.term_at(words.low, max(0, at - 4), at)
    if term is None or term.row.kind != "thing" or term.row.id == "other":
        return ()
    named = drug_nearby(words, at, at) or drug_before(words, at) if term.row.id == "drug" else None
    return named[:1] if named else _listed(words, at, term)


def _listed(words: Words, at: int, term: taxonomy.Term) -> tuple[str, ...]:
    """The categories of goods in one list that ends at a word: "cocaine, crack and heroin"."""
    names = [term.row.id]
    while len(names) < _GOODS and at > term.length:
        at -= term.length
        if words.low[at] not in ("and", ",", "&"):
            break
        at -= 1
        before = taxonomy.term_at(words.low, max(0, at - 4), at)
        if before is None or before.row.kind != "thing":
            break
        term = before
        names.append(term.row.id)
    return tuple(dict.fromkeys(reversed(names)))


def _goods(words: Words, first: int) -> int:
    """Index of the last word of the goods before the words of their value."""
    at = first - 1
    low = words.low
    while at > 0 and low[at] in word_list("value"):
        at -= 1
    if at < first - 1 and low[at] in ("has", "have", "had") and words.tag[at - 1] == "r":
        at -= 2  # "the plants, which have a value of £900"
    return at - 1 if low[at] in (",", "–", "-") and at < first - 1 else at


def measure(words: Words, numeral: Numeral, layout: Layout) -> Figure | str:
    """The figure of a mass, a volume or a length of goods."""
    last, categories = contents(words, numeral.last) or (numeral.last, ())
    after = numeral.last + 1
    if not categories and after < len(words.low):
        term = taxonomy.term_at(words.low, after, after)
        if term and term.row.kind == "thing":
            last, categories = after, (term.row.id,)
    categories = categories or drug_nearby(words, numeral.first, numeral.last) or ("other",)
    governor = governor_of(words, numeral, last, "thing", layout)
    if categories == ("other",) and numeral.unit in ("ml", "mg"):
        return "dimension"  # readings of breath and blood
    if categories == ("other",) and last == numeral.last and (governor is None or numeral.unit in ("l", "t")):
        return "dimension"  # the weight of something, not an amount of it
    sense = Sense("thing", numeral.unit or "item", categories, governor.row.action if governor else None)
    return made(words, numeral, last, "measure", sense)
