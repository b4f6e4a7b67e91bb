"""The tidy tables: what they are, and the rows that a record has in them.

Names, types, keys and meaning of the columns stand in data/outputs/tables.toml and nowhere else. A row is a tuple in
the order of the columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from extractor import tables
from extractor.models import Failure

if TYPE_CHECKING:
    from extractor.runs.batch import Result

Type: TypeAlias = Literal["text", "integer", "real", "date"]
Value: TypeAlias = "str | int | float | None"
Row: TypeAlias = "tuple[Value, ...]"
Record: TypeAlias = "Mapping[str, Any]"

LISTS = ("segments", "dates", "counts", "items", "organisations", "operations", "speakers", "quotes", "people",
         "numerals", "warnings")  # fmt: skip
_BATCH = 5_000  # rows of one table that are held at once


@dataclass(frozen=True)
class Column:
    """A column of a tidy table.

    Attributes:
        name: Its name.
        type: text, integer, real, or date (YYYY-MM-DD).
        about: What it means, in a sentence.
        optional: Whether it may be null.
        links: The table whose row it points to.
    """

    name: str
    type: Type
    about: str
    optional: bool = False
    links: str | None = None


@dataclass(frozen=True)
class Table:
    """A tidy table.

    Attributes:
        name: Its name.
        about: What a row is, in a sentence.
        key: Names of the columns that tell rows apart.
        columns: Its columns in order.
    """

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


def _table(raw: Mapping[str, Any]) -> Table:
    columns = tuple(Column(**column) for column in raw["columns"])
    return Table(raw["name"], raw["about"], tuple(raw["key"]), columns)


TABLES: dict[str, Table] = {raw["name"]: _table(raw) for raw in tables.raw("outputs/tables.toml")["table"]}


def _picker(table: str) -> Callable[[Mapping[str, Any]], Row]:
    return itemgetter(*TABLES[table].names)


_PICK = {name: _picker(name) for name in TABLES}


def rows_of(record: Record) -> Iterator[tuple[str, Row]]:
    """The rows of a record, each with the name of its table; a row comes after those it points to, save within counts.

    Args:
        record: A record as `json.loads` gives it. One without an id goes by the digest of its text.
    """
    release = release_id(record)
    for table, entry in _entries(record):
        entry["release"] = release
        yield table, _PICK[table](entry)


def release_id(record: Record) -> str:
    """What a record is called in the tables: its id, else the digest of its text."""
    source = record["source"]
    return str(source["sha256"] if source["id"] is None else source["id"])


def _entries(record: Record) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "releases", _release(record)
    for kind in ("organisations", "operations", "speakers"):
        for entry in record[kind]:
            yield kind, {**entry, "mentions": len(entry["mentions"])}
            yield from _mentions(kind.removesuffix("s"), entry["id"], entry["mentions"])
    for date in record["dates"]:
        yield "dates", dict(date)
    for quote in record["quotes"]:
        yield from _quote(quote)
    dates = {date["id"]: date for date in record["dates"]}
    for count in record["counts"]:
        yield from _count(count, dates)
    for item in record["items"]:
        yield "items", dict(item)
        yield from _evidence(item)
    for person in record.get("people", ()):
        yield from _person(person)
    for kind in ("numerals", "warnings"):
        for position, entry in enumerate(record.get(kind, ()), 1):
            yield kind, {**entry, "position": position}


def _release(record: Record) -> dict[str, Any]:
    source = record["source"]
    numbers = {kind: len(record.get(kind, ())) for kind in LISTS}
    made = {**record["provenance"], "schema_version": record["schema_version"]}
    later = dict.fromkeys(("derived_from", "published_from", "country", "publisher"))  # older records have none
    publisher = source.get("publisher")
    named = {"id": release_id(record), "force": force_of(record), "publisher": publisher and publisher["name"]}
    return {**later, **source, **numbers, **made, **named}


def force_of(record: Record) -> str | None:
    """The police force that a record mentions most, the first of those mentioned as often; None if there is none."""
    forces = [body for body in record["organisations"] if body["kind"] == "police_force"]
    return max(forces, key=lambda body: len(body["mentions"]))["name"] if forces else None


def _mentions(kind: str, entry: str, places: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for position, place in enumerate(places, 1):
        yield "mentions", {**place, "kind": kind, "entry": entry, "position": position}


def _quote(quote: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    spans, cue = quote["spans"], quote["cue"]
    ends = {"start": spans[0]["start"], "end": spans[-1]["end"]}
    yield "quotes", {**quote, **ends, "spans": len(spans), "cue": cue and cue["text"]}
    yield from _mentions("quote", quote["id"], _with_text(spans, quote["text"]))
    yield from _mentions("cue", quote["id"], [cue] if cue else [])


def _with_text(spans: Iterable[Mapping[str, Any]], text: str) -> Iterator[dict[str, Any]]:
    """The spans of a quotation with their characters, which stand in its text one after the other."""
    at = 0
    for span in spans:
        if at:
            at += 2 if text.startswith("\n\n", at) else 1
        end = at + span["end"] - span["start"]
        yield {**span, "text": text[at:end]}
        at = end


def _count(count: dict[str, Any], dates: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    id_, categories, where = count["id"], count["categories"], count["where"]
    dated = count["when"] or {}
    when = dates.get(dated.get("id", ""), {})
    yield (
        "counts",
        {
            **count,
            "value": float(count["value"]),
            "value_max": None if count["value_max"] is None else float(count["value_max"]),
            "category": categories[0] if categories else None,
            "countable": int(count["subset_of"] is None and count["same_as"] is None),
            "when_date": dated.get("id"),
            "when_via": dated.get("via"),
            **{f"when_{name}": when.get(name) for name in ("value", "earliest", "latest")},
            "where_text": where and where["text"],
            "where_via": where and where["via"],
        },
    )
    for position, category in enumerate(categories, 1):
        yield "count_categories", {"count": id_, "position": position, "category": category}
    for position, organisation in enumerate(count["organisations"], 1):
        yield (
            "count_organisations",
            {"count": id_, "position": position, "organisation": organisation["id"], "via": organisation["via"]},
        )
    yield from _mentions("where", id_, [where] if where else [])
    yield from _evidence(count)


def _evidence(entry: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The words that decided the action of a figure or an item."""
    for kind in ("action", "agent"):
        words = entry.get("evidence", {}).get(kind)
        yield from _mentions(kind, entry["id"], [words] if words else [])


