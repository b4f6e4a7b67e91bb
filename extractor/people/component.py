"""People: who the case is about, what became of them, and for what; made of what the other components found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from extractor import spans
from extractor.models import (
    Age,
    Date,
    Mention,
    Offence,
    Organisation,
    Outcome,
    Person,
    PersonEvidence,
    Sentence,
    SentenceKind,
    Speaker,
)
from extractor.people import stages
from extractor.people.cases import Case
from extractor.people.offences import listed
from extractor.people.person import Person as Read
from extractor.text.layout import Layout
from extractor.text.source import Source

_SUSPENDED = re.compile(r"[^.\n]{0,60}\bsuspended\b|[^.\n]{0,12}\bsuspended")
_IN_PRISON = re.compile(
    r"(?:['’]? (?:in prison|imprisonment|in jail|behind bars|prison sentence|jail term|jail sentence|in custody|"
    r"custodial sentence"
    r"|prison term|in a young offenders['’] institution|detention|sentence))?"
)
_OTHER = re.compile(
    r"\b(?:an? )?(?:(?:indefinite )?hospital order|community order|\d+[- ](?:month|year) community order|"
    r"life imprisonment|life sentence|"
    r"conditional discharge|absolute discharge|suspended sentence|restraining order|criminal behaviour order)"
)
_FINED = re.compile(r"\bfined (£[\d,.]+)")
_LISTS = re.compile(r"charge|offence|sentenced as follows|convicted of|pleaded guilty|guilty to")
_CONDITION = re.compile(
    r"(?:suspended for (?:a period of )?|a total of (?:more than |over |almost |nearly )?|"
    r"last(?:ed|ing|s) (?:for )?|trial of )$"
)
_IN_COURT = ("charged", "remanded", "pleaded_guilty", "convicted", "acquitted", "sentenced")
_NEAR = 90  # characters between a court and the day of its hearing
_ENTRY = 90  # characters of an entry of a list
_YOUNG = 18
_AWAY = 40  # characters between a rank and a name


def resolve(
    doc: Doc,
    source: Source,
    layout: Layout,
    *,
    dates: Sequence[Date],
    organisations: Sequence[Organisation],
    speakers: Sequence[Speaker],
) -> list[Person]:
    """The people of a release as models, in the order in which they are first mentioned."""
    text = source.text
    low = spans.lowered(spans.text_of(doc))
    lines = [line for line in layout.lines if line.kind != "boilerplate"]
    sentences = [s for line in lines for s in line.sentences]
    officials = [
        (m.start, m.end)
        for speaker in speakers
        if speaker.rank or speaker.role or speaker.organisation
        for m in speaker.mentions
    ]
    bodies = [(m.start, m.end) for body in organisations for m in body.mentions]
    leads = {start: line.leads[0] for line in lines if line.leads for start, _ in line.sentences}
    case = Case(text, low, sentences, [*officials, *bodies], leads=leads)
    people = case.read()
    _read_lists(case, lines)
    return [
        _model(f"n{number}", person, text, low, dates, organisations, speakers)
        for number, person in enumerate(people, 1)
        if person.role()[0] or person.age is not None
    ]


def _read_lists(case: Case, lines: Sequence[object]) -> None:
    """Gives the entries of lists of charges to the person of their lead-in."""
    for line in lines:
        leads = getattr(line, "leads", ())
        if not leads or not _LISTS.search(case.low, *leads[0]):
            continue
        start, end = leads[0]
        person = next((p for p in case.people for a, b, _ in p.sentences if a <= start < b or a < end <= b), None)
        if person is not None:
            entries = [(_behind_bullet(case.low, s), e) for s, e in getattr(line, "sentences", ())]
            person.offences += [("charged", offence) for s, e in entries for offence in listed(case.low, s, e)]


def _behind_bullet(low: str, start: int) -> int:
    bullet = re.compile(r"[•●▪◦·*–—-]\s+").match(low, start)
    return bullet.end() if bullet else start


def _model(
    id_: str,
    person: Read,
    text: str,
    low: str,
    dates: Sequence[Date],
    organisations: Sequence[Organisation],
    speakers: Sequence[Speaker],
) -> Person:
    role, cue = person.role()
    outcome, told = _outcome(person, role)
    offences = _offences(person, outcome, text) if role in ("suspect", None) else ()
    court, hearing = _hearing(person, dates, organisations, outcome) if role != "victim" else (None, None)
    mentions = sorted(set(person.mentions), key=lambda m: m[0])
    speaker = next((s.id for s in speakers if person.name and s.name == person.name), None)
    sexual = role == "victim" and any("sexual" in o.categories for o in offences)
    return Person(
        id=id_,
        rule=person.rule,
        mentions=tuple(_mention(text, m) for m in mentions),
        name=person.name,
        role=role or "suspect",
        age=Age(start=person.age_at[0], end=person.age_at[1], text=text[slice(*person.age_at)], value=person.age)
        if person.age is not None and person.age_at
        else None,
        sex=person.sex if person.sex in ("male", "female") else None,
        home=_mention(text, person.home) if person.home else None,
        outcome=outcome,
        evidence=PersonEvidence(
            role=_mention(text, (cue.start, cue.end)) if cue else None,
            outcome=_mention(text, (told.start, told.end)) if told else None,
        ),
        offences=offences,
        sentences=_terms(person, text, low, dates) if outcome == "sentenced" else (),
        court=court,
        hearing=hearing,
        count=None,
        speaker=speaker,
        protected=(person.age is not None and person.age < _YOUNG) or sexual,
    )


def _mention(text: str, stretch: tuple[int, int]) -> Mention:
    start, end = stretch
    return Mention(start=start, end=end, text=text[start:end])


def _outcome(person: Read, role: str | None) -> tuple[Outcome | None, stages.Cue | None]:
    """The furthest stage, and the cue that tells it."""
    told = [cue.stage for cue in person.stages]
    best: str | None
    if role == "victim":
        known = [s for s in told if s in ("injured", "killed")]
        best = "killed" if "killed" in known else "injured" if known else None
    elif role == "missing":
        best = "found" if "found" in told else "missing"
    else:
        best = stages.furthest(told)
    cue = next((c for c in person.stages if c.stage == best), None)
    return best, cue  # type: ignore[return-value]


def _offences(person: Read, outcome: str | None, text: str) -> tuple[Offence, ...]:
    """The offences of the furthest stage; of an earlier one where that names none."""
    order = {stage: rank for rank, stage in enumerate(stages.SUSPECT)}
    named = sorted({order.get(stage, 0) for stage, _ in person.offences})
    late = order["charged"]
    chosen = (
        [rank for rank in named if rank >= late]
        if outcome and order.get(outcome, 0) >= late and any(r >= late for r in named)
        else named
    )
    if chosen and max(chosen) < late:
        chosen = [max(chosen)]
    elif chosen:
        guilty = [rank for rank in chosen if rank > order["remanded"]]
        chosen = guilty or chosen
    found: dict[str, Offence] = {}
    for stage, offence in person.offences:
        words = text[offence.start : offence.end]
        if (
            order.get(stage, 0) in chosen
            and words.casefold() not in found
            and not any(words.casefold() in known for known in found)
        ):
            found[words.casefold()] = Offence(
                start=offence.start, end=offence.end, text=words, categories=(offence.group,), number=offence.number
            )
    return tuple(sorted(found.values(), key=lambda o: o.start))


def _hearing(
    person: Read, dates: Sequence[Date], organisations: Sequence[Organisation], outcome: str | None
) -> tuple[str | None, str | None]:
    """The court named last for the person, and the date that its sentence gives."""
    courts = sorted((m.start, o.id) for o in organisations if o.kind == "court" for m in o.mentions)
    court = hearing = None
    for start, end, told in person.sentences:
        if not any(
            s in ("charged", "remanded", "pleaded_guilty", "convicted", "sentenced", "acquitted", "future")
            for s in told
        ):
            continue
        here = [(at, id_) for at, id_ in courts if start <= at < end]
        days = [
            d for d in dates if start <= d.start < end and d.type in ("DATE", "TIME") and d.value and "/" not in d.value
        ]
        if here:
            at, court = here[-1]
            near = min(days, key=lambda d: (d.type != "DATE", abs(d.start - at)), default=None)
            hearing = near.id if near else None
        elif days and hearing is None and any(s in ("sentenced", "future") for s in told):
            hearing = days[-1].id
    if court is None and outcome in _IN_COURT and len({id_ for _, id_ in courts}) == 1:
        at, court = courts[-1]
        day = next(
            (d for d in dates if d.type == "DATE" and d.value and "/" not in d.value and abs(d.start - at) < _NEAR),
            None,
        )
        hearing = hearing or (day.id if day else None)
    return court, hearing


def _terms(person: Read, text: str, low: str, dates: Sequence[Date]) -> tuple[Sentence, ...]:
    """What a court imposed on a person: the term of the person's own line, else the one nearest to the cue."""
    terms = [d for d in dates if d.type == "DURATION" and d.value and not _is_condition(low, d)]
    for start, end in person.mentions:
        line = _line(low, start)
        begin = low.rfind("\n", 0, start) + 1
        listed = [d for d in terms if end <= d.start < line and line - begin < _ENTRY]
        if listed and not stages.cues(low, begin, line):
            return (_term(text, low, listed[0]),)  # an entry of a list of defendants
    for cue in person.stages:
        if cue.stage == "sentenced":
            found = _imposed(person, cue, text, low, terms)
            if found:
                return (found,)
    return ()


