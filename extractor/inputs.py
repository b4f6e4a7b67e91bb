"""What travels from a folder to a worker: documents as bytes, with what is known of them, before they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date

from extractor.errors import InputError
from extractor.files import content
from extractor.listing import Document
from extractor.metadata import NOTHING_KNOWN, Known, known_of


@dataclass(frozen=True)
class Settings:
    """How inputs are read; the same for all documents of a run.

    Attributes:
        published: Day of publication of the documents for which nothing better is known.
        encoding: The encoding of all text files, where it is not to be detected.
        text_column: Name of the column or key with the text, in tables and JSON.
        id_column: Name of the column or key with the document's name, where there is one.
        date_column: Name of the column or key with the day of publication, where there is one.
        max_bytes: A document of more bytes is not read.
    """

    published: date | None = None
    encoding: str | None = None
    text_column: str = "text"
    id_column: str = "id"
    date_column: str = "published"
    max_bytes: int = 20_000_000


@dataclass(frozen=True)
class Unit:
    """One document as it was found: a file, or a row of a table.

    Attributes:
        id: Name of the document in the output, unique within a run.
        suffix: Which reader takes it, in lower case: ``.txt``, ``.html``, …; a row's text is ``.txt``.
        data: The bytes of a file, the text of a row; None where it could not be had.
        known: What a table of metadata or the row itself says of it; it outranks what the document says.
        code: Short stable name of the reason why there is no data.
        message: The reason in words, with the row where it is one.
    """

    id: str
    suffix: str
    data: bytes | str | None
    known: Known = NOTHING_KNOWN
    code: str = ""
    message: str = ""

    def digest(self, settings: Settings) -> str:
        """sha256 over all that decides what is read: a document with the same digest gives the same Source."""
        data = self.data if isinstance(self.data, bytes) else (self.data or "").encode("utf-8", "surrogatepass")
        outside = repr((self.id, self.suffix, tuple(self.known), self.code, self.message, astuple(settings)))
        return hashlib.sha256(outside.encode("utf-8", "surrogatepass") + b"\0" + data).hexdigest()


def units(
    documents: Iterable[Document], settings: Settings, known: Mapping[str, Known] | None = None
) -> Iterator[Unit]:
    """The documents with their bytes, lazily and in order; one that cannot be had is a unit that says why.

    Args:
        documents: What `listing.find` has listed.
        settings: How inputs are read.
        known: What a table says of documents, by id; see `metadata.read_metadata`.
    """
    for document in documents:
        told = known_of(document.id, known or {})
        suffix = document.path.suffix.lower() or ".txt"
        try:
            yield Unit(document.id, suffix, content(document.path), told)
        except InputError as error:
            yield Unit(document.id, suffix, None, told, error.code, str(error))
