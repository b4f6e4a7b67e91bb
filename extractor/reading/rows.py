"""Tables to documents, one a row: JSON, JSON Lines, CSV and Parquet, packed or not, streamed, and each bad row told."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from extractor.errors import InputError
from extractor.reading.metadata import Known
from extractor.reading.parsed import missing
from extractor.text import suffixes
from extractor.text.files import content, opened, too_large
from extractor.text.lines import Line, Lines, RowLines
from extractor.text.source import Note, day_told, decode

_DEFAULT_DATE = "published"
OTHER_DATE = "date"  # looked at where the column is not there and none other was named
_BATCH = 32  # rows of a Parquet file in memory at once


@dataclass(frozen=True)
class Columns:
    """Which columns hold what, and how much of a text is read."""

    text: str
    id: str
    date: str
    max_bytes: int
    encoding: str | None = None


class Row(NamedTuple):
    """One row: the text with what the row says of it, or the reason why it has none.

    Attributes:
        number: Its number in the file, from 1: of the line in JSON Lines, else of the row.
        text: The text; None if the row is bad.
        id: Name of the document, where the row gives one.
        known: What the other columns say.
        encoding: How its bytes were decoded.
        notes: What there is to know about it.
        error: Why there is no text.
    """

    number: int
    text: str | None
    id: str | None = None
    known: Known = Known()
    encoding: str = "utf-8"
    notes: tuple[Note, ...] = ()
    error: InputError | None = None


def rows(path: Path, columns: Columns) -> Iterator[Row]:
    """The rows of a file, lazily; what is wrong with a row is in the row.

    Raises:
        InputError: The file cannot be read, or cannot be read to its end: after the rows that could.
    """
    suffix = suffixes.suffix_of(path)
    reader = _READERS[suffix.removesuffix(suffixes.PACKED)]
    number = 0
    for number, row in enumerate(reader(path, columns), 1):  # noqa: B007
        yield row
    if not number:
        raise InputError("no row at all", "empty")


def _json(path: Path, columns: Columns) -> Iterator[Row]:
    text, encoding = decode(content(path, columns.max_bytes), columns.encoding)
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise InputError("nested too deeply", "broken") from error
    except ValueError as error:
        raise InputError(f"not JSON: {error}", "broken") from error
    for number, value in enumerate(found if isinstance(found, list) else [found], 1):
        yield row_of(number, f"row {number:,}", value, columns, encoding)


def _lines(path: Path, columns: Columns) -> Iterator[Row]:
    with _unpacked(path) as file:
        for line in Lines(file, columns.max_bytes, columns.encoding):
            if line.error or line.text.strip():
                yield row_of_line(line, f"line {line.number:,}", columns)


def row_of_line(line: Line, where: str, columns: Columns) -> Row:
    """The row of a line of JSON Lines.

    Args:
        line: The line.
        where: What messages call it.
        columns: Which keys hold what.
    """
    if line.error:
        return _bad(line.number, where, line.error)
    try:
        value = json.loads(line.text)
    except RecursionError:
        return _bad(line.number, where, InputError("nested too deeply", "broken"))
    except ValueError as error:
        return _bad(line.number, where, InputError(f"not JSON: {error}", "broken"))
    return row_of(line.number, where, value, columns, line.encoding)


def _csv(path: Path, columns: Columns) -> Iterator[Row]:
    # A limit of the process; Spark and others that read tables beside us are not hurt by a higher one.
    csv.field_size_limit(max(csv.field_size_limit(), columns.max_bytes))
    delimiter = "\t" if suffixes.suffix_of(path).startswith(".tsv") else ","
    with _unpacked(path) as file:
        lines = RowLines(Lines(file, columns.max_bytes, columns.encoding))
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        head: list[str] | None = None
        number = 0
        for cells in _cells(reader, lines):
            if head is None:
                head = _head(cells, columns)
                continue
            number += 1
            where = f"row {number:,} (line {lines.number:,})"
            if isinstance(cells, InputError):
                yield _bad(number, where, cells)
                lines.give_back()
            elif len(cells) > len(head):
                message = f"{len(cells)} fields, where the table has {len(head)} columns"
                yield _bad(number, where, InputError(message, "bad-row"))
            else:
                yield row_of(number, where, dict(zip(head, cells, strict=False)), columns, lines.encoding)


def _cells(reader: Iterator[list[str]], lines: RowLines) -> Iterator[list[str] | InputError]:
    """The cells of each row that has any, or why they cannot be had."""
    while True:
        lines.new_row()
        try:
            if cells := next(reader):
                yield cells
        except StopIteration:
            return
        except (csv.Error, InputError) as error:
            yield _as_input(error)


def _as_input(error: csv.Error | InputError) -> InputError:
    if isinstance(error, InputError):
        return error
    never_closed = "field limit" in str(error) or "unexpected end" in str(error)
    return InputError("a quotation mark is not closed" if never_closed else f"not CSV: {error}", "broken")


def _head(cells: list[str] | InputError, columns: Columns) -> list[str]:
    if isinstance(cells, InputError):
        raise InputError(f"the head of the table: {cells}", cells.code) from cells
    head = [cell.strip() for cell in cells]
    _check_columns(head, columns)
    return head


def _check_columns(names: list[str], columns: Columns) -> None:
    if names.count(columns.text) != 1:
        many = "more than one" if columns.text in names else "no"
        raise InputError(f"{many} column {columns.text!r}; there is {', '.join(names)}"[:300], "no-column")


def _parquet(path: Path, columns: Columns) -> Iterator[Row]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise missing("parquet", "Parquet") from error
    number = 0
    # pyarrow reads by seeking, so the file is its own to open; `opened` is for the reasons that it cannot be.
    with opened(path) as file:
        try:
            table = parquet.ParquetFile(file)
            names = table.schema_arrow.names
            _check_columns(names, columns)
            wanted = {columns.text, columns.id, columns.date, OTHER_DATE, "title", "url"}
            for batch in table.iter_batches(_BATCH, columns=[name for name in names if name in wanted]):
                for value in _values(batch):
                    number += 1
                    yield row_of(number, f"row {number:,}", value, columns, "utf-8")
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise InputError(f"not a whole Parquet file: {' '.join(str(error).split())[:200]}", "broken") from error


def _values(batch: Any) -> Iterator[Mapping[str, Any]]:
    import pyarrow

    # Nanoseconds have no form in Python.
    columns = [
        _held(
            column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
            if pyarrow.types.is_timestamp(column.type)
            else column
        )
        for column in batch.columns
    ]
    for cells in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, cells, strict=True))


def _held(column: Any) -> list[Any]:
    """The values of a column; one that Python cannot hold (a day in the year 12000) as its number."""
    try:
        values: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):
        values = [_as_python(scalar) for scalar in column]
    return values


def _as_python(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError as error:
        return error.object  # the bytes
    except (OverflowError, ValueError):
        return str(scalar.value)


def row_of(number: int, where: str, value: object, columns: Columns, encoding: str = "utf-8") -> Row:
    """The row of an object with the cells by the names of their columns; of anything else, a bad row.

    Args:
        number: Its number in the table.
        where: What messages call it.
        value: The object.
        columns: Which columns hold what.
        encoding: How its bytes were decoded.
    """
    name = None
    try:
        if not isinstance(value, dict):
            raise InputError(f"not an object with the key {columns.text!r}", "bad-row")
        name = _cell(value, columns.id)
        day, notes = _day(value, columns)
        known = Known(day, _cell(value, "title"), _cell(value, "url"))
        return Row(number, _text(value, columns), name, known, encoding, notes)
    except InputError as error:
        return _bad(number, where, error, name)


def _bad(number: int, where: str, error: InputError, name: str | None = None) -> Row:
    return Row(number, None, name, error=InputError(f"{where}: {error}", error.code))


def _text(row: Mapping[str, Any], columns: Columns) -> str:
    text = row.get(columns.text)
    if text is None:
        raise InputError(f"no {columns.text!r}", "no-text")
    if isinstance(text, bytes):
        raise InputError(f"{columns.text!r} is bytes, no text in UTF-8", "bad-encoding")
    if not isinstance(text, str):
        raise InputError(f"{columns.text!r} is no string", "no-text")
    # The length in bytes is asked for only where it can matter.
    if len(text) * 4 > columns.max_bytes and (size := len(text.encode("utf-8", "replace"))) > columns.max_bytes:
        raise too_large(size, columns.max_bytes)
    return text


def _cell(row: Mapping[str, Any], column: str) -> str | None:
    value = row.get(column)
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"{column!r} is neither a string nor a number", "bad-row")


def _day(row: Mapping[str, Any], columns: Columns) -> tuple[date | None, tuple[Note, ...]]:
    column = columns.date
    if column == _DEFAULT_DATE and column not in row:
        column = OTHER_DATE
    day = row.get(column) or None
    if day is not None and not isinstance(day, str | date):
        raise InputError(f"{column!r} is not an ISO date (YYYY-MM-DD)", "bad-date")
    return day_told(day)


@contextmanager
def _unpacked(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked as they are read."""
    with opened(path) as file:
        if path.suffix.lower() != suffixes.PACKED:
            yield file
            return
        try:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast(BinaryIO, unpacked)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"not a whole gzip file: {error}", "broken") from error


Reader = Callable[[Path, Columns], Iterable[Row]]
_READERS: dict[str, Reader] = {
    **dict.fromkeys(suffixes.JSON, _json),
    **dict.fromkeys(suffixes.LINES, _lines),
    **dict.fromkeys(suffixes.CSV, _csv),
    **dict.fromkeys(suffixes.PARQUET, _parquet),
}
