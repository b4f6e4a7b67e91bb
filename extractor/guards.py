"""Guards: why a numeral is no count, as far as its characters, its neighbours and its value tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extractor import tables
from extractor.numerals import DASHES, SIGNS, Numeral, words_table
from extractor.tables import Row
from extractor.words import Words, word_list

_CODE_BEFORE = "@/#_\\=&*+"
_PLAIN = 8  # digits of a number without marks of thousands


class GuardRow(Row):
    """A reason why a numeral is no count."""

    previous: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    after: str | None = None


@dataclass(frozen=True)
class _Guards:
    previous: dict[str, str]
    next: dict[str, str]
    heads: dict[str, str]
    after: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _guards() -> _Guards:
    rows = tables.load("numbers.toml", "guard", GuardRow)
    after = tuple((r.id, re.compile(r.after, re.I)) for r in rows if r.after)
    previous: dict[str, str] = {}
    follow: dict[str, str] = {}
    heads: dict[str, str] = {}
    for row in rows:
        for word in row.previous:
            previous.setdefault(word, row.id)
        for word in row.next:
            follow.setdefault(word, row.id)
        for word in row.heads:
            heads.setdefault(word, row.id)
    return _Guards(previous, follow, heads, after)


def is_number(word: str) -> bool:
    """Whether a word is a number word: "two", "forty-five"."""
    return word.partition("-")[0] in words_table().small


def head_guard(word: str) -> str | None:
    """The guard that a head noun stands for: "years" is a duration."""
    return _guards().heads.get(word)


def guard(words: Words, numeral: Numeral) -> str | None:
    """The reason why a numeral is no count as far as the words beside it tell, or None."""
    if numeral.unit in SIGNS.values():
        return None
    return _by_characters(words, numeral) or _by_neighbours(words, numeral) or _by_value(words, numeral)


def _by_characters(words: Words, numeral: Numeral) -> str | None:
    """What is written right against the numeral: codes, times, ages, suffixes."""
    text = words.text
    start, end = words.start[numeral.number], words.end[numeral.last]
    left, right = text[start - 1 : start] if start else "", text[end : end + 1]
    if "/" in (left, right):
        return "date"
    if (left and left in _CODE_BEFORE) or (right and right in "@#_\\=&*") or left.isalnum():
        return "reference"
    if left and left in DASHES and start > 1 and text[start - 2].isalnum():
        return "reference"
    if numeral.unit is not None:
        return None
    for name, pattern in _guards().after:
        if pattern.match(text, end):
            return name
    return "reference" if right.isalpha() and right not in "xX×" else None  # "NN8 1HF"


def _by_neighbours(words: Words, numeral: Numeral) -> str | None:
    """What the words before and behind the numeral make of it."""
    low, guards = words.low, _guards()
    digits = words.tag[numeral.number] == "x"
    follow = low[numeral.last + 1] if numeral.last + 1 < len(low) else ""
    noun = _plain_noun(words, numeral.last + 1)
    if digits and (_beside_digits(words, numeral) or _service_line(low[numeral.number], follow, noun)):
        return "phone"
    if follow in guards.next:
        return guards.next[follow]
    reason = guards.previous.get(low[numeral.number - 1] if numeral.number else "")
    if _share(words, numeral):
        return "share"
    if _in_name(words, numeral, digits):
        return "name"
    if reason and (digits or reason in ("age", "law", "name", "road")):
        return None if noun and reason in ("phone", "reference", "name", "date") else reason
    opens = numeral.first == 0 or words.tag[numeral.first - 1] == "\n"
    return "list mark" if digits and opens and follow in (".", ")") and words.glued(numeral.last) else None


def _share(words: Words, numeral: Numeral) -> bool:
    """Whether a numeral belongs to a share: "three in four searches", "nine out of ten"."""
    low, first, last = words.low, numeral.first, numeral.last
    small = words_table().small
    before = first - 1 - (low[first - 2 : first] == ["out", "of"])
    if before > 0 and low[before] in ("in", "out") and low[before - 1] in small and low[first] in small:
        return True
    after = last + 1 + (low[last + 1 : last + 3] == ["out", "of"])
    return (
        low[last] in small
        and low[last + 1 : last + 2] in (["in"], ["out"])
        and low[after + 1 : after + 2] != []
        and (low[after + 1] in small and low[after + 1] != "one")
    )


def _in_name(words: Words, numeral: Numeral, digits: bool) -> bool:
    """Whether a numeral belongs to a name: "a fake Acme Omni 360 carrier", "at the One Stop Shop"."""
    text, start, at = words.text, words.start, numeral.number
    if not at or at != numeral.first or numeral.last + 1 >= len(start):
        return False
    if digits:
        first = at
        while first and words.tag[first - 1] in "wg" and text[start[first - 1]].isupper():
            first -= 1
        return at - first > 1 and first > 0 and (words.low[first - 1] in ("a", "an") or words.tag[first - 1] == "w")
    if not (text[start[at]].isupper() and text[start[numeral.last + 1]].isupper()) or words.tag[at - 1] in ".\n:•-":
        return False
    around = range(max(0, at - 6), min(len(start), at + 7))
    # In a heading all words may be capitals; in a sentence only names are.
    return any(words.tag[i] in "wobveg" and len(words.low[i]) > 3 and text[start[i]].islower() for i in around)


def _service_line(number: str, follow: str, noun: bool) -> bool:
    """Whether digits are a telephone number: "101", "999 calls", "0800"."""
    if number.startswith("0") and number != "0" and "." not in number:
        return True
    return number in word_list("service line") and (follow in word_list("service") or not noun)


def _by_value(words: Words, numeral: Numeral) -> str | None:
    """What the value itself may be: an age, a year, nothing, a pronoun."""
    word = words.low[numeral.number]
    if numeral.value < 110 and _aged(words, numeral):
        return "age"
    if word.isdecimal() and len(word) > _PLAIN and numeral.unit is None:
        return "reference"
    if numeral.value == 0 and numeral.unit is None:
        return "zero"
    year = word.isdecimal() and numeral.modifier == "exact" and 1900 <= numeral.value <= 2039
    if year and not _listed_first(words, numeral):
        return "date"
    return "pronoun" if word == "one" and _pronoun_one(words, numeral) else None


_AGE_WORDS = {"aged", "age", "ages", "young", "old"}


def _aged(words: Words, numeral: Numeral) -> bool:
    """Whether the numeral is somebody's age: "aged between 14 and 23", "Jane Roe, 28, of Hull", "under 18"."""
    low, tag, first, last = words.low, words.tag, numeral.first, numeral.last
    at, floor = first - 1, max(0, first - 12)
    while at >= floor and (
        tag[at] in "x," or low[at] in ("between", "and", "both", "from", "to", "of", "under", "over", "now", "as")
    ):
        at -= 1
    if at >= 0 and low[at] in _AGE_WORDS:
        return True
    after = low[last + 1] if last + 1 < len(low) else "."
    if (
        numeral.number
        and low[numeral.number - 1] in ("under", "over")
        and (last + 1 >= len(tag) or tag[last + 1] not in "wxegd")
    ):
        return numeral.value < 100
    named = first > 1 and low[first - 1] in (",", "(") and tag[first - 2] in "wg"
    return named and after in (",", ")", "\n", ".", ";") and 9 < numeral.value


