"""Word documents (.docx): every paragraph, list entry and table row, inserted text and text boxes included."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from extractor.errors import InputError
from extractor.reading.parsed import Parsed, guarded, missing, one_line
from extractor.text.source import Note, not_empty

if TYPE_CHECKING:
    from datetime import date

    from extractor.reading.units import Settings

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LARGEST = 200_000_000  # bytes of all parts
_RATIO = 50  # times the file, where that is worth a thought
_SMALL = 10_000_000
_KEPT = timedelta(days=31)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = (f"{_W}del", f"{_W}moveFrom", _FALLBACK)  # deleted text, and what a reader shows that knows no text boxes
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
CREATED = Note("published-from-file", "no day of publication is known but the day on which the file was made")


def docx(data: bytes, settings: Settings) -> Parsed:
    """A Word document: its text, and title and day from its properties.

    Raises:
        InputError: With the code ``missing-extra``, ``encrypted``, ``too-large``, ``broken`` or ``empty``.
    """
    try:
        from docx import Document
    except ImportError as error:
        raise missing("docx", "Word") from error

    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise InputError("the document is locked with a password", "encrypted")
        raise InputError("an old Word file (.doc); save it as .docx", "broken")
    with guarded("a Word document", "docx"):
        _check_size(data)
        document = Document(io.BytesIO(data))
        lines = list(_lines(document))
        title = one_line(document.core_properties.title)
        created = _made(document.core_properties)
    text = not_empty(_joined(lines))
    return Parsed(text, "docx", "docx", created, title, notes=(CREATED,) if created else ())


def _made(properties: Any) -> date | None:
    """The day on which the file was made, unless it was kept for long: releases are written over older ones."""
    created, modified = properties.created, properties.modified
    if created is None or modified is None or abs(modified - created) > _KEPT:
        return None
    return cast("date", created.date())


def _check_size(data: bytes) -> None:
    # What is declared is what counts: zipfile reads no more of a part than that.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > _LARGEST or (size > _SMALL and size > _RATIO * len(data)):
        raise InputError(f"{len(data):,} bytes that unpack to {size:,}", "too-large")


def _lines(document: Any) -> Iterator[tuple[str, str]]:
    """The kind of each paragraph, entry and row, and its text."""
    listed = {
        style.style_id for style in document.styles if (style.name or "").lower().startswith("list") and style.style_id
    }
    tables: list[Any] = []
    for element in document.element.body.iter(f"{_W}p", f"{_W}tbl"):
        if any(above.tag == f"{_W}tbl" for above in element.iterancestors()):
            continue  # told with its table
        if element.tag == f"{_W}tbl":
            tables.append(element)
            for row in element.iter(f"{_W}tr"):
                cells = [" ".join(" ".join(_text(p) for p in cell.iter(f"{_W}p")).split()) for cell in _cells(row)]
                yield "row", "\t".join(cells)
        elif not _gone(element):
            yield ("item" if _is_item(element, listed) else "paragraph"), _text(element)


def _cells(row: Any) -> Iterator[Any]:
    # A cell may stand inside a content control; the cells of a table in a cell belong to rows of their own.
    return (cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row)


def _is_item(paragraph: Any, listed: set[str]) -> bool:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return False
    style = properties.find(f"{_W}pStyle")
    return properties.find(f"{_W}numPr") is not None or (style is not None and style.get(f"{_W}val") in listed)


def _gone(element: Any) -> bool:
    return any(above.tag in _GONE for above in element.iterancestors())


def _text(paragraph: Any) -> str:
    parts = []
    for element in paragraph.iter(f"{_W}t", *_MARKS):
        if next(element.iterancestors(f"{_W}p")) is not paragraph or _gone(element):
            continue  # of a paragraph in a text box, which is told by itself
        if element.tag != f"{_W}tab" or element.getparent().tag == f"{_W}r":  # else a tab stop of the layout
            parts.append(_MARKS.get(element.tag) or element.text or "")
    return "".join(parts).strip()


def _joined(lines: list[tuple[str, str]]) -> str:
    parts: list[str] = []
    before = ""
    for kind, text in lines:
        if not text.strip():
            continue
        together = kind == before and kind in ("item", "row")
        parts += ["\n" if together else "\n\n", f"• {text}" if kind == "item" else text]
        before = kind
    return "".join(parts[1:])
