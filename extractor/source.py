"""Source: the text as read, and what the outside knows about it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from extractor.errors import InputError

# Characters that look like a space or a hyphen but would defeat the rules. One for one, so that every
# offset into the cleaned text is an offset into the text as read.
_TWINS = str.maketrans(
    {
        **dict.fromkeys("\t\v\f\r\u00a0\u1680\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u2060", " "),
        **{chr(c): " " for c in range(0x2000, 0x200B)},
        "\u2010": "-",
        "\u2011": "-",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u0085": "\n",
    }
)
_TWIN = re.compile("[" + "".join(map(re.escape, map(chr, _TWINS))) + "]")  # most texts have none
# A line of at least 55 characters that goes on in lower case was wrapped by a mail program. The line end comes first
# in the expression: that is what is searched for, and only there is looked back.
_WRAP = re.compile(r"\n(?=[a-z])(?<=[^\n]{55}[^\n.:!?;]\n)")


def clean(text: str) -> str:
    """The text the rules read: same length, odd spaces and hyphens made plain, hard wraps joined.

    >>> clean("187\u00a0knives")
    '187 knives'
    """
    return _WRAP.sub(" ", text.translate(_TWINS) if _TWIN.search(text) else text)


def as_date(value: date | str | None) -> date | None:
    """Reads a publication date: a ``date``, a ``datetime``, or an ISO 8601 string (time of day ignored).

    Raises:
        InputError: The string does not start with YYYY-MM-DD.
    """
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(value[:10])
    except ValueError as error:
        raise InputError(f"published: {value!r} is not an ISO date (YYYY-MM-DD)", "bad-date") from error


@dataclass(frozen=True)
class Source:
    """A release as read, before any rule has looked at it.

    Attributes:
        text: The text; every offset of the output counts its Unicode code points.
        id: Name of the document within its collection, e.g. the path below the input folder.
        published: Calendar day of publication, where known from outside the text.
        title: Headline, where known from outside the text.
        url: Where the release was published.
        encoding: How the bytes were decoded.
    """

    text: str
    id: str | None = None
    published: date | None = None
    title: str | None = None
    url: str | None = None
    encoding: str = "utf-8"

    @cached_property
    def cleaned(self) -> str:
        """`text` cleaned one character for one, see `clean`."""
        return clean(self.text)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding; line ends stay as they are, a byte order mark goes.

    >>> decode(b"\\xef\\xbb\\xbf187 knives\\r\\n")
    ('187 knives\\r\\n', 'utf-8-sig')

    Raises:
        InputError: With the code ``binary``, ``not-utf8`` or ``empty``.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("UTF-16 text; save it as UTF-8", "not-utf8")
    if (at := data.find(b"\0")) >= 0:
        raise InputError(f"not a text: NUL byte at position {at:,}", "binary")
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{error.object[error.start]:02X} in line {line:,} is not UTF-8; save the file as UTF-8"
        raise InputError(message, "not-utf8") from error
    if not clean(text).strip():
        raise InputError("nothing but white space" if text else "no text at all", "empty")
    return text, encoding
