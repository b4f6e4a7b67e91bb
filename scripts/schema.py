"""Writes schemas/release.v1.json from the models; --check only says whether it is what they generate."""

from __future__ import annotations

import argparse
from pathlib import Path

from extractor.models import schema_text

FILE = Path(__file__).parent.parent / "schemas" / "release.v1.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        FILE.write_text(schema_text(), "utf-8")
        return 0
    if FILE.read_text("utf-8") == schema_text():
        return 0
    print(f"{FILE} is not what the models generate: run scripts/schema.py")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
