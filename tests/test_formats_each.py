"""formats: what each of a folder of records, CSV, SQLite and Parquet does of its own."""

import csv
import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from outputs import write_to
from results import HOSTILE, corpus, expected, hostile, one, tables

from extractor.errors import InputError, OutputError
from extractor.outputs import json_folder, read_back, tidy_csv, tidy_parquet
from extractor.outputs.tidy import TABLES
from extractor.runs import folders
from extractor.runs.batch import Result

ROOT = Path(__file__).parent.parent


# A folder of records


def test_records_stand_in_folders_as_their_documents(tmp_path):
    names = ["a.txt", "b/a.txt", "b/a.html", "../up.txt", "a", "A.txt", "baseline.txt", ".hidden.txt", "b/a.txt.json"]
    output = write_to(tmp_path, "json", [one(name) for name in names])
    found = {str(file.relative_to(output)): file for file in output.rglob("*.json") if file.name != json_folder.LIST}
    assert len(found) == len(names)
    assert {"a.json", "b/a.json", "b/a.html.json"} <= set(found)
    assert not any(Path(file).name.startswith(".") or ".." in Path(file).parts for file in found)
    assert len({file.casefold() for file in found}) == len(names)
    assert json.loads(found["b/a.json"].read_text("utf-8"))["source"]["id"] == "b/a.txt"
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


def test_files_that_do_not_change_are_left_alone(tmp_path):
    output = write_to(tmp_path, "json", [one("a.txt"), one("b.txt")])
    os.utime(output / "a.json", (1, 1))
    os.utime(output / "b.json", (1, 1))
    write_to(tmp_path, "json", [one("a.txt"), one("b.txt", "other")])
    assert (output / "a.json").stat().st_mtime == 1
    assert (output / "b.json").stat().st_mtime != 1


def test_only_our_files_are_taken_away(tmp_path):
    output = write_to(tmp_path, "json", [one("a.txt"), one("b/c/d.txt"), one("e/f.txt"), Result("x", None, "odd", "")])
    (output / "mine.json").write_text("{}")
    (output / "e" / "mine.txt").write_text("mine")
    write_to(tmp_path, "json", [one("a.txt")])
    left = sorted(str(file.relative_to(output)) for file in output.rglob("*") if file.is_file())
    assert left == [json_folder.LIST, "a.json", "e/mine.txt", "mine.json"]
    assert not (output / "b").exists()


def test_a_file_of_somebody_else_is_not_written_over(tmp_path):
    output = tmp_path / "out.json"
    output.mkdir()
    (output / "a.json").write_text("mine")
    with pytest.raises(OutputError, match=r"a\.json: this file is none of an earlier run"):
        write_to(tmp_path, "json", [one("b.txt"), one("a.txt")])
    assert [file.name for file in output.iterdir()] == ["a.json"]
    assert (output / "a.json").read_text() == "mine"


@pytest.mark.parametrize("listed", ["{", "[1]", '{"a": 1}', '["../mine.txt"]', '["/etc/passwd"]'])
def test_a_list_that_is_not_ours_is_not_followed(tmp_path, listed):
    output = write_to(tmp_path, "json", [one("a.txt")])
    (output / json_folder.LIST).write_text(listed)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match=re.escape(json_folder.LIST)):
        write_to(tmp_path, "json", [one("b.txt")])
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_run_killed_between_two_renames_forgets_no_file(tmp_path, monkeypatch):
    output = write_to(tmp_path, "json", [one("a.txt")])

    def killed(staging, folder, sync):
        (staging / "b.json").replace(folder / "b.json")
        raise SystemExit

    monkeypatch.setattr(folders, "_place", killed)
    with pytest.raises(SystemExit):
        write_to(tmp_path, "json", [one("b.txt"), one("c.txt")])
    monkeypatch.undo()
    write_to(tmp_path, "json", [one("c.txt")])
    assert sorted(file.name for file in output.iterdir()) == [json_folder.LIST, "c.json"]


# CSV


@given(st.text())
@example("")
@example("=")
@example("'=")
@example("''=1")
@example("'\t")
@example("“=1")
@example(" \"'=1")
@example("\x85=1")
def test_formulas_are_made_harmless_and_back(text):
    cell = tidy_csv.neutral(text)
    assert tidy_csv.original(cell) == text
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert not re.match(r"[\s\"]+[=+\-@]", cell)


@given(st.text(), st.text())
def test_no_two_texts_have_one_cell(one_text, other):
    assert (tidy_csv.neutral(one_text) == tidy_csv.neutral(other)) == (one_text == other)


_TEXTS = st.tuples(st.text(), st.none() | st.text(), st.text(), st.floats(allow_nan=False))


@settings(deadline=None, max_examples=20)  # each example puts the files of all tables on the disk
@given(st.lists(_TEXTS, max_size=30))
def test_rows_of_csv_go_there_and_back(tmp_path_factory, texts):
    place = tmp_path_factory.getbasetemp() / "lines.csv"
    filled = [{"modifier": a, "category": b, "text": c, "value": number} for a, b, c, number in texts]
    rows = [tuple(one_row.get(column.name) for column in TABLES["counts"].columns) for one_row in filled]
    tidy_csv.write(place, [("counts", row) for row in rows])
    assert [row for _, row in tidy_csv.read(place)] == rows


