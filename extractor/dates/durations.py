"""Values of durations and repetitions."""

from __future__ import annotations

from extractor.dates import edtf
from extractor.dates.forms import Node
from extractor.dates.reader import Reader


def set_of(r: Reader, node: Node) -> str | None:
    """A repetition."""
    words = r.words(node)
    regularly = r.of(node, "regularly")
    if regularly:
        return str(regularly)
    if node.row == "set-of-money":
        return edtf.amount([(1, str(r.of(node, "unit")))])
    if words[0] not in ("every", "each"):
        return "P1W" if r.pick(node, "weekdays") else None
    if r.pick(node, "weekday") or "weekend" in words:
        return "P1W"
    if r.pick(node, "daypart"):
        return "P1D"
    return edtf.amount([(1, str(r.of(node, "unit")))])


def spans_of(r: Reader, node: Node) -> list[tuple[float, str]]:
    """The amounts of a span, each with its unit."""
    found: list[tuple[float, str]] = []
    number: float = 1
    for part in node.parts:
        if part.kind in r.known.members("number_or_article"):
            number = r.number(part)
        elif part.kind in r.known.members("unit"):
            found.append((number, str(r.known.value("unit", part.kind))))
            number = 1
    return found


def duration(r: Reader, node: Node) -> str | None:
    """A length of time."""
    span = r.pick(node, "span")
    found = spans_of(r, span if span is not None else node)
    tail = node.parts[-1]
    if tail.kind == "<amount>" and found:  # a year and a half
        found = [(found[0][0] + 0.5, found[0][1]), *found[1:]]
    if len({unit for _, unit in found}) < len(found):  # "44 months and 32 months" are two, of two people
        return None
    return edtf.amount(found) if found and found[0][0] else None
