"""Who speaks: people named with rank, title or role, and descriptions, read from the words of an attribution.

attribution.py decides which words attribute a quotation, cast.py gathers the speakers of a release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from extractor import spans
from extractor.names.titles import UPPER, lexicon

_PART = rf"(?:O['’] [{UPPER}]\w+|[{UPPER}](?:\.(?=[ {UPPER}])|[\w’']*\w)?(?:-\w[\w’']*)*)"
_PARTICLES = "de|da|das|dos|del|della|di|du|van|von|der|den|ten|ter|la|le|al|el|bin|bint|ibn|ap|ab|mac|mc|st|y|e"
_RUN = rf"{_PART}(?: (?:(?:{_PARTICLES}) ){{0,2}}{_PART})"
_PART_OF_NAME = re.compile(_PART)
_WITHIN_WORD = re.compile(r"[\w-]")
_MODIFIER = re.compile(r"-[a-z]+(?:ing|ed)$")  # "Quick-thinking Paul Marsh"
_NAME = re.compile(rf"{_RUN}{{0,5}}")
_GIVEN = re.compile(rf"(?<![\w’'-]){_RUN}{{0,3}} (?:(?:{_PARTICLES}) ){{0,2}}$")
_WORD = re.compile(r"[^\W_](?:[\w’'&.-]*\w)?")
_BEFORE_NAME = re.compile(r"(?: \([A-Z/]{1,5}\))?(?: \d{1,5})?,? ")  # PCSO (…), collar numbers
_PREPOSITION = "of|for|at|in|on|with|from"
_HELD_AT = re.compile(  # between a role and a name without a comma: "head of the burglary team Ann Bell"
    rf" (?:{_PREPOSITION}) (?:[\w’'&-]+ ){{0,12}}(?!(?:{_PREPOSITION}|the|and)$)[a-z][\w’'-]*"
)
_HELD_BY = re.compile(rf" (?:{_PREPOSITION}) [\w’'&-]+(?: [\w’'&-]+){{0,8}}")  # with one: "Commissioner for Kent, Ann"
_SHORT_FORM = re.compile(r" \([A-Z]{2,5}\)$")
_OBLIQUE = re.compile(
    r"\b(?:of|by|with|for|to|from|against|about|after|before|alongside|including|like|than|on|in|at|into|between"
    r"|following|towards?|under|over|behind|told|joined) +(?:the |late |former |victim |his |her |their )*$",
    re.IGNORECASE,
)
_BEFORE_ROLE = re.compile(
    r"\b(?:the|an?|his|her|their|our|by|of|to|from|as|is|was|that|with|when|who|met|saw|told|for|at|in|on|joined"
    r"|including) |['’]s? ",
    re.IGNORECASE,
)
_APPOSED = re.compile(
    r"[\s–-]*(?:(?:(?:who|which) )?(?:is|was|has been) )?(?:(?:also|both|currently) )?"
    r"(?:(?:the|an?|our|his|her|their) )?(?:(?-i:[a-z-]+ [a-z-]+['’]s?) |\S+['’]s? )?(?=\S)",
    re.IGNORECASE,
)
_NO_ROLE = re.compile(rf"(?:{_PREPOSITION}|based|who|which|said|and|aged)\b", re.IGNORECASE)
_INNER = re.compile(rf"\b(?:{_PREPOSITION})\b")
_CHUNK = re.compile(r"[^,;()]+")
_HOLDER = re.compile(rf" (?:{_PREPOSITION}|who|based)(?: the)? ")
_CLAUSES = (", ", "; ", ": ", ". ", " - ", " – ", "\n")

Extent = tuple[int, int]


class Subject(NamedTuple):
    """Somebody named in a stretch of text.

    Attributes:
        start: Offset of the name, without rank and title; of the description; of the pronoun.
        end: Its end.
        kind: How it is named.
        low: Offset of the first word that belongs to it: rank, role before the name.
        rank: Extent of the rank.
        role: Extent of the role.
        oblique: It stands behind a preposition, so it does not speak.
    """

    start: int
    end: int
    kind: Literal["ranked", "titled", "named", "pronoun", "unnamed"]
    low: int
    rank: Extent | None = None
    role: Extent | None = None
    oblique: bool = False


def subjects(text: str, low: int, high: int) -> list[Subject]:
    """Everybody named in ``text[low:high]``, in text order, each once: what has a rank first, then titles, names."""
    found: list[Subject] = []
    for read in (_ranked, _titled, _plain, _unnamed):
        for subject in sorted(read(text, low, high), key=lambda s: s.role is None):
            if all(subject.end <= other.low or subject.low >= other.end for other in found):
                found.append(subject)
    return sorted(found, key=lambda s: s.low)


def _ranked(text: str, low: int, high: int) -> list[Subject]:
    found = []
    for hit in lexicon().rank.finditer(text, low, high):
        named = _name_behind(text, hit.end(), high)
        if named:
            role = _role_before(text, low, hit.start())
            begin = role[0] if role else hit.start()
            found.append(Subject(*named, "ranked", begin, hit.span(), role, _is_oblique(text, low, begin)))
    return found


def _titled(text: str, low: int, high: int) -> list[Subject]:
    found = []
    for hit in lexicon().title.finditer(text, low, high):
        named = _name_behind(text, hit.end(), high)
        if named:
            role = _role_before(text, low, hit.start())
            begin = role[0] if role else hit.start()
            role = role or (hit.span() if hit.group() in lexicon().offices else None)
            found.append(Subject(*named, "titled", begin, None, role, _is_oblique(text, low, begin)))
    return found


def _plain(text: str, low: int, high: int) -> list[Subject]:
    found = []
    for hit in _NAME.finditer(text, low, high):
        if hit.group().endswith(("'s", "’s")) or text[hit.end() : hit.end() + 2] in ("' ", "’ "):
            continue
        named = _trimmed(text, *hit.span())
        if named and not lexicon().described.match(text, hit.end(), high):
            role = _role_before(text, low, named[0])
            begin = role[0] if role else named[0]
            found.append(Subject(*named, "named", begin, None, role, _is_oblique(text, low, begin)))
    return found


def _unnamed(text: str, low: int, high: int) -> list[Subject]:
    return [
        Subject(*hit.span(), "unnamed", hit.start(), None, None, _is_oblique(text, low, hit.start()))
        for hit in lexicon().unnamed.finditer(text, low, high)
    ]


def _is_oblique(text: str, low: int, at: int) -> bool:
    return _OBLIQUE.search(text[max(low, at - 40) : at]) is not None


def _name_behind(text: str, at: int, high: int) -> Extent | None:
    """The name behind a rank or a title."""
    lex = lexicon()
    gap = _BEFORE_NAME.match(text, at, high)
    hit = _NAME.match(text, gap.end(), high) if gap else None
    if hit is None or lex.rank.match(text, hit.start(), high):
        return None  # "District Commander Inspector Hall": the last rank counts
    kept: list[Extent] = []
    for word in _WORD.finditer(text, *hit.span()):
        if word.group() in (lex.honours | lex.never if kept else lex.not_first):
            break
        kept.append(word.span())
    if not kept:
        return None
    end = kept[-1][1]
    if text[end - 2 : end] in ("'s", "’s") or text[end : end + 2] in ("' ", "’ "):
        return None  # "Mr Hall's family": it is the family that speaks
    return kept[0][0], end


def _trimmed(text: str, start: int, end: int) -> Extent | None:
    """The name within a run of capitalised words: behind the last word that is in no name, without honours."""
    lex = lexicon()
    words = [word.span() for word in _WORD.finditer(text, start, end)]
    while words and text[slice(*words[-1])] in lex.honours:
        words.pop()
    first, last = 0, len(words) - 1
    for number, extent in enumerate(words):
        word = text[slice(*extent)]
        possessive = word.endswith(("'s", "’s", "'", "’"))
        acronym = word.isupper() and len(word) > 1 and (last == 0 or number < last - 1)
        surname = number == last == first + 1 and word.lower() in lex.surnames
        modifier = _MODIFIER.search(word) is not None
        if possessive or acronym or modifier or word in lex.never or (lex.role.fullmatch(word) and not surname):
            first = number + 1
    while first < last and text[slice(*words[first])] in lex.not_first:
        first += 1
    if first > last or (first == last and text[slice(*words[first])] in lex.not_first):
        return None
    if lex.rank.fullmatch(text, *words[last]):
        return None
    return words[first][0], words[last][1]


def _role_before(text: str, low: int, at: int) -> Extent | None:
    """A role that stands right before a rank or a name: "Investigating officer PC Hall"."""
    stop = low + len(_SHORT_FORM.sub("", text[low:at].rstrip(" ,-–:")))
    begin = low + max(text[low:stop].rfind(mark) + len(mark) if mark in text[low:stop] else 0 for mark in _CLAUSES)
    heads = list(lexicon().role.finditer(text, begin, stop))
    if not heads:
        return None
    head = heads[-1]
    between = text[head.end() : stop]
    held = _HELD_BY if "," in text[stop:at] else _HELD_AT
    if between and (not held.fullmatch(between) or (held is _HELD_AT and head.group().lower().startswith("spokes"))):
        return None  # "a spokesman for the charity Safer Steps" has no name
    for hit in _BEFORE_ROLE.finditer(text, begin, head.start()):
        if (
            hit.group() != "of " or not text[begin : hit.start()].rstrip().rpartition(" ")[2][:1].isupper()
        ):  # "City of London"
            begin = hit.end()
    while begin < head.start() and not text[begin].isalnum():
        begin += 1
    return begin, stop


def role_behind(text: str, at: int, high: int, bodies: list[Extent]) -> Extent | None:
    """A role that follows a name: ", head of crime for Kent Police," without the body it is held at."""
    for chunk in _CHUNK.finditer(text[at:high]):
        low, stop = at + chunk.start(), at + chunk.end()
        lead = _APPOSED.match(text, low, stop)
        begin = lead.end() if lead else low
        begin = next((b + 1 for a, b in bodies if a < begin < b < stop), begin)
        head = None if _NO_ROLE.match(text, begin, stop) else lexicon().role.search(text, begin, stop)
        if head is None or stop - begin > 120:
            continue
        inner = _INNER.search(text, begin, stop)
        if inner is None or inner.start() > head.start():
            return begin, _role_end(text, head.end(), stop, bodies)
    return None


def _role_end(text: str, at: int, stop: int, bodies: list[Extent]) -> int:
    for hit in _HOLDER.finditer(text, at, stop):
        held = hit.group().split()[0] in ("at", "with", "from", "who", "based")
        if held or any(a <= hit.end() < b for a, b in bodies):
            stop = hit.start()
            break
    return at + len(text[at:stop].rstrip(" -–"))


def fullest(text: str, start: int, end: int) -> Extent:
    """The fullest form of a name that the text has: for "Bell" the extent of "Ann Bell"."""
    name = text[start:end]
    if " " in name:
        return start, end
    best = (start, end)
    for at in spans.ending(text, name):
        given = _given(text, at) if text[at - 1 : at] == " " else None
        if given is not None and at + len(name) - given > best[1] - best[0]:
            best = (given, at + len(name))
    if best == (start, end):  # a given name: "Ann said" for Ann Bell
        first = next(_given_first(text, name), None)
        named = _trimmed(text, *first) if first else None
        if first and named and named[0] == first[0]:
            return named
    return best


def _given_first(text: str, name: str) -> Iterator[Extent]:
    """Where the name and one more capitalised word stand."""
    at = text.find(name + " ")
    while at >= 0:
        behind = _PART_OF_NAME.match(text, at + len(name) + 1)
        if behind and not (at and _WITHIN_WORD.match(text, at - 1)):
            yield at, behind.end()
        at = text.find(name + " ", at + 1)


def _given(text: str, at: int) -> int | None:
    """Where the given names begin that stand before the surname at `at`."""
    low = max(0, at - 60)
    lead = _GIVEN.search(text[low:at])
    if lead is None:
        return None
    lex = lexicon()
    start = low + lead.start()
    called = [hit.end() + 1 for rule in (lex.rank, lex.title) for hit in rule.finditer(text, start, at + 1)]
    named = _trimmed(text, max([start, *called]), at - 1) if max([start, *called]) < at - 1 else None
    return named[0] if named and named[1] == at - 1 else None
