"""A record as flat marks on its text, and back: the shape that annotation tools can hold.

A mark is a labelled stretch of text. The first mark of an entry carries its other values; further mentions, the place
of a count and the cue of a quotation are marks of their own. A tool may move, add and remove marks: `rebuild` makes a
sound record of what it is given, cuts texts anew, counts ids in text order and drops links to what is gone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from extractor.errors import InputError
from extractor.models import SCHEMA_VERSION, Model, Release

LABELS = {
    "Date": "dates",
    "Count": "counts",
    "Item": "items",
    "Organisation": "organisations",
    "Operation": "operations",
    "Speaker": "speakers",
    "Quote": "quotes",
    "Person": "people",
}
PARTS = {"Where": "where", "Cue": "cue"}  # stretches that belong to a count or a quotation
_LABEL = {name: label for label, name in LABELS.items()}
_MANY = {"organisations": "mentions", "operations": "mentions", "speakers": "mentions", "quotes": "spans",
         "people": "mentions"}  # fmt: skip
_PREFIX = {**{name: name[0] for name in LABELS.values()}, "operations": "p", "people": "n"}
_ONE_LINK = {"counts": ("subset_of", "same_as", "quote"), "items": ("count",), "speakers": ("organisation",),
             "quotes": ("speaker",), "people": ("court", "hearing", "count", "speaker")}  # fmt: skip
# What a mark that a person has added says, until the person says more.
_ADDED: dict[str, dict[str, Any]] = {
    "dates": {"rule": "annotated", "type": "DATE", "value": None, "earliest": None, "latest": None, "anchor": None},
    "counts": {"rule": "annotated", "value_max": None, "modifier": "exact", "unit": "item", "categories": ["other"],
               "action": None, "when": None, "where": None, "organisations": [], "subset_of": None, "same_as": None,
               "quote": None},
    "items": {"rule": "annotated", "category": "other", "action": None, "count": None},
    "organisations": {"kind": "other", "key": None},
    "operations": {},
    "speakers": {"rank": None, "role": None, "organisation": None},
    "quotes": {"rule": "annotated", "kind": "direct", "speaker": None, "cue": None},
    "people": {"rule": "annotated", "role": "suspect", "age": None, "sex": None, "home": None, "outcome": None,
               "evidence": {"role": None, "outcome": None}, "offences": [], "sentences": [], "court": None,
               "hearing": None, "count": None, "speaker": None, "protected": False},
}  # fmt: skip
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Mark:
    """A labelled stretch of text.

    Attributes:
        id: The entry's id; ``:`` and a part behind it for every mark of the entry but the first.
        label: One of `LABELS` or `PARTS`.
        start: First character.
        end: Behind the last character.
        values: What the record says about the entry besides; only at its first mark.
    """

    id: str
    label: str
    start: int
    end: int
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Flat:
    """A text with its marks.

    Attributes:
        name: The document's name.
        text: The text.
        marks: The marks, in text order; they may overlap.
        rest: What has no place in the text: the record without its entries, and entries without a span.
    """

    name: str
    text: str
    marks: tuple[Mark, ...]
    rest: Mapping[str, Any] = field(default_factory=dict)


def flatten(release: Release, text: str, name: str | None = None) -> Flat:
    """A record as marks.

    Raises:
        InputError: The record is of another text.
    """
    name = name or release.source.id or "document"
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != release.source.sha256:
        raise InputError(f"{name}: the record is not of this text; its sha256 is another", "wrong-text")
    marks: list[Mark] = []
    unplaced: dict[str, list[Any]] = {}
    for kind in LABELS.values():
        for index, row in enumerate(getattr(release, kind)):
            found = _marks(kind, row)
            marks += found
            if not found:
                unplaced.setdefault(kind, []).append([index, row.model_dump(mode="json")])
    rest = release.model_dump(mode="json", exclude=set(LABELS.values()))
    if unplaced:
        rest["unplaced"] = unplaced
    return Flat(name, text, tuple(sorted(marks, key=lambda m: (m.start, m.end, m.id))), rest)


def _marks(kind: str, row: Model) -> list[Mark]:
    data = row.model_dump(mode="json")
    id_ = data.pop("id")
    parts = [(part, data.pop(name)) for part, name in PARTS.items() if data.get(name)]
    places = data.pop(_MANY[kind]) if kind in _MANY else [{"start": data.pop("start"), "end": data.pop("end")}]
    if kind == "quotes":
        data["cut"] = [[p["start"], p["end"]] for p in places]  # tells whether `text` still belongs to the spans
    else:
        data.pop("text", None)
    made = [
        Mark(id_ if not n else f"{id_}:{n + 1}", _LABEL[kind], p["start"], p["end"], {} if n else data)
        for n, p in enumerate(places)
    ]
    return made + [
        Mark(f"{id_}:{part}", part, p["start"], p["end"], {"via": p["via"]} if "via" in p else {}) for part, p in parts
    ]


def rebuild(flat: Flat) -> Release:
    """The record that marks stand for.

    Raises:
        InputError: A mark is outside of the text or has an unknown label, a count has no figure, a value is not valid.
    """
    rest = dict(flat.rest)
    unplaced = rest.pop("unplaced", {})
    rows = {kind: _rows(flat, label, kind) for label, kind in LABELS.items()}
    for kind, found in rows.items():
        found.sort(key=lambda row: (_place(kind, row), _number(row["id"])))
        for index, row in unplaced.get(kind, ()):
            found.insert(index, dict(row))
    settle(rows)
    try:
        return Release.model_validate({**_blank(flat), **rest, **rows})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"{flat.name}: {where}: {first['msg']}", "bad-annotation") from error


def _blank(flat: Flat) -> dict[str, Any]:
    digest = hashlib.sha256(flat.text.encode("utf-8", "surrogatepass")).hexdigest()
    source = {"id": flat.name, "sha256": digest, "characters": len(flat.text), "encoding": "utf-8"}
    provenance = {"extractor": "annotated", "tables": "none", "model": "blank"}
    return {
        "schema_version": SCHEMA_VERSION,
        "source": source,
        "segments": [],
        "warnings": [],
        "provenance": provenance,
    }


def _rows(flat: Flat, label: str, kind: str) -> list[dict[str, Any]]:
    groups: dict[str, list[Mark]] = {}
    for mark in flat.marks:
        _check(flat, mark)
        if mark.label == label:
            groups.setdefault(mark.id.partition(":")[0], []).append(mark)
    return [_row(flat, kind, id_, marks) for id_, marks in groups.items()]


def _check(flat: Flat, mark: Mark) -> None:
    if not 0 <= mark.start < mark.end <= len(flat.text):
        raise InputError(f"{flat.name}: {mark.label} {mark.start}-{mark.end} is outside of the text", "bad-annotation")
    if mark.label not in LABELS and mark.label not in PARTS:
        known = ", ".join([*LABELS, *PARTS])
        raise InputError(f"{flat.name}: label {mark.label!r} is not one of {known}", "bad-annotation")


def _row(flat: Flat, kind: str, id_: str, marks: list[Mark]) -> dict[str, Any]:
    given = next((dict(mark.values) for mark in marks if mark.values), {})
    places = sorted({(mark.start, mark.end) for mark in marks})
    cut = [{"start": start, "end": end, "text": flat.text[start:end]} for start, end in places]
    row: dict[str, Any] = {"id": id_, **_ADDED[kind], **given}
    if kind == "quotes":
        spans = [[start, end] for start, end in places]
        if row.pop("cut", None) != spans:
            row["text"] = _joined(flat.text, places)
        row["spans"] = [{"start": start, "end": end} for start, end in places]
    elif kind in _MANY:
        row = {"name": _name(kind, str(cut[0]["text"])), **row, "mentions": cut}
    else:
        row |= cut[0]
    if kind == "counts" and "value" not in row:
        row["value"] = _figure(flat, row)
    for part, name in PARTS.items():
        for mark in flat.marks:
            if mark.id == f"{id_}:{part}" and name in _ADDED[kind]:
                row[name] = {"start": mark.start, "end": mark.end, "text": flat.text[mark.start : mark.end]}
                if name == "where":
                    row[name]["via"] = mark.values.get("via", "sentence")
    return row


def _name(kind: str, words: str) -> str | None:
    """The name in a mark that a person made: a person may also be described, in words that begin small."""
    return None if kind == "people" and not words[0].isupper() else words


def _joined(text: str, places: list[tuple[int, int]]) -> str:
    made = text[slice(*places[0])]
    for (_, end), (start, stop) in pairwise(places):
        made += ("\n\n" if "\n" in text[end:start] else " ") + text[start:stop]
    return made


def _figure(flat: Flat, row: Mapping[str, Any]) -> float | int:
    hit = _FIGURE.search(row["text"])
    if hit is None:
        what = f"Count {row['text']!r} at {row['start']}"
        raise InputError(f"{flat.name}: {what} has no figure; give its value in the note", "bad-annotation")
    figure = hit.group().replace(",", "")
    return float(figure) if "." in figure else int(figure)


def settle(rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Puts entries into text order, counts their ids anew, and drops links to entries that are not there.

    Entries at one place keep their order, those without a place their number in the list.
    """
    for kind, found in rows.items():
        loose = [(n, row) for n, row in enumerate(found) if _place(kind, row) < 0]
        found[:] = sorted((row for row in found if _place(kind, row) >= 0), key=lambda row: _place(kind, row))
        for n, row in loose:
            found.insert(n, row)
    _renumber(rows)


