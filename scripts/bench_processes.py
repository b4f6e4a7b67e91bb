"""What `bench.py` measures in processes of their own: start-up, peak memory, growth over distinct documents.

usage: bench_processes.py peak | growth N    (texts as a JSON list on standard input; prints megabytes)
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPT = Path(sys.executable).parent / "extractor"
START = {
    "python": [sys.executable, "-c", "pass"],
    "import extractor": [sys.executable, "-c", "import extractor"],
    "import spacy; spacy.blank": [sys.executable, "-c", "import spacy; spacy.blank('en')"],
    "first extract": [sys.executable, "-c", "from extractor import extract; extract('Two men were held on Friday.')"],
    "extractor --help": [str(SCRIPT), "--help"],
    "extractor run FILE": [str(SCRIPT), "run", str(ROOT / "corpus" / "sceptre.txt"), "-o", "-"],
}
WARM_UP = 2_000  # documents after which memory should stay what it is
PARAGRAPHS = 8  # of a mixed document


def start_up(rounds: int) -> dict[str, float]:
    """Seconds of whole processes, the median of interleaved rounds."""
    found: dict[str, list[float]] = {name: [] for name in START}
    for _ in range(rounds):
        for name, command in START.items():
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            found[name].append(time.perf_counter() - begin)
    return {name: round(statistics.median(took), 3) for name, took in found.items()}


def peak_memory(texts: list[str]) -> float:
    """Megabytes at most of a process that reads the texts."""
    return _measured(texts, "peak")


def growth(texts: list[str], count: int) -> float:
    """Megabytes by which a warm process grows over 100,000 distinct documents, measured over `count`."""
    return round(_measured(texts, "growth", str(count)) * 100_000 / count, 1)


def _measured(texts: list[str], *arguments: str) -> float:
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, input=json.dumps(texts), capture_output=True, text=True)
    return float(done.stdout)


def _mixed(texts: list[str], count: int) -> Iterator[str]:
    """Documents none of which is like another: paragraphs of all texts, each with words of its own."""
    draw = random.Random(1)
    paragraphs = [line for text in texts for line in text.split("\n") if line.strip()]
    for number in range(count):
        chosen = draw.choices(paragraphs, k=PARAGRAPHS)
        yield "\n\n".join(f"{line} Xa{number:x}q{at}z Bell{number:x}" for at, line in enumerate(chosen))


def _resident() -> float:
    """Megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    from extractor import extract_many

    what, *count = sys.argv[1:]
    texts = json.load(sys.stdin)
    if what == "peak":
        for _ in extract_many(texts):
            pass
        print(round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1))
        return
    before = 0.0
    for number, _ in enumerate(extract_many(_mixed(texts, WARM_UP + int(*count)))):
        if number == WARM_UP:
            before = _resident()
    print(round(_resident() - before, 2))


if __name__ == "__main__":
    main()
