"""Values of clock times, parts of days, and of what is put together of days and times."""

from __future__ import annotations

import re
from datetime import timedelta

from extractor.dates import edtf, years
from extractor.dates.days import figures, weekday_number
from extractor.dates.forms import Node
from extractor.dates.reader import Reader
from extractor.dates.relative import following_day, weekday

_CLOCK = re.compile(r"(\d{1,2})(?: ?[.:]? ?(\d\d))?(?::\d\d)? ?([ap])?")
_MANY = re.compile(
    r"\W{0,3}(?:all|both|each|most|many|some) (?:of )?(?:the|these|those|them|\w+s)\b"
)  # on several days

_ONWARD = frozenset(["following", "next", "same"])  # the end of a range is told by its beginning
_EVENING, _DAWN = "T18", "T06"  # clock times run on from the one to the other
_UNTIL = re.compile(r"\b(?:by|until|till) $")  # the midnight that ends the day


def part_of_day(r: Reader, node: Node) -> str | None:
    """A part of a day that is told relatively: last night."""
    words = r.words(node)
    part = "NI" if ("early" in words and "hours" in words) or "tonight" in words else str(r.of(node, "daypart") or "MO")
    if "hours" in words:
        part = "NI"
    today = r.today()
    if not today:
        return None
    day = today
    if r.pick(node, "weekday"):
        value = weekday(r, node)
        return f"{value}T{part}" if value else None
    if r.pick(node, "relative_day"):
        day += timedelta(int(r.of(node, "relative_day") or 0))
    elif "last" in words:
        day -= timedelta(1)
    return f"{day}T{part}"


def part_alone(r: Reader, node: Node) -> str:
    """A part of a day whose day stands elsewhere."""
    words = r.words(node)
    part = "NI" if "hours" in words else str(r.of(node, "daypart") or r.of(node, "dark") or "MO")
    general = node.row == "part-alone" and years.is_advice(r.text, node.start, node.end)
    day = None if general else _day_around(r, node)
    return f"{day}T{part}" if day else f"T{part}"


def _child(r: Reader, node: Node, name: str) -> str | None:
    part = r.pick(node, name)
    return r.value(part) if part is not None else None


def repeated(r: Reader, node: Node) -> str | None:
    """Of two tellings of one day the more exact counts; the other must agree with it."""
    parts = [part for part in node.parts if part.row]
    values = [r.value(part) for part in parts]
    first = values[0]
    exact = figures(r, node) if r.pick(node, "dm") else values[1] if len(values) > 1 else None
    if not first or not exact or exact.startswith("X"):
        return first or exact
    told, meant = edtf.bounds(first), edtf.bounds(exact)
    if told and [part.row for part in parts] == ["relative-day", "weekday"]:
        # "tomorrow (Thursday)": the tense says nothing of the weekday, which is that day or, if the release came out
        # later than it was written, the last such day before it.
        exact = (told[0] - timedelta(days=(told[0].isoweekday() - (weekday_number(r, parts[1]) or 1)) % 7)).isoformat()
        meant = edtf.bounds(exact)
    if told and meant and abs((told[0] - meant[0]).days) > 200 and "<year4>" not in r.words(node):
        exact = f"{told[0].year:04d}{exact[4:]}"
        meant = edtf.bounds(exact)
    if told is None or meant is None or told[0] == meant[0]:
        return exact
    if parts[0].row == "weekday":
        if told[0].isoweekday() != meant[0].isoweekday():
            r.mismatch = "weekday-mismatch"
    elif parts[0].row == "relative-day" and r.published and 0 < (told[0] - meant[0]).days < 7:
        r.published -= told[0] - meant[0]  # the release was written before the day it came out
    elif parts[0].row == "relative-day":
        r.mismatch = "day-mismatch"
    return exact


def days_repeated(r: Reader, node: Node) -> str | None:
    """Two days that are told again: the second telling is the more exact one."""
    told = [part for part in node.parts if part.kind in ("<day_weekday_range>", "<day_range>")]
    first = r.value(told[0])
    return r.value(told[-1]) or first


def year_repeated(r: Reader, node: Node) -> str | None:
    """A day with its year again, or a period with the day or month that is meant, whose year the period tells."""
    parts = [part for part in node.parts if part.row]
    values = [r.value(part) for part in parts]
    which = int(parts[0].kind == "<period_relative>")
    exact, period = values[which], values[1 - which]
    if not exact or not period or "<year4>" in r.words(parts[which]):
        return exact or period
    told, meant = edtf.bounds(period), edtf.bounds(exact)
    if exact[0] == "X" or not told or not meant:
        return period[:4] + exact[4:]
    by = 0 if told[0] <= meant[1] and meant[0] <= told[1] else told[0].year - meant[0].year
    return re.sub(r"\d{4}(?=-)", lambda year: f"{int(year[0]) + by:04d}", exact)


