"""First component: marks headline, dateline, paragraphs, list items, captions and boilerplate; cuts nothing out.

Each line is a segment (`source.clean` has joined hard wraps). Lines that are no paragraph are rows of
data/segments.toml, or known by their place: a short line without a full stop above a paragraph is a heading, initials
at the end are the press officer's, a line of nothing but names of the story is a caption.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, ClassVar, Literal

import numpy
from spacy.language import Language
from spacy.tokens import Doc

from extractor import spans, tables
from extractor.models import Segment

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"(?:[-–—•*·▪●‣◦○o►➢✓]|\d{1,2}[.)]|\(?[a-z0-9]{1,2}\))\s+\S|[•·▪●‣◦►➢✓]\S")
_INITIALS = re.compile(r"\(?[A-Z]{2,3}\)?(?:/[A-Z]{2,3})?")
_NAMES = re.compile(
    r"[^\W\d_a-z][\w’'.-]*(?:,? (?:(?:and|&) )?[^\W\d_a-z][\w’'.-]*){0,11}(?: \((?:left|right|centre|middle)\))?"
)
_BRACKETS = re.compile(r" \(.*\)$")
_AGE = re.compile(r",? (?:\(?\d{2}\b|\(?aged \d)")
_WORD = re.compile(r"\b\w+")
_BETWEEN_NAMES = re.compile(r",? (?:and|&) |, ")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)\]]*(?=\s+['\"“‘(\[]*[A-Z0-9£])")
_NOT_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Sgt|Insp|Supt|Det|Ch|Con|Const|Temp|Cllr|Lt|Col|Capt|Cpl|Gen|Sen|No|Co|Ltd|Rev|Hon|Prof"
    r"|approx|vs|[A-Z])|\b[ap]\.m)\.$"
)
_LONGEST_SHORT = 7  # letters: no abbreviation of those has as many
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:the )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?(?:[ -]\d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2})"
)
_CLOCK = r"\d{1,2}(?:[:.]\d{2}){0,2} ?(?:[ap]\.?m\.?)?(?: (?:gmt|bst))?"
_CAPTION = 80  # characters of a line of names
_HEADING = 120  # a heading is a line of at most so many characters
_STORY = 55  # a line of at least so many characters is a paragraph of the story


class Line(tables.Row):
    """A kind of line that is no paragraph of the story.

    Attributes:
        kind: What it is.
        pattern: Matches the whole line, in any case.
        has: Strings in lower case, one of which every such line has: looked for first, as that is quick.
    """

    kind: Literal["boilerplate", "dateline", "caption"]
    pattern: str
    has: tuple[str, ...] = ()
    terms_in: ClassVar[tuple[str, ...]] = ()

    def expression(self) -> str:
        """The pattern with the forms of dates and clock times filled in."""
        return self.pattern.replace("{date}", _DATE).replace("{clock}", _CLOCK)


class _Lines:
    """The rows of the table, by number: those told by what a line has, and the others as one expression."""

    def __init__(self) -> None:
        rows = dict(enumerate(tables.load("segments.toml", "line", Line)))
        union = "|".join(f"(?P<row{n}>{row.expression()})" for n, row in rows.items() if not row.has)
        self.union = re.compile(union, re.IGNORECASE)
        self.told = [(part, n, re.compile(r.expression(), re.I)) for n, r in rows.items() for part in r.has]
        self.kinds = {n: row.kind for n, row in rows.items()}


@cache
def _lines() -> _Lines:
    return _Lines()


def kind_of_line(line: str) -> str | None:
    """The kind that a row of the table gives a line, whatever stands around it: the first row that matches.

    >>> kind_of_line("Notes to Editors")
    'boilerplate'
    """
    if len(line) > 320:
        return None
    lines, low = _lines(), line.lower()
    found = lines.union.fullmatch(line)
    first = int(str(found.lastgroup)[3:]) if found else len(lines.kinds)
    for part, number, pattern in lines.told:
        if part in low and number < first and pattern.fullmatch(line):
            first = number
    return lines.kinds.get(first)


@Language.component("extractor_segments")
def component(doc: Doc) -> Doc:
    """Writes ``doc.spans["segments"]`` (label = kind) and starts a sentence at each, before any parser runs."""
    text = spans.text_of(doc)
    extents = list(_stretches(text))
    repeated = _repeated(text, extents)
    kinds = [_kind(text, extents, number, repeated) for number in range(len(extents))]
    spans.write(doc, "segments", [spans.Match(a, b, kind) for (a, b), kind in zip(extents, kinds, strict=True)])
    if len(doc):
        _start_sentences(doc)
    return doc


def _start_sentences(doc: Doc) -> None:
    starts: Any = numpy.zeros((len(doc), 1), dtype="uint64")
    starts[[span.start for span in doc.spans["segments"]]] = 1
    doc.from_array(["SENT_START"], starts)  # Token.is_sent_start would look through the whole Doc for each token


def _stretches(text: str) -> list[tuple[int, int]]:
    found = []
    for line in _LINE.finditer(text):
        stripped = line.group().strip()
        if stripped:
            start = line.start() + len(line.group()) - len(line.group().lstrip())
            found.append((start, start + len(stripped)))
    return found


def _repeated(text: str, extents: list[tuple[int, int]]) -> frozenset[str]:
    """Short lines with a colon that stand alone again and again: the credit of each picture."""
    seen: set[str] = set()
    again: set[str] = set()
    for start, end in extents:
        if end - start <= 40 and text[end - 1] == ":":
            (again if text[start:end] in seen else seen).add(text[start:end])
    return frozenset(again)


def _kind(text: str, extents: list[tuple[int, int]], number: int, repeated: frozenset[str]) -> str:
    start, end = extents[number]
    if end - start > 320:
        return "paragraph"
    line = text[start:end]
    if line in repeated:
        return "boilerplate"
    if _BULLET.match(line):
        return "list_item"
    kind = kind_of_line(line)
    if kind:
        return kind
    if _INITIALS.fullmatch(line) and number and _ended(text, extents[number - 1]):
        return "boilerplate"
    if _only_names(text, start, line):
        return "boilerplate"
    return _heading_or_item(text, extents, number)


def _ended(text: str, extent: tuple[int, int]) -> bool:
    """Does the line above end a sentence, or is it as long as a paragraph?"""
    return text[extent[1] - 1] in ".!?…\"”’'/" or extent[1] - extent[0] >= _STORY


def _only_names(text: str, start: int, line: str) -> bool:
    """A line of names, each of which the story gives with an age: the caption of a picture."""
    if len(line) > _CAPTION or not _NAMES.fullmatch(line):
        return False
    aged = _aged(text)
    return bool(aged) and aged.issuperset(_BETWEEN_NAMES.split(_BRACKETS.sub("", line)))


@lru_cache(maxsize=1)
def _aged(text: str) -> frozenset[str]:
    """What a text gives an age: before each age, all that begins with a word and is no longer than a name's line."""
    ends = (hit.start() for hit in _AGE.finditer(text))
    return frozenset(
        text[start.start() : end] for end in ends for start in _WORD.finditer(text, max(0, end - _CAPTION), end)
    )


