"""What travels from a folder to a worker: documents as bytes, with what is known of them, before they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from datetime import date

from extractor.errors import InputError
from extractor.reading.listing import Document
from extractor.reading.metadata import NOTHING_KNOWN, Known, known_of
from extractor.reading.rows import Columns, Row, rows
from extractor.text import suffixes
from extractor.text.files import STDIN, content
from extractor.text.source import Note


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
        country: ISO 3166-1 code of the country of the documents for which nothing better is known.
        publisher: The body that published those documents.
    """

    published: date | None = None
    encoding: str | None = None
    text_column: str = "text"
    id_column: str = "id"
    date_column: str = "published"
    max_bytes: int = 20_000_000
    country: str | None = None
    publisher: str | None = None

    @property
    def columns(self) -> Columns:
        """Which columns of a table hold what."""
        return Columns(self.text_column, self.id_column, self.date_column, self.max_bytes, self.encoding)


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
        encoding: How the text of a row was decoded.
        notes: What there is to know about it as a whole, for the warnings of its record.
    """

    id: str
    suffix: str
    data: bytes | str | None
    known: Known = NOTHING_KNOWN
    code: str = ""
    message: str = ""
    encoding: str = "utf-8"
    notes: tuple[Note, ...] = ()

    def digest(self, settings: Settings) -> str:
        """sha256 over all that decides what is read: a document with the same digest gives the same Source."""
        data = self.data if isinstance(self.data, bytes) else (self.data or "").encode("utf-8", "surrogatepass")
        kind = "none" if self.data is None else type(self.data).__name__
        outside = repr((
            self.id, self.suffix, kind, tuple(self.known), self.code, self.message, self.encoding, self.notes,
            astuple(settings),
        ))  # fmt: skip
        return hashlib.sha256(outside.encode("utf-8", "surrogatepass") + b"\0" + data).hexdigest()


def units(
    documents: Iterable[Document], settings: Settings, known: Mapping[str, Known] | None = None
) -> Iterator[Unit]:
    """The documents with their bytes, lazily and in order; one that cannot be had is a unit that says why.

    A file is one unit, a table one for each row, bad ones too; a table that cannot be read, or not to its end, is a
    unit of its own after the rows that could.

    Args:
        documents: What `listing.find` has listed.
        settings: How inputs are read.
        known: What a table says of documents, by id; see `metadata.read_metadata`.
    """
    documents = tuple(documents)
    names = _Names({document.id for document in documents})
    for document in documents:
        suffix = suffixes.suffix_of(document.path) if str(document.path) != STDIN else ""
        told = known_of(document.id, known or {})
        try:
            if document.code:
                raise InputError(document.message, document.code)
            if suffix in suffixes.ROWS:
                yield from _of_rows(document, settings, known or {}, names)
            else:
                yield Unit(document.id, suffix or ".txt", content(document.path, settings.max_bytes), told)
        except InputError as error:
            yield Unit(document.id, suffix or ".txt", None, told, error.code, str(error))


def _of_rows(document: Document, settings: Settings, known: Mapping[str, Known], names: _Names) -> Iterator[Unit]:
    for row in rows(document.path, settings.columns):
        id_, notes = names.take(document, row)
        yield unit_of(row, id_, document.id, known, notes)


def unit_of(row: Row, id_: str, file: str, known: Mapping[str, Known], notes: tuple[Note, ...] = ()) -> Unit:
    """The document of a row.

    Args:
        row: The row.
        id_: Name of the document.
        file: What messages call the table.
        known: What a table of metadata says of documents, by id; it outranks what the row says.
        notes: What there is to know about it as a whole.
    """
    if row.error:
        return Unit(id_, ".txt", None, NOTHING_KNOWN, row.error.code, f"{file}, {row.error}", notes=notes)
    told, own = known_of(row.id or id_, known), row.known
    merged = own._replace(**{name: value for name, value in told._asdict().items() if value})
    # What the table of metadata says makes up for what the row could not tell.
    own_notes = () if told.published else row.notes
    return Unit(id_, ".txt", row.text, merged, encoding=row.encoding, notes=(*notes, *own_notes))


def name_of(row: Row, file: str) -> str:
    """What a row is called if it can choose: by its own name, else by its place in the file."""
    # Half a character is nothing that a record can hold.
    own = row.id and row.id.encode("utf-8", "backslashreplace").decode("utf-8")
    return own or f"{file}#{row.number}"


@dataclass
class _Names:
    """The names that are taken in this run: what its files are called, and the rows so far."""

    taken: set[str] = field(default_factory=set)

    def take(self, document: Document, row: Row) -> tuple[str, tuple[Note, ...]]:
        """A name for a row that no other document has, and what to tell where it is not the row's own."""
        wanted = name = name_of(row, document.id)
        while name in self.taken:
            name += f"#{row.number}"
        self.taken.add(name)
        if not row.id or name == wanted:
            return name, ()
        message = f"{document.id}, row {row.number:,}: another document of this run is named {wanted!r} too"
        return name, (Note("id-twice", message),)
