"""The entries of a record as frozen pydantic models; `extractor.models` gives them to others, with the record itself.

The meaning of each field is written in its description and goes into schemas/release.v2.json.
All offsets are Unicode code points into the text as given, end exclusive.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

SegmentKind: TypeAlias = Literal["headline", "dateline", "paragraph", "list_item", "caption", "boilerplate"]
DateType: TypeAlias = Literal["DATE", "TIME", "DURATION", "SET"]
Anchor: TypeAlias = Literal["text", "published", "context"]
Modifier: TypeAlias = Literal["exact", "more_than", "at_least", "approximately", "less_than", "up_to"]
Action: TypeAlias = Literal[
    "arrested", "charged", "convicted", "sentenced", "cautioned", "seized", "recovered", "found", "surrendered",
    "searched", "executed", "stopped", "referred", "deployed", "visited", "safeguarded", "stolen", "injured",
    "killed",
]  # fmt: skip
OrganisationKind: TypeAlias = Literal[
    "police_force", "police_unit", "government", "council", "court", "prosecution", "emergency_service", "charity",
    "company", "media", "education", "health", "military", "other",
]  # fmt: skip

Via: TypeAlias = Literal["sentence", "heading", "story", "publisher"]
PublishedFrom: TypeAlias = Literal["given", "metadata", "page", "dateline", "name"]
ReleaseKind: TypeAlias = Literal[
    "appeal", "missing_person", "arrest", "charge", "court", "sentence", "operation", "seizure", "advice", "other",
]  # fmt: skip
Role: TypeAlias = Literal["suspect", "victim", "missing", "witness"]
Outcome: TypeAlias = Literal[
    "wanted", "arrested", "released", "cautioned", "charged", "remanded", "pleaded_guilty", "convicted", "acquitted",
    "sentenced", "killed", "injured", "missing", "found",
]  # fmt: skip

SentenceKind: TypeAlias = Literal["custody", "suspended", "life", "community", "fine", "order", "other"]

Offset: TypeAlias = Annotated[int, Field(ge=0, description="In Unicode code points of the text as given.")]
Category: TypeAlias = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)?$", description="id of the taxonomy")]


class Model(BaseModel):
    """Base of all models: frozen, and no field is accepted that the schema does not have."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Extent(Model):
    """A stretch of the text."""

    start: Offset
    end: Offset

    @model_validator(mode="after")
    def _not_empty(self) -> Extent:
        if self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}")
        return self


class Mention(Extent):
    """A stretch of the text with its characters: ``text[start:end] == mention.text``."""

    text: str = Field(description="The characters that stand there.")


class Identified(Model):
    """An entry that others of the record may point to."""

    id: str = Field(description="Unique within the record: a letter for the kind, a number in text order.")


class Publisher(Model):
    """The body that published the release."""

    name: str = Field(description="Full name, as given from outside or as the text has it.")
    key: str | None = Field(None, description="Row of data/organisations.toml, null for a body that is not there.")
    rule: str = Field(description="How it was found; given: from outside the text.")
    start: Offset | None = Field(None, description="Where the text names it; null if it was given from outside.")
    end: Offset | None = Field(None, description="Where that ends, exclusive.")

    @model_validator(mode="after")
    def _whole_place(self) -> Publisher:
        if (self.start is None) != (self.end is None):
            raise ValueError("a publisher has both start and end, or neither")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}")
        return self


class SourceInfo(Model):
    """Which text the record is about."""

    id: str | None = Field(description="Name of the document within its collection.")
    sha256: str = Field(description="Digest of the text in UTF-8.")
    characters: int = Field(ge=0, description="Length of the text in Unicode code points.")
    encoding: str = Field(description="How the bytes were decoded.")
    title: str | None = Field(None, description="As the file or its metadata gave it.")
    published: str | None = Field(None, description="Day of publication, YYYY-MM-DD.")
    url: str | None = Field(None, description="As the file or its metadata gave it.")
    published_from: PublishedFrom | None = Field(
        None,
        description="Where the day of publication comes from: given for the run or call, the metadata of the "
        "collection, the page or file itself, a dateline of the text, or the document's name.",
    )
    country: str | None = Field(
        None, description="ISO 3166-1 code of the country: given, else what the text tells; null if nothing is sure."
    )
    publisher: Publisher | None = Field(None, description="The body that published the release; null if not known.")
    derived_from: str | None = Field(
        None,
        description="Format of the file that the text was derived from (html, markdown, eml, docx, pdf): offsets count "
        "the derived text, which `extractor run --save-text` keeps. Null: the text is as it was given.",
    )


