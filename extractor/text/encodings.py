"""Bytes to text: which encoding it is, or why it is none."""

from __future__ import annotations

import codecs
import re

from extractor.errors import InputError

# UTF-32 first: its mark begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The eight-bit encodings in which English has been written, the likeliest first. Latin-1 is read as cp1252, as every
# browser does: they differ in 0x80-0x9F only, where Latin-1 has nothing that is printed.
_EIGHT_BIT = ("cp1252", "mac_roman", "cp850")
_CURLY = re.compile(rb"[\x91-\x97]")  # cp1252: ‘ ’ “ ” • – —; letters that English does not use in the others
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 200_000  # bytes the detection looks at
_NAMES = {"iso8859-1": "cp1252", "ascii": "utf-8"}  # a page that says so means these
_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x1f\x8b": "gzip",
}


def known_encoding(name: str) -> str:
    """The name that Python has for an encoding of text.

    >>> known_encoding("Windows-1252")
    'cp1252'

    Raises:
        InputError: There is none of that name (code ``unknown-encoding``).
    """
    try:
        "".encode(name)  # refuses the codecs that are no encodings of text, such as base64
        return codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise InputError(f"{name!r} is not the name of a text encoding", "unknown-encoding") from error


def decoded(data: bytes, encoding: str | None = None, declared: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding; a byte order mark goes, everything else stays as it is.

    Args:
        data: The bytes.
        encoding: The encoding they have to be in; None to find it out.
        declared: What the document says of itself: believed if the bytes have no mark, are no UTF-8 and fit.

    Raises:
        InputError: With the code ``binary``, ``bad-encoding`` or ``unknown-encoding``.
    """
    if encoding is not None:
        return _forced(data, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, name), name
    if wide := _unmarked_utf16(data):
        return _strict(data, wide), wide
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(f"not a text: {what}", "binary")
    if (at := data.find(b"\0")) >= 0:
        raise InputError(f"not a text: NUL byte at position {at:,}", "binary")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        name = _eight_bit(data, declared)
        return _strict(data, name), name


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02X} in line {line:,} is not {encoding}"
        raise InputError(message, "bad-encoding") from error
    except UnicodeError as error:  # a few codecs raise the bare class
        raise InputError(f"not {encoding}: {error}", "bad-encoding") from error


def _forced(data: bytes, encoding: str) -> tuple[str, str]:
    name = known_encoding(encoding)
    if name == "utf-8" and data.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    text = _strict(data, name)
    if (at := text.find("\0")) >= 0:
        raise InputError(f"not a text in {name}: NUL at character {at:,}", "binary")
    return text.removeprefix("\ufeff") if name.startswith(("utf-16", "utf-32")) else text, name


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of an English text is zero, and only those."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or len(data) < 4 or not sample.count(0):
        return None
    half = len(sample) // 2
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    name = (
        "utf-16-le"
        if second >= 0.7 * half and not first
        else "utf-16-be"
        if first >= 0.7 * half and not second
        else None
    )
    if name is None:
        return None
    text = sample[: half * 2].decode(name, "replace")
    return name if not _CONTROL.search(text.encode("utf-8", "replace")) else None


def _eight_bit(data: bytes, declared: str | None) -> str:
    sample = data[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > len(sample) // 200:
        raise InputError("not a text: too many control characters, and not UTF-8", "binary")
    if declared and (name := _fitting(data, declared)):
        return name
    told = _CURLY.search(data) or len(_HIGH.findall(data[:_SAMPLE])) in (1, 2)  # of so few nothing can be told
    if told and _fitting(data, "cp1252"):
        return "cp1252"
    from charset_normalizer import from_bytes

    # The window that is looked at has to show the bytes in question, wherever in the file they stand.
    at = max(0, next(_HIGH.finditer(data)).start() - 1_000)
    chaos = {
        found.encoding: round(found.chaos, 2)
        for found in from_bytes(data[at : at + _SAMPLE], cp_isolation=list(_EIGHT_BIT))
        if _fitting(data, found.encoding)
    }
    if chaos:
        return next(name for name in _EIGHT_BIT if chaos.get(name) == min(chaos.values()))
    return "cp1252"


def _fitting(data: bytes, encoding: str) -> str | None:
    try:
        name = known_encoding(encoding)
        name = _NAMES.get(name, name)
        data.decode(name)
    except (InputError, UnicodeError):
        return None
    return name
