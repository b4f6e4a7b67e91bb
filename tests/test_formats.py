"""formats: the same rows in every format, whatever a text holds; whole files or the old ones; the same bytes."""

import csv
import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from results import HOSTILE, corpus, expected, hostile, one, tables

from extractor.errors import InputError, OutputError
from extractor.outputs import json_folder, read_back, tidy, tidy_csv, tidy_parquet, tidy_sqlite, writers
from extractor.outputs.stored import read_records
from extractor.outputs.tidy import TABLES
from extractor.outputs.writers import FORMATS, format_for
from extractor.runs import atomic, folders
from extractor.runs.batch import Result

NAMES = [(name, suffix) for name, format_ in FORMATS.items() for suffix in format_.suffixes]
ROOT = Path(__file__).parent.parent


def write_to(place: Path, name: str, results, suffix: str | None = None) -> Path:
    output = place / f"out{suffix or FORMATS[name].suffix}"
    FORMATS[name].write(output, iter(results))
    return output


def content(output: Path) -> dict[str, bytes]:
    """The files of an output, hidden ones too, by name."""
    around = output.parent
    return {str(file.relative_to(around)): file.read_bytes() for file in sorted(around.rglob("*")) if file.is_file()}


def in_any_order(found):
    return {table: sorted(rows, key=repr) for table, rows in found.items()}


@pytest.mark.parametrize("results", [corpus, hostile, list], ids=["corpus", "hostile", "nothing"])
@pytest.mark.parametrize(("name", "suffix"), NAMES)
def test_the_same_rows_in_every_format(tmp_path, name, suffix, results):
    output = write_to(tmp_path, name, results(), suffix)
    found = tables(read_back.rows_in(output))
    if name == "json":  # its files are in the order of their names
        assert in_any_order(found) == in_any_order(expected(results()))
    else:
        assert found == expected(results())


@pytest.mark.parametrize("results", [corpus, hostile], ids=["corpus", "hostile"])
@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_twice_and_over_an_old_output(tmp_path, name, results):
    first, second = tmp_path / "a", tmp_path / "b"
    for place in (first, second):
        place.mkdir()
    write_to(second, name, [one("old.txt"), *corpus()[:4]])
    outputs_ = [write_to(place, name, results()) for place in (first, second)]
    assert content(outputs_[0]) == content(outputs_[1])


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_that_breaks_off_changes_nothing(tmp_path, name):
    def broken():
        yield from corpus()[:9]
        raise KeyboardInterrupt

    write_to(tmp_path, name, corpus()[:5])
    before = content(tmp_path / "any")
    with pytest.raises(KeyboardInterrupt):
        write_to(tmp_path, name, broken())
    assert content(tmp_path / "any") == before
    new = tmp_path / "new"
    with pytest.raises(KeyboardInterrupt):
        write_to(new, name, broken())
    assert not new.exists() or not list(new.iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_no_part_is_seen_under_a_final_name(tmp_path, name):
    output = write_to(tmp_path, name, corpus()[:2])
    before = {file: data for file, data in content(output).items() if "/." not in file and not file.startswith(".")}

    def watched():
        for result in corpus():
            yield result
            now = content(output)
            assert {file: now[file] for file in before} == before
            hidden = (part.startswith(".") for file in set(now) - set(before) for part in Path(file).parts[-2:])
            assert set(now) == set(before) or any(hidden)

    FORMATS[name].write(output, watched())
    assert content(output) != before


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_killed_run_has_left_is_cleared(tmp_path, name):
    script = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[3]);"
        "from results import corpus; from extractor.outputs.writers import FORMATS\n"
        "def killed():\n"
        "    yield from corpus()\n"
        "    os.kill(os.getpid(), 9)\n"
        "FORMATS[sys.argv[1]].write(Path(sys.argv[2]), killed())"
    )
    output = tmp_path / f"out{FORMATS[name].suffix}"
    words = [sys.executable, "-c", script, name, str(output), str(ROOT / "tests")]
    done = subprocess.run(words, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -9
    assert content(output)
    write_to(tmp_path, name, corpus())
    clean = tmp_path / "clean"
    clean.mkdir()
    assert content(output) != {}
    fresh = content(write_to(clean, name, corpus()))
    left = {file: data for file, data in content(output).items() if not file.startswith("clean")}
    assert left == fresh


# Where it goes wrong


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_lines_to_a_full_device():
    with pytest.raises(OutputError, match=r"/dev/full: cannot be written: No space left"):
        FORMATS["jsonl"].write(Path("/dev/full"), iter(corpus()))


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
@pytest.mark.parametrize("name", FORMATS)
def test_a_disk_that_fills_leaves_the_old_output_whole(tmp_path, name):
    output = write_to(tmp_path, name, corpus()[:3])
    before = content(output)
    script = (
        "import resource, sys; from pathlib import Path; sys.path.insert(0, sys.argv[3]);"
        "from results import corpus, one; from extractor.outputs.writers import FORMATS;"
        "from extractor.errors import OutputError\n"
        "import random; some = random.Random(1)\n"
        "long = ''.join(map(chr, some.choices(range(0x4E00, 0x9FA5), k=60_000)))\n"
        "results = [*corpus(), *(one(str(n), long[n:]) for n in range(9))]\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n"
        "    FORMATS[sys.argv[1]].write(Path(sys.argv[2]), iter(results))\n"
        "except OutputError as error:\n"
        "    print('told:', error)"
    )
    words = [sys.executable, "-c", script, name, str(output), str(ROOT / "tests")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.startswith(f"told: {output}"), done.stderr
    assert content(output) == before


@pytest.mark.parametrize("name", FORMATS)
def test_an_output_in_the_place_of_something_else(tmp_path, name):
    output = tmp_path / "out"
    if FORMATS[name].is_folder:
        output.write_text("mine")
    else:
        output.mkdir()
    with pytest.raises(OutputError, match=re.escape(str(output))):
        FORMATS[name].write(output, iter(corpus()))
    assert output.read_text() == "mine" if FORMATS[name].is_folder else not list(output.iterdir())


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="no folder is closed to this user")
@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_that_is_closed(tmp_path, name):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match=re.escape(str(tmp_path))):
        write_to(tmp_path, name, corpus())


