"""Right days on paragraphs whose relative dates a force resolved itself: relative_dates.py FILE.jsonl[.gz]."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from extractor import build
from extractor.dates import component as dates
from extractor.models import Date
from extractor.text.source import Source

WEEKDAY = re.compile(r"(?i)(?:mon|tues|wednes|thurs|fri|satur|sun)day")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    nlp = build()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for row in rows(Path(sys.argv[1])):
        source = Source(row["text"], published=date.fromisoformat(row["published"]))
        doc = nlp.get_pipe("extractor_dates")(nlp.make_doc(source.cleaned))
        found, _ = dates.resolve(doc, source)
        for want in row["expected"]:
            form = WEEKDAY.sub("WEEKDAY", want["text"]).lower()
            hits = [d for d in found if d.start < want["end"] and want["start"] < d.end]
            total[form] += 1
            day = next((_side(d, want) for d in hits if d.value), None)
            if day == want["value"]:
                right[form] += 1
            else:
                off = (date.fromisoformat(day) - date.fromisoformat(want["value"])).days if day and _whole(day) else day
                errors[f"{form}: {off} days off" if hits else f"{form}: not found"] += 1
                if "--show" in sys.argv:
                    mark = row["text"][max(0, want["start"] - 90) : want["start"]] + "[" + want["text"] + "]"
                    print(
                        mark + row["text"][want["end"] : want["end"] + 50],
                        row["published"],
                        want["value"],
                        day,
                        sep=" | ",
                    )
    print(f"right day: {sum(right.values())} of {sum(total.values())}, {sum(right.values()) / sum(total.values()):.1%}")
    for form, n in total.most_common(12):
        print(f"{form:24s} {right[form]:5d} of {n:5d}  {right[form] / n:.1%}")
    print("errors:", *(f"{n:4d} {what}" for what, n in errors.most_common(20)), sep="\n")


def _side(found: Date, want: dict[str, Any]) -> str:
    """The end of a range when the expression stands in the later half of its text."""
    first, _, last = (found.value or "").partition("/")
    return (last if last and 2 * want["start"] + 4 > found.start + found.end else first)[:10]


def _whole(day: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day))


if __name__ == "__main__":
    main()
