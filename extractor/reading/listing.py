"""Files, folders and patterns to a list of documents: which, in what order, under what names, and what is skipped."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import NamedTuple

from extractor.errors import InputError
from extractor.text.files import BASELINE, STDIN, content
from extractor.text.source import decode
from extractor.text.suffixes import SUFFIXES, suffix_of

STDIN_ID = "stdin"
_JUNK = re.compile(
    r"(?:thumbs\.db|desktop\.ini|__macosx|\$recycle\.bin|~\$.*|.*~|.*\.(?:bak|tmp|temp|part|partial|crdownload|sw[op]))",
    re.IGNORECASE | re.DOTALL,
)
# What `extractor` writes: a record begins with its version. The keys of a failure are source, error and message.
_RECORD = re.compile(rb'\s*\{\s*"schema_version"\s*:')
_OURS = (BASELINE, "review-log.jsonl")
_FAILURES = (".failures.jsonl",)
_HEAD = 4_096
_MAGIC = "*?["


@dataclass(frozen=True)
class Document:
    """Something to read, and the name of it in the output: its path below the input folder, with forward slashes.

    Attributes:
        path: Where it is; ``-`` is stdin.
        id: Its name in the output.
        code: Short stable name of the reason why there is nothing to read, or blank.
        message: The reason in words.
    """

    path: Path
    id: str
    code: str = ""
    message: str = ""

    def with_longer_id(self) -> Document:
        """The same document, named with one folder more of its path in front."""
        parts = Path(_absolute(self.path)).parts
        depth = self.id.count("/") + 2
        return replace(self, id=_name("/".join(part.rstrip("/\\") for part in parts[-depth:])))


class Skipped(NamedTuple):
    """Something in an input folder that is not read, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Listing:
    """What the inputs hold, in the order in which it is read."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


def find(inputs: Iterable[Path], exclude: Collection[Path] = ()) -> Listing:
    """Lists the documents of files, folders and patterns: inputs in the order given, the files of each sorted by id.

    A file that is named is a document whatever its suffix; whether it can be read shows when it is read. ``-`` is a
    text on stdin, with the id ``stdin``. What looks like a pattern (``*.txt``, ``**/*.html``) and is no file is
    expanded here; one that matches nothing is a document that fails with the code ``no-match``.

    Args:
        inputs: Files, folders, patterns, or ``-``.
        exclude: Files and folders that are not inputs although they are there: what this run writes, its tables.
    """
    documents: list[Document] = []
    skipped: list[Skipped] = []
    named: set[str] = set()
    left_out = {os.path.realpath(path) for path in exclude}
    for path in inputs:
        for found in _found(path, left_out):
            where = STDIN if str(found.path) == STDIN else _absolute(found.path)
            if isinstance(found, Document) and where in named:
                skipped.append(Skipped(found.path, "named twice"))
            elif isinstance(found, Document):
                named.add(where)
                documents.append(found)
            else:
                skipped.append(found)
    return Listing(tuple(with_distinct_ids(documents)), tuple(skipped))


def read_list(path: Path) -> list[Path]:
    """Reads a list of inputs, one a line; blank lines, and lines that begin with ``#``, are left out.

    Args:
        path: The list; ``-`` is stdin. Its paths are relative to where the program runs.

    Raises:
        InputError: The list cannot be read, or is not a text.
    """
    try:
        text, _ = decode(content(path))
    except InputError as error:
        raise InputError(f"{path}: {error}", error.code) from error
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return [Path(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _found(path: Path, left_out: Collection[str]) -> Iterable[Document | Skipped]:
    if str(path) == STDIN:
        return [Document(path, STDIN_ID)]
    if path.is_dir():
        return _walk(path, path, left_out)
    if any(character in str(path) for character in _MAGIC) and not os.path.lexists(path):
        return _expanded(path, left_out)
    return [Document(path, _name(path.name))]


def _expanded(pattern: Path, left_out: Collection[str]) -> list[Document | Skipped]:
    fixed = 0
    while not any(character in pattern.parts[fixed] for character in _MAGIC):
        fixed += 1
    base = Path(*pattern.parts[:fixed])
    wanted = [*pattern.parts[fixed:], *(["*"] if pattern.parts[-1] == "**" else [])]
    # A suffix that is spelled out is asked for, as if the file had been named.
    named = suffix_of(pattern) != "" and not any(character in suffix_of(pattern) for character in _MAGIC)
    found: list[Document | Skipped] = []
    for path in _matches(base, str(PurePath(*wanted))):
        if reason := _not_wanted(path, left_out, named=named):
            found.append(Skipped(path, reason))
        elif not path.is_dir():
            found.append(_document(path, base))
        elif "**" not in wanted:  # which reaches what is in the folders by itself
            found += _walk(path, base, left_out)
    return found or [Document(pattern, _name(str(pattern)), "no-match", "no file matches this pattern")]


def _matches(base: Path, pattern: str) -> list[Path]:
    try:
        found = set(base.glob(pattern))  # which follows no link to a folder below **, so there are no loops
    except ValueError:  # "**" inside of a name
        return []
    hidden = {path for path in found if any(part.startswith(".") for part in path.relative_to(base).parts[:-1])}
    return sorted(found - hidden, key=lambda path: path.relative_to(base).as_posix())


def _absolute(path: Path) -> str:
    # Two links to one file are two documents, so links are not followed here as Path.resolve would.
    return os.path.abspath(path)  # noqa: PTH100


def _walk(folder: Path, base: Path, left_out: Collection[str]) -> list[Document | Skipped]:
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
            found.append(_document(place, base))  # reading it tells the reason
            continue
        for entry in entries:
            if reason := _not_wanted(entry, left_out):
                found.append(Skipped(entry, reason))
            elif entry.is_dir() and suffix_of(entry) not in SUFFIXES:
                # Links last, so that what is reached both ways has its own name.
                waiting.insert(0 if entry.is_symlink() else len(waiting), entry)
            else:
                found.append(_document(entry, base))
    return sorted(found, key=lambda f: f.path.relative_to(base).as_posix())


def _document(path: Path, base: Path) -> Document:
    name = path.relative_to(base).as_posix()
    return Document(path, _name(path.name if name == "." else name))


def _name(name: str) -> str:
    """A name that can be written: bytes that are no UTF-8 as ``\\xff``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _not_wanted(path: Path, left_out: Collection[str], *, named: bool = False) -> str | None:
    if path.name.startswith("."):
        return "hidden"
    if _JUNK.fullmatch(path.name):
        return "left by another program"
    if left_out and os.path.realpath(path) in left_out:
        return "belongs to this run"
    if path.is_dir():
        return None
    # A pipe or a device in a folder would be waited for without end. A broken link is a document that fails.
    if not path.is_file() and not path.is_symlink():
        return "not a regular file"
    suffix = suffix_of(path)
    if suffix not in SUFFIXES and not named:
        return f"no reader for {suffix}" if suffix else "no reader for a name without suffix"
    return "written by extractor" if suffix in (".json", ".jsonl") and _is_ours(path) else None


def _is_ours(path: Path) -> bool:
    if path.name in _OURS or path.name.endswith(_FAILURES):
        return True
    try:
        with path.open("rb") as file:
            return _RECORD.match(file.read(_HEAD)) is not None
    except OSError:
        return False  # reading it tells the reason


def with_distinct_ids(documents: list[Document]) -> list[Document]:
    """The documents, those of one name named with as much of their paths as tells them apart."""
    while twice := _twice(documents):
        longer = [d.with_longer_id() if d.id in twice else d for d in documents]
        if longer == documents:  # all of the path is in the name already
            return list(_numbered(documents))
        documents = longer
    return documents


def _twice(documents: Iterable[Document]) -> set[str]:
    return {name for name, n in Counter(d.id for d in documents).items() if n > 1}


def _numbered(documents: list[Document]) -> Iterator[Document]:
    seen = {document.id for document in documents}
    first: set[str] = set()
    for document in documents:
        name, number = document.id, 2
        while name in (seen if document.id in first else first):
            name, number = f"{document.id}#{number}", number + 1
        first.add(document.id)
        seen.add(name)
        yield replace(document, id=name)
