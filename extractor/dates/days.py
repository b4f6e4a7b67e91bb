"""Values of days, months and years that the text names."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extractor.dates import edtf
from extractor.dates import years as date_context
from extractor.dates.forms import Node
from extractor.dates.reader import Reader


def _year(r: Reader, node: Node) -> int | None:
    part = r.pick(node, "year")
    if part is not None and part.kind == "<year4>":
        r.year = int(r.text[part.start : part.end])
        return r.year
    words = r.words(node if part is None else part)
    if words[-1] != "year":
        return None
    if "last" in words or "this" in words or "next" in words:
        today = r.today()
        return today.year - ("last" in words) + ("next" in words) if today else None
    if r.year is None:
        return None
    r.used.add("context")
    return r.year + ("following" in words) - ("previous" in words)


def _calendar(r: Reader, node: Node, month: int, day: int | None, *, weekday: int | None, year: int | None) -> str:
    if year is None and r.published:
        near = edtf.bounds(r.day)
        year = date_context.year_of(
            month, day, weekday, when=r.tense(node), published=r.published, near=near[0] if near else None
        )
        r.used.add("published")
    elif year is None and r.year is not None:
        agreeing = [y for y in (r.year, r.year + 1, r.year - 1) if weekday and _is_weekday(y, month, day, weekday)]
        year = agreeing[0] if agreeing else r.year
    head = f"{year:04d}-{month:02d}" if year is not None else f"XXXX-{month:02d}"
    if day is None:
        return head
    value = f"{head}-{day:02d}"
    exact = edtf.bounds(value)
    if weekday and exact and exact[0].isoweekday() != weekday:
        r.mismatch = "weekday-mismatch"
    return value


def _is_weekday(year: int, month: int, day: int | None, weekday: int) -> bool:
    exact = edtf.bounds(f"{year:04d}-{month:02d}-{day or 0:02d}")
    return bool(exact and exact[0].isoweekday() == weekday)


def weekday_number(r: Reader, node: Node) -> int | None:
    """The weekday a node names, Monday being 1."""
    found = r.of(node, "weekday")
    return int(found) if found is not None else None


def day_month(r: Reader, node: Node) -> str:
    """Day and month, perhaps with weekday and year; "the 3, 4 May" are days from one to the other."""
    days = [int(r.number(part)) for part in r.picks(node, "dom") or r.picks(node, "ordinal_word")]
    month = int(r.of(node, "month") or 1)
    if days[0] > days[-1]:  # "log 9, 3 May"
        days = days[-1:]
    first = _calendar(r, node, month, days[0], weekday=weekday_number(r, node), year=_year(r, node))
    return f"{first}/{first[:-2]}{days[-1]:02d}" if days[0] < days[-1] else first


def day_range(r: Reader, node: Node) -> str:
    """Two days of one month: the month and year stand at the end."""
    days = r.picks(node, "dom")
    first, last = days[0], days[-1]
    month = int(r.of(node, "month") or 1)
    weekdays = [int(r.known.value("weekday", p.kind)) for p in r.picks(node, "weekday")]
    end = _calendar(
        r, node, month, int(r.number(last)), weekday=weekdays[-1] if weekdays else None, year=_year(r, node)
    )
    start = f"{end[:7]}-{int(r.number(first)):02d}"
    exact = edtf.bounds(start)
    if len(weekdays) == 2 and exact and exact[0].isoweekday() != weekdays[0]:
        r.mismatch = "weekday-mismatch"
    if start > end:
        start = _earlier_month(start)
    return f"{start}/{end}"


def _earlier_month(value: str) -> str:
    if value.startswith("X"):
        return f"XXXX-{(int(value[5:7]) - 2) % 12 + 1:02d}{value[7:]}"
    year, month = edtf.shifted(int(value[:4]), int(value[5:7]), -1)
    return f"{year:04d}-{month:02d}{value[7:]}"


def figures(r: Reader, node: Node) -> str | None:
    """A day in figures; the day comes before the month."""
    part = r.pick(node, "dmy") or r.pick(node, "dm") or r.pick(node, "iso")
    assert part is not None
    return _in_figures(r, node, part)


def figures_range(r: Reader, node: Node) -> str | None:
    """Two days in figures; where only the last has a year, the first is the nearest such day before it."""
    first, last = (_in_figures(r, node, part) for part in node.parts if part.kind in ("<dm>", "<dmy>"))
    if first and last and first > last and first[4:] > last[4:] and last[0] != "X":
        first = f"{int(last[:4]) - 1:04d}{first[4:]}"
    return f"{first}/{last}" if first and last else None


def _in_figures(r: Reader, node: Node, part: Node) -> str | None:
    numbers = [int(n) for n in re.findall(r"\d+", r.text[part.start : part.end])]
    if part.kind == "<iso>":
        numbers.reverse()
    elif len(numbers) > 1 and _is_month_first(r, numbers):
        numbers[:2] = numbers[1], numbers[0]
    year = None
    if len(numbers) == 3:
        year = numbers[2] if numbers[2] > 99 else numbers[2] + (2000 if numbers[2] < 50 else 1900)
        r.year = year
    if not 1 <= numbers[1] <= 12 or not 1 <= numbers[0] <= 31:
        return None
    return _calendar(r, node, numbers[1], numbers[0], weekday=weekday_number(r, node), year=year)


def _is_month_first(r: Reader, numbers: list[int]) -> bool:
    """Whether the first figure is the month: by the country's order, or because the second can be none."""
    return 1 <= numbers[0] <= 12 and (numbers[1] > 12 or r.month_first)


