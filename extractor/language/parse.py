"""What the words of a sentence are to each other: tags, heads and roles, worked out once for all readers.

A `Sentence` holds a dependency parse as plain lists: PTB tags, the labels of the CLEAR scheme (nsubj, dobj, conj …),
the head of each word. Readers ask for sentences by position (`Grammar.at`) and query them; only sentences that are
asked for are parsed. Offsets are code points of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from spacy.tokens import Doc

from extractor.language.parser import parsed
from extractor.text.layout import Layout

LONGEST = 150  # tokens that are parsed at once; a longer sentence is parsed in pieces

NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "CD", "PRP", "DT", "WP", "WDT", "$", "JJ", "EX", "FW", "ADD", "GW"})
VERBAL = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})
_MODIFIERS = frozenset({"compound", "nmod", "amod", "nummod", "quantmod", "det", "predet", "npadvmod", "neg", "advmod"})
_WITHIN_PHRASE = _MODIFIERS | {"poss", "case", "punct", "preconj"}
_INCLUDING = frozenset({"including", "plus", "alongside", "such", "like", "besides", "include"})
_MODAL = frozenset(
    {"may", "might", "could", "can", "will", "would", "should", "must", "shall", "ca", "wo", "'ll", "’ll"}
)
_DONE = frozenset(
    {
        "help",
        "helped",
        "helps",
        "able",
        "manage",
        "managed",
        "went",
        "going",
        "led",
        "continue",
        "continued",
        "began",
        "begun",
        "started",
        "proceeded",
        "enabled",
        "enabling",
        "allowed",
        "allowing",
        "found",
        "thought",
        "believed",
        "known",
        "understood",
        "unable",
    }
)
_AIMS = frozenset({"for", "of", "to", "about", "without", "towards", "against", "into", "on", "from"})
_ANYBODY = frozenset({"anyone", "anybody", "whoever", "everyone", "someone"})
_THREATS = frozenset({"face", "faces", "facing", "risk", "risks", "risking", "avoid", "prevent", "stop"})
_BE = frozenset({"was", "were", "is", "are", "been", "being"})
_AUXILIARY = _BE | {
    "has",
    "have",
    "had",
    "also",
    "later",
    "subsequently",
    "then",
    "each",
    "all",
    "both",
    "since",
    "now",
}
_CONDITION = frozenset({"if", "unless", "whether"})


@dataclass(slots=True)
class Sentence:
    """A parsed sentence, or a piece of a very long one.

    Attributes:
        start: Offsets of the tokens' first characters.
        end: Offsets behind their last characters.
        low: The tokens in lower case.
        tag: PTB tags.
        dep: Labels of the relation to the head.
        head: Index of each token's head, its own for the root.
    """

    start: list[int]
    end: list[int]
    low: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    kids: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.kids = [[] for _ in self.head]
        for index, head in enumerate(self.head):
            if head != index:
                self.kids[head].append(index)

    def index(self, position: int) -> int:
        """The token that holds a position, or the first one behind it."""
        return min(bisect_left(self.end, position + 1), len(self.end) - 1)

    def top(self, start: int, end: int) -> int:
        """The head of the noun phrase that a stretch holds."""
        first, last = self.index(start), max(self.index(start), bisect_left(self.start, end) - 1)
        nouns = [i for i in range(first, last + 1) if self.is_noun(i)]
        tops = [
            i for i in nouns if not first <= self.head[i] <= last or self.head[i] == i or not self.is_noun(self.head[i])
        ]
        outer = [i for i in tops if not (first <= self.head[i] <= last and self.dep[i] == "pobj")]
        return (outer or tops or nouns or [last])[0]

    def children(self, index: int, *labels: str) -> list[int]:
        """The tokens that depend on one by any of the labels, in order."""
        return [kid for kid in self.kids[index] if self.dep[kid] in labels]

    def child(self, index: int, *labels: str) -> int | None:
        """The first of `children`."""
        return next((kid for kid in self.kids[index] if self.dep[kid] in labels), None)

    def is_noun(self, index: int) -> bool:
        """Whether a token can be the head of a noun phrase."""
        return self.tag[index] in NOMINAL

    def is_verb(self, index: int) -> bool:
        """Whether a token is a form of a verb."""
        return self.tag[index] in VERBAL

    def phrase(self, head: int) -> tuple[int, int]:
        """First and last token of the noun phrase of a head: its determiner and what stands between."""
        first = head
        for kid in self.kids[head]:
            if kid < head and self.dep[kid] in _WITHIN_PHRASE:
                first = min(first, self.left(kid))
        return first, head

    def left(self, index: int) -> int:
        """The first token of a token's subtree before it."""
        while True:
            first = min((kid for kid in self.kids[index]), default=index)
            if first >= index:
                return index
            index = first

    def subtree(self, index: int) -> Iterator[int]:
        """A token and all that depends on it, in no order."""
        stack = [index]
        while stack:
            at = stack.pop()
            yield at
            stack.extend(self.kids[at])

    def conjuncts(self, index: int) -> list[int]:
        """A token and those coordinated with it by its own conjunctions, in order."""
        found = [index]
        for at in found:
            found += [kid for kid in self.kids[at] if self.dep[kid] == "conj"]
        return sorted(found)

    def particles(self, verb: int) -> set[str]:
        """The particles, prepositions and adverbs of a verb: "handed … in", "taken off"."""
        return {self.low[kid] for kid in self.kids[verb] if self.dep[kid] in ("prt", "prep", "advmod")}

    def is_passive(self, verb: int) -> bool:
        """Whether a verb has a passive auxiliary or a passive subject."""
        return any(self.dep[kid] in ("auxpass", "nsubjpass", "csubjpass") for kid in self.kids[verb])

    def subject(self, verb: int) -> int | None:
        """The subject of a verb, its own or that of the verb with which it is coordinated."""
        for _ in range(8):
            own = self.child(verb, "nsubj", "nsubjpass", "csubj")
            if own is not None:
                return own
            if self.dep[verb] not in ("conj", "xcomp", "advcl") or not self.is_verb(self.head[verb]):
                return None
            verb = self.head[verb]
        return None

    def agent(self, verb: int) -> int | None:
        """Who does it: the "by" of a passive, the subject of an active verb."""
        by = self.child(verb, "agent")
        if by is not None:
            return self.child(by, "pobj")
        if self.is_passive(verb) or (self.tag[verb] == "VBN" and self.child(verb, "aux") is None):
            return None
        return self.subject(verb)

    def is_real(self, verb: int) -> bool:
        """Whether a clause tells what was or is done: no modal, negation, condition or purpose."""
        for _ in range(6):
            subject = self.child(verb, "nsubj", "nsubjpass")
            above = self.head[verb] if self.dep[verb] in ("relcl", "acl") else subject
            if above is not None and self.low[above] in _ANYBODY:
                return False
            for kid in self.kids[verb]:
                dep, low = self.dep[kid], self.low[kid]
                if dep == "neg" or (dep == "aux" and low in _MODAL) or (dep == "mark" and low in _CONDITION):
                    return False
                if dep == "aux" and low == "to" and not self._came_to_pass(verb):
                    return False
            if self.dep[verb] == "csubj" or (self.dep[verb] == "pcomp" and self.low[self.head[verb]] in _AIMS):
                return False
            carried = self.dep[verb] in ("advcl", "acl", "oprd") and self.low[self.head[verb]] in ("found", "caught")
            if not (carried or self.dep[verb] in ("xcomp", "ccomp", "conj")) or not self.is_verb(self.head[verb]):
                return True
            if self.dep[verb] == "conj" and (self.child(verb, "nsubj", "nsubjpass", "aux", "auxpass") is not None):
                return True
            verb = self.head[verb]
            if self.low[verb] in _THREATS:
                return False
        return True

    def _came_to_pass(self, verb: int) -> bool:
        """Whether a verb with "to" was done all the same: "helped to seize", "went on to find"."""
        above = self.head[verb]
        return self.low[above] in _DONE and self.dep[verb] in ("xcomp", "advcl", "ccomp")

    def last(self, index: int) -> int:
        """The last token of a noun phrase with what stands behind "of": "kilo of cocaine"."""
        for _ in range(4):
            of = next(
                (k for k in self.kids[index] if k > index and self.dep[k] == "prep" and self.low[k] == "of"), None
            )
            inner = self.child(of, "pobj") if of is not None else None
            if inner is None:
                return index
            index = inner
        return index

    def passive_behind(self, index: int) -> int | None:
        """The participle of a passive that follows a noun phrase at once: "four people were also arrested"."""
        at, be = max(self.last(index), *self.subtree(index)) + 1, False
        while at < len(self.low) and (
            self.tag[at] in ("VBD", "VBP", "VBZ", "VBN", "VBG", "RB", "MD") and self.low[at] in _AUXILIARY
        ):
            be = be or self.low[at] in _BE
            single = self.low[at] in ("was", "has", "is")
            if single and self.tag[index] in ("NNS", "NNPS"):
                return None
            at += 1
        return at if be and at < len(self.low) and self.tag[at] in ("VBN", "VBD") else None

    def participle_behind(self, index: int) -> int | None:
        """A bare participle that follows a noun phrase at once: "three others seriously injured"."""
        at = self.last(index) + 1
        while at < len(self.low) and self.tag[at] == "RB":
            at += 1
        if at >= len(self.low) or self.tag[at] != "VBN" or self.child(at, "dobj", "aux", "auxpass") is not None:
            return None
        return at

    def is_denied(self, index: int) -> bool:
        """Whether a noun has "no" or "any" before it."""
        return any(self.low[kid] in ("no", "any", "neither", "every", "each") for kid in self.kids[index])


