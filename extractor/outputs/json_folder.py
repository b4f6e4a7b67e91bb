"""An output of one .json for each document, in folders as the documents are, and back.

A hidden list in the folder says which files are ours, and the digest of each as it was written: only those are ever
taken away, and one that somebody has changed since stays as it is, with the new record beside it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.errors import InputError, OutputError
from extractor.outputs import tidy
from extractor.runs import atomic as writing
from extractor.runs import folders
from extractor.text.files import BASELINE
from extractor.text.paths import safe_path

if TYPE_CHECKING:
    from extractor.runs.batch import Result

LIST = ".extractor-files.json"
FAILURES = "failures.jsonl"
BESIDE = ".new"  # behind the name of a record that stands beside one that somebody has changed


def write(folder: Path, results: Iterable[Result]) -> None:
    """Writes the records, and the failures beside them; files that would not change are left alone.

    Raises:
        OutputError: The folder or the disk does not take them, or a file of somebody else has the name of one.
    """
    old = _listed(folder) if folder.is_dir() else {}
    ours = frozenset(old)
    names = Names()
    failures = []
    digests: dict[str, str] = {}
    kept: list[str] = []
    # One file after the other put on the disk would take longer than reading the releases; a file that a power cut
    # spoils differs from its record, so the next run writes it again.
    with folders.staged(folder, sync=False) as staging:
        for result in results:
            if result.record is None:
                failures.append(writing.line(tidy.failure_of(result)))
            else:
                name, content = names.of(result.id), result.record + "\n"
                digests[name] = _digest(content.encode("utf-8"))
                if _is_changed(folder / name, old.get(name), digests[name]):
                    kept.append(name)
                    digest, digests[name] = digests[name], old[name]
                    name = _beside(folder, name, old, digest)
                    digests[name] = digest
                _stage(staging, folder, name, content, ours)
        if failures:
            _stage(staging, folder, FAILURES, "".join(failures), ours)
            digests[FAILURES] = ""
        # While files take their places the list names the old and the new ones, so that none is ever forgotten.
        _list(folder, {**old, **digests})
    gone = {name for name in ours - set(digests) if not _is_changed(folder / name, old[name], "")}
    for name in sorted(gone):
        _remove(folder, name)
    if set(old) - set(digests):
        _list(folder, digests)
    if kept:
        _warn(folder, kept)


def _beside(folder: Path, name: str, old: Mapping[str, str], digest: str) -> str:
    """A name beside a changed record; one that somebody has made or changed is passed over as well."""
    name += BESIDE
    while (folder / name).exists() and (name not in old or _is_changed(folder / name, old[name], digest)):
        name += BESIDE
    return name


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_changed(path: Path, written: str | None, new: str) -> bool:
    """Whether somebody has changed a record since it was written; one that is broken is no record any more."""
    if not written:
        return False
    try:
        data = path.read_bytes()
        json.loads(data)
    except (OSError, ValueError):
        return False
    return _digest(data) not in (written, new)


def _warn(folder: Path, kept: list[str]) -> None:
    """Tells which records were changed by hand and stay."""
    some = ", ".join(kept[:3]) + (" …" if len(kept) > 3 else "")
    print(
        f"{folder}: {len(kept):,} records were changed since they were written and stay as they are ({some}); the new "
        f"ones stand beside them, with {BESIDE} behind the name",
        file=sys.stderr,
    )


class Names:
    """Gives each document a file of its own: a.txt is a.json, a.html is a.html.json."""

    def __init__(self) -> None:
        # By the name in one case, as some systems see it. The second of two documents that meet gets a longer name.
        self.taken: dict[str, str] = {}

    def of(self, id_: str) -> str:
        """The path of a document's record below the folder."""
        path = safe_path(id_)
        name = path.with_suffix(".json") if path.suffix.lower() == ".txt" else path.with_name(f"{path.name}.json")
        while name.as_posix().casefold() in self.taken or name.name in (BASELINE, FAILURES):
            path = path.with_name(f"{path.name}_")
            name = path.with_name(f"{path.name}.json")
        self.taken[name.as_posix().casefold()] = name.as_posix()
        return name.as_posix()


def _stage(staging: Path, folder: Path, name: str, content: str, ours: Collection[str]) -> None:
    data = content.encode("utf-8")
    with writing.told(folder / name):
        if _same(folder / name, data):
            return
        if name not in ours and (folder / name).exists():
            raise OutputError(f"{folder / name}: this file is none of an earlier run; choose another folder")
        file = staging / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _list(folder: Path, digests: Mapping[str, str]) -> None:
    content = json.dumps(dict(sorted(digests.items())), ensure_ascii=False, indent=0) + "\n"
    with writing.told(folder / LIST):
        same = _same(folder / LIST, content.encode("utf-8"))
    if not same:
        with writing.atomic(folder / LIST) as file:
            file.write(content)


def _listed(folder: Path) -> dict[str, str]:
    """Our files with their digests, blank where none is known."""
    path = folder / LIST
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: the list of our files cannot be read: {error}") from error
    if isinstance(found, list) and all(isinstance(name, str) for name in found):
        found = dict.fromkeys(found, "")  # lists of version 0.1 had no digests
    if not isinstance(found, dict) or not all(_is_digest(digest) and _below(name) for name, digest in found.items()):
        raise OutputError(f"{path}: not a list of files of this folder")
    return found


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and (not value or len(value) == hashlib.sha256().digest_size * 2)


def _below(name: str) -> bool:
    return not Path(name).is_absolute() and ".." not in Path(name).parts


def _remove(folder: Path, name: str) -> None:
    with writing.told(folder / name):
        (folder / name).unlink(missing_ok=True)
    for parent in Path(name).parents[:-1]:
        with suppress(OSError):  # other files are in it
            (folder / parent).rmdir()


def files(folder: Path) -> Iterator[Path]:
    """The files of records in a folder that `write` has made, in the order of their names.

    Raises:
        InputError: The folder has no list of them (code ``not-found``).
    """
    try:
        names = _listed(folder)
    except OutputError as error:
        raise InputError(str(error), "unreadable") from error
    if not names and not (folder / LIST).is_file():
        raise InputError(f"{folder}: no output of a run is in this folder", "not-found")
    return (folder / name for name in names if name != FAILURES and not name.endswith(BESIDE))
