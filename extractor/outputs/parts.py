"""The output of a run on Spark read back without Spark: a folder of parts, in the order of their names."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from extractor.errors import InputError
from extractor.reading.parsed import missing
from extractor.text.files import content

_WHOLE = "_SUCCESS"  # written last
_RECORDS, _FAILURES = "kind=records", "kind=failures"
_CELLS = ("record", "id", "error", "message")
_PACKED, _TABLE = ".gz", ".parquet"


def is_output(folder: Path) -> bool:
    """Whether a folder is what Spark has written, or begun to write."""
    return any((folder / name).exists() for name in (_WHOLE, "_temporary", _RECORDS, _FAILURES))


def records(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """The records of an output, each with its part and its number in it.

    Raises:
        InputError: The output is not whole, a part cannot be read, or pyarrow is not installed.
    """
    yield from _lines(folder, _RECORDS)
    for part, number, (record, _, _, _) in _rows(folder):
        if record is not None:
            yield part, number, record


def failures(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The failures of an output: name, code and message.

    Raises:
        InputError: As for `records`.
    """
    for part, number, line in _lines(folder, _FAILURES):
        try:
            found = json.loads(line)
            yield found["source"], found["error"], found["message"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{part}, row {number}: not a failure: {error}", "bad-record") from error
    for _, _, (_, source, code, message) in _rows(folder):
        if code is not None:
            yield source or "", code, message or ""


def _lines(folder: Path, kind: str) -> Iterator[tuple[Path, int, str]]:
    if not (folder / _WHOLE).exists():
        raise InputError(f"{folder}: not a whole output, it has no {_WHOLE}", "broken")
    for part in sorted((folder / kind).glob("part-*")):
        for number, line in enumerate(_text(part).split("\n"), 1):
            if line:
                yield part, number, line


def _text(part: Path) -> str:
    try:
        data = content(part)
        return (gzip.decompress(data) if part.suffix == _PACKED else data).decode("utf-8")
    except InputError as error:
        raise InputError(f"{part}: {error}", error.code) from error
    except (EOFError, zlib.error, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{part}: not whole: {error}", "broken") from error


def _rows(folder: Path) -> Iterator[tuple[Path, int, tuple[str | None, ...]]]:
    tables = sorted(folder.glob(f"part-*{_TABLE}"))
    if not tables:
        return
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise missing("parquet", "Parquet") from error
    for part in tables:
        number = 0
        try:
            with parquet.ParquetFile(part) as table:
                for batch in table.iter_batches(500, columns=list(_CELLS)):
                    for row in zip(*(batch.column(name).to_pylist() for name in _CELLS), strict=True):
                        number += 1
                        yield part, number, row
        except (pyarrow.ArrowException, OSError, KeyError) as error:
            raise InputError(f"{part}: cannot be read: {error}", "unreadable") from error
