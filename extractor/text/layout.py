"""Where a position of the text stands: its sentence, and the lead-ins of the list it belongs to."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from spacy.tokens import Doc

from extractor import spans
from extractor.text.segments import sentences

Stretch = tuple[int, int]

_SHORT = 90  # a line of a flattened table or an unmarked list item is shorter than this


class Line(NamedTuple):
    """A segment with its sentences and, for an entry of a list, the lead-ins above it, the nearest first."""

    start: int
    end: int
    kind: str
    sentences: tuple[Stretch, ...]
    leads: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The lines of a text in order."""

    lines: tuple[Line, ...]
    starts: tuple[int, ...] = field(repr=False)

    def line_at(self, position: int) -> Line | None:
        """The segment that holds the position."""
        index = bisect_right(self.starts, position) - 1
        return self.lines[index] if index >= 0 and position < self.lines[index].end else None

    def sentence_at(self, position: int) -> Stretch | None:
        """The sentence that holds the position."""
        line = self.line_at(position)
        if line is None:
            return None
        index = bisect_right(line.sentences, (position, line.end + 1)) - 1
        inside = index >= 0 and position < line.sentences[index][1]
        return line.sentences[index] if inside else (line.start, line.end)


def layout_of(doc: Doc) -> Layout:
    """Reads the layout off the segments of a Doc.

    A paragraph or heading that ends in a colon leads in the list items and short lines below it. A lead-in inside a
    list ("fines issued:") is nested in the one above.
    """
    return _layout(spans.text_of(doc), tuple(spans.read(doc, "segments")))


@lru_cache(maxsize=1)
def _layout(text: str, segments: tuple[spans.Match, ...]) -> Layout:
    """The last one is kept: two components and the resolvers read it."""
    lines: list[Line] = []
    leads: list[Stretch] = []
    goes_on = False  # the entry above ends in a semicolon or a comma
    for match in segments:
        if match.rule == "boilerplate":
            continue
        body = text[match.start : match.end]
        parts = tuple(sentences(text, match.start, match.end))
        entry = match.rule == "list_item" or (bool(leads) and (_is_entry(body) or (goes_on and len(body) <= _SHORT)))
        goes_on = entry and body.endswith((";", ",", "; and"))
        if not entry:
            leads = []
        lines.append(Line(match.start, match.end, match.rule, parts, tuple(leads)))
        if body.rstrip(" -–—").endswith(":") and parts:
            # Two lead-ins of the same rank follow each other; only a short one below a long one is nested.
            leads = [parts[-1], *([leads[-1]] if leads and entry else [])]
    return Layout(tuple(lines), tuple(line.start for line in lines))


def _is_entry(body: str) -> bool:
    return len(body) <= _SHORT and not body.endswith((".", "!", "?", "”", '"'))
