"""One HTML page with everything that was found, beside what was expected: no server, no network, works from disk.

The page holds its data as JSON and draws one release at a time, text only ever as text. Its policy lets nothing in from
outside and lets no script run but its own, so that markup in a release is inert.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from extractor.judging.compare import KINDS, Pair, compare, label_of, spans_of
from extractor.judging.safe import plain
from extractor.models import Model, Release

_PLACE = {"start", "end", "text", "mentions", "spans", "id"}
_LAYOUT = ("segments", "numerals")  # what every text has much of: shown where it differs
_LINKS = {link for kind in KINDS for link in kind.links}


@dataclass(frozen=True)
class Shown:
    """A release to show.

    Attributes:
        name: The document's name.
        text: Its text.
        record: What was found.
        expected: What should have been.
    """

    name: str
    text: str
    record: Release
    expected: Release | None = None


def page(releases: Iterable[Shown], title: str = "Extracted records") -> str:
    """The page as HTML."""
    template = (files("extractor") / "data" / "report.html").read_text("utf-8")
    data = json.dumps({"documents": [_visible(_document(shown)) for shown in releases]}, separators=(",", ":"))
    # All but ASCII is escaped by json; these three so that nothing in the data can end the element that holds it.
    data = data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    script = re.search(r"<script>(.*?)</script>", template, re.S)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    parts = {"TITLE": html.escape(title), "SCRIPT": f"sha256-{digest}", "DATA": data}
    return re.sub(r"\{\{(\w+)\}\}", lambda hit: parts[hit[1]], template)


def _visible(value: Any) -> Any:
    """The same with control characters as pictures, one for one: what turns the writing round would turn the page's."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _visible(part) for key, part in value.items()}
    return [_visible(part) for part in value] if isinstance(value, (list, tuple)) else value


def _document(shown: Shown) -> dict[str, Any]:
    if shown.expected is None:
        pairs = [Pair(kind.name, row, None) for kind in KINDS for row in getattr(shown.record, kind.name)]
        pairs = [pair for pair in pairs if pair.kind not in _LAYOUT]
    else:
        pairs = [pair for pair in compare(shown.record, shown.expected).pairs if _worth_showing(pair)]
    entries = [_entry(pair, shown) for pair in sorted(pairs, key=_in_text_order)]
    return {"name": shown.name, "text": shown.text, "gold": shown.expected is not None, "entries": entries}


def _in_text_order(pair: Pair) -> tuple[bool, int, int]:
    spans = spans_of(pair.entry)
    return (False, spans[0][0], -spans[0][1]) if spans else (True, 0, 0)


def _worth_showing(pair: Pair) -> bool:
    return pair.kind not in (*_LAYOUT, "source", "provenance") or pair.what != "same"


def _entry(pair: Pair, shown: Shown) -> dict[str, Any]:
    differences = [
        {"field": d.field or d.what, "old": _value(d.old), "new": _value(d.new)}
        for d in pair.differences
        if d.what in ("changed", "moved")
    ]
    return {
        "kind": pair.kind,
        "what": pair.what if shown.expected else "",
        "label": label_of(pair.entry),
        "new": pair.new and _side(pair.new, shown.record),
        "old": pair.old and shown.expected and _side(pair.old, shown.expected),
        "differences": differences,
    }


def _side(row: Model, release: Release) -> dict[str, Any]:
    return {"spans": spans_of(row), "values": dict(_values(row, _labels(release)))}


def _labels(release: Release) -> Mapping[str, str]:
    rows = [row for kind in KINDS for row in getattr(release, kind.name)]
    return {row.id: label_of(row) for row in rows if hasattr(row, "id")}


def _values(row: Model, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in row.model_dump(mode="json").items():
        if name in _PLACE or value in (None, [], ""):
            continue
        if name in _LINKS:
            links = value if isinstance(value, list) else [value]
            yield name, ", ".join(_link(link, labels) for link in links)
        else:
            yield name, _value(value)


def _link(link: str | Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Return what a link leads to, and via what it is known unless that is the sentence."""
    id_, via = (link, "sentence") if isinstance(link, str) else (link["id"], link["via"])
    return f"{labels[id_]} ({id_}{'' if via == 'sentence' else f', by the {via}'})"


def _value(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, Mapping):
        spans = value.get("spans") or ([(value["start"], value["end"])] if "start" in value else [])
        places = ", ".join(f"{start}–{end}" for start, end in spans)
        return f"“{value.get('text', '')}”{f' at {places}' if places else ''}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_value, value))
    return str(value)
