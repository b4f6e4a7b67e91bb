"""Arithmetic on EDTF (ISO 8601-2) values: what calendar days a value covers."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_VALUE = re.compile(
    r"(?P<year>\d{4})(?:-W(?P<week>\d\d)|-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?:T(?:\d\d:\d\d|[A-Z]{2}))?"
)
_SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}  # first month; a winter is named after the year it begins in


@lru_cache(maxsize=1024)  # the same few days are asked for again and again within one text
def bounds(value: str | None) -> tuple[date, date] | None:
    """First and last calendar day of a value; None where the value does not fix them.

    >>> bounds("2020-11")
    (datetime.date(2020, 11, 1), datetime.date(2020, 11, 30))
    """
    if value is None or value.startswith("P"):
        return None
    first, _, last = value.partition("/")
    start, end = _single(first), _single(last or first)
    if start is None or end is None or start[0] > end[1]:
        return None
    return start[0], end[1]


def _single(value: str) -> tuple[date, date] | None:
    if re.fullmatch(r"\d{3}X", value):
        year = int(value[:3]) * 10
        return date(max(year, 1), 1, 1), date(year + 9, 12, 31)
    hit = _VALUE.fullmatch(value)
    if not hit or hit["year"] == "0000":
        return None
    year = int(hit["year"])
    try:
        if hit["week"]:
            monday = date.fromisocalendar(year, int(hit["week"]), 1)
            return monday, monday + timedelta(6)
        if not hit["month"]:
            return date(year, 1, 1), date(year, 12, 31)
        month = int(hit["month"])
        if month in _SEASONS:
            begin = date(year, _SEASONS[month], 1)
            return begin, month_end(*shifted(begin.year, begin.month, 2))
        if hit["day"]:
            day = date(year, month, int(hit["day"]))
            return day, day
        return date(year, month, 1), month_end(year, month)
    except (ValueError, OverflowError):
        return None


def shifted(year: int, month: int, by: int) -> tuple[int, int]:
    """The month that lies a number of months after another."""
    months = year * 12 + month - 1 + by
    return months // 12, months % 12 + 1


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by Oudin's algorithm.

    >>> easter(2023)
    datetime.date(2023, 4, 9)
    """
    century, golden = year // 100, year % 19
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def week(day: date) -> str:
    """The ISO week of a day, ``2020-W46``."""
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def amount(parts: list[tuple[float, str]]) -> str:
    """A duration of ISO 8601 from amounts and units; a fraction becomes the next smaller unit.

    >>> amount([(2.5, "Y")])
    'P2Y6M'
    """
    date_part, time_part = "", ""
    for number, unit in parts:
        for n, u in _whole(number, unit):
            if u in ("H", "M", "S"):
                time_part += f"{n:g}{u}"
            else:
                date_part += f"{n:g}{'M' if u == 'MO' else u}"
    return "P" + date_part + ("T" + time_part if time_part else "")


_SMALLER = {"Y": (12, "MO"), "W": (7, "D"), "D": (24, "H"), "H": (60, "M"), "M": (60, "S")}


def _whole(number: float, unit: str) -> list[tuple[float, str]]:
    if unit.rstrip("YW").isdigit():  # a decade, a century, a fortnight
        number, unit = number * int(unit[:-1]), unit[-1]
    rest = number - int(number)
    if not rest:
        return [(int(number), unit)]
    if unit in _SMALLER and (rest * _SMALLER[unit][0]).is_integer():
        times, smaller = _SMALLER[unit]
        return [(n, u) for n, u in ((int(number), unit), (int(rest * times), smaller)) if n]
    return [(number, unit)]