@dataclass(slots=True)
class Grammar:
    """The sentences of a text, parsed when they are first asked for.

    Attributes:
        text: The text.
        bounds: Offsets of its sentences, in order.
    """

    text: str
    bounds: Sequence[tuple[int, int]]
    pieces: dict[int, list[Sentence]] = field(default_factory=dict)
    given: Callable[[int, int], list[Sentence]] | None = None

    def prepare(self, positions: Iterable[int]) -> None:
        """Parses the sentences that hold the positions, together."""
        wanted = {self._number(position) for position in positions}
        todo = sorted(n for n in wanted if n is not None and n not in self.pieces)
        if not todo:
            return
        if self.given is not None:
            self.pieces.update((n, self.given(*self.bounds[n])) for n in todo)
            return
        stretches = [self.bounds[n] for n in todo]
        for number, found in zip(todo, parsed(self.text, stretches, LONGEST), strict=True):
            self.pieces[number] = [Sentence(*piece) for piece in found]

    def at(self, position: int) -> Sentence | None:
        """The sentence that holds a position; None outside of all, and where it has no tokens."""
        number = self._number(position)
        if number is None:
            return None
        if number not in self.pieces:
            self.prepare([position])
        return next((p for p in self.pieces[number] if position < p.end[-1]), None)

    def parsed_at(self, position: int) -> Sentence | None:
        """As `at`, but only where the sentence has been parsed already."""
        return self.at(position) if self._number(position) in self.pieces else None

    def before(self, position: int) -> Sentence | None:
        """The last sentence that ends before the one of a position."""
        number = self._number(position)
        return self.at(self.bounds[number - 1][0]) if number else None

    def _number(self, position: int) -> int | None:
        number = bisect_right(self.bounds, (position, len(self.text) + 1)) - 1
        return number if number >= 0 and position < self.bounds[number][1] else None


