"""The summary in the terminal: tables with bars, as wide as it is."""

from __future__ import annotations

from collections.abc import Iterator

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractor.cli.show import plain
from extractor.judging.summary import NOTE, Section, Summary
from extractor.outputs.tidy import Value

# What a null says, by column; elsewhere a blank.
NULLS = {"action": "not stated", "category": "none", "force": "no force named", "month": "no date", "year": "no date"}
# Left out first where the terminal is narrow; all of them are in the page and the JSON.
_SPARE = ("in_parts", "figures", "with_figure", "not_stated", "kind", "largest")
_LONGEST = 40  # so many characters of a name at most
_BAR = (6, 30)  # its least and greatest width
_PERIODS = 24  # so many months or years stand beside a force at most


def screen(summary: Summary, width: int, top: int) -> RenderableType:
    """The summary, for a terminal of this width."""
    shown = [_head(summary)]
    if summary.forces:
        shown.append(_table(_forces(summary, width, top), width))
    if summary.months:
        shown.append(_table(summary.by_month(), width))
    shown += [_table(section, width) for section in summary.sections]
    return Group(*_apart(shown), "", Text(NOTE, style="dim"))


def _forces(summary: Summary, width: int, top: int) -> Section:
    """The releases by force, with as many months or years as there is room for."""
    for columns in range(_PERIODS, 2, -1):
        section = summary.by_force(top, columns)
        if _need(section, list(section.columns)) + _BAR[0] <= width:
            return section
    return summary.by_force(top, 2)


def _apart(shown: list[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(shown):
        if number:
            yield ""
        yield part


def _head(summary: Summary) -> RenderableType:
    failed = f", {summary.failed:,} failed" if summary.failed else ""
    head = Text.assemble((f"{summary.read:,} releases read{failed}", "bold"))
    if summary.first:
        head.append(f"; published {summary.first} to {summary.last}")
    if summary.first and summary.undated:
        head.append(f", {summary.undated:,} of no known day")
    return head


def cell(column: str, value: Value) -> str:
    """A value as people read it; what a release says stays inert."""
    if value is None:
        return NULLS.get(column, "")
    if isinstance(value, str):
        return " ".join(plain(value).split())
    if value == 0:
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}".rstrip("0")


def heading(column: str) -> str:
    """The name of a column as people read it."""
    return column.replace("_", " ")


def is_number(section: Section, column: str) -> bool:
    """Whether the values of a column are numbers."""
    return any(isinstance(value, (int, float)) for value in section.column(column))


def _table(section: Section, width: int) -> RenderableType:
    columns = _fitting(section, width)
    table = Table(title=section.title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(
            heading(column),
            justify="right" if is_number(section, column) else "left",
            no_wrap=True,
            overflow="ellipsis",
            header_style="dim",
        )
    if section.bar:
        table.add_column("", min_width=_BAR[0], width=min(_BAR[1], max(_BAR[0], width - _need(section, columns))))
    for row, length in zip(section.rows, section.lengths(), strict=True):
        values = dict(zip(section.columns, row, strict=True))
        cells: list[RenderableType] = [Text(_cut(cell(column, values[column]))) for column in columns]
        table.add_row(*cells, *([Bar(1, 0, length, color="cyan")] if section.bar else []))
    if not section.more:
        return table
    return Group(table, Padding(Text(f"… and {section.more:,} more", style="dim"), (0, 0, 0, 2)))


def _fitting(section: Section, width: int) -> list[str]:
    columns = list(section.columns)
    for spare in _SPARE:
        if _need(section, columns) + (_BAR[0] if section.bar else 0) <= width:
            break
        if spare in columns:
            columns.remove(spare)
    return columns


def _need(section: Section, columns: list[str]) -> int:
    longest = [
        max(len(heading(column)), *(len(_cut(cell(column, value))) for value in section.column(column)))
        for column in columns
    ]
    return sum(longest) + 2 * len(columns)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