def parts_of_days(r: Reader, node: Node) -> str | None:
    """The evenings of two days; those of last week lie before this week."""
    value, code, words = days_repeated(r, node), r.of(node, "dayparts"), r.words(node)
    if not value or {"month", "year", "next"} & set(words):
        return None
    first, last = value.split("/")
    days = edtf.bounds(value)
    if days and "last" in words and r.published and days[1] > r.published - timedelta(r.published.isoweekday()):
        first, last = (str(day - timedelta(7)) for day in days)
    return f"{first}T{code}/{last}T{code}"


def part_repeated(r: Reader, node: Node) -> str | None:
    """A part of a day whose day is told again."""
    part = r.pick(node, "part_day")
    assert part is not None
    first = r.value(part)
    exact = repeated(r, node) if len([p for p in node.parts if p.row]) > 1 or r.pick(node, "dm") else first
    code = first[-2:] if first else "NI" if "hours" in r.words(part) else str(r.of(part, "daypart") or "NI")
    return f"{exact[:10]}T{code}" if exact else first


def part_of_day_of(r: Reader, node: Node) -> str | None:
    """The evening of a day."""
    day = _child(r, node, "day_or_part")
    alone = r.pick(node, "part_alone")
    code = "NI" if "hours" in r.words(node) else str(r.of(node, "daypart") or "")
    if alone is not None and not code:
        code = str(r.of(alone, "daypart") or r.of(alone, "dark") or "NI")
    return f"{day[:10]}T{code or 'NI'}" if day else None


def _clock(r: Reader, node: Node, half: str = "") -> str | None:
    words = r.words(node)
    if "midnight" in words:
        return "T24:00" if _UNTIL.search(r.text, max(0, node.start - 8), node.start) else "T00:00"
    if "midday" in words or "noon" in words:
        return "T12:00"
    hit = _CLOCK.search(r.text, node.start, node.end)
    if hit is None:
        number = next((r.number(p) for p in node.parts if p.kind in r.known.members("numeral")), None)
        return None if number is None else f"T{int(number):02d}:00"
    hour, minute = int(hit[1]), int(hit[2] or 0)
    side = hit[3] or half
    if side and hour <= 12:
        hour = hour % 12 + 12 * (side == "p")
    return f"T{hour % 24:02d}:{minute:02d}"


def _day_around(r: Reader, node: Node) -> str | None:
    """The day a time falls on: the one told later in the sentence was noted by the caller, else the one before."""
    begin, _ = years.sentence(r.text, node.start, node.end)
    if _MANY.match(r.text, begin) or years.is_opening(r.text, begin, node.start):
        return None
    day = r.day
    told = edtf.bounds(day)
    if told and r.told and told[0] == r.told[-1][0]:
        day = (r.day_meant(node) or told[0]).isoformat()
        told = edtf.bounds(day)
    if told and r.published and told[0] > r.published and r.tense(node) == "past":  # "bailed until 9 May"
        past = [found for found in r.days if found <= r.published]
        day = past[-1].isoformat() if past else day
    if day:
        r.used.add("context")
    return day


def clock(r: Reader, node: Node) -> str | None:
    """A clock time whose day stands elsewhere."""
    time = _clock(r, node)
    day = _day_around(r, node)
    if not day or not time:
        return time
    before = r.value_before or ""
    if (
        before[:10] == day[:10]
        and before[10:13] >= _EVENING
        and time < _DAWN
        and not before.endswith(("NI", "EV", "AF", "MO"))
    ):
        exact = edtf.bounds(day)
        day = (exact[0] + timedelta(1)).isoformat() if exact else day  # "12.08am" after "10pm on Friday"
    return _on(day, time)


def clock_range(r: Reader, node: Node) -> str | None:
    """From clock time to clock time, the day elsewhere."""
    return _on(_day_around(r, node), _clock_range(r, node))


