"""Values of days and periods told relatively: to publication, or to the day last spoken of."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extractor.dates import edtf, years
from extractor.dates.days import weekday_number
from extractor.dates.durations import spans_of
from extractor.dates.forms import Node
from extractor.dates.reader import Reader

_AS_EXACT = {4: ("Y",), 7: ("Y", "MO")}  # units that fit a year, a month, by the length of its value


def relative_month_name(r: Reader, node: Node) -> str | None:
    """Last September, June last year."""
    today = r.today()
    number = int(r.of(node, "month") or 1)
    if not today:
        return f"XXXX-{number:02d}"
    words = r.words(node)
    if "year" in words:
        return f"{today.year - ('last' in words) + ('next' in words):04d}-{number:02d}"
    year = today.year
    if "last" in words:
        year -= number >= today.month
    elif "next" in words:
        year += number <= today.month
    else:  # "will take them there this January" is the next one, "this December saw" the last one
        when = r.tense(node)
        year += (when == "future" and number < today.month) - (when == "past" and number > today.month)
    return f"{year:04d}-{number:02d}"


def relative_day(r: Reader, node: Node) -> str | None:
    """Yesterday, today, tomorrow."""
    today = r.today()
    if not today:
        return None
    by = int(r.of(node, "relative_day") or 0)
    words = r.words(node)
    if words[-2:] == ["before", "yesterday"]:
        by = -2
    elif words[-2:] == ["after", "tomorrow"]:
        by = 2
    return (today + timedelta(by)).isoformat()


_LONG_AGO = 21  # days before publication from which on a story is not of the last weeks


def weekday(r: Reader, node: Node) -> str | None:
    """A weekday, bare or with last, next, following."""
    today = r.today()
    if not today:
        return None
    number, words = weekday_number(r, node) or 1, r.words(node)
    if "week" in words:
        monday = today - timedelta(today.isoweekday() - 1)
        by = -7 if "last" in words else 7 if "next" in words else 0
        return (monday + timedelta(number - 1 + by)).isoformat()
    if "following" in words or ("the" in words and ("next" in words or "previous" in words)):
        start = r.context_day()
        if start:
            r.used.discard("published")
            ahead = (number - start.isoweekday() - 1) % 7 + 1
            return (start + timedelta(ahead if "previous" not in words else ahead - 7 or -7)).isoformat()
        return None
    if "last" in words or "past" in words:
        back = (today.isoweekday() - number - 1) % 7 + 1
        if back < 3 and "last" in words:  # nobody says "last Sunday" of yesterday
            back += 7
        return (today - timedelta(back)).isoformat()
    if "next" in words or "coming" in words:
        return (today + timedelta((number - today.isoweekday() - 1) % 7 + 1)).isoformat()
    when = r.tense(node)
    if "this" in words:
        when = when or "future"
    if when != "future":
        told = [day for day in r.days if day.isoweekday() == number and _LONG_AGO <= (today - day).days]
        if told and not [day for day in r.days if 0 <= (today - day).days < _LONG_AGO]:
            r.used.add("context")
            return told[-1].isoformat()  # "a busy Friday night" in the story of a Friday months ago
    return years.weekday_near(number, today, when).isoformat()


def that_weekday(r: Reader, node: Node) -> str | None:
    """A weekday that has been told before, else the one nearest to the day the story has come to."""
    number = weekday_number(r, node)
    told = [day for day in r.days if day.isoweekday() == number]
    if number is None or not r.days:
        return None
    r.used.add("context")
    if r.published and r.tense(node) == "future" and (not told or told[-1] < r.published):
        return years.weekday_near(number, r.published, "future").isoformat()
    start = (told or r.days)[-1]
    return (start + timedelta((number - start.isoweekday() + 3) % 7 - 3)).isoformat()


def weekday_dom(r: Reader, node: Node) -> str:
    """A weekday with the day of the month, the month left out."""
    dom = r.pick(node, "dom")
    assert dom is not None
    return _day_near(r, node, int(r.number(dom)), weekday_number(r, node))


def dom_alone(r: Reader, node: Node) -> str:
    """A day of the month, the month left out."""
    part = r.pick(node, "ordinal")
    assert part is not None
    return _day_near(r, node, int(r.number(part)), None)


def _day_near(r: Reader, node: Node, day: int, number: int | None) -> str:
    today = r.today()
    if not today:
        return f"XXXX-XX-{day:02d}"
    step = 1 if r.tense(node) == "future" else -1
    for n in range(14):
        year, month = edtf.shifted(today.year, today.month, n * step)
        exact = edtf.bounds(f"{year:04d}-{month:02d}-{day:02d}")
        if exact and (exact[0] - today).days * step >= 0 and number in (None, exact[0].isoweekday()):
            return exact[0].isoformat()
    return f"XXXX-XX-{day:02d}"


def weekday_range(r: Reader, node: Node) -> str | None:
    """From weekday to weekday."""
    today = r.today()
    if not today:
        return None
    first, last = (int(r.known.value("weekday", p.kind)) for p in r.picks(node, "weekday")[:2])
    when = r.tense(node)
    end = years.weekday_near(last, today, when)
    start = end - timedelta((last - first) % 7)
    if when == "future" and start < today:
        start, end = start + timedelta(7), end + timedelta(7)
    return f"{start}/{end}"


def week_commencing(r: Reader, node: Node) -> str | None:
    """The week of its first day."""
    exact = edtf.bounds(inner(r, node))
    return edtf.week(exact[0]) if exact else None


def following_day(r: Reader, node: Node) -> str | None:
    """The day before, of or after the one last spoken of."""
    words = r.words(node)
    start = r.day_meant(node) if "that" in words else r.context_day()
    if not start:
        return None
    by = -1 if {"previous", "preceding", "before"} & set(words) else 0 if {"same", "that"} & set(words) else 1
    return (start + timedelta(by)).isoformat()


def following_period(r: Reader, node: Node) -> str | None:
    """The week, month, weekend or year before, of or after the date last spoken of."""
    words = r.words(node)
    by = -1 if {"previous", "preceding"} & set(words) else 1 if "following" in words else 0
    exact = edtf.bounds(r.value_before)
    if not exact:
        return None
    r.used.add("context")
    if words[-1] == "year" and r.reporting_year:
        start, end = r.reporting_year
        return f"{_other_year(start, by)}/{_other_year(end, by)}"
    return _period(exact[0], words[-1], by)


def same_period(r: Reader, node: Node) -> str | None:
    """The period last spoken of, in another year; that year where no months or days were spoken of."""
    before, year = r.value_before, inner(r, node)
    period, told = edtf.bounds(before), edtf.bounds(year)
    if not before or not period or not told or period[0] == period[1] or not re.fullmatch(r"[\d/-]+-[\d/-]+", before):
        return year
    by = told[0].year - period[0].year
    by += _other_year(period[0], by) < told[0]
    r.used.add("context")
    return re.sub(r"\d{4}(?=-)", lambda hit: f"{int(hit.group()) + by:04d}", before)


def year_to(r: Reader, node: Node) -> str | None:
    """The year, or as many months, up to a day or to the end of a month."""
    span = r.pick(node, "span")
    exact = edtf.bounds(r.value([part for part in node.parts if part.row][-1]))
    spans = spans_of(r, span) if span is not None else [(1.0, "Y")]
    if not exact or len(spans) != 1 or spans[0][1] not in ("Y", "MO"):
        return None
    months = int(spans[0][0] * (12 if spans[0][1] == "Y" else 1))
    first = edtf.shifted(exact[1].year, exact[1].month, -months)
    if exact[0] != exact[1] or edtf.month_end(exact[1].year, exact[1].month) == exact[1]:
        first = edtf.shifted(*first, 1)
        start = f"{first[0]:04d}-{first[1]:02d}"
        return f"{start}/{exact[1]:%Y-%m}" if exact[0] != exact[1] else f"{start}-01/{exact[1]}"
    day = min(exact[1].day, edtf.month_end(*first).day)
    return f"{date(*first, day) + timedelta(1)}/{exact[1]}"


def _other_year(day: date, by: int) -> date:
    """The same day some years on; the last day of a February stays the last."""
    last = edtf.month_end(day.year, day.month) == day
    end = edtf.month_end(day.year + by, day.month)
    return end if last else day.replace(year=day.year + by)


def _period(day: date, unit: str, by: int) -> str:
    if unit == "week":
        return edtf.week(day + timedelta(7 * by))
    if unit == "weekend":
        saturday = day - timedelta((day.isoweekday() - 6) % 7) + timedelta(7 * by)
        return f"{saturday}/{saturday + timedelta(1)}"
    if unit == "month":
        year, number = edtf.shifted(day.year, day.month, by)
        return f"{year:04d}-{number:02d}"
    if unit == "year":
        return f"{day.year + by:04d}"
    return (day + timedelta(by)).isoformat()


def period(r: Reader, node: Node) -> str | None:
    """Last week, this year, the weekend."""
    today = r.today()
    if not today:
        return None
    words = r.words(node)
    if words[-1] == "christmas":
        eve = date(today.year, 12, 24)
        saturday = eve - timedelta((eve.isoweekday() - 6) % 7)
        return f"{saturday}/{saturday + timedelta(1)}"
    by = -1 if "last" in words or "past" in words else 1 if "next" in words or "coming" in words else 0
    if words[-1] == "weekend":
        in_weekend = today.isoweekday() > 5
        future = r.tense(node) == "future" or ("this" in words and r.tense(node) is None and today.isoweekday() > 3)
        saturday = today - timedelta((today.isoweekday() - 6) % 7)
        if by > 0 or (by == 0 and future and not in_weekend):
            saturday += timedelta(7)
        elif by < 0 and in_weekend:
            saturday -= timedelta(7)
        return f"{saturday}/{saturday + timedelta(1 + ('holiday' in words))}"
    return _period(today, words[-1], by)


def _shift(day: date, spans: list[tuple[float, str]], sign: int) -> str | None:
    if len(spans) != 1 or spans[0][0] != int(spans[0][0]):
        return None
    number, unit = spans[0]
    by = sign * int(number)
    try:
        if unit.endswith("Y"):
            return f"{day.year + by * int(unit[:-1] or 1):04d}"
        if unit == "MO":
            year, month_number = edtf.shifted(day.year, day.month, by)
            return f"{year:04d}-{month_number:02d}" if 0 < year < 10000 else None
        if unit.endswith("W"):
            return edtf.week(day + timedelta(7 * by * int(unit[:-1] or 1)))
        if unit == "D":
            return (day + timedelta(by)).isoformat()
    except (OverflowError, ValueError):
        return None
    return None


def ago(r: Reader, node: Node) -> str | None:
    """A span back from publication."""
    today = r.today()
    span = r.pick(node, "span")
    return _shift(today, spans_of(r, span), -1) if today and span else None


def later(r: Reader, node: Node) -> str | None:
    """A span on from the day last spoken of, or from a year or month where such was spoken of since."""
    span = r.pick(node, "span")
    if span is None:
        return None
    spans, sign = spans_of(r, span), 1 if r.words(node)[-1] in ("later", "afterwards") else -1
    before = r.value_before or ""
    told = edtf.bounds(before) if spans and spans[0][1] in _AS_EXACT.get(len(before), ()) else None
    if told is None:
        start = r.context_day()
        return _shift(start, spans, sign) if start else None
    r.used.add("context")
    value = _shift(told[0], spans, sign)
    ahead = r.published and value and value > r.published.isoformat()
    return None if ahead else value  # told of what has been, so it was another year that was meant


def inner(r: Reader, node: Node) -> str | None:
    """The value of the part that has one."""
    return r.value(next(part for part in node.parts if part.row))
