"""Records of schema 1 as records of schema 2.

What 2.0 says anew is worked out from the record where that is possible: what a figure is linked via is told by the part
of the layout that its date, place or organisation stands in. Nothing is made up: what cannot be known stays null.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from extractor.errors import InputError, OutputError
from extractor.models import SCHEMA_VERSION, Release, old_version
from extractor.outputs.stored import record_files
from extractor.runs import atomic, guard

_UNITS = {"lb": "[lb_av]", "oz": "[oz_av]", "stone": "[stone_av]", "gal": "[gal_us]"}


def upgraded(data: Mapping[str, Any]) -> dict[str, Any]:
    """A record of schema 1, as `json.loads` gives it, in the shape of schema 2; one of schema 2 as it is."""
    if old_version(data) is None:
        return dict(data)
    record: dict[str, Any] = json.loads(json.dumps(data))
    record["schema_version"] = SCHEMA_VERSION
    source = record["source"]
    if source.get("publisher") is not None:
        source["publisher"] = {"name": source["publisher"], "rule": "given"}
    if source.get("published") and not source.get("published_from"):
        source["published_from"] = "given"  # 1.0 read no day from a text
    places = _places(record)
    for count in record["counts"]:
        _link(count, places, record.get("segments", ()))
        count["unit"] = _UNITS.get(count["unit"], count["unit"])
    for entry in (*record["counts"], *record["items"]):
        if entry.get("action") == "other":
            entry["action"] = None
    return record


def _places(record: Mapping[str, Any]) -> dict[str, list[int]]:
    """Where each date and organisation stands."""
    found = {date["id"]: [date["start"]] for date in record["dates"]}
    return found | {body["id"]: [m["start"] for m in body["mentions"]] for body in record["organisations"]}


def _link(count: dict[str, Any], places: Mapping[str, list[int]], segments: Iterable[Mapping[str, Any]]) -> None:
    own = next(((s["start"], s["end"]) for s in segments if s["start"] <= count["start"] < s["end"]), None)

    def via(starts: Iterable[int]) -> str:
        return "sentence" if own is None or any(own[0] <= at < own[1] for at in starts) else "heading"

    if count["when"] is not None:
        count["when"] = {"id": count["when"], "via": via(places.get(count["when"], ()))}
    if count["where"] is not None:
        count["where"] = {**count["where"], "via": via([count["where"]["start"]])}
    count["organisations"] = [{"id": id_, "via": via(places.get(id_, ()))} for id_ in count["organisations"]]


def convert(records: Path, output: Path) -> int:
    """Writes the records of a file or folder in the shape of schema 2; how many there were.

    Args:
        records: A record (.json), JSON Lines, either packed (.gz), or a folder of .json files.
        output: A new file, or for a folder a new or other folder; nothing that is there is replaced.

    Raises:
        InputError: Something is no record; the message names the file and row. Nothing has been written then.
        OutputError: An output is there already, or cannot be written.
    """
    pairs = _pairs(records, output)
    targets = [target for _, target in pairs]
    guard.check(targets, reads=[records, *(file for file, _ in pairs)])
    for target in targets:
        if target.exists() or target.is_symlink():
            raise OutputError(f"{target}: is there already, and convert replaces nothing; name another output")
    for file, _ in pairs:  # first all of them are read, so that a broken one leaves no half of an output
        for _ in _converted(file):
            pass
    number = 0
    for file, target in pairs:
        with _writing(target) as out:
            for release in _converted(file):
                indent = 1 if _is_one(target) else None
                out.write(release.model_dump_json(indent=indent) + "\n")
                number += 1
    return number


def _pairs(records: Path, output: Path) -> list[tuple[Path, Path]]:
    if not records.exists():
        raise InputError(f"{records}: no such file or folder", "not-found")
    if records.is_dir():
        guard.check_folder(output)
        found = [(file, output / file.relative_to(records)) for file in record_files(records)]
        if not found:
            raise InputError(f"{records}: no .json file in this folder", "not-found")
        return found
    if output.is_dir():
        raise OutputError(f"{output}: is a folder, and {records} is a file; name a file")
    if _is_one(output) and not _is_one(records):
        raise OutputError(f"{output}: a .json file holds one record; name a .jsonl or .jsonl.gz file")
    return [(records, output)]


def _is_one(path: Path) -> bool:
    """Whether a file of that name holds one record, in place of one a line."""
    return path.name.lower().endswith((".json", ".json.gz"))


@contextmanager
def _writing(target: Path) -> Iterator[TextIO]:
    if target.suffix.lower() != ".gz":
        with atomic.atomic(target) as file:
            yield file
        return
    with atomic.beside(target) as new, atomic.told(target), gzip.open(new, "wt", encoding="utf-8", newline="\n") as out:
        yield out


def _converted(file: Path) -> Iterator[Release]:
    for line, where in _lines(file):
        try:
            data = json.loads(line)
        except ValueError as error:
            raise InputError(f"{where}: not a record: {error}", "bad-record") from error
        if not isinstance(data, dict) or "schema_version" not in data:
            raise InputError(f"{where}: not a record: no schema_version", "bad-record")
        try:
            yield Release.model_validate_json(json.dumps(upgraded(data)))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise InputError(f"{where}: not a record: {place}: {first['msg']}", "bad-record") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{where}: not a record: {type(error).__name__} {error}", "bad-record") from error


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    try:
        packed = file.read_bytes()[:2] == b"\x1f\x8b"
        with gzip.open(file, "rt", encoding="utf-8") if packed else file.open(encoding="utf-8", newline="\n") as lines:
            if _is_one(file):
                yield lines.read(), str(file)
                return
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield line, f"{file}, line {number}"
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}", "unreadable") from error
