"""What an output comes to: the sections of `extractor summary`, as data, by SQL over the tidy tables and their views.

The terminal, the page and the JSON are three readings of these sections, so they cannot disagree.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.errors import InputError
from extractor.outputs import read_back
from extractor.outputs.tidy import Row

NOTE = (
    "Figures are as police reported them: a selection of what happened, no rates. Two releases may tell the same "
    "event, and a range or “more than” counts with its lower end. What is stated as a part of another figure is in "
    "that one already: it stands apart under “in parts” and is never added. The force is the one that a release "
    "mentions most. Bars show the first column of numbers."
)
_NEEDED = ("releases", "counts", "items", "organisations", "operations", "speakers", "quotes", "warnings", "failures")
UNDATED = "no date"
_MONEY = "unit GLOB '[A-Z][A-Z][A-Z]'"
_ALONE = "unit IN ('person', 'item', 'activity', 'place')"
# Name, title, which units, whether the section has several: their sums are never added up, nor their bars compared.
_FIGURES = (
    ("people", "People", "unit = 'person'", False),
    ("things", "Things", "unit = 'item'", False),
    ("activity", "Policing activity", "unit = 'activity'", False),
    ("places", "Places", "unit = 'place'", False),
    ("money", "Money", _MONEY, True),
    ("measures", "Mass, volume and length", f"NOT ({_MONEY}) AND NOT ({_ALONE})", True),
)
_BY = {"force": "force, ", "month": "month, ", "year": "substr(month, 1, 4) AS year, "}
# Name, title, the column that is drawn, the column within which it is compared, the question.
_FAILURES = (
    "failures", "Failures", "documents", None,
    "SELECT code, count(*) AS documents FROM failures GROUP BY code ORDER BY documents DESC, code",
)  # fmt: skip
_AFTER = (
    (
        "routes", "How things came to police", None, "unit",
        "SELECT category, unit, surrendered, seized, found, recovered, not_stated, releases FROM routes "
        "WHERE surrendered + seized + found + recovered > 0 "
        "ORDER BY sum(figures) OVER (PARTITION BY unit) DESC, unit, releases DESC, category",
    ),
    (
        "mentions", "Things mentioned, counted or not", "mentions", None,
        "SELECT category, action, mentions, with_figure, releases FROM things ORDER BY mentions DESC, category, action",
    ),
    (
        "organisations", "Organisations", "releases", None,
        "SELECT name, kind, count(*) AS releases, sum(mentions) AS mentions FROM organisations "
        "GROUP BY name, kind ORDER BY releases DESC, mentions DESC, name, kind",
    ),
    (
        "operations", "Operations", "releases", None,
        "SELECT name, count(*) AS releases, sum(mentions) AS mentions FROM operations "
        "GROUP BY name ORDER BY releases DESC, mentions DESC, name",
    ),
    (
        "speakers", "Speakers", "quotes", None,
        "SELECT s.name, o.name AS organisation, count(q.id) AS quotes, count(DISTINCT s.release) AS releases "
        "FROM speakers AS s LEFT JOIN organisations AS o ON o.release = s.release AND o.id = s.organisation "
        "LEFT JOIN quotes AS q ON q.release = s.release AND q.speaker = s.id WHERE s.name IS NOT NULL "
        "GROUP BY s.name, o.name ORDER BY quotes DESC, releases DESC, s.name, o.name",
    ),
    (
        "warnings", "Warnings", "warnings", None,
        "SELECT code, count(*) AS warnings, count(DISTINCT release) AS releases FROM warnings "
        "GROUP BY code ORDER BY warnings DESC, code",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A table of the summary.

    Attributes:
        name: Its name in the JSON.
        title: Its title.
        columns: Names of its columns.
        rows: Its rows, the first ones if there are more.
        bar: Name of the column that is drawn as bars.
        scale: Name of the column within whose values the bars are compared; all of them where there is none.
        more: Number of rows left out.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    bar: str | None = None
    scale: str | None = None
    more: int = 0

    def column(self, name: str) -> list[Any]:
        """The values of a column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def lengths(self) -> list[float]:
        """How long the bar of each row is, from 0 to 1."""
        if self.bar is None:
            return [0.0] * len(self.rows)
        values = [float(value or 0) for value in self.column(self.bar)]
        scales = self.column(self.scale) if self.scale else [None] * len(values)
        longest: dict[Any, float] = {}
        for scale, value in zip(scales, values, strict=True):
            longest[scale] = max(longest.get(scale, 0.0), value)
        return [value / longest[scale] if longest[scale] else 0.0 for scale, value in zip(scales, values, strict=True)]


