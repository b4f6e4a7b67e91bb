"""Counts how the quotations of many releases were read: ``quote_report.py FILE.jsonl.gz`` (rows with a field text).

A paragraph that opens with a quotation mark should be inside a quotation or under a warning; the ones that are neither
are printed, and the longest quotations, where a missing mark would show first.
"""

from __future__ import annotations

import gzip
import heapq
import json
import sys
from collections import Counter

from extractor import Release, extract

MARKS = "\"“”„‘'«"
LONGEST = 5


def opening(release: Release, text: str) -> list[tuple[int, int]]:
    """The paragraphs of the story that open with a mark and say more than a name or a word."""
    extents = [(s.start, s.end) for s in release.segments if s.kind != "boilerplate"]
    return [(a, b) for a, b in extents if text[a] in MARKS and len(text[a:b].split()) > 3]


def state(release: Release, start: int, end: int) -> str:
    """Is the paragraph in a quotation, under a warning, or neither?"""
    if any(w.start < end and start < w.end for w in release.warnings if w.code.endswith("-quote")):
        return "warned"
    inside = any(span.start < end and start < span.end for quote in release.quotes for span in quote.spans)
    return "in a quotation" if inside else "neither"


def main(path: str) -> None:
    counts: Counter[str] = Counter()
    longest: list[tuple[int, int, str]] = []
    left: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = row["text"]
            release = extract(text, source=row.get("id"))
            counts["releases"] += 1
            counts["quotations"] += len(release.quotes)
            counts["of these partial"] += sum(quote.kind == "partial" for quote in release.quotes)
            counts["of these without speaker"] += sum(quote.speaker is None for quote in release.quotes)
            counts["speakers"] += len(release.speakers)
            for start, end in opening(release, text):
                found = state(release, start, end)
                counts["paragraphs opening with a mark"] += 1
                counts[f"  {found}"] += 1
                if found == "neither":
                    left.append(f"{row.get('id')}: {text[start : start + 80]}")
            for quote in release.quotes:
                heapq.heappush(longest, (len(quote.text), len(quote.spans), str(row.get("id"))))
                if len(longest) > LONGEST:
                    heapq.heappop(longest)
    for name, count in counts.items():
        print(f"{count:8,} {name}")
    print("\nlongest quotations (characters, spans, release):")
    for size, spans, key in sorted(longest, reverse=True):
        print(f"{size:8,} {spans:3} {key}")
    print("\nneither in a quotation nor under a warning:" if left else "")
    print("\n".join(left))


if __name__ == "__main__":
    main(sys.argv[1])