def _clock_range(r: Reader, node: Node) -> str | None:
    parts = [p for p in node.parts if p.kind in r.known.members("clock_end")]
    if len(parts) < 2:
        return None
    last = _clock(r, parts[1])
    half = (
        "p"
        if "p" in r.text[parts[1].start : parts[1].end]
        else "a"
        if "a" in r.text[parts[1].start : parts[1].end]
        else ""
    )
    first = _clock(r, parts[0], half)
    if not first or not last:
        return None
    if half == "p" and first > last and not re.search("[ap]", r.text[parts[0].start : parts[0].end]):
        first = _clock(r, parts[0], "a")
    return f"{first}/{last}"


def _on(day: str | None, time: str | None) -> str | None:
    if not time or not day:
        return time
    first, _, last = time.partition("/")
    next_day = day
    if last and last < first:
        exact = edtf.bounds(day)
        if not exact:
            return time
        next_day = (exact[0] + timedelta(1)).isoformat()
    return f"{day}{first}/{next_day}{last}" if last else f"{day}{first}"


def time_on_day(r: Reader, node: Node) -> str | None:
    """A clock time with its day."""
    told = r.pick(node, "day_or_part") or r.pick(node, "part_alone")
    day = r.value(told) if told is not None else None
    ranged = r.pick(node, "clock_range")
    time_node = ranged or r.pick(node, "clock_time") or r.pick(node, "dotted")
    if time_node is None:
        return day
    time = _clock_range(r, ranged) if ranged else _clock(r, time_node)
    if time and day and day[-2:] in ("AF", "EV", "NI") and "T04:00" < time < "T12:00" and not ranged:
        written = r.text[time_node.start : time_node.end]
        if not re.search(r"\d ?a|\b0", written):  # "5.30 this evening"
            time = f"T{int(time[1:3]) + 12}{time[3:]}"
    if day and day.endswith("TNI") and time and time < "T06:00" and told is not None and "hours" not in r.words(told):
        exact = edtf.bounds(day[:10])
        if exact and "last" in r.words(told):
            day = (exact[0] + timedelta(1)).isoformat()
    return _on(day[:10] if day and day[0] != "T" else None, time)


def _month_of(value: str, words: list[str]) -> str:
    """The month at the beginning or the end of a year; what is told otherwise stays what it is."""
    if not re.fullmatch(r"\d{4}", value):
        return value
    return value + ("-12" if "end" in words else "-01" if {"beginning", "start"} & set(words) else "")


def _leaves_month_out(r: Reader, parts: list[Node]) -> bool:
    first, last = (frozenset(r.words(part)) for part in parts[:2])
    months, days = r.known.members("month"), r.known.members("dom")
    return not first.isdisjoint(days) and first.isdisjoint(months) and not last.isdisjoint(months)


def _in_month_of(first: str, last: str) -> str:
    """The first day of a range, told without its month, in the month of the last or the one before."""
    year, month = int(last[:4]), int(last[5:7])
    if first[8:10] > last[8:10]:
        year, month = edtf.shifted(year, month, -1)
    return f"{year:04d}-{month:02d}{first[7:]}"


def range_of(r: Reader, node: Node) -> str | None:
    """From one day or moment to another."""
    parts = [part for part in node.parts if part.row]
    explicit = [any(w in ("<year4>", "<dmy>", "<iso>") for w in r.words(p)) for p in parts]
    values: list[str | None] = [None, None]
    onward = parts[0].kind != "<clock_time>" and not _ONWARD.isdisjoint(r.words(parts[1]))
    for n in (0, 1) if onward else (1, 0):
        values[n] = (
            _on((values[1] or "")[:10] or None, _clock(r, parts[n]))
            if (parts[n].kind == "<clock_time>" and n == 0)
            else r.value(parts[n])
        )
    first, last = values
    if first and last and last[:4].isdigit() and _leaves_month_out(r, parts):
        first = _in_month_of(first, last)
    if last and last[:4].isdigit() and explicit[1]:
        r.year = int(last[:4])
    whole = first and last and "T" not in (first[0], last[0])
    if (
        whole
        and first
        and last
        and "XXXX" not in last
        and not explicit[0]
        and (first[0] == "X" or explicit[1] or first > last)
    ):
        first = last[:4] + first[4:]
        if first > last and first[4:] > last[4:]:
            first = f"{int(last[:4]) - 1:04d}{first[4:]}"
    if first and last and parts[1].kind == "<years>" and len(first) > 4:
        last = _month_of(last, r.words(parts[1]))
    if not first or not last or (first[0] != "X" and last[0] != "X" and first > last):
        return None
    return f"{first}/{last}"


def following_part(r: Reader, node: Node) -> str | None:
    """A part of such a day."""
    day = following_day(r, node)
    return f"{day}T{r.of(node, 'daypart')}" if day else None