def _person(person: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    first, age, home = person["mentions"][0], person["age"], person["home"]
    sentence: dict[str, Any] = next(iter(person["sentences"]), {})
    yield (
        "people",
        {
            **person,
            **first,
            "age": age and age["value"],
            "home": home and home["text"],
            "sentence": sentence.get("text"),
            "sentence_value": sentence.get("value"),
            "suspended": int(sentence["suspended"]) if sentence else None,
            "protected": int(person["protected"]),
            "offences": len(person["offences"]),
            "mentions": len(person["mentions"]),
        },
    )
    for position, offence in enumerate(person["offences"], 1):
        category = offence["categories"][0]
        yield "people_offences", {**offence, "person": person["id"], "position": position, "category": category}
    yield from _mentions("person", person["id"], person["mentions"])


def rows_of_results(results: Iterable[Result]) -> Iterator[tuple[str, Row]]:
    """The rows of the results of a run, each with the name of its table, lazily and in order."""
    for result in results:
        if result.record is None:
            failure = failure_of(result)
            yield "failures", (failure.source, failure.error, failure.message)
        else:
            yield from rows_of(json.loads(result.record))


def failure_of(result: Result) -> Failure:
    """A result's failure as it can be written: a file may be named by bytes that are no characters."""
    return Failure(source=_encodable(result.id), error=result.error, message=_encodable(result.message))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def in_batches(rows: Iterable[tuple[str, Row]], size: int = _BATCH) -> Iterator[tuple[str, list[Row]]]:
    """The rows table by table in lists of at most `size`, so memory stays flat; the order within a table is kept."""
    held: dict[str, list[Row]] = {name: [] for name in TABLES}
    for table, row in rows:
        batch = held[table]
        batch.append(row)
        if len(batch) >= size:
            yield table, batch
            held[table] = []
    for table, batch in held.items():
        if batch:
            yield table, batch
