"""Files that are generated: written, or with --check only held against what would be written."""

from __future__ import annotations

import argparse
from pathlib import Path


def main(file: Path, text: str, about: str | None) -> int:
    """Writes `text` to `file`; with --check says whether it is there already, by the exit code."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether the file is up to date")
    if not parser.parse_args().check:
        file.write_text(text, "utf-8")
        return 0
    if file.read_text("utf-8") == text:
        return 0
    print(f"{file} is out of date: run the script without --check")
    return 1
