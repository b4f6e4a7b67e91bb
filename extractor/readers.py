"""Files and folders to Sources, and records back from JSON: what a folder may hold, and what is wrong with a file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from extractor.errors import InputError
from extractor.source import Source, as_date, decode

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from extractor.models import Release

SUFFIX = ".txt"
STDIN = "-"
BASELINE = "baseline.json"  # beside the records of a corpus: what scripts/gate.py holds them to
_JUNK = ("thumbs.db", "desktop.ini", "~$")


@dataclass(frozen=True)
class Document:
    """A file to read, and the name of it in the output: its path below the input folder, with forward slashes."""

    path: Path
    id: str

    def with_longer_id(self) -> Document:
        """The same document, named with one folder more of its path in front."""
        parts = Path(_absolute(self.path)).parts
        depth = self.id.count("/") + 2
        return replace(self, id="/".join(part.rstrip("/\\") for part in parts[-depth:]))


class Skipped(NamedTuple):
    """Something in an input folder that is not read, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Listing:
    """What the inputs hold, in the order in which it is read."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


def find(inputs: Iterable[Path]) -> Listing:
    """Lists the documents of files and folders: inputs in the order given, the files of a folder sorted by id.

    A file that is named is a document whatever its suffix; whether it can be read shows when it is read.
    """
    documents: list[Document] = []
    skipped: list[Skipped] = []
    named: set[str] = set()
    for path in inputs:
        for found in _walk(path) if path.is_dir() else [Document(path, path.name)]:
            where = _absolute(found.path)
            if isinstance(found, Document) and where in named:
                skipped.append(Skipped(found.path, "named twice"))
            elif isinstance(found, Document):
                named.add(where)
                documents.append(found)
            else:
                skipped.append(found)
    return Listing(tuple(_with_distinct_ids(documents)), tuple(skipped))


def _absolute(path: Path) -> str:
    # Two links to one file are two documents, so links are not followed here as Path.resolve would.
    return os.path.abspath(path)  # noqa: PTH100


def _walk(folder: Path) -> list[Document | Skipped]:
    found: list[Document | Skipped] = []
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        real = os.path.realpath(place)
        if real in seen:  # a symbolic link back to a folder that has been read
            found.append(Skipped(place, "folder already read"))
            continue
        seen.add(real)
        try:
            entries = sorted(place.iterdir(), reverse=True)
        except OSError:
            found.append(_document(place, folder))  # reading it tells the reason
            continue
        for entry in entries:
            if reason := _not_wanted(entry):
                found.append(Skipped(entry, reason))
            elif entry.is_dir() and entry.suffix.lower() != SUFFIX:
                # Links last, so that what is reached both ways has its own name.
                waiting.insert(0 if entry.is_symlink() else len(waiting), entry)
            else:
                found.append(_document(entry, folder))
    return sorted(found, key=lambda f: f.path.relative_to(folder).as_posix())


def _document(path: Path, folder: Path) -> Document:
    return Document(path, path.relative_to(folder).as_posix())


def _not_wanted(path: Path) -> str | None:
    name = path.name.lower()
    if name.startswith("."):
        return "hidden"
    if name.startswith(_JUNK):
        return "left by another program"
    if path.is_dir():
        return None
    if path.suffix.lower() != SUFFIX:
        return f"not {SUFFIX}"
    # A pipe or a device in a folder would be waited for without end. A broken link is a document that fails.
    return None if path.is_file() or path.is_symlink() else "not a regular file"


def _with_distinct_ids(documents: list[Document]) -> list[Document]:
    while twice := {name for name, n in Counter(d.id for d in documents).items() if n > 1}:
        documents = [d.with_longer_id() if d.id in twice else d for d in documents]
    return documents


def read(document: Document, known: Known | None = None) -> Source:
    """Reads one text file, with what is known of it from outside.

    Raises:
        InputError: With the code ``not-found``, ``broken-link``, ``is-folder``, ``unreadable``, ``empty``, ``binary``
            or ``not-utf8``.
    """
    text, encoding = decode(_bytes(document.path))
    known = known or Known()
    return Source(text, document.id, known.published, known.title, known.url, encoding)


def _bytes(path: Path) -> bytes:
    if str(path) == STDIN:
        return sys.stdin.buffer.read()
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # raises where the folder itself cannot be read
            raise InputError("a folder, not a file; name it as an input of its own to read what is in it", "is-folder")
        return path.read_bytes()
    except FileNotFoundError as error:
        if path.is_symlink():
            raise InputError(f"the link points to {path.readlink()}, which is not there", "broken-link") from error
        raise InputError("no such file or folder", "not-found") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be read: {reason}", "unreadable") from error


class Stored(NamedTuple):
    """A record read back from a file, with the file."""

    release: Release
    path: Path

    @property
    def id(self) -> str:
        """The document's name: the record's own, else the file's."""
        return self.release.source.id or self.path.name

    @property
    def stem(self) -> str:
        """The document's name without folders and suffix."""
        return self.path.stem if self.path.suffix == ".json" else Path(self.id).stem


