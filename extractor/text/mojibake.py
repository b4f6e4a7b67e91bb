"""Text that was decoded with the wrong encoding somewhere on its way: told, never repaired."""

from __future__ import annotations

import re

from extractor.models import ReleaseWarning

# What UTF-8 read as cp1252 begins with, the replacement character, and the controls that stand for curly marks. An
# English text without one of these is not looked at any further.
_SUSPECT = re.compile("[ÂÃâðï\ufffd\x80-\x84\x86-\x9f]")
_SURE = re.compile("\ufffd|[\x80-\x84\x86-\x9f]|â€.?|ï»¿|ðŸ..?")


def warnings_of(text: str) -> list[ReleaseWarning]:
    """One warning at the first broken place, which says how many there are; none for a clean text.

    >>> [w.message for w in warnings_of("Itâ€™s Â£100")]
    ['looks decoded with the wrong encoding, in 2 places; not repaired']
    """
    if text.isascii() or not _SUSPECT.search(text):
        return []
    from ftfy.badness import BADNESS_RE

    found = [hit.span() for pattern in (_SURE, BADNESS_RE) for hit in pattern.finditer(text)]
    places = _merged(sorted(found))
    if not places:
        return []
    (start, end), many = places[0], len(places)
    where = f"in {many:,} places" if many > 1 else "in one place"
    message = f"looks decoded with the wrong encoding, {where}; not repaired"
    return [ReleaseWarning(code="mojibake", message=message, start=start, end=end)]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
