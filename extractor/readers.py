"""The formats a folder may hold: one function each, from bytes to a Source."""

from __future__ import annotations

from extractor.errors import InputError
from extractor.inputs import Settings, Unit
from extractor.source import Source, decode


def read(unit: Unit, settings: Settings) -> Source:
    """Reads one document.

    Raises:
        InputError: The unit has no data, or its data are no text; the code says why.
    """
    if unit.data is None:
        raise InputError(unit.message, unit.code)
    text, encoding = decode(unit.data) if isinstance(unit.data, bytes) else (unit.data, "utf-8")
    known = unit.known
    return Source(text, unit.id, known.published or settings.published, known.title, known.url, encoding)
