"""Fails when a score over corpus/ falls below its floor, and tells what was gained and lost, by text.

usage: gate.py [--update] [--lower MEASURE]...
corpus/baseline.json holds, for the corpus with its fingerprint, the floor of each measure (F1, relaxed and strict) and
the mentions found when it was written. --update raises floors to today's scores and takes in a changed corpus; it
lowers a floor only where --lower names the measure.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import golden

from extractor.judging.gold import Entry, entries_of, read_gold
from extractor.judging.measures import MEASURES
from extractor.judging.scoring import Scores, score
from extractor.text.files import BASELINE as BASELINE_NAME

BASELINE = golden.CORPUS / BASELINE_NAME


@dataclass(frozen=True)
class State:
    """The scores of a corpus and what they were reached with.

    Attributes:
        fingerprint: Digest of the texts, the expected records and the index.
        floors: F1 by ``measure`` and ``measure strict``.
        mentions: What was found in each document: field, place and text of each entry.
    """

    fingerprint: str
    floors: dict[str, float]
    mentions: dict[str, list[str]]


def fingerprint(corpus: Path = golden.CORPUS) -> str:
    """Digest of everything that the scores are measured on."""
    total = hashlib.sha256()
    for file in sorted(corpus.iterdir()):
        if file.suffix in (".txt", ".json", ".toml") and file.name != BASELINE.name:
            total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def measured(found: dict[str, tuple[Entry, ...]] | None = None) -> State:
    """Today's state; `found` stands in for what the extractor finds."""
    if found is None:
        found = {name: entries_of(golden.record_of(name)) for name in golden.index()}
    gold = [g for g in read_gold(golden.CORPUS, {}) if g.id in found]
    return State(fingerprint(), _floors(score(gold, found)), {name: _told(found[name]) for name in sorted(found)})


def _floors(scores: Scores) -> dict[str, float]:
    floors = {}
    for measure in MEASURES:
        # Rounded down: a floor never asks for more than was reached.
        floors[measure.name] = math.floor(scores.relaxed[measure.name].rates.f1 * 10_000) / 10_000
        floors[f"{measure.name} strict"] = math.floor(scores.strict[measure.name].rates.f1 * 10_000) / 10_000
    return floors


def _told(entries: Collection[Entry]) -> list[str]:
    """An entry as one line: where it stands, its field, its text and its values."""
    rows = sorted((e.spans, e.field, e.text, json.dumps(e.slots, ensure_ascii=False)) for e in entries)
    return [f"{spans[0][0] if spans else '-'} {field}: {text} {slots}" for spans, field, text, slots in rows]


def gains_and_losses(before: State, after: State) -> Iterator[str]:
    """What is found now and was not, and the other way round, by text."""
    for name in sorted({*before.mentions, *after.mentions}):
        old, new = before.mentions.get(name, []), after.mentions.get(name, [])
        yield from (f"{name}: lost   {row}" for row in old if row not in new)
        yield from (f"{name}: gained {row}" for row in new if row not in old)


def broken(before: State, after: State) -> dict[str, str]:
    """The measures that are below their floors, each with what to say."""
    return {
        name: f"{name}: F1 {after.floors.get(name, 0):.4f} is below its floor {floor:.4f}"
        for name, floor in before.floors.items()
        if after.floors.get(name, 0) < floor
    }


def check(before: State, after: State) -> list[str]:
    """What keeps the gate shut."""
    reasons = list(broken(before, after).values())
    if before.fingerprint != after.fingerprint:
        reasons.append("corpus/ has changed since the baseline: run gate.py --update")
    return reasons


def updated(before: State, after: State, lower: Collection[str]) -> State:
    """The new baseline: every floor that may move is today's score, the others stay."""
    floors = {
        name: value if name in lower else max(value, before.floors.get(name, 0)) for name, value in after.floors.items()
    }
    return State(after.fingerprint, floors, after.mentions)


def load(file: Path = BASELINE) -> State:
    """The baseline; without one, a state that asks for nothing."""
    if not file.exists():
        return State("", {}, {})
    return State(**json.loads(file.read_text("utf-8")))


def save(state: State, file: Path = BASELINE) -> None:
    file.write_text(json.dumps(state.__dict__, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="raise floors and take in the corpus as it is")
    parser.add_argument("--lower", action="append", default=[], metavar="MEASURE", help="let --update lower this floor")
    arguments = parser.parse_args()
    before, after = load(), measured()
    if unknown := sorted(set(arguments.lower) - set(after.floors)):
        parser.error(f"--lower {unknown[0]}: not one of {', '.join(after.floors)}")
    for line in gains_and_losses(before, after):
        print(line)
    if not arguments.update:
        reasons = check(before, after)
        print("\n".join(reasons) if reasons else "gate: all floors hold")
        return 1 if reasons else 0
    kept = {name: said for name, said in broken(before, after).items() if name not in arguments.lower}
    if kept:
        print("\n".join(kept.values()))
        print("not written: --update lowers a floor only where --lower names it")
        return 1
    save(updated(before, after, arguments.lower))
    print(f"{BASELINE.name} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
