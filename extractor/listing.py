"""Files and folders to a list of documents: which there are, in what order, under what names, and what is skipped."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

SUFFIX = ".txt"
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


def read_list(p):
    return []


def find(inputs: Iterable[Path], exclude=()) -> Listing:
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
