"""Finds the names of offences in a sentence, and the group each belongs to (data/offences.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from extractor import tables
from extractor.tables import Row

_COUNTS = (
    r"(?:(?:(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|multiple|numerous|"
    r"\d{1,3}) )?"
    r"(?:further |separate |other |additional )?(?:counts?|charges?|offences?|instances?|cases?) (?:of |under |"
    r"for )|\d{1,3} ?x |"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3}) (?:(?:commercial|residential|attempted|"
    r"further|dwelling|shop|house) )*)"
)
# What ends the name of an offence: the next clause, a place, a time.
_STOP = re.compile(
    r"[.;\n•]|,? (?:and|but|before|after|following|when|where|while|who|which|as|he|she|they|both|at the|"
    r"in connection|relating|"
    r"in relation|between|on (?=(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d|[a-z]+ \d)|"
    r"at (?=[^,.]{0,40}(?:court|today|yesterday))|in (?=(?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december)\b)|during|by the|from the|against|having|has|have|had|was|were|is|are|will|"
    r"remains?|remanded|appeared|today|yesterday|this|last|earlier)\b|,? (?:the )?(?:court|jury)\b|[–—]| - |"
    r", (?=(?:and )?(?:was|were|who|he|she|they|has|had|with)\b)|”|\""
)
_LONGEST = 160
_AND = re.compile(r"\s*(?:,? and (?:also )?|, |; | as well as | & )(?:to )?", re.I)


class OffenceRow(Row):
    """A group of offences."""

    label: str
    starts: tuple[str, ...]
    words: tuple[str, ...]


class CueRow(Row):
    """Words behind which offences are named."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offence:
    """The name of an offence.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        group: Row of data/offences.toml.
        number: How many counts are stated, or None.
    """

    start: int
    end: int
    group: str
    number: int | None


@cache
def _rows() -> tuple[OffenceRow, ...]:
    return tables.load("offences.toml", "offence", OffenceRow)


@cache
def _starts() -> re.Pattern[str]:
    known = sorted({start for row in _rows() for start in row.starts}, key=len, reverse=True)
    names = "|".join(map(re.escape, known))
    return re.compile(
        rf"(?:(?:an?|the|his|her|their|alleged|suspected) )?(?P<counts>{_COUNTS})?(?:the |an? |"
        rf"being )?(?P<start>{names})\b"
    )


@cache
def cues() -> re.Pattern[str]:
    """What an offence's name stands behind."""
    known = sorted({t for row in tables.load("offences.toml", "cue", CueRow) for t in row.terms}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, known))}):? ")


def offences(low: str, start: int, end: int) -> list[Offence]:
    """The offences named in ``low[start:end]``, a sentence in lower case: behind a cue, and those listed with them."""
    found: list[Offence] = []
    at = start
    for cue in cues().finditer(low, start, end):
        if cue.end() < at:
            continue
        at = _listed(low, cue.end(), end, found)
    return found


def listed(low: str, start: int, end: int) -> list[Offence]:
    """The offences with which a line begins: an entry of a list of charges."""
    found: list[Offence] = []
    _listed(low, start, end, found)
    return found


def _listed(low: str, at: int, end: int, found: list[Offence]) -> int:
    """Adds the offence that begins at a place and those coordinated with it; returns where they end."""
    while True:
        hit = _starts().match(low, at, end)
        if hit is None:
            return at
        stop = _end(low, hit.end(), end)
        found.append(_made(low, hit, stop))
        joint = _AND.match(low, stop, end)
        if joint is None:
            return stop
        at = joint.end()


def _end(low: str, at: int, end: int) -> int:
    """Where the name of an offence ends: before the next offence, clause, place or time."""
    limit = min(end, at + _LONGEST)
    depth = 0
    index = at
    while index < limit:
        if low[index] == "(":
            depth += 1
        elif low[index] == ")":
            if not depth:
                break
            depth -= 1
        if not depth:
            joint = _AND.match(low, index, limit)
            if joint and joint.end() > index and _starts().match(low, joint.end(), end):
                break
            if _STOP.match(low, index, end):
                break
        index += 1
    while index > at and low[index - 1] in " ,.;:-–":
        index -= 1
    return index


def _made(low: str, hit: re.Match[str], stop: int) -> Offence:
    start = hit.start("counts") if hit["counts"] else hit.start("start")
    name = low[hit.start("start") : stop]
    row = next((r for r in _rows() for s in r.starts if hit["start"] == s), _rows()[-1])
    if row.id in ("other", "theft", "weapons", "violence"):
        row = next((r for r in _rows() if any(w in name for w in r.words)), row)
    return Offence(start, stop, row.id, _number(hit["counts"]))


_WORDS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}


def _number(counts: str | None) -> int | None:
    """The number of counts that words state.

    >>> _number("two counts of "), _number("12 charges of "), _number(None)
    (2, 12, None)
    """
    first = counts.split()[0].rstrip("x") if counts and counts.split() else ""
    return int(first) if first.isdecimal() else _WORDS.get(first)


def stands_in(start: int, named: Iterable[Offence]) -> bool:
    """Tell whether a phrase is part of the name of an offence: "a child" of "sexual activity with a child"."""
    return any(offence.start < start < offence.end for offence in named)
