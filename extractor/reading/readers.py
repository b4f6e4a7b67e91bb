"""The formats of a document: one function each, chosen by suffix, from bytes to a Source."""

from __future__ import annotations

from collections.abc import Callable

from extractor.errors import InputError
from extractor.reading import mail, markup, office, pdf, plain
from extractor.reading.parsed import ABOUT_THE_DAY, Parsed
from extractor.reading.units import Settings, Unit
from extractor.text import suffixes
from extractor.text.source import Source, not_empty

Reader = Callable[[bytes, Settings], Parsed]
READERS: dict[str, Reader] = {
    **dict.fromkeys(suffixes.TEXT, plain.text),
    **dict.fromkeys(suffixes.MARKDOWN, plain.markdown),
    **dict.fromkeys(suffixes.HTML, markup.html),
    **dict.fromkeys(suffixes.MAIL, mail.eml),
    **dict.fromkeys(suffixes.WORD, office.docx),
    **dict.fromkeys(suffixes.PDF, pdf.pdf),
}


def read(unit: Unit, settings: Settings) -> Source:
    """Reads one document; a suffix that no reader is for is read as text.

    Raises:
        InputError: The unit has no data, or its data cannot be read; the code says why.
    """
    if unit.data is None:
        raise InputError(unit.message, unit.code)
    if isinstance(unit.data, str):
        found = Parsed(not_empty(unit.data), unit.encoding)
    else:
        found = READERS.get(unit.suffix, plain.text)(unit.data, settings)
    known = unit.known
    notes = [note for note in found.notes if not (known.published and note.code in ABOUT_THE_DAY)]
    return Source(
        found.text,
        unit.id,
        known.published or found.published or settings.published,
        known.title or found.title,
        known.url or found.url,
        found.encoding,
        found.derived_from,
        (*unit.notes, *notes),
        known.country or settings.country,
        known.publisher or settings.publisher,
        "metadata" if known.published else "page" if found.published else "given",
    )
