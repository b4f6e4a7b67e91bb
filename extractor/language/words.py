"""The words of a text with their classes: what the grammar of counts and items reads."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, compress
from operator import itemgetter
from typing import ClassVar

from extractor import tables
from extractor.spans import lowered
from extractor.tables import Row

# Plain words, which most are, come first. `(?:…|)` is told by its first character; `(?:…)*` alone would be set up anew
# for each word.
_WORD = re.compile(
    r"([a-z]+(?![\w'’-])|[^\W\d_]\w*(?:[-'’][^\W_]\w*(?:[-'’][^\W_]\w*)*|)|\d+(?:[,.]\d+(?:[,.]\d+)*|)|\n|[^\w\s]|_)"
)
_JOINT = re.compile("[-'’]")
_FACTS_KEPT = 50_000  # words that are remembered
LONGEST_SENTENCE = 120  # words
_STOPS = ".!?…"
_OPENERS = "\"'“”‘’)]"


class WordClass(Row):
    """A closed class of words (determiners, prepositions …)."""

    words: tuple[str, ...]


class WordList(Row):
    """Words that one rule asks for."""

    words: tuple[str, ...]


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of a list of data/actions.toml."""
    return next(frozenset(row.words) for row in tables.load("actions.toml", "list", WordList) if row.id == name)


class ActionRow(Row):
    """What can be done to something: the verbs and nouns that say so, and what it can be done to."""

    verbs: tuple[str, ...]
    forms: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    objects: tuple[str, ...]
    says: str | None = None
    person: str | None = None
    stop_and_search: tuple[str, ...] = ()

    @property
    def action(self) -> str | None:
        """The action as the record names it, if it has a name for it."""
        return self.id if self.says is None else self.says or None


@dataclass(frozen=True)
class Verb:
    """A form of a verb of data/actions.toml."""

    row: ActionRow
    participle: bool


@dataclass(frozen=True)
class Lexicon:
    """The tables as dictionaries: classes of words, verbs, verbs of two words, nouns of action."""

    classes: dict[str, str]
    verbs: dict[str, Verb]
    phrases: dict[tuple[str, str], Verb]
    nouns: dict[str, ActionRow]
    actions: dict[str, ActionRow]
    transparent: frozenset[str]


_TAGS = {
    "determiner": "d", "preposition": "p", "conjunction": "c", "be": "b", "have": "h", "relative": "r", "adverb": "a",
    "subordinator": "s", "pronoun": "n", "said": "o",
}  # fmt: skip


def _inflected(base: str) -> dict[str, bool]:
    """The forms of a regular verb, each with whether it may be a participle."""
    stem = base[:-1] if base.endswith("e") else base
    past = stem + "ed"
    if base.endswith("y") and base[-2] not in "aeiou":
        past = base[:-1] + "ied"
    doubled = {"stop": "stopp", "nab": "nabb", "admit": "admitt", "log": "logg", "refer": "referr", "drop": "dropp"}
    if base in doubled:
        stem = doubled[base]
        past = stem + "ed"
    if base == "die":
        stem = "dy"
    plural = base + ("es" if base.endswith(("s", "ch", "sh")) else "s")
    return {base: False, plural: False, past: True, stem + "ing": False}


@cache
def lexicon() -> Lexicon:
    """The lexicon of data/actions.toml."""
    classes: dict[str, str] = {}
    for row in tables.load("actions.toml", "words", WordClass):
        if tag := _TAGS.get(row.id):
            for word in row.words:
                classes.setdefault(word, tag)
    verbs: dict[str, Verb] = {}
    phrases: dict[tuple[str, str], Verb] = {}
    nouns: dict[str, ActionRow] = {}
    rows = tables.load("actions.toml", "action", ActionRow)
    for action in rows:
        for base in action.verbs:
            for form, participle in _inflected(base).items():
                verbs.setdefault(form, Verb(action, participle))
        for form in action.forms:
            first, _, second = form.partition(" ")
            verb = Verb(action, not first.endswith("ing"))
            if second:
                phrases[first, second] = verb
            else:
                verbs[first] = verb
        nouns.update(dict.fromkeys(action.nouns, action))
    transparent = next(r.words for r in tables.load("actions.toml", "words", WordClass) if r.id == "transparent")
    return Lexicon(classes, verbs, phrases, nouns, {r.id: r for r in rows}, frozenset(transparent))


@dataclass(frozen=True)
class Words:
    """The words of a text: offsets, lower-case forms, and one letter for the class of each.

    d determiner, p preposition, c conjunction, b form of *be*, h other auxiliary, r relative, s subordinator,
    n pronoun, a adverb, o other finite verb, v verb of the table, e other word in *-ed*, g other word in *-ing*,
    x digits, w any other word, "." end of a sentence, or the mark itself.
    """

    text: str
    start: list[int]
    end: list[int]
    low: list[str]
    tag: list[str]
    marked: dict[int, list[int]]  # the words for which some `Chosen` holds: their indices by the bits of those
    asked: int  # the bit of the first `Chosen` that had not been made

    def at(self, position: int) -> int:
        """Index of the first word that ends after the position."""
        return bisect_left(self.end, position + 1)

    def first_of_sentence(self, index: int) -> int:
        """Index of the first word of the sentence of a word, no further than a long sentence reaches."""
        tags, floor = self.tag, max(0, index - LONGEST_SENTENCE)
        while index > floor and tags[index - 1] not in ".\n":
            index -= 1
        return index

    def glued(self, index: int) -> bool:
        """Whether no space stands between a word and the next one."""
        return index + 1 < len(self.start) and self.end[index] == self.start[index + 1]


