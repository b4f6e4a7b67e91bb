"""The names of organisations found most often in a collection, to be read critically.

usage: top_organisations.py FILE.jsonl.gz [--top N] [--rare N] [--operations]
Each line of the file is an object with the text of a release in "text". Prints releases, kind, key and name;
--rare prints a reproducible sample of the names found in one release only, each with its surroundings.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter

from extractor.names import organisations
from extractor.names.bodies import bodies, forms
from extractor.spans import Match
from extractor.text.source import clean


def described(match: Match) -> tuple[str, str, str]:
    """Kind, key (or form) and name."""
    if match.rule == "organisation":
        body = bodies()[match.row]
        return body.kind, body.id, body.name
    return (forms()[match.rule].kind, f"({match.rule})", match.row) if match.rule in forms() else ("", "", match.row)


def main() -> None:
    """Counts names over the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--top", type=int, default=300)
    parser.add_argument("--rare", type=int, default=0)
    parser.add_argument("--operations", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    releases: Counter[tuple[str, str, str]] = Counter()
    context: dict[tuple[str, str, str], str] = {}
    with gzip.open(arguments.file, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = clean(json.loads(line)["text"])
            seen: dict[tuple[str, str, str], str] = {}
            for match in organisations.found(text)[1 if arguments.operations else 0]:
                around = text[max(0, match.start - 50) : match.end + 30].replace("\n", " / ")
                seen.setdefault(described(match), around)
            releases.update(seen.keys())
            context |= seen
    for row, number in releases.most_common(arguments.top):
        print(number, *row, sep="\t")
    once = sorted(row for row, number in releases.items() if number == 1)
    for row in random.Random(arguments.seed).sample(once, min(arguments.rare, len(once))):
        print(*row, context[row], sep="\t")


if __name__ == "__main__":
    main()
