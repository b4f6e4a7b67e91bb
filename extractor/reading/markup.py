"""HTML: the main text of a page by trafilatura, in paragraphs, and what its metadata says. Never the network."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from extractor.errors import InputError
from extractor.reading.parsed import Parsed, guarded, one_line
from extractor.text.source import as_date, decode

if TYPE_CHECKING:
    from configparser import ConfigParser
    from datetime import date

    from extractor.reading.units import Settings

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']")
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_LOGGERS = ("trafilatura", "htmldate", "charset_normalizer")
_ENOUGH = "25"  # characters that are a text: releases of a sentence or two exist
_LATEST = "2999-12-31"  # a page may be of any day; the default would be the clock
_BLOCKS = frozenset(("head", "p", "item", "list", "quote", "table", "row", "code"))


def html(data: bytes, settings: Settings) -> Parsed:
    """A page: its main text, and title, day of publication and address from its metadata.

    Raises:
        InputError: With a code of `source.decode`, or ``no-main-text``, or ``broken``.
    """
    head = data[:4_096]
    declared = _CHARSET.search(head) or _XML.match(head)
    page, encoding = decode(data, settings.encoding, declared[1].decode("ascii", "replace") if declared else None)
    return parsed(page, encoding)


def parsed(page: str, encoding: str, format: str = "html") -> Parsed:
    """What there is to read in a page that has been decoded.

    Raises:
        InputError: With the code ``no-main-text`` or ``broken``.
    """
    with guarded("HTML", *_LOGGERS):
        return _parsed(page, encoding, format)


def _parsed(page: str, encoding: str, format: str) -> Parsed:
    import trafilatura

    tree = trafilatura.load_html(_DECLARATION.sub("", page, count=1))
    if tree is None:
        raise InputError("no HTML", "no-main-text")
    headings = {one_line("".join(heading.itertext())) for heading in tree.iter("h1")}
    found = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        config=_config(),
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": _LATEST},
    )
    if found is None or isinstance(found, dict):
        raise InputError("no main text in this page", "no-main-text")
    text = _text(found.body) or (found.text or "").strip()
    if not text:
        raise InputError("no main text in this page", "no-main-text")
    title = one_line(found.title)
    if title in headings and title and title.casefold() not in " ".join(text[: len(title) + 500].split()).casefold():
        text = f"{title}\n\n{text}"
    return Parsed(text, encoding, format, _day(found.date), title, one_line(found.url))


@cache
def _config() -> ConfigParser:
    from copy import deepcopy

    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = _ENOUGH
    return config


def _day(value: str | None) -> date | None:
    try:
        return as_date(value)
    except InputError:  # what is no day is none; trafilatura has judged it before
        return None


def _text(body: Any) -> str:
    """The text of trafilatura's tree: paragraphs with a blank line between, entries of a list and rows on a line."""
    from lxml import etree

    blocks = _Blocks()
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            blocks.begin(element)
        else:
            blocks.end(element, last=element is body)
    return blocks.text()


class _Blocks:
    def __init__(self) -> None:
        self._done: list[tuple[str, str]] = []
        self._parts: list[str] = []
        self._kind = ""
        self._row = False

    def begin(self, element: Any) -> None:
        tag = element.tag
        if tag == "lb":
            self._parts.append(" " if self._row else "\n")
        elif tag == "cell":
            self._parts.append("\t" if element.getprevious() is not None else "")
        elif tag in _BLOCKS and self._row:
            self._parts.append(" ")
        elif tag in _BLOCKS:
            self._flush()
            self._row = tag == "row"
            self._kind = tag
        self._parts.append(_flat(element.text))

    def end(self, element: Any, *, last: bool) -> None:
        if element.tag == "row":
            self._row = False
        if last or (element.tag in _BLOCKS and not self._row):
            self._flush()
        if not last:
            self._parts.append(_flat(element.tail))

    def _flush(self) -> None:
        cells = "".join(self._parts).strip("\n ")
        lines = [re.sub(" +", " ", line).strip(" ") for line in cells.split("\n")]
        text = "\n".join(line for line in lines if line.strip())
        if text:
            self._done.append((self._kind, f"• {text}" if self._kind == "item" else text))
            self._kind = ""  # of what follows in the same element only the first part has the mark
        self._parts.clear()

    def text(self) -> str:
        parts: list[str] = []
        before = ""
        for kind, text in self._done:
            together = kind == before and kind in ("item", "row")
            parts += ["\n" if together else "\n\n", text]
            before = kind
        return "".join(parts[1:])


def _flat(text: str | None) -> str:
    # The characters that HTML collapses; a no-break space is none of them.
    return re.sub("[ \t\n\r\f]+", " ", text) if text else ""
