"""data/organisations.toml as rows and lookups: known bodies, forms of names, and the word lists of the grammar."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import ClassVar, Literal

from extractor import spans, tables
from extractor.language.words import Chosen, parts_of
from extractor.models import OrganisationKind
from extractor.names.capitals import Grammar

_FILE = "organisations.toml"


class Body(tables.Row):
    """A body that is known by name.

    Attributes:
        kind: What it is.
        name: Full name.
        aliases: Its other surface forms.
        cued: Forms that are common words too, and so need a cue.
        region: Area of a territorial force.
        data_police_uk: Its id at data.police.uk.
    """

    kind: OrganisationKind
    name: str
    aliases: tuple[str, ...] = ()
    cued: tuple[str, ...] = ()
    region: str | None = None
    data_police_uk: str | None = None

    def terms_of(self) -> list[str]:
        """Everything that names it: its full name too must be no other body's."""
        return list(dict.fromkeys([*self.surfaces(), *self.cued]))

    def surfaces(self) -> Iterator[str]:
        """All forms that name it without a cue."""
        known = [self.name, *self.aliases]
        if self.region:
            known += [f"{self.region} Police", f"{self.region} Constabulary"]
        for form in known:
            for spelling in (form, form.replace(" and ", " & ")):
                yield spelling
                if self.kind == "police_force":
                    yield spelling.replace(" Police", " police").replace(" Constabulary", " constabulary")


class Form(tables.Row):
    """A form of names that are in no table.

    Attributes:
        kind: What bodies of such a name are.
        heads: Words that show it.
        plural: Heads of a list of bodies.
        position: Whether the head ends the name, begins it, stands before it as its cue, or there is none and
            what stands beside the name shows it (coordination.py).
        lower: The head may be in lower case.
        modified: Words in lower case may stand before the head ("Warrington beat initiative team").
        place: Mostly a mere place, so kept only where it acts.
        least: How many words must stand before the head.
        canonical: What stands for the head in the full name.
    """

    terms_in: ClassVar[tuple[str, ...]] = ("plural",)

    kind: OrganisationKind
    heads: tuple[str, ...] = ()
    plural: tuple[str, ...] = ()
    position: Literal["first", "last", "cue", "beside"] = "last"
    lower: bool = False
    modified: bool = False
    place: bool = False
    least: int = 1
    canonical: str | None = None

    def spellings(self) -> Iterator[str]:
        """The heads as they may be written."""
        for head in self.heads:
            yield head
            if self.lower:
                first, space, rest = head.partition(" ")
                yield head.lower()
                yield first + space + rest.lower()

    def full(self, head: str) -> str:
        """The head as it stands in the full name."""
        return self.canonical or next((h for h in self.heads if h.casefold() == head.casefold()), head)


class Words(tables.Row):
    """A word list of the grammar."""

    words: tuple[str, ...]


@cache
def bodies() -> dict[str, Body]:
    """The rows of [[organisation]] by id."""
    return {row.id: row for row in tables.load(_FILE, "organisation", Body)}


@cache
def forms() -> dict[str, Form]:
    """The rows of [[form]] by id."""
    return {row.id: row for row in tables.load(_FILE, "form", Form)}


@cache
def words(id: str) -> frozenset[str]:
    """A list of [[words]]."""
    return next(frozenset(row.words) for row in tables.load(_FILE, "words", Words) if row.id == id)


@cache
def grammar() -> Grammar:
    """The word lists that names are built with."""
    return Grammar(*map(words, ("stops", "openers", "modifiers", "joiners", "takes_of", "possessives")))


@cache
def alone() -> dict[str, str]:
    """The id of the body that each surface names."""
    return {surface: body.id for body in bodies().values() for surface in body.surfaces()}


@cache
def cued() -> dict[str, str]:
    """The id of the body that each form names which needs a cue."""
    return {form: body.id for body in bodies().values() for form in body.cued}


@cache
def regions() -> dict[str, str]:
    """The id of the territorial force of each region."""
    return {body.region: body.id for body in bodies().values() if body.region}


@cache
def abbreviations() -> frozenset[str]:
    """Words in capitals that stay so in a headline in capitals."""
    return frozenset(surface for surface in alone() if surface.isupper()) | words("capitals")


@cache
def terms() -> spans.Terms:
    """All surfaces in one trie; each maps to ``what:id,id``."""
    tags = dict.fromkeys(words("nobodies"), "nobody:")
    for surface, id in alone().items():
        tags.setdefault(surface, f"body:{id}")
    tags.update({surface: f"cued:{id}" for surface, id in cued().items()})
    heads: dict[str, dict[str, None]] = {}
    for form in forms().values():
        tags.update(dict.fromkeys(form.plural, f"plural:{form.id}"))
        for head in form.spellings():
            heads.setdefault(head, {})[form.id] = None
    return spans.Terms(tags | {head: "form:" + ",".join(ids) for head, ids in heads.items()})


@cache
def beginnings() -> Chosen:
    """Words with which a surface may begin."""
    known = terms().first_words()
    return Chosen(lambda low: low[0].isdigit() or not known.isdisjoint(parts_of(low)))
