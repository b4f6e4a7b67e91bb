"""Outputs of runs read back as tidy rows, whatever their format, and as a database that answers questions."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from extractor.errors import InputError
from extractor.models import old_version
from extractor.outputs import json_folder, parts, stored, tidy, tidy_csv, tidy_parquet, tidy_sqlite
from extractor.runs.atomic import failures_path

_SQLITE = b"SQLite format 3\0"
_GZIP = b"\x1f\x8b"


def rows_in(output: Path) -> Iterator[tuple[str, tidy.Row]]:
    """The rows of an output, each with the name of its table, table by table or release by release.

    Args:
        output: What a run has written in any format, a record (.json), or a folder of records.

    Raises:
        InputError: It is not there, cannot be read, or is no output.
    """
    if output.is_dir():
        if (output / f"releases{tidy_csv.SUFFIX}").exists():
            return tidy_csv.read(output)
        if (output / f"releases{tidy_parquet.SUFFIX}").exists():
            return tidy_parquet.read(output)
        return _rows_of_parts(output) if parts.is_output(output) else _rows_of_folder(output)
    if _first_bytes(output) == _SQLITE:
        return tidy_sqlite.read(output)
    return _rows_of_lines(output)


@contextmanager
def database(output: Path, only: Collection[str] = tuple(tidy.TABLES)) -> Iterator[sqlite3.Connection]:
    """An output as a database with all tables and views, read only or for the time being.

    Args:
        output: As for `rows_in`.
        only: Names of the tables that are needed.

    Raises:
        InputError: As for `rows_in`, or two entries have one name.
    """
    if output.is_file() and _first_bytes(output) == _SQLITE:
        with closing(tidy_sqlite.opened(output)) as found:
            yield found
        return
    with closing(sqlite3.connect("", isolation_level=None)) as made:  # goes to a file of its own when it grows
        try:
            tidy_sqlite.fill(made, rows_in(output), only)
        except sqlite3.IntegrityError as error:
            raise InputError(f"{output}: two entries have one name: {error}", "twice") from error
        yield made


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE))
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file or folder", "not-found") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", "unreadable") from error


def _rows_of_folder(folder: Path) -> Iterator[tuple[str, tidy.Row]]:
    ours = (folder / json_folder.LIST).exists()
    files = list(json_folder.files(folder) if ours else stored.record_files(folder))
    failures = folder / json_folder.FAILURES
    if not ours and not files:
        raise InputError(f"{folder}: no tables and no .json file in this folder", "not-found")
    for file in files:
        yield from _rows(_read(file), str(file))
    yield from _failures(failures)


def _rows_of_parts(folder: Path) -> Iterator[tuple[str, tidy.Row]]:
    for part, number, record in parts.records(folder):
        yield from _rows(record, f"{part}, row {number}")
    for failure in parts.failures(folder):
        yield "failures", failure


def _rows_of_lines(path: Path) -> Iterator[tuple[str, tidy.Row]]:
    if path.suffix.lower() == ".json":
        yield from _rows(_read(path), str(path))
        return
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            yield from _rows(line, f"{path}, line {number}")
    yield from _failures(failures_path(path))


def _read(path: Path) -> str:
    return "".join(_lines(path))


def _lines(path: Path) -> Iterator[str]:
    packed = _first_bytes(path).startswith(_GZIP)
    try:
        with gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8", newline="\n") as file:
            yield from file
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}", "unreadable") from error


def _rows(line: str, where: str) -> Iterator[tuple[str, tidy.Row]]:
    record = _parsed(line, where)
    if old_version(record):
        stored.refuse_old(line, where)
    try:
        yield from list(tidy.rows_of(record))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise InputError(f"{where}: not a record: {type(error).__name__} {error}", "bad-record") from error


def _failures(path: Path) -> Iterator[tuple[str, tidy.Row]]:
    if not path.is_file():  # a run in which nothing failed leaves none
        return
    for number, line in enumerate(_lines(path), 1):
        failure = _parsed(line, f"{path}, line {number}")
        try:
            yield "failures", (failure["source"], failure["error"], failure["message"])
        except KeyError as error:
            raise InputError(f"{path}, line {number}: not a failure: no {error}", "bad-record") from error


def _parsed(line: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where}: not a record: {error}", "bad-record") from error
    if not isinstance(found, dict):
        raise InputError(f"{where}: not a record", "bad-record")
    return found
