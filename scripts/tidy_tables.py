"""Writes schemas/tables.md from the definition of the tidy tables; --check only says whether it is up to date."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import generated

from extractor.outputs.tidy import TABLES, Table
from extractor.outputs.tidy_sqlite import fill

FILE = Path(__file__).parent.parent / "schemas" / "tables.md"
HEAD = """# The tidy tables

<!-- Written by scripts/tidy_tables.py from extractor/data/outputs; edit that, not this file. -->

The outputs csv, sqlite and parquet hold these tables, with the same rows in each.

Offsets are Unicode code points of the text, end exclusive. A date is YYYY-MM-DD: text in CSV and SQLite, a date in
Parquet. Columns are never null unless it says so. `release` points to `releases.id`; other links are to the row of the
same release with that id.

"""


def overview() -> str:
    """The table of tables that docs/outputs.md has."""
    rows = [f"| `{table.name}` | {_what(table)} | {_names(table)} |" for table in TABLES.values()]
    return "\n".join(["| table | one row for | columns, the key in bold |", "|---|---|---|", *rows, ""])


def _what(table: Table) -> str:
    return re.split(r"[:;.]", table.about.removeprefix("One row for "))[0]


def _names(table: Table) -> str:
    return ", ".join(f"**`{name}`**" if name in table.key else f"`{name}`" for name in table.names)


def text() -> str:
    return HEAD + "\n".join([*map(_described, TABLES.values()), _views()])


def _described(table: Table) -> str:
    lines = [
        f"| `{c.name}` | {c.type}{', may be null' if c.optional else ''} | {f'`{c.links}`' if c.links else ''} "
        f"| {c.about} |"
        for c in table.columns
    ]
    return "\n".join(
        [f"## {table.name}", "", f"{table.about} Key: {', '.join(f'`{name}`' for name in table.key)}.", "",
         "| column | type | points to | meaning |", "|---|---|---|---|", *lines, ""]
    )  # fmt: skip


def _views() -> str:
    script = (files("extractor") / "data" / "outputs" / "sqlite.sql").read_text("utf-8")
    found = re.findall(r"((?:^-- .*\n)+)CREATE VIEW (\w+)", script, re.M)
    parts = ["## Views of the SQLite output", ""]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        fill(database, ())
        for comment, name in found:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            about = " ".join(line.removeprefix("-- ") for line in comment.splitlines())
            parts += [f"### {name}", "", about, "", f"Columns: {', '.join(f'`{column}`' for column in columns)}.", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    raise SystemExit(generated.main(FILE, text(), __doc__))