def feast(r: Reader, node: Node) -> str:
    """A feast with a fixed day."""
    words = r.words(node)
    month, day = map(int, str(r.of(node, "feast_fixed")).split("-"))
    if words[0] == "new" and "day" in words:
        month, day = 1, 1
    return _calendar(r, node, month, day - (words[:2] == ["christmas", "eve"]), weekday=None, year=_year(r, node))


def part_of_feast(r: Reader, node: Node) -> str:
    """A part of a feast day."""
    return f"{feast(r, node)}T{r.of(node, 'daypart')}"


def moving_feast(r: Reader, node: Node) -> str | None:
    """A feast on another day each year: of the year the text names, else the one near to publication."""
    year = _year(r, node)
    if year is not None:
        return _moving(r, node, year).isoformat()
    today = r.today()
    if not today:
        return None
    days = [_moving(r, node, today.year + by) for by in (-1, 0, 1)]
    word = r.words(node)[0]
    if word == "this":
        return days[1].isoformat()
    coming = next(day for day in days if day >= today)
    gone = [day for day in days if day <= today][-1]
    when = r.tense(node)
    near = when is None and word != "last" and (today - gone).days > 250 and (coming - today).days < 120
    return (coming if word == "next" or when == "future" or near else gone).isoformat()


def easter_weekend(r: Reader, node: Node) -> str | None:
    """Saturday and Sunday of Easter; with its bank holidays, Friday to Monday."""
    exact = edtf.bounds(moving_feast(r, node))
    if not exact:
        return None
    holiday = "holiday" in r.words(node)
    return f"{exact[0] - timedelta(1 + holiday)}/{exact[0] + timedelta(holiday)}"


def _moving(r: Reader, node: Node, year: int) -> date:
    november = r.of(node, "feast_in_november")
    if november:
        which, weekday, after = map(int, str(november).split())
        first = date(year, 11, 1)
        return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (which - 1) + after)
    after = int(r.of(node, "feast_moving") or 0)
    return edtf.easter(year) + timedelta(after + (not after and "monday" in r.words(node)))


def bank_holiday(r: Reader, node: Node) -> str | None:
    """The weekend before the first or the last Monday of May or August, that Monday included."""
    value = month(r, node)
    if value[0] == "X":
        return None
    number = int(value[5:])
    last = edtf.month_end(int(value[:4]), number)
    monday = last - timedelta(last.isoweekday() - 1)
    early = date(last.year, number, 7)
    early -= timedelta(early.isoweekday() - 1)
    words = r.words(node)
    nearer = number == 5 and r.published and abs((r.published - early).days) < abs((r.published - monday).days)
    if "early" in words or (nearer and "late" not in words):
        monday = early
    return f"{monday - timedelta(2)}/{monday}"


def month(r: Reader, node: Node) -> str:
    """A month, perhaps with its year."""
    return _calendar(r, node, int(r.of(node, "month") or 1), None, weekday=None, year=_year(r, node))


def month_range(r: Reader, node: Node) -> str:
    """From month to month."""
    first, last = (int(r.known.value("month", p.kind)) for p in r.picks(node, "month")[:2])
    years = [int(r.text[p.start : p.end]) for p in r.picks(node, "year4")]
    end = _calendar(r, node, last, None, weekday=None, year=years[-1] if years else _year(r, node))
    start = f"{years[0]:04d}-{first:02d}" if len(years) == 2 else f"{end[:4]}-{first:02d}"
    if start > end and start[0] != "X":
        start = f"{int(end[:4]) - 1:04d}-{first:02d}"
    return f"{start}/{end}"


def season(r: Reader, node: Node) -> str | None:
    """A season, in the codes of ISO 8601-2."""
    code = int(r.of(node, "season") or 21)
    year = _year(r, node)
    if year is None:
        today = r.today()
        if not today:
            return None
        words = r.words(node)
        begins = {21: 3, 22: 6, 23: 9, 24: 12}[code]
        year = today.year
        if "last" in words:
            year -= today.month < begins + 3
        elif "next" in words:
            year += today.month >= begins
        elif code == 24 and today.month < 3:
            year -= 1
    return f"{year:04d}-{code}"


def year(r: Reader, node: Node) -> str | None:
    """A year."""
    found = _year(r, node)
    return f"{found:04d}" if found is not None else None


def year_range(r: Reader, node: Node) -> str | None:
    """From year to year."""
    first, last = (r.text[p.start : p.end] for p in r.picks(node, "year4")[:2])
    return f"{first}/{last}" if first <= last else None


def fiscal(r: Reader, node: Node) -> str | None:
    """A fiscal year, from April to March, or some years in that manner: "2015/18"."""
    part = r.pick(node, "fiscal")
    assert part is not None
    first, last = int(r.text[part.start : part.start + 4]), int(r.text[part.end - 2 : part.end])
    if last != (first + 1) % 100:
        return f"{first}/{first // 100}{last}" if last > max(first % 100, 12) else None  # "2009-11" may be a month
    return f"{first:04d}-04-01/{first + 1:04d}-03-31"


def decade(r: Reader, node: Node) -> str:
    """A decade."""
    part = r.pick(node, "decade")
    assert part is not None
    return r.text[part.start : part.start + 3] + "X"