@pytest.mark.parametrize("name", ["sqlite"])
def test_two_documents_of_one_name(tmp_path, name):
    with pytest.raises(OutputError, match="two entries have one name"):
        write_to(tmp_path, name, [one("a"), one("a")])
    assert list(tmp_path.iterdir()) == []


def test_a_link_that_leads_nowhere_is_told(tmp_path):
    result = one("a")
    data = json.loads(result.record)
    data["items"][0]["count"] = "c9"
    with pytest.raises(OutputError, match="a row of items points to a row that is not in counts"):
        write_to(tmp_path, "sqlite", [Result("a", json.dumps(data))])
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_bytes_that_are_no_characters(tmp_path):
    for name, format_ in FORMATS.items():
        output = write_to(tmp_path, name, [one("a"), Result("b\udce9.txt", None, "empty", "in b\udce9.txt")])
        found = tables(read_back.rows_in(output))["failures"]
        assert found == [("b\\udce9.txt", "empty", "in b\\udce9.txt")], format_


# Which format


@pytest.mark.parametrize(
    ("output", "name", "format_"),
    [
        ("a.jsonl", None, "jsonl"),
        ("a.JSONL.gz", None, "jsonl"),
        ("b/a.json", None, "json"),
        ("a.csv", None, "csv"),
        ("a.db", None, "sqlite"),
        ("a.b.SQLite", None, "sqlite"),
        ("a.parquet", None, "parquet"),
        ("folder", "csv", "csv"),
        ("a.txt", "jsonl", "jsonl"),
        ("a.csv", "json", "json"),
        ("/dev/null", None, "jsonl"),
    ],
)
def test_the_format_is_named_or_told_by_the_suffix(output, name, format_):
    assert format_for(Path(output), name) is FORMATS[format_]


