"""How components write spans to a Doc, and how resolvers read them back.

Offsets come from matches on characters, not from tokens (``said:“Good`` is one token of spaCy's). A SpanGroup can hold
whole tokens only, so each span is widened to its tokens for spaCy's own tools, and the exact matches travel in
``SpanGroup.attrs["matches"]``, which serialises with the Doc. Use `write` and `read`, and you need not think of it.
A Doc without tokens, which is enough for the resolvers (see `release`), takes the matches alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from spacy.tokens import Doc, Span, SpanGroup


class Match(NamedTuple):
    """A stretch of the text: offsets of characters, the rule that found it, the data row it points to."""

    start: int
    end: int
    rule: str
    row: str = ""


class Pattern(Protocol):
    """A compiled expression, of `re` or of `regex`."""

    def finditer(self, string: str, pos: int = ..., endpos: int = ...) -> Iterator[Any]:
        """As `re.Pattern.finditer`."""


def longest(matches: Iterable[Match]) -> list[Match]:
    """Of matches that overlap keeps the longest, of equally long ones the leftmost; returns them in text order."""
    taken: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if all(match.end <= other.start or match.start >= other.end for other in taken):
            taken.append(match)
    return sorted(taken)


_TEXT = "extractor_text"
_WITHIN_WORD = re.compile(r"[\w-]")
_WORD = re.compile(r"\w+")


def text_of(doc: Doc) -> str:
    """``doc.text``, which spaCy puts together anew from the tokens each time, put together once."""
    text: str | None = doc.user_data.get(_TEXT)
    if text is None:
        text = doc.text
        keep_text(doc, text)
    return text


def keep_text(doc: Doc, text: str) -> Doc:
    """Lets `text_of` know what the text of a Doc is."""
    doc.user_data[_TEXT] = text
    return doc


@lru_cache(maxsize=1)
def lowered(text: str) -> str:
    """The text in lower case, same length (one capital letter of Turkish has two characters in lower case).

    The last one is kept: several components read each.
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def write(doc: Doc, feature: str, matches: Iterable[Match]) -> list[Match]:
    """Writes matches to ``doc.spans[feature]`` in text order (label = rule, id = row), and returns what was written.

    What overlaps boilerplate is left out, see `segments`. Overlaps among the matches are kept: call `longest` first
    where a feature wants none.
    """
    kept = sorted(matches)
    if kept and (skip := boilerplate(doc)):
        kept = [m for m in kept if not any(m.start < b and a < m.end for a, b in skip)]
    spans = [_widened(doc, m) for m in kept] if len(doc) else []
    doc.spans[feature] = SpanGroup(doc, name=feature, spans=spans, attrs={"matches": kept})
    return kept


def _widened(doc: Doc, match: Match) -> Span:
    span = doc.char_span(match.start, match.end, label=match.rule, span_id=match.row, alignment_mode="expand")
    if span is None:
        raise ValueError(f"offsets {match.start}-{match.end} lie outside of the text or hold nothing")
    return span


def read(doc: Doc, feature: str) -> list[Match]:
    """The matches that `write` wrote, in text order; none if the component did not run."""
    if feature not in doc.spans:
        return []
    matches = doc.spans[feature].attrs["matches"]
    # They come back from a Doc that was stored as lists.
    return list(matches) if matches and isinstance(matches[0], Match) else [Match(*match) for match in matches]


def by_pattern(text: str, pattern: Pattern, rule: str, row: str = "") -> Iterator[Match]:
    """A match for each place where the expression matches."""
    for hit in pattern.finditer(text):
        yield Match(hit.start(), hit.end(), rule, row)


def by_terms(text: str, terms: Terms, rule: str) -> Iterator[Match]:
    """A match for each term of a gazetteer, the row being what the term maps to."""
    for start, end, row in terms.find(text):
        yield Match(start, end, rule, row)


def boilerplate(doc: Doc) -> list[tuple[int, int]]:
    """The stretches from which nothing is extracted."""
    return [(m.start, m.end) for m in read(doc, "segments") if m.rule == "boilerplate"]


class Terms:
    """A gazetteer of any size, found in one pass: longest term first, whole words only.

    The terms are compiled to a trie, so thousands cost little more than one. Terms are compared as written, or with
    ``ignore_case`` without regard to case. A space matches one or more spaces, an apostrophe the curly one too.

    >>> list(Terms({"Kent Police": "kent"}).find("The Kent Police said"))
    [(4, 15, 'kent')]
    """

    def __init__(self, terms: Mapping[str, str], *, ignore_case: bool = False) -> None:
        self._fold = str.lower if ignore_case else str
        self._rows = {self._fold(_squeeze(term)): row for term, row in terms.items()}
        flags = re.IGNORECASE if ignore_case else 0
        self.pattern: re.Pattern[str] = re.compile(
            rf"(?<![\w&])(?:{trie_expression(self._rows)})(?!\w)" if self._rows else r"(?!)", flags
        )

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Yields (start, end, row) for every term in ``text[start:end]``."""
        for hit in self.pattern.finditer(text, start, len(text) if end is None else end):
            yield hit.start(), hit.end(), self._rows[self._fold(_squeeze(hit.group()))]

    def begin(self, offsets: Iterable[int], text: str) -> Iterator[tuple[int, int, str]]:
        """As `find`, where it is known at which offsets, in order, terms may begin (see `first_words`)."""
        done = 0
        for offset in offsets:
            hit = self.pattern.match(text, offset) if offset >= done else None
            if hit:
                done = hit.end()
                yield offset, done, self._rows[self._fold(_squeeze(hit.group()))]

    def first_words(self) -> frozenset[str]:
        """The letters and digits, in lower case, that terms begin with."""
        return frozenset(hit.group().lower() for hit in map(_WORD.match, self._rows) if hit)

    def __getitem__(self, term: str) -> str:
        return self._rows[self._fold(_squeeze(term))]


def _squeeze(term: str) -> str:
    term = term.replace("’", "'")
    return re.sub(r" +", " ", term) if "  " in term else term


def ending(text: str, word: str) -> Iterator[int]:
    """Offsets of a word where no letter, digit or hyphen follows it."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        goes_on = _WITHIN_WORD.match(text, end)
        if not goes_on:
            yield at
        at = text.find(word, at + 1 if goes_on else end)


def trie_expression(terms: Iterable[str]) -> str:
    """An expression that matches the longest of the terms and never backtracks over their common beginnings.

    An apostrophe matches both the straight and the curly one, a space any number of spaces.
    """
    root: dict[str, Any] = {}
    for term in terms:
        node = root
        for char in term:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    ends = "" in node
    parts = []
    for char, below in sorted((k, v) for k, v in node.items() if k):
        atom = " +" if char == " " else "['’]" if char == "'" else re.escape(char)
        parts.append(atom + _branch(below))
    if not parts:
        return ""
    joined = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return joined + "?" if ends else joined
