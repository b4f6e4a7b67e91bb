"""formats: the same rows in every format, whatever a text holds; whole files or the old ones; the same bytes."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from outputs import content, in_any_order, write_to
from results import corpus, expected, hostile, one, tables

from extractor.errors import InputError, OutputError
from extractor.outputs import read_back, tidy, tidy_sqlite, writers
from extractor.outputs.stored import read_records
from extractor.outputs.tidy import TABLES
from extractor.outputs.writers import FORMATS, format_for
from extractor.runs import atomic
from extractor.runs.batch import Result

NAMES = [(name, suffix) for name, format_ in FORMATS.items() for suffix in format_.suffixes]
ROOT = Path(__file__).parent.parent


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
