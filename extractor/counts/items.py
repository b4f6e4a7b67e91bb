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
from extractor.counts import frames, roles
from extractor.counts.goods import contents, drug_nearby
from extractor.counts.leads import goes_on
from extractor.counts.meaning import led
from extractor.language.morphology import forms
from extractor.language.parse import Sentence, parsed_at
from extractor.language.words import Chosen, Words, lexicon, word_list, words_of
from extractor.models import Count, Item
from extractor.names import makes
from extractor.text.layout import Layout, layout_of
from extractor.text.source import Source

_CELL = 3  # line breaks from which a figure does not belong to the label above
ROUTES = ("seized", "recovered", "found", "surrendered")


_INNER = frozenset({"compound", "nmod", "amod", "poss", "nummod", "quantmod", "npadvmod", "det"})
_UNDETERMINED = frozenset({"every", "any", "no", "each", "neither"})


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase that names a thing of the taxonomy.

    Attributes:
        sentence: Its sentence.
        head: Token of its head.
        own: Index of its first word.
        first: Index of the first word with what measures it: "six of the watches".
        last: Index of its last word.
        term: The term that names it.
    """

    sentence: Sentence
    head: int
    own: int
    first: int
    last: int
    term: taxonomy.Term


@Language.component("extractor_items")
def component(doc: Doc) -> Doc:
    """Writes ``doc.spans["items"]``: label = rule, id = category|action."""
    spans.write(doc, "items", _matches(doc))
    return doc


def resolve(doc: Doc, source: Source, counts: Sequence[Count]) -> list[Item]:
    """The items as models in text order, each with the count that says how many."""
    items, starts = [], [count.start for count in counts]
    for index, match in enumerate(spans.read(doc, "items"), 1):
        category, action, said = match.row.split("|")
        at = bisect_left(starts, match.end) - 1
        inside = at >= 0 and match.start < counts[at].end
        count = counts[at].id if inside else _labelled(match, counts[at + 1 : at + 2], source.text)
        items.append(
            Item(
                id=f"i{index}", start=match.start, end=match.end, text=source.text[match.start : match.end],
                rule=match.rule, category=category, action=action or None, count=count,
                evidence=frames.evidence_in(said, source.text),
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
        categories, action, _, said = match.row.split("|")[4:]
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
                yield spans.Match(match.start, match.end, f"count.{match.rule}", f"{category}|{action}|{said}")


def _priced(words: Words, match: spans.Match) -> bool:
    """Whether a sum of money names goods that were taken: "£32,000 worth of drugs"."""
    return " of " in words.text[match.start : match.end] or match.row.split("|")[4].split(",")[-1] == "cash"


def _immaterial(words: Words, first: int, last: int) -> bool:
    return any(w in word_list("immaterial") for w in words.low[first : last + 1])


def _uncounted(words: Words, layout: Layout, counted: Sequence[tuple[int, int]]) -> Iterator[spans.Match]:
    """The things outside of counts whose clause says how they came to police."""
    starts = [start for start, _ in counted]
    for thing in _things(words):
        start, end = words.start[thing.first], words.end[thing.last]
        at = bisect_left(starts, end) - 1
        if at >= 0 and words.start[thing.own] < counted[at][1]:
            continue
        governor = frames.governor(thing.sentence, thing.head, "thing") or led(words, layout, thing.first, "thing")
        if governor is None or governor.row.action not in ROUTES:
            continue
        if _is_container(words, thing) or _is_renamed(thing) or _heads_list(words, layout, thing):
            continue
        for category in _categories(words, thing):
            yield spans.Match(start, end, governor.how, f"{category}|{governor.row.action}|{frames.packed(governor)}")


_TOO_COMMON = frozenset(forms("have") | forms("get") | forms("put") | forms("go") | forms("make") | forms("run"))
_ON_THE_PERSON = frozenset({"possession", "pocket", "pockets", "waistband", "rucksack", "glovebox"})


@cache
def _cues() -> Chosen:
    """Words one of which a sentence must have to say how things came to police."""
    lex = lexicon()
    words = {form for form, verb in lex.verbs.items() if verb.row.id in ROUTES}
    words |= {first for (first, _), verb in lex.phrases.items() if verb.row.id in ROUTES}
    words |= {noun for noun, row in lex.nouns.items() if row.id in ROUTES}
    return Chosen((words | _ON_THE_PERSON).__contains__)


@cache
def _weak_cues() -> Chosen:
    """Words that say so of what the taxonomy names: the verbs of frames."""
    rows = {form: [row for row in found if row.action in ROUTES] for form, found in frames.rows().items()}
    words = {form for form, found in rows.items() if any(row.role != "with" for row in found)}
    return Chosen((words - _TOO_COMMON).__contains__)


@cache
def _with_cues() -> Chosen:
    """Words that say so where "with" follows: "caught with"."""
    rows = {form: [row for row in found if row.action in ROUTES] for form, found in frames.rows().items()}
    return Chosen({form for form, found in rows.items() if any(row.role == "with" for row in found)}.__contains__)


def asked(words: Words, layout: Layout) -> list[int]:
    """Positions of the terms whose sentence or lead-in may say how they came to police."""
    ends = frozenset(taxonomy.things(words))
    cued = list(_cues().indices(words))
    cued += [index for index in _with_cues().indices(words) if words.low[index + 1 : index + 2] == ["with"]]
    strong = {layout.sentence_at(words.start[index]) for index in cued}
    weak = {layout.sentence_at(words.start[index]) for index in _weak_cues().indices(words)} if ends else set()
    found = []
    for index in taxonomy.named(words):
        at = words.start[index]
        sentence = layout.sentence_at(at)
        if sentence in strong or (index in ends and (sentence in weak or _is_led(words, layout, index))):
            found.append(at)
    return found


def _is_led(words: Words, layout: Layout, index: int) -> bool:
    line = layout.line_at(words.start[index])
    return line is not None and (bool(line.leads) or goes_on(words, index))


def _things(words: Words) -> Iterator[Thing]:
    for index in taxonomy.named(words):
        sentence = parsed_at(words.text, words.start[index])
        if sentence is None:
            continue
        node = sentence.index(words.end[index] - 1)
        if not sentence.is_noun(node) and sentence.tag[node] not in ("VBG", "VB", "VBP"):
            continue
        inner = sentence.dep[node] in _INNER and sentence.head[node] > node and not _is_joined(sentence, node)
        node = sentence.head[node] if inner else node
        opening = _opening(words, sentence, node)
        first = min(sentence.phrase(node)[0], sentence.phrase(opening)[0])
        if first and sentence.tag[first - 1] in ("DT", "PRP$"):
            first -= 1  # of the first of several nouns that the parser takes for one
        begin = words.at(sentence.start[first])
        term = _term(words, begin, index)
        last = makes.around(words, begin, index) if term and term.row.id == "vehicle" else None
        if (inner and last is None) or (term is not None and term.row.id == "other" and not sentence.is_noun(node)):
            continue
        if term is None or words.low[index] in word_list("immaterial"):
            continue
        if not (term.plural or words.low[index] in taxonomy.mass() or _is_determined(sentence, opening, first)):
            continue
        if sentence.low[first] in _UNDETERMINED:
            continue
        yield Thing(sentence, node, begin, _start(words, sentence, node, begin), index if last is None else last, term)


def _opening(words: Words, s: Sentence, node: int) -> int:
    """The token that opens the word of a token: the "e" of "e-scooter" has the determiner."""
    return s.index(words.start[words.at(s.start[node])])


def _is_joined(s: Sentence, node: int) -> bool:
    """Whether a modifier is a noun of its own that is coordinated: "cash and crack cocaine"."""
    return s.low[node + 1 : node + 2] in ([","], ["and"], ["&"])


def _term(words: Words, first: int, last: int) -> taxonomy.Term | None:
    """The term that names a thing: one of the taxonomy, or a noun of data/nouns.toml."""
    term = taxonomy.term_at(words.low, first, last)
    longer = taxonomy.term_at(words.low, first, last + 1) if last + 1 < len(words.low) else None
    if longer is not None and longer.length > 1:
        return None  # "crack" of "crack cocaine"
    if term is None:
        named = words.text[words.start[last]].isupper() and words.first_of_sentence(last) != last
        return None if named else taxonomy.noun(words.low[last])
    if term.row.kind != "thing" or (term.row.id == "other" and words.low[last] not in word_list("goods")):
        return None
    return term


def _is_determined(s: Sentence, node: int, first: int) -> bool:
    """Whether a noun, or one coordinated with it before, has a determiner; or it opens a line or stands behind "of"."""
    if node and s.tag[node - 1] in ("DT", "PRP$", "CD"):
        return True
    for _ in range(30):
        if any(s.dep[k] in ("det", "poss", "nummod", "predet") or s.tag[k] in ("CD", "PRP$") for k in s.kids[node]):
            return True
        if s.dep[node] == "conj" and s.is_noun(s.head[node]):
            node = s.head[node]
            continue
        break
    return first == 0 or (s.dep[node] == "pobj" and s.low[s.head[node]] == "of")


def _start(words: Words, s: Sentence, node: int, begin: int) -> int:
    """The first word of a phrase, over "a quantity of"."""
    prep = s.head[node]
    if s.dep[node] == "pobj" and s.low[prep] == "of" and roles.is_measure(s, s.head[prep]):
        return words.at(s.start[s.phrase(s.head[prep])[0]])
    return begin


def _is_container(words: Words, thing: Thing) -> bool:
    """Whether a container is named with what it holds, which is the item: "a snap bag of cannabis"."""
    if words.low[thing.last] not in taxonomy.containers() or words.low[thing.last + 1 : thing.last + 2] != ["of"]:
        return False
    inner = contents(words, thing.last)
    return inner is not None and inner[1] != ("other",)


def _heads_list(words: Words, layout: Layout, thing: Thing) -> bool:
    """Whether a phrase of no category of its own stands in the lead-in of a list: "Items found:"."""
    line = layout.line_at(words.start[thing.first])
    return thing.term.row.id == "other" and line is not None and words.text[line.end - 1] == ":"


def _is_renamed(thing: Thing) -> bool:
    """Whether an apposition names the same thing more fully: "his car, a blue estate"."""
    s = thing.sentence
    for kid in s.children(thing.head, "appos"):
        term = taxonomy.term_at(s.low, s.phrase(kid)[0], kid)
        if term and term.row.id.partition(".")[0] == thing.term.row.id.partition(".")[0]:
            return True
    return False


def _categories(words: Words, thing: Thing) -> tuple[str, ...]:
    """The category of the term, or what the text around it makes of "drugs" and "equipment"."""
    head = words.low[thing.last]
    if thing.term.row.id == "drug" and head in word_list("unnamed drug") and thing.first != thing.last:
        return drug_nearby(words, thing.first, thing.last) or (thing.term.row.id,)
    if head == "equipment" and "cannabis" in words.low[max(0, thing.first - 80) : thing.first]:
        return ("drug.paraphernalia",)
    return (thing.term.row.id,)
