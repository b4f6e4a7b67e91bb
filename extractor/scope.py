"""What a figure is about: the date, the place and the organisations that the text puts it under."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from extractor.layout import Layout, Stretch
from extractor.models import Count, Date, Extent, Mention, Operation, Organisation, Quote

_NAME = r"[A-Z][\w'’-]*\w(?:[ -](?:(?:of|and|the|upon|on|under|by|le|in|&) (?:the )?)?[A-Z][\w'’-]*\w)*"
_KIND = r"(?: (?:(?:city|town) centre|(?:railway|train|bus|police|fire) station|high street|region)\b)?"
_REGION = r"the (?:country|county|UK|force area|region|city centre|city|town centre|town|capital|borough)\b"
_PLACE = re.compile(
    rf"\b(?i:in|across|at|around|throughout|within|off the streets of|on the streets of) "
    r"(?:the (?:streets|area|county|city|town|borough|district|region|village) of )?"
    rf"(?P<place>(?:the )?{_NAME}{_KIND}|{_REGION})",
)
_OPENING = re.compile(
    r"\W*(?:(?:Police officers|Police|Officers|Detectives|Patrols)\s+(?=\w))?"
    r"(?i:(?:(?:On|In|At|During|Since|Between|From|Over|By|Across|Throughout)\b)?\W*){2}"
)
_CLAUSE = re.compile(r"[;:–—,]| (?:and|but|while|whilst|where|after|before|with) ")
_OWN_VERB = re.compile(r"\band (?:was|were|is|are|will|has|have|had)\b")
_HEARING = re.compile(r"\b(?:court|appear|hearing|trial|bail|bailed|due|remanded)\b", re.I)
_COMPARED = re.compile(r"\b(?:compared|than|up from|down from|increase|decrease|previous|same period)\b", re.I)
_BY = re.compile(r"\bby (?:the |officers (?:from|of|at) (?:the )?)?$")
_AGENT = re.compile(r"\bby(?: the)? $")
_LEGAL = {"charged", "convicted", "sentenced", "cautioned"}
_CREDITED = {"police_force", "police_unit", "emergency_service", "government", "charity", "military", "council"}
_JOINED = re.compile(r"(?:,| and) ?(?:\w+ ){0,2}$")
_CLAUSE_END = re.compile(r"[;:–—.]| (?:but|while|whilst|where|after|before) ")
_FOUND_OUT = re.compile(r"\b(?:found|heard|told|believes?|believed)\b[^.]{0,12}\bthat\b")
_NOT_POLICE = {"injured", "killed", "stolen"}  # what befell people was not done by the body named
_CLAUSE_COST, _OPENING_COST = 40, 60
_LEGAL_REACH = 50  # characters between people charged and the date of the charge
_REACH = 600  # in a sentence without end only so many characters around the figure are looked at


def link(
    counts: Sequence[Count],
    text: str,
    layout: Layout,
    *,
    dates: Sequence[Date],
    organisations: Sequence[Organisation],
    operations: Sequence[Operation],
    quotes: Sequence[Quote],
) -> list[Count]:
    """The counts with `when`, `where` and `organisations` filled in where the text states them.

    A figure's own sentence decides, within the quotation if it stands in one; what that leaves open is taken from the
    lead-ins of its list. Nothing is taken from other sentences.
    """
    if not counts:
        return []
    dated = _Sorted([d for d in dates if d.type in {"DATE", "TIME"} and d.value is not None], _extent)
    bodies = _Sorted(
        [(m.start, m.end, o.id) for o in organisations if o.kind in _CREDITED for m in o.mentions], lambda b: b[:2]
    )
    named = [m for o in organisations for m in o.mentions] + [m for o in operations for m in o.mentions]
    taken = _Sorted([_extent(m) for rows in (dates, counts, named) for m in rows], lambda t: t)
    figures = _Sorted(counts, _extent)
    quoted = {q.id: q for q in quotes}
    linked = []
    for count in counts:
        stretches = _stretches(count, layout, quoted)
        linked.append(
            count.model_copy(
                update={
                    "when": _first(_when(count, s, text, dated.inside(s)) for s in stretches),
                    "where": _first(_where(count, s, text, taken.inside(s), figures.inside(s)) for s in stretches),
                    "organisations": _first(_credited(count, s, text, bodies.inside(s)) for s in stretches) or (),
                }
            )
        )
    return linked


T = TypeVar("T")


class _Sorted(Generic[T]):
    """Rows in text order, of which those inside a stretch are found without looking at all."""

    def __init__(self, rows: Iterable[T], extent: Callable[[T], Stretch]) -> None:
        self._rows = sorted(rows, key=extent)
        self._extents = [extent(row) for row in self._rows]

    def inside(self, within: Stretch) -> list[T]:
        """The rows that start and end inside the stretch."""
        low, high = (bisect_left(self._extents, (edge,)) for edge in within)
        return [
            row for row, (_, end) in zip(self._rows[low:high], self._extents[low:high], strict=True) if end <= within[1]
        ]


def _extent(mention: Extent) -> Stretch:
    return (mention.start, mention.end)


F = TypeVar("F")


def _first(found: Iterable[F]) -> F | None:
    return next((f for f in found if f), None)


def _stretches(count: Count, layout: Layout, quoted: dict[str, Quote]) -> list[Stretch]:
    """The stretches that may say what the count is about: its sentence, then the lead-ins of its list."""
    line = layout.line_at(count.start)
    sentence = layout.sentence_at(count.start)
    if line is None or sentence is None:
        return []
    sentence = (max(sentence[0], count.start - _REACH), min(sentence[1], count.end + _REACH))
    spans = quoted[count.quote].spans if count.quote else ()
    for span in spans:
        if span.start <= count.start < span.end:
            sentence = (max(sentence[0], span.start), min(sentence[1], span.end))
    return [sentence, *line.leads]


def _gap(text: str, a: Stretch, b: Stretch) -> str:
    return text[a[1] : b[0]] if a[1] <= b[0] else text[b[1] : a[0]]


def _when(count: Count, within: Stretch, text: str, points: Sequence[Date]) -> str | None:
    best: tuple[int, int, str] | None = None
    for date in points:
        gap = _gap(text, (count.start, count.end), (date.start, date.end))
        if (
            _COMPARED.search(gap)
            or _COMPARED.search(date.text)
            or (count.action not in _LEGAL and _HEARING.search(text[max(within[0], date.start - 40) : date.start]))
        ):
            continue
        behind = date.start >= count.end
        if behind and (_OWN_VERB.search(gap) or (count.action in _LEGAL and len(gap) > _LEGAL_REACH)):
            continue  # the date of another verb, or of what they were charged with
        cost = len(gap) + _CLAUSE_COST * len(_CLAUSE.findall(gap))
        if _OPENING.fullmatch(text[within[0] : date.start]):
            cost = min(cost, _OPENING_COST)
        if best is None or (cost, date.start) < best[:2]:
            best = (cost, date.start, date.id)
    return best[2] if best else None


def _where(
    count: Count, within: Stretch, text: str, taken: Sequence[Stretch], counts: Sequence[Count]
) -> Mention | None:
    inside = within[0] <= count.start < within[1]
    places = [
        (hit.start("place"), hit.end("place"))
        for hit in _PLACE.finditer(text, *within)
        if not any(a < hit.end("place") and hit.start("place") < b for a, b in taken)
    ]
    if not places:
        return None
    if inside:
        # The place behind a figure and before the next one is its own; failing that, the one the sentence opens with.
        stop = min((c.start for c in counts if c.start >= count.end), default=within[1])
        places = (
            [p for p in places if count.end <= p[0] < stop]
            or [p for p in places if _OPENING.fullmatch(_without(text, within[0], p[0], taken))]
            or _shared(count, text, places, counts)
        )
    if not places:
        return None
    start, end = places[0]
    return Mention(start=start, end=end, text=text[start:end])


def _without(text: str, start: int, end: int, taken: Sequence[Stretch]) -> str:
    """The text between two places, without the dates and names in it."""
    pieces, at = [], start
    for low, high in taken:
        if low >= at and high <= end:
            pieces.append(text[at:low])
            at = high
    return "".join([*pieces, text[at:end]])


def _shared(count: Count, text: str, places: Sequence[Stretch], counts: Sequence[Count]) -> list[Stretch]:
    """The only place of a sentence, behind its last figure: "seized 20 knives and arrested 14 people in Ludlow"."""
    behind = [c for c in counts if c.start >= count.end]
    plain = not any(c.rule.startswith("elliptical") for c in behind)
    if len(places) != 1 or not behind or not plain or places[0][0] < behind[-1].end:
        return []
    gap = text[count.end : behind[0].start]
    return list(places) if _JOINED.search(gap) and not _CLAUSE_END.search(gap) else []


def _credited(count: Count, within: Stretch, text: str, bodies: Sequence[tuple[int, int, str]]) -> tuple[str, ...]:
    """The bodies before the figure with nothing but words between, or those named behind it with "by"."""
    if count.action in _NOT_POLICE or (count.action is None and count.unit == "person"):
        return ()
    if not within[0] <= count.start < within[1]:
        return tuple(dict.fromkeys(b[2] for b in bodies))
    behind = [b for b in bodies if b[0] >= count.end and _BY.search(text[count.end : b[0]])]
    if behind:
        return (behind[0][2],)
    before = [b for b in bodies if b[1] <= count.start]
    if not before:
        return ()
    if _FOUND_OUT.search(text[before[-1][1] : count.start]):
        return ()  # what a body found out about others
    found = [before[-1]]
    for body in reversed(before[:-1]):
        if not re.fullmatch(
            r"(?:['’]s)?(?:,| and|, and| with| &| alongside| together with)?(?: the)? ?", text[body[1] : found[-1][0]]
        ):
            break
        found.append(body)
    if _AGENT.search(text[within[0] : found[-1][0]]):
        return ()  # "an inquiry by X": the body is not the one who acts
    return tuple(dict.fromkeys(b[2] for b in reversed(found)))
