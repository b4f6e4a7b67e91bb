"""What a figure is about: the date, the place and the organisations that the text puts it under."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from extractor.counts.places import place_of
from extractor.models import Count, Date, Extent, Link, Mention, Operation, Organisation, Place, Quote, Via
from extractor.text.layout import Layout, Stretch

_OPENING = re.compile(
    r"\W*(?:(?:Police officers|Police|Officers|Detectives|Patrols)\s+(?=\w))?"
    r"(?i:(?:(?:On|In|At|During|Since|Between|From|Over|By|Across|Throughout)\b)?\W*){2}"
)
_CLAUSE = re.compile(r"[;:–—,]| (?:and|but|while|whilst|where|after|before|with) ")
_OWN_VERB = re.compile(r"\band (?:was|were|is|are|will|has|have|had)\b")
_HEARING = re.compile(r"\b(?:court|appear|hearing|trial|bail|bailed|due|remanded)\b", re.I)
_COMPARED = re.compile(r"\b(?:compared|than|up from|down from|increase|decrease|previous|same period)\b", re.I)
_BY = re.compile(r"\bby (?:the |officers (?:from|of|at) (?:the )?)?$")
_TO = re.compile(r"\b(?:in|over|surrendered|given) to (?:the |officers (?:from|of|at) (?:the )?)?$")
_APPEARED = re.compile(r"\s*(?:\w+ ){0,3}?(?:appear|appeared|remanded|bailed)\b", re.I)
_TOGETHER = re.compile(
    r"(?:['’]s)?(?:,| \(|,? and|,? with| &|,? alongside|,? together with"
    r"|(?: officers| staff)?,? working (?:closely )?with| (?:assist|support|help|join)ed)?(?: the)? ?"
)
_WITH_OTHERS = re.compile(r"\b(?:forces|agencies|partners|councils|services|colleagues|units|teams) and (?:the )?$")
_AGENT = re.compile(r"\bby(?: the)? $")
_LEGAL = {"charged", "convicted", "sentenced", "cautioned"}
_CREDITED = {"police_force", "police_unit", "emergency_service", "government", "charity", "military", "council"}
_FOUND_OUT = re.compile(r"\b(?:found|heard|told|believes?|believed)\b[^.]{0,12}\bthat\b")
_NOT_POLICE = {"injured", "killed", "stolen"}  # what befell people was not done by the body named
_CLAUSE_COST, _OPENING_COST = 40, 60
_LEGAL_REACH = 50  # characters between people charged and the date of the charge
_NEIGHBOURS = 30  # dates, names and figures of a sentence that are looked at before and behind a figure
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
    dated = _Sorted([d for d in dates if d.type in {"DATE", "TIME"}], _extent)
    bodies = _Sorted(
        [_Body(m.start, m.end, o.id, o.kind) for o in organisations if o.kind in _CREDITED for m in o.mentions],
        lambda b: (b.start, b.end),
    )
    named = [m for o in organisations for m in o.mentions] + [m for o in operations for m in o.mentions]
    taken = _Sorted([_extent(m) for rows in (dates, counts, named) for m in rows], lambda t: t)
    figures = _Sorted(counts, _extent)
    quoted = {q.id: q for q in quotes}
    linked = []
    for count in counts:
        stretches, at = _stretches(count, layout, quoted), count.start
        linked.append(
            count.model_copy(
                update={
                    "when": _linked(_first(_when(count, s, text, dated.inside(s, at)) for s in stretches)),
                    "where": _placed(
                        _first(place_of(count, s, text, taken.inside(s, at), figures.inside(s, at)) for s in stretches)
                    ),
                    "organisations": _credit(
                        _first(_credited(count, s, text, bodies.inside(s, at)) for s in stretches)
                    ),
                }
            )
        )
    return linked


class _Body(NamedTuple):
    """A mention of an organisation that may have done what a figure counts."""

    start: int
    end: int
    id: str
    kind: str


T = TypeVar("T")


class _Sorted(Generic[T]):
    """Rows in text order, of which those inside a stretch are found without looking at all."""

    def __init__(self, rows: Iterable[T], extent: Callable[[T], Stretch]) -> None:
        self._rows = sorted(rows, key=extent)
        self._extents = [extent(row) for row in self._rows]

    def inside(self, within: Stretch, at: int) -> list[T]:
        """The rows that start and end inside the stretch; if it holds the offset, only so many on either side."""
        low, high = (bisect_left(self._extents, (edge,)) for edge in within)
        if high - low > _NEIGHBOURS and within[0] <= at < within[1]:
            here = bisect_left(self._extents, (at,))
            low, high = max(low, here - _NEIGHBOURS), min(high, here + _NEIGHBOURS)
        return [
            row for row, (_, end) in zip(self._rows[low:high], self._extents[low:high], strict=True) if end <= within[1]
        ]


def _extent(mention: Extent) -> Stretch:
    return (mention.start, mention.end)


F = TypeVar("F")


def _first(found: Iterable[F]) -> tuple[F, Via] | None:
    """Return what the first stretch that tells anything tells, and which stretch it is: the sentence or a lead-in."""
    return next(((f, "heading" if n else "sentence") for n, f in enumerate(found) if f), None)


def _linked(found: tuple[str | None, Via] | None) -> Link | None:
    return Link(id=found[0], via=found[1]) if found and found[0] else None


def _placed(found: tuple[Mention | None, Via] | None) -> Place | None:
    place, via = found or (None, "sentence")
    if place is None:
        return None
    return Place(start=place.start, end=place.end, text=place.text, via=via)


def _credit(found: tuple[tuple[str, ...], Via] | None) -> tuple[Link, ...]:
    return tuple(Link(id=id_, via=found[1]) for id_ in found[0]) if found else ()


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
    heard = (
        count.action in _LEGAL
        or "activity.ticket" in count.categories
        or (count.action is None and _APPEARED.match(text, count.end))
    )
    for date in points:
        gap = _gap(text, (count.start, count.end), (date.start, date.end))
        if _COMPARED.search(gap) or _COMPARED.search(date.text):
            continue
        if not heard and _HEARING.search(text[max(within[0], date.start - 40) : date.start]):
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


def _credited(count: Count, within: Stretch, text: str, bodies: Sequence[_Body]) -> tuple[str, ...]:
    """The bodies before the figure with nothing but words between, or those named behind it with "by"."""
    if not within[0] <= count.start < within[1]:
        return tuple(dict.fromkeys(b.id for b in bodies)) if _credits(count) else ()
    behind = [b for b in bodies if b.start >= count.end]
    if behind and _acts_behind(count, text[count.end : behind[0].start], behind[0]):
        return (behind[0].id,)
    before = [b for b in bodies if b.end <= count.start]
    if not before or not _credits(count) or _FOUND_OUT.search(text[before[-1].end : count.start]):
        return ()  # what a body found out about others
    found = [before[-1]]
    for body in reversed(before[:-1]):
        if body.end > found[-1].start:
            continue  # a name within the name of its department
        if not _TOGETHER.fullmatch(text, body.end, found[-1].start):
            break
        found.append(body)
    lead = text[within[0] : found[-1].start]
    if _AGENT.search(lead) or _WITH_OTHERS.search(lead):
        return ()  # "an inquiry by X": the body is not the one who acts; "43 forces and X": nor alone
    return tuple(dict.fromkeys(b.id for b in reversed(found)))


def _credits(count: Count) -> bool:
    """Whether a body that the clause names did it: what befell people was not done by the body named."""
    return count.action not in _NOT_POLICE and not (count.action is None and count.unit == "person")


def _acts_behind(count: Count, gap: str, body: _Body) -> bool:
    """Whether the words before a body behind the figure name it as who acts: "by", "handed in to"."""
    if count.action == "surrendered":
        return _TO.search(gap) is not None
    if _BY.search(gap) is None:
        return False
    return _credits(count) or (body.kind == "emergency_service" and "," not in gap)
