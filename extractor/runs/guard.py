"""Keeps what is not ours: no command replaces a file that it reads, or one that this program did not write.

A file is ours if it says so itself: records and failures by their keys, pages by their generator, databases by their
tables, and what stands beside or in the folder of a manifest.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from extractor.errors import OutputError
from extractor.outputs.tidy import TABLES
from extractor.runs.manifest import FORMAT, IN_FOLDER, SUFFIX

GENERATOR = b'<meta name="generator" content="extractor'
GOLD = ".extractor-gold"  # in a folder of records that somebody reviews
_HEAD = 4096  # bytes of a page in which its generator stands
_SQLITE = b"SQLite format 3\x00"
_KEYS = ({"schema_version", "source", "provenance"}, {"source", "error", "message"})


def check(outputs: Iterable[Path], *, reads: Iterable[Path] = (), overwrite: bool = False) -> None:
    """Refuses to write files that are read, or that are somebody else's.

    Args:
        outputs: The files that will be written.
        reads: The files and folders that the command reads.
        overwrite: Whether foreign files may be replaced; those that are read never are.

    Raises:
        OutputError: One of the files must stay as it is; nothing has been changed.
    """
    read = [path for path in reads if path.exists()]
    for output in outputs:
        if not output.exists() and not output.is_symlink():
            _refuse_twin(output, read)
            continue
        if any(_is_same(output, path) for path in read):
            raise OutputError(f"{output}: this command reads that file; name another output")
        if output.is_file() and not overwrite and not is_ours(output):
            raise OutputError(
                f"{output}: not written by this program, and nothing was changed; name another output, or replace the "
                f"file with --overwrite"
            )


def _refuse_twin(output: Path, read: Iterable[Path]) -> None:
    """Refuses a name that differs from a file that is read in case alone: on many systems it is the same file."""
    for path in read:
        if (
            path.name != output.name
            and path.name.casefold() == output.name.casefold()
            and _is_same(path.parent, output.parent)
        ):
            raise OutputError(
                f"{output}: differs from {path}, which this command reads, in case alone; name another output"
            )


def _is_same(a: Path, b: Path) -> bool:
    try:
        return a.samefile(b)
    except OSError:
        return os.path.realpath(a) == os.path.realpath(b)


def check_folder(folder: Path) -> None:
    """Refuses to write records into a folder that somebody reviews.

    Raises:
        OutputError: The folder is marked as gold.
    """
    if (folder / GOLD).exists():
        raise OutputError(
            f"{folder}: records here are reviewed as gold, and nothing was changed; write to another folder and "
            f"compare with `extractor review`"
        )


def mark_gold(folder: Path) -> None:
    """Marks a folder of records as reviewed, so that no run writes into it."""
    (folder / GOLD).touch()


def is_ours(path: Path) -> bool:
    """Whether this program wrote a file; an empty one holds nothing that could be lost."""
    if path.is_file() and path.stat().st_size == 0:
        return True
    if _is_manifest(path.with_name(path.name + SUFFIX)) or _is_manifest(path.parent / IN_FOLDER):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    if head.startswith(_SQLITE):
        return _is_our_database(path)
    if GENERATOR in head:
        return True
    return _is_record(path)


def _is_manifest(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)) as database:
            row = database.execute("SELECT value FROM about WHERE key = 'format'").fetchone()
    except sqlite3.Error:
        return False
    return row is not None and row[0] == FORMAT


def _is_our_database(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)) as database:
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return False
    return "releases" in names and names <= set(TABLES)


def _is_record(path: Path) -> bool:
    """Whether a file begins with a record or a failure of ours, packed or not."""
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            found = json.loads(file.readline() or b"null")
            if found is None or isinstance(found, str):
                return False
    except (OSError, ValueError, EOFError, zlib.error):
        return _is_indented_record(path)
    return isinstance(found, dict) and any(keys <= set(found) for keys in _KEYS)


def _is_indented_record(path: Path) -> bool:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and any(keys <= set(found) for keys in _KEYS)
