"""Builds the site of the documentation in build/site: gathers the pages, runs mkdocs, refuses what would be fetched.

The pages stand where they belong (README.md, docs/, schemas/ …) and link to each other there; mkdocs wants them in one
folder, so they are copied to build/pages as they stand in the project.

usage: site_pages.py
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "build" / "pages"
SITE = ROOT / "build" / "site"
SOURCES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**/*", "schemas/*", "extractor/data/*.md")
# What a browser loads by itself: scripts, style sheets, pictures, frames, fonts. A link to click is none of them.
LOADED = re.compile(
    r"<(?:script|img|iframe|source|embed)\b[^>]*\bsrc=[\"']?(?:https?:)?//[^\"'>]+"
    r"|<link\b(?![^>]*rel=[\"']?canonical)[^>]*\bhref=[\"']?(?:https?:)?//[^\"'>]+"
    r"|url\([\"']?(?:https?:)?//[^)]+|@import\s+[\"'](?:https?:)?//[^\"']+"
)


def gather() -> None:
    """Copies the pages, and what they show or link to, to build/pages."""
    shutil.rmtree(PAGES, ignore_errors=True)
    for pattern in SOURCES:
        for file in filter(Path.is_file, ROOT.glob(pattern)):
            copy = PAGES / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)


def fetched(site: Path) -> Iterator[str]:
    """What the pages of a site would load from the network, with the file."""
    for file in sorted(site.rglob("*")):
        if file.suffix in {".html", ".css", ".svg"}:
            for found in LOADED.findall(file.read_text("utf-8")):
                yield f"{file.relative_to(site)}: {found}"


def main() -> int:
    gather()
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean"]
    if code := subprocess.run(mkdocs, cwd=ROOT, check=False).returncode:
        return code
    found = list(fetched(SITE))
    print("\n".join(found) or f"{SITE.relative_to(ROOT)}/index.html: nothing is fetched")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
