"""What is right: how values of found entries are held against gold, and the measures made of that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from extractor.judging.gold import Entry

Test: TypeAlias = Callable[[Entry, Entry], bool]


def words(text: str) -> str:
    """A name as it is compared: no case, no article in front, no possessive behind.

    >>> words("The  Met’s")
    'met'
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"^(the|an?)\s+", "", re.sub(r"\s+", " ", text).strip())
    return re.sub(r"'s$", "", text)


def _same(*slots: str) -> Test:
    return lambda gold, found: all(gold.slots[s] == found.slots[s] for s in slots)


def anything(gold: Entry, found: Entry) -> bool:
    """Whatever is aligned is right."""
    return True


def _same_figure(gold: Entry, found: Entry) -> bool:
    return float(gold.slots["value"]) == float(found.slots["value"])


def _categories(gold: Entry, found: Entry) -> bool:
    return bool(set(gold.slots["categories"]) & set(found.slots["categories"]))


def _modifier(gold: Entry, found: Entry) -> bool:
    return (gold.slots["modifier"] or "exact") == (found.slots["modifier"] or "exact")


def _action(gold: Entry, found: Entry) -> bool:
    return (gold.slots["action"] or None) == (found.slots["action"] or None)


def _whole_count(gold: Entry, found: Entry) -> bool:
    return all(test(gold, found) for test in (_categories, _modifier, _action, _same("unit")))


def _top(gold: Entry, found: Entry) -> bool:
    return str(gold.slots["category"]).split(".")[0] == str(found.slots["category"]).split(".")[0]


def _same_name(slot: str) -> Test:
    def test(gold: Entry, found: Entry) -> bool:
        return words(gold.slots[slot] or "") == words(found.slots[slot] or "")

    return test


def _speaker(gold: Entry, found: Entry) -> bool:
    """One name is part of the other, or they end in the same surname."""
    want, got = words(gold.slots["speaker"] or ""), words(found.slots["speaker"] or "")
    if not want or not got:
        return want == got
    return want.split()[-1] == got.split()[-1] or want in got or got in want


def _same_extent(gold: Entry, found: Entry) -> bool:
    return gold.spans == found.spans


def _same_words(gold: Entry, found: Entry) -> bool:
    # A quotation of several paragraphs is one run of characters in some gold, one a paragraph in others.
    return "".join(gold.text.split()) == "".join(found.text.split())


def _same_quotation(gold: Entry, found: Entry) -> bool:
    return _same_words(gold, found) and _same_name("speaker")(gold, found)


# Measures


@dataclass(frozen=True)
class Measure:
    """Which entries of a field are right.

    Attributes:
        name: ``field`` or ``field.reading``.
        fits: What may be aligned at all.
        right: What an aligned pair must agree in.
        strict: What it must agree in besides, in the strict reading.
    """

    name: str
    fits: Test = anything
    right: Test = anything
    strict: Test = _same_extent

    @property
    def field(self) -> str:
        """The list of the record that is measured."""
        return self.name.partition(".")[0]

    def right_strictly(self, gold: Entry, found: Entry) -> bool:
        """Whether a pair is right in the strict reading."""
        return self.right(gold, found) and self.strict(gold, found)


MEASURES = (
    Measure("dates.span"),
    Measure("dates.value", right=_same("type", "value")),
    Measure("counts.value", _same_figure),
    Measure("counts.category", _same_figure, _categories),
    Measure("counts.full", _same_figure, _whole_count),
    Measure("items.category", _same("category")),
    Measure("items.top", _top),
    Measure("organisations", strict=_same_name("name")),
    Measure("organisations.canonical", right=_same_name("name"), strict=anything),
    Measure("operations", strict=_same_name("name")),
    Measure("quotes.span", strict=_same_words),
    Measure("quotes.speaker", right=_speaker, strict=_same_quotation),
)
# The one measure of each field that asks most: by them documents are ranked.
HEADLINE = ("dates.value", "counts.full", "items.category", "organisations.canonical", "operations", "quotes.speaker")

SLOTS: Mapping[str, Test] = {
    "dates.type": _same("type"),
    "dates.value": _same("value"),
    "counts.value": _same_figure,
    "counts.value_max": _same("value_max"),
    "counts.modifier": _modifier,
    "counts.unit": _same("unit"),
    "counts.categories": _categories,
    "counts.action": _action,
    "items.category": _same("category"),
    "organisations.name": _same_name("name"),
    "organisations.kind": _same("kind"),
    "operations.name": _same_name("name"),
    "quotes.kind": _same("kind"),
    "quotes.speaker": _speaker,
    "quotes.rank": _same_name("rank"),
    "quotes.role": _same_name("role"),
    "quotes.organisation": _same_name("organisation"),
}
