"""Plain text and Markdown.

Markdown is read line by line with the marks taken off, not parsed: in releases that were saved as .md without being
written as such, every line end, list mark and indent has to stay what it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from extractor.errors import InputError
from extractor.reading.parsed import Parsed, one_line
from extractor.text.source import Note, day_told, decode, not_empty

if TYPE_CHECKING:
    from extractor.reading.units import Settings

_FRONT = re.compile(
    r"---[ \t]*\r?\n(.{0,65536}?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.DOTALL | re.MULTILINE
)
# In this order: what is in a link may be strong.
_LINK = re.compile(r"!?\[([^\[\]\n]{0,1000})\]\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000})(?:[ \t]+\"[^\"\n]{0,500}\")?\)")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_QUOTED = re.compile(r"^ {0,3}>[ \t]?", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_\n]{1,2000}?)(?<=[^\s*_])\1(?![\w*])")
_NESTED = 200
_NULL = ("", "~", "null", "Null", "NULL")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|$-])")


def text(data: bytes, settings: Settings) -> Parsed:
    """A text file: its bytes decoded, nothing else.

    Raises:
        InputError: With a code of `source.decode`.
    """
    found, encoding = decode(data, settings.encoding)
    return Parsed(found, encoding)


def markdown(data: bytes, settings: Settings) -> Parsed:
    """A Markdown file: the text below the front matter, without marks; the front matter gives title, day and url.

    Raises:
        InputError: With a code of `source.decode`.
    """
    found, encoding = decode(data, settings.encoding)
    front = _FRONT.match(found)
    fields, notes = _fields(front.group(1)) if front else ({}, ())
    if front and fields is not None:
        found = found[front.end() :]
    body = not_empty(without_marks(found))
    try:
        published, more = day_told(_scalar(fields, "published") or _scalar(fields, "date"))
    except InputError as error:
        published, more = None, (Note(error.code, f"front matter: {error}"),)
    title, url = one_line(_scalar(fields, "title")), one_line(_scalar(fields, "url"))
    return Parsed(body, encoding, "markdown", published, title, url, (*notes, *more))


def _fields(front: str) -> tuple[dict[str, Any] | None, tuple[Note, ...]]:
    """What the front matter says; None if it is none but a text between two lines of dashes."""
    import yaml

    if front.count("[") + front.count("{") > _NESTED:  # its parser goes into itself for each, slowly
        return {}, (Note("front-matter", "the front matter holds too much and was not read"),)
    try:
        # All values as strings: no tags are followed, no numbers, dates or objects made.
        found = yaml.load(front, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        where = " ".join(str(error).split())[:200]
        return {}, (Note("front-matter", f"the front matter is not YAML and was not read: {where}"),)
    return (found if isinstance(found, dict) else {} if not front.strip() else None), ()


def _scalar(fields: dict[str, Any] | None, key: str) -> str | None:
    value = (fields or {}).get(key)
    return value if isinstance(value, str) and value not in _NULL else None


def without_marks(text: str) -> str:
    r"""Markdown without its marks; the marks of lists stay, as the layout is read from them.

    >>> without_marks("## Arrests\n* **187 knives** [seized](https://example.org/a) on *Friday*")
    'Arrests\n* 187 knives seized on Friday'
    """
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", text))
    text = _QUOTED.sub("", _HEADING.sub(r"\1", text))
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text)))
