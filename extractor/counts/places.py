"""Where a figure is put: the place that its clause, its sentence's opening or the lead-in of its list names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.models import Count, Mention
from extractor.text.layout import Stretch

_NAME = r"[A-Z][\w'’-]*\w(?:[ -](?:(?:of|and|the|upon|on|under|by|le|in|&) (?:the )?)?[A-Z][\w'’-]*\w)*"
_KIND = r"(?: (?:(?:city|town) centre|(?:railway|train|bus|police|fire) station|high street|region)\b)?"
_REGION = r"the (?:country|county|UK|force area|region|city centre|city|town centre|town|capital|borough)\b"
_WAY = r"(?:Road|Street|Lane|Avenue|Way|Drive|Close|Hill|Square|Terrace|Crescent|Bridge|Park|Beach|Estate)\b"
_STREET = rf"(?:[A-Z][\w'’-]*\w ){{1,3}}{_WAY}"
_ROAD = r"(?:the )?[ABM]\d{1,4}(?:\(M\))?(?: (?:near|at|in|between) [A-Z][\w'’-]*\w(?: [A-Z][\w'’-]*\w)*)?"
_PLACE = re.compile(
    r"\b(?=[atwnioATWNIO])(?:"  # with which the words below begin: at most places no more is looked at
    rf"(?i:in|across|at|around|throughout|within|near|off the streets of|on the streets of) "
    r"(?:the (?:streets|area|county|city|town|borough|district|region|village) of )?"
    rf"(?P<place>(?:the )?{_NAME}{_KIND}|{_REGION})"
    rf"|(?:on|off|along|in|at|near) (?P<way>{_ROAD}|{_STREET}(?: and {_STREET})?))",
)
_OPENING = re.compile(
    r"\W*(?:(?:Police officers|Police|Officers|Detectives|Patrols)\s+(?=\w))?"
    r"(?i:(?:(?:On|In|At|During|Since|Between|From|Over|By|Across|Throughout|Near)\b"
    r"(?: one(?: (?:case|incident|instance))?\b)?)?\W*){2}"
)
_CONNECTOR = re.compile(r"(?: (?:of|and|the|upon|on|under|by|le|in|&))+ ?$")
_JOINED = re.compile(r"(?:,| and) ?(?:\w+ ){0,2}$")
_CLAUSE_END = re.compile(r"[;:–—.]| (?:but|while|whilst|where|after|before) ")
_AT_THAT_TIME = re.compile(r", (?:when|where) (?:\w+ ){0,2}$")
# "Newport's bin took the most with 140 knives, followed by Cwmbran with 75"
_HOLDER = re.compile(
    r"(?:^|[,;:–—] |\b(?:and|by) )(?:the )?(?P<place>[A-Z][\w-]*\w(?: [A-Z][\w-]*\w)*)"
    r"(?P<station>['’]s (?:amnesty |surrender |knife |police )?(?:bin|station|branch|office|depot|site)\b"
    r"[^,;:.–—]{0,40})?"
    r" with $"
)
_LABEL = re.compile(rf"[^\w\n]*(?P<place>{_NAME}) ?[-–—:=] ?")
_LEGAL = {"charged", "convicted", "sentenced", "cautioned"}
_OFFENCE = re.compile(r"\b(?:after|following|for|over|with|investigation|connection|who)\b")
# "31 arrests since the attack in Hexley": an event that only tells the time has a place of its own
_EVENT = re.compile(
    r"\b(?:since|until|till|before|prior to|ahead of) (?:the|an?|its|their|that|this|last) (?:[\w'’-]+ ){1,4}$"
)
_NEAR = 120  # characters before a figure in which the place is looked for that it is told of


def place_of(
    count: Count, within: Stretch, text: str, taken: Sequence[Stretch], counts: Sequence[Count]
) -> Mention | None:
    """The place of a figure in a stretch of the text, its own sentence or a lead-in of its list.

    Args:
        count: The figure.
        within: The stretch.
        text: The whole text.
        taken: Dates, names and figures inside the stretch: no places.
        counts: The figures inside the stretch.
    """
    places = list(_places(text, within, taken))
    if within[0] <= count.start < within[1]:
        # The place behind a figure and before the next one is its own; failing that, the one the sentence opens with.
        stop = min((c.start for c in counts if c.start >= count.end), default=within[1])
        places = (
            [p for p in places if count.end <= p[0] < stop and not _of_offence(count, text, p)]
            or _label(count, text, within, taken)
            or _holder(count, text, within, taken)
            or [p for p in places if _OPENING.fullmatch(_without(text, within[0], p[0], taken))]
            or _shared(count, text, places, counts)
            or _before(count, text, places, counts, within)
        )
    if not places:
        return None
    start, end = places[0]
    return Mention(start=start, end=end, text=text[start:end])


def _places(text: str, within: Stretch, taken: Sequence[Stretch]) -> list[Stretch]:
    """The places a stretch names, each cut off where a date or another name begins: "in Hexley on Tuesday"."""
    found = []
    for hit in _PLACE.finditer(text, *within):
        start, end = hit.span("place" if hit["place"] else "way")
        if any(a <= start < b for a, b in taken) or _EVENT.search(text[max(within[0], start - 60) : start]):
            continue
        end = min([end, *(a for a, _ in taken if start < a < end)])
        loose = _CONNECTOR.search(text, start, end)
        end = loose.start() if loose else len(text[:end].rstrip()) if end < hit.end() else end
        if text[start:end] not in ("", "the", "The"):
            found.append((start, end))
    return found


def _label(count: Count, text: str, within: Stretch, taken: Sequence[Stretch]) -> list[Stretch]:
    """The place that stands as a label before its figure: "Strathclyde - 4,860"."""
    hit = _LABEL.fullmatch(text, within[0], count.start)
    if hit is None or any(a < hit.end("place") and hit.start("place") < b for a, b in taken):
        return []
    return [hit.span("place")] if count.rule in ("elliptical.list", "label", "table") else []


def _of_offence(count: Count, text: str, place: Stretch) -> bool:
    """Whether a place is where the offence was of which people were accused or convicted."""
    return count.action in _LEGAL and _OFFENCE.search(text, count.end, place[0]) is not None


def _holder(count: Count, text: str, within: Stretch, taken: Sequence[Stretch]) -> list[Stretch]:
    """The place that a figure is told of: "followed by Cwmbran with 75"."""
    offset = max(within[0], count.start - _NEAR)
    hit = _HOLDER.search(text[offset : count.start])
    if hit is None:
        return []
    start, end = hit.start("place") + offset, hit.end("place") + offset
    stationed = hit["station"] is not None
    if not (stationed or count.rule.startswith("elliptical")) or any(a < end and start < b for a, b in taken):
        return []
    return [(start, end)]


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


def _before(
    count: Count, text: str, places: Sequence[Stretch], counts: Sequence[Count], within: Stretch
) -> list[Stretch]:
    """The place before a figure that goes for it too: "at X, when 40 people …", "the number of officers in X is 40"."""
    earlier = [p for p in places if p[1] <= count.start]
    if not earlier or any(c.start < count.start for c in counts):
        return []
    goes_on = count.rule == "elliptical.number" or _AT_THAT_TIME.search(text, within[0], count.start)
    return [earlier[-1]] if goes_on else []
