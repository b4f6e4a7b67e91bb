"""Guards: why a numeral is no count, as far as its characters, its neighbours and its value tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extractor import tables
from extractor.language.words import Words, word_list
from extractor.names import makes
from extractor.numbers.ages import aged
from extractor.numbers.numerals import DASHES, SIGNS, Numeral, words_table
from extractor.tables import Row

_CODE_BEFORE = "@/#_\\=&*+"
_WHOLE = 10  # of which a share is told
_WHOLES = (["5"], ["10"], ["100"], ["five"], ["ten"], ["hundred"])
_LIMIT = 3  # words from "limit" to its figure
_DECIMALS = 3  # of a number in a catalogue
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
    after: re.Pattern[str]  # each in a group, by number
    reasons: tuple[str, ...]  # of those groups
    idiom: re.Pattern[str]


@cache
def _guards() -> _Guards:
    rows = tables.load("numbers.toml", "guard", GuardRow)
    patterns = {r.id: r.after for r in rows if r.after}
    idiom = re.compile(patterns.pop("idiom"), re.I)  # means something only behind "100 per cent"
    after = re.compile("|".join(f"(?P<r{n}>{pattern})" for n, pattern in enumerate(patterns.values())), re.I)
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
    return _Guards(previous, follow, heads, after, tuple(patterns), idiom)


def is_number(word: str) -> bool:
    """Whether a word is a number word: "two", "forty-five"."""
    return word.partition("-")[0] in words_table().small


def is_vague(word: str) -> bool:
    """Whether a word before "hundred" or "thousand" leaves open how many: "several"."""
    return _guards().previous.get(word) == "vague"


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
    if "/" in (left, right) and not (left == "/" and text[start].isalpha()):
        return "date"
    if (left and left in _CODE_BEFORE) or (right and right in "@#_\\=&*") or left.isalnum():
        return "reference"
    if left == "." and start > 1 and text[start - 2] in " \n(":
        return "dimension"  # a calibre: ".22"
    if left and left in "'’" and text[start - 2 : start - 1].isdigit():
        return "dimension"  # a height: "5'7"
    if left and left in DASHES and start > 1 and text[start - 2].isalnum():
        return "reference"
    if numeral.unit is not None:
        emphasis = numeral.unit == "percent" and numeral.value == 100 and _guards().idiom.match(text, end)
        return "idiom" if emphasis else None
    behind = _guards().after.match(text, end)
    if behind:
        return _guards().reasons[int(str(behind.lastgroup)[1:])]
    return "reference" if right.isalpha() and right not in "xX×" else None  # "NN8 1HF"


def _by_neighbours(words: Words, numeral: Numeral) -> str | None:
    """What the words before and behind the numeral make of it."""
    low, guards = words.low, _guards()
    digits = words.tag[numeral.number] == "x"
    follow = low[numeral.last + 1] if numeral.last + 1 < len(low) else ""
    noun = _plain_noun(words, numeral.last + 1)
    named = low[numeral.number - 1 : numeral.number] == ["nhs"]
    if digits and (
        _beside_digits(words, numeral) or _service_line(low[numeral.number], follow, noun=noun, named=named)
    ):
        return "phone"
    street = guards.next.get(follow) == "address"
    if follow in guards.next and not (street and words.text[words.start[numeral.last + 1]].islower()):
        return guards.next[follow]
    reason = guards.previous.get(low[numeral.number - 1] if numeral.number else "")
    if digits and _in_address(words, numeral):
        return "address"
    if digits and _texted(words, numeral):
        return "phone"
    if _share(words, numeral):
        return "share"
    if _in_name(words, numeral, digits) or low[numeral.number - 2 : numeral.number] == ["rule", "of"]:
        return "name"
    if digits and reason is None and _within_name(words, numeral):
        return "name"
    if (
        digits
        and numeral.unit is None
        and not noun
        and "limit" in low[max(0, numeral.number - _LIMIT) : numeral.number]
    ):
        return "reading"  # "the legal limit is 35"
    if reason and (digits or reason in ("age", "law", "name", "road")):
        return None if noun and reason in ("phone", "reference", "name", "date") else reason
    opens = numeral.first == 0 or words.tag[numeral.first - 1] == "\n"
    return "list mark" if digits and opens and follow in (".", ")", "/") and words.glued(numeral.last) else None


def _in_address(words: Words, numeral: Numeral) -> bool:
    """Whether a number is that of a house: "79 Old Mill Road"."""
    streets, text = _guards().next, words.text
    for at in range(numeral.last + 1, min(numeral.last + 5, len(words.low))):
        if not text[words.start[at]].isupper():
            return False
        if streets.get(words.low[at]) == "address" and at > numeral.last + 1:
            return words.tag[at + 1 : at + 2] not in (["w"], ["v"]) or text[words.start[at + 1]].isupper()
    return False


def _texted(words: Words, numeral: Numeral) -> bool:
    """Whether a message is to be sent to the number: "text HELP to 70085"."""
    low, number = words.low, numeral.number
    if not number or low[number - 1] != "to" or not 3 < len(low[number]) < 7 or not low[number].isdecimal():
        return False
    return not {"text", "texting", "forward", "forwarding", "sms"}.isdisjoint(low[max(0, number - 14) : number])


def _share(words: Words, numeral: Numeral) -> bool:
    """Whether a numeral belongs to a share: "three in four searches", "nine out of ten"."""
    low, first, last = words.low, numeral.first, numeral.last
    if _of_each(low, first, last):
        return True
    if words.tag[first] == "x":
        return _share_in_digits(words, numeral)
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


def _of_each(low: list[str], first: int, last: int) -> bool:
    """ "four in every 10", "nine out of every ten", "nine out of 10"."""
    for words in (["in", "every"], ["out", "of", "every"], ["out", "of"]):
        after, before = last + 1 + len(words), first - len(words)
        if low[last + 1 : after] == words and low[after : after + 1] in _WHOLES:
            return True
        if before > 0 and low[before:first] == words and low[first : first + 1] in _WHOLES:
            return low[before - 1].isdecimal() or low[before - 1] in words_table().small
    return False


def _share_in_digits(words: Words, numeral: Numeral) -> bool:
    """ "1 in 4 officers", "9 out of 10 drivers"."""
    low, tag, at = words.low, words.tag, numeral.first
    for first in (at, at - 2, at - 3):
        second = first + (3 if low[first + 1 : first + 3] == ["out", "of"] else 2)
        if first < 0 or second >= len(low) or tag[first] != "x" or tag[second] != "x" or at not in (first, second):
            continue
        if low[first + 1] not in ("in", "out") or not (low[first].isdecimal() and low[second].isdecimal()):
            continue
        return 0 < int(low[first]) < int(low[second]) <= _WHOLE
    return False


def _in_name(words: Words, numeral: Numeral, digits: bool) -> bool:
    """Whether a numeral belongs to a name: "a fake Acme Omni 360 carrier", "at the One Stop Shop"."""
    text, start, at = words.text, words.start, numeral.number
    if not at or at != numeral.first or numeral.last + 1 >= len(start):
        return False
    if digits and makes.is_make(words.low[at - 1]) and text[start[at - 1]].isupper():
        return not _plain_noun(words, numeral.last + 1)  # "a Fiat 500"
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


def _within_name(words: Words, numeral: Numeral) -> bool:
    """Whether digits stand between words of a name in a sentence: "at Marsham 1 Power Station"."""
    text, start, tag, at = words.text, words.start, words.tag, numeral.number
    stop = after = numeral.last + 1
    while stop < len(start) and tag[stop] == "w" and text[start[stop]].isupper():
        stop += 1
    if (
        not at
        or not (tag[at - 1] == "w" and text[start[at - 1]].isupper())
        or stop == after
        or _plain_noun(words, stop - 1)
    ):
        return False
    if numeral.unit is not None or numeral.modifier != "exact" or tag[stop : stop + 1] == ["w"]:
        return False
    first = at - 1
    while first and tag[first - 1] in "wg" and text[start[first - 1]].isupper():
        first -= 1
    return first > 0 and tag[first - 1] in "pdw" and text[start[first - 1]].islower()


def _service_line(number: str, follow: str, *, noun: bool, named: bool) -> bool:
    """Whether digits are a telephone number: "101", "999 calls", "0800", "NHS 111"."""
    if number.startswith("0") and number != "0" and "." not in number:
        return True
    return number in word_list("service line") and (named or follow in word_list("service") or not noun)


def _by_value(words: Words, numeral: Numeral) -> str | None:
    """What the value itself may be: an age, a year, nothing, a pronoun."""
    word = words.low[numeral.number]
    if aged(words, numeral):
        return "age"
    if word.isdecimal() and len(word) > _PLAIN and numeral.unit is None:
        return "reference"
    if _falls(words, numeral) or _catalogued(words, numeral):
        return "reference"
    if numeral.value == 0 and numeral.unit is None:
        return "zero"
    old = word.isdecimal() and numeral.modifier == "exact" and 1000 <= numeral.value < 1900 and len(word) == 4
    if old and numeral.unit is None and words.low[max(0, numeral.first - 1)] in ("in", "since", "circa"):
        return "date"
    top = numeral.value_max or 0
    if word.isdecimal() and 1000 <= numeral.value < top < 2040 and words.low[numeral.first - 1] in ("from", "between"):
        return "date"
    year = word.isdecimal() and numeral.modifier == "exact" and 1900 <= numeral.value <= 2039
    if year and not _listed_first(words, numeral):
        return "date"
    return "pronoun" if word == "one" and numeral.value == 1 and _pronoun_one(words, numeral) else None


def _falls(words: Words, numeral: Numeral) -> bool:
    """Whether a number is followed by a lower one after a mere dash, as in a code: "350-254"."""
    falling = numeral.unit is None and numeral.value_max is not None and numeral.value_max < numeral.value
    return falling and words.tag[numeral.number] == "x" and words.glued(numeral.number)


def _catalogued(words: Words, numeral: Numeral) -> bool:
    """Whether a number with three decimals stands behind letters, as in the name of a product: "GTS 635.216"."""
    at = numeral.number
    if not at or numeral.unit is not None or len(words.low[at].partition(".")[2]) != _DECIMALS:
        return False
    before = words.text[words.start[at - 1] : words.end[at - 1]]
    return before.isupper() and len(before) > 1 and not _plain_noun(words, numeral.last + 1)


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