def _line(low: str, at: int) -> int:
    """Where the line of an offset ends."""
    end = low.find("\n", at)
    return end if end >= 0 else len(low)


def _is_condition(low: str, term: Date) -> bool:
    """Whether a duration is that of a suspension or of a trial, or the total of several people."""
    before, behind = low[max(0, term.start - 34) : term.start], low[term.end : term.end + 12]
    return bool(_CONDITION.search(before)) or behind.startswith((" in total", " between", " trial", "-long trial"))


def _imposed(person: Read, cue: stages.Cue, text: str, low: str, terms: Sequence[Date]) -> Sentence | None:
    """What the sentence of a cue says was imposed."""
    start, end = next(((a, b) for a, b, _ in person.sentences if a <= cue.start < b), (cue.start, cue.end))
    own = max((m[0] for m in person.mentions if m[0] <= cue.start), default=start)
    near = next((d for d in terms if max(start, min(own, cue.start)) <= d.start < end), None)
    if near is not None:
        return _term(text, low, near)
    other = _OTHER.search(low, start, end) or _FINED.search(low, start, end)
    if other is None:
        return None
    words = other.group()
    kind: SentenceKind = "life" if "life" in words else "fine" if words.startswith("fined") else "order"
    at = {"start": other.start(), "end": other.end(), "text": text[other.start() : other.end()]}
    return Sentence(**at, kind=kind, value=None, suspended="suspended" in words)


def _term(text: str, low: str, term: Date) -> Sentence:
    behind = _IN_PRISON.match(low, term.end)
    end = behind.end() if behind else term.end
    suspended = _SUSPENDED.match(low, end) is not None or low[max(0, term.start - 14) : term.start].rstrip().endswith(
        "suspended"
    )
    return Sentence(
        start=term.start,
        end=end,
        text=text[term.start : end],
        kind="suspended" if suspended else "custody",
        value=term.value,
        suspended=suspended,
    )