def _shape(low: str) -> str:
    """The class of a word that no table has."""
    first = low[0]
    if first.isdecimal():
        return "x"
    if not first.isalpha():
        return "." if first in _STOPS else first
    if low.endswith("ly") and len(low) > 5 and low not in word_list("no adverb"):
        return "a"
    if low.endswith("ed") and len(low) > 4:
        return "e"
    return "g" if low.endswith("ing") and len(low) > 5 else "w"


class Chosen:
    """Words for which something holds. All that are made share one look at each word of a text.

    Args:
        holds: Whether it holds for a word in lower case.
    """

    made: ClassVar[list[Chosen]] = []

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self.holds = holds
        self.bit = 1 << len(self.made)
        self.made.append(self)
        _FACTS.clear()  # whether it holds for the words so far is not known

    def indices(self, words: Words) -> list[int]:
        """Where words for which it holds stand in a text."""
        if self.bit >= words.asked:  # made since the text was split
            return [index for index, low in enumerate(words.low) if self.holds(low)]
        return sorted(chain.from_iterable([found for bits, found in words.marked.items() if bits & self.bit]))

    def some(self, words: Words) -> bool:
        """Whether there is such a word in a text."""
        if self.bit >= words.asked:
            return any(map(self.holds, words.low))
        return any(bits & self.bit for bits in words.marked)

    def offsets(self, words: Words) -> Iterator[int]:
        """Where they begin, and where the parts of those with a hyphen or an apostrophe do."""
        for index in self.indices(words):
            start, low = words.start[index], words.low[index]
            yield start
            if not low.isalpha():
                yield from (start + joint.end() for joint in _JOINT.finditer(low))


def parts_of(low: str) -> list[str]:
    """A word's parts between hyphens and apostrophes."""
    return _JOINT.split(low)


class _Facts(dict[str, tuple[str, int]]):
    """What a word is by itself, its class and the bits of what holds for it: worked out once for each."""

    def __missing__(self, low: str) -> tuple[str, int]:
        facts = _classes().get(low) or _shape(low), sum(chosen.bit for chosen in Chosen.made if chosen.holds(low))
        if len(self) < _FACTS_KEPT:
            self[low] = facts
        return facts


_FACTS = _Facts()
_CLASS, _BITS = itemgetter(0), itemgetter(1)


@cache
def _classes() -> dict[str, str]:
    lex = lexicon()
    return {**lex.classes, **dict.fromkeys(lex.verbs, "v")}


@cache
def _unsettled() -> Chosen:
    """Words whose class depends on the next word: first words of verbs of two words, and a few more; full stops."""
    known = frozenset({first for first, _ in lexicon().phrases} | {"class", "taken", "took", "as", *_STOPS})
    return Chosen(known.__contains__)


@lru_cache(maxsize=1)
def words_of(text: str) -> Words:
    """Splits a text into words and classes them. The last text is kept: two components read each."""
    pieces = _WORD.split(lowered(text))  # what lies between words, a word, what lies between, …
    offsets = list(accumulate(map(len, pieces)))
    starts, ends = offsets[:-1:2], offsets[1::2]
    lows = pieces[1::2]
    unsettled = _unsettled()
    facts = list(map(_FACTS.__getitem__, lows))
    tags = list(map(_CLASS, facts))
    bits = list(map(_BITS, facts))
    marked: defaultdict[int, list[int]] = defaultdict(list)
    for index, known in compress(enumerate(bits), bits):
        marked[known].append(index)
    words = Words(text, starts, ends, lows, tags, marked, 1 << len(Chosen.made))
    for index in unsettled.indices(words):
        if tags[index] == ".":
            tags[index] = _mark(text, ends[index], lows[index - 1] if index else "")
        elif index + 1 < len(lows):
            _pair(lows, tags, index)
    return words


def _mark(text: str, end: int, before: str) -> str:
    """Whether a full stop ends its sentence: "." or ","."""
    after = text[end : end + 2].lstrip(_OPENERS)
    return "." if (not after or after[0].isspace()) and before not in word_list("abbreviation") else ","


def _pair(lows: list[str], tags: list[str], index: int) -> None:
    """Classes a word and the next together: "handed in", "class a", "taken to"."""
    following = lows[index + 1]
    if lows[index] == "class" and tags[index + 1] == "d":
        tags[index + 1] = "w"
    if lows[index : index + 3] == ["as", "well", "as"]:
        tags[index : index + 3] = "c", "a", "a"
    if lows[index] in ("taken", "took") and following in word_list("after taken"):
        tags[index] = "o"
    if (lows[index], following) in lexicon().phrases:
        tags[index], tags[index + 1] = "v", "a"


def verb_at(words: Words, index: int) -> Verb | None:
    """The verb of the table at an index, the longer form first."""
    lex = lexicon()
    if index + 1 < len(words.low):
        pair = lex.phrases.get((words.low[index], words.low[index + 1]))
        if pair:
            return pair
    return lex.verbs.get(words.low[index])