_LAST: ContextVar[Grammar | None] = ContextVar("grammar", default=None)


_BULLET = re.compile(r"(?:[•●▪◦‣·*–—-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")


def _bounds(text: str, layout: Layout) -> list[tuple[int, int]]:
    """The sentences of a text without the bullets of its lists."""
    found = []
    for line in layout.lines:
        for start, end in line.sentences:
            bullet = _BULLET.match(text, start, end)
            found.append((bullet.end() if bullet and bullet.end() < end else start, end))
    return found


def grammar_of(text: str, layout: Layout) -> Grammar:
    """The grammar of a text, kept until another text is read."""
    last = _LAST.get()
    if last is None or last.text != text:
        last = Grammar(text, _bounds(text, layout))
        _LAST.set(last)
    return last


def begin(doc: Doc, text: str, layout: Layout) -> Grammar:
    """Starts the grammar of a Doc: from its own parse where it has one, else made here when asked for."""
    grammar = Grammar(text, _bounds(text, layout))
    if len(doc) and doc.has_annotation("DEP"):
        grammar.given = _reader(doc)
    _LAST.set(grammar)
    return grammar


def _reader(doc: Doc) -> Callable[[int, int], list[Sentence]]:
    """Reads sentences off the annotation of a Doc."""

    def read(start: int, end: int) -> list[Sentence]:
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            return []
        tokens = [t for t in span if not t.is_space]
        place = {t.i: n for n, t in enumerate(tokens)}
        heads = [place.get(t.head.i, n) for n, t in enumerate(tokens)]
        return (
            [
                Sentence(
                    [t.idx for t in tokens],
                    [t.idx + len(t) for t in tokens],
                    [t.lower_ for t in tokens],
                    [t.tag_ for t in tokens],
                    [t.dep_ for t in tokens],
                    heads,
                )
            ]
            if tokens
            else []
        )

    return read


def sentence_at(text: str, position: int) -> Sentence | None:
    """The parsed sentence that holds a position of the text whose grammar was begun last."""
    last = _LAST.get()
    return last.at(position) if last is not None and last.text == text else None


def sentence_before(text: str, position: int) -> Sentence | None:
    """The parsed sentence before the one that holds a position."""
    last = _LAST.get()
    return last.before(position) if last is not None and last.text == text else None


def parsed_at(text: str, position: int) -> Sentence | None:
    """As `sentence_at`, but only where the sentence has been parsed already."""
    last = _LAST.get()
    return last.parsed_at(position) if last is not None and last.text == text else None
