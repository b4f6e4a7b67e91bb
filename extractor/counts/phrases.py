"""The noun phrase that a numeral counts: where it ends, and what its head is."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.counts import categories
from extractor.language.words import Words, verb_at, word_list
from extractor.names import makes
from extractor.numbers.guards import head_guard, is_number
from extractor.numbers.numerals import SIGNS

_ADULT = 18
_LONGEST = 9  # words of a noun phrase behind its numeral
_QUOTES = "\"“”'‘’"
_NOUNS = {"stop", "search", "find", "rescue"}  # verbs that are nouns too
_MORE = {"other", "more", "such", "further", "another"}
_DEGREES = {"seriously", "slightly", "fatally"}
_ADJECTIVES = {"broken", "connected", "hidden", "known", "linked", "wanted"}  # verbs that are adjectives too
_NAMED = {"section", "class", "operation", "s"}
_SINGULAR_ENDS = ("ss", "us", "is")


@dataclass(frozen=True)
class Head:
    """The heads of a noun phrase: the index of its last word and the term of each coordinated head."""

    last: int
    terms: tuple[categories.Term | None, ...]
    first: int


def is_plural(word: str) -> bool:
    """Whether a word looks like a plural noun."""
    return (
        word in word_list("irregular plural")
        or (word.endswith("s") and len(word) > 3 and not word.endswith(_SINGULAR_ENDS))
        or word.endswith("men")
    )


def head_of(words: Words, index: int, plural: bool) -> tuple[Head | None, str | None]:
    """The head of the noun phrase whose words start at `index`; or the guard it falls under.

    Args:
        words: The words of the text.
        index: The word behind the numeral.
        plural: Whether the number asks for a plural noun.
    """
    if words.low[index : index + 1] in (["x"], ["×"]):
        index += 1  # "5 x burglaries"
    walk = _Walk(words, index, min(len(words.low), index + _LONGEST), plural)
    at = index
    while at < walk.stop and (after := walk.step(at)) > at:
        at = after
    if walk.reason or walk.best is None or (walk.joined and walk.term is None and plural):
        return None, walk.reason
    return _coordinated(words, index, walk.best, walk.term, plural), None


@dataclass
class _Walk:
    """A walk over the words behind a numeral; `best` is the last word that can be the head."""

    words: Words
    index: int
    stop: int
    plural: bool
    best: int | None = None
    term: categories.Term | None = None
    joined: bool = False  # "89 drink and drug drivers"
    reason: str | None = None

    def step(self, at: int) -> int:
        """The index behind the word at `at` if it belongs to the phrase, else `at`."""
        word, tag = self.words.low[at], self.words.tag[at]
        if tag in "wegv" and (tag == "w" or word in _NOUNS or self._named(at)):
            return self._noun(at)
        if tag == "x":
            return self._number(at)
        if word in SIGNS and at == self.index and self._next(at) == "x":
            return at + 2  # "four £10,000 fines"
        if tag in _QUOTES or (tag == "-" and at > self.index):
            return at + 1 if self._next(at) in ("w", "e", "g", "-") else at
        if word in _MORE:
            return at + 1
        if tag == "(" and self.term is None and self._abbreviated(at):
            return at + 3  # "London Rescue Service (LRS) workers"
        if self.best is None and self._modifies(at, word, tag):
            self.joined = self.joined or tag == "c"
            return at + 1
        return at

    def _abbreviated(self, at: int) -> bool:
        """Whether a name is told again by its capitals, with a noun behind the bracket."""
        words = self.words
        short = words.text[words.start[at + 1] : words.end[at + 1]] if at + 1 < self.stop else ""
        return short.isupper() and words.low[at + 2 : at + 3] == [")"] and words.tag[at + 3 : at + 4] == ["w"]

    def _next(self, at: int) -> str:
        return self.words.tag[at + 1] if at + 1 < self.stop else "."

    def _named(self, at: int) -> categories.Term | None:
        known = categories.term_at(self.words.low, self.index, at)
        if known or self.words.tag[at] != "w" or not (self.plural or self._next(at) not in ("w", "e", "g")):
            return known
        person = categories.person(self.words.low[at])
        return person if person and person.plural == self.plural else None

    def _modifies(self, at: int, word: str, tag: str) -> bool:
        """Whether a word that is no noun may stand before the head."""
        if tag == "c":
            return self.plural and not self.joined and at > self.index and word in ("and", "or", "&")
        if tag == "v":
            verb = verb_at(self.words, at)
            if verb is None or self._next(at) not in ("w", "v", "e"):
                return False
            return verb.participle or (self.plural and self._next(at) == "w" and word in verb.row.verbs)
        if tag == "o":
            return self.plural and word in _ADJECTIVES and self._next(at) == "w"
        return tag in "eg" or word in _DEGREES or (tag == "a" and self._graded(at, word))

    def _graded(self, at: int, word: str) -> bool:
        """Whether an adverb tells the degree of the adjective behind it: "four very dangerous weapons"."""
        return self.plural and self._next(at) in ("w", "e", "g") and (word == "very" or word.endswith("ly"))

    def _number(self, at: int) -> int:
        """Passes "17-year-old" and "section 59" in "two 17-year-old boys", "1 section 59 warning"."""
        if self.best is None and self.words.low[at] in word_list("service line"):
            return at + 1  # "153 hoax 999 calls"
        age = _age(self.words, at)
        if age is not None and self.words.low[age].endswith("olds"):
            young = self.words.low[at].isdecimal() and int(self.words.low[at]) < _ADULT
            self.best, self.term = age, categories.terms()["children" if young else "people"]
        if age is None and self.words.low[at - 1] in _NAMED:
            self.best, self.term = None, None
            return at + 1
        return at if age is None else age + 1

    def _noun(self, at: int) -> int:
        model = makes.car(self.words, self.index, at)
        if model is not None:
            self.best, self.term = model, categories.terms()["vehicles"]
            return model + 1
        word, term, tag = self.words.low[at], self._named(at), self.words.tag[at]
        if self.best is not None and (tag == "v" or (not self.plural and self.term and term and term.plural)):
            return at  # "in one incident officers stopped …"
        reason = head_guard(word)
        if reason and self.best is None and (reason != "frequency" or self.plural or self._next(at) != "w"):
            self.reason = reason
            return at
        if self.plural and not term and self._goes_on(at):
            return at + 1  # "police community support officers"
        if term and (term.plural or not self.plural or word in word_list("irregular plural")):
            self.best, self.term = at, term
        elif (self.plural and is_plural(word)) or (not self.plural and (self.best is None or self.term is None)):
            self.best, self.term = at, None
        elif self.best is not None and not term and not (self._next(at) == "w" and is_plural(self.words.low[at + 1])):
            return at  # a word that is no plural noun ends the phrase unless a plural follows
        return at + 1

    def _goes_on(self, at: int) -> bool:
        """Whether a known term of several words stands here, so that the word at `at` is no head."""
        low, tag = self.words.low, self.words.tag
        for last in range(at + 1, min(at + 4, self.stop)):
            if tag[last] != "w":
                return False
            term = categories.term_at(low, at, last)
            if term and term.plural and term.length > last - at:
                return True
        return False


def _age(words: Words, at: int) -> int | None:
    """Index of the last word of an age before its noun: "two 17-year-old boys"."""
    low = words.low
    if low[at + 1 : at + 2] == ["-"] and "".join(low[at + 2 : at + 3]).startswith("year"):
        at += 2
    elif "".join(low[at + 1 : at + 2]).startswith("year"):
        at += 1
    else:
        return None
    return at + 1 if low[at + 1 : at + 2] == ["old"] else at + 2 if low[at + 1 : at + 3] == ["-", "old"] else at


def _coordinated(words: Words, index: int, last: int, term: categories.Term | None, plural: bool) -> Head:
    """Takes in "and weapons" after "knives": a bare plural of the same kind."""
    found = [term]
    low, tag = words.low, words.tag
    while plural and term is not None and last + 2 < len(low) and low[last + 1] in ("and", "&", "or"):
        at, stop, nxt = last + 2, min(len(low), last + 6), None
        while at < stop and tag[at] in "we" and not is_number(low[at]):
            candidate = categories.term_at(low, last + 2, at)
            if candidate and candidate.plural and candidate.row.kind == term.row.kind:
                nxt = (at, candidate)
            at += 1
        if nxt is None:
            kind_animal = categories.term_at(low, last + 2, last + 2)
            if kind_animal and kind_animal.plural and kind_animal.row.id == "animal" and tag[last + 2] == "w":
                nxt = (last + 2, kind_animal)
            else:
                break
        last, candidate = nxt
        found.append(candidate)
        term = candidate
    return Head(last, tuple(found), index)
