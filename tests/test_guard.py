"""No command replaces what it reads, or what it did not write: every command that writes, in every such case."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from records import record
from typer.testing import CliRunner

from extractor.cli.app import app
from extractor.runs.manifest import Manifest, manifest_path

TEXT = "Kent Police seized 12 knives on 9 November."
FOUND = {"counts": [{"at": "12 knives", "value": 12}], "organisations": [{"name": "Kent Police"}]}
# What writes one file, with OUT for its place; and the files of `folder` that it reads.
RUN, RECORDS = ("in/a.txt", "in/b.txt"), ("records.jsonl",)
GOLD = ("records.jsonl", "gold/a.json", "gold/a.txt")
COMMANDS = {
    "run jsonl": ("run in -o OUT --quiet", ".jsonl", RUN),
    "run gz": ("run in -o OUT --quiet", ".jsonl.gz", RUN),
    "run sqlite": ("run in -o OUT --quiet", ".sqlite", RUN),
    "run list": ("run --list list.txt -o OUT --quiet", ".jsonl", ("list.txt", "in/a.txt")),
    "run metadata": ("run in --metadata meta.csv -o OUT --quiet", ".jsonl", ("meta.csv",)),
    "score json": ("score records.jsonl gold --format json -o OUT", ".json", GOLD),
    "score markdown": ("score records.jsonl gold --format markdown -o OUT", ".md", GOLD),
    "score html": ("score records.jsonl gold --format html -o OUT", ".html", GOLD),
    "report": ("report records.jsonl --texts gold -o OUT", ".html", GOLD),
    "diff html": ("diff records.jsonl gold --html OUT --exit-zero", ".html", GOLD),
    "summary html": ("summary records.jsonl --html OUT", ".html", RECORDS),
    "export docbin": ("export records.jsonl docbin --texts gold -o OUT", ".spacy", GOLD),
    "export doccano": ("export records.jsonl doccano --texts gold -o OUT", ".jsonl", GOLD),
    "export label-studio": ("export records.jsonl label-studio --texts gold -o OUT", ".json", GOLD),
}
WORDS = [(name, *command) for name, command in COMMANDS.items()]
INPUTS = [(name, words, suffix, file) for name, words, suffix, files in WORDS for file in files]
FOREIGN = {"text": b"my notes\n", "json": b'{"mine": 1}\n', "bytes": b"\x00\xff mine", "page": b"<html>mine</html>"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("in", "gold"):
        (tmp_path / name).mkdir()
    for name in ("in/a.txt", "in/b.txt", "gold/a.txt"):
        (tmp_path / name).write_text(TEXT)
    found = record(TEXT, "a.txt", **FOUND).model_dump_json()
    (tmp_path / "records.jsonl").write_text(found + "\n")
    (tmp_path / "gold" / "a.json").write_text(found)
    (tmp_path / "list.txt").write_text("in/a.txt\n")
    (tmp_path / "meta.csv").write_text("id,title\na.txt,Knives\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def content(folder):
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def call(words, output, *more):
    arguments = [str(output) if word == "OUT" else word for word in words.split()]
    done = CliRunner().invoke(app, [*arguments, *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def refused(folder, words, output, *more, told=None):
    """Calls a command that must not write; what was there before is there still, to the byte, and nothing more."""
    before = content(folder)
    done = call(words, output, *more)
    assert (done.exit_code, str(told or output) in done.stderr) == (3, True), (done.exit_code, done.stderr)
    assert content(folder) == before
    return done.stderr


def kept(folder, before, *but):
    """Whether all that was there before is there still, apart from what the command may write."""
    now = content(folder)
    assert {p: now.get(p) for p in before if Path(p).name not in but} == {
        p: data for p, data in before.items() if Path(p).name not in but
    }


@pytest.mark.parametrize("how", ["itself", "symlink", "hard link"])
@pytest.mark.parametrize(("name", "words", "suffix", "file"), INPUTS, ids=[f"{i[0]}-{i[3]}" for i in INPUTS])
def test_an_input_is_never_an_output(folder, name, words, suffix, file, how):
    output = Path(file)
    if how != "itself":
        output = Path(f"other{suffix}")
        output.symlink_to(file) if how == "symlink" else os.link(file, output)
    more = () if how != "itself" or not name.startswith("run") else ("--format", "jsonl")
    for option in ((), ("--overwrite",)):
        before = content(folder)
        done = call(words, output, *more, *option)
        assert done.exit_code == 3, done.stderr
        assert content(folder) == before


@pytest.mark.parametrize(("name", "words", "suffix", "files"), WORDS, ids=COMMANDS)
def test_a_name_that_differs_from_an_input_in_case_alone(folder, name, words, suffix, files):
    source = Path(files[0])
    output = source.with_name(source.name.upper())
    refused(folder, words, output, *(("--format", "jsonl") if name.startswith("run") else ()))


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize(("name", "words", "suffix", "files"), WORDS, ids=COMMANDS)
def test_a_foreign_file_needs_overwrite(folder, name, words, suffix, files, kind):
    output = Path(f"mine{suffix}")
    output.write_bytes(FOREIGN[kind])
    assert "--overwrite" in refused(folder, words, output)
    before = content(folder)
    assert call(words, output, "--overwrite").exit_code == 0
    assert output.read_bytes() != FOREIGN[kind]
    kept(folder, before, output.name)


@pytest.mark.parametrize(("name", "words", "suffix", "files"), WORDS, ids=COMMANDS)
def test_a_folder_is_in_the_place_of_the_output(folder, name, words, suffix, files):
    output = Path(f"mine{suffix}")
    output.mkdir()
    (output / "notes.txt").write_text("mine")
    before = content(folder)
    assert call(words, output).exit_code == 3
    kept(folder, before)
    assert [path.name for path in output.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(("name", "words", "suffix", "files"), WORDS, ids=COMMANDS)
def test_a_read_only_output_stays(folder, name, words, suffix, files):
    output = Path(f"mine{suffix}")
    output.write_bytes(b"mine")
    output.chmod(0o444)
    assert "read-only" in refused(folder, words, output, "--overwrite")


@pytest.mark.parametrize(("name", "words", "suffix", "files"), WORDS, ids=COMMANDS)
def test_inputs_that_have_vanished_leave_the_output(folder, name, words, suffix, files):
    output = Path(f"mine{suffix}")
    assert call(words, output).exit_code == 0
    for file in [path for path in RUN + GOLD + ("list.txt", "meta.csv") if Path(path).exists()]:
        Path(file).unlink()
    refused(folder, words, output, told=" ")


@pytest.mark.parametrize(("name", "words", "suffix", "files"), WORDS, ids=COMMANDS)
def test_an_output_that_vanishes_meanwhile_is_written_anew(folder, name, words, suffix, files, monkeypatch):
    output = Path(f"mine{suffix}")
    assert call(words, output).exit_code == 0
    before, exists = content(folder), Path.is_file
    seen = []

    def vanishing(path, **options):
        found = exists(path, **options)
        if path == output and found and not seen:
            seen.append(path.rename("elsewhere"))
        return found

    monkeypatch.setattr(Path, "is_file", vanishing)
    done = call(words, output, "--overwrite")
    monkeypatch.undo()
    os.chdir(folder)
    assert seen
    assert done.exit_code in (0, 3), done.stderr
    assert Path("elsewhere").read_bytes() == before[str(folder / output)]
    kept(folder, before, output.name, f"{output.name}.manifest")


@pytest.mark.parametrize(("words", "suffix"), [(w, s) for n, w, s, _ in WORDS if n.startswith("run")])
def test_two_runs_at_once(folder, words, suffix):
    output = Path(f"mine{suffix}")
    assert call(words, output).exit_code == 0
    with Manifest(manifest_path(output, False)):
        before = {p: data for p, data in content(folder).items() if ".manifest" not in p}
        done = call(words, output, "--force")
        assert (done.exit_code, "another run" in done.stderr) == (3, True)
        assert {p: data for p, data in content(folder).items() if ".manifest" not in p} == before


@pytest.mark.parametrize("words", [w for n, w, s, _ in WORDS if s == ".html"])
def test_a_page_does_not_take_the_place_of_records(folder, words):
    Path("other.jsonl").write_bytes(Path("records.jsonl").read_bytes())
    refused(folder, words, "other.jsonl")


# Folders


@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
def test_a_file_in_the_place_of_a_folder(folder, form):
    Path("mine").write_text("mine")
    refused(folder, f"run in -o OUT --format {form} --quiet --overwrite", "mine")


@pytest.mark.parametrize(("form", "file"), [("json", "a.json"), ("csv", "releases.csv"), ("parquet", "counts.parquet")])
def test_a_foreign_file_in_a_folder(folder, form, file):
    Path("mine").mkdir()
    Path("mine", file).write_text("mine")
    before = content(folder)
    assert call(f"run in -o OUT --format {form} --quiet", "mine").exit_code == 3
    kept(folder, before)


@pytest.mark.parametrize("file", ["a.txt", "a.ann", "a.meta.json"])
def test_brat_replaces_no_foreign_file(folder, file):
    Path("brat").mkdir()
    Path("brat", file).write_text("mine")
    refused(folder, "export records.jsonl brat --texts gold -o OUT", "brat", told=f"brat/{file}")


def test_brat_does_not_replace_the_texts(folder):
    refused(folder, "export records.jsonl brat --texts gold -o OUT", "gold", "--overwrite")


def test_a_corrected_record_is_not_imported_over(folder):
    assert call("export records.jsonl doccano --texts gold -o OUT", "tool.jsonl").exit_code == 0
    assert call("import doccano tool.jsonl -o OUT", "new").exit_code == 0
    assert call("import doccano tool.jsonl -o OUT", "new").exit_code == 0  # it would change nothing
    changed = json.loads(Path("new/a.json").read_text())
    changed["counts"][0]["value"] = 13
    Path("new/a.json").write_text(json.dumps(changed))
    refused(folder, "import doccano tool.jsonl -o OUT", "new")
    Path("new/.extractor-gold").touch()
    refused(folder, "import doccano tool.jsonl -o OUT --overwrite", "new")


def test_texts_are_not_saved_over_texts(folder):
    Path("texts").mkdir()
    Path("texts/a.txt").write_text("mine")
    refused(folder, "run in -o out.jsonl --quiet --save-text OUT", "texts")
    refused(folder, "run in/a.txt -o out.jsonl --quiet --overwrite --save-text OUT", "in")
    for _ in range(2):
        assert call("run in -o out.jsonl --quiet --force --save-text OUT", "new").exit_code == 0


def test_a_record_beside_a_corrected_one_is_kept_once_it_is_corrected_itself(folder):
    words = "run in -o OUT --format json --quiet"
    assert call(words, "out").exit_code == 0
    for name in ("out/a.json", "out/a.json.new"):
        path = Path(name)
        path.write_text(json.dumps(json.loads(path.read_text()) | {"mine": 1}))
        mine = path.read_bytes()
        Path("in/a.txt").write_text(f"{Path('in/a.txt').read_text()} More.")
        assert call(words, "out").exit_code == 0
        assert path.read_bytes() == mine
        assert "mine" not in json.loads(Path(f"{name}.new").read_text())


# Databases


@pytest.fixture
def mine(folder):
    with closing(sqlite3.connect("my.db")) as db, db:
        db.execute("CREATE TABLE mine (x)")
        db.execute("INSERT INTO mine VALUES (7)")
    return Path("my.db")


def rows(path, select):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(select).fetchall()


def test_tables_stand_beside_those_of_the_user_only_if_asked(folder, mine):
    refused(folder, "run in -o OUT --quiet", mine)
    for words in ("", " --force"):
        assert call(f"run in -o OUT --quiet --into-database{words}", mine).exit_code == 0
        assert rows(mine, "SELECT * FROM mine") == [(7,)]
        assert rows(mine, "SELECT id FROM releases ORDER BY id") == [("a.txt",), ("b.txt",)]
    refused(folder, "run in -o OUT --quiet", mine)


@pytest.mark.parametrize(
    "statement",
    ["TABLE counts (x)", "TABLE Releases (id)", "VIEW figures AS SELECT 1", "INDEX items_by_category ON mine (x)"],
)
def test_a_name_that_is_taken(folder, mine, statement):
    with closing(sqlite3.connect(mine)) as db, db:
        db.execute(f"CREATE {statement}")
    assert "of its own" in refused(folder, "run in -o OUT --quiet --into-database", mine)


def test_a_database_that_is_locked_stays(folder, mine):
    with closing(sqlite3.connect(mine, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        before = mine.read_bytes()
        done = call("run in -o OUT --quiet --into-database", mine)
        assert (done.exit_code, "locked" in done.stderr) == (3, True)
    assert mine.read_bytes() == before


def test_into_database_is_for_databases(folder):
    assert call("run in -o OUT --into-database", "out.jsonl").exit_code == 2
    assert not Path("out.jsonl").exists()
