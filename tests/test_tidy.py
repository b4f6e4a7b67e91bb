"""tidy: the tables are what their definition says, and every value of a record is where it says."""

import json
from pathlib import Path

import pytest
import tidy_tables
from records import record
from results import corpus, expected, made, one

from extractor.models import (
    Count,
    Date,
    Item,
    Numeral,
    Organisation,
    Provenance,
    ReleaseWarning,
    SourceInfo,
    Speaker,
)
from extractor.outputs import tidy
from extractor.outputs.tidy import TABLES

ROOT = Path(__file__).parent.parent
TEXT = (
    "Kent Police seized 12 knives in Dover on 3 May 2024. Kent Police and Surrey Police made nine arrests. "
    "Ann Lee said: “One. ”\n\n“Two.”"
)
LISTS = {
    "dates": [{"at": "3 May 2024", "value": "2024-05-03", "earliest": "2024-05-03", "latest": "2024-05-03"}],
    "counts": [
        {
            "at": "12 knives", "value": 12, "categories": ["weapon.knife", "weapon"], "action": "seized", "when": "d1",
            "where": {"start": 32, "end": 37, "text": "Dover"}, "organisations": ["o1", "o2"],
        },
        {"at": "nine arrests", "value": 9, "value_max": 10.5, "unit": "activity", "categories": [], "subset_of": "c1"},
    ],
    "items": [{"at": "12 knives", "category": "weapon.knife", "action": "seized", "count": "c1"}],
    "organisations": [
        {"name": "Surrey Police", "kind": "police_force"},
        {"name": "Kent Police", "kind": "police_force", "mentions": ["Kent Police", "Kent Police"]},
    ],
    "operations": [],
    "speakers": [{"name": "Ann Lee", "organisation": "o1"}],
    "quotes": [{"at": ["One. ", "Two."], "speaker": "s1", "cue": {"start": 110, "end": 114, "text": "said"}}],
    "warnings": [{"at": "Dover"}],
}  # fmt: skip


def named(table: str, number: int = 0) -> dict:
    rows = expected([made("a.txt", TEXT, **LISTS)])[table]
    return dict(zip(TABLES[table].names, rows[number], strict=True))


def test_a_figure_has_its_scope_and_its_links():
    first, second = named("counts"), named("counts", 1)
    assert first | {"start": 0, "end": 0} == {
        "release": "a.txt", "id": "c1", "value": 12.0, "value_max": None, "modifier": "exact", "unit": "item",
        "category": "weapon.knife", "action": "seized", "countable": 1, "subset_of": None, "same_as": None,
        "when_date": "d1", "when_via": "sentence", "when_value": "2024-05-03", "when_earliest": "2024-05-03",
        "when_latest": "2024-05-03", "where_text": "Dover", "where_via": "sentence", "quote": None,
        "start": 0, "end": 0, "text": "12 knives", "rule": "figure",
    }  # fmt: skip
    assert TEXT[first["start"] : first["end"]] == "12 knives"
    assert (second["countable"], second["subset_of"], second["category"], second["value_max"]) == (0, "c1", None, 10.5)
    assert type(first["value"]) is float


def test_same_as_makes_a_figure_uncountable():
    lists = {"counts": [{"at": "12 knives"}, {"at": "nine arrests", "same_as": "c1"}]}
    rows = expected([made("a.txt", TEXT, **lists)])["counts"]
    assert [row[TABLES["counts"].names.index("countable")] for row in rows] == [1, 0]


def test_lists_of_a_figure_have_tables_of_their_own():
    rows = expected([made("a.txt", TEXT, **LISTS)])
    assert rows["count_categories"] == [("a.txt", "c1", 1, "weapon.knife"), ("a.txt", "c1", 2, "weapon")]
    assert rows["count_organisations"] == [("a.txt", "c1", 1, "o1", "sentence"), ("a.txt", "c1", 2, "o2", "sentence")]


def test_every_mention_is_its_characters():
    rows = expected([made("a.txt", TEXT, **LISTS)])["mentions"]
    found = {(kind, entry, position): text for _, kind, entry, position, _, _, text in rows}
    assert found[("quote", "q1", 1)] == "One. "
    assert found[("quote", "q1", 2)] == "Two."
    assert found[("where", "c1", 1)] == "Dover"
    assert {kind for kind, _, _ in found} == {"organisation", "speaker", "quote", "cue", "where"}
    for _, kind, _, _, start, end, text in rows:
        if kind != "cue":
            assert TEXT[start:end] == text


