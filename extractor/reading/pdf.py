"""PDF: the text of the pages in paragraphs. A PDF has lines at places; paragraphs are read from their lengths."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from extractor.errors import InputError
from extractor.reading.office import CREATED
from extractor.reading.parsed import Parsed, guarded, missing, one_line
from extractor.text.source import Note

if TYPE_CHECKING:
    from datetime import date

    from extractor.reading.units import Settings

_LONGEST = 1_000_000  # characters; the pipeline takes no longer text either
_PAGES = 2_000
_BULLET = re.compile(r"[•·▪●‣◦○►➢✓]|[-–—*]\s|\(?[a-z0-9]{1,2}[.)]\s")
_END = re.compile(r"[.!?:;…]['\"”’)\]]*$")


def pdf(data: bytes, settings: Settings) -> Parsed:
    """A PDF: its text, and title and day from its properties.

    Raises:
        InputError: With the code ``missing-extra``, ``encrypted``, ``no-text``, ``too-large`` or ``broken``.
    """
    try:
        import pypdf
    except ImportError as error:
        raise missing("pdf", "PDF") from error

    with guarded("a PDF", "pypdf"):
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            _unlock(reader)
        pages = _pages(reader)
        title, day = _properties(reader)
    text = "\n\n".join(page for page in pages if page)
    if not text:
        raise InputError(f"no text in {len(pages)} pages; are they scanned pictures?", "no-text")
    text = text.encode("utf-8", "replace").decode("utf-8")  # glyphs may be mapped to half a character
    bare = [number for number, page in enumerate(pages, 1) if not page]
    notes = [Note("pages-without-text", f"no text on page {', '.join(map(str, bare[:10]))}")] if bare else []
    return Parsed(text, "pdf", "pdf", day, title, notes=(*notes, *([CREATED] if day else [])))


def _unlock(reader: Any) -> None:
    from pypdf.errors import DependencyError

    try:
        # Many are locked against changes only, with no password for reading.
        if reader.decrypt(""):
            return
    except DependencyError:
        pass
    raise InputError("the document is locked with a password", "encrypted")


def _pages(reader: Any) -> list[str]:
    pages: list[str] = []
    length = 0
    for page in reader.pages:
        pages.append(paragraphs(page.extract_text().split("\n")))
        length += len(pages[-1])
        if length > _LONGEST or len(pages) > _PAGES:
            raise InputError(f"more than {_LONGEST:,} characters or {_PAGES:,} pages", "too-large")
    return pages


def _properties(reader: Any) -> tuple[str | None, date | None]:
    found = reader.metadata
    if found is None:
        return None, None
    title = found.title if isinstance(found.title, str) else None
    try:
        created = found.creation_date
    except ValueError:  # a date in a form of its own
        created = None
    return one_line(title and title.encode("utf-8", "replace").decode("utf-8")), created.date() if created else None


def paragraphs(lines: Iterable[str]) -> str:
    """Lines as they stand on a page, joined to paragraphs with a blank line between.

    A paragraph ends at an empty line, before a bullet, after a line that is clearly shorter than the others, and after
    a shorter one that ends a sentence. A hyphen at the end of a line stays: nobody can tell whose it is.

    >>> paragraphs(["Officers seized 187 knives from a house in the", "town.", "Two men were charged."])
    'Officers seized 187 knives from a house in the town.\\n\\nTwo men were charged.'
    """
    stripped = [" ".join(line.split()) for line in lines]
    lengths = sorted(len(line) for line in stripped if line)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    found: list[str] = []
    open_ = False
    for line in stripped:
        if line and open_ and not _BULLET.match(line):
            found[-1] += line if found[-1].endswith(("-", "\u00ad")) else f" {line}"
        elif line:
            found.append(line)
        open_ = bool(line) and len(line) >= (0.85 if _END.search(line) else 0.6) * width
    return "\n\n".join(found)