def _heading_or_item(text: str, extents: list[tuple[int, int]], number: int) -> str:
    start, end = extents[number]
    if end - start > _HEADING or text[end - 1] in ".!…:\"”’'" or text[start] in "\"“‘'":
        return "paragraph"
    if number == 0:
        return "headline" if len(extents) > 1 and text[end - 1] not in ";," else "paragraph"
    if _in_list(text, extents, number):
        return "list_item"
    below = extents[number + 1] if number + 1 < len(extents) else None
    if below and below[1] - below[0] > _STORY and end - start <= 90 and text[end - 1] not in ";,":
        return "headline"
    return "paragraph"


def _in_list(text: str, extents: list[tuple[int, int]], number: int) -> bool:
    """A short line without a full stop, below a line that announces a list or beside others of its kind."""
    above = extents[number - 1]
    if text[above[1] - 1] in ":;":
        return True
    below = extents[number + 1] if number + 1 < len(extents) else None
    return _is_open(text, above) and (number > 1 or _is_open(text, below))


def _is_open(text: str, extent: tuple[int, int] | None) -> bool:
    """Is it a short line that ends no sentence?"""
    return extent is not None and extent[1] - extent[0] <= _HEADING and text[extent[1] - 1] not in '.!?…:"”'


def resolve(doc: Doc) -> list[Segment]:
    """The segments as models, in text order."""
    return [Segment(kind=m.rule, start=m.start, end=m.end) for m in spans.read(doc, "segments")]


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of ``text[start:end]``, which should be one segment, as offsets."""
    bounds, at = [], start
    for hit in _SENTENCE_END.finditer(text, start, end):
        stop = hit.start()
        long = stop - at > _LONGEST_SHORT and text[stop - _LONGEST_SHORT : stop].isalpha()  # a word no abbreviation
        if not long and _NOT_END.search(text[max(at, stop - 8) : stop + 1]):
            continue
        bounds.append((at, hit.end()))
        at = hit.end()
        while at < end and text[at].isspace():
            at += 1
    if at < end:
        bounds.append((at, end))
    return bounds
