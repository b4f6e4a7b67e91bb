"""Ages: the numerals that say how old somebody is, without "aged" or "year-old" as with them."""

from __future__ import annotations

from extractor.language.words import Words
from extractor.numbers.numerals import Numeral

_AGE_WORDS = {"aged", "age", "ages", "young", "old"}
_BETWEEN = {"between", "and", "both", "from", "to", "of", "under", "over", "now", "as"}
_BEHIND = {",", ")", "\n", ".", ";", "("}
_NAMED_BEHIND = {"of", "from", "and", "is", "was", "has", "had", "who", "both", "died"}
_BEING = {"is", "was", "be", "turn", "turned", "turning", "were"}
_WAS = {"she's", "he's", "who's", "i'm"}
_PEOPLE = {"he", "she", "who", "i", "they", "dad", "mum", "son", "daughter", "boy", "girl", "victim", "man", "woman"}
_AT_ALL_AGES = {"at", "when", "and", "but", "with", ",", ".", ";", "\n", ")", "years"}
_OLDEST = 110


def aged(words: Words, numeral: Numeral) -> bool:
    """Whether the numeral is somebody's age: "aged between 14 and 23", "Jane Roe, 28, of Hull", "he was 33"."""
    low, tag, first, last = words.low, words.tag, numeral.first, numeral.last
    if not 0 < numeral.value < _OLDEST or numeral.unit is not None:
        return False
    at, floor = first - 1, max(0, first - 12)
    while at >= floor and (tag[at] in "x,:" or low[at] in _BETWEEN):
        at -= 1
    if at >= 0 and low[at] in _AGE_WORDS:
        return True
    if (
        numeral.number
        and low[numeral.number - 1] in ("under", "over")
        and (last + 1 >= len(tag) or tag[last + 1] not in "wxegd")
    ):
        return numeral.value < 100
    return _behind_name(words, numeral) or _of_somebody(words, numeral)


def _behind_name(words: Words, numeral: Numeral) -> bool:
    """ "Jane Roe, 28, of Hull", "Jane Roe, 28 of Mill Lane", "Jane Roe, 28 (01/02/1990)"."""
    low, tag, first, last = words.low, words.tag, numeral.first, numeral.last
    if first < 2 or low[first - 1] not in (",", "(") or tag[first - 2] not in "wg" or numeral.value < 10:
        return False
    after = low[last + 1] if last + 1 < len(low) else "."
    if after in _BEHIND:
        return True
    named = words.text[words.start[first - 2]].isupper() and numeral.value_max is None
    if not named or after not in _NAMED_BEHIND:
        return False
    following = words.start[last + 2] if last + 2 < len(low) else 0
    fixed = low[last + 2 : last + 3] == ["no"]  # "of no fixed address"
    return fixed or after not in ("of", "from", "and") or words.text[following].isupper()


def _of_somebody(words: Words, numeral: Numeral) -> bool:
    """ "he was 33 at the time", "she's 19,", "my dad was only 30."."""
    low, first, last = words.low, numeral.first, numeral.last
    at = first - 1
    while at > 0 and low[at] in ("only", "just", "now", "then", "aged", "about", "also", "by"):
        at -= 1
    if at < 0 or (low[last + 1] if last + 1 < len(low) else ".") not in _AT_ALL_AGES or numeral.value < 2:
        return False
    if low[at].replace("’", "'") in _WAS:
        return True
    if not at or low[at] not in _BEING:
        return False
    if low[at].startswith("turn"):
        return True
    name = words.text[words.start[at - 1]].isupper() and words.tag[at - 1] == "w"
    opens = at - 1 - words.first_of_sentence(at - 1) in (0, 1)
    digits = words.tag[numeral.number] == "x" and numeral.modifier == "exact"
    return low[at - 1] in _PEOPLE or (name and opens and digits)
