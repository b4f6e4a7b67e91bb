"""Categories from noun phrases: the longest term of data/items.toml that ends at the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import Field

from extractor import tables
from extractor.language.morphology import singular
from extractor.language.words import Chosen, Words
from extractor.tables import Row

LONGEST = 5  # words of the longest term


class CategoryRow(Row):
    """A category of the taxonomy; `kind` is thing, person, activity or place."""

    terms_in = ("terms",)

    label: str
    kind: str
    terms: tuple[str, ...]
    plurals: dict[str, str] = Field(default_factory=dict)
    action: str | None = None
    stop_and_search: tuple[str, ...] = ()


class StopAndSearchRow(Row):
    """The objects or the outcomes of stop and search that data.police.uk has; `other` correspond to nothing here."""

    values: tuple[str, ...]
    other: tuple[str, ...]


class PersonRow(Row):
    """Nouns that name people by their ending, and the words with such an ending that do not."""

    endings: tuple[str, ...]
    exceptions: tuple[str, ...]


class ContainerRow(Row):
    """Nouns of measure and container, which pass their category on to what follows "of"."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A noun of the taxonomy in one of its forms."""

    row: CategoryRow
    plural: bool
    length: int


def plural_of(term: str) -> str:
    """The regular plural of a noun.

    >>> plural_of("sim card"), plural_of("box"), plural_of("lorry"), plural_of("set of scales")
    ('sim cards', 'boxes', 'lorries', 'sets of scales')
    """
    head, of, rest = term.partition(" of ")
    if head.endswith(("s", "x", "ch", "sh")):
        head += "es"
    elif head.endswith("y") and head[-2:-1] not in "aeiou":
        head = head[:-1] + "ies"
    elif head.endswith("knife"):
        head = head[:-2] + "ves"
    elif head.endswith((" man", "woman")):
        head = head[:-2] + "en"
    else:
        head += "s"
    return head + of + rest


@cache
def terms() -> dict[str, Term]:
    """Every form of every term."""
    found: dict[str, Term] = {}
    rows = tables.load("items.toml", "category", CategoryRow)
    for row in rows:
        for term in row.terms:
            length = term.count(" ") + 1
            found[term] = Term(row, False, length)
            found.setdefault(plural_of(term), Term(row, True, length))
    for row in rows:
        for form, term in row.plurals.items():
            if term:
                found[form] = Term(row, True, form.count(" ") + 1)
    return found


@cache
def last_words() -> frozenset[str]:
    """The words with which a term can end: most words of a text do not."""
    return frozenset(form.rpartition(" ")[2] for form in terms())


@cache
def containers() -> frozenset[str]:
    """Nouns of measure and container, singular and plural."""
    words = [w for row in tables.load("items.toml", "container", ContainerRow) for w in row.words]
    return frozenset(words + [plural_of(w) for w in words])


@cache
def mass() -> frozenset[str]:
    """Nouns that name a thing without a determiner."""
    return frozenset(w for row in tables.load("items.toml", "mass", ContainerRow) for w in row.words)


@cache
def kinds() -> dict[str, str]:
    """The kind of each category."""
    return {row.id: row.kind for row in tables.load("items.toml", "category", CategoryRow)}


@cache
def actions() -> dict[str, str]:
    """What some activities are by themselves: an arrest is arrested."""
    rows = tables.load("items.toml", "category", CategoryRow)
    return {row.id: row.action for row in rows if row.action}


@cache
def crosswalk() -> dict[str, tuple[str, ...]]:
    """The categories that correspond to each object and outcome of stop and search of data.police.uk.

    >>> crosswalk()["Firearms"]
    ('weapon.firearm', 'weapon.ammunition')
    """
    rows = tables.load("items.toml", "category", CategoryRow)
    known = [v for row in tables.load("items.toml", "stop_and_search", StopAndSearchRow) for v in row.values]
    return {value: tuple(row.id for row in rows if value in row.stop_and_search) for value in known}


@cache
def _people() -> tuple[tuple[str, ...], frozenset[str], CategoryRow]:
    row = tables.load("items.toml", "person", PersonRow)[0]
    categories = {r.id: r for r in tables.load("items.toml", "category", CategoryRow)}
    things = next(r.words for r in tables.load("nouns.toml", "nouns", NounRow) if r.id == "not-person")
    return row.endings, frozenset((*row.exceptions, *things.split())), categories[row.id]


class NounRow(Row):
    """Nouns of a class, made by scripts/nouns.py."""

    words: str


@cache
def _nouns() -> dict[str, CategoryRow]:
    """The category of each noun of data/nouns.toml; words of the taxonomy win."""
    rows = {row.id: row for row in tables.load("items.toml", "category", CategoryRow)}
    listed = tables.load("nouns.toml", "nouns", NounRow)
    none = {word for row in tables.load("items.toml", "no_thing", ContainerRow) for word in row.words}
    return {w: rows[row.id] for row in listed if row.id in rows for w in row.words.split() if w not in none}


def noun(word: str) -> Term | None:
    """The term of a noun that names a physical thing which the taxonomy does not have: "chainsaws"."""
    plural = singular(word)
    if word in containers():
        return None
    row = _nouns().get(plural or word)
    return Term(row, plural is not None, 1) if row else None


def person(word: str) -> Term | None:
    """The term of a noun that names people by its ending: "shopkeepers", "cellist"."""
    endings, exceptions, row = _people()
    plural = word.endswith(("ers", "ors", "ists", "men", "ians"))
    single = word[:-1] if plural and word.endswith("s") else word[:-2] + "an" if plural else word
    if len(single) < 5 or not single.endswith(endings) or single.rpartition("-")[2] in exceptions:
        return None
    return Term(row, plural, 1)


def ends(words: Words) -> list[int]:
    """Indices of the words with which a term may end, a compound of a term among them."""
    return _term_ends().indices(words)


@cache
def _term_ends() -> Chosen:
    known = last_words()
    return Chosen(lambda word: word in known or "-" in word or "’" in word)


def things(words: Words) -> list[int]:
    """Indices of the words with which a term for a thing may end."""
    return _thing_ends().indices(words)


@cache
def _thing_ends() -> Chosen:
    known = {form.rpartition(" ")[2] for form, term in terms().items() if term.row.kind == "thing"}
    return Chosen(lambda word: word in known)


def named(words: Words) -> list[int]:
    """Indices of the words that can name a thing: those with which a term may end, and nouns of data/nouns.toml."""
    return sorted({*ends(words), *_known_nouns().indices(words)})


@cache
def _known_nouns() -> Chosen:
    return Chosen(lambda word: noun(word) is not None)


def term_at(low: Sequence[str], first: int, last: int) -> Term | None:
    """The longest term that ends with the word at `last` and does not start before `first`."""
    known, word = terms(), low[last]
    if word in last_words() or "’" in word:
        for begin in range(max(first, last - LONGEST + 1), last + 1):
            term = known.get(" ".join(low[begin : last + 1]).replace("’", "'"))
            if term:
                return term
    return known.get(word.rpartition("-")[2]) if "-" in word else None
