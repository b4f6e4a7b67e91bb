"""Writes schemas/FIELDS.md: every field with its meaning, its values and examples, from the models, tables and corpus.

The examples of fields are entries that the extractor finds in the invented releases of corpus/ and that the expected
records confirm; those of categories are the examples of their rows, read by the extractor.

usage: guide.py [--check]
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import generated

from extractor import entries, extract, tables
from extractor.counts.categories import CategoryRow
from extractor.models import Release

ROOT = Path(__file__).parent.parent
FILE = ROOT / "schemas" / "FIELDS.md"
NOT_OURS = "sceptre"  # a newspaper's article: the others are invented
LISTS = (
    "segments", "dates", "counts", "items", "organisations", "operations", "speakers", "quotes", "people",
    "kinds", "numerals", "warnings",
)  # fmt: skip
LINKS = {
    "when": "dates", "organisations": "organisations", "subset_of": "counts", "same_as": "counts", "quote": "quotes",
    "count": "counts", "organisation": "organisations", "speaker": "speakers",
    "court": "organisations", "hearing": "dates",
}  # fmt: skip
PLAIN = ("id", "start", "end", "text", "mentions", "spans", "entry", "message")  # shown once, or told by their meaning
EXAMPLES = 3
HEAD = """\
# The fields

<!-- Written by scripts/guide.py; edit the models, the tables or the corpus, not this file. -->

Every list of a record, with the meaning of its fields, what they may hold, and what was read from the invented releases
in `corpus/`. An arrow leads from the words of the text to the value; an entry that a field links to is shown by its
words. The shape is in [release.v2.json](release.v2.json); the forms of dates and the tables are in
[extractor/data](../extractor/data/README.md).

"""


def read() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """What is found in each of our releases, and what should be."""
    for row in sorted((ROOT / "corpus").glob("*.json")):
        text = row.with_suffix(".txt")
        if text.exists() and row.stem != NOT_OURS:
            right = json.loads(row.read_text("utf-8"))
            release = extract(text.read_text("utf-8"), published=right["source"]["published"], source=text.name)
            yield release.model_dump(mode="json"), right


def confirmed(found: dict[str, Any], right: dict[str, Any], kind: str) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """The entries of a list that the expected record has too, each with the fields that agree."""
    expected = {place_of(entry): entry for entry in right[kind]}
    for entry in found[kind]:
        twin = expected.get(place_of(entry))
        if twin is not None:
            yield entry, {field for field in entry if label(entry, field, found) == label(twin, field, right)}


def place_of(entry: dict[str, Any]) -> tuple[Any, ...]:
    """Where an entry stands, at first if it has many places."""
    first = (entry.get("spans") or entry.get("mentions") or [entry])[0]
    return first.get("start"), first.get("end")


def words_of(entry: dict[str, Any]) -> str:
    """An entry in the words of the text."""
    text = entry.get("text") or entry.get("name") or entry.get("role") or ""
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:59].rstrip() + "…"


def id_of(link: str | dict[str, str]) -> str:
    """The id that a link names, with or without what it is linked via."""
    return link if isinstance(link, str) else link["id"]


def label(entry: dict[str, Any], field: str, record: dict[str, Any]) -> str:
    """A value as the guide shows it: links by the words of what they lead to."""
    value = entry[field]
    if field in LINKS and value:
        rows = {row["id"]: row for row in record[LINKS[field]]}
        return ", ".join(
            f"“{words_of(rows[id_])}”" for id_ in map(id_of, value if isinstance(value, list) else [value])
        )
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return ", ".join(f"“{part['text']}”" for part in value if "text" in part)
    if isinstance(value, dict):
        inner = {name: part for name, part in value.items() if part is not None}
        return f"“{value['text']}”" if "text" in value else ", ".join(f"{n} “{p['text']}”" for n, p in inner.items())
    if isinstance(value, list):
        return ", ".join(f"`{part}`" for part in value)
    return "" if value is None else f"`{value}`"


def examples(kind: str, field: str, records: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[str]:
    """Examples of a field with different values, from different releases where there are enough."""
    chosen: dict[str, str] = {}
    for found, right in records:
        for entry, agreed in confirmed(found, right, kind):
            value = label(entry, field, found)
            if field in agreed and value and value not in chosen and words_of(entry):
                chosen[value] = f"“{words_of(entry)}” → {value}"
                break
    for found, right in records if len(chosen) < EXAMPLES else ():
        for entry, agreed in confirmed(found, right, kind):
            value = label(entry, field, found)
            if field in agreed and value and words_of(entry):
                chosen.setdefault(value, f"“{words_of(entry)}” → {value}")
    return list(chosen.values())[:EXAMPLES]


def values_of(schema: dict[str, Any]) -> str:
    """What a field may hold, by its JSON Schema."""
    if "anyOf" in schema:
        return ", ".join(dict.fromkeys(filter(None, map(values_of, schema["anyOf"]))))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "$ref" in schema:
        return ", ".join(entries.__dict__[schema["$ref"].rpartition("/")[2]].model_fields)
    if schema.get("type") == "array":
        return f"list: {values_of(schema['items'])}"
    return {
        "null": "null",
        "string": "text",
        "integer": "whole number",
        "boolean": "true or false",
        "number": "number",
    }[schema["type"]]


def section(kind: str, schema: dict[str, Any], records: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[str]:
    """The part of the guide about one list."""
    name = schema["properties"][kind]["items"]["$ref"].rpartition("/")[2]
    model = schema["$defs"][name]
    lines = [f"## {kind}", "", model["description"], "", "| field | meaning | holds | examples |", "|---|---|---|---|"]
    for field, about in model["properties"].items():
        shown = [] if field in PLAIN else examples(kind, field, records)
        cells = [f"`{field}`", about.get("description", ""), values_of(about), "<br>".join(shown)]
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return [*lines, ""]


def taxonomy() -> list[str]:
    """The categories, each with what the extractor reads from the first example of its row."""
    lines = ["## The taxonomy", "", "| category | label | kind | example |", "|---|---|---|---|"]
    for row in tables.load("items.toml", "category", CategoryRow):
        lines.append(f"| `{row.id}` | {row.label} | {row.kind} | {_read_as(row)} |")
    return [*lines, ""]


def _read_as(row: CategoryRow) -> str:
    for text in row.examples:
        release = extract(text)
        found = [(count.text, count.action, count.categories) for count in release.counts]
        found += [(item.text, item.action, (item.category,)) for item in release.items]
        for words, action, categories in found:
            if row.id in categories:
                return f"{text} → “{words}”{f', `{action}`' if action else ''}"
    return ""


def document() -> str:
    """The text of the file."""
    records = list(read())
    schema = Release.model_json_schema(mode="serialization")
    lines = [line for kind in LISTS for line in section(kind, schema, records)]
    return HEAD + "\n".join([*lines, *taxonomy()])


if __name__ == "__main__":
    raise SystemExit(generated.main(FILE, document(), __doc__))
