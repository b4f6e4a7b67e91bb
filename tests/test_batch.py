"""The core of every batch: one result a document, in order, and none ends the run; and atomic files."""

import json
import os
from pathlib import Path

import pytest

from extractor import Failure, extract, extract_many, release
from extractor.errors import OutputError
from extractor.pipeline import default
from extractor.reading.units import Settings, Unit
from extractor.runs.atomic import atomic, failures_path, write_failures
from extractor.runs.batch import KINDS, Result, reader, results
from extractor.runs.tally import FAILURES_KEPT, Tally

SETTINGS = Settings()


def units():
    """Twelve documents, each fourth of them broken."""
    for number in range(12):
        if number % 4 == 1:
            yield Unit(f"{number:02}.txt", ".txt", None, code="not-found", message="no such file")
        else:
            yield Unit(f"{number:02}.txt", ".txt", f"Officers made {number + 2} arrests on 3 May 2024.".encode())


def run():
    return list(results(units(), SETTINGS, default()))


def test_as_many_out_as_in_and_in_order():
    found = run()
    assert [result.id for result in found] == [f"{n:02}.txt" for n in range(12)]
    assert [result.error for result in found] == ["not-found" if n % 4 == 1 else "" for n in range(12)]
    for result in found:
        told = json.loads(result.record)["source"]["id"] if result.record else result.failure.source
        assert told == result.id


def test_same_bytes_every_time_and_in_any_company():
    alone = [next(results([unit], SETTINGS, default())) for unit in units()]
    assert run() == alone
    read = reader(SETTINGS)
    assert [read(unit) for unit in reversed(list(units()))] == alone[::-1]


def test_the_result_is_the_record_and_its_numbers():
    text = "Officers made 5 arrests on Friday 3 May 2022."
    unit = Unit("a", ".txt", text)
    result = next(results([unit], SETTINGS, default(), keep_text=True))
    record = extract(text, source="a")
    assert result.record == record.model_dump_json()
    assert result.text == text
    assert dict(zip(KINDS, result.found, strict=True)) == {kind: len(getattr(record, kind)) for kind in KINDS}
    assert result.warnings == ("weekday-mismatch",)
    assert (result.words, result.failure) == (9, None)


def test_documents_are_taken_one_by_one():
    taken = []
    found = results((taken.append(unit) or unit for unit in units()), SETTINGS, default())
    next(found)
    assert len(taken) == 1


class Unforeseen(Exception):
    pass


@pytest.mark.parametrize(
    "error", [Unforeseen("odd"), RecursionError("deep"), MemoryError("much"), AssertionError("no")]
)
def test_whatever_a_rule_raises_is_the_failure_of_that_document(monkeypatch, error):
    good = release.release_of

    def breaks(source, nlp):
        if "2 arrests" in source.text:
            raise error
        return good(source, nlp)

    monkeypatch.setattr(release, "release_of", breaks)
    first, second, third, *_ = run()
    assert (first.error, first.message, second.error, third.error) == (
        type(error).__name__,
        str(error),
        "not-found",
        "",
    )
    many = list(extract_many(["2 arrests", "44 arrests"], nlp=default()))
    assert [type(result).__name__ for result in many] == ["Failure", "Release"]


def test_an_interrupt_passes(monkeypatch):
    def interrupted(source, nlp):
        raise KeyboardInterrupt

    monkeypatch.setattr(release, "release_of", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run()


def test_what_decides_how_a_document_is_read_is_in_its_digest():
    unit = Unit("a", ".txt", b"Two arrests.")
    digests = {
        unit.digest(SETTINGS),
        Unit("b", ".txt", b"Two arrests.").digest(SETTINGS),
        Unit("a", ".html", b"Two arrests.").digest(SETTINGS),
        Unit("a", ".txt", b"Two arrest.").digest(SETTINGS),
        Unit("a", ".txt", None, code="not-found").digest(SETTINGS),
        unit.digest(Settings(encoding="cp1252")),
    }
    assert len(digests) == 6
    assert unit.digest(SETTINGS) == Unit("a", ".txt", b"Two arrests.").digest(Settings())


def test_the_tally_adds_up():
    tally = Tally()
    for result in run():
        tally.add(result, unchanged=result.id < "03")
    told = tally.as_json()
    assert (told["documents"], told["ok"], told["failed"], told["unchanged"]) == (12, 9, 3, 3)
    assert told["failed_by_code"] == {"not-found": 3}
    assert told["found"]["counts"] == 9
    assert told["words"] == 9 * 8
    json.dumps(told)


def test_the_tally_stays_small():
    tally = Tally()
    for number in range(1000):
        tally.add(Result(str(number), None, "empty", "no text"))
    assert (tally.failed, len(tally.failures)) == (1000, FAILURES_KEPT)


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
