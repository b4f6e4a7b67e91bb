"""The number ledger: every numeral and number word of a text, each once, with what became of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from extractor import spans
from extractor.language.words import Chosen, words_of
from extractor.models import Count, Date, Mention, Numeral
from extractor.names import makes
from extractor.numbers import guards, numerals
from extractor.text.source import Source

_ADDRESS = re.compile(r"\S*(?:://|www\.|@|\.(?:com|uk|org|net)\b)\S*")

_REFERENCE = re.compile(r"\W*(?:\d{5,}\b|[\w-]*\d[\w-]*[/\\_]\w|\w+[/\\_]\d)")
_CALLED = re.compile(r"\b(?:ref(?:erence)?|number|no|log|occurrence|incident|crime|id)s?$", re.I)
_CALLED_MOST = len("occurrences")
_MID = re.compile(r"\W*(?:mid|early|late)[-–]\d0['’]?s\b", re.I)
_YEAR = re.compile(
    r"[12]\d{3}(?: ?(?:to|and|-|–) ?[12]\d{3})?"
)  # one that no date form reads, as in a title: "the 2015 Act"
_ROAD = re.compile(r"\W*[ABMJ]\d{1,4}(?:\(?M\)?)?(?:/[ABMJ]\d{1,4})*\W*")
_POSTCODE = re.compile(r"\W*(?:[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}|\d[A-Z]{2})\b")
_DIGIT = re.compile(r"\d")
_NO_ONE = re.compile(r"\b(?:no|any|some|every)[- ]$", re.I)
_COMPOUND = re.compile(r"(?:[-–]| (?=(?:vehicle|car|storey|bedroom|door) ))[a-z]")
_AGE = re.compile(r"[-–]?(?:year|month|week|day)s?[-– ]old\b", re.I)


def resolve(doc: Doc, source: Source, dates: Sequence[Date], counts: Sequence[Count]) -> list[Numeral]:
    """The ledger in text order; boilerplate is left out."""
    text = spans.text_of(doc)
    dated, counted = _Places(dates), _Places(counts)
    skip = spans.boilerplate(doc)
    read = [n for n in verdicts(doc) if not any(n[0] < b and a < n[1] for a, b in skip)]
    rows = []
    for start, end, verdict in [*read, *_left_over(text, read, skip)]:
        entry = (counted if verdict == "count" else dated).at(start, end)
        if verdict == "unexplained" and entry:
            verdict = "date"  # noqa: PLW2901
        elif entry is None and verdict in {"count", "date", "unexplained"}:
            year = verdict == "date" and _YEAR.fullmatch(text, start, end)
            verdict = "year" if year else _reason(text, start, end)  # noqa: PLW2901
        link = entry if verdict in {"count", "date"} else None
        rows.append(Numeral(start=start, end=end, text=source.text[start:end], verdict=verdict, entry=link))
    return sorted(rows, key=lambda row: row.start)


def verdicts(doc: Doc) -> list[tuple[int, int, str]]:
    """Every numeral that the component of counts has read: start, end, and "count", its guard, or "unexplained"."""
    return [tuple(n) for n in doc.spans["counts"].attrs["numerals"]] if "counts" in doc.spans else []


class _Places:
    """Entries in text order, of which the one at a place is found without looking at all."""

    def __init__(self, rows: Sequence[Date] | Sequence[Count]) -> None:
        self._rows: list[Mention] = sorted(rows, key=lambda r: r.start)
        self._starts = [row.start for row in self._rows]

    def at(self, start: int, end: int) -> str | None:
        """The id of the entry that shares a character with the stretch."""
        index = bisect_right(self._starts, end - 1) - 1
        row = self._rows[index] if index >= 0 else None
        return getattr(row, "id", None) if row and row.end > start else None


@cache
def _number() -> re.Pattern[str]:
    words = spans.trie_expression(numerals.number_words())
    return re.compile(rf"\d+|(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE)


@cache
def _wordy() -> Chosen:
    """The words that are a number, or have letters and something else, among which one may stand."""
    known = frozenset(numerals.number_words())
    return Chosen(
        lambda low: low in known or (not (low.isascii() and low.isalpha()) and (len(low) > 1 or low.isdecimal()))
    )


def _written(text: str) -> Iterator[tuple[int, int]]:
    """Where digits and number words stand, also within longer words; a word of letters alone needs no search."""
    words, number = words_of(text), _number()
    for index in _wordy().indices(words):
        for hit in number.finditer(text, words.start[index], words.end[index]):
            yield hit.span()


def _left_over(
    text: str, read: Sequence[tuple[int, int, str]], skip: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """Digits and number words within longer words, which the reader of numerals passes over."""
    taken = sorted([(a, b) for a, b, _ in read] + list(skip))
    starts = [a for a, _ in taken]
    for start, end in _written(text):
        index = bisect_right(starts, end - 1) - 1
        if index < 0 or taken[index][1] <= start:
            yield start, end, _reason(text, start, end)


def _is_called(text: str, low: int, start: int) -> bool:
    """Whether a word such as "number", with nothing but marks and spaces behind it, stands before an offset."""
    while start > low and (text[start - 1] in ".:#" or text[start - 1].isspace()):
        start -= 1
    return _CALLED.search(text, max(low, start - _CALLED_MOST), start) is not None


def _reason(text: str, start: int, end: int) -> str:
    """Why a number that no rule took is no count, by the word it stands in: an age, a reference, a name or code."""
    digit = _DIGIT.search(text, start, end)
    start = digit.start() if digit else start  # not the modifier before it
    left = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    word = text[max(left, start - 40) : end + 40].split(None, 1)[0]
    if _AGE.match(text, end) or _MID.match(word):
        return "age"
    if _ROAD.fullmatch(word):
        return "name" if makes.is_make(_word_before(text, left)) else "road"
    if _POSTCODE.match(text, left):
        return "address"
    if text[start:end].isalpha() and guards.is_vague(_word_before(text, start)):
        return "vague"
    if _ADDRESS.match(word) or _REFERENCE.match(word) or _is_called(text, max(0, left - 30), start):
        return "reference"
    if _NO_ONE.search(text, max(0, start - 5), start):
        return "pronoun"
    if _COMPOUND.match(text, end) or (text[start - 1 : start] in ("-", "–") and text[start - 2 : start - 1].isalpha()):
        return "compound"
    return "name" if any(c.isalpha() for c in word) and not text[start:end].isalpha() else "unexplained"


def _word_before(text: str, start: int) -> str:
    return (text[max(0, start - 20) : start].split() or [""])[-1].lower()