def _listed_first(words: Words, numeral: Numeral) -> bool:
    """Whether a number that looks like a year opens a line or follows a verb, as figures do."""
    first = numeral.first
    return first == 0 or (words.tag[first - 1] in "\n-•*vh" and words.tag[numeral.last + 1 : numeral.last + 2] == ["w"])


def _beside_digits(words: Words, numeral: Numeral) -> bool:
    """Whether only a space parts the numeral from other digits, as in a telephone number."""
    first, last = numeral.number, numeral.last
    if first and words.tag[first - 1] == "x" and words.text[words.end[first - 1] : words.start[first]] == " ":
        return True
    if last + 1 >= len(words.tag) or not words.tag[last] == words.tag[last + 1] == "x":
        return False
    return "\t" not in words.text[words.end[last] : words.start[last + 1]]


def _plain_noun(words: Words, index: int) -> bool:
    """Whether a plural noun follows, so that the number is no code: "report 12 burglaries"."""
    return index < len(words.low) and words.tag[index] in "wv" and words.low[index].endswith(("s", "people", "men"))


def _pronoun_one(words: Words, numeral: Numeral) -> bool:
    low = words.low
    before = low[numeral.number - 1] if numeral.number else ""
    if before in (
        "no",
        "the",
        "this",
        "that",
        "any",
        "which",
        "every",
        "another",
        "each",
        "first",
        "next",
        "last",
        "day",
        "only",
    ):
        return True
    after = numeral.last + 1
    return after < len(low) and (low[after] == "of" or low[after] in ("another", "off", "such", "way"))
