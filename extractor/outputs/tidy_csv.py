"""The tidy tables as a folder of CSV files that a spreadsheet opens as they are, and back.

UTF-8 with a byte order mark and CRLF, so that a spreadsheet sees £ and “ ” right. Texts stand in quotation marks,
numbers and dates do not. An empty cell is null, ``""`` is an empty text. A text that a spreadsheet might take for a
formula has an apostrophe in front, which is taken away again on reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from extractor.errors import InputError
from extractor.outputs.tidy import TABLES, Column, Row, Table, Value, in_batches
from extractor.runs import folders
from extractor.runs.atomic import told

SUFFIX = ".csv"
_END = "\r\n"
# What may begin a formula, also in full width and behind spaces and quotation marks. It must hold of "'" + text
# wherever it holds of text: that makes the apostrophe reversible.
_FORMULA = re.compile(r"""'*[\t\r\n]|[\s'"]*[=+\-@＝＋－＠]""")
_SUSPECT = frozenset("=+-@＝＋－＠'\"") | frozenset(map(chr, [*range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0]))
_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|\Z)')


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula; `original` is the way back.

    >>> neutral("=1+1"), neutral("'=1+1"), neutral("‘fine’")
    ("'=1+1", "''=1+1", '‘fine’')
    """
    return f"'{text}" if text[:1] in _SUSPECT and _FORMULA.match(text) else text


def original(cell: str) -> str:
    """The text that `neutral` made the cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def write(folder: Path, rows: Iterable[tuple[str, Row]]) -> None:
    """Writes the tables, each as a file of its name.

    Raises:
        OutputError: The folder or the disk does not take them.
    """
    with folders.staged(folder) as staging:
        for table in TABLES.values():
            with told(folder):
                (staging / f"{table.name}{SUFFIX}").write_bytes(f"\ufeff{','.join(table.names)}{_END}".encode())
        lines = {table.name: _line_maker(table) for table in TABLES.values()}
        for name, batch in in_batches(rows):
            data = "".join(map(lines[name], batch)).encode("utf-8")
            with told(folder), (staging / f"{name}{SUFFIX}").open("ab") as file:
                file.write(data)


def _line_maker(table: Table) -> Callable[[Row], str]:
    cells = [_CELLS[column.type] for column in table.columns]

    def line(row: Row) -> str:
        return ",".join([cell(value) for cell, value in zip(cells, row, strict=True)]) + _END

    return line


def _text(value: Value) -> str:
    if value is None:
        return ""
    text = str(value)
    if text[:1] in _SUSPECT:
        text = neutral(text)
    return '"' + text.replace('"', '""') + '"'


def _plain(value: Value) -> str:
    return "" if value is None else str(value)


def _real(value: Value) -> str:
    if value is None:
        return ""
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


_CELLS: dict[str, Callable[[Value], str]] = {"text": _text, "integer": _plain, "real": _real, "date": _plain}
_VALUES: dict[str, Callable[[str], Value]] = {"text": original, "integer": int, "real": float, "date": str}


def read(folder: Path) -> Iterator[tuple[str, Row]]:
    """The rows of the tables in a folder, each with the name of its table.

    Raises:
        InputError: A table is missing, or is not as `write` makes it (code ``bad-table``).
    """
    for table in TABLES.values():
        for row in _rows(folder / f"{table.name}{SUFFIX}", table):
            yield table.name, row


def _rows(path: Path, table: Table) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline=_END) as file:
            lines = _whole(file)
            if next(lines, "").split(",") != list(table.names):
                raise InputError(f"{path}: its first line is not that of the table {table.name}", "bad-table")
            for number, line in enumerate(lines, 1):
                try:
                    yield _row(line, table)
                except ValueError as error:
                    raise InputError(f"{path}, row {number}: {error}", "bad-table") from error
    except FileNotFoundError as error:
        raise InputError(f"{path}: this table is missing", "not-found") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}", "unreadable") from error


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """The rows of a file, without their line ends; a row may go over several lines."""
    held: list[str] = []
    within = False
    for line in lines:
        held.append(line)
        if line.count('"') % 2:
            within = not within
        if not within:
            yield "".join(held).removesuffix(_END)
            held = []
    if held:
        yield "".join(held)


def _row(line: str, table: Table) -> Row:
    cells = []
    at, more = 0, True
    while more:
        hit = _CELL.match(line, at)
        if hit is None:
            raise ValueError(f"what stands at character {at + 1} is no cell")
        cells.append((hit[1], hit[2]))
        at, more = hit.end(), hit[3] == ","
    if len(cells) != len(table.columns):
        raise ValueError(f"{len(cells)} cells, the table has {len(table.columns)} columns")
    return tuple(_value(column, *cell) for column, cell in zip(table.columns, cells, strict=True))


def _value(column: Column, quoted: str | None, bare: str | None) -> Value:
    if quoted is not None:
        return _VALUES[column.type](quoted.replace('""', '"'))
    return _VALUES[column.type](bare) if bare else None
