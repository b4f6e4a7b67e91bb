"""Gold annotations and records as the same flat entries, so that scoring and exchange need to know one shape.

Gold comes in two forms: a record (`Release`) that somebody has reviewed, and an annotation: JSON that names the text of
each entry and, with ``n``, which of its occurrences is meant. Only an annotation can call an entry optional.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from extractor.errors import InputError
from extractor.models import Release
from extractor.outputs.stored import record_files, refuse_old

Span: TypeAlias = tuple[int, int]
FIELDS = ("dates", "counts", "items", "organisations", "operations", "quotes")
BODIES = ("organisations", "operations")  # known by their names, not by a place
_SLOTS = {
    "dates": ("type", "value"),
    "counts": ("value", "value_max", "modifier", "unit", "categories", "action"),
    "items": ("category",),
    "organisations": ("name", "kind"),
    "operations": ("name",),
    "quotes": ("kind", "speaker", "rank", "role", "organisation"),
}


@dataclass(frozen=True, eq=False)
class Entry:
    """One thing that a record or an annotation says is in the text.

    Attributes:
        field: The list it is in, one of `FIELDS`.
        text: Its characters, or the name of a body.
        spans: Where it stands; empty for an annotation whose text does not occur.
        slots: What is said about it, by the names of the guidelines.
        forms: The surface forms of a body.
        optional: Neither missed nor spurious.
    """

    field: str
    text: str
    spans: tuple[Span, ...]
    slots: Mapping[str, Any]
    forms: tuple[str, ...] = ()
    optional: bool = False

    @cached_property
    def characters(self) -> frozenset[int]:
        """The offsets it covers."""
        return frozenset(at for start, end in self.spans for at in range(start, end))


@dataclass(frozen=True)
class Gold:
    """What is right for one document.

    Attributes:
        id: The document's name without suffix.
        entries: What is in it.
        published: Day of publication, as far as the gold says.
    """

    id: str
    entries: tuple[Entry, ...]
    published: str | None = None


def entries_of(release: Release) -> tuple[Entry, ...]:
    """The entries of a record."""
    bodies = {body.id: body.name for body in release.organisations}
    speakers = {speaker.id: speaker for speaker in release.speakers}
    found = [_entry(field, row.model_dump(), row.text) for field in FIELDS[:3] for row in getattr(release, field)]
    for field in FIELDS[3:5]:
        found += [_entry(field, row.model_dump(), row.name) for row in getattr(release, field)]
    for quote in release.quotes:
        row = quote.model_dump()
        if speaker := speakers.get(quote.speaker or ""):
            body = bodies.get(speaker.organisation or "")
            row |= {"speaker": speaker.name, "rank": speaker.rank, "role": speaker.role, "organisation": body}
        else:
            row["speaker"] = None
        found.append(_entry("quotes", row, quote.text))
    return tuple(found)


def _entry(field: str, row: dict[str, Any], text: str) -> Entry:
    parts = row.get("spans") or row.get("mentions") or [row]
    spans = tuple((part["start"], part["end"]) for part in parts)
    return Entry(field, text, spans, _slots(field, row), tuple(m["text"] for m in row.get("mentions", ())))


def _slots(field: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in _SLOTS[field]}


def gold_of(annotation: Mapping[str, Any], text: str) -> Gold:
    """Reads an annotation; `text` is what its entries stand in."""
    found = []
    for field in FIELDS:
        for row in annotation.get(field, ()):
            spans: Iterable[Span]
            if field == "quotes":
                spans = _runs(_quoted(text, row["text"]))
            elif "mentions" in row:
                places = (occurrence(text, form) for form in row["mentions"])
                spans = sorted({place for place in places if place})
            else:
                place = occurrence(text, row["text"], row.get("n", 1))
                spans = [place] if place else []
            label, forms = row.get("text") or row["name"], tuple(row.get("mentions", ()))
            optional = bool(row.get("optional"))
            found.append(Entry(field, label, tuple(spans), _slots(field, row), forms, optional))
    return Gold(str(annotation["id"]), tuple(found), annotation.get("published"))


def occurrence(text: str, needle: str, n: int = 1) -> Span | None:
    """Where `needle` stands for the n-th time."""
    at = -1
    for _ in range(n):
        at = text.find(needle, at + 1)
        if at < 0:
            return None
    return at, at + len(needle)


def _quoted(text: str, quoted: str) -> set[int]:
    """Offsets of a quotation's words: its paragraphs, each whole or in the pieces an interruption left of it."""
    offsets: set[int] = set()
    for paragraph in quoted.split("\n\n"):
        at = text.find(paragraph)
        offsets.update(range(at, at + len(paragraph)) if at >= 0 else _pieces(text, paragraph.split()))
    return offsets


