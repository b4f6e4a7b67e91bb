"""The command line as a user has it: exit codes, what goes to which stream, what is on the screen."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len

from extractor import Release
from extractor.models import schema_text

ROOT = Path(__file__).parent.parent
TEXT = "Officers from Kent Police made 12 arrests on 3 May 2024.\r\n\r\nThey seized 5 knives.\n"
HOSTILE = (
    "\x1b[31mKent Police\x1b[0m [bold]made[/bold] 12 arrests :skull: \u202eon 3 May 2024\x07 [/] [link=x]\x9b2J.\n"
)


def extractor(*words: object, folder: Path | None = None, columns: int = 80, **options: object):
    env = {
        **os.environ,
        "COLUMNS": str(columns),
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "cp1252",
    }
    command = [sys.executable, "-m", "extractor", *map(str, words)]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, timeout=60, **options)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    (place / "a.txt").write_bytes(TEXT.encode())
    (place / "b.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    return place


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().decode("utf-8").split("\n") if line]


def test_all_well(folder, tmp_path):
    done = extractor("run", folder, "-o", tmp_path / "out.jsonl", "--published", "2024-05-07")
    assert (done.returncode, done.stdout) == (0, b"")
    assert "2 ok, 0 failed" in done.stderr.decode()
    first, second = lines(tmp_path / "out.jsonl")
    assert (first["source"]["id"], second["source"]["encoding"]) == ("a.txt", "utf-8-sig")
    assert first["source"]["published"] == "2024-05-07"
    assert first["dates"] == second["dates"]
    for row in (*first["dates"], *first["counts"]):
        assert TEXT[row["start"] : row["end"]] == row["text"]
    assert not (tmp_path / "out.failures.jsonl").exists()


def test_records_alone_go_to_stdout(folder):
    done = extractor("run", folder)
    records = [Release.model_validate_json(line) for line in done.stdout.split(b"\n") if line]
    assert [record.source.id for record in records] == ["a.txt", "b.txt"]
    assert b"\r" not in done.stdout
    assert extractor("run", folder, "-o", "-").stdout == done.stdout


BAD = {
    "empty.txt": ("empty", b" \n"),
    "odd.txt": ("bad-encoding", b"one\n\x81\x8d\xff\x90\x9d\x81\x8d\xff"),
    "binary.txt": ("binary", b"a\0b"),
}


def test_bad_files_are_told_and_the_rest_goes_on(folder, tmp_path):
    for name, (_, data) in BAD.items():
        (folder / name).write_bytes(data)
    (folder / "dir.txt").mkdir()
    (folder / "link.txt").symlink_to("gone")
    (folder / ".DS_Store").touch()
    output = tmp_path / "out.jsonl"
    done = extractor("run", folder, folder / "nowhere.txt", "-o", output, "--json")
    assert done.returncode == 1
    expected = {name: code for name, (code, _) in BAD.items()}
    expected |= {"dir.txt": "is-folder", "link.txt": "broken-link", "nowhere.txt": "not-found"}
    failures = lines(tmp_path / "out.failures.jsonl")
    assert {row["source"]: row["error"] for row in failures} == expected
    told = json.loads(done.stdout)
    assert (told["documents"], told["ok"], told["failed"], told["skipped"]) == (8, 2, 6, 1)
    assert told["failures"] == failures
    assert [row["source"]["id"] for row in lines(output)] == ["a.txt", "b.txt"]
    for name in expected:
        (folder / name).rmdir() if name == "dir.txt" else (folder / name).unlink(missing_ok=True)
    assert extractor("run", folder, "-o", output, "--quiet").returncode == 3
    assert lines(tmp_path / "out.failures.jsonl") == failures
    assert extractor("run", folder, "-o", output, "--quiet", "--replace").stderr == b""
    assert not (tmp_path / "out.failures.jsonl").exists()


def test_failures_are_told_with_their_reason_even_if_quiet(folder):
    (folder / "odd.txt").write_bytes(b"one\n\x81\x8d\xff\x90\x9d\x81\x8d\xff")
    for options in ((), ("--quiet",)):
        told = extractor("run", folder, *options).stderr.decode()
        assert "odd.txt" in told
        assert "bad-encoding" in told
        assert "line 2" in told


def test_nothing_worked(tmp_path, folder):
    output = tmp_path / "out.jsonl"
    output.write_text("old\n")
    (tmp_path / "none").mkdir()
    assert extractor("run", tmp_path / "none", "-o", output).returncode == 3
    assert output.read_text() == "old\n"  # nothing was run, so nothing is replaced
    assert extractor("run", tmp_path / "nowhere", "-o", output).returncode == 3
    assert extractor("run", folder, "--model", "no_such_model").returncode == 3
    assert extractor("explain", tmp_path / "nowhere").returncode == 3
    assert extractor("diff", tmp_path / "nowhere", output).returncode == 3
    assert extractor("diff", output, output).returncode == 3


@pytest.mark.parametrize(
    "words",
    [
        ["run", "in", "--published", "yesterday"],
        ["run", "in", "--no-such-option"],
        ["run", "in/a.txt", "-o", "in/a.txt"],
        ["no-such-command"],
        ["explain", "in/a.txt", "--only", "knives"],
        ["diff", "in/a.txt"],
    ],
)
def test_wrong_usage(folder, words):
    done = extractor(*words, folder=folder.parent)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr
    assert (folder / "a.txt").read_bytes() == TEXT.encode()


def test_expected_errors_are_one_line(tmp_path):
    done = extractor("explain", tmp_path / "no\x1b[31mwhere")
    told = done.stderr.decode()
    assert told.count("\n") == 1
    assert "no such file" in told
    assert "\x1b" not in told


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_leaves_the_old_output(tmp_path, folder):
    output = tmp_path / "out.jsonl"
    output.write_text("old\n")
    os.mkfifo(tmp_path / "slow")  # a named pipe that nobody writes to: the run waits in the middle
    command = [sys.executable, "-m", "extractor", "run", str(folder), str(tmp_path / "slow"), "-o", str(output)]
    command += ["--overwrite"]
    run = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    limit = time.monotonic() + 30
    while not list(tmp_path.glob(".out.jsonl.*")) and time.monotonic() < limit:
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=30)
    assert run.returncode == 130
    assert b"Traceback" not in told
    assert output.read_text() == "old\n"
    assert not list(tmp_path.glob(".out.jsonl.*"))


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_a_closed_pipe_is_quiet(folder):
    for n in range(300):
        (folder / f"{n}.txt").write_text(TEXT)
    command = f"{sys.executable} -m extractor run {folder} --quiet | head -c 10"
    done = subprocess.run(
        command, shell=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert (len(done.stdout), done.stderr) == (10, b"")


def test_same_bytes_every_time(folder):
    runs = {extractor("run", folder).stdout for _ in range(2)}
    assert len(runs) == 1


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"]])
def test_help_loads_nothing_heavy(words):
    code = (
        "import sys, extractor\nfrom extractor.cli.app import app\n"
        f"try:\n    app({words!r})\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print([m for m in ('spacy', 'extractor.models', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_schema():
    done = extractor("schema")
    assert done.stdout.decode("utf-8") == schema_text()


# diff


@pytest.fixture
def records(folder):
    """A record, the expected one with three changes, and the text beside it."""
    output = folder / "out.jsonl"
    assert extractor("run", folder / "a.txt", "-o", output).returncode == 0
    (record,) = lines(output)
    arrests, knives = record["counts"]
    expected = {**record, "counts": [{**arrests, "value": 21}, knives], "dates": [], "warnings": []}
    expected["counts"] = [{**c, "when": None} for c in expected["counts"]]
    expected["numerals"] = [{**n, "entry": None} for n in expected["numerals"]]
    (folder / "a.json").write_text(json.dumps(expected), "utf-8")
    return output, folder / "a.json"


def test_no_differences(records):
    output, _ = records
    assert extractor("diff", output, output).returncode == 0


def test_differences_are_shown_with_their_evidence(records):
    done = extractor("diff", *records)
    assert done.returncode == 1
    told = done.stdout.decode()
    assert "21 → 12" in told
    assert "made [12 arrests] on 3 May 2024." in told  # the text beside the expected record was found
    assert "+ dates added 3 May 2024" in told
    assert "2024-05-03" in told  # what was read, where there is nothing to hold it against
    assert extractor("diff", *records, "--exit-zero").returncode == 0


def test_differences_of_one_kind(records):
    done = extractor("diff", *records, "--only", "dates", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["id"], row["kind"], row["what"]) for row in rows] == [("a.txt", "dates", "added")]
    assert extractor("diff", *records, "--only", "items").returncode == 0


def test_a_document_that_one_side_lacks_is_a_difference(records, folder):
    extractor("run", folder, "-o", folder / "both.jsonl")
    done = extractor("diff", folder / "both.jsonl", records[0])
    assert done.returncode == 1
    assert "b.txt" in done.stdout.decode()


# what is on the screen


@pytest.mark.parametrize("columns", [80, 120])
def test_nothing_is_wider_than_the_screen_and_hostile_text_is_inert(tmp_path, columns):
    name = "[red]x" + "y" * 90 + ".txt"
    (tmp_path / name).write_bytes((HOSTILE + "w" * 300 + " 警察 " * 40 + "\n").encode())
    (tmp_path / ("z" * 100 + ".txt")).write_bytes(b"")
    run = extractor("run", tmp_path, "-o", tmp_path / "out.jsonl", columns=columns)
    (record,) = lines(tmp_path / "out.jsonl")
    record["operations"] = [{"id": "p1", "name": HOSTILE, "mentions": [{"start": 0, "end": 9, "text": "\x1b[2J[/x]"}]}]
    record["dates"], record["counts"], record["items"], record["numerals"] = [], [], [], []
    record["warnings"] = [{"code": "[odd]", "message": "\x1b]0;x\x07[/]", "start": 0, "end": 4}]
    (tmp_path / "r.json").write_text(json.dumps(record), "utf-8")
    shown = [
        run.stderr,
        extractor("explain", tmp_path / name, columns=columns).stdout,
        extractor("diff", tmp_path / "r.json", tmp_path / "out.jsonl", "--text", tmp_path, columns=columns).stdout,
    ]
    for screen in shown:
        assert screen
        text = screen.decode("utf-8")
        assert max(map(cell_len, text.split("\n"))) <= columns
        assert not [c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e")]
    assert "[bold]made[/bold]" in shown[1].decode("utf-8")  # markup is text
    assert ":skull:" in shown[1].decode("utf-8")


def test_explain_marks_overlaps_once_and_names_the_rule(folder):
    told = extractor("explain", folder / "a.txt", columns=120).stdout.decode("utf-8")
    assert "[12 arrests]c1 on [3 May 2024]d1." in told
    assert "[5 knives]c2+i1" in told
    record = lines_of(extractor("run", folder / "a.txt").stdout)[0]
    for row in (*record["dates"], *record["counts"], *record["items"]):
        assert row["rule"] in told
    assert "\u240d" not in told  # line ends of Windows are line ends


def lines_of(data: bytes) -> list[dict]:
    return [json.loads(line) for line in data.split(b"\n") if line]


def test_explain_reads_stdin_and_shows_only_what_is_asked_for(folder):
    done = extractor("explain", "-", "--only", "dates", input=TEXT.encode())
    told = done.stdout.decode("utf-8")
    assert done.returncode == 0
    assert "[3 May 2024]d1" in told
    assert "[12 arrests]" not in told
