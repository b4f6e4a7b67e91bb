"""extractor convert: records of schema 1 become records of schema 2, and nothing is replaced."""

import gzip
import json
from pathlib import Path

import pytest
from records import record

from extractor.errors import InputError, OutputError
from extractor.models import Release
from extractor.outputs.convert import convert, upgraded
from extractor.outputs.read_back import rows_in
from extractor.outputs.stored import read_records

TEXT = "On Monday in Kent:\n3 knives in Dover."
NEW = json.loads(
    record(
        TEXT,
        dates=[{"at": "Monday"}],
        counts=[{"at": "3 knives", "when": {"id": "d1", "via": "heading"}, "organisations": ["o1"],
                 "where": {"start": 31, "end": 36, "text": "Dover"}}],
        organisations=[{"name": "Dover"}],
    ).model_dump_json()
)  # fmt: skip
NEW["segments"] = [{"kind": "headline", "start": 0, "end": 18}, {"kind": "paragraph", "start": 19, "end": len(TEXT)}]
NEW["source"]["publisher"] = {"name": "Kent Police", "key": None, "rule": "given", "start": None, "end": None}


def old(version: str = "1.1") -> dict:
    """The same record as schema 1 had it."""
    data = json.loads(json.dumps(NEW)) | {"schema_version": version}
    (count,) = data["counts"]
    count["when"], count["organisations"] = "d1", ["o1"]
    del count["where"]["via"], data["kinds"]
    data["source"]["publisher"] = "Kent Police"
    return data


def test_a_record_is_moved_with_what_its_figures_are_linked_via():
    assert Release.model_validate(upgraded(old())) == Release.model_validate(NEW)


def test_an_action_that_is_no_more_and_a_unit_of_mass():
    data = old("1.0")
    data["counts"][0] |= {"action": "other", "unit": "oz"}
    count = upgraded(data)["counts"][0]
    assert (count["action"], count["unit"]) == (None, "[oz_av]")


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json"])
def test_files(tmp_path: Path, name: str):
    lines = (json.dumps(old()) + "\n").encode() * (1 if name.endswith(".json") else 2)
    (tmp_path / name).write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    before = (tmp_path / name).read_bytes()
    assert convert(tmp_path / name, tmp_path / f"new-{name}") == lines.count(b"\n")
    assert {r.release.schema_version for r in read_records(tmp_path / f"new-{name}")} == {"2.0"}
    assert (tmp_path / name).read_bytes() == before


def test_a_folder_keeps_its_names(tmp_path: Path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.json").write_text(json.dumps(old()))
    assert convert(tmp_path / "in", tmp_path / "out") == 1
    assert (
        Release.model_validate_json((tmp_path / "out" / "deep" / "a.json").read_text()).counts[0].when.via == "heading"
    )


def test_nothing_is_replaced(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(old()))
    (tmp_path / "b.json").write_text(json.dumps(NEW))
    for target in ("a.json", "b.json"):
        with pytest.raises(OutputError):
            convert(tmp_path / "a.json", tmp_path / target)
    assert json.loads((tmp_path / "b.json").read_text()) == NEW


def test_a_broken_row_is_named_and_nothing_written(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(json.dumps(old()) + "\n{}\n")
    with pytest.raises(InputError, match="line 2"):
        convert(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert not (tmp_path / "b.jsonl").exists()


def test_other_commands_name_convert(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(old()))
    for read in (read_records, lambda path: list(rows_in(path))):
        with pytest.raises(InputError, match="extractor convert"):
            read(tmp_path / "a.json")
