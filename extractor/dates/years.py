"""What the sentence around a date tells: past or future, and on which day a time falls."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Literal

from extractor import tables
from extractor.spans import trie_expression

Tense = Literal["past", "future"]
# A past participle or past tense right before the preposition of the date: "arrested on".
_PAST = r"(?<!be )[a-z]{3,}ed(?= (?:on|at|by|in|from|to|last|over|between|during)\b)"


_PARAGRAPH = 3000  # characters of it that are read at most
_PREPOSITION = len("between ")  # a range begins with the preposition that the participle before it needs


class Cue(tables.Row):
    """Words that tell the tense of a clause, or that its times are opening hours.

    Attributes:
        terms: Words that stand before the date, or else after it.
    """

    terms_in = ("terms",)
    terms: tuple[str, ...]


@cache
def _cues() -> re.Pattern[str]:
    past, future = (_terms(name) for name in ("past", "future"))
    return re.compile(rf"\b(?:(?P<future>{future})|{past}|{_PAST})\b")


@cache
def _of_any_day(cue: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_terms(cue)})\b")


def _terms(cue: str) -> str:
    return trie_expression(next(row.terms for row in tables.load("dates.toml", "cue", Cue) if row.id == cue))


def is_opening(text: str, begin: int, start: int) -> bool:
    """Do the words before a time, in lower-case text, make it an opening hour, which belongs to no one day?"""
    return _of_any_day("opening").search(text, begin, start) is not None


def is_advice(text: str, start: int, end: int) -> bool:
    """Does the sentence, in lower-case text, speak to its reader, so that its parts of days belong to no one day?"""
    return _of_any_day("advice").search(text, *sentence(text, start, end)) is not None


def is_hearing(text: str, start: int, end: int) -> bool:
    """Is the sentence, in lower-case text, about a court?"""
    return _of_any_day("hearing").search(text, *sentence(text, start, end)) is not None


def is_quoted(text: str, start: int) -> bool:
    """Does a quotation begin in the paragraph before a place, or go on in it?"""
    low = max(0, start - _PARAGRAPH)
    begin = max(low, text.rfind("\n", low, start) + 1)
    return any(text.find(mark, begin, start) >= 0 for mark in '“"‘')


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds of the sentence around a stretch, at most 300 characters to either side."""
    low = max(0, start - 300)
    begins = ((text.rfind(mark, low, start), len(mark)) for mark in ("\n", ". "))
    begin = max([low, *(at + length for at, length in begins if at >= 0)])
    stops = [at for at in (text.find("\n", end, end + 300), text.find(". ", end, end + 300)) if at >= 0]
    return begin, min([*stops, min(len(text), end + 300)])


def tense(text: str, start: int, end: int) -> Tense | None:
    """Past or future by the nearest cue, in lower-case text: the one before the date counts first."""
    begin, stop = sentence(text, start, end)
    cue = None
    for hit in _cues().finditer(text, begin, start + _PREPOSITION):
        if hit.start() < start:
            cue = hit
    cue = cue or _cues().search(text, end, stop)
    if cue is None:
        return None
    return "future" if cue["future"] else "past"


def year_of(
    month: int, day: int | None, weekday: int | None, *, when: Tense | None, published: date, near: date | None
) -> int:
    """The year of a month, or of a day in it, that the text leaves out.

    The publication bounds it: the latest in the past, the next in the future. A weekday decides among near years. A
    day named shortly before in the text with another year takes the story there, unless the day is fresh news.
    """
    years = [year for n in (-2, -1, 0, 1) if 1 <= (year := published.year + n) <= 9999]
    if weekday and day:
        agreeing = [y for y in years if (d := _day(y, month, day)) and d.isoweekday() == weekday]
        fit = [y for y in agreeing if -800 < (_distance(y, month, day, published)) < (370 if when == "future" else 200)]
        if fit:
            return min(fit, key=lambda y: abs(_distance(y, month, day, published)))
    years = [y for y in years if day is None or _day(y, month, day)] or [published.year]
    past = max((y for y in years if _distance(y, month, day, published) <= 0), default=years[0])
    future = min((y for y in years if _distance(y, month, day, published) >= 0), default=years[-1])
    back, ahead = -_distance(past, month, day, published), _distance(future, month, day, published)
    if when == "future" and not (back < 92 and ahead > 270):
        return future
    if near and near.year < past and back > 31 and 0 <= _distance(near.year, month, day, near) < 100:
        return near.year
    if when is None and back > 250 and ahead < 120:
        return future
    return past


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _distance(year: int, month: int, day: int | None, published: date) -> int:
    """Days from publication: zero in the month itself when there is no day."""
    if day is None:
        return 31 * ((year - published.year) * 12 + month - published.month)
    found = _day(year, month, day)
    return (found - published).days if found else 10_000


def weekday_near(weekday: int, published: date, when: Tense | None) -> date:
    """The bare weekday nearest to publication: the next one in the future, else the latest, the day itself included."""
    if when == "future":
        return published + timedelta((weekday - published.isoweekday()) % 7)
    return published - timedelta((published.isoweekday() - weekday) % 7)
