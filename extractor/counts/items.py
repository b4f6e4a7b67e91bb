"""Items: things that police seized, recovered or found, or that were handed in, counted or not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from extractor import spans
from extractor.counts import categories as taxonomy
from extractor.counts import clauses
from extractor.counts.goods import contents, drug_nearby
from extractor.counts.meaning import led
from extractor.counts.takings import robbed
from extractor.language.words import Chosen, Words, lexicon, word_list, words_of
from extractor.models import Count, Item
from extractor.names import makes
from extractor.text.layout import Layout, layout_of
from extractor.text.source import Source

_WITHIN = frozenset({"in", "inside", "into", "from", "at", "on", "under", "behind", "near", "outside"})
_CLAUSE = 12  # words in which the verb follows its subject
_CELL = 3  # line breaks from which a figure does not belong to the label above
ROUTES = ("seized", "recovered", "found", "surrendered")


@dataclass(frozen=True)
class Phrase:
    """A noun phrase that names things."""

    first: int
    last: int
    row: taxonomy.CategoryRow
    head: int


@Language.component("extractor_items")
def component(doc: Doc) -> Doc:
    """Writes ``doc.spans["items"]``: label = rule, id = category|action."""
    spans.write(doc, "items", _matches(doc))
    return doc


def resolve(doc: Doc, source: Source, counts: Sequence[Count]) -> list[Item]:
    """The items as models in text order, each with the count that says how many."""
    items, starts = [], [count.start for count in counts]
    for index, match in enumerate(spans.read(doc, "items"), 1):
        category, _, action = match.row.partition("|")
        at = bisect_left(starts, match.end) - 1
        inside = at >= 0 and match.start < counts[at].end
        count = counts[at].id if inside else _labelled(match, counts[at + 1 : at + 2], source.text)
        items.append(
            Item(
                id=f"i{index}", start=match.start, end=match.end, text=source.text[match.start : match.end],
                rule=match.rule, category=category, action=action or None, count=count,
            )
        )  # fmt: skip
    return items


def _labelled(match: spans.Match, following: Sequence[Count], text: str) -> str | None:
    """The figure that a label stands before, on its own line or above it: "Drugs" over "88,300"."""
    for count in following:
        gap = text[match.end : count.start]
        if count.rule in ("table", "label") and gap.count("\n") < _CELL and not any(c.isdigit() for c in gap):
            return count.id
    return None


def _matches(doc: Doc) -> Iterator[spans.Match]:
    words = words_of(spans.text_of(doc))
    counts = spans.read(doc, "counts")
    yield from _counted(words, counts)
    yield from _uncounted(words, layout_of(doc), [(c.start, c.end) for c in counts])


def _counted(words: Words, counts: Sequence[spans.Match]) -> Iterator[spans.Match]:
    """The counts whose clause says how the things came to police."""
    for match in counts:
        categories, action = match.row.split("|")[4:6]
        names = categories.split(",")
        if (
            match.rule in ("table", "elliptical.of")
            or action not in ROUTES
            or ("money" in names and not _priced(words, match))
        ):
            continue
        immaterial = _immaterial(words, words.at(match.start), words.at(match.end - 1))
        for category in names:
            if taxonomy.kinds().get(category) == "thing" and not (category == "other" and immaterial):
                yield spans.Match(match.start, match.end, f"count.{match.rule}", f"{category}|{action}")


@cache
def _cues() -> Chosen:
    """Words without one of which no clause says how things came to police."""
    lex = lexicon()
    rows = (*ROUTES, "arrested", "stopped")
    verbs = {form for form, verb in lex.verbs.items() if verb.row.id in rows}
    verbs |= {first for (first, _), verb in lex.phrases.items() if verb.row.id in rows}
    nouns = {noun for noun, row in lex.nouns.items() if row.id in rows}
    return Chosen((verbs | nouns | {"possession"} | word_list("on the person")).__contains__)


def _uncounted(words: Words, layout: Layout, counted: Sequence[tuple[int, int]]) -> Iterator[spans.Match]:
    """The noun phrases outside of counts whose clause says how the things came to police."""
    if not _cues().some(words):
        return
    starts = [start for start, _ in counted]
    parts = {end: start for start, end in counted}
    for phrase in _phrases(words):
        start, end = words.start[phrase.first], words.end[phrase.last]
        if phrase.first > 1 and words.low[phrase.first - 1] == "of":
            start = parts.get(words.end[phrase.first - 2], start)  # "six of the watches"
        at = bisect_left(starts, end) - 1
        if at >= 0 and words.start[phrase.first] < counted[at][1]:
            continue
        if phrase.row.id == "other" and _heads_list(words, layout, start):
            continue
        if _renamed(words, phrase) or _holds(words, phrase):
            continue
        governor = _governor(words, layout, phrase)
        if governor is None or governor.row.action not in ROUTES:
            continue
        if governor.row.action == "surrendered" and robbed(words, phrase.first):
            continue
        if (governor.how == "passive" and _placed(words, phrase)) or _threatened(words, phrase):
            continue
        for category in _categories(words, phrase):
            yield spans.Match(start, end, governor.how, f"{category}|{governor.row.action}")


def _placed(words: Words, phrase: Phrase) -> bool:
    """Whether the phrase only tells a place: "he was stopped in his van and a kilo was found", not "… being found"."""
    being = "being" in words.low[phrase.last + 1 : phrase.last + _CLAUSE]
    return not being and phrase.first > 0 and words.low[phrase.first - 1] in _WITHIN


def _threatened(words: Words, phrase: Phrase) -> bool:
    """Whether it is only what may happen: "riders could have their bikes seized", "they face having cars seized"."""
    at = phrase.first - 1
    before = words.low[max(0, at - 3) : at]
    return at > 0 and words.low[at] in ("have", "having") and not word_list("may happen").isdisjoint(before)


def _heads_list(words: Words, layout: Layout, start: int) -> bool:
    """Whether the phrase stands in the lead-in of a list, which names the things: "Items found:"."""
    line = layout.line_at(start)
    return line is not None and words.text[line.end - 1] == ":"


def _renamed(words: Words, phrase: Phrase) -> bool:
    """Whether the thing is named again more fully right behind it: "his car, a blue estate, was found"."""
    low, tag, at = words.low, words.tag, phrase.last + 1
    if low[at : at + 2] not in ([",", "a"], [",", "an"]) or tag[phrase.first] != "d":
        return False
    if low[phrase.first] in ("a", "an") and phrase.row.id != "vehicle":
        return False  # "a zombie knife, a Rambo knife" are two
    for last in range(at + 2, min(at + 8, len(low))):
        if tag[last] not in "weg":
            break
        term = taxonomy.term_at(low, at + 2, last)
        if term and term.row.id.partition(".")[0] == phrase.row.id.partition(".")[0]:
            return True
    return False


def _holds(words: Words, phrase: Phrase) -> bool:
    """Whether a container is named with what it holds, which is the item: "a snap bag of cannabis"."""
    inner = contents(words, phrase.last) if words.low[phrase.head] in taxonomy.containers() else None
    return inner is not None and inner[1] != ("other",) and words.low[phrase.last + 1] == "of"


def _categories(words: Words, phrase: Phrase) -> tuple[str, ...]:
    """The category of the head, or what the text around it makes of "drugs" and "equipment"."""
    head = words.low[phrase.head]
    if phrase.row.id == "drug" and head in word_list("unnamed drug") and phrase.first != phrase.last:
        return drug_nearby(words, phrase.first, phrase.last) or (phrase.row.id,)
    if head == "equipment" and "cannabis" in words.low[max(0, phrase.first - 80) : phrase.first]:
        return ("drug.paraphernalia",)
    return (phrase.row.id,)


def _priced(words: Words, match: spans.Match) -> bool:
    """Whether a sum of money names goods that were taken: "£32,000 worth of drugs"."""
    return " of " in words.text[match.start : match.end] or match.row.split("|")[4].split(",")[-1] == "cash"


def _immaterial(words: Words, first: int, last: int) -> bool:
    return any(w in word_list("immaterial") for w in words.low[first : last + 1])


def _governor(words: Words, layout: Layout, phrase: Phrase) -> clauses.Governor | None:
    found = clauses.governor(words, phrase.first, phrase.last, "thing")
    return found or led(words, layout, phrase.first, "thing")


def _phrases(words: Words) -> Iterator[Phrase]:
    """Noun phrases with a thing of the taxonomy as head, in sentences or under lead-ins that speak of a route."""
    low = words.low
    for begin, stop in _runs(words):
        head = _head(words, begin, stop)
        if head is None:
            continue
        at, term = head
        if (
            term.row.kind != "thing"
            or term.row.id == "animal"
            or low[at] in word_list("immaterial")
            or (term.row.id == "other" and low[at] not in word_list("goods"))
            or _offence(words, begin, stop)
        ):
            continue
        if not term.plural and low[at] not in taxonomy.mass() and not _determined(words, begin):
            continue
        first = _start(words, begin)
        if low[at] == "property" and low[first] in ("a", "an", "another", "one"):
            continue  # premises
        if low[first] in ("every", "any", "no", "each"):
            continue
        yield Phrase(first, at, term.row, at)


def _runs(words: Words) -> Iterator[tuple[int, int]]:
    """Runs of nouns and the like, from first word to behind the last, that hold a word with which a term can end."""
    tag, stop, count = words.tag, 0, len(words.low)
    no_part = word_list("inclusion")  # "this included weighing scales"
    for index in taxonomy.ends(words):
        if index < stop or tag[index] not in "weg":
            continue
        begin, floor, stop = index, stop, index + 1
        while begin > floor and tag[begin - 1] in "weg" and words.low[begin - 1] not in no_part:
            begin -= 1
        while stop < count and tag[stop] in "weg":
            stop += 1
        yield begin, stop


def _head(words: Words, begin: int, stop: int) -> tuple[int, taxonomy.Term] | None:
    low, compound, endings = words.low, word_list("compound"), taxonomy.last_words()
    for at in range(stop - 1, begin - 1, -1):
        word = low[at]
        plain = word.isalpha()
        term = taxonomy.term_at(low, begin, at) if word in endings or not plain else None
        if term:
            model = makes.around(words, begin, at) if term.row.id == "vehicle" else None
            if model is not None:
                return model, term
            if at + 1 < stop and words.tag[at + 1] == "w":
                return None
            return at, term
        if word in compound or (not plain and word.endswith(("-related", "-fuelled"))):
            return None
    return None


def _offence(words: Words, begin: int, stop: int) -> bool:
    """Whether the phrase stands in an offence's name: "possession of an offensive weapon"."""
    low = words.low
    window = low[max(0, begin - 8) : begin]
    for back in range(len(window) - 1, -1, -1):
        word = window[back]
        at = begin - len(window) + back
        if words.tag[at] in "srbo" or (words.tag[at] == "v" and word not in word_list("offence")):
            return False
        if word in word_list("offence"):
            if clauses.caught(words, at):
                return False
            return not (word == "possession" and at > 0 and low[at - 1] == "in")
        if word in (".", "\n", "seized", "recovered", "found", "located", "discovered"):
            return False
    return False


def _determined(words: Words, begin: int) -> bool:
    if begin == 0 or words.tag[begin - 1] == "\n":
        return True
    return words.tag[begin - 1] in "dx" or words.low[begin - 1] in ("of", "stolen", "recovered")


def _start(words: Words, begin: int) -> int:
    """Extends a phrase to its determiner, and over "a quantity of"."""
    low, tag = words.low, words.tag
    first = begin
    if first and tag[first - 1] == "x" and words.glued(first - 1):
        first -= 1  # "3D-printed"
    while first and (tag[first - 1] == "d" or low[first - 1] == "stolen"):
        first -= 1
    if first > 1 and low[first - 1] == "of":
        at = first - 2
        while at >= 0 and tag[at] in "weg":
            if low[at] in taxonomy.containers():
                inner = at
                apart = word_list("carrying") | word_list("inclusion")
                while inner and tag[inner - 1] in "wegd" and low[inner - 1] not in apart:
                    inner -= 1
                return inner
            break
    return first
