"""The gate over corpus/: it holds today, and it shuts when anything gets worse."""

import re
import sys
from dataclasses import replace

import gate
import golden
import pytest

from extractor.judging.gold import entries_of


@pytest.fixture(scope="module")
def found():
    return {name: entries_of(golden.record_of(name)) for name in golden.index()}


@pytest.fixture(scope="module")
def today(found):
    return gate.measured(found)


def test_all_floors_hold(today):
    baseline = gate.load()
    assert len(baseline.floors) >= 24
    assert gate.check(baseline, today) == []


def test_a_lost_entry_breaks_floors_and_is_told_by_text(found, today):
    worse = gate.measured({**found, "sceptre": tuple(e for e in found["sceptre"] if e.text != "1,002 arrests")})
    assert {"counts.full", "counts.full strict", "counts.value"} <= set(gate.broken(today, worse))
    lost, gained = list(gate.gains_and_losses(today, worse)), list(gate.gains_and_losses(worse, today))
    assert lost
    assert all(re.match(r"sceptre: lost   \d+ counts: 1,002 arrests", line) for line in lost)
    assert gained == [line.replace("lost  ", "gained") for line in lost]


def test_a_changed_corpus_shuts_the_gate(today):
    assert gate.check(replace(today, fingerprint="other"), today) == [
        "corpus/ has changed since the baseline: run gate.py --update"
    ]


def test_the_fingerprint_knows_every_file_but_the_baseline(tmp_path):
    for name in ("a.txt", "a.json", "index.toml", "baseline.json"):
        (tmp_path / name).write_text("x")
    before = gate.fingerprint(tmp_path)
    (tmp_path / "baseline.json").write_text("y")
    assert gate.fingerprint(tmp_path) == before
    for name in ("a.txt", "a.json", "index.toml"):
        (tmp_path / name).write_text("y")
        assert gate.fingerprint(tmp_path) != before
        before = gate.fingerprint(tmp_path)


@pytest.fixture
def command(today, tmp_path, monkeypatch):
    """Calls gate.py on a baseline of its own, with today's scores in which one floor may be broken."""
    file = tmp_path / "baseline.json"

    def call(*arguments, dates=None):
        state = today if dates is None else replace(today, floors={**today.floors, "dates.value": dates})
        monkeypatch.setattr(gate, "BASELINE", file)
        monkeypatch.setattr(gate, "measured", lambda: state)
        monkeypatch.setattr(gate, "load", lambda: loaded(file))
        monkeypatch.setattr(gate, "save", lambda new: saved(new, file))
        monkeypatch.setattr(sys, "argv", ["gate.py", *arguments])
        return gate.main()

    loaded, saved = gate.load, gate.save
    return call, lambda: loaded(file).floors["dates.value"]


def test_floors_rise_by_update_and_fall_only_by_lower(command, capsys):
    call, floor = command
    assert call("--update", dates=0.5) == 0
    assert call(dates=0.6) == 0
    assert floor() == 0.5
    assert call("--update", dates=0.6) == 0
    assert floor() == 0.6
    assert call(dates=0.4) == 1
    assert "dates.value: F1 0.4000 is below its floor 0.6000" in capsys.readouterr().out
    assert call("--update", dates=0.4) == 1
    assert call("--update", "--lower", "counts.full", dates=0.4) == 1
    assert floor() == 0.6
    assert call("--update", "--lower", "dates.value", dates=0.4) == 0
    assert floor() == 0.4
