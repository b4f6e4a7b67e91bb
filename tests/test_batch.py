"""Runs of many documents: each is accounted for, none ends the run, and no output is half written."""

import json
import os
from pathlib import Path

import pytest

from extractor import Failure, Release, extract_many, release
from extractor.batch import Summary, outcomes
from extractor.errors import OutputError
from extractor.pipeline import default
from extractor.readers import Document, find
from extractor.write import atomic, failures_path, line, write_failures


@pytest.fixture
def folder(tmp_path):
    for number in range(12):
        data = b"\xff" if number % 4 == 1 else f"Officers made {number + 2} arrests on 3 May 2024.".encode()
        (tmp_path / f"{number:02}.txt").write_bytes(data)
    return tmp_path


def run(folder):
    return list(outcomes(find([folder]).documents, default(), None, {}))


def test_as_many_out_as_in_and_in_order(folder):
    results = run(folder)
    assert [outcome.document.id for outcome in results] == [f"{n:02}.txt" for n in range(12)]
    assert [isinstance(outcome.result, Failure) for outcome in results] == [n % 4 == 1 for n in range(12)]
    for outcome in results:
        told = outcome.result.source
        assert (told.id if isinstance(outcome.result, Release) else told) == outcome.document.id


def test_same_bytes_every_time_and_in_any_company(folder):
    whole = {o.document.id: line(o.result) for o in run(folder)}
    alone = {name: line(next(outcomes([Document(folder / name, name)], default(), None, {})).result) for name in whole}
    assert whole == alone


def test_nothing_is_read_before_it_is_asked_for(folder):
    found = find([folder]).documents
    results = outcomes(iter(found), default(), None, {})
    next(results)
    (folder / "02.txt").unlink()
    assert [o.result.error for o in results if isinstance(o.result, Failure)] == [
        "not-utf8",
        "not-found",
        *["not-utf8"] * 2,
    ]


class Unforeseen(Exception):
    pass


@pytest.mark.parametrize(
    "error", [Unforeseen("odd"), RecursionError("deep"), MemoryError("much"), AssertionError("no")]
)
def test_whatever_a_rule_raises_is_the_failure_of_that_document(folder, monkeypatch, error):
    good = release.release_of

    def breaks(source, nlp):
        if "2 arrests" in source.text:
            raise error
        return good(source, nlp)

    monkeypatch.setattr(release, "release_of", breaks)
    first, second, *_ = (o.result for o in run(folder))
    assert (first.error, first.message, second.error) == (type(error).__name__, str(error), "not-utf8")
    many = list(extract_many(["2 arrests", "44 arrests"], nlp=default()))
    assert [type(result).__name__ for result in many] == ["Failure", "Release"]


def test_an_interrupt_passes(folder, monkeypatch):
    def interrupted(source, nlp):
        raise KeyboardInterrupt

    monkeypatch.setattr(release, "release_of", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(folder)


def test_the_summary_adds_up(folder):
    tally = Summary()
    for outcome in run(folder):
        tally.add(outcome)
    told = tally.as_json()
    assert (told["documents"], told["ok"], told["failed"]) == (12, 9, 3)
    assert told["words"] == sum(o.words for o in run(folder)) > 0
    assert [failure["error"] for failure in told["failures"]] == ["not-utf8"] * 3
    json.dumps(told)


@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt()])
def test_an_error_in_the_middle_leaves_the_old_output_and_nothing_beside(tmp_path, error):
    path = tmp_path / "out.jsonl"
    path.write_text("old\n")

    def half():
        with atomic(path) as file:
            file.write("new\n" * 100_000)
            raise error

    with pytest.raises(type(error)):
        half()
    assert path.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "out").symlink_to(tmp_path / "real")
    with atomic(tmp_path / "out") as file:
        file.write("new")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_an_output_that_is_no_file_is_not_replaced():
    null = Path(os.devnull)
    with atomic(null) as file:
        file.write("gone")
    assert not null.is_file()


def test_an_output_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"), atomic(tmp_path):
        pass


def test_failures_of_a_former_run_go(tmp_path):
    output = tmp_path / "out.jsonl"
    output.touch()
    write_failures(output, [Failure(source="a.txt", error="empty", message="no text")])
    assert json.loads(failures_path(output).read_text())["error"] == "empty"
    write_failures(output, [])
    assert not failures_path(output).exists()
