"""The words of data/speech.toml as compiled expressions: reporting verbs, ranks, titles, roles, descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import ClassVar, Literal

from extractor import spans, tables

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_FILE = "speech.toml"
_DETERMINERS = "an?|the|his|her|their|our|one|another|both|two"
_POSSESSIVE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr) )?[A-Z][\w-]*['’]s?"
_STANDING = r"(?: \((?:T|A|Temp|Acting|Temporary)\))?"


class Forms(tables.Row):
    """Words of one kind."""

    forms: tuple[str, ...]
    terms_in: ClassVar[tuple[str, ...]] = ("forms",)


class Verb(Forms):
    """Forms of a reporting verb; a weak one reports only what follows it at once."""

    weak: bool = False


class Rank(Forms):
    """Names of one rank: `forms` in any case, `short` as written."""

    short: tuple[str, ...]
    terms_in: ClassVar[tuple[str, ...]] = ("forms", "short")


class Role(Forms):
    """Heads of roles; `surname`: as the last word of a name it is a surname ("Tom Bishop")."""

    surname: bool = False


class Title(Forms):
    """A form of address; `role`: it is an office as well."""

    role: bool = False


class NotName(Forms):
    """Words with a capital that are never part of a name, or never its first word."""

    part: Literal["never", "first"]


def _words(section: str, kind: type[Forms] = Forms) -> list[str]:
    return [form for row in tables.load(_FILE, section, kind) for form in row.forms]


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def _any_case(words: Iterable[str]) -> str:
    return f"(?i:{spans.trie_expression(w.lower() for w in words)})"


def _begins(words: Iterable[str]) -> str:
    """What only looks whether one of the words may begin here: at most places none can, and this tells it at once."""
    return f"(?=[{re.escape(''.join(sorted({c for word in words for c in (word[0].lower(), word[0].upper())})))}])"


class Lexicon:
    """The compiled expressions.

    Attributes:
        verb: Reporting verbs; the lower-case forms of weak ones are in `weak`.
        rank: A rank with what may stand before it ("T/DI", "Acting Chief Inspector").
        title: Forms of address before a name; those that are an office are in `offices`.
        role: Heads of roles; those that are surnames too are in `surnames`.
        unnamed: Descriptions of people ("a spokesperson", "his family").
        described: The head of a description right behind a name ("Ergobaby spokesperson").
        honours: Letters behind a name.
        never: Words with a capital that are in no name.
        not_first: Those, and the ones that begin no name.
    """

    def __init__(self) -> None:
        self._ranks()
        verbs = tables.load(_FILE, "verb", Verb)
        self.verb = re.compile(rf"(?<![\w-]){_any_case(_words('verb', Verb))}(?![\w-])")
        self.weak = frozenset(form for row in verbs if row.weak for form in row.forms)
        titles = tables.load(_FILE, "title", Title)
        self.title = re.compile(
            rf"(?<!\w){_begins(_words('title', Title))}(?:{_longest_first(_words('title', Title))})"
            rf"(?=(?: \([A-Z]{{1,5}}\))?,? [{UPPER}])"
        )
        self.offices = frozenset(form for row in titles if row.role for form in row.forms)
        roles = tables.load(_FILE, "role", Role)
        self.role = re.compile(rf"(?<![\w-]){_any_case(_words('role', Role))}(?![\w-])")
        self.surnames = frozenset(form for row in roles if row.surname for form in row.forms)
        noun = _any_case({*_words("unnamed"), *_words("role", Role)})
        self.unnamed = re.compile(
            rf"(?<![\w-])(?=[A-Z{''.join(sorted({word[0] for word in _DETERMINERS.split('|')}))}])"
            rf"(?:(?:(?i:{_DETERMINERS})|{_POSSESSIVE}) (?:(?!(?:{_DETERMINERS})\b)[\w’'-]+ ){{0,7}}?"
            rf"|(?:[A-Z][\w-]* ){{0,4}}(?=(?i:spokes))){noun}s?(?: {noun}s?)?(?![\w-])"
        )
        self.described = re.compile(rf" (?:{spans.trie_expression(_words('unnamed'))})(?![\w-])")
        self.honours = frozenset(_words("honours"))
        barred = tables.load(_FILE, "not_name", NotName)
        self.never = frozenset(form for row in barred if row.part == "never" for form in row.forms)
        self.not_first = frozenset(form for row in barred for form in row.forms)

    def _ranks(self) -> None:
        prefixes = _words("prefix")
        joined = [p for p in prefixes if p.endswith(("/", "-"))]
        spaced = [p for p in prefixes if p not in joined]
        short = [form for row in tables.load(_FILE, "rank", Rank) for form in row.short]
        ranks = _words("rank", Rank)
        prefix = rf"(?:(?:{_longest_first(joined)}) ?|(?i:{_longest_first(spaced)}) )"
        self.rank = re.compile(
            rf"(?<![\w/-]){_begins([*prefixes, *ranks, *short])}"
            rf"{prefix}{{0,4}}(?:{_any_case(ranks)}(?i:s?)|(?:{_longest_first(short)}))"
            rf"(?:\.(?= )|(?![\w./-])){_STANDING}"
        )


@cache
def lexicon() -> Lexicon:
    """The lexicon, built once."""
    return Lexicon()
