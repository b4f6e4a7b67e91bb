"""`extractor run` as a user has it: where options come from, what is kept, what the exit code says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "NO_COLOR": "1"}
TEXT = "Kent Police seized 5 knives on Friday 3 May 2024."
ODD = "Kent Police seized 5 knives on Monday 3 May 2024."  # it was a Friday
PAGE = (
    "<html><head><title>Knives</title></head><body><nav>Home</nav><article><h1>Knives</h1>"
    "<p>Officers from Kent Police seized 5 knives and made 12 arrests on Friday 3 May 2024 in Maidstone.</p>"
    "<p>Inspector Ada Marsh said: “Every knife that is off the street makes the town a safer place to be.”</p>"
    "</article></body></html>"
)


def run(*words: object, folder: Path, command: str = "run", **options):
    words = [sys.executable, "-m", "extractor", command, *map(str, words)]
    return subprocess.run(words, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False, timeout=240, **options)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    for n in range(3):
        (tmp_path / "in" / f"{n}.txt").write_text(TEXT, "utf-8")
    return tmp_path


def records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@pytest.mark.parametrize(
    ("file", "before", "words"),
    [
        ("extractor.toml", "[run]", []),
        ("pyproject.toml", "[project]\nname = 'mine'\n[tool.extractor.run]", []),
        ("mine.toml", "[run]", ["--config", "mine.toml"]),
    ],
)
def test_options_come_from_a_file_and_the_command_line_outranks_it(folder, file, before, words):
    (folder / file).write_text(
        f"{before}\ninputs = ['in']\noutput = 'out.jsonl'\nquiet = true\npublished = '2024-05-07'\n"
    )
    done = run(*words, folder=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [r["source"]["published"] for r in records(folder / "out.jsonl")] == ["2024-05-07"] * 3
    run(*words, "--published", "2024-06-01", "--replace", "in/1.txt", folder=folder)
    assert [r["source"]["published"] for r in records(folder / "out.jsonl")] == ["2024-06-01"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[run]\nknives = 1", "no option 'knives'"),
        ("[run]\nworkers = 'many'", "valid integer"),
        ("[other]", "no table [run]"),
        ("run = 3", "not a table"),
        ("[run", "mine.toml: "),
    ],
)
def test_a_file_of_options_that_is_wrong_is_wrong_usage(folder, content, reason):
    (folder / "mine.toml").write_text(content)
    done = run("in", "--config", "mine.toml", folder=folder)
    assert done.returncode == 2
    assert reason in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_another_projects_files_change_nothing(folder):
    (folder / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert run("in", "-o", "out.jsonl", folder=folder).returncode == 0


def test_no_input_is_wrong_usage(folder):
    done = run(folder=folder)
    assert done.returncode == 2
    assert b"no INPUT" in done.stderr


def test_a_list_of_inputs_on_stdin(folder):
    done = run("--list", "-", "--json", "-o", "out.jsonl", folder=folder, input=b"in/2.txt\n\n# not this\nin/0.txt\n")
    assert json.loads(done.stdout)["ok"] == 2
    assert [r["source"]["id"] for r in records(folder / "out.jsonl")] == ["2.txt", "0.txt"]


def test_a_text_on_stdin(folder):
    done = run("-", folder=folder, input=TEXT.encode())
    assert json.loads(done.stdout)["counts"][0]["text"] == "5 knives"


def test_fail_on_warnings(folder):
    assert run("in", "-o", "out.jsonl", "--fail-on", "warnings", folder=folder).returncode == 0
    (folder / "in" / "odd.txt").write_text(ODD, "utf-8")
    assert run("in", "-o", "out.jsonl", folder=folder).returncode == 0
    done = run("in", "-o", "out.jsonl", "--fail-on", "warnings", folder=folder)
    assert done.returncode == 1
    assert b"weekday-mismatch" in done.stderr


def test_what_is_unchanged_still_fails_on_its_warnings(folder):
    (folder / "in" / "odd.txt").write_text(ODD, "utf-8")
    run("in", "-o", "out.jsonl", folder=folder)
    assert run("in", "-o", "out.jsonl", "--fail-on", "warnings", folder=folder).returncode == 1


def test_a_large_document_fails_alone(folder):
    (folder / "in" / "large.txt").write_text(TEXT * 100, "utf-8")
    told = json.loads(run("in", "-o", "out.jsonl", "--max-size", 1000, "--json", folder=folder).stdout)
    assert (told["ok"], told["failed_by_code"]) == (3, {"too-large": 1})


def test_the_text_that_offsets_count_is_kept_and_found(folder):
    (folder / "in" / "page.html").write_text(PAGE, "utf-8")
    (folder / "in" / "old.txt").write_bytes("Kent Police’s team seized £500 on 3 May 2024.".encode("cp1252"))
    assert run("in", "-o", "out.jsonl", "--save-text", "texts", "--quiet", folder=folder).returncode == 0
    saved = {r["source"]["id"]: r for r in records(folder / "out.jsonl")}
    assert sorted(p.name for p in (folder / "texts").iterdir()) == [
        ".extractor-texts",
        "0.txt",
        "1.txt",
        "2.txt",
        "old.txt",
        "page.html.txt",
    ]
    for name, record in saved.items():
        text = (folder / "texts" / (name if name.endswith(".txt") else f"{name}.txt")).read_bytes().decode("utf-8")
        assert record["counts"]
        for count in record["counts"]:
            assert text[count["start"] : count["end"]] == count["text"]
    page = run("out.jsonl", "--texts", "texts", "-o", "page.html", folder=folder, command="report")
    assert page.returncode == 0, page.stderr
    assert "off the street makes" in (folder / "page.html").read_text("utf-8")
    (folder / "texts" / "page.html.txt").unlink()
    told = json.loads(run("in", "-o", "out.jsonl", "--save-text", "texts", "--json", folder=folder).stdout)
    assert told["unchanged"] == 4
    assert (folder / "texts" / "page.html.txt").exists()


def test_the_same_records_for_any_number_of_workers_and_order(folder):
    for n in range(60):
        (folder / "in" / f"more-{n}.txt").write_text(
            f"Essex Police made {n + 2} arrests at the weekend, {TEXT}", "utf-8"
        )
    found = {run("in", "--workers", n, folder=folder).stdout for n in (1, 2, 4)}
    assert len(found) == 1
    files = sorted((folder / "in").iterdir(), reverse=True)
    other = run(*files, folder=folder).stdout
    assert sorted(other.split(b"\n")) == sorted(next(iter(found)).split(b"\n"))


def test_what_a_run_has_written_is_not_read(folder):
    for _ in range(2):
        told = json.loads(run(".", "-o", "out.csv", "--save-text", "texts", "--json", folder=folder).stdout)
        assert (told["ok"], told["failed"]) == (3, 0)


def test_an_encoding_can_be_forced(folder):
    (folder / "in" / "1.txt").write_bytes("Kent Police seized £5.".encode("utf-16-le"))
    run("in/1.txt", "-o", "out.jsonl", "--encoding", "UTF-16LE", folder=folder)
    record = records(folder / "out.jsonl")[0]
    assert (record["source"]["encoding"], record["counts"][0]["text"]) == ("utf-16-le", "£5")


@pytest.mark.parametrize(
    "words",
    [
        ["in", "--format", "csv"],
        ["in", "-o", "out.xyz"],
        ["in", "-o", "out.jsonl", "--format", "xml"],
        ["in", "-o", "out.jsonl", "--workers", "0"],
        ["in", "-o", "out.jsonl", "--fail-on", "rain"],
        ["in", "-o", "out.jsonl", "--encoding", "no-such"],
    ],
)
def test_wrong_usage(folder, words):
    done = run(*words, folder=folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_help_is_good_at_80_columns(folder):
    done = run("--help", folder=folder)
    assert max(len(line) for line in done.stdout.decode().splitlines()) <= 80
