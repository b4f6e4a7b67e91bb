"""Capitalised names: where a name that ends or starts with a given head begins and ends. Characters only, no table."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_REACH = 110  # characters a name may run to the left or to the right of its head
_WORDS = 9
_OPENING = "(\"'“‘[#*"
_CLOSING = ',.;:!?)]"”…–—-'
_POSSESSIVE = re.compile(r"(.+)['’]s$")
_SHOUTED = re.compile(r"^[^a-z\n]{14,}$", re.MULTILINE)
_LOWER = re.compile("[a-z]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SMALL = frozenset({"AND", "OF", "FOR", "THE", "AT", "IN", "ON", "BY", "TO", "FROM"})
_CAPITAL = r"[A-Z][\w’'-]*"
_NAME = re.compile(rf" ({_CAPITAL}(?: (?:(?:and|of|for|the|&) )?{_CAPITAL}){{0,4}})")
_RIGHT = re.compile(
    rf" (?:of|for)(?: the)? {_CAPITAL}(?:(?: and| &| of| for| of the)? {_CAPITAL}){{0,6}}"
    rf"(?:(?:, {_CAPITAL}(?: {_CAPITAL}){{0,2}}){{1,3}},? and {_CAPITAL}(?: {_CAPITAL})?)?"
)


@dataclass(frozen=True)
class Grammar:
    """The word lists that names are built with, see [[words]] of data/organisations.toml."""

    stops: frozenset[str]
    openers: frozenset[str]
    modifiers: frozenset[str]
    joiners: frozenset[str]
    takes_of: frozenset[str]
    possessives: frozenset[str]

    @cached_property
    def joining(self) -> frozenset[str]:
        """The single words of the joiners."""
        return frozenset(word for phrase in self.joiners for word in phrase.split())


class Edge(NamedTuple):
    """The name found before: another never cuts into it; it swallows a `whole` one, and then ends there."""

    start: int
    end: int
    whole: bool = True


class Left(NamedTuple):
    """What stands before a head: where the proper name starts, if there is one, and where its modifiers start."""

    start: int | None
    reach: int


class _Word(NamedTuple):
    begin: int
    end: int
    text: str
    last: bool  # an opening bracket or quotation mark, or the line's beginning, stands before it


def lowered(text: str, keep: Container[str]) -> str:
    """The text with its lines in capitals written as titles are; same length.

    Args:
        text: The text.
        keep: Words that stay in capitals, because they are abbreviations.
    """

    def word(hit: re.Match[str]) -> str:
        old = hit.group()
        if old in keep or len(old) == 1:
            return old
        new = old.lower() if old in _SMALL else old[0] + old[1:].lower()
        return new if len(new) == len(old) else old

    if all(map(_LOWER.search, filter(None, text.split("\n")))):
        return text  # soon told, as a small letter is the second one of most lines
    return _SHOUTED.sub(lambda line: _WORD.sub(word, line.group()) if " " in line.group() else line.group(), text)


def leftward(text: str, head: int, grammar: Grammar, edge: Edge, *, lower: bool) -> Left:
    """Where the name begins that has its head at an offset.

    Args:
        text: The text.
        head: Offset of the head.
        grammar: The word lists.
        edge: The name found before.
        lower: Whether words in lower case may stand between the proper name and the head.
    """
    start: int | None = None
    reach, joiner = head, ""
    for word in _words_before(text, head):
        if word.end <= edge.end and (joiner or edge.whole):
            swallows = not joiner and word.end == edge.end and head - edge.start <= _REACH
            return Left(edge.start, edge.start) if swallows else Left(start, reach)
        if word.begin < edge.end < word.end:
            break
        if word.text in grammar.joining:
            if reach == head or word.last:
                break
            joiner = f"{word.text} {joiner}".strip()
            continue
        if joiner and not _joined(joiner, word.text, grammar):
            break
        if not _belongs(word, text, grammar, lower=lower):
            break
        reach, joiner = word.begin, ""
        if not word.text[0].islower():
            start = word.begin
        if word.last:
            break
    return Left(start, reach)


def _words_before(text: str, head: int) -> Iterator[_Word]:
    """The words before an offset, from right to left, as long as single spaces part them."""
    floor = max(text.rfind("\n", 0, head) + 1, head - _REACH)
    position = head
    for _ in range(_WORDS):
        end = position - 1
        if end <= floor or text[end] != " ":
            return
        begin = max(text.rfind(" ", floor, end) + 1, floor)
        position = begin
        while begin < end and text[begin] in _OPENING:
            begin += 1
        if begin == end:
            return
        yield _Word(begin, end, text[begin:end], last=begin > position or begin == floor)


def _joined(joiner: str, before: str, grammar: Grammar) -> bool:
    if joiner not in grammar.joiners:
        return False
    return before in grammar.takes_of or not joiner.lower().startswith(("of", "for"))


def _belongs(word: _Word, text: str, grammar: Grammar, *, lower: bool) -> bool:
    if word.text in grammar.stops or (word.text[-1] in _CLOSING and word.text != "St."):
        return False
    if word.text in grammar.openers and (word.last or text[word.begin - 2] in ".!?:"):
        return False
    possessive = _POSSESSIVE.match(word.text)
    if possessive:
        return possessive.group(1) in grammar.possessives or text.endswith(("St ", "St. "), 0, word.begin)
    first = word.text[0]
    if first.isdigit():
        return word.text[-1].isalpha() and len(word.text) > 2
    return first.isupper() or (lower and word.text in grammar.modifiers)


def rightward(text: str, head_end: int) -> int:
    """Where the name ends that starts with a head ending at an offset; the offset itself if nothing follows."""
    hit = _RIGHT.match(text, head_end, head_end + _REACH)
    return hit.end() if hit else head_end


def following(text: str, cue_end: int, grammar: Grammar) -> tuple[int, int] | None:
    """The name that a cue introduces ("the charity Azalea House"), as offsets."""
    hit = _NAME.match(text, cue_end)
    if not hit or hit.group(1).split(" ")[0] in grammar.stops:
        return None
    name = re.sub(r"['’]s?$", "", hit.group(1)).rstrip("-'’")
    return hit.start(1), hit.start(1) + len(name)


def stands_for(short: str, name: str) -> bool:
    """Whether an abbreviation can be one of a name: its letters in order, the first one being the first.

    >>> stands_for("NSRA", "Northamptonshire Safer Roads Alliance")
    True
    """
    letters = iter(name.casefold())
    wanted = [c for c in short.casefold() if c.isalnum()]
    return len(wanted) > 1 and name[:1].casefold() == wanted[0] and all(c in letters for c in wanted)
