"""The output of a run on Spark read back without Spark: a folder of parts, in the order of their names."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from extractor.errors import InputError
from extractor.files import content
from extractor.parsed import missing

_WHOLE = "_SUCCESS"  # written last
_RECORDS = "kind=records"
_PACKED, _TABLE = ".gz", ".parquet"


def is_output(folder: Path) -> bool:
    """Whether a folder is what Spark has written, or begun to write."""
    return any((folder / name).exists() for name in (_WHOLE, "_temporary", _RECORDS))


def records(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """The records of an output, each with its part and its number in it.

    Raises:
        InputError: The output is not whole, a part cannot be read, or pyarrow is not installed.
    """
    if not (folder / _WHOLE).exists():
        raise InputError(f"{folder}: not a whole output, it has no {_WHOLE}", "broken")
    for part in sorted((folder / _RECORDS).glob("part-*")):
        for number, line in enumerate(_text(part).split("\n"), 1):
            if line:
                yield part, number, line
    for part in sorted(folder.glob(f"part-*{_TABLE}")):
        for number, record in enumerate(_column(part), 1):
            if record is not None:
                yield part, number, record


def _text(part: Path) -> str:
    try:
        data = content(part)
        return (gzip.decompress(data) if part.suffix == _PACKED else data).decode("utf-8")
    except InputError as error:
        raise InputError(f"{part}: {error}", error.code) from error
    except (EOFError, zlib.error, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{part}: not whole: {error}", "broken") from error


def _column(part: Path) -> Iterator[str | None]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise missing("parquet", "Parquet") from error
    try:
        with parquet.ParquetFile(part) as table:
            for batch in table.iter_batches(500, columns=["record"]):
                yield from batch.column(0).to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{part}: cannot be read: {error}", "unreadable") from error
