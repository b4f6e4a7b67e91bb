"""Counts what became of every number over many releases, and lists the commonest unexplained contexts.

usage: ledger_report.py FILE.jsonl[.gz] [--limit N]
"""

from __future__ import annotations

import argparse
from collections import Counter

import bench

from extractor import Failure, extract_many


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--limit", type=int, default=1_000_000)
    arguments = parser.parse_args()
    texts = bench.texts_of(arguments.file, arguments.limit)
    verdicts: Counter[str] = Counter()
    contexts: Counter[str] = Counter()
    for text, release in zip(texts, extract_many(texts), strict=True):
        if isinstance(release, Failure):
            continue
        for numeral in release.numerals:
            verdicts[numeral.verdict] += 1
            if numeral.verdict == "unexplained":
                before, after = text[: numeral.start].split()[-1:], text[numeral.end :].split()[:2]
                contexts[" ".join([*before, "#", *after]).lower()] += 1
    total = sum(verdicts.values())
    for verdict, number in verdicts.most_common():
        print(f"{verdict:14s} {number:8,d} {number / total:7.2%}")
    print("\ncommonest unexplained contexts")
    for context, number in contexts.most_common(20):
        print(f"{number:5d}  {context}")


if __name__ == "__main__":
    main()
