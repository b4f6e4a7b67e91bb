"""Compares what `extract` makes of corpus/*.txt with the expected records in corpus/*.json.

usage: golden.py [--accept] [ID]...

An expected record says what is right, not what the extractor does: where the extractor is known to be wrong, the row of
the release in corpus/index.toml lists the differences under `known`. --accept makes what the extractor finds the
expected record; read the differences first.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path
from typing import Any

from extractor import Release, extract
from extractor.judging.compare import compare
from extractor.models import Provenance

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CORPUS = Path(__file__).parent.parent / "corpus"
# Versions change with every commit; the expected records leave them out.
ANY = Provenance(extractor="any", tables="any", model="blank")


@cache
def index() -> dict[str, dict[str, Any]]:
    """The rows of corpus/index.toml by id."""
    rows = tomllib.loads((CORPUS / "index.toml").read_text("utf-8"))["release"]
    return {row["id"]: row for row in rows}


def record_of(name: str) -> Release:
    """What `extract` makes of one release, versions left out."""
    text = (CORPUS / f"{name}.txt").read_bytes().decode("utf-8")
    release = extract(text, published=index()[name].get("published"), source=f"{name}.txt")
    return release.model_copy(update={"provenance": ANY})


def expected(name: str) -> Release:
    """The expected record of one release."""
    return Release.model_validate_json((CORPUS / f"{name}.json").read_text("utf-8"))


def differences(name: str) -> list[str]:
    """What the extractor makes of a release otherwise than expected, each difference in a line."""
    found = compare(record_of(name), expected(name)).differences
    return [f"{d.kind} {d.what}: {' '.join(d.label.split())[:60]}{f' ({d.field})' if d.field else ''}" for d in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("id", nargs="*")
    arguments = parser.parse_args()
    news = 0
    for name in arguments.id or sorted(index()):
        file = CORPUS / f"{name}.json"
        if arguments.accept:
            file.write_text(record_of(name).model_dump_json(indent=1) + "\n", "utf-8")
            continue
        known = index()[name].get("known", [])
        found = differences(name)
        for line in found:
            print(f"{'known' if line in known else 'NEW  '} {name}: {line}")
        for line in known:
            if line not in found:
                print(f"GONE  {name}: {line}")
        news += sorted(found) != sorted(known)
    return 1 if news else 0


if __name__ == "__main__":
    raise SystemExit(main())
