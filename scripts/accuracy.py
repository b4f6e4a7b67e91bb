"""Scores the extractor against gold and prints Markdown: F1 by field with 95% bootstrap intervals, and by force.

The scores are those of `extractor score`. With --into FILE the tables take the place of what stands there between
"<!-- accuracy -->" and "<!-- /accuracy -->". They name the version and the tables that were scored, never a time.

usage: accuracy.py TEXTS GOLD [--index FILE] [--by COLUMN] [--worst] [--into FILE]
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from extractor import Release, __version__, extract, tables
from extractor.judging import gold
from extractor.judging.measures import HEADLINE
from extractor.judging.scoring import Score, Scores, breakdown, score

SMALL = 10  # cells of fewer entries than this say little and are marked
MARKS = ("<!-- accuracy -->\n", "<!-- /accuracy -->\n")


def scored(texts: Mapping[str, str], right: list[gold.Gold], index: Mapping[str, Mapping[str, Any]]) -> Scores:
    """Extracts and scores; a document's day of publication comes from the index, else from its gold."""
    found: dict[str, Release] = {}
    for document in right:
        said = index.get(document.id, {}).get("published") or document.published or ""
        day = re.match(r"\d{4}-\d\d-\d\d", said)  # of some only the month is known, which resolves nothing
        found[document.id] = extract(texts[document.id], published=day and day[0])
    return score(right, {name: gold.entries_of(release) for name, release in found.items()})


def entries(made: Score) -> int:
    """How many gold entries a score is about."""
    hits, _, missed = made.tally.counts
    return hits + missed


def by_field(scores: Scores) -> Iterator[str]:
    """The table of fields."""
    yield "| field | entries | P | R | F1 | 95% interval | strict F1 |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, made in scores.relaxed.items():
        rates = " | ".join(f"{rate:.3f}" for rate in made.rates)
        interval = f"{made.low.f1:.3f}–{made.high.f1:.3f}"
        mark = "*" if entries(made) < SMALL else ""
        yield f"| {name} | {entries(made)} | {rates}{mark} | {interval} | {scores.strict[name].rates.f1:.3f} |"


def by_column(scores: Scores, column: str, values: Mapping[str, Any]) -> Iterator[str]:
    """The table of forces, or of what else a column tells apart."""
    yield f"| {column} | documents | {' | '.join(HEADLINE)} |"
    yield f"|---|--:|{'--:|' * len(HEADLINE)}"
    for value, group in breakdown(scores, values).items():
        cells = " | ".join(cell(group.relaxed[name]) for name in HEADLINE)
        yield f"| {value} | {len(group.documents)} | {cells} |"


def cell(made: Score) -> str:
    """F1 with the number of gold entries behind it, marked where they are few."""
    if not any(made.tally.counts):
        return "–"
    return f"{made.rates.f1:.2f}{'*' if entries(made) < SMALL else ''} ({entries(made)})"


def document(scores: Scores, by: str | None, values: Mapping[str, Any], worst: bool) -> str:
    """The tables."""
    lines = [
        f"Version {__version__}, tables `{tables.digest()[:12]}`, {len(scores.documents)} releases; intervals "
        f"of 1,000 samples. * marks figures of fewer than {SMALL} entries.",
        "",
        *by_field(scores),
    ]
    if by:
        lines += ["", f"F1 by {by}, with the number of entries:", "", *by_column(scores, by, values)]
    if worst:
        lines += ["", "Most errors: " + ", ".join(f"{d.id} ({d.errors})" for d in scores.worst) + "."]
    return "\n".join(lines) + "\n"


def put(file: Path, made: str) -> None:
    """Writes the tables between the marks of a file."""
    text = file.read_text("utf-8")
    before, begin, rest = text.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not begin or not end:
        raise SystemExit(f"{file}: no line {MARKS[0].strip()} with a {MARKS[1].strip()} below it")
    file.write_text(f"{before}{begin}\n{made}\n{end}{after}", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--index", type=Path, help="JSON list of documents: id, published, and columns such as force")
    parser.add_argument("--by", help="a column of the index")
    parser.add_argument("--worst", action="store_true", help="the ids of the documents with most errors")
    parser.add_argument("--into", type=Path, help="write the tables into this file")
    given = parser.parse_args()
    if given.by and not given.index:
        parser.error("--by needs --index")
    index = {row["id"]: row for row in json.loads(given.index.read_text("utf-8"))} if given.index else {}
    texts = {file.stem: file.read_text("utf-8") for file in sorted(given.texts.glob("*.txt"))}
    right = gold.read_gold(given.gold, texts)
    values = {name: row.get(given.by) for name, row in index.items()}
    made = document(scored(texts, right, index), given.by, values, given.worst)
    if given.into:
        put(given.into, made)
    else:
        print(made, end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
