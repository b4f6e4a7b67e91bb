"""Source: the text as read, and what the outside knows about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal, NamedTuple

from extractor.errors import InputError
from extractor.text.encodings import decoded

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


class Note(NamedTuple):
    """Something to know about a document as a whole: becomes a warning of its record, over all of its text."""

    code: str
    message: str


_LESS = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")


def day_told(value: date | str | None) -> tuple[date | None, tuple[Note, ...]]:
    """A publication date as a document tells it, and what there is to note: a month or a year is no day.

    >>> day_told("2020-09")[1][0].code
    'no-day'

    Raises:
        InputError: It is no date at all (code ``bad-date``).
    """
    if isinstance(value, str) and _LESS.fullmatch(value):
        return None, (Note("no-day", f"published: {value} is no day, so nothing is dated by it"),)
    return as_date(value), ()


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
        derived_from: The format of the file that the text was derived from; None where it is the text as given.
        notes: What the reader of the file had to leave out or could not tell.
        country: ISO 3166-1 code of the country of the release, where known from outside the text.
        publisher: Name of the body that published the release, where known from outside the text.
        published_from: Where `published` comes from: given for the call or run, the metadata of the collection, or the
            page or file itself.
    """

    text: str
    id: str | None = None
    published: date | None = None
    title: str | None = None
    url: str | None = None
    encoding: str = "utf-8"
    derived_from: str | None = None
    notes: tuple[Note, ...] = ()
    country: str | None = None
    publisher: str | None = None
    published_from: Literal["given", "metadata", "page"] = "given"

    def __post_init__(self) -> None:
        if not isinstance(self.published, date):  # a string, as `extract` takes it
            object.__setattr__(self, "published", as_date(self.published))

    @cached_property
    def cleaned(self) -> str:
        """`text` cleaned one character for one, see `clean`."""
        return clean(self.text)


def decode(data: bytes, encoding: str | None = None, declared: str | None = None) -> tuple[str, str]:
    """The text of a file and the name of its encoding; line ends stay as they are, a byte order mark goes.

    >>> decode(b"\\xef\\xbb\\xbf187 knives\\r\\n")
    ('187 knives\\r\\n', 'utf-8-sig')
    >>> decode(b"It\\x92s 187 knives")
    ('It’s 187 knives', 'cp1252')

    Args:
        data: The bytes.
        encoding: The encoding they have to be in; None to find it out.
        declared: What the document says of itself, believed where nothing in the bytes says otherwise.

    Raises:
        InputError: With the code ``binary``, ``bad-encoding``, ``unknown-encoding`` or ``empty``.
    """
    text, name = decoded(data, encoding, declared)
    return not_empty(text), name


def not_empty(text: str) -> str:
    """The text, if there is anything in it to read.

    Raises:
        InputError: With the code ``empty``.
    """
    if not clean(text).strip():
        raise InputError("nothing but white space" if text else "no text at all", "empty")
    return text
