"""The releases of corpus/ give exactly the expected records."""

import json
from pathlib import Path

import golden
import jsonschema
import pytest

from extractor import extract
from extractor.models import misplaced

ROOT = Path(__file__).parent.parent

IDS = sorted(golden.index())
SCHEMA = json.loads((ROOT / "schemas" / "release.v2.json").read_text("utf-8"))


def test_every_text_is_in_the_index_and_has_a_record():
    assert len(IDS) >= 11
    assert IDS == sorted(file.stem for file in (ROOT / "corpus").glob("*.txt"))
    assert set(IDS) <= {file.stem for file in (ROOT / "corpus").glob("*.json")}


@pytest.mark.parametrize("name", IDS)
def test_the_record_is_as_expected(name):
    """But for the errors that index.toml lists; one that is gone must leave the list."""
    assert sorted(golden.differences(name)) == sorted(golden.index()[name].get("known", []))


def test_the_fixture_is_right_to_the_last_field():
    assert golden.record_of("sceptre").model_dump() == golden.expected("sceptre").model_dump()


@pytest.mark.parametrize("name", IDS)
def test_the_expected_record_is_sound(name):
    text = (ROOT / "corpus" / f"{name}.txt").read_bytes().decode("utf-8")
    record = golden.expected(name)
    assert misplaced(record, text) == []
    jsonschema.validate(json.loads(record.model_dump_json()), SCHEMA)


SCEPTRE = [
    (44, "44 people arrested", "person", "arrested"),
    (44, "44 arrests", "activity", "arrested"),
    (44, "44 adults and children", "person", "referred"),
]


def test_sceptre_has_three_different_forty_fours():
    found = [(c.value, c.text, c.unit, c.action) for c in golden.expected("sceptre").counts if c.value == 44]
    assert found == SCEPTRE


def test_sceptre_reopened_paragraphs_are_one_quotation_each():
    record = golden.expected("sceptre")
    names = {speaker.id: speaker.name for speaker in record.speakers}
    spans = [(names.get(q.speaker or ""), len(q.spans), q.kind) for q in record.quotes]
    assert spans == [(None, 1, "partial"), ("Jane Connors", 4, "direct"), ("Mark Lawrie", 3, "direct")]


def test_sceptre_boilerplate_and_phone_number_give_nothing():
    record = golden.expected("sceptre")
    text = (ROOT / "corpus" / "sceptre.txt").read_text("utf-8")
    marked = [text[s.start : s.end] for s in record.segments if s.kind == "boilerplate"]
    assert len([line for line in marked if line == "Surrey Comet:"]) == 4
    assert len([line for line in marked if line.startswith("READ MORE: Eight people arrested")]) == 1
    assert not [c for c in record.counts if c.value in (8, 61016)]


def test_sceptre_year_comes_from_publication_and_a_wrong_one_is_warned_of():
    text = (ROOT / "corpus" / "sceptre.txt").read_text("utf-8")
    plain, right, wrong = (extract(text, published=day) for day in (None, "2020-11-17", "2019-11-18"))
    week = "between November 9 and 15"
    assert [d.value for d in plain.dates if d.text == week] == ["XXXX-11-09/XXXX-11-15"]
    assert [d.value for d in right.dates if d.text == week] == ["2020-11-09/2020-11-15"]
    assert [w.code for w in right.warnings] == []
    assert "weekday-mismatch" in [w.code for w in wrong.warnings]