def test_a_release_has_its_numbers():
    row = named("releases")
    assert (row["counts"], row["organisations"], row["numerals"], row["operations"]) == (2, 2, 0, 0)
    assert (row["id"], row["extractor"], row["model"]) == ("a.txt", "any", "blank")


@pytest.mark.parametrize(
    ("bodies", "force"),
    [
        ([], None),
        ([{"name": "Surrey Police", "kind": "company"}], None),
        ([{"name": "Surrey Police", "kind": "police_force"}, {"name": "Kent Police", "kind": "police_force"}],
         "Surrey Police"),
        (LISTS["organisations"], "Kent Police"),
    ],
)  # fmt: skip
def test_the_force_is_the_one_mentioned_most_the_first_of_equals(bodies, force):
    assert tidy.force_of(json.loads(record(TEXT, organisations=bodies).model_dump_json())) == force


def test_a_record_without_a_name_goes_by_its_digest():
    rows = list(tidy.rows_of(json.loads(one("any", id=None).record)))
    assert {row[0] for _, row in rows} == {"0" * 64}


def test_a_record_of_an_older_version_has_what_it_has():
    data = json.loads(one("a").record)
    del data["numerals"]
    assert "derived_from" not in data["source"]
    rows = dict(tidy.rows_of(data))
    assert "numerals" not in rows
    assert rows["releases"][TABLES["releases"].names.index("numerals")] == 0


def test_every_value_has_the_type_of_its_column():
    kinds = {"text": str, "date": str, "integer": int, "real": float}
    for name, rows in expected(corpus()).items():
        for row in rows:
            for column, value in zip(TABLES[name].columns, row, strict=True):
                assert column.optional if value is None else type(value) is kinds[column.type], (name, column.name)


def test_keys_tell_rows_apart_and_links_lead_somewhere():
    found = expected(corpus())
    keys = {}
    for name, table in TABLES.items():
        at = [table.names.index(column) for column in table.key]
        rows = [tuple(row[i] for i in at) for row in found.get(name, [])]
        assert len(rows) == len(set(rows)), name
        keys[name] = set(rows)
    links = 0
    for name, table in TABLES.items():
        for place, column in enumerate(table.columns):
            for row in found.get(name, []) if column.links else ():
                if row[place] is not None:
                    key = (row[place],) if column.links == "releases" else (row[0], row[place])
                    assert key in keys[column.links], (name, column.name, row)
                    links += 1
    assert links > 500


@pytest.mark.parametrize(
    ("table", "model", "elsewhere"),
    [
        ("dates", Date, set()),
        ("counts", Count, {"categories", "organisations", "when", "where", "evidence"}),
        ("items", Item, {"evidence"}),
        ("organisations", Organisation, set()),
        ("speakers", Speaker, set()),
        ("numerals", Numeral, set()),
        ("warnings", ReleaseWarning, set()),
    ],
)
def test_no_field_of_the_model_is_forgotten(table, model, elsewhere):
    assert set(model.model_fields) - set(TABLES[table].names) == elsewhere


def test_no_field_of_the_source_and_its_making_is_forgotten():
    assert set(SourceInfo.model_fields) | set(Provenance.model_fields) <= set(TABLES["releases"].names)
    row = dict(tidy.rows_of(json.loads(one("a", derived_from="html").record)))["releases"]
    assert row[TABLES["releases"].names.index("derived_from")] == "html"


def test_batches_are_small_and_lose_nothing():
    rows = [("warnings", (n,)) for n in range(10)] + [("dates", (n,)) for n in range(3)]
    batches = list(tidy.in_batches(rows, 4))
    assert max(len(batch) for _, batch in batches) == 4
    assert [row for name, batch in batches if name == "warnings" for row in batch] == [(n,) for n in range(10)]
    assert [row for name, batch in batches if name == "dates" for row in batch] == [(n,) for n in range(3)]


def test_the_data_dictionary_and_the_page_of_outputs_are_up_to_date():
    assert tidy_tables.FILE.read_text("utf-8") == tidy_tables.text()
    assert tidy_tables.overview() in (ROOT / "docs" / "outputs.md").read_text("utf-8")


def test_every_table_and_column_says_what_it_means():
    for table in TABLES.values():
        for about in (table.about, *(column.about for column in table.columns)):
            assert about[0].isalnum() and about.endswith("."), about
        assert set(table.key) <= set(table.names)
        assert all(column.links is None or column.links in TABLES for column in table.columns)
