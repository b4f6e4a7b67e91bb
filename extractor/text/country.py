"""The country of a release: what "$" and "pounds" are, and in which order all-figure dates are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache

from extractor import tables
from extractor.errors import InputError
from extractor.tables import Row


class CountryRow(Row):
    """A country and what tells it.

    Attributes:
        currency: ISO 4217 code of its money.
        month_first: Whether 04/12/2024 is in April.
        pounds: Whether "pounds" are a weight.
        cues: Names and words that only its releases have.
    """

    currency: str
    month_first: bool
    pounds: bool
    cues: tuple[str, ...]


_GIVEN: ContextVar[str | None] = ContextVar("country", default=None)
_CLEAR = 2  # cues by which the first country must lead, where another has some too


@cache
def countries() -> dict[str, CountryRow]:
    """The rows of data/countries.toml by code."""
    return {row.id: row for row in tables.load("countries.toml", "country", CountryRow)}


def checked(code: str) -> str:
    """A country code as the tables have it.

    Raises:
        InputError: The tables have no such country.
    """
    if code.upper() not in countries():
        raise InputError(f"country {code!r} is none of {', '.join(countries())}", "bad-country")
    return code.upper()


@lru_cache(maxsize=1)
def country_of(text: str) -> tuple[str, int, int] | None:
    """The country that a text tells, with offsets of the first cue; None where nothing is sure.

    >>> country_of("Gardaí in Limerick seized €900.")[0]
    'IE'
    """
    hits = {code: _places(text, row.cues) for code, row in countries().items()}
    kinds = sorted(((len(found), code) for code, found in hits.items()), reverse=True)
    (most, code), (second, _) = kinds[:2]
    if not most or (second and most - second < _CLEAR and most < 2 * second):
        return None
    start, end = min(hits[code])
    return code, start, end


def _places(text: str, cues: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where each of the cues that a text has stands first, as a word of its own."""
    found = []
    for cue in cues:
        at = text.find(cue)
        while at >= 0 and _is_within_word(text, at, at + len(cue)):
            at = text.find(cue, at + 1)
        if at >= 0:
            found.append((at, at + len(cue)))
    return found


def _is_within_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1 : start].isalnum() and text[start].isalnum()
    return before or (text[end - 1].isalnum() and text[end : end + 1].isalnum())


@contextmanager
def given(code: str | None) -> Iterator[None]:
    """Lets `current` return a country that is known from outside the text."""
    token = _GIVEN.set(code)
    try:
        yield
    finally:
        _GIVEN.reset(token)


def current(text: str) -> CountryRow | None:
    """The country of the text that is being read: the given one, else the one that it tells."""
    told = country_of(text) if _GIVEN.get() is None else None
    code = _GIVEN.get() or (told[0] if told else None)
    return countries()[code] if code else None
