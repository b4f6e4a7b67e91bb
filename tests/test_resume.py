"""A run that is broken off goes on where it stopped, and ends in the bytes of a run that was not."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extractor.errors import OutputError
from extractor.runs.manifest import Manifest, manifest_path

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "NO_COLOR": "1"}
TEXT = "Kent Police seized {n} knives on 3 May 2024.\n\nInspector Ada Marsh said: “{n} knives are off the street.”\n"


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "extractor", "run", *map(str, words)]


def run(*words: object, **options):
    return subprocess.run(command(*words), env=ENVIRONMENT, capture_output=True, check=False, timeout=120, **options)


def told(done) -> dict:
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    for n in range(40):
        (place / f"{n:02}.txt").write_text(TEXT.format(n=n + 2), "utf-8")
    (place / "05.txt").write_bytes(b"")
    return place


def outputs(output: Path) -> dict[str, bytes]:
    """Every file of an output, the manifest left out: it knows the number of its run."""
    if output.is_dir():
        files = [f for f in output.rglob("*") if f.is_file() and not f.name.startswith("manifest.sqlite")]
    else:
        files = [output, output.with_name(f"{output.stem}.failures.jsonl")]
    return {str(f.relative_to(output.parent)): f.read_bytes() for f in files if f.exists()}


def clean_run(folder: Path, place: Path, name: str) -> dict[str, bytes]:
    place.mkdir()
    run(folder, "-o", place / name, "--quiet")
    return outputs(place / name)


def test_only_what_changed_is_read_again(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    first = told(run(folder, "-o", output, "--json"))
    assert (first["ok"], first["failed"], first["unchanged"]) == (39, 1, 0)
    again = told(run(folder, "-o", output, "--json"))
    assert again["unchanged"] == 40
    assert {k: again[k] for k in ("ok", "failed", "found", "warnings", "words", "failures")} == {
        k: first[k] for k in ("ok", "failed", "found", "warnings", "words", "failures")
    }
    (folder / "07.txt").write_text(TEXT.format(n=900), "utf-8")
    (folder / "08.txt").unlink()
    (folder / "99.txt").write_text(TEXT.format(n=901), "utf-8")
    before = outputs(output)
    refused = run(folder, "-o", output)
    assert refused.returncode == 3
    assert "1 records of earlier runs" in refused.stderr.decode()
    assert outputs(output) == before
    third = told(run(folder, "-o", output, "--json", "--replace"))
    # The refused run has read the two changed ones already, and the manifest keeps what it read.
    assert (third["documents"], third["unchanged"]) == (40, 40)
    assert outputs(output) == clean_run(folder, tmp_path / "clean", "out.jsonl")


@pytest.mark.parametrize(
    ("option", "unchanged"), [("--force", 0), ("--retry-failed", 39), ("--published=2024-05-07", 0)]
)
def test_what_is_done_again_when_asked(folder, tmp_path, option, unchanged):
    output = tmp_path / "out.jsonl"
    run(folder, "-o", output)
    assert told(run(folder, "-o", output, "--json", option))["unchanged"] == unchanged


def test_changed_rules_are_applied_to_all(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    run(folder, "-o", output)
    with sqlite3.connect(manifest_path(output, False)) as db:
        db.execute("UPDATE documents SET rules = 'of another version' WHERE position < 10")
    db.close()
    assert told(run(folder, "-o", output, "--json"))["unchanged"] == 30


def test_a_run_of_fewer_documents_forgets_the_rest(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    run(folder, "-o", output)
    before = outputs(output)
    assert run(folder, "-o", output, "--limit", 3).returncode == 3
    assert outputs(output) == before
    assert told(run(folder, "-o", output, "--limit", 3, "--json", "--replace"))["documents"] == 3
    assert output.read_bytes().count(b"\n") == 3


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["out.jsonl", "out.sqlite", "out.csv"])
def test_killed_at_random_moments_then_finished(folder, tmp_path, name):
    for n in range(100, 400):
        (folder / f"{n}.txt").write_text(TEXT.format(n=n), "utf-8")
    expected = clean_run(folder, tmp_path / "clean", name)
    chance = random.Random(name)
    output = tmp_path / name
    for _ in range(5):
        child = subprocess.Popen(command(folder, "-o", output, "--quiet", "--workers", 2), env=ENVIRONMENT)
        time.sleep(chance.uniform(0.2, 2.5))
        child.kill()
        child.wait()
    assert run(folder, "-o", output, "--quiet").returncode == 1
    assert outputs(output) == expected
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_workers_end_when_the_run_is_killed(folder, tmp_path):
    child = subprocess.Popen(
        command(folder, "-o", tmp_path / "out.jsonl", "--quiet", "--workers", 2), env=ENVIRONMENT, text=True
    )
    children, limit = [], time.monotonic() + 30
    while len(children) < 2 and time.monotonic() < limit:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(child.pid)], capture_output=True, text=True, check=False
        )
        children = listed.stdout.split()
        time.sleep(0.01)
    child.kill()
    child.wait()
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_keeps_what_is_done(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    output.write_text("old\n")
    os.mkfifo(tmp_path / "slow")  # nobody writes to it: the run waits in the middle
    words = command(folder, tmp_path / "slow", "-o", output, "--workers", 1, "--overwrite")
    child = subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    limit = time.monotonic() + 60
    journal = output.with_name("out.jsonl.manifest-wal")
    while time.monotonic() < limit and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.05)
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert child.returncode == 130
    assert "the same command goes on" in said
    assert "Traceback" not in said
    assert output.read_text() == "old\n"


def test_two_runs_on_one_output(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    with Manifest(manifest_path(output, False)):
        done = run(folder, "-o", output)
    assert done.returncode == 3
    assert "another run is writing to this output" in done.stderr.decode()
    assert not output.exists()
    assert run(folder, "-o", output).returncode == 1


def test_a_file_that_is_no_manifest_is_left_alone(folder, tmp_path):
    path = manifest_path(tmp_path / "out.jsonl", False)
    path.write_text("my own notes, more than a hundred characters of them " * 9)
    done = run(folder, "-o", tmp_path / "out.jsonl")
    assert (done.returncode, done.stdout) == (3, b"")
    assert "not a manifest" in done.stderr.decode()
    assert path.read_text().startswith("my own notes")
    other = tmp_path / "other.manifest"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    with pytest.raises(OutputError, match="another version"):
        Manifest(other)


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_disk_that_fills_is_told_and_nothing_is_lost(folder, tmp_path):
    import resource

    output = tmp_path / "out.jsonl"
    output.write_text("old\n")
    small = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))  # noqa: E731
    done = run(folder, "-o", output, "--overwrite", preexec_fn=small)
    assert done.returncode == 3
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr
    assert output.read_text() == "old\n"
    assert run(folder, "-o", output).returncode == 1
    assert outputs(output) == clean_run(folder, tmp_path / "clean", "out.jsonl")


def test_a_folder_that_cannot_be_made(folder, tmp_path):
    (tmp_path / "file").touch()
    done = run(folder, "-o", tmp_path / "file" / "out.jsonl")
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stderr.decode()


def test_a_dry_run_tells_and_changes_nothing(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    assert run(folder, "-o", output, "--dry-run").stdout.decode().count("new\t") == 40
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in"]
    run(folder, "-o", output)
    (folder / "07.txt").write_text(TEXT.format(n=900), "utf-8")
    before = {p: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    lines = run(folder, "-o", output, "--dry-run", "--retry-failed").stdout.decode().split("\n")
    assert [line for line in lines if line and not line.startswith("unchanged")] == [
        "failed\t05.txt",
        "changed\t07.txt",
    ]
    assert {p: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before
