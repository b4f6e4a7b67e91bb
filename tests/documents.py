"""Documents of every format, made in the test: what a reader is given."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pypdf
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from extractor.reading.listing import Document
from extractor.reading.readers import read
from extractor.reading.units import Settings, Unit, units
from extractor.text.suffixes import suffix_of

SETTINGS = Settings()


def put(path: Path, data: bytes = b"Two knives were found.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def units_of(path, settings=SETTINGS, known=None):
    return list(units([Document(path, path.name)], settings, known))


def read_bytes(data: bytes, suffix: str, settings=SETTINGS):
    return read(Unit(f"a{suffix}", suffix, data), settings)


def read_file(path, settings=SETTINGS):
    (unit,) = units_of(path, settings)
    assert unit.suffix == suffix_of(path)
    return read(unit, settings)


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def mail(**headers) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "press@example.org"
    for name, value in headers.items():
        message[name] = value
    return message


def word(build) -> bytes:
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(*pages: list[str], password: str | None = None, **properties) -> bytes:
    """A PDF with a line of text below the other on each page."""
    writer = pypdf.PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    names = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
    for lines in pages:
        sheet = writer.add_blank_page(width=595, height=842)
        sheet[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): names})}
        )
        shown = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines]
        stream = DecodedStreamObject()
        text = "BT /F1 11 Tf 14 TL 50 800 Td " + " ".join(f"({line}) Tj T*" for line in shown) + " ET"
        stream.set_data(text.encode("cp1252"))
        sheet[NameObject("/Contents")] = writer._add_object(stream)
    if properties:
        writer.add_metadata({f"/{name}": value for name, value in properties.items()})
    if password is not None:
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb(size: int) -> bytes:
    """A Word document that unpacks to so many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * size)
    return out.getvalue()
