"""Finds the phrases that name or describe one person: "John Smith, 34, of Park Lane, Leeds", "a 25-year-old man".

Each phrase is one expression over the text; its groups are the parts of the mention (name, age, home, noun). All
offsets are code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex as re

from extractor import tables
from extractor.numbers.numerals import words_table
from extractor.tables import Row

_UPPER = "A-ZÀ-ÖØ-ÞŁŚŠŽ"
_WORD = rf"(?:(?:O|D|Mc|Mac|Ní|Ó)?['’]?[{_UPPER}][\w'’-]*[\w]|[{_UPPER}]\.?)"
_LINK = r"(?:de|da|di|van|von|der|den|al|el|bin|ibn|ap|le|la|Uí|Ní|Ó|Mac|Mc|St\.?)"
_NAME = rf"(?P<name>{_WORD}(?:[ \u00a0](?:{_LINK}[ \u00a0])?{_WORD}){{1,3}})"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady)\.?[ \u00a0])?"
_NUMBER = (
    r"(?:\d{1,3}|(?i:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|"
    r"eight|nine))?|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen))"
)
_YEARS_OLD = rf"(?P<age>{_NUMBER})[- \u00a0]?(?:years?|yrs?)[- \u00a0]?olds?"
_DECADE = (
    r"in (?:his|her|their) (?:early |mid[- ]?|late )?(?:teens|twenties|thirties|forties|fifties|sixties|"
    r"seventies|eighties|\d0['’]?s)"
)
_AGE_BEHIND = (
    rf"(?:,? (?:who is )?(?:now )?aged (?:{_DECADE}|(?P<age>\d{{1,3}}))|"
    rf",? \((?:aged )?(?P<age2>\d{{1,3}})(?P<of_in>,? (?:of|from) [^)]+)?\)"
    rf"|,? ?(?P<age5>\d{{1,3}})[- ]years?[- ]olds?|, ?(?P<age3>\d{{1,3}})(?=[,;:.\s)]|$)|,? who is (?P<age4>\d{{1,3}}))"
)
_PLACE = rf"(?:[{_UPPER}][\w'’-]*(?:(?<=\bSt)\.)?|[A-Z]{{1,2}}\d{{1,2}})"
_NO_PERSON = rf"(?! and {_WORD}(?: {_WORD})+,? \(?(?:aged )?\d)"
_HOME = (
    rf"(?:,? ?(?:and |but |also |and also |both |originally |formerly |who lives |living |a resident )?(?:of|"
    rf"from|in|at) "
    rf"(?P<home>(?:the )?{_PLACE}(?:{_NO_PERSON}(?: (?:upon|on|under|the|le|by|in|and|of|"
    rf"area of)){{0,2}} {_PLACE}| area)*"
    rf"(?:, (?!(?:and|who|was|on|after)\b)(?:near )?{_PLACE}(?:(?: (?:upon|on|under|the|le|by|in|"
    rf"of)){{0,2}} {_PLACE})*)*(?: area)?)"
    rf"|,? (?:and |but )?(?:of|with|who is of) (?P<nfa>no (?:fixed|known|permanent) (?:abode|address)))?"
)
_NOUN = (
    r"(?P<noun>man|woman|boy|girl|teenager|youth|male|female|driver|motorist|motorcyclist|cyclist|pedestrian|"
    r"pensioner|student|passenger|rider|juvenile|teen|victim|suspect|resident|person|motorbike rider|lady|"
    r"gentleman|father|mother|child|toddler)"
)
_KIND = rf"(?:(?P<from>(?:[{_UPPER}][\w'’-]+ )+)|[a-z-]+ )??"
NAMED = re.compile(rf"\b{_TITLE}{_NAME}{_AGE_BEHIND}{_HOME}")
AGED_NAME = re.compile(rf"\b{_YEARS_OLD},? (?:(?!of|from|in|at|with|and)[a-z]+ )?{_TITLE}{_NAME}(?:,?{_HOME})")
DESCRIBED = re.compile(
    rf"\b(?P<det>(?=\d\d[- ]year[- ]old (?:[a-z]+ )?[a-z])|[Aa]n?|[Tt]he|[Aa]nother|[Aa] further|[Oo]ne|"
    rf"[Aa] second|[Aa] third|[Hh]is|[Hh]er|[Tt]heir|[Tt]his|[Tt]hat|[Aa] local)(?(?=\d)| )"
    rf"(?:{_YEARS_OLD}(?:,? {_KIND}{_NOUN})?|{_KIND}{_NOUN}(?P<behind>,? ?(?:who is |"
    rf"believed to be )?(?:aged )?(?:{_DECADE}|(?P<age2>\d{{1,3}})(?:[- ]years?[- ]old)?(?=[,;.\s])))){_HOME}",
)
PLAIN = re.compile(
    rf"\b(?P<det>[Aa]n?|[Tt]he|[Aa]nother|[Oo]ne|[Aa] second|[Aa] third|[Aa] further|[Hh]is|[Hh]er|[Tt]heir) "
    rf"(?:(?!year)[a-z]+(?:-[a-z]+)? )?{_NOUN}\b{_HOME}"
)
BARE_NAME = re.compile(rf"\b{_TITLE}{_NAME}\b")
# "Two men, aged 27 and 31", "three boys aged 15, 17 and 19", "Two men aged 27 and 31 from Hull"
AGES = re.compile(
    r"\b(?P<count>[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Tt]he|\d)(?: (?:other |local |more |[a-z]+ )?"
    r"(?P<noun>men|women|boys|girls|teenagers|youths|people|males|females|suspects|teens|brothers|teenage boys|"
    r"others))?,? "
    r"(?:both |all |were |who are |and )?(?:aged |\()(?:between )?(?P<ages>\d{1,2}(?:, \d{1,2})*,? and \d{1,2})\b"
)
_FEMALE = frozenset({"woman", "girl", "female", "lady", "mother", "women", "girls", "females"})
_MALE = frozenset({"man", "boy", "male", "gentleman", "father", "men", "boys", "males", "brothers", "teenage boys"})
Stretch = tuple[int, int]


@dataclass(slots=True)
class Found:
    """A phrase that names or describes one person.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        rule: The shape of the phrase.
        name: The name without title, or None.
        age: In whole years, or None.
        age_at: Where the age stands.
        sex: male, female or None.
        home: Where the home stands.
        noun: The noun that describes the person, or None.
        definite: Whether the phrase speaks of somebody who is known already.
    """

    start: int
    end: int
    rule: str
    name: str | None = None
    age: int | None = None
    age_at: Stretch | None = None
    sex: str | None = None
    home: Stretch | None = None
    noun: str | None = None
    definite: bool = False


def found(text: str, is_name: object = None) -> list[Found]:
    """The phrases of a text in order; where two overlap, the richer one stays."""
    from_shapes = [*_named(text), *_aged(text), *_described(text), *_by_ages(text), *_plain(text)]
    taken: list[Found] = []
    for person in sorted(from_shapes, key=_rank):
        if all(person.end <= other.start or person.start >= other.end for other in taken):
            taken.append(person)
    return sorted(taken, key=lambda p: p.start)


_ORDER = ("aged-name", "named", "ages", "described", "plain")


def _rank(person: Found) -> tuple[int, int]:
    return _ORDER.index(person.rule), person.start


def _named(text: str) -> Iterator[Found]:
    for hit in NAMED.finditer(text):
        age = next((n for n in ("age", "age2", "age3", "age4", "age5") if hit[n]), None)
        name, start = proper(hit["name"], hit.start("name"))
        if name is None or (age and not 10 <= int(hit[age]) <= 105):
            continue
        inner = re.match(r",? (?:of|from) (.+)", hit["of_in"]) if hit["of_in"] else None
        home = (hit.start("of_in") + inner.start(1), hit.start("of_in") + inner.end(1)) if inner else _home(hit)
        yield Found(start, hit.end(), "named", name, int(hit[age]) if age else None, hit.span(age) if age else None,
                    _title_sex(hit.group()), home)  # fmt: skip


def _aged(text: str) -> Iterator[Found]:
    for hit in AGED_NAME.finditer(text):
        name, start = proper(hit["name"], hit.start("name"))
        if name is None or start != hit.start("name"):
            continue
        yield Found(hit.start(), hit.end(), "aged-name", name, years(hit["age"]), hit.span("age"), None, _home(hit))


def _described(text: str) -> Iterator[Found]:
    for hit in DESCRIBED.finditer(text):
        age = "age" if hit["age"] else "age2" if hit["age2"] else None
        noun = hit["noun"]
        value = years(hit[age]) if age else None
        home = _home(hit)
        if home is None and hit["from"] and noun:
            home = (hit.start("from"), hit.end("from") - 1)
        known = hit["det"].lower() in ("the", "this", "that")
        at = hit.span(age) if age else None
        yield Found(hit.start(), hit.end(), "described", None, value, at, sex_of(noun), home, noun, known)


def _plain(text: str) -> Iterator[Found]:
    for hit in PLAIN.finditer(text):
        yield Found(hit.start(), hit.end(), "plain", sex=sex_of(hit["noun"]), home=_home(hit), noun=hit["noun"],
                    definite=hit["det"].lower() in ("the",))  # fmt: skip


def _by_ages(text: str) -> Iterator[Found]:
    for hit in AGES.finditer(text):
        for number in re.finditer(r"\d{1,2}", hit["ages"]):
            start = hit.start("ages") + number.start()
            end = hit.start("ages") + number.end()
            yield Found(
                start, end, "ages", None, int(number.group()), (start, end), sex_of(hit["noun"]), None, hit["noun"]
            )


def _home(hit: re.Match[str]) -> Stretch | None:
    return hit.span("home") if hit["home"] else None


def sex_of(noun: str | None) -> str | None:
    """The sex that a noun tells."""
    return "female" if noun in _FEMALE else "male" if noun in _MALE else None


def _title_sex(text: str) -> str | None:
    return (
        "male"
        if text.startswith("Mr") and not text.startswith("Mrs")
        else "female"
        if text.startswith(("Mrs", "Ms", "Miss"))
        else None
    )


def years(words: str) -> int | None:
    """A number of years in digits or words.

    >>> years("34"), years("Thirty-seven"), years("nineteen")
    (34, 37, 19)
    """
    if words.isdecimal():
        return int(words)
    small = words_table().small
    return sum(small.get(part, 0) for part in words.lower().split("-")) or None


class WordsRow(Row):
    """Words that one rule asks for."""

    words: tuple[str, ...]


@cache
def _no_name() -> frozenset[str]:
    return next(frozenset(r.words) for r in tables.load("people.toml", "words", WordsRow) if r.id == "no name")


def is_name_word(word: str) -> bool:
    """Tell whether a word in capitals may be a name."""
    return word not in _no_name()


def proper(name: str, start: int) -> tuple[str | None, int]:
    """A name without what is none: words before it that open the sentence or are a rank; None if nothing is left."""
    words = re.split(r"([ \u00a0])", name)
    while words and words[0] in _no_name():
        start += len(words[0]) + (len(words[1]) if len(words) > 1 else 0)
        words = words[2:]
    plain = [w for w in words if w.strip()]
    if len(plain) < 2 or any(
        w in _no_name() or any(c.isdigit() for c in w) or (len(w) > 3 and w.isupper()) for w in plain
    ):
        return None, start
    return "".join(words), start
