"""Shows that `extractor score` counts what another scorer with the same definitions counts.

usage: check_scoring.py SCORER TEXTS GOLD [--noisy N]
SCORER is the file of that scorer; it has score_doc(text, gold, record, errors) and prf([tp, fp, fn]). Both score the
extractor's own records of TEXTS, and N seeded distortions of the gold itself, which have errors of every sort.
Exit code 1 if any precision, recall or F1 differs in the third decimal.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extractor import Release, extract
from extractor.judging.gold import BODIES, Entry, entries_of, gold_of
from extractor.judging.measures import MEASURES
from extractor.judging.scoring import score

Json = dict[str, Any]


def scorer(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("other_scorer", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def distorted(gold: Json, text: str, draw: random.Random) -> Json:
    """A record as an extractor with many faults would make it: entries lost, moved, doubled, values wrong."""
    entries = gold_of(gold, text).entries
    record: Json = {name: [] for name in ("dates", "counts", "items", "organisations", "operations", "quotes")}
    record["speakers"] = []
    for n, entry in enumerate(entries):
        for _ in range(draw.choices((0, 1, 2), (2, 7, 1))[0]):
            if entry.spans:
                other = draw.choice([e for e in entries if e.field == entry.field])
                slots = {k: (other if draw.random() < 0.2 else entry).slots[k] for k in entry.slots}
                if entry.field == "quotes":
                    record["speakers"].append({"id": f"s{len(record['speakers'])}", "name": slots["speaker"]})
                    slots["speaker"] = record["speakers"][-1]["id"]
                record[entry.field].append({"id": f"x{n}", **slots, **_places(entry, text, draw)})
    return record


def _places(entry: Entry, text: str, draw: random.Random) -> Json:
    moves = [(max(0, a + draw.choice((0, 0, 0, -4, 5))), b + draw.choice((0, 0, 0, 3))) for a, b in entry.spans]
    spans = [{"start": a, "end": min(len(text), max(a + 1, b))} for a, b in moves]
    pieces = [text[s["start"] : s["end"]] for s in spans]
    if entry.field == "quotes":
        return {"text": " ".join(pieces), "spans": spans}
    if entry.field in BODIES:
        return {"mentions": [{**spans[0], "text": draw.choice([*entry.forms, "Some Body"])}]}
    return {**spans[0], "text": pieces[0]}


def entries_of_json(record: Json) -> tuple[Entry, ...]:
    """As `entries_of`, of JSON that need not be a whole record."""
    names = {s["id"]: s["name"] for s in record["speakers"]}
    found = []
    for field in ("dates", "counts", "items", "organisations", "operations", "quotes"):
        for row in record[field]:
            parts = row.get("spans") or row.get("mentions") or [row]
            spans = tuple((p["start"], p["end"]) for p in parts)
            extra = dict.fromkeys(("rank", "role", "organisation"), None)
            slots = {**extra, **row, "speaker": names.get(row.get("speaker"))}
            forms = tuple(m["text"] for m in row.get("mentions", ()))
            found.append(Entry(field, row.get("text") or row["name"], spans, slots, forms))
    return tuple(found)


def day_of(gold: Json) -> str | None:
    day = gold.get("published") or ""
    return day[:10] if len(day) >= 10 else None  # some gold knows only the month


def differing(other: Any, texts: dict[str, str], golds: list[Json], make: Callable[[Json, str], Json | Release]) -> int:
    """Prints both scorers' figures for records that `make` makes; the number of those that differ."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    ours = {}
    for gold in golds:
        text = texts[gold["id"]]
        record = make(gold, text)
        ours[gold["id"]] = entries_of(record) if isinstance(record, Release) else entries_of_json(record)
        plain = json.loads(record.model_dump_json()) if isinstance(record, Release) else record
        for name, counts in other.score_doc(text, gold, plain, []).items():
            totals[name] = [a + b for a, b in zip(totals[name], counts, strict=True)]
    scores = score([gold_of(gold, texts[gold["id"]]) for gold in golds], ours).relaxed
    assert set(totals) == {m.name for m in MEASURES}
    bad = 0
    for name, counts in totals.items():
        theirs, mine = other.prf(counts), scores[name].rates
        same = all(f"{a:.3f}" == f"{b:.3f}" for a, b in zip(theirs, mine, strict=True))
        bad += not same
        figures = " ".join(f"{a:.3f}/{b:.3f}" for a, b in zip(theirs, mine, strict=True))
        print(f"{'' if same else 'DIFFERS '}{name:24s} P R F1 theirs/ours {figures}  tp fp fn {counts}")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--noisy", type=int, default=5)
    arguments = parser.parse_args()
    other = scorer(arguments.scorer)
    golds = [json.loads(path.read_text("utf-8")) for path in sorted(arguments.gold.glob("*.json"))]
    texts = {g["id"]: (arguments.texts / f"{g['id']}.txt").read_bytes().decode("utf-8") for g in golds}
    print("== the extractor's records")
    bad = differing(other, texts, golds, lambda g, t: extract(t, published=day_of(g)))
    for seed in range(arguments.noisy):
        print(f"== distortion {seed} of the gold")
        draw = random.Random(seed)
        bad += differing(other, texts, golds, lambda g, t, draw=draw: distorted(g, t, draw))  # type: ignore[misc]
    print(f"{bad} of {(arguments.noisy + 1) * len(MEASURES)} differ" if bad else "all figures agree to three decimals")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
