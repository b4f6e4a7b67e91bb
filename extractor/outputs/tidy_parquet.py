"""The tidy tables as a folder of Parquet files, one for each table, and back; needs the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.errors import InputError, OutputError
from extractor.outputs.tidy import TABLES, Row, Table, Value, in_batches
from extractor.runs import folders
from extractor.runs.atomic import told

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
_GROUP = 10_000  # rows of a row group: what is held at once while writing, and what a reader must hold


def schema(table: Table) -> pa.Schema:
    """The schema of a table's file; the meaning of a column stands in its metadata as `description`."""
    import pyarrow as pa

    types = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64(), "date": pa.date32()}
    return pa.schema(
        [
            pa.field(c.name, types[c.type], nullable=c.optional, metadata={"description": c.about})
            for c in table.columns
        ],
        metadata={"description": table.about},
    )


def write(folder: Path, rows: Iterable[tuple[str, Row]]) -> None:
    """Writes the tables, each as a file of its name.

    Raises:
        OutputError: The folder or the disk does not take them.
    """
    import pyarrow as pa
    from pyarrow import parquet

    with folders.staged(folder) as staging:
        writers = {}
        with ExitStack() as stack:
            for table in TABLES.values():
                with told(folder):
                    file = staging / f"{table.name}{SUFFIX}"
                    writer = parquet.ParquetWriter(file, schema(table), compression="zstd")
                stack.enter_context(told(folder))  # what is left is written when a file is closed
                writers[table.name] = stack.enter_context(writer)
            for name, batch in in_batches(rows, _GROUP):
                data = _columns(TABLES[name], batch)
                with told(folder):
                    writers[name].write_table(data)
                del data
    pa.default_memory_pool().release_unused()


def _columns(table: Table, rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    wanted = schema(table)
    arrays = []
    for column, field, values in zip(table.columns, wanted, zip(*rows, strict=True), strict=True):
        try:
            made = pa.array(values, pa.string() if column.type == "date" else field.type)
            arrays.append(made.cast(field.type))
        except (pa.ArrowInvalid, OverflowError) as error:
            raise OutputError(f"table {table.name}, column {column.name}: {error}") from error
    return pa.Table.from_arrays(arrays, schema=wanted)


def read(folder: Path) -> Iterator[tuple[str, Row]]:
    """The rows of the tables in a folder, each with the name of its table.

    Raises:
        InputError: A table is missing or is not as `write` makes it, or the extra is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise InputError("Parquet needs pyarrow: pip install 'police-press-extractor[parquet]'", "no-extra") from error
    for table in TABLES.values():
        path = folder / f"{table.name}{SUFFIX}"
        try:
            with parquet.ParquetFile(path) as file:
                if not file.schema_arrow.equals(schema(table)):
                    raise InputError(f"{path}: its columns are not those of the table {table.name}", "bad-table")
                for batch in file.iter_batches(_GROUP):
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        yield table.name, tuple(map(_value, row))
        except FileNotFoundError as error:
            raise InputError(f"{path}: this table is missing", "not-found") from error
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"{path}: cannot be read: {error}", "unreadable") from error


def _value(value: date | Value) -> Value:
    return value.isoformat() if isinstance(value, date) else value