@pytest.mark.parametrize(("output", "name"), [("a", None), ("a.txt", None), ("a.gz", None), (".", None), ("a", "xml")])
def test_an_unknown_format_is_told_with_those_that_are_known(output, name):
    with pytest.raises(InputError) as error:
        format_for(Path(output), name)
    assert error.value.code == "bad-option"
    for known in FORMATS:
        assert known in str(error.value)


def test_a_missing_extra_is_told_with_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(writers, "find_spec", lambda name: None)
    FORMATS["csv"].require()
    for act in (FORMATS["parquet"].require, lambda: write_to(tmp_path, "parquet", corpus())):
        with pytest.raises(OutputError, match=r"pip install 'police-press-extractor\[parquet\]'"):
            act()
    assert list(tmp_path.iterdir()) == []


# Lines


def test_lines_are_the_records_as_they_are(tmp_path):
    output = write_to(tmp_path, "jsonl", corpus())
    records = [result.record for result in corpus() if result.record]
    assert output.read_bytes().decode("utf-8").split("\n") == [*records, ""]
    failures = atomic.failures_path(output)
    assert json.loads(failures.read_bytes()) == {
        "source": "broken/é.txt", "error": "binary", "message": "=not a text: “\0”",
    }  # fmt: skip
    write_to(tmp_path, "jsonl", [one("a")])
    assert not failures.exists()


def test_packed_lines(tmp_path):
    output = write_to(tmp_path, "jsonl", corpus(), ".jsonl.gz")
    assert gzip.decompress(output.read_bytes()) == write_to(tmp_path, "jsonl", corpus()).read_bytes()
    assert output.read_bytes()[4:8] == b"\0\0\0\0"  # no time in it
    assert {file.name for file in tmp_path.iterdir()} == {"out.jsonl", "out.jsonl.gz", "out.failures.jsonl"}


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


# Any output


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{", "line 1: not a record"),
        ("[]", "line 1: not a record"),
        ("\n{}\n", "line 2: not a record: KeyError 'source'"),
        ('{"source": null}', "not a record: TypeError"),
    ],
)
def test_lines_that_are_no_records(tmp_path, data, message):
    (tmp_path / "a.jsonl").write_text(data)
    with pytest.raises(InputError, match=message):
        list(read_back.rows_in(tmp_path / "a.jsonl"))


def test_outputs_that_are_not_there(tmp_path):
    for output in (tmp_path, tmp_path / "a.jsonl", tmp_path / "a.json"):
        with pytest.raises(InputError):
            list(read_back.rows_in(output))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"{}")[:-4])
    with pytest.raises(InputError, match="cannot be read"):
        list(read_back.rows_in(tmp_path / "a.jsonl.gz"))


def test_a_record_and_a_folder_of_records(tmp_path):
    (tmp_path / "a.json").write_text(one("a").record)
    rows = tables(read_back.rows_in(tmp_path / "a.json"))
    assert rows == expected([one("a")]) == tables(read_back.rows_in(tmp_path))


def test_a_database_of_any_output_has_what_is_asked_for(tmp_path):
    output = write_to(tmp_path, "csv", corpus())
    with read_back.database(output, ("releases", "counts")) as found:
        assert found.execute("SELECT count(*) FROM releases").fetchone() == (15,)
        assert found.execute("SELECT count(*) FROM mentions").fetchone() == (0,)


def test_the_tables_are_made_one_by_one_in_little_memory():
    """No format holds more than a batch of rows: results are asked for while rows come out."""
    asked = []

    def results():
        for number in range(100):
            asked.append(number)
            yield one(str(number))

    rows = tidy.in_batches(tidy.rows_of_results(results()), 10)
    next(rows)
    assert len(asked) <= 10
    assert tidy_sqlite.ddl(TABLES["failures"]).startswith('CREATE TABLE "failures"')


def test_packed_lines_are_records_to_all_commands(tmp_path):
    packed = write_to(tmp_path, "jsonl", corpus(), ".jsonl.gz")
    plain = write_to(tmp_path, "jsonl", corpus())
    assert [r.release for r in read_records(packed)] == [r.release for r in read_records(plain)]
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(InputError, match=r"out\.jsonl\.gz: cannot be unpacked"):
        read_records(packed)
