"""Keeps what is not ours: no command replaces a file that it reads, or one that this program did not write.

A file is ours if it says so itself: records and failures by their keys, pages by their generator, databases by their
tables, and what stands beside or in the folder of a manifest.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import stat
import zlib
from collections.abc import Callable, Iterable, Set
from contextlib import closing
from pathlib import Path

from extractor.errors import OutputError
from extractor.outputs.tidy import TABLES
from extractor.runs.manifest import FORMAT, IN_FOLDER, SUFFIX

GENERATOR = b'<meta name="generator" content="extractor'
GOLD = ".extractor-gold"  # in a folder of records that somebody reviews
TEXTS = ".extractor-texts"  # in a folder of texts that a run saved
_HEAD = 4096  # bytes of a page in which its generator stands
_SQLITE = b"SQLite format 3\x00"
_RECORD = {"schema_version", "source", "provenance"}  # keys
_FAILURE = {"source", "error", "message"}
_WRITABLE = 0o222


def check(
    outputs: Iterable[Path],
    *,
    reads: Iterable[Path] = (),
    overwrite: bool = False,
    ours: Callable[[Path], bool] | None = None,
) -> None:
    """Refuses to write files that are read, or that are somebody else's.

    Args:
        outputs: The files that will be written.
        reads: The files and folders that the command reads.
        overwrite: Whether foreign files may be replaced; those that are read never are.
        ours: Tells which files this command may replace unasked; else all that this program wrote.

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
        if not output.is_file():
            continue
        if any(_is_input_in(path, output) for path in read):
            raise OutputError(f"{output}: stands in a folder that this command reads; name another output")
        if (found := _stat(output)) and not found.st_mode & _WRITABLE:
            raise OutputError(f"{output}: read-only, and nothing was changed; name another output")
        if not overwrite and not (ours or is_ours)(output):
            raise OutputError(
                f"{output}: not written by this program, and nothing was changed; name another output, or replace the "
                f"file with --overwrite"
            )


def _is_input_in(folder: Path, output: Path) -> bool:
    """Whether a file of a folder that is read may be among what is read; what a run or a page left there is not."""
    if not folder.is_dir():
        return False
    if folder.resolve() not in output.resolve().parents:
        found = _stat(output)
        linked = found is not None and found.st_nlink > 1
        return linked and any(_is_same(output, path) for path in folder.rglob("*"))
    return not (is_page(output) or _has_manifest(output) or is_empty(output) or _is_record(output, _FAILURE))


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


def check_texts(folder: Path, *, reads: Iterable[Path], overwrite: bool) -> None:
    """Refuses to save texts where others stand.

    Raises:
        OutputError: The folder holds documents that are read, or texts that no run saved.
    """
    if any(folder.resolve() in path.resolve().parents for path in reads):
        raise OutputError(f"{folder}: this command reads documents in that folder; save the texts in another one")
    if folder.is_dir() and not (folder / TEXTS).exists() and any(folder.rglob("*.txt")) and not overwrite:
        raise OutputError(
            f"{folder}: holds texts that no run has saved, and nothing was changed; name another folder, or replace "
            f"them with --overwrite"
        )


def mark_texts(folder: Path) -> None:
    """Marks a folder as one for texts that runs save."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TEXTS).touch()


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
    if is_empty(path):
        return True
    head = _head(path)
    if head.startswith(_SQLITE):  # before all else: a run may have put its tables into a database of the user's
        return _is_our_database(path)
    return GENERATOR in head or _has_manifest(path) or _is_record(path, _RECORD) or _is_record(path, _FAILURE)


def is_page(path: Path) -> bool:
    """Whether a file is a page of this program, or empty: a page never takes the place of records."""
    return is_empty(path) or GENERATOR in _head(path)


def is_database(path: Path) -> bool:
    """Whether a file is a SQLite database, whosever it is."""
    return path.is_file() and _head(path).startswith(_SQLITE)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def is_empty(path: Path) -> bool:
    """Whether a file holds nothing that could be lost."""
    found = _stat(path)
    return found is None or (stat.S_ISREG(found.st_mode) and found.st_size == 0)


def _stat(path: Path) -> os.stat_result | None:
    """What the system knows of a file; None if it has vanished meanwhile."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _has_manifest(path: Path) -> bool:
    """Whether a run says that a file is its own: one beside a manifest, or a table in the folder of one."""
    if _is_manifest(path.with_name(path.name + SUFFIX)):
        return True
    return path.stem in TABLES and _is_manifest(path.parent / IN_FOLDER)


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


def _is_record(path: Path, keys: Set[str]) -> bool:
    """Whether a file begins with a record or a failure of ours, packed or not, as its keys tell."""
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            found = json.loads(file.readline() or b"null")
            if found is None or isinstance(found, str):
                return False
    except (OSError, ValueError, EOFError, zlib.error):
        return _is_indented_record(path, keys)
    return isinstance(found, dict) and keys <= found.keys()


def _is_indented_record(path: Path, keys: Set[str]) -> bool:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and keys <= found.keys()