def _place(kind: str, row: Mapping[str, Any]) -> int:
    """The first character of an entry, -1 if it has no place."""
    places: Iterable[Mapping[str, int]] = row[_MANY[kind]] if kind in _MANY else [row]
    return min((place["start"] for place in places), default=-1)


def _number(id_: str) -> tuple[int, str]:
    """Where an id stood in the record; ids that a tool has given stand behind."""
    hit = re.fullmatch(r"[a-z](\d+)", id_)
    return (int(hit[1]), "") if hit else (10**9, id_)


def _renumber(rows: Mapping[str, list[dict[str, Any]]]) -> None:
    new = {row["id"]: f"{_PREFIX[kind]}{n}" for kind, found in rows.items() for n, row in enumerate(found, 1)}
    for kind, found in rows.items():
        for row in found:
            row["id"] = new[row["id"]]
            for link in _ONE_LINK.get(kind, ()):
                row[link] = new.get(row[link])
            if kind == "counts":
                row["when"] = _moved(row["when"], new)
                row["organisations"] = [moved for link in row["organisations"] if (moved := _moved(link, new))]


def _moved(link: dict[str, str] | None, new: Mapping[str, str]) -> dict[str, str] | None:
    """A link with the new id of its entry; None if the entry is gone."""
    return {**link, "id": new[link["id"]]} if link and link["id"] in new else None