def record_files(folder: Path) -> list[Path]:
    """The .json files of a folder that may hold a record: not hidden ones, and not the gate's baseline."""
    files = folder.rglob("*.json")
    return sorted(f for f in files if not f.name.startswith(".") and f.name != BASELINE)


def read_records(path: Path) -> list[Stored]:
    """Reads records: a .json file holds one, any other file is JSON Lines, a folder holds .json files.

    Raises:
        InputError: A file is missing, unreadable, or holds something that is no record (code ``bad-record``).
    """
    if not path.is_dir():
        return list(_records_of(path))
    files = record_files(path)
    if not files:
        raise InputError(f"{path}: no .json file in this folder", "not-found")
    return [record for file in files for record in _records_of(file)]


def _records_of(path: Path) -> Iterator[Stored]:
    try:
        data, _ = decode(_bytes(path))
    except InputError as error:
        raise InputError(f"{path}: {error}", error.code) from error
    if path.suffix.lower() == ".json":
        yield Stored(_record(data, str(path)), path)
        return
    for number, line in enumerate(data.split("\n"), 1):
        if line.strip():
            yield Stored(_record(line, f"{path}, line {number}"), path)


def _record(line: str, where: str) -> Release:
    from pydantic import ValidationError

    from extractor.models import Release

    try:
        return Release.model_validate_json(line)
    except ValidationError as error:
        raise InputError(f"{where}: not a record: {_first(error.errors())}", "bad-record") from error


def _first(errors: Sequence[object]) -> str:
    first = errors[0]
    assert isinstance(first, dict)
    place = ".".join(map(str, first["loc"]))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{place + ': ' if place else ''}{first['msg']}{more}"


# What is known of releases from outside


class Known(NamedTuple):
    """What a table says of one release."""

    published: date | None = None
    title: str | None = None
    url: str | None = None


def read_metadata(path: Path) -> dict[str, Known]:
    """Reads a table of what is known of releases, by id: the document's name, with or without suffix.

    A .csv file has a head line; a .json file holds a list of objects; a .toml file one array of tables. Columns other
    than id, published, title and url are not looked at.

    Raises:
        InputError: The file cannot be read, a row has no id, an id stands twice, or a date is none.
    """
    rows = _rows(path)
    known: dict[str, Known] = {}
    for number, row in enumerate(rows, 1):
        where = f"{path}, row {number}"
        name = row.get("id")
        if not isinstance(name, str) or not name:
            raise InputError(f"{where}: no id", "bad-metadata")
        if name in known:
            raise InputError(f"{where}: {name!r} stands twice", "bad-metadata")
        try:
            published = as_date(row.get("published") or None)
        except (InputError, TypeError) as error:
            raise InputError(f"{where}: {error}", "bad-metadata") from error
        known[name] = Known(published, row.get("title") or None, row.get("url") or None)
    return known


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        text, _ = decode(_bytes(path))
        if path.suffix.lower() == ".csv":
            return list(csv.DictReader(io.StringIO(text, newline="")))
        if path.suffix.lower() == ".toml":
            tables = [value for value in tomllib.loads(text).values() if isinstance(value, list)]
            rows = tables[0] if len(tables) == 1 else None
        else:
            rows = json.loads(text)
    except InputError as error:
        raise InputError(f"{path}: {error}", error.code) from error
    except ValueError as error:
        raise InputError(f"{path}: {error}", "bad-metadata") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{path}: not a list of rows", "bad-metadata")
    return rows


def known_of(document: Document, known: Mapping[str, Known]) -> Known:
    """What the table says of a document, found by its id, with or without suffix."""
    return known.get(document.id) or known.get(document.id.removesuffix(Path(document.id).suffix)) or Known()


def texts_for(expected: Path, text: Path | None) -> Callable[[Stored], str | None]:
    """How to find the text of a record: the file given, or by the record's id or stem in a folder."""
    if text is not None and not text.is_dir():
        content, _ = decode(_bytes(text))
        return lambda _: content
    folder = text or (expected if expected.is_dir() else expected.parent)

    def find_text(record: Stored) -> str | None:
        for path in (folder / record.id, (folder / record.id).with_suffix(SUFFIX), folder / f"{record.stem}{SUFFIX}"):
            if path.is_file() and path.suffix.lower() == SUFFIX:
                content, _ = decode(_bytes(path))
                return content if _digest(content) == record.release.source.sha256 else None
        return None

    return find_text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
