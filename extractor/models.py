"""The record: what `extract` returns, a frozen pydantic model of the entries that `extractor.entries` defines.

This is the module to import all models from. Its JSON Schema is schemas/release.v2.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pydantic import Field, model_validator

from extractor.entries import (
    Action,
    Age,
    Anchor,
    Count,
    Date,
    DateType,
    Evidence,
    Extent,
    Identified,
    Item,
    Kind,
    Link,
    Mention,
    Model,
    Modifier,
    Numeral,
    Offence,
    Operation,
    Organisation,
    OrganisationKind,
    Outcome,
    Person,
    PersonEvidence,
    Place,
    Provenance,
    PublishedFrom,
    Publisher,
    Quote,
    ReleaseKind,
    ReleaseWarning,
    Role,
    Segment,
    SegmentKind,
    Sentence,
    SentenceKind,
    SourceInfo,
    Speaker,
    Via,
)

__all__ = [
    "SCHEMA_VERSION",
    "Action",
    "Age",
    "Anchor",
    "Count",
    "Date",
    "DateType",
    "Evidence",
    "Extent",
    "Failure",
    "Identified",
    "Item",
    "Kind",
    "Link",
    "Mention",
    "Model",
    "Modifier",
    "Numeral",
    "Offence",
    "Operation",
    "Organisation",
    "OrganisationKind",
    "Outcome",
    "Person",
    "PersonEvidence",
    "Place",
    "Provenance",
    "PublishedFrom",
    "Publisher",
    "Quote",
    "Release",
    "ReleaseKind",
    "ReleaseWarning",
    "Role",
    "Segment",
    "SegmentKind",
    "Sentence",
    "SentenceKind",
    "SourceInfo",
    "Speaker",
    "Via",
    "mentions_of",
    "misplaced",
    "old_version",
    "schema_text",
]

SCHEMA_VERSION = "2.0"


class Failure(Model):
    """Stands in the place of a document that could not be processed."""

    source: str | None
    error: str = Field(description="Short stable code of the reason.")
    message: str


class Release(Model):
    """Everything found in one release. Lists are in text order; ids count in that order."""

    schema_version: str = Field(SCHEMA_VERSION, pattern=r"^2\.[0-9]+$", description="Version of this schema.")
    source: SourceInfo
    segments: tuple[Segment, ...]
    dates: tuple[Date, ...]
    counts: tuple[Count, ...]
    items: tuple[Item, ...]
    organisations: tuple[Organisation, ...]
    operations: tuple[Operation, ...]
    speakers: tuple[Speaker, ...]
    quotes: tuple[Quote, ...]
    people: tuple[Person, ...] = Field((), description="The people whom the case is about.")
    kinds: tuple[Kind, ...] = Field((), description="What sort of release it is, with the words that say so.")
    numerals: tuple[Numeral, ...] = Field((), description="Every numeral outside boilerplate, each once.")
    warnings: tuple[ReleaseWarning, ...]
    provenance: Provenance

    def entries(self) -> Iterator[Identified]:
        """All entries that have an id, list by list."""
        for rows in (self.dates, self.counts, self.items, self.organisations, self.operations, self.speakers,
                     self.quotes, self.people):  # fmt: skip
            yield from rows

    def entry(self, id_: str) -> Identified:
        """The entry that an id or a link names.

        Raises:
            KeyError: The record has no such entry.
        """
        for row in self.entries():
            if row.id == id_:
                return row
        raise KeyError(id_)

    def count(self, id_: str) -> Count:
        """The figure that an id names: ``release.count("c3")``.

        Raises:
            KeyError: The record has no such figure.
        """
        found = self.entry(id_)
        if not isinstance(found, Count):
            raise KeyError(id_)
        return found

    def ledger(self) -> dict[str, tuple[Numeral, ...]]:
        """The numerals by verdict, so that every number of the text is accounted for once."""
        verdicts = sorted({numeral.verdict for numeral in self.numerals})
        return {v: tuple(numeral for numeral in self.numerals if numeral.verdict == v) for v in verdicts}

    @model_validator(mode="after")
    def _links_resolve(self) -> Release:
        known = {row.id for row in self.entries()}
        links = [link for c in self.counts for link in (c.subset_of, c.same_as, c.quote)]
        _check_scope(self)
        links += [i.count for i in self.items] + [n.entry for n in self.numerals]
        links += [link for p in self.people for link in (p.court, p.hearing, p.count, p.speaker)]
        links += [s.organisation for s in self.speakers] + [q.speaker for q in self.quotes]
        missing = [link for link in links if link is not None and link not in known]
        if missing:
            raise ValueError(f"links to ids that the record does not have: {', '.join(missing)}")
        return self


def _check_scope(release: Release) -> None:
    """Raises ValueError if the day of a figure is no date of the record, or who is credited no organisation of it."""
    dates, bodies = {row.id for row in release.dates}, {row.id for row in release.organisations}
    missing = [c.when.id for c in release.counts if c.when and c.when.id not in dates]
    missing += [link.id for c in release.counts for link in c.organisations if link.id not in bodies]
    if missing:
        raise ValueError(f"links to ids that the record does not have: {', '.join(missing)}")


def old_version(data: object) -> str | None:
    """The version of a record of schema 1, which `extractor convert` has to move; None for anything else."""
    version = data.get("schema_version") if isinstance(data, Mapping) else None
    return version if isinstance(version, str) and version.startswith("1.") else None


def mentions_of(release: Release) -> list[Mention]:
    """Every stretch of text that a release quotes as evidence, in no particular order."""
    found: list[Mention] = [*release.dates, *release.counts, *release.items, *release.numerals, *release.kinds]
    found += [m for body in release.organisations for m in body.mentions]
    found += [m for operation in release.operations for m in operation.mentions]
    found += [m for speaker in release.speakers for m in speaker.mentions]
    found += [m for count in release.counts for m in _words_of(count.evidence)]
    found += [m for item in release.items for m in _words_of(item.evidence)]
    found += [m for person in release.people for m in _parts_of(person)]
    found += [c.where for c in release.counts if c.where] + [q.cue for q in release.quotes if q.cue]
    return found


def _words_of(evidence: Evidence | PersonEvidence) -> list[Mention]:
    return [m for m in dict(evidence).values() if m is not None]


def _parts_of(person: Person) -> list[Mention]:
    """Every stretch of text that tells something of a person."""
    parts = [*person.mentions, *person.offences, *person.sentences, *_words_of(person.evidence)]
    return parts + [part for part in (person.age, person.home) if part]


def misplaced(release: Release, text: str) -> list[Mention]:
    """The mentions whose characters are not what stands at their offsets: empty for every good record."""
    return [m for m in mentions_of(release) if text[m.start : m.end] != m.text]


def schema_text() -> str:
    """The JSON Schema of a record, as schemas/release.v2.json holds it."""
    return json.dumps(Release.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"