def _pieces(text: str, words: list[str]) -> set[int]:
    """The longest runs of words that stand in the text one after the other; a lone word counts only at the end."""
    offsets: set[int] = set()
    first = position = 0
    while first < len(words):
        for last in range(len(words), first, -1):
            hit = re.compile(r"\s+".join(map(re.escape, words[first:last]))).search(text, position)
            if hit and (last - first >= 2 or last == len(words)):
                offsets.update(range(hit.start(), hit.end()))
                first, position = last, hit.end()
                break
        else:
            first += 1
    return offsets


def _runs(offsets: set[int]) -> list[Span]:
    """The stretches that offsets make up."""
    starts = sorted(at for at in offsets if at - 1 not in offsets)
    ends = sorted(at + 1 for at in offsets if at + 1 not in offsets)
    return list(zip(starts, ends, strict=True))


def read_gold(folder: Path, texts: Mapping[str, str]) -> list[Gold]:
    """Reads a folder of gold, annotations or records, sorted by name.

    Args:
        folder: Holds one .json file a document.
        texts: The texts by document name, for annotations.

    Raises:
        InputError: A file is not readable, is neither of the two forms, or its text is missing.
    """
    files = record_files(folder)
    if not files:
        raise InputError(f"{folder}: no .json file in this folder", "not-found")
    return [_read(file, texts) for file in files]


def _read(file: Path, texts: Mapping[str, str]) -> Gold:
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {error}", "bad-gold") from error
    if not isinstance(data, dict):
        raise InputError(f"{file}: not an object", "bad-gold")
    if "schema_version" in data:
        refuse_old(json.dumps(data), str(file))
        try:
            release = Release.model_validate(data)
        except ValidationError as error:
            raise InputError(f"{file}: not a record: {error}", "bad-gold") from error
        return Gold(file.stem, entries_of(release), release.source.published)
    if file.stem not in texts:
        raise InputError(f"{file}: an annotation needs its text; name the folder of texts with --texts", "no-text")
    try:
        gold = gold_of({"id": file.stem, **data}, texts[file.stem])
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{file}: not an annotation: {error!r}", "bad-gold") from error
    return Gold(file.stem, gold.entries, gold.published)


def read_texts(folder: Path) -> dict[str, str]:
    """The texts of a folder by document name, decoded as they are: no line ending is changed.

    Raises:
        InputError: The folder or a file is not readable, or a text is not UTF-8.
    """
    try:
        return {file.stem: file.read_bytes().decode("utf-8") for file in sorted(folder.glob("*.txt"))}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{folder}: {error}", "unreadable") from error


def read_column(file: Path, column: str) -> dict[str, Any]:
    """One column of metadata by document name: CSV with a column ``id``, JSON rows with one, or JSON keyed by it.

    ``year`` is read from ``published`` where there is no such column.

    Raises:
        InputError: The file cannot be read, or has no such column.
    """
    try:
        data = file.read_text("utf-8-sig")
        rows = json.loads(data) if file.suffix.lower() == ".json" else list(csv.DictReader(io.StringIO(data)))
        if isinstance(rows, dict):
            rows = [{"id": name, **row} for name, row in rows.items()]
        by_id = {Path(str(row["id"])).stem: row for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file}: no rows with an id: {error!r}", "bad-metadata") from error
    known = {name for row in by_id.values() for name in row}
    if column in known:
        return {name: row.get(column) for name, row in by_id.items()}
    if column == "year" and "published" in known:
        return {name: year(row.get("published")) for name, row in by_id.items()}
    raise InputError(f"{file}: no column {column!r}; it has {', '.join(sorted(known))}", "bad-metadata")


def year(published: str | None) -> str | None:
    """The year of a date, if there is one."""
    return published[:4] if published else None
