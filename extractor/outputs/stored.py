"""Records read back from JSON, and the texts they were made of."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from extractor.errors import InputError
from extractor.outputs import parts
from extractor.text.files import BASELINE, content
from extractor.text.paths import safe_path, text_path
from extractor.text.source import decode

if TYPE_CHECKING:
    from extractor.models import Release

TEXT_SUFFIX = ".txt"


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
    """Reads records: a .json file holds one, any other file is JSON Lines, a folder holds .json files or Spark's parts.

    Raises:
        InputError: A file is missing, unreadable, or holds something that is no record (code ``bad-record``).
    """
    if not path.is_dir():
        return list(_records_of(path))
    if parts.is_output(path):
        return [Stored(_record(line, f"{part}, row {number}"), part) for part, number, line in parts.records(path)]
    files = record_files(path)
    if not files:
        raise InputError(f"{path}: no .json file in this folder", "not-found")
    return [record for file in files for record in _records_of(file)]


def _records_of(path: Path) -> Iterator[Stored]:
    try:
        data, _ = decode(_unpacked(content(path)))
    except InputError as error:
        raise InputError(f"{path}: {error}", error.code) from error
    if path.suffix.lower() == ".json":
        yield Stored(_record(data, str(path)), path)
        return
    for number, line in enumerate(data.split("\n"), 1):
        if line.strip():
            yield Stored(_record(line, f"{path}, line {number}"), path)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be unpacked: {error}", "unreadable") from error


def _record(line: str, where: str) -> Release:
    from pydantic import ValidationError

    from extractor.models import Release

    try:
        return Release.model_validate_json(line)
    except ValidationError as error:
        refuse_old(line, where)
        raise InputError(f"{where}: not a record: {_first(error.errors())}", "bad-record") from error


def refuse_old(line: str, where: str) -> None:
    """Raises InputError if a line of JSON is a record of schema 1, and says how to move it."""
    from extractor.models import old_version

    try:
        version = old_version(json.loads(line))
    except ValueError:
        return
    if version:
        raise InputError(
            f"{where}: a record of schema {version}; `extractor convert RECORDS -o OUT` moves it to schema 2",
            "old-record",
        )


def _first(errors: Sequence[object]) -> str:
    first = errors[0]
    assert isinstance(first, dict)
    place = ".".join(map(str, first["loc"]))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{place + ': ' if place else ''}{first['msg']}{more}"


def texts_for(expected: Path, text: Path | None) -> Callable[[Stored], str | None]:
    """How to find the text of a record: the file given, or by the record's id or stem in a folder.

    In a folder, a text that ``--save-text`` has written comes first. What is found is the text the record was made
    of, by its digest, or None.
    """
    if text is not None and not text.is_dir():
        given, _ = decode(content(text))
        return lambda _: given
    folder = text or (expected if expected.is_dir() else expected.parent)

    def find_text(record: Stored) -> str | None:
        # An id may come from a table: none is followed out of the folder.
        saved, named = text_path(record.id), safe_path(record.id)
        names = [saved, named.with_suffix(TEXT_SUFFIX), safe_path(f"{record.stem}{TEXT_SUFFIX}")]
        if _stays_inside(record.id):  # a file may have a name that we should not give it
            names.append(PurePosixPath(record.id))
        for name in dict.fromkeys(names):
            path = folder / name
            # os.path, for which a name that no file can have is no file, and no error
            if os.path.isfile(path) and (found := _decoded(content(path), record.release)) is not None:  # noqa: PTH113
                return found
        return None

    return find_text


def _stays_inside(id: str) -> bool:
    return not Path(id).is_absolute() and ".." not in Path(id).parts


def _decoded(data: bytes, release: Release) -> str | None:
    """The text that the record was made of, if these are its bytes: as they were saved, or as they were read."""
    for encoding in ("utf-8", "utf-8-sig", release.source.encoding):
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):
            continue
        if _digest(text) == release.source.sha256:
            return text
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
