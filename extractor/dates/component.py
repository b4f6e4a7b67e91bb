"""Dates: finds temporal expressions, and resolves them against the text's own dates and the day of publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from extractor import spans
from extractor.dates import edtf, forms
from extractor.dates.forms import Node
from extractor.dates.meanings import MEANINGS
from extractor.dates.reader import Reader
from extractor.models import Anchor, Date, ReleaseWarning
from extractor.text.country import current
from extractor.text.source import Source

_FAR = 366 * 2  # days after publication from which on a date looks odd
_DATELINE = re.compile(
    r"^[\W_]{0,3}(?:(?:pub\w{3,6}ed|posted|date|updated|issued|released)\b[^\n]{0,30}|\d\d:\d\d )", re.I | re.M
)


@Language.component("extractor_dates")
def component(doc: Doc) -> Doc:
    """Writes ``doc.spans["dates"]``: label = row of data/dates.toml.

    In its ``attrs``: ``parses``, what each was made of, and ``published``, the day that a dateline states.
    """
    nodes = forms.parse(spans.text_of(doc))
    kept = spans.write(doc, "dates", [spans.Match(node.start, node.end, node.row) for node in nodes])
    if len(kept) < len(nodes):
        places = {(m.start, m.end) for m in kept}
        nodes = [node for node in nodes if (node.start, node.end) in places]
    stated = _dateline(nodes, spans.lowered(spans.text_of(doc)))
    doc.spans["dates"].attrs.update(parses=nodes, published=stated.isoformat() if stated else None)
    return doc


def published_in(doc: Doc) -> date | None:
    """The day of publication that a header or dateline of the text itself states; None where there is none."""
    stated = doc.spans["dates"].attrs["published"] if "dates" in doc.spans else None
    return date.fromisoformat(stated) if stated else None


def resolve(doc: Doc, source: Source) -> tuple[list[Date], list[ReleaseWarning]]:
    """The dates in text order with their values, and what looks wrong about them."""
    if "dates" not in doc.spans:
        return [], []
    nodes = _nodes(doc)
    text, known = spans.lowered(spans.text_of(doc)), forms.grammar()
    stated = None if source.published else published_in(doc)
    reader = Reader(text, known, MEANINGS, source.published or stated)
    home = current(source.text)
    reader.month_first = home is not None and home.month_first
    if reader.published is None:
        reader.year = _first_year(nodes, text)
    dates: list[Date] = []
    warnings: list[ReleaseWarning] = []
    for number, node in enumerate(nodes):
        if _is_dateline(text, node):
            reader.value(node)
            reader.days.clear()
            continue
        reader.used, reader.mismatch = set(), ""
        _look_ahead(reader, nodes, number)
        value = reader.value(node)
        if value:
            reader.tell(node, value)
        kind = known.forms[node.row].type
        assert kind is not None
        days = edtf.bounds(value)
        dates.append(
            Date(
                id=f"d{len(dates) + 1}",
                start=node.start,
                end=node.end,
                text=source.text[node.start : node.end],
                rule=node.row,
                type=kind,
                value=value,
                earliest=days[0].isoformat() if days else None,
                latest=days[1].isoformat() if days else None,
                anchor=_anchor(reader.used, value, bool(days), stated is not None),
            )
        )
        warnings += _warnings(dates[-1], reader.mismatch, days, reader.published)
    return dates, warnings


def _nodes(doc: Doc) -> list[Node]:
    return [_node(raw) for raw in doc.spans["dates"].attrs["parses"]]


def _node(raw: Sequence[Any]) -> Node:
    """A node as it comes back from a Doc that was stored: lists in place of tuples."""
    if isinstance(raw, Node):
        return raw
    kind, start, end, row, parts = raw
    return Node(kind, start, end, row, tuple(_node(part) for part in parts))


def _look_ahead(reader: Reader, nodes: list[Node], number: int) -> None:
    """A time whose day comes later in its own sentence takes that day, not the one before."""
    node = nodes[number]
    if node.kind not in ("<clock_time>", "<clock_range>", "<part_alone>"):
        return
    for other in nodes[number + 1 : number + 3]:
        between = reader.text[node.end : other.start]
        if "\n" in between or ". " in between or len(between) > 120:
            return
        if other.kind in ("<day>", "<day_relative>", "<day_weekday>", "<part_day>"):
            value = reader.value(other)
            reader.day = value[:10] if value else reader.day
            return


def _dateline(nodes: list[Node], text: str) -> date | None:
    """The day of publication that a header line of the text states."""
    for node in nodes:
        line = text.rfind("\n", 0, node.start) + 1
        words = {word for part in node.parts for word in [part.kind, *[p.kind for p in part.parts]]}
        if not words & {"<year4>", "<dmy>", "<iso>"}:
            continue
        end = text.find("\n", node.end)
        rest = text[node.end : end if end >= 0 else len(text)]
        if len(rest) < 20 and (_DATELINE.match(text, line) or (node.start == line and node.start < 400)):
            value = Reader(text, forms.grammar(), MEANINGS, None).value(node)
            days = edtf.bounds(value)
            if days and days[0] == days[1]:
                return days[0]
    return None


_LABELS = (
    r"(?:(?:last )?(?:pub\w{3,6}ed|posted|updated|issued|released|date|release date|media release|news release|"
    r"press release|"
    r"for immediate release|by [\w .]{2,30}|created|added)(?: on| at| by)?[ :|–-]*)*"
)
_LINE_BEFORE = re.compile(
    rf"[\W_]{{0,4}}(?:{_LABELS})(?:[a-z .’']{{2,24}},? (?:[a-z]{{2}}|[a-z]{{3,10}}\.?)?[,:–—-] ?)?"
)
_LINE_BEHIND = re.compile(
    rf"[\s|,.–—-]*(?:at )?(?:\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?)?[\s|,.–—-]*(?:{_LABELS})[\s|"
    rf"]*(?:gmt|bst|utc|[ecmp][sd]t)?\W*"
)
_TOP = 600  # characters from the start in which a bare date is the release's own


def _is_dateline(text: str, node: Node) -> bool:
    """Whether a date is the release's own: its line holds nothing else but labels, a place and a clock time."""
    begin = text.rfind("\n", 0, node.start) + 1
    stop = text.find("\n", node.end)
    stop = len(text) if stop < 0 else stop
    before, behind = text[begin : node.start], text[node.end : stop]
    labelled = bool(re.search(r"pub\w{3,6}ed|posted|updated|issued|released|release", before + behind))
    if begin > _TOP and not labelled:
        return False
    return bool(_LINE_BEFORE.fullmatch(before)) and bool(_LINE_BEHIND.fullmatch(behind))


def _first_year(nodes: list[Node], text: str) -> int | None:
    """The year of the first day that the text tells with its year."""
    for node in nodes:
        if node.row == "day-month":
            year = next((part for part in node.parts if part.kind == "<year4>"), None)
            found = int(text[year.start : year.end]) if year else None
        else:
            found = _first_year(list(node.parts), text)
        if found:
            return found
    return None


def _anchor(used: set[str], value: str | None, whole: bool, stated: bool) -> Anchor | None:
    if not whole or value is None:
        return None
    if "published" in used:
        return "text" if stated else "published"
    return "context" if "context" in used else "text"


def _warnings(
    found: Date, mismatch: str, days: tuple[date, date] | None, published: date | None
) -> list[ReleaseWarning]:
    warnings = []
    if mismatch:
        message = f"{found.text!r} contradicts itself: {found.value} is another day of the week or not that day"
        warnings.append(ReleaseWarning(code=mismatch, message=message, start=found.start, end=found.end))
    if days and published and (days[0] - published).days > _FAR:
        message = f"{found.text!r} lies more than two years after publication ({published})"
        warnings.append(ReleaseWarning(code="far-from-publication", message=message, start=found.start, end=found.end))
    return warnings
