"""The speakers of a release: one entry for a person, under the fullest name, with all mentions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor import spans
from extractor.models import Mention, Organisation, Speaker
from extractor.names.titles import lexicon
from extractor.quotes.attribution import Attribution
from extractor.quotes.people import Subject, fullest, role_behind, subjects

_KEEPS_SPEAKER = frozenset(
    ("added", "adds", "adding", "add", "continued", "continues", "concluded", "concludes", "went on")
)
_ALSO_SAID = frozenset(
    ("and", "and then", "then", "but", "before")
)  # all that stands between two quotations: … and said "…"
# A relative clause links to an organisation only if its verb says that the speaker belongs there.
_ELSEWHERE = re.compile(
    r"\bwho(?:se)?\b(?! (?:leads?|led|is|was|heads?|runs?|joined|works?|manages?|has led|represents?)\b)", re.IGNORECASE
)
_BODY_BEFORE = re.compile(r"(?:[A-Z][\w&]*(?:['’]s?)?,? |and |of (?=[A-Z]))+$")
_CALLED = ("Mr", "Mrs", "Ms", "Miss", "Dr", "Mr.", "Mrs.")
# What completes a description: "a spokesperson for the family", "the mother of Ann Bell".
_OF_WHOM = re.compile(
    r" (?:for|from|of|at) (?:(?:the|an?|his|her|their) )?(?:(?:[a-z-]+ ){1,2}(?=[A-Z]))?"
    r"[\w’'&-]+(?: (?:(?:of|and|the|for) )?[A-Z&][\w’'&-]*){0,6}"
)
_PREDICATE = re.compile(r",? (?:\(?\d\d\)?,? )?(?:who|is|was|has|had|said|told|live|work|[a-z]{3,}(?:[^s]s|ed))\b")
_WHOSE = re.compile(r"[A-Z][\w&]*(?: [A-Z&][\w&]*){0,4}['’]s? ")  # "Kent Police's Ann Bell"
_MORE_ABOUT = re.compile(r", (?:(?:the|an?|who|from|now|then) |aged \d|\d\d\b)")
_GROUPS = frozenset(("police", "family", "council", "court", "force", "team", "company", "charity", "report", "people"))
_AFTER_BODY = re.compile(r" ?['’]s? | (?!(?:and|for|of|at|in|on|with)\b)")
_HELD = re.compile(r" (?:of|at|for|from|with|in)(?: the)? $")
# A body that stands right behind a name: "Superintendent Ann Bell, from Kent Police".
_FROM = re.compile(r",? (?:of|from|at|with|who (?:joined|works for|leads)) (?:the )?")
_WITHIN_WORD = re.compile(r"[\w-]")
_RECURS = 3  # times that a single word stands in a text about the person of that name
_BACK = 1500  # characters before a pronoun in which the person it means is looked for


@dataclass(eq=False)
class Person:
    """A speaker while the attributions are read."""

    name: str
    start: int
    end: int
    named: bool
    rank: str | None = None
    role: str | None = None
    organisation: str | None = None
    mentions: set[tuple[int, int]] = field(default_factory=set)

    @property
    def last(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1]


class Cast:
    """Gathers the speakers of one release, attribution by attribution in text order."""

    def __init__(self, text: str, paragraphs: list[tuple[int, int]], organisations: Iterable[Organisation]) -> None:
        self._text, self._paragraphs = text, paragraphs
        self._bodies = sorted(
            (mention.start, mention.end, body.kind != "police_force", body.kind != "police_unit", body.id)
            for body in organisations
            for mention in body.mentions
        )
        self._people: list[Person] = []
        self._last: Person | None = None
        self._at = self._read = 0  # where the last attribution names its speaker, and where it ends

    def attribute(self, attribution: Attribution | None) -> Person | None:
        """The person an attribution names; None if it names nobody."""
        if attribution is None:
            return None
        who = attribution.subject
        if who is None:
            verb = self._text[attribution.verb_start : attribution.verb_end].lower()
            lead = self._text[attribution.low : attribution.verb_start].strip(" ,")
            return self._last if verb in _KEEPS_SPEAKER or lead in _ALSO_SAID else None
        person: Person | None
        if who.kind == "pronoun":
            person = self._antecedent(attribution, who)
        elif who.kind == "unnamed":
            person = self._described(who)
        else:
            person = self._named(who)
        if person is None:
            return None
        if who.kind != "pronoun":
            self._learn(person, who, attribution)
        self._last, self._at, self._read = person, who.start, max(attribution.verb_end, who.end)
        return person

    def _named(self, who: Subject) -> Person:
        text = self._text
        name = text[who.start : who.end]
        for person in self._people:
            if person.named and _same(person.name, name):
                if len(name) > len(person.name):
                    person.name, person.start, person.end = name, who.start, who.end
                return person
        start, end = fullest(text, who.start, who.end)
        known = next((p for p in self._people if p.name == text[start:end]), None)
        return known or self._enter(Person(text[start:end], start, end, named=True))

    def _enter(self, person: Person) -> Person:
        self._people.append(person)
        return person

    def _described(self, who: Subject) -> Person:
        more = _OF_WHOM.match(self._text, who.end)
        end = more.end() if more else who.end
        description = self._text[who.start : end]
        office = self._officer(description)
        if office:
            return office
        for person in self._people:
            if not person.named and person.name.lower() == description.lower():
                person.mentions.add((who.start, end))
                return person
        mentions = {(who.start, end)}
        return self._enter(Person(description, who.start, end, named=False, mentions=mentions))

    def _officer(self, description: str) -> Person | None:
        """ "The Chief Constable" is the one whom the release names."""
        lex = lexicon()
        rank = description[4:] if description[:4].lower() == "the " else ""
        if not lex.rank.fullmatch(rank) or not rank[:1].isupper():
            return None
        at = self._text.find(rank + " ")
        named = subjects(self._text, at, min(at + 80, len(self._text))) if at >= 0 else []
        return self._named(named[0]) if named and named[0].kind == "ranked" and named[0].low == at else None

    def _antecedent(self, attribution: Attribution, who: Subject) -> Person | None:
        text = self._text
        verb = text[attribution.verb_start : attribution.verb_end].lower()
        if self._last and verb in _KEEPS_SPEAKER:
            return self._last
        number = bisect_right(self._paragraphs, (who.start, len(text))) - 1
        low = max(self._paragraphs[max(number - 2, 0)][0], who.start - _BACK)
        named_before = subjects(text, low, who.start)
        several = text[who.start : who.end].lower() == "they"
        for candidate in reversed(named_before):
            if candidate.low < self._at and self._last and not self._last.named and _is_single(self._last.name):
                return self._last
            if candidate.oblique:
                continue
            if candidate.kind in ("ranked", "titled") or candidate.role or (not several and self._presented(candidate)):
                person = self._named(candidate)
                self._learn(person, candidate, attribution)
                return person
            if not several and self._spoke(candidate):
                return self._described(candidate)
        opening = [s for s in named_before if not s.oblique and self._opens(s)]
        if several:
            group = [s for s in opening if s.kind == "unnamed"]
            return self._described(group[-1]) if group else self._last
        if self._last:
            return self._last
        named = [s for s in opening if s.kind == "named"]
        if named:
            return self._named(named[-1])
        return self._described(opening[-1]) if opening else None

    def _presented(self, who: Subject) -> bool:
        """Does a paragraph since the last attribution open with the name? It is about that person.

        The full name, or one name of it with more about the person: "Simon, the former chief officer, joined in 1991".
        """
        if who.kind != "named" or who.low <= self._read:
            return False
        number = bisect_right(self._paragraphs, (who.low, len(self._text))) - 1
        start = self._paragraphs[number][0]
        if start != who.low and not _WHOSE.fullmatch(self._text, start, who.low):
            return False
        if " " in self._text[who.start : who.end]:
            return _PREDICATE.match(self._text, who.end) is not None
        start, end = fullest(self._text, who.start, who.end)
        return " " in self._text[start:end] and _MORE_ABOUT.match(self._text, who.end) is not None

    def _spoke(self, who: Subject) -> bool:
        """Is it one person, described, whose words were told since the last attribution: "the victim revealed"?"""
        if who.kind != "unnamed" or who.low <= self._read or not _is_single(self._text[who.start : who.end]):
            return False
        return lexicon().verb.match(self._text, who.end + 1) is not None

    def _opens(self, who: Subject) -> bool:
        """Does somebody open a sentence, or is an age given? Then "he" may mean that person. One word must recur."""
        text = self._text
        name = text[who.start : who.end]
        if who.kind == "named" and " " not in name and text.count(name) < _RECURS:
            return False
        first = text[max(0, who.low - 2) : who.low].strip() in ("", ".")
        return first or text[who.end : who.end + 4].strip(", (").isdigit()

    def _learn(self, person: Person, who: Subject, attribution: Attribution) -> None:
        """Takes over rank, role and organisation from the words of an attribution."""
        text = self._text
        if who.role and person.named:
            who = who._replace(role=self._without_body(who.role))
        if who.rank and person.rank is None:
            person.rank = text[slice(*who.rank)]
        high = max(attribution.high, who.end) if attribution.low <= who.start < attribution.high else who.end
        verb = lexicon().verb.search(text, who.end, high)
        high = verb.start() if verb else high
        if person.role is None and person.named:
            behind = role_behind(text, who.end, high, [(a, b) for a, b, *_ in self._bodies])
            behind = self._without_body(behind) if behind else None
            role = behind if who.kind == "titled" and behind else who.role or behind
            person.role = text[slice(*role)] if role else None
        if person.organisation is None:
            person.organisation = self._linked(who, high)

    def _without_body(self, role: tuple[int, int]) -> tuple[int, int]:
        """The body that a role is held at is no part of it: "Hull Trust | manager", "leader | of Hull City Council".

        "Kent Police and Crime Commissioner" and "County Lines Team lead" stay whole.
        """
        text = self._text
        low, high = role
        for start, end, _, no_unit, _ in self._bodies:
            rest = _AFTER_BODY.match(text, end, high)
            if start == low and rest and no_unit:
                low = rest.end()
            held = _HELD.search(text[low:start]) if low < start < high else None
            if held:
                return low, low + held.start()
        return low, high

    def _linked(self, who: Subject, high: int) -> str | None:
        text = self._text
        elsewhere = _ELSEWHERE.search(text, who.end, high)
        high = elsewhere.start() if elsewhere else high
        before = _BODY_BEFORE.search(text[max(0, who.low - 60) : who.low])
        low = who.low - (len(before.group()) if before else 0)
        role = who.role or (low, low)
        near = [b for b in self._bodies if low <= b[0] and b[1] <= high]
        near = [b for b in near if b[1] <= role[0] or b[0] >= role[1]] or [b for b in near if _within(text, b, role)]
        return min(near, key=lambda b: (b[2], b[3], b[0]))[4] if near else None

    def finish(self, text: str) -> tuple[list[Speaker], dict[int, str]]:
        """The speakers in text order, and their ids by ``id(person)``; `text` is the text as read."""
        for person in self._people:
            if person.named:
                self._mention(person)
        order = sorted(self._people, key=lambda p: min(p.mentions, default=(p.start, p.end)))
        ids = {id(person): f"s{number}" for number, person in enumerate(order, 1)}
        return [_speaker(text, person, ids[id(person)]) for person in order], ids

    def _mention(self, person: Person) -> None:
        text = self._text
        lex = lexicon()
        alike = [p for p in self._people if p is not person and p.named and p.last == person.last]
        for at in spans.ending(text, person.last):
            end = at + len(person.last)
            if at and _WITHIN_WORD.match(text, at - 1):
                continue
            number = bisect_right(self._paragraphs, (at, len(text))) - 1
            if number < 0 or end > self._paragraphs[number][1]:
                continue
            start = end - len(person.name)
            if start >= 0 and text[start:end] == person.name:
                person.mentions.add((start, end))
                continue
            lead = text[max(0, at - 40) : at].rstrip(" ")
            called = lead.endswith(_CALLED) or any(m.end() == len(lead) for m in lex.rank.finditer(lead))
            if called and not alike:
                person.mentions.add((at, end))
        if not person.mentions:
            person.mentions.add((person.start, person.end))
        if person.rank is None:
            self._rank_from_mentions(person)
        if person.organisation is None:
            self._body_from_mentions(person)

    def _rank_from_mentions(self, person: Person) -> None:
        for start, _ in sorted(person.mentions):
            lead = self._text[max(0, start - 50) : start]
            hit = next((m for m in lexicon().rank.finditer(lead) if m.end() >= len(lead.rstrip(" ,"))), None)
            if hit:
                person.rank = hit.group()
                return

    def _body_from_mentions(self, person: Person) -> None:
        for _, end in sorted(person.mentions):
            lead = _FROM.match(self._text, end)
            near = [b for b in self._bodies if lead and b[0] == lead.end()]
            if near:
                person.organisation = near[0][4]
                return


def _is_single(description: str) -> bool:
    """Is it one person, no group and no body?"""
    return description[-1] != "s" and description.rpartition(" ")[2].lower() not in _GROUPS


def _within(text: str, body: tuple[int, int, bool, bool, str], role: tuple[int, int]) -> bool:
    """Is the role held at a body: "chair of the Hull Alliance"? In "Kent Police and Crime Commissioner" it is not."""
    return role[0] <= body[0] and text[body[1] : body[1] + 5] != " and "


def _same(known: str, name: str) -> bool:
    """Is it the same person? The last names agree, and the first ones if both have one."""
    one, two = known.split(), name.split()
    if len(two) == 1:
        return two[0] in (one[-1], one[0])
    if len(one) == 1:
        return one[0] == two[-1]
    return one[-1] == two[-1] and one[0][0] == two[0][0]


def _speaker(text: str, person: Person, key: str) -> Speaker:
    return Speaker(
        id=key,
        name=" ".join(text[person.start : person.end].split()),
        rank=person.rank,
        role=person.role,
        organisation=person.organisation,
        mentions=tuple(Mention(start=a, end=b, text=text[a:b]) for a, b in sorted(person.mentions)),
    )