@dataclass(frozen=True)
class Summary:
    """What an output comes to.

    Attributes:
        read: Number of documents that were read.
        failed: Number of documents that could not be.
        first: First day of publication, None if no day is known.
        last: Last day of publication.
        undated: Number of releases without a day of publication.
        months: Releases of each month, the months between included.
        forces: Number of releases for each force and month; None where there is no force or day.
        sections: The tables.
    """

    read: int
    failed: int
    first: str | None
    last: str | None
    undated: int
    months: Mapping[str, int]
    forces: tuple[tuple[str | None, str | None, int], ...]
    sections: tuple[Section, ...]

    def by_force(self, top: int, columns: int) -> Section:
        """The releases by force, and by month or, where there are more months than columns, by year.

        Args:
            top: So many forces at most; the others are one row.
            columns: So many months or years at most; the years before are one column.
        """
        period = _period(list(self.months), columns)
        titles = list(dict.fromkeys(map(period, self.months)))
        if self.undated:
            titles.append(UNDATED)
        totals: Counter[str | None] = Counter()
        cells: Counter[tuple[str | None, str]] = Counter()
        for force, month, number in self.forces:
            totals[force] += number
            cells[force, period(month) if month else UNDATED] += number
        known = sorted((f for f in totals if f is not None), key=lambda f: (-totals[f], f))
        groups = [(force, [force]) for force in known[:top]]
        if rest := known[top:]:
            groups.append((f"{len(rest)} other forces", rest))
        named: list[tuple[str | None, list[str | None]]] = [(name, list(forces)) for name, forces in groups]
        if None in totals:
            named.append((None, [None]))
        rows = tuple(
            (name, sum(totals[f] for f in forces), *(sum(cells[f, title] for f in forces) for title in titles))
            for name, forces in named
        )
        return Section("forces", "Releases by force", ("force", "releases", *titles), rows, "releases")

    def by_month(self, most: int = 24) -> Section:
        """The releases by month, or by year where there are more than `most` months."""
        name = "month" if len(self.months) <= most else "year"
        numbers: Counter[str] = Counter()
        for month, number in self.months.items():
            numbers[month if name == "month" else month[:4]] += number
        return Section("months", f"Releases by {name}", (name, "releases"), tuple(numbers.items()), "releases")

    def as_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        found: dict[str, Any] = {
            "documents": {"read": self.read, "failed": self.failed},
            "published": {"first": self.first, "last": self.last, "unknown": self.undated},
            "note": NOTE,
            "releases": [{"force": force, "month": month, "releases": n} for force, month, n in self.forces],
        }
        for section in self.sections:
            found[section.name] = [dict(zip(section.columns, row, strict=True)) for row in section.rows]
        return found


def summarise(output: Path, *, top: int = 10, by: str | None = None) -> Summary:
    """Sums up an output of a run.

    Args:
        output: The output, in any format.
        top: So many rows of each table at most.
        by: What figures are broken down by beside category and action: force, month or year.

    Raises:
        InputError: The output cannot be read, or is none.
    """
    with read_back.database(output, _NEEDED) as database:
        try:
            return _summary(database, top, by)
        except sqlite3.Error as error:
            raise InputError(f"{output}: {error}", "bad-table") from error


def _summary(database: sqlite3.Connection, top: int, by: str | None) -> Summary:
    read, first, last, undated = database.execute(
        "SELECT count(*), min(published), max(published), count(*) - count(published) FROM releases"
    ).fetchone()
    (failed,) = database.execute("SELECT count(*) FROM failures").fetchone()
    forces = database.execute(
        "SELECT force, substr(published, 1, 7) AS month, count(*) FROM releases GROUP BY force, month"
    ).fetchall()
    sections = [_section(database, top, *_FAILURES)]
    for name, title, units, several in _FIGURES:
        scale = "unit" if several else None
        sections.append(_section(database, top, name, title, "releases", scale, _figures(units, by, several)))
    sections += [_section(database, top, *question) for question in _AFTER]
    kept = tuple(section for section in sections if section.rows)
    return Summary(read, failed, first, last, undated, _months(forces), tuple(forces), kept)


def _figures(units: str, by: str | None, several: bool) -> str:
    """The question for the sums of figures: one row each, and beside it in how many releases they stand."""
    group = f"{'unit, ' if several else ''}{_BY[by] if by else ''}category, action"
    # A release has one force and one month, so its numbers add up over the rows of the view.
    return (
        f"SELECT {group}, sum(releases) AS releases, sum(figures) AS figures, round(sum(total), 3) AS total, "
        f"max(largest) AS largest, round(sum(part_total), 3) AS in_parts FROM figures WHERE {units} "
        f"GROUP BY {group.replace('substr(month, 1, 4) AS year', 'year')} "
        f"ORDER BY {'sum(sum(figures)) OVER (PARTITION BY unit) DESC, unit, ' if several else ''}"
        "sum(releases) DESC, total DESC, in_parts DESC, category, action"
    )


def _period(months: Sequence[str], columns: int) -> Callable[[str], str]:
    """How months are put together so that there are at most so many columns."""
    if len(months) <= columns:
        return str
    years = sorted({month[:4] for month in months})
    first = years[max(0, len(years) - columns + 1)] if len(years) > columns else years[0]
    return lambda month: month[:4] if month >= first else f"before {first}"


def _months(forces: Sequence[tuple[str | None, str | None, int]]) -> dict[str, int]:
    known = sorted({month for _, month, _ in forces if month})
    if not known:
        return {}
    months = dict.fromkeys(_between(known[0], known[-1]), 0)
    for _, month, number in forces:
        if month:
            months[month] += number
    return months


def _between(first: str, last: str) -> list[str]:
    begin, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(begin, end + 1)]


def _section(
    database: sqlite3.Connection, top: int, name: str, title: str, bar: str | None, scale: str | None, select: str
) -> Section:
    found = database.execute(select)
    columns = tuple(column[0] for column in found.description)
    rows, kept = found.fetchall(), []
    seen: Counter[Any] = Counter()
    for row in rows:
        within = row[columns.index(scale)] if scale else None
        seen[within] += 1
        if seen[within] <= top:
            kept.append(row)
    return Section(name, title, columns, tuple(kept), bar, scale, len(rows) - len(kept))
