"""Writes docs/img/explain.svg, what `extractor explain` shows of an invented release; --check only compares.

usage: screenshot.py [--check]
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import generated
from rich.console import Console
from rich.terminal_theme import MONOKAI

from extractor import extract
from extractor.cli import show

FILE = Path(__file__).parent.parent / "docs" / "img" / "explain.svg"
WIDTH = 104
KINDS = ("dates", "counts", "items", "organisations", "speakers", "quotes", "people")
TEXT = """\
Kent Police seized 187 knives between 9 and 15 November, and 58 were handed in.

Liam Hartnell, 34, of Quarry Lane, Dover, was charged with possession of a bladed article.

Inspector Ada Marsh said: “Every knife off the street matters.”
"""


def picture() -> str:
    """The screen as SVG, with nothing in it that a viewer would fetch."""
    release = extract(TEXT, published="2020-11-17", source="knives.txt")
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor",
                      highlight=False, markup=False, emoji=False)  # fmt: skip
    console.print(show.explanation(release, TEXT, KINDS))
    title = "extractor explain knives.txt --published 2020-11-17"
    svg = console.export_svg(title=title, theme=MONOKAI, unique_id="explain")
    # The fonts of rich are on the network; the viewer has one of his own.
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.S)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


if __name__ == "__main__":
    raise SystemExit(generated.main(FILE, picture(), __doc__))