class Segment(Extent):
    """A part of the release's layout; in order, not overlapping."""

    kind: SegmentKind = Field(description="What it is; nothing is extracted from boilerplate.")


class Date(Mention, Identified):
    """A temporal expression: TIMEX3 type, EDTF (ISO 8601-2) value."""

    rule: str = Field(description="Row of data/dates.toml that found it.")
    type: DateType = Field(
        description="Of TIMEX3: a DATE is days, months or years, a TIME has a clock or part of a day."
    )
    value: str | None = Field(description="EDTF value; unknown parts are X; null if it cannot be settled.")
    earliest: str | None = Field(description="First calendar day, YYYY-MM-DD, when the value fixes it.")
    latest: str | None = Field(description="Last calendar day, YYYY-MM-DD, when the value fixes it.")
    anchor: Anchor | None = Field(
        description="What made the value whole: the text's own dates, `published`, or the context."
    )


class Evidence(Model):
    """The words of the clause that decided an action."""

    action: Mention | None = Field(None, description="The verb or noun that states the action.")
    agent: Mention | None = Field(None, description="Who did it, where the clause says so.")


class Link(Model):
    """A link to an entry that a figure is put under, and what of the text puts it there."""

    id: str = Field(description="id of the entry.")
    via: Via = Field(description="What says so: the sentence, a heading or lead-in, the story, or the publisher.")


class Place(Mention):
    """The place that a figure is put under."""

    via: Via = Field(description="What says so: the sentence, a heading or lead-in, the story, or the publisher.")


class Count(Mention, Identified):
    """A number that counts people, things, policing activity or money."""

    rule: str = Field(description="How the figure was found: the shape of its phrase or clause.")
    value: float | int = Field(description="The number.")
    value_max: float | int | None = Field(description="Upper end of a stated range (40-50).")
    modifier: Modifier = Field(description="How exactly the text gives the number.")
    unit: str = Field(description="item, person, activity, percent, place, an ISO 4217 code, or kg, g, t, l, m …")
    categories: tuple[Category, ...] = Field(description="What is counted, as ids of the taxonomy.")
    action: Action | None = Field(description="What was done, by the clause; null if it states nothing.")
    when: Link | None = Field(description="The date the text puts it under: its id, and via what.")
    where: Place | None = Field(description="Place the text puts it under.")
    organisations: tuple[Link, ...] = Field(description="The organisations the text credits it to: id, and via what.")
    subset_of: str | None = Field(description="id of the count it is a part of.")
    same_as: str | None = Field(description="id of the first count that tells the same figure.")
    quote: str | None = Field(description="id of the quotation it stands in.")
    evidence: Evidence = Field(Evidence(), description="The words that state the action and who did it.")

    @property
    def countable(self) -> bool:
        """Tell whether it adds to a sum: it is neither part of another figure nor one told again."""
        return self.subset_of is None and self.same_as is None


class Item(Mention, Identified):
    """A physical thing that police seized, recovered, found, or that was handed in."""

    rule: str = Field(description="How it was found.")
    category: Category
    action: Action | None = Field(description="How it came to police, by the clause.")
    count: str | None = Field(description="id of the count that says how many.")
    evidence: Evidence = Field(Evidence(), description="The words that state the action and who did it.")


class Organisation(Identified):
    """A named body, once, with all its mentions."""

    name: str = Field(description="Full (canonical) name.")
    kind: OrganisationKind = Field(description="What sort of body it is.")
    key: str | None = Field(description="Row of data/organisations.toml, null for names found by form.")
    mentions: tuple[Mention, ...] = Field(min_length=1, description="Every place that names it.")


