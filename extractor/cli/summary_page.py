"""The summary as one HTML page with charts: no script, no network, works from disk.

Its policy lets nothing in from outside and no script run, and all text is escaped: markup in a release is inert.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from importlib.resources import files

from extractor.cli.summary_screen import cell, heading, is_number
from extractor.judging.summary import NOTE, Section, Summary

_ROUTES = ("surrendered", "seized", "found", "recovered")
_YEARS = 24  # so many months stand in the table of forces at most, else years
_HEIGHT, _STEP = 120, 14  # of the chart of months, and the width of a month in it


def page(summary: Summary, top: int) -> str:
    """The page as HTML."""
    template = (files("extractor") / "data" / "outputs" / "summary.html").read_text("utf-8")
    parts = {"LEAD": _lead(summary), "NOTE": html.escape(NOTE), "BODY": "\n".join(_body(summary, top))}
    return re.sub(r"\{\{(\w+)\}\}", lambda hit: parts[hit[1]], template)


def _lead(summary: Summary) -> str:
    facts = [("releases read", f"{summary.read:,}"), ("failed", f"{summary.failed:,}")]
    if summary.first and summary.last:
        facts += [("first published", summary.first), ("last published", summary.last)]
        facts.append(("of no known day", f"{summary.undated:,}"))
    return "".join(f"<div><dt>{name}</dt><dd>{html.escape(value)}</dd></div>" for name, value in facts)


def _body(summary: Summary, top: int) -> Iterator[str]:
    if summary.months:
        yield _section_of("months", "Releases by month", _chart(summary))
    if summary.forces:
        yield _table(summary.by_force(top, _YEARS))
    for section in summary.sections:
        yield _table(section)


def _section_of(name: str, title: str, content: str) -> str:
    return f'<section id="{name}"><h2>{html.escape(title)}</h2>\n{content}\n</section>'


def _table(section: Section) -> str:
    routes = section.name == "routes"
    head = "".join(_head(section, column) for column in section.columns)
    drawn = '<th scope="col" class="drawn"></th>' if section.bar or routes else ""
    rows = []
    for row, length in zip(section.rows, section.lengths(), strict=True):
        cells = "".join(_cell(section, column, value) for column, value in zip(section.columns, row, strict=True))
        if section.bar:
            cells += f'<td class="drawn">{_bar(length)}</td>'
        elif routes:
            cells += f'<td class="drawn">{_shares(dict(zip(section.columns, row, strict=True)))}</td>'
        rows.append(f"<tr>{cells}</tr>")
    more = f'<p class="more">… and {section.more:,} more</p>' if section.more else ""
    legend = _legend() if routes else ""
    table = "\n".join(
        [
            '<div class="wide"><table>',
            f"<thead><tr>{head}{drawn}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody></table></div>",
        ]
    )
    return _section_of(section.name, section.title, legend + table + more)


def _head(section: Section, column: str) -> str:
    kind = ' class="number"' if is_number(section, column) else ""
    return f'<th scope="col"{kind}>{html.escape(heading(column))}</th>'


def _cell(section: Section, column: str, value: str | int | float | None) -> str:
    kind = ' class="number"' if is_number(section, column) else ' class="null"' if value is None else ""
    return f"<td{kind}>{html.escape(cell(column, value))}</td>"


def _bar(length: float) -> str:
    return (
        '<svg class="bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 10">'
        f'<rect width="{100 * length:.2f}" height="10"/></svg>'
    )


def _shares(row: dict[str, str | int | float | None]) -> str:
    values = [float(row[route] or 0) for route in _ROUTES]
    total, at, drawn = sum(values), 0.0, []
    for route, value in zip(_ROUTES, values, strict=True):
        share = 100 * value / total if total else 0.0
        if share:
            drawn.append(f'<rect class="{route}" x="{at:.2f}" width="{share:.2f}" height="10"/>')
        at += share
    return f'<svg class="bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 10">{"".join(drawn)}</svg>'


def _legend() -> str:
    keys = "".join(f'<span><i class="{route}"></i>{route}</span>' for route in _ROUTES)
    return f'<p class="legend">Shares of what a route is stated for: {keys}</p>\n'


def _chart(summary: Summary) -> str:
    """A column for each month, with the years below; every column tells its month and number."""
    most = max(summary.months.values())
    width = max(_STEP * len(summary.months), 6 * _STEP)
    drawn = []
    for number, (month, releases) in enumerate(summary.months.items()):
        height = _HEIGHT * releases / most
        drawn.append(
            f'<g><title>{month}: {releases:,}</title><rect class="hit" x="{number * _STEP}" width="{_STEP}" '
            f'height="{_HEIGHT}"/><rect x="{number * _STEP + 1}" y="{_HEIGHT - height:.1f}" width="{_STEP - 2}" '
            f'height="{height:.1f}"/></g>'
        )
        if not number or month.endswith("-01"):
            drawn.append(f'<text x="{number * _STEP}" y="{_HEIGHT + 16}">{month[:4] if number else month}</text>')
    title = f"Releases by month, {most:,} in the fullest"
    return (
        f'<p class="more">{title}</p><div class="wide"><svg class="months" role="img" aria-label="{title}" '
        f'style="width: 100%; max-width: {width}px" viewBox="0 0 {width} {_HEIGHT + 22}">{"".join(drawn)}</svg></div>'
    )
