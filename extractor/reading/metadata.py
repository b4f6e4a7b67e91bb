"""A table of what is known of releases from outside: publication date, title and url, by the name of the document."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from extractor.errors import InputError
from extractor.text.country import checked
from extractor.text.files import content
from extractor.text.source import as_date, decode

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Known(NamedTuple):
    """What is known of one release from outside its text."""

    published: date | None = None
    title: str | None = None
    url: str | None = None
    country: str | None = None
    publisher: str | None = None


NOTHING_KNOWN = Known()


def read_metadata(path: Path) -> dict[str, Known]:
    """Reads a table of what is known of releases, by id: the document's name, with or without suffix.

    A .csv file has a head line, and commas, semicolons or tabs; a .json file holds a list of objects; a .toml file one
    array of tables. The columns id, published, title, url, country and publisher (or force) are read, in any case.

    Raises:
        InputError: The file cannot be read, a row has no id, an id stands twice, or a date is none.
    """
    rows = _rows(path)
    known: dict[str, Known] = {}
    for number, row in enumerate(rows, 1):
        where = f"{path}, row {number}"
        row = {str(key).strip().lower(): value for key, value in row.items()}  # noqa: PLW2901
        name = row.get("id")
        if not isinstance(name, str) or not name:
            raise InputError(f"{where}: no id", "bad-metadata")
        if name in known:
            raise InputError(f"{where}: {name!r} stands twice", "bad-metadata")
        try:
            published = as_date(row.get("published") or None)
        except (InputError, TypeError) as error:
            raise InputError(f"{where}: {error}", "bad-metadata") from error
        try:
            code = checked(row["country"]) if row.get("country") else None
        except InputError as error:
            raise InputError(f"{where}: {error}", "bad-metadata") from error
        publisher = row.get("publisher") or row.get("force") or None
        known[name] = Known(published, row.get("title") or None, row.get("url") or None, code, publisher)
    return known


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        text, _ = decode(content(path))
        if path.suffix.lower() == ".csv":
            head = text.partition("\n")[0]
            mark = max(",;\t", key=head.count)
            return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark))
        if path.suffix.lower() == ".toml":
            tables = [value for value in tomllib.loads(text).values() if isinstance(value, list)]
            rows = tables[0] if len(tables) == 1 else None
        else:
            rows = json.loads(text)
    except InputError as error:
        raise InputError(f"{path}: {error}", error.code) from error
    except ValueError as error:
        raise InputError(f"{path}: {error}", "bad-metadata") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{path}: not a list of rows", "bad-metadata")
    return rows


def known_of(id_: str, known: Mapping[str, Known]) -> Known:
    """What the table says of a document, found by its id, with or without suffix."""
    return known.get(id_) or known.get(id_.removesuffix(Path(id_).suffix)) or NOTHING_KNOWN