class Operation(Identified):
    """A named police operation, once, with all its mentions."""

    name: str = Field(description="With the word Operation, whatever the text has.")
    mentions: tuple[Mention, ...] = Field(min_length=1, description="Every place that names it.")


class Speaker(Identified):
    """Somebody who is quoted, once, with all mentions."""

    name: str | None = Field(description="Fullest form in the release, or the description of an unnamed source.")
    rank: str | None = Field(description="As written at the attribution.")
    role: str | None = Field(description="Office or part in the story, as written.")
    organisation: str | None = Field(description="id of the organisation the wording links.")
    mentions: tuple[Mention, ...] = Field(description="Every place that names them.")


class Quote(Identified):
    """A quotation; several spans where it runs over paragraphs or is interrupted. Spans exclude the marks."""

    rule: str = Field(description="How its marks were read.")
    kind: Literal["direct", "partial"] = Field(description="A sentence or more, or a fragment.")
    text: str = Field(description="Its spans; joined by a blank line between paragraphs, by a space within one.")
    spans: tuple[Extent, ...] = Field(min_length=1, description="Where it stands, without the marks.")
    speaker: str | None = Field(description="id of the speaker.")
    cue: Mention | None = Field(description="The reporting verb, where one was found.")


class Age(Mention):
    """An age as the text gives it."""

    value: int = Field(ge=0, description="Whole years.")


class Offence(Mention):
    """An offence that a person is arrested for, charged with or convicted of."""

    categories: tuple[str, ...] = Field(description="Groups of data/offences.toml.")
    number: int | None = Field(description="How many counts of it are stated.")


class Sentence(Mention):
    """A sentence passed on a person, or the prison term in it."""

    kind: Literal["custody", "suspended", "life", "community", "fine", "order", "other"] = Field(
        description="Its sort."
    )
    value: str | None = Field(description="ISO 8601 duration of a term; null for fines and orders.")
    suspended: bool = Field(description="Whether it is suspended.")


class PersonEvidence(Model):
    """The words that decided a person's role and outcome."""

    role: Mention | None
    outcome: Mention | None


class Person(Identified):
    """A person whom the case is about, once, with all mentions."""

    rule: str = Field(description="The shape of the first mention.")
    mentions: tuple[Mention, ...] = Field(min_length=1, description="The phrases that name or describe the person.")
    name: str | None = Field(description="Fullest form in the release, without title.")
    role: Role = Field(description="Part in the case.")
    age: Age | None = Field(description="Age in whole years; null for ranges and decades.")
    sex: Literal["male", "female"] | None = Field(description="As title, noun or pronoun tells it.")
    home: Mention | None = Field(description="Where the person lives, as written.")
    outcome: Outcome | None = Field(description="The furthest stage of the case that the release states.")
    evidence: PersonEvidence = Field(description="The words that decided role and outcome.")
    offences: tuple[Offence, ...] = Field(description="The offences of the furthest stage.")
    sentences: tuple[Sentence, ...] = Field(description="What a court imposed.")
    court: str | None = Field(description="id of the court named last for the person.")
    hearing: str | None = Field(description="id of the date of the hearing at it, past or to come.")
    count: str | None = Field(description="id of the count that the person is one of.")
    speaker: str | None = Field(description="id of the speaker, where the person is quoted.")
    protected: bool = Field(description="Under 18, or a victim of a sexual offence.")


class Kind(Mention):
    """Name a sort of release, and the words that say so."""

    kind: ReleaseKind = Field(description="Its sort; a release may be of several.")


class Numeral(Mention):
    """A numeral or number word of the text, and what became of it."""

    verdict: str = Field(
        description="count, date, or why it is neither: age, phone, reference, road, law, name …, or unexplained."
    )
    entry: str | None = Field(description="id of the count or date it belongs to.")


class ReleaseWarning(Extent):
    """Something in the text that looks wrong or could not be settled."""

    code: str = Field(description="Short stable name of what is wrong.")
    message: str = Field(description="The same in words.")


class Provenance(Model):
    """What made the record; the same provenance and text give the same bytes."""

    extractor: str
    tables: str = Field(description="sha256 of all data tables.")
    model: str = Field(description="Name and version of the base model, or blank.")
