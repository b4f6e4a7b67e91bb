"""Cars by make and model: "two BMW 5 series", "a Range Rover Vogue" are vehicles whatever their last word is."""

from __future__ import annotations

from functools import cache

from extractor import tables
from extractor.counts import categories
from extractor.language.words import Words

_LONGEST = 4  # words of a model
_CLASSES = ("a", "b", "c", "e", "s", "v")  # "an A Class"


@cache
def _rows() -> dict[str, frozenset[str]]:
    return {row.id: frozenset(row.words) for row in tables.load("items.toml", "make", categories.ContainerRow)}


def is_make(word: str) -> bool:
    """Whether a word names a make of car, so that a figure behind it is that of a model: "Audi A3"."""
    return word in _rows()["make"]


@cache
def _ends() -> frozenset[str]:
    """The makes, and the last word of each."""
    return frozenset(form for make in _rows()["make"] for form in (make, make.rpartition(" ")[2]))


def car(words: Words, begin: int, at: int) -> int | None:
    """Index of the last word of the model whose make ends at a word; None where no model follows.

    Args:
        words: The words of the text.
        begin: Where the noun phrase begins.
        at: The word that may end a make.
    """
    low = words.low
    if low[at] not in _ends() or not (is_make(low[at]) or (at > begin and " ".join(low[at - 1 : at + 1]) in _ends())):
        return None
    if not words.text[words.start[at]].isupper():
        return None
    last = at
    while last < at + _LONGEST and (following := _model(words, last + 1)):
        last = following
    if last == at or _goes_on(words, last):
        return None
    return None if any(_other(low[index]) for index in range(at + 1, last + 1)) else last


def around(words: Words, begin: int, at: int) -> int | None:
    """Index of the last word of the car in whose make or model a word stands: "a Ford Focus ST"."""
    for make in range(at, max(begin, at - _LONGEST) - 1, -1):
        last = car(words, begin, make)
        if last is not None and last >= at:
            return last
    return None


def ending(words: Words, at: int) -> bool:
    """Whether a car told by make and model ends at a word."""
    return any(car(words, make - 1, make) == at for make in range(max(1, at - _LONGEST), at))


def _model(words: Words, at: int) -> int | None:
    """Index of the last word of a part of a model's name that begins at a word."""
    low, tag = words.low, words.tag
    if at >= len(low):
        return None
    if tag[at] == "x":
        if words.glued(at) and at + 1 < len(low):
            return at + 1 if low[at + 1].isalpha() else None  # "320d"
        return at + 1 if low[at + 1 : at + 2] == ["series"] else at
    if not words.text[words.start[at]].isupper():
        return None
    if low[at] in _CLASSES and low[at + 1 : at + 2] == ["class"]:
        return at + 1
    return at if tag[at] in "weg" and len(low[at]) > 1 else None


def _goes_on(words: Words, last: int) -> bool:
    """Whether the car only tells of what kind the next noun is: "a Range Rover Vogue key"."""
    return words.tag[last + 1 : last + 2] == ["w"] and not words.low[last].endswith("s")


def _other(word: str) -> bool:
    """Whether a word behind a make tells of something else than its model: "Jaguar Owners Club"."""
    term = categories.terms().get(word) or categories.person(word)
    return word in _rows()["no model"] or (term is not None and term.row.id != "vehicle")
