"""Writes extractor/data/README.md: what the tables hold, and the forms of dates, generated from the rows.

usage: forms.py [--check]
"""

from __future__ import annotations

from pathlib import Path

import generated

from extractor import tables
from extractor.counts import categories
from extractor.dates import forms as date_forms

DATA = Path(__file__).parent.parent / "extractor" / "data"
HEAD = """\
# The tables

<!-- Written by scripts/forms.py; edit the tables, not this file. -->

A row is definition, registration, test and documentation at once: `examples` must be found, `not_examples` must not,
and the tests run those of `dates`, `items`, `actions`, `numbers`, `organisations`, `segments` and `speech`.
`rule`, `category` and `key` in a record are ids of rows. `nouns.toml` was made from WordNet 3.1; `grammar/` holds the
weights of the tagger and parser.

| table | sections (rows) |
|---|---|
"""
CROSSWALK = """
## Stop and search

The objects of search and the outcomes of [data.police.uk](https://data.police.uk/docs/), and the categories that
correspond to them: `stop_and_search` of the rows in `items.toml`, `taxonomy.crosswalk()` in Python. Our categories are
finer in most places and coarser in some, so counts can be added up to theirs where one row has one value, not divided.

| data.police.uk | categories |
|---|---|
"""
FORMS = """
## Forms of dates

Values are those of a release published on Wednesday 10 May 2023.

| form | type | example | value |
|---|---|---|---|
"""


def sections() -> list[str]:
    lines = []
    for file in sorted(DATA.glob("*.toml")):
        rows = {name: value for name, value in tables.raw(file.name).items() if isinstance(value, list)}
        listed = ", ".join(f"{name} ({len(value):,})" for name, value in rows.items())
        lines.append(f"| `{file.name}` | {listed} |")
    return lines


def crosswalk() -> list[str]:
    found = categories.crosswalk()
    return [f"| {value} | {', '.join(f'`{name}`' for name in names)} |" for value, names in found.items()]


def forms() -> list[str]:
    lines = []
    for form in date_forms.grammar().forms.values():
        if form.type is None:
            continue
        for example in form.examples:
            text, _, value = example.partition(" => ")
            lines.append(f"| {form.id} | {form.type} | {text} | {f'`{value}`' if value else ''} |")
    return lines


def document() -> str:
    """The text of the file."""
    parts = (HEAD, sections()), (CROSSWALK, crosswalk()), (FORMS, forms())
    return "".join(head + "\n".join(lines) + "\n" for head, lines in parts)


if __name__ == "__main__":
    raise SystemExit(generated.main(DATA / "README.md", document(), __doc__))
