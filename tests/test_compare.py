"""Comparison: entries are found again by place and name, ids through what they point to, order says nothing."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import linked, scope

from extractor import Release
from extractor.judging.compare import KINDS, compare, match
from extractor.outputs.stored import Stored

TEXT = (
    "Kent Police seized 12 knives and 3 swords on Monday 6 May 2024 under Operation Harrow. "
    "PC Ann Example of Kent Police said: “Twelve knives are off our streets.” "
    "The Met joined on Tuesday and made 4 arrests, 2 of them for knife crime."
)


def at(needle: str, n: int = 1) -> dict[str, Any]:
    start = -1
    for _ in range(n):
        start = TEXT.index(needle, start + 1)
    return {"start": start, "end": start + len(needle), "text": needle}


def count(id_: str, needle: str, value: int, **other: Any) -> dict[str, Any]:
    plain = {"value_max": None, "modifier": "exact", "unit": "item", "categories": ["weapon.knife"]}
    links = {"when": None, "where": None, "organisations": [], "subset_of": None, "same_as": None, "quote": None}
    row = {"id": id_, **at(needle), "rule": "figure", "value": value, "action": "seized", **plain, **links, **other}
    return {**row, **scope(row)}


def date(id_: str, needle: str, value: str) -> dict[str, Any]:
    return {"id": id_, **at(needle), "rule": "day", "type": "DATE", "value": value, "earliest": None, "latest": None,
            "anchor": "text"}  # fmt: skip


QUOTE = "Twelve knives are off our streets."
ROWS: dict[str, Any] = {
    "source": {"id": "a.txt", "sha256": "0", "characters": len(TEXT), "encoding": "utf-8"},
    "segments": [{"kind": "paragraph", "start": 0, "end": len(TEXT)}],
    "dates": [date("d1", "Monday 6 May 2024", "2024-05-06"), date("d2", "Tuesday", "2024-05-07")],
    "counts": [
        count("c1", "12 knives", 12, when="d1", organisations=["o1"], same_as="c3"),
        count("c2", "3 swords", 3, when="d1", organisations=["o1", "o2"], categories=["weapon", "weapon.knife"]),
        count("c3", "Twelve knives", 12, quote="q1", where=at("our streets")),
        count("c4", "4 arrests", 4, unit="activity", when="d2", organisations=["o2"]),
        count("c5", "2 of them", 2, unit="person", subset_of="c4"),
    ],
    "numerals": [
        {**at("12"), "verdict": "count", "entry": "c1"},
        {**at("2024"), "verdict": "date", "entry": "d1"},
    ],
    "items": [
        {"id": "i1", **at("12 knives"), "rule": "item", "category": "weapon.knife", "action": "seized", "count": "c1"},
        {"id": "i2", **at("12 knives"), "rule": "item", "category": "weapon", "action": "seized", "count": "c1"},
    ],
    "organisations": [
        {"id": "o1", "name": "Kent Police", "kind": "police_force", "key": "kent",
         "mentions": [at("Kent Police"), at("Kent Police", 2)]},
        {"id": "o2", "name": "Metropolitan Police Service", "kind": "police_force", "key": None,
         "mentions": [at("Met")]},
    ],
    "operations": [{"id": "p1", "name": "Operation Harrow", "mentions": [at("Operation Harrow")]}],
    "speakers": [{"id": "s1", "name": "Ann Example", "rank": "PC", "role": None, "organisation": "o1",
                  "mentions": [at("Ann Example")]}],
    "quotes": [{"id": "q1", "rule": "marks", "kind": "direct", "text": QUOTE, "speaker": "s1", "cue": at("said"),
                "spans": [{"start": at(QUOTE)["start"], "end": at(QUOTE)["end"]}]}],
    "people": [
        {"id": "n1", "rule": "named", "mentions": [at("Ann Example")], "name": "Ann Example", "role": "witness",
         "age": {**at("12"), "value": 12}, "sex": "female", "home": at("Kent"), "outcome": None,
         "evidence": {"role": None, "outcome": None}, "offences": [], "sentences": [], "court": "o1",
         "hearing": "d1", "count": "c5", "speaker": "s1", "protected": False},
    ],
    "kinds": [{**at("seized"), "kind": "seizure"}],
    "warnings": [{"code": "odd", "message": "Odd.", "start": 0, "end": 4}],
    "provenance": {"extractor": "1", "tables": "1", "model": "blank"},
}  # fmt: skip
RECORD = Release.model_validate(ROWS)
LISTS = [name for name, rows in ROWS.items() if isinstance(rows, list)]
OF = {
    "d": "dates",
    "c": "counts",
    "i": "items",
    "o": "organisations",
    "p": "operations",
    "s": "speakers",
    "q": "quotes",
    "n": "people",
}


def changed(kind: str, n: int, /, **fields: Any) -> Release:
    rows = [{**row, **(fields if i == n else {})} for i, row in enumerate(ROWS[kind])]
    return Release.model_validate({**ROWS, kind: rows})


def without(kind: str, n: int) -> Release:
    return Release.model_validate({**ROWS, kind: [row for i, row in enumerate(ROWS[kind]) if i != n]})


def told(record: Release, expected: Release = RECORD, **options: Any) -> list[tuple[str, str, str | None]]:
    return [(d.kind, d.what, d.field) for d in compare(record, expected, **options).differences]


def test_a_record_is_like_itself():
    assert not compare(RECORD, RECORD, provenance=True)
    assert {pair.what for pair in compare(RECORD, RECORD).pairs} == {"same"}


def renamed(rows: Any, names: dict[str, str]) -> Any:
    """The rows with other ids, wherever they stand."""
    if isinstance(rows, list):
        return [renamed(row, names) for row in rows]
    if isinstance(rows, dict):
        return {field: value if field in ("text", "name", "sha256", "key") else renamed(value, names)
                for field, value in rows.items()}  # fmt: skip
    return names.get(rows, rows) if isinstance(rows, str) else rows


@given(st.randoms(use_true_random=False))
def test_order_and_ids_say_nothing(chance: random.Random):
    names = {}
    for letter, kind in OF.items():
        numbers = list(range(1, len(ROWS[kind]) + 1))
        chance.shuffle(numbers)
        names |= {f"{letter}{n}": f"{letter}{m}" for n, m in enumerate(numbers, 1)}
    rows = {**ROWS, **{name: renamed(ROWS[name], names) for name in LISTS}}
    for name in LISTS:
        chance.shuffle(rows[name])
        for row in rows[name]:
            for field in ("mentions", "categories", "organisations"):
                if field in row:
                    chance.shuffle(row[field])
    shuffled = Release.model_validate(rows)
    assert told(shuffled) == told(RECORD, shuffled) == []


CHANGES = [
    ("segments", 0, "kind", "headline"),
    ("dates", 0, "type", "TIME"),
    ("dates", 1, "value", None),
    ("dates", 1, "earliest", "2024-05-07"),
    ("dates", 1, "latest", "2024-05-07"),
    ("dates", 0, "anchor", "published"),
    ("counts", 0, "value", 13),
    ("counts", 0, "value_max", 20),
    ("counts", 1, "modifier", "at_least"),
    ("counts", 1, "unit", "kg"),
    ("counts", 1, "categories", ["weapon"]),
    ("counts", 3, "action", None),
    ("counts", 2, "where", None),
    ("counts", 2, "text", "Other words"),
    ("counts", 0, "when", linked("d2")),
    ("counts", 0, "when", {"id": "d1", "via": "heading"}),
    ("counts", 0, "when", None),
    ("counts", 0, "organisations", []),
    ("counts", 1, "organisations", [linked("o2")]),
    ("counts", 3, "organisations", [{"id": "o2", "via": "publisher"}]),
    ("counts", 4, "subset_of", "c1"),
    ("counts", 0, "same_as", None),
    ("counts", 2, "quote", None),
    ("items", 0, "action", "found"),
    ("items", 0, "category", "tool"),
    ("items", 1, "count", "c2"),
    ("organisations", 0, "name", "Kent"),
    ("organisations", 0, "kind", "other"),
    ("organisations", 0, "key", None),
    ("organisations", 0, "mentions", [at("Kent Police")]),
    ("operations", 0, "name", "Harrow"),
    ("speakers", 0, "name", "A. Example"),
    ("speakers", 0, "rank", None),
    ("speakers", 0, "role", "officer"),
    ("speakers", 0, "organisation", "o2"),
    ("speakers", 0, "mentions", []),
    ("quotes", 0, "kind", "partial"),
    ("quotes", 0, "speaker", None),
    ("quotes", 0, "cue", None),
    ("people", 0, "name", "A. Example"),
    ("people", 0, "role", "victim"),
    ("people", 0, "age", None),
    ("people", 0, "age", {**at("12"), "value": 13}),
    ("people", 0, "sex", None),
    ("people", 0, "home", None),
    ("people", 0, "outcome", "charged"),
    ("people", 0, "offences", [{**at("knife crime"), "categories": ["weapons"], "number": None}]),
    ("people", 0, "sentences", [{**at("knife"), "kind": "fine", "value": None, "suspended": False}]),
    ("people", 0, "protected", True),
    ("people", 0, "mentions", [at("PC Ann Example")]),
    ("people", 0, "court", None),
    ("people", 0, "hearing", "d2"),
    ("people", 0, "count", "c4"),
    ("people", 0, "speaker", None),
    ("kinds", 0, "kind", "operation"),
    ("numerals", 0, "verdict", "age"),
    ("numerals", 0, "entry", "c2"),
    ("warnings", 0, "message", "Very odd."),
]


@pytest.mark.parametrize(("kind", "n", "field", "value"), CHANGES)
def test_one_changed_field_is_one_difference(kind, n, field, value):
    record = changed(kind, n, **{field: value})
    assert told(record) == told(RECORD, record) == [(kind, "changed", field)]


def test_every_compared_field_is_changed_above():
    compared = {(kind.name, field) for kind in KINDS for field in (*kind.fields, *kind.links)}
    assert compared - {(kind, field) for kind, _, field, _ in CHANGES} == {
        ("dates", "text"), ("items", "text"), ("operations", "mentions"), ("quotes", "text"), ("warnings", "code"),
    }  # fmt: skip


@pytest.mark.parametrize("field", ["title", "published", "url", "encoding", "sha256"])
def test_what_is_known_of_the_source_is_compared(field):
    record = Release.model_validate({**ROWS, "source": {**ROWS["source"], field: "2024-05-08"}})
    assert told(record) == [("source", "changed", field)]


def test_versions_and_rules_only_if_asked():
    record = changed("dates", 0, rule="another")
    record = record.model_copy(update={"provenance": record.provenance.model_copy(update={"extractor": "2"})})
    assert told(record) == []
    assert told(record, provenance=True) == [("dates", "changed", "rule"), ("provenance", "changed", "extractor")]


@pytest.mark.parametrize(("kind", "n"), [("dates", 1), ("items", 0), ("operations", 0), ("warnings", 0)])
def test_missing_and_added(kind, n):
    rows = without(kind, n) if kind != "dates" else Release.model_validate(
        {**ROWS, "dates": ROWS["dates"][:1], "counts": [{**c, "when": None} for c in ROWS["counts"]]}
    )  # fmt: skip
    assert (kind, "missing", None) in told(rows)
    assert (kind, "added", None) in told(RECORD, rows)


def test_the_same_value_at_other_offsets_has_moved():
    wider = at("seized 12 knives")
    record = changed("counts", 0, **wider)
    (difference,) = compare(record, RECORD).differences
    assert (difference.kind, difference.what) == ("counts", "moved")
    assert (difference.old["text"], difference.new["text"]) == ("12 knives", "seized 12 knives")
    far = changed("dates", 1, start=200, end=207)
    assert told(far) == [("dates", "moved", None)]


def test_what_moved_and_changed_is_told_as_both():
    record = changed("counts", 0, **at("seized 12 knives"), value=13)
    comparison = compare(record, RECORD)
    assert [d.what for d in comparison.differences] == ["moved", "changed"]
    assert [pair.what for pair in comparison.pairs if pair.differences] == ["changed"]


def test_links_are_told_by_what_they_point_to():
    (difference,) = compare(changed("counts", 0, when=linked("d2")), RECORD).differences
    assert (difference.old, difference.new) == ("Monday 6 May 2024", "Tuesday")


def test_of_two_entries_at_one_place_the_alike_belong_together():
    record = Release.model_validate({**ROWS, "items": ROWS["items"][::-1]})
    assert told(record) == []
    record = changed("items", 0, category="tool", action="found")
    assert {field for _, _, field in told(record)} == {"category", "action"}


def stored(name: str | None, path: str) -> Stored:
    return Stored(RECORD.model_copy(update={"source": RECORD.source.model_copy(update={"id": name})}), Path(path))


def test_records_are_matched_by_id_then_by_stem():
    ours = [stored("x/a.txt", "out.jsonl"), stored("b.txt", "out.jsonl"), stored("c.txt", "out.jsonl")]
    theirs = [stored("b.txt", "b.json"), stored(None, "a.json"), stored("d.txt", "d.json")]
    found = [(new and new.id, old and old.id) for new, old in match(ours, theirs)]
    assert found == [("b.txt", "b.txt"), ("x/a.txt", "a.json"), (None, "d.txt"), ("c.txt", None)]


def test_one_record_is_compared_with_one_whatever_their_names():
    assert len(match([stored("a", "a.json")], [stored("b", "b.json")])) == 1


def test_no_record_is_lost_where_names_stand_twice():
    ours = [stored("a.txt", "1.jsonl"), stored("a.txt", "1.jsonl")]
    found = match(ours, [stored("a.txt", "a.json")])
    assert len([new for new, _ in found if new]) == 2
    assert len([old for _, old in found if old]) == 1
