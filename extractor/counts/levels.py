"""What figures come to: "the number of officers stood at 140,220", "up from 58 to 104", "compared to 641"."""

from __future__ import annotations

from dataclasses import replace

from extractor.counts import phrases
from extractor.counts.meaning import Figure, made, sense_of
from extractor.language.words import Words, word_list
from extractor.numbers.numerals import Numeral

_LEVEL = ("was", "is", "at", "to", "from", "reached")
_TALLY = ("figure", "total", "tally", "average", "increase", "rise", "decrease", "drop", "fall", "reduction")
_AFTER = "p,.;)(cbhvegrd\n-–—"  # classes of the words that may follow such a figure
_RULE = "elliptical.number"


def level(words: Words, numeral: Numeral, previous: Figure | None) -> Figure | None:
    """The figure that a number of things came to, was before, or is compared with."""
    low, first = words.low, numeral.first
    after = numeral.last + 1
    if first < 2 or (after < len(words.tag) and words.tag[after] not in _AFTER):
        return None
    if low[first - 1] in _LEVEL:
        found = _named(words, numeral)
        if found:
            return found
    if previous is None or "\n" in words.tag[previous.last + 1 : first] or not _moved(words, first):
        return None
    return made(words, numeral, numeral.last, _RULE, replace(previous.sense, action=None))


def _named(words: Words, numeral: Numeral) -> Figure | None:
    """ "The number of officers stood at 140,220"."""
    low, first = words.low, numeral.first
    start = words.first_of_sentence(first)
    for at in range(first - 2, start - 1, -1):
        if low[at] in ("number", "numbers") and low[at + 1] == "of":
            head, _ = phrases.head_of(words, at + 2, True)
            if head is None or head.terms[0] is None:
                return None
            row = head.terms[0].row
            sense = sense_of(words, numeral, numeral.last, row=row, categories=(row.id,), action=None)
            return made(words, numeral, numeral.last, _RULE, sense)
    return None


def _moved(words: Words, first: int) -> bool:
    """Whether the words before say that figures went up or down, or are compared."""
    low, before = words.low, words.low[first - 1]
    near = low[max(words.first_of_sentence(first), first - 6) : first]
    if before in ("to", "with") and low[first - 2] in ("compared", "compares"):
        return True
    if before == "of" and low[first - 2] in _TALLY:
        return True
    return before in _LEVEL and not word_list("change").isdisjoint(near)
