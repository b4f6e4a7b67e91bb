"""Numerals and number words: where they stand, and what they are worth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extractor import tables
from extractor.language.words import Chosen, Words
from extractor.tables import Row
from extractor.text.country import current

Number = int | float
SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
_DOLLARS = {"nz": "NZD", "us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "can": "CAD", "hk": "HKD"}
_POUNDS = ("pound", "pounds")
_GROUP = re.compile(r"\d{3}")
_WELL_FORMED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
DASHES = "-–—"
_POUND = 100  # pence
_HANDED = (["hand"], ["handed"], ["handing"], ["turned"])
_WIDEST = 1000  # times its lower end: no range is wider
_YEARS = (1000, 2040)
_LONGEST = 15  # digits of a number; what is longer is a code


class NumberRow(Row):
    """Number words of one kind with their values."""

    values: dict[str, int]


class ModifierRow(Row):
    """Words before or after a numeral that make it less than exact."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class UnitRow(Row):
    """A unit of measure or a currency with its words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Numeral:
    """A numeral with its modifier.

    Attributes:
        first: Index of its first word, of the modifier or the currency sign where there is one.
        number: Index of the first word of the number itself.
        last: Index of its last word.
        unit: Unit that is part of the numeral (currency, kg, percent), else None.
        odd: Whether its digits are grouped as no number is ("1,34").
    """

    first: int
    number: int
    last: int
    start: int
    end: int
    value: Number
    value_max: Number | None
    modifier: str
    unit: str | None
    odd: bool


@dataclass(frozen=True)
class _Tables:
    small: dict[str, int]
    scales: dict[str, int]
    suffixes: dict[str, int]
    units: dict[str, str]
    before: dict[tuple[str, ...], str]
    after: dict[tuple[str, ...], str]
    last_before: frozenset[str]  # the words that a modifier before a numeral may end with


@cache
def words_table() -> _Tables:
    """The words of data/numbers.toml by what they do."""
    numbers = {row.id: row.values for row in tables.load("numbers.toml", "number", NumberRow)}
    modifiers = tables.load("numbers.toml", "modifier", ModifierRow)
    units = tables.load("numbers.toml", "unit", UnitRow)
    before = {tuple(p.split()): row.id for row in modifiers for p in row.before}
    return _Tables(
        {**numbers["units"], **numbers["tens"]},
        numbers["scales"],
        numbers["suffixes"],
        {word: row.id for row in units for word in row.words},
        before,
        {tuple(p.split()): row.id for row in modifiers for p in row.after},
        frozenset({words[-1] for words in before} | {"."}),
    )


@cache
def number_words() -> list[str]:
    """The words of the table that are numbers or scales."""
    return sorted({*words_table().small, *words_table().scales})


@cache
def _openings() -> Chosen:
    """The words with which a numeral may begin."""
    known = frozenset({*words_table().small, "half", "dozen", "million"})
    return Chosen(lambda low: low[0].isdecimal() or low in known or "-" in low)


def numerals(words: Words) -> Iterator[Numeral]:
    """Every numeral of the text, in order."""
    table = words_table()
    behind = 0
    for index in _openings().indices(words):
        found = _numeral(words, index, table) if index >= behind else None
        if found:
            yield found
            behind = found.last + 1


def _numeral(words: Words, index: int, table: _Tables) -> Numeral | None:
    read = _number(words, index, table)
    if read is None:
        return None
    value, last, odd = read
    first, unit = index, None
    if words.low[last + 1 : last + 4] == ["and", "a", "half"]:
        value, last = _tidy(value + 0.5), last + 3
    if index and words.low[index - 1] in SIGNS and words.end[index - 1] + 1 >= words.start[index]:
        first, unit = _currency(words, index - 1)
    value_max, last = _range(words, last, table, value, first=first)
    value, value_max, last = _both_scaled(words, last, table, value, value_max)
    unit, last = (unit, last) if unit else _unit(words, last, table)
    if unit is None and value_max is None and last == index and _is_pence(words, index, value):
        value, last, unit = _tidy(value / 100), last + 1, "GBP"
    if first == index and index and words.low[index] in table.scales and words.low[index - 1] == "a":
        first -= 1  # "more than a dozen"
        if words.low[max(0, first - 2) : first] == ["quarter", "of"]:
            value, first = _tidy(value / 4), first - 2
            first -= words.low[first - 1] == "a" if first else 0
    modifier, first = _modifier_before(words, first, table)
    if modifier == "exact" or words.low[last + 1 : last + 2] == ["+"]:
        modifier, last = _modifier_after(words, last, table)
    return Numeral(first, index, last, words.start[first], words.end[last], value, value_max, modifier, unit, odd)


def _currency(words: Words, sign: int) -> tuple[int, str]:
    """Index of the first word and the currency of a sign: "£", "NZ$"; "$" is the dollar of the country."""
    if words.low[sign] != "$":
        return sign, SIGNS[words.low[sign]]
    before = words.low[sign - 1] if sign and words.glued(sign - 1) else ""
    if before in _DOLLARS:
        return sign - 1, _DOLLARS[before]
    home = current(words.text)
    return sign, home.currency if home and home.currency.endswith("D") else SIGNS["$"]


def _both_scaled(
    words: Words, last: int, table: _Tables, value: Number, value_max: Number | None
) -> tuple[Number, Number | None, int]:
    """Applies a suffix behind a range to both of its ends: "£20-25k"."""
    suffix = words.low[last + 1] if last + 1 < len(words.low) and words.glued(last) else ""
    if value_max is None or suffix not in table.suffixes or value >= 1000:
        return value, value_max, last
    scale = table.suffixes[suffix]
    return _tidy(value * scale), _tidy(value_max * scale), last + 1


def _grouped(words: Words, index: int) -> tuple[Number, int] | None:
    """A number whose thousands are set apart by spaces, or by a comma and a space: "816 000", "£366, 000"."""
    low, at, digits = words.low, index, words.low[index]
    sign = bool(index) and low[index - 1] in SIGNS
    if not digits.isdecimal() or len(digits) > 3 or digits.startswith("0") or (index and words.tag[index - 1] == "x"):
        return None
    while at + 1 < len(low):
        comma = sign and low[at + 1] == "," and words.glued(at)
        step = 2 if comma else 1
        group = low[at + step] if at + step < len(low) else ""
        if not _GROUP.fullmatch(group) or words.start[at + step] != words.end[at + step - 1] + 1:
            break
        digits, at = digits + group, at + step
    apart = words.tag[at + 1 : at + 2] == ["w"] or sign or digits.endswith("000")
    return (int(digits), at) if at > index and apart and len(digits) <= _LONGEST else None


def _fraction(words: Words, index: int) -> tuple[Number, int] | None:
    """A number with a fraction behind it: "5 1/2 grams"."""
    low = words.low
    if words.tag[index + 1 : index + 2] != ["x"] or low[index + 2 : index + 3] != ["/"] or not low[index].isdecimal():
        return None
    above, below = low[index + 1], low[index + 3 : index + 4]
    if not above.isdecimal() or not below or not below[0].isdecimal() or not 0 < int(above) < int(below[0]) < 10:
        return None
    return _tidy(int(low[index]) + int(above) / int(below[0])), index + 3


def _number(words: Words, index: int, table: _Tables) -> tuple[Number, int, bool] | None:
    """Value, index of the last word, whether the digits are odd."""
    low, count = words.low, len(words.low)
    odd = False
    word = low[index]
    value: Number
    if words.tag[index] == "x":
        told = _grouped(words, index) or _fraction(words, index)
        if told:
            return (*told, False)
        odd = not _WELL_FORMED.fullmatch(word)
        digits = word.replace(",", "")
        if len(digits) > _LONGEST:
            return None
        value = _plain(digits) if digits.count(".") < 2 else 0
        if index + 1 < count and low[index + 1] in table.suffixes and (
            words.glued(index) or len(low[index + 1]) > 2 or low[index + 1] in ("bn", "mn", "mm")
            or (index and low[index - 1] in SIGNS)
        ):  # fmt: skip
            suffix = low[index + 1]
            money = bool(index) and low[index - 1] in SIGNS
            if len(suffix) > 2 or money or suffix in ("bn", "mn", "mm"):
                return _tidy(value * table.suffixes[suffix]), index + 1, odd
        return value, index, odd
    if word == "half":
        after = low[index + 1 : index + 3]
        if after[:1] == ["a"] and after[1:] and after[1] in table.units:
            return 0.5, index + 1, False
        if after[:2] == ["a", "million"]:
            return 500000, index + 2, False
        return None
    return _with_point(low, _spelled(low, index, table), table)


def _with_point(
    low: list[str], read: tuple[Number, int, bool] | None, table: _Tables
) -> tuple[Number, int, bool] | None:
    """Takes in "point four million" behind a spelled number."""
    if read is None or low[read[1] + 1 : read[1] + 2] != ["point"]:
        return read
    at, digits = read[1] + 2, ""
    while at < len(low) and table.small.get(low[at], 10) < 10:
        digits, at = digits + str(table.small[low[at]]), at + 1
    if not digits:
        return read
    value = float(f"{read[0]}.{digits}")
    scale = table.scales.get(low[at], 1) if at < len(low) else 1
    return _tidy(value * scale), at if scale > 1 else at - 1, False


def _spelled(low: list[str], index: int, table: _Tables) -> tuple[Number, int, bool] | None:
    total, current, last, at = 0, 0, -1, index
    while at < len(low) and current < 10**_LONGEST:
        parts = low[at].split("-")
        if all(p in table.small for p in parts):
            if current and (current % 10 or current < 20) and current % 100:
                break
            current += sum(table.small[p] for p in parts)
        elif low[at] in table.scales and (current or (at == index and index and low[index - 1] == "a")):
            scale = table.scales[low[at]]
            current = max(current, 1) * scale
            if scale >= 1000:
                total, current = total + current, 0
        elif low[at] == "and" and last >= 0 and low[last] in table.scales and at + 1 < len(low):
            if low[at + 1].split("-")[0] not in table.small or low[last] == "dozen":
                break
            at += 1
            continue
        else:
            break
        last = at
        at += 1
    return (total + current, last, False) if last >= 0 and (total or current) else None


def _plain(digits: str) -> Number:
    if "." in digits:
        return _tidy(float(digits))
    return int(digits) if len(digits) < 19 else float(digits)


def _tidy(value: Number) -> Number:
    value = round(value, 6)
    return int(value) if value == int(value) else value


def _range(words: Words, last: int, table: _Tables, value: Number, *, first: int) -> tuple[Number | None, int]:
    """Upper end of "40-50", "40 to 50", "four or five", and "one (1)" told twice."""
    low, count = words.low, len(words.low)
    before = low[first - 1] if first else ""
    if last + 3 < count and low[last + 1] == "(" and words.tag[last + 2] == "x" and low[last + 3] == ")":
        return None, last + 3
    at = last + 2
    between = before == "between"
    if at >= count or not (low[last + 1] in (*DASHES, "to", "or") or (between and low[last + 1] == "and")):
        return None, last
    if low[at] in SIGNS:
        at += 1
    if at >= count or not (words.tag[at] == "x" or low[at] in table.small):
        return None, last
    if low[last + 1] in ("to", "or") and words.tag[at] != words.tag[last]:
        return None, last
    read = _number(words, at, table)
    if read and low[last + 1] == "to":
        ranging = low[max(0, first - 2)].startswith("rang") or before != "from"
        noun = words.tag[read[1] + 1 : read[1] + 2] in (["w"], ["e"])
        year = _YEARS[0] <= value < read[0] < _YEARS[1]
        if not (ranging or noun or year) or read[0] > _WIDEST * max(value, 1):
            return None, last  # "up from 58 to 104": two figures
    if low[last + 1] == "or" and read and not value < read[0] <= 2 * value:
        return None, last
    return (read[0], read[1]) if read else (None, last)


def _unit(words: Words, last: int, table: _Tables) -> tuple[str | None, int]:
    low = words.low
    if last + 1 >= len(low):
        return None, last
    if low[last + 1] == "per" and low[last + 2 : last + 3] == ["cent"]:
        return "percent", last + 2
    unit = table.units.get(low[last + 1])
    if (
        low[last + 1] in _POUNDS
        and low[last + 2 : last + 3] == ["of"]
        and (home := current(words.text))
        and home.pounds
    ):
        return "[lb_av]", last + 1
    if len(low[last + 1]) == 1 and words.text[words.start[last + 1]].isupper():
        return None, last  # "4G"
    if unit is None or low[last + 1] in SIGNS:
        if words.tag[last] == "w" and low[last] == "a":
            return table.units.get(low[last + 1]), last + 1
        return None, last
    return unit, last + 1


def _is_pence(words: Words, at: int, value: Number) -> bool:
    """Whether "p" or "pence" follows: "50p", but no "2p.m.", no "12:30p", no "1080p" and no page "24 p"."""
    text, mark = words.text, words.low[at + 1 : at + 2]
    if mark == ["pence"]:
        return True
    if mark != ["p"] or not words.low[at].isdecimal() or not (0 < value < _POUND and words.glued(at)):
        return False
    start, end = words.start[at], words.end[at + 1]
    after = text[end : end + 2]
    time = text[start - 1 : start] == ":" or (after[:1] == "." and after[1:].isalnum())
    return text[end - 1] == "p" and not time and after[:1] not in ("-", "/", "'", "’")


def _modifier_before(words: Words, first: int, table: _Tables) -> tuple[str, int]:
    if not first or words.low[first - 1] not in table.last_before:
        return "exact", first
    for length in (5, 4, 3, 2, 1):
        if first >= length:
            key = tuple(words.low[first - length : first])
            if key == ("over",) and words.low[first - 2 : first - 1] in _HANDED:
                continue  # "handed over £60"
            if key in table.before:
                return table.before[key], first - length
            if length == 1 and key == (".",) and first > 1 and words.low[first - 2] == "approx":
                return "approximately", first - 2
    return "exact", first


def _modifier_after(words: Words, last: int, table: _Tables) -> tuple[str, int]:
    if words.low[last + 1 : last + 2] == ["+"] and words.glued(last):
        return "more_than", last + 1
    key = tuple(words.low[last + 1 : last + 3])
    if key in table.after:
        return table.after[key], last + 2
    return "exact", last