def test_a_spreadsheet_sees_what_was_meant(tmp_path):
    output = write_to(
        tmp_path, "csv", [one("a", "=cmd|' /C calc'!A0", number=0.5), one("b", "£5 “so”", number=1_200_000)]
    )
    data = (output / "counts.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfrelease,id,value,")
    assert data.count(b"\r\n") == data.count(b"\n") == 3
    assert '"£5 “so”"'.encode() in data
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))  # any reader of CSV has the same cells
    assert [row["value"] for row in rows] == ["0.5", "1200000"]
    assert rows[0]["text"] == "'=cmd|' /C calc'!A0"
    assert b'"c1",0.5,0.5,"exact",' in data  # numbers are bare, texts are not
    assert b",2024-05-03,,," in data or b",2024-05-03,," in data
    assert rows[0]["same_as"] == "" and b',1,,,"d1",' in data  # null is an empty cell


def test_any_text_of_the_hostile_ones_is_safe_in_every_cell(tmp_path):
    output = write_to(tmp_path, "csv", hostile())
    csv.field_size_limit(1_000_000)
    cells = 0
    for file in output.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.reader(line.replace("\0", "") for line in opened):
                cells += len(row)
                assert not [cell for cell in row if re.match(r"\s*[=+\-@\t\r\n＝]", cell)]
    assert cells > 20 * len(HOSTILE)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "its first line"),
        (b"\xef\xbb\xbfa,b\r\n", "its first line"),
        (b"document,code,message\r\n\"a\",\"b\"\r\n", "row 1: 2 cells"),
        (b'document,code,message\r\n"a","b","c"d\r\n', "row 1: what stands at character 9"),
        (b'document,code,message\r\n"a","b","c\r\n', "row 1: what stands"),
        (b"document,code,message\r\n\xff,b,c\r\n", "cannot be read"),
    ],
)  # fmt: skip
def test_a_table_that_was_spoilt_is_told(tmp_path, data, message):
    output = write_to(tmp_path, "csv", corpus())
    (output / "failures.csv").write_bytes(data)
    with pytest.raises(InputError, match=message):
        list(read_back.rows_in(output))
    (output / "failures.csv").unlink()
    with pytest.raises(InputError, match="this table is missing"):
        list(read_back.rows_in(output))


# SQLite


@pytest.fixture
def database(tmp_path):
    with closing(sqlite3.connect(write_to(tmp_path, "sqlite", corpus()))) as found:
        yield found


def test_the_database_is_sound(database):
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        database.execute("DELETE FROM releases")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        database.execute("INSERT INTO failures SELECT * FROM failures")
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        database.execute("INSERT INTO failures VALUES ('a', NULL, '')")


def test_the_database_describes_itself(database):
    for name, table in TABLES.items():
        (made,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        assert all(column.about in made for column in table.columns)
        assert [row[1] for row in database.execute(f"PRAGMA table_info({name})")] == list(table.names)


def test_every_link_is_a_foreign_key(database):
    for name, table in TABLES.items():
        found = {row[3]: row[2] for row in database.execute(f"PRAGMA foreign_key_list({name})")}
        links = {column.name: column.links for column in table.columns if column.links}
        assert {key: value for key, value in found.items() if key in links} == {**links, **found} or not links
        assert set(links) <= set(found)


def test_every_view_answers(database):
    views = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
    assert sorted(views) == ["figures", "routes", "sayings", "things", "timeline"]
    for view in views:
        assert database.execute(f"SELECT count(*) FROM {view}").fetchone()[0] > 3


def test_another_database_is_no_output(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database, database:
        database.execute("CREATE TABLE releases (id)")
    with pytest.raises(InputError, match="it has no table dates"):
        list(read_back.rows_in(tmp_path / "a.sqlite"))
    (tmp_path / "b.sqlite").write_bytes(b"SQLite format 3\0 and then nothing")
    with pytest.raises(InputError, match=r"b\.sqlite"):
        list(read_back.rows_in(tmp_path / "b.sqlite"))


# Parquet


def test_parquet_has_types_descriptions_and_small_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(tidy_parquet, "_GROUP", 20)
    output = write_to(tmp_path, "parquet", corpus())
    with pq.ParquetFile(output / "dates.parquet") as file:
        assert file.metadata.num_row_groups > 2
        assert max(file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)) <= 20
        schema = file.schema_arrow
    assert [str(schema.field(name).type) for name in ("value", "start", "earliest")] == [
        "string",
        "int64",
        "date32[day]",
    ]
    assert schema.field("value").nullable and not schema.field("start").nullable
    assert schema.field("value").metadata[b"description"].startswith(b"EDTF")
    assert tables(read_back.rows_in(output)) == expected(corpus())


def test_a_day_that_is_none_is_told(tmp_path):
    with pytest.raises(OutputError, match="table releases, column published"):
        write_to(tmp_path, "parquet", [one("a", published="2024-02-31")])
    assert list(tmp_path.iterdir()) == []


def test_parquet_files_that_were_spoilt(tmp_path):
    output = write_to(tmp_path, "parquet", corpus())
    (output / "dates.parquet").write_bytes((output / "counts.parquet").read_bytes())
    with pytest.raises(InputError, match="its columns are not those of the table dates"):
        list(read_back.rows_in(output))
    (output / "dates.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="cannot be read"):
        list(read_back.rows_in(output))
    (output / "dates.parquet").unlink()
    with pytest.raises(InputError, match="this table is missing"):
        list(read_back.rows_in(output))
