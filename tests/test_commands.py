"""The commands about judging records, as a user calls them."""

import json
import re

import pytest
from records import record
from typer.testing import CliRunner

from extractor.cli.app import app
from extractor.judging.gold import read_gold

TEXT = "Kent Police 🚨 seized 12 knives on 9 November.\r\nOfficers found three knives."
GOLD = {
    "dates": [{"at": "9 November", "value": "2020-11-09"}],
    "counts": [{"at": "12 knives", "value": 12}],
    "organisations": [{"name": "Kent Police"}],
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two releases with gold, one record each, the second one with errors."""
    (tmp_path / "gold").mkdir()
    rows = []
    for name, found in (("a", GOLD), ("b", {"dates": [{"at": "9 November", "value": None}]})):
        (tmp_path / "gold" / f"{name}.txt").write_bytes(TEXT.encode())
        right = record(TEXT, f"{name}.txt", "2020-11-10", **GOLD)
        (tmp_path / "gold" / f"{name}.json").write_text(right.model_dump_json(), "utf-8")
        rows.append(record(TEXT, f"{name}.txt", "2020-11-10", **found).model_dump_json())
    (tmp_path / "records.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "meta.csv").write_text("id,force\na,Kent\nb,Essex\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def call(*arguments, code=0):
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, (done.stdout, done.stderr, done.exception)
    return done


def test_score_as_table(folder):
    shown = call("score", "records.jsonl", "gold", "--by", "force", "--metadata", "meta.csv", "--show", "dates").stdout
    assert re.search(r"dates\.value +0\.500 0\.500 0\.500", shown)
    assert "Essex" in shown
    assert "dates.value missed  b:" in shown


@pytest.mark.parametrize("form", ["json", "markdown", "html"])
def test_score_in_the_other_forms(folder, form):
    printed = call("score", "records.jsonl", "gold", "--by", "year", "--format", form).stdout
    call("score", "records.jsonl", "gold", "--by", "year", "--format", form, "-o", "scores")
    assert (folder / "scores").read_text("utf-8") == printed
    assert "2020" in printed
    assert form != "json" or json.loads(printed)["by"]["2020"]["documents"] == 2


def test_score_says_what_it_cannot_match(folder):
    lines = (folder / "records.jsonl").read_text("utf-8").splitlines()
    (folder / "one.jsonl").write_text(lines[0].replace('"a.txt"', '"c.txt"') + "\n" + lines[1], "utf-8")
    said = call("score", "one.jsonl", "gold").stderr
    assert "no record, counted as missed: a" in said
    assert "1 records have no gold" in said
    (folder / "none.jsonl").write_text(lines[0].replace('"a.txt"', '"c.txt"'), "utf-8")
    assert "no record has the name" in call("score", "none.jsonl", "gold", code=3).stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--by", "force"], "needs --metadata"),
        (["--metadata", "meta.csv"], "without --by"),
        (["--by", "town", "--metadata", "meta.csv"], "no column 'town'"),
        (["--show", "towns"], "not one of"),
    ],
)
def test_score_refuses_options_that_mean_nothing(folder, options, message):
    assert message in call("score", "records.jsonl", "gold", *options, code=3).stderr


def test_report(folder):
    said = call("report", "records.jsonl", "--expected", "gold", "-o", "page.html").stderr
    assert said == "page.html: 2 releases\n"
    assert "Kent Police" in (folder / "page.html").read_text("utf-8")
    assert "its text is not there" in call("report", "records.jsonl", code=3).stderr


def test_diff_as_a_page(folder):
    shown = call("diff", "records.jsonl", "gold", "--html", "page.html", code=1)
    assert "missing" in shown.stdout
    assert '"what":"missing"' in (folder / "page.html").read_text("utf-8")


@pytest.mark.parametrize("tool", ["docbin", "label-studio", "doccano", "brat"])
def test_export_and_import_give_the_records_back(folder, tool):
    call("export", "records.jsonl", tool, "--texts", "gold", "-o", "there")
    call("import", tool, "there", "-o", "back")
    made = [(folder / "back" / f"{name}.json").read_text("utf-8") for name in "ab"]
    assert [json.loads(m) for m in made] == [
        json.loads(line) for line in (folder / "records.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(read_gold(folder / "back", {})) == 2


def test_two_documents_of_one_name_are_refused_not_lost(folder):
    lines = (folder / "records.jsonl").read_text("utf-8").splitlines()
    (folder / "twice.jsonl").write_text("\n".join([lines[0], lines[0]]), "utf-8")
    assert "two records are named a" in call("score", "twice.jsonl", "gold", code=3).stderr
    assert "named a" in call("export", "twice.jsonl", "brat", "--texts", "gold", "-o", "there", code=3).stderr
    call("export", "twice.jsonl", "doccano", "--texts", "gold", "-o", "there.jsonl")
    assert "named a" in call("import", "doccano", "there.jsonl", "-o", "back", code=3).stderr


def test_import_of_what_is_not_there(folder):
    assert "nowhere" in call("import", "doccano", "nowhere", "-o", "back", code=3).stderr
    assert "nowhere" in call("import", "brat", "nowhere", "-o", "back", code=3).stderr
    assert not (folder / "back").exists()
