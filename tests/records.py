"""Builds records by hand: what a test says stands in a text, found there."""

import hashlib
from typing import Any

from extractor import Release


def place(text: str, needle: str, n: int = 1) -> dict[str, Any]:
    start = -1
    for _ in range(n):
        start = text.index(needle, start + 1)
    return {"start": start, "end": start + len(needle), "text": needle}


DATE = {"rule": "day", "type": "DATE", "value": None, "earliest": None, "latest": None, "anchor": None}
COUNT = {
    "rule": "figure", "value": 1, "value_max": None, "modifier": "exact", "unit": "item", "categories": ["other"],
    "action": None, "when": None, "where": None, "organisations": [], "subset_of": None, "same_as": None, "quote": None,
}  # fmt: skip
ITEM = {"rule": "item", "category": "other", "action": None, "count": None}


def record(text: str, name: str = "a.txt", published: str | None = None, **lists: list[dict[str, Any]]) -> Release:
    """A record of `text`; an entry names its characters by `at`, mentions and spans by what they quote."""
    rows = {field: [_row(text, field, n, row) for n, row in enumerate(lists.get(field, ()), 1)] for field in _PREFIX}
    return Release.model_validate(
        {
            "source": {
                "id": name,
                "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
                "characters": len(text),
                "encoding": "utf-8",
                "published": published,
            },
            "segments": [],
            **rows,
            "warnings": [
                {"code": "odd", "message": "Odd.", **_extent(text, warning["at"])}
                for warning in lists.get("warnings", ())
            ],
            "provenance": {"extractor": "any", "tables": "any", "model": "blank"},
        }
    )


_PREFIX = {
    "dates": "d", "counts": "c", "items": "i", "organisations": "o", "operations": "p", "speakers": "s", "quotes": "q",
    "people": "n",
}  # fmt: skip
_DEFAULT: dict[str, dict[str, Any]] = {
    "dates": DATE,
    "counts": COUNT,
    "items": ITEM,
    "organisations": {"kind": "other", "key": None},
    "operations": {},
    "speakers": {"rank": None, "role": None, "organisation": None},
    "quotes": {"rule": "marks", "kind": "direct", "speaker": None, "cue": None},
    "people": {
        "rule": "person", "name": None, "role": "suspect", "age": None, "sex": None, "home": None, "outcome": None,
        "evidence": {"role": None, "outcome": None}, "offences": [], "sentences": [], "court": None, "hearing": None,
        "count": None, "speaker": None, "protected": False,
    },
}  # fmt: skip


def scope(count: dict[str, Any]) -> dict[str, Any]:
    """The scope of a count, links that are given as mere ids or places taken as stated by the sentence."""
    where = count["where"] and {"via": "sentence", **count["where"]}
    when = count["when"] and linked(count["when"])
    return {"when": when, "where": where, "organisations": [linked(o) for o in count["organisations"]]}


def linked(link: str | dict[str, str]) -> dict[str, str]:
    return {"id": link, "via": "sentence"} if isinstance(link, str) else link


def _extent(text: str, needle: str) -> dict[str, Any]:
    return {key: value for key, value in place(text, needle).items() if key != "text"}


def _row(text: str, field: str, number: int, given: dict[str, Any]) -> dict[str, Any]:
    row = {"id": f"{_PREFIX[field]}{number}", **_DEFAULT[field], **given}
    if field == "counts":
        row |= scope(row)
    at = row.pop("at", None)
    if field == "quotes":
        parts = [at] if isinstance(at, str) else at
        return {**row, "text": "\n\n".join(parts), "spans": [_extent(text, part) for part in parts]}
    if "mentions" in row or field in ("organisations", "operations", "speakers"):
        return {**row, "mentions": [place(text, form) for form in row.get("mentions", [row.get("name")])]}
    needle, n = at if isinstance(at, tuple) else (at, 1)
    return {**row, **place(text, needle, n)}
