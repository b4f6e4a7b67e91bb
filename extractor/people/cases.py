"""Gathers the people of a release: links the mentions of a person, and gives them what each sentence tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex as re

from extractor.people import patterns, stages
from extractor.people.linking import known_person
from extractor.people.mentions import BARE_NAME, Found, Stretch, found, is_name_word, proper
from extractor.people.offences import Offence, offences, stands_in
from extractor.people.person import Person
from extractor.people.stages import Cue

_ROAD_USERS = frozenset({"motorcyclist", "cyclist", "pedestrian", "driver", "rider", "passenger", "motorist"})


@dataclass
class Case:
    """What is being read: the text, its story's sentences, and the people found so far."""

    text: str
    low: str
    sentences: Sequence[tuple[int, int]]
    away: Sequence[Stretch]  # where those stand who only speak, and bodies
    people: list[Person] = field(default_factory=list)
    leads: dict[int, tuple[int, int]] = field(default_factory=dict)  # the lead-in of each sentence of a list
    groups: list[tuple[int, str | None, list[Cue], list[Offence], Stretch]] = field(default_factory=list)
    last: list[Person] = field(default_factory=list)  # those of whom the sentence before spoke

    def read(self) -> list[Person]:
        """The people of the release, in the order in which they are first mentioned."""
        phrases = [p for p in [*found(self.text), *self._bare_names()] if not self._is_away(p)]
        phrases.sort(key=lambda p: (p.start, -p.end))
        for start, end in self.sentences:
            self._sentence(start, end, [p for p in phrases if start <= p.start < end])
        self._merge()
        self._tell_groups()
        kept = [p for p in self.people if self._is_of_the_case(p)]
        return sorted(kept, key=lambda p: p.mentions[0])

    def _is_away(self, phrase: Found) -> bool:
        return any(phrase.start < b and a < phrase.end for a, b in self.away)

    def _bare_names(self) -> list[Found]:
        """Full names without an age: those of people who are in a sentence with a cue of a suspect or a victim."""
        names = []
        for hit in BARE_NAME.finditer(self.text):
            name, start = proper(hit["name"], hit.start("name"))
            before = self.low[max(0, start - 24) : start]
            if name is not None and (not patterns.PLACED.search(before) or patterns.OF_PERSON.search(before)):
                names.append(Found(start, hit.end(), "name", name))
        return names

    def _sentence(self, start: int, end: int, phrases: list[Found]) -> None:
        cues = stages.cues(self.low, start, end)
        named = offences(self.low, start, end)
        here: list[tuple[Stretch, Person]] = []
        for phrase in phrases:
            if any(a <= phrase.start < b for (a, b), _ in here) or (
                phrase.rule == "plain" and stands_in(phrase.start, named)
            ):
                continue
            person = self._link(phrase, cues, here)
            if person is not None:
                here.append(((phrase.start, phrase.end), person))
        here += self._again(start, end, here)
        here.sort(key=lambda pair: pair[0])
        if not here:
            here = self._by_pronoun(start, end, cues)
        if not here and cues:
            self._note_group(start, end, cues, named)
        if here and start in self.leads and not any(c.stage in stages.SUSPECT for c in cues):
            lead = self.leads[start]
            cues = stages.cues(self.low, *lead)
            named = offences(self.low, *lead)
            self._tell_all([p for _, p in here], cues, named, lead)
            cues = []
            named = []
        self._tell(start, end, here, cues, named)
        if here:
            unique = list(dict.fromkeys(id(p) for _, p in here))
            self.last = [next(p for _, p in here if id(p) == i) for i in unique]

    def _link(self, phrase: Found, cues: Sequence[Cue], here: Sequence[tuple[Stretch, Person]]) -> Person | None:
        """The person whom a phrase is about: one known already, or a new one."""
        known = known_person(phrase, self.people, [p for _, p in here], self.last, self.text)
        if known is not None:
            self._complete(known, phrase)
            return known
        if (
            phrase.rule == "name"
            and not any(c.stage in stages.ROLE for c in cues)
            and not self._described_later(phrase)
        ):
            return None
        if phrase.rule == "plain" and (not cues or (phrase.definite and phrase.noun not in ("victim",))):
            return None
        person = Person([(phrase.start, phrase.end)], phrase.rule, phrase.name, phrase.age, phrase.age_at, phrase.sex,
                        phrase.home, phrase.noun, not phrase.definite)  # fmt: skip
        self.people.append(person)
        return person

    def _described_later(self, phrase: Found) -> bool:
        """Whether an age stands beside the surname somewhere: "Smith, 34, of Park Lane", "34-year-old Smith"."""
        surname = re.escape(str(phrase.name).split()[-1])
        return (
            re.search(rf"\b{surname}(?:,| \(|, aged| aged) ?\d\d\b|\b\d\d[- ]year[- ]old {surname}\b", self.text)
            is not None
        )

    def _complete(self, person: Person, phrase: Found) -> None:
        """Adds what a further mention says, and the mention."""
        person.mentions.append((phrase.start, phrase.end))
        person.name = person.name or phrase.name
        if person.age is None and phrase.age is not None:
            person.age, person.age_at = phrase.age, phrase.age_at
        person.sex = person.sex or phrase.sex
        person.home = person.home or phrase.home

    def _again(self, start: int, end: int, here: Sequence[tuple[Stretch, Person]]) -> list[tuple[Stretch, Person]]:
        """Those named by surname alone or by their age in a sentence, with the age and home that may follow."""
        found: list[tuple[Stretch, Person]] = []
        taken = [stretch for stretch, _ in here]
        for person in self.people:
            surname = person.surname
            if not surname:
                continue
            for hit in re.finditer(
                rf"\b{re.escape(surname)}\b(?! (?:Road|Street|Lane|Avenue|Close|Drive|Police))",
                self.text,
                pos=start,
                endpos=end,
            ):
                if any(a <= hit.start() < b for a, b in taken):
                    continue
                stretch = self._details(person, hit.start(), hit.end(), end)
                found.append((stretch, person))
                person.mentions.append(stretch)
                break
        for hit in patterns.AGE_AGAIN.finditer(self.text, pos=start, endpos=end):
            again = next((p for p in self.people if p.age == int(hit[1])), None)
            if again is not None and not any(a <= hit.start() < b for a, b in taken):
                found.append((hit.span(), again))
                again.mentions.append(hit.span())
        return found

    def _details(self, person: Person, start: int, end: int, stop: int) -> Stretch:
        """Takes in ", 35, of Park Lane" behind a surname."""
        before = re.search(r"\b(\d\d)[- ]year[- ]old $", self.text[max(0, start - 16) : start])
        if before and person.age is None:
            at = max(0, start - 16) + before.start(1)
            person.age, person.age_at, start = int(before[1]), (at, at + 2), max(0, start - 16) + before.start()
        age = patterns.DETAILS.match(self.text, end, stop)
        if age:
            group = next(g for g in ("age", "age2", "age3", "age4") if age[g])
            if person.age is None and 10 <= int(age[group]) <= 105:
                person.age, person.age_at = int(age[group]), age.span(group)
            end = age.end()
        home = patterns.HOME_BEHIND.match(self.text, end, stop)
        if home:
            person.home = person.home or home.span("home")
            end = home.end()
        return start, end

    def _by_pronoun(self, start: int, end: int, cues: Sequence[Cue]) -> list[tuple[Stretch, Person]]:
        """Those whom the pronouns of a sentence stand for, else nobody."""
        hit = patterns.PRONOUN.search(self.text, pos=start, endpos=end)
        same = patterns.THE_SAME.search(self.text, pos=start, endpos=end)
        if hit is None and same is None:
            return []
        accused = any(c.stage in stages.SUSPECT[1:] for c in cues)
        if hit and "defendants" in hit.group() and not accused:
            return []  # they are named, but what is told befell somebody else
        if hit and hit["both"] and (same is None or hit.start() < same.start()):
            group = [p for p in self.people if p.role()[0] == "suspect"] if len(self.last) < 2 else self.last
            return [(hit.span(), p) for p in group]
        sex = "male" if hit and hit["male"] else "female" if hit and hit["female"] else None
        able = [p for p in self.people if p.sex in (None, sex) or sex is None]
        spoken = hit is not None and not hit["both"]  # "he" may accuse somebody hurt, "the driver" may not
        able = [p for p in able if not (accused and (p.is_dead or (p.is_harmed and not spoken)))]
        candidates = able[::-1]
        recent = [p for p in self.last if any(p is other for other in able)]
        chosen = (recent or candidates)[:1]
        for person in chosen:
            if not self._has_other_subject(person, start, hit.start() if hit else start):
                person.sex = person.sex or sex
        at = hit.span() if hit else same.span() if same else (start, end)
        return [(at, p) for p in chosen]

    def _has_other_subject(self, person: Person, start: int, pronoun: int) -> bool:
        """Whether another name stands before a pronoun, as in "Bell had a phone in her hand"."""
        hit = patterns.NAMED_SUBJECT.match(self.text, start, pronoun)
        return hit is not None and is_name_word(hit["name"]) and hit["name"] not in (person.name or "")

    def _tell(
        self,
        start: int,
        end: int,
        here: Sequence[tuple[Stretch, Person]],
        cues: Sequence[Cue],
        named: Sequence[Offence],
    ) -> None:
        """Gives the cues and offences of a sentence to the people whom they are about."""
        if not here:
            return
        victims = self._victims(here)
        if len(here) > len(victims):
            here = [pair for pair in here if not any(pair[1] is v for v in victims)]
        for cue in cues:
            for person in self._about(cue, here, cues):
                person.stages.append(cue)
        self._tell_dead(here, cues)
        self._read_home(start, end, here)
        for offence in named:
            stage = next(
                (c.stage for c in reversed(cues) if c.start <= offence.start and c.stage in stages.SUSPECT), "charged"
            )
            before = next((c for c in reversed(cues) if c.start <= offence.start), None)
            for person in self._about(before, here, cues) if before else [p for _, p in here]:
                person.offences.append((stage, offence))
        for person in {id(p): p for _, p in here}.values():
            person.sentences.append((start, end, tuple(c.stage for c in cues)))
            if person.sex is None:
                hit = patterns.PRONOUN.search(self.text, pos=start, endpos=end)
                if (
                    hit
                    and not hit["both"]
                    and len(here) == 1
                    and not self._has_other_subject(person, start, hit.start())
                ):
                    person.sex = "male" if hit["male"] else "female"

    def _tell_dead(self, here: Sequence[tuple[Stretch, Person]], cues: Sequence[Cue]) -> None:
        """Marks those of whom a sentence says right behind the mention that they died: "the man who died"."""
        for (_, end), person in here:
            if any(c.stage == "killed" and patterns.WHO.fullmatch(self.low[end : c.start]) for c in cues):
                person.is_dead = True

    def _victims(self, here: Sequence[tuple[Stretch, Person]]) -> list[Person]:
        """Those to whom something was done by the others: "attempting to murder Ann Bell, 22"."""
        found = []
        for (start, _), person in here:
            before = self.low[max(0, start - 45) : start]
            hit = patterns.VICTIM_OF.search(before)
            if hit:
                stage = "killed" if patterns.DEADLY.search(before, hit.start()) else "hurt"
                person.stages.append(Cue(max(0, start - 45) + hit.start(), start - 1, stage))
                found.append(person)
        return found

    def _read_home(self, start: int, end: int, here: Sequence[tuple[Stretch, Person]]) -> None:
        """Reads "at his home in Park Lane" of the one person of a sentence."""
        people = {id(p): p for _, p in here}
        hit = patterns.HOME_OF.search(self.text, pos=start, endpos=end) if len(people) == 1 else None
        if hit:
            person = next(iter(people.values()))
            person.home = person.home or hit.span("home")

    def _note_group(self, start: int, end: int, cues: list[Cue], named: list[Offence]) -> None:
        """Keeps what a sentence says of "two men" until it is known who they are."""
        hit = patterns.GROUP.search(self.text, pos=start, endpos=end)
        if hit:
            number = patterns.NUMBERS.get(hit["number"].lower()) or int(hit["number"])
            noun = hit["noun"]
            sex = (
                "male"
                if noun in ("men", "boys", "brothers", "males")
                else "female"
                if noun in ("women", "girls")
                else None
            )
            self.groups.append((number, sex, cues, named, (start, end)))

    def _tell_groups(self) -> None:
        """Gives what was said of a group to its members, if as many suspects are known."""
        members = [p for p in self.people if p.rule != "plain" and p.role()[0] in ("suspect", None)]
        for number, sex, cues, named, stretch in self.groups:
            if not any(c.stage in stages.SUSPECT for c in cues):
                continue
            if abs(number - len(members)) <= 1:
                for person in members:
                    person.sex = person.sex or sex
            if number != len(members):
                continue
            self._tell_all(members, cues, named, stretch)

    def _tell_all(
        self, people: Sequence[Person], cues: Sequence[Cue], named: Sequence[Offence], stretch: Stretch
    ) -> None:
        for person in people:
            person.stages += cues
            person.sentences.append((*stretch, tuple(c.stage for c in cues)))
            stage = next((c.stage for c in cues if c.stage in stages.SUSPECT), "charged")
            person.offences += [(stage, offence) for offence in named]

    def _merge(self) -> None:
        """Joins a person told of without a name, in a headline say, with the named one that comes later."""
        suspects = [p for p in self.people if p.role()[0] in ("suspect", None)]
        nameless = [p for p in suspects if p.rule == "name" and p.age is None]
        aged = [p for p in suspects if not p.name and p.age is not None]
        if len(nameless) == 1 and len(aged) == 1:
            self._join(nameless[0], aged[0])
        full = [p for p in suspects if p.age is not None or p.name]
        for person in [p for p in self.people if p.rule == "plain"]:
            first = self.text[person.mentions[0][0] : person.mentions[0][0] + 9].lower()
            fitting = [p for p in full if None in (p.sex, person.sex) or p.sex == person.sex]
            if (
                person.role()[0] == "suspect"
                and fitting
                and not first.startswith(("another", "a second", "a third", "a furthe"))
            ):
                if len(fitting) == 1:
                    fitting[0].sex = fitting[0].sex or person.sex
                    self._join(fitting[0], person)
                elif person.mentions[0][0] < fitting[0].mentions[0][0]:
                    self.people.remove(person)

    def _join(self, person: Person, other: Person) -> None:
        person.mentions += other.mentions
        if person.age is None:
            person.age, person.age_at = other.age, other.age_at
        person.sex = person.sex or other.sex
        person.home = person.home or other.home
        person.stages += other.stages
        person.offences += other.offences
        person.sentences += other.sentences
        self.people = [p for p in self.people if p is not other]

    def _about(self, cue: Cue, here: Sequence[tuple[Stretch, Person]], cues: Sequence[Cue]) -> list[Person]:
        """The people of a sentence whom a cue is about: those before it in its clause, else the one behind it."""
        before = [(stretch, p) for stretch, p in here if stretch[0] < cue.start]
        behind = [(stretch, p) for stretch, p in here if stretch[0] >= cue.start]
        active = [
            pair
            for pair in behind
            if pair[0][0] - cue.end < 25 and not re.search(r"[,;]| and ", self.text[cue.end : pair[0][0]])
        ]
        if (
            active
            and re.match(r"\s*(?:a|an|the|two|three|another|one)?\b", self.text[cue.end : active[0][0][0]])
            and _is_active(self.low, cue)
        ):
            return [active[0][1], *self._joined(active[0], behind)]
        if before:
            nearest = before[-1]
            group = [p for pair, p in self._group(before)]
            return group or [nearest[1]]
        return [behind[0][1]] if behind else []

    def _joined(self, first: tuple[Stretch, Person], behind: Sequence[tuple[Stretch, Person]]) -> list[Person]:
        """Those coordinated with the first behind a verb: "arrested a 20-year-old man and a woman"."""
        found, end = [], first[0][1]
        for stretch, person in behind:
            if stretch[0] >= end and re.fullmatch(
                r",? ?(?:and |, |along with |as well as )+(?:also )?", self.text[end : stretch[0]]
            ):
                found.append(person)
                end = stretch[1]
        return found

    def _group(self, before: Sequence[tuple[Stretch, Person]]) -> list[tuple[Stretch, Person]]:
        """The nearest person before a cue with those coordinated with them: "A, 20, and B, 30, were jailed"."""
        group = [before[-1]]
        for pair in reversed(before[:-1]):
            between = self.text[pair[0][1] : group[0][0][0]]
            if pair[0] == group[0][0] or re.fullmatch(
                r"[,;)]? ?(?:and |, |along with |both |alongside |who is |aged |\d\d,? )*", between
            ):
                group.insert(0, pair)
            else:
                break
        return group

    def _is_of_the_case(self, person: Person) -> bool:
        """Whether a person is one of the case: not somebody of whom nothing is told but a phrase."""
        role, _ = person.role()
        if role is None:
            return person.age is not None and person.rule != "plain"
        told = {cue.stage for cue in person.stages}
        if person.rule == "plain":
            if told & {"injured", "killed"} and person.noun in _ROAD_USERS:
                return True
            strong = told - {"wanted", "hurt", "future", "custody", "missing", "found"}
            return person.indefinite and (bool(strong) or ("wanted" in told and not self._has_suspect(person)))
        if person.rule == "name" and person.age is None and person.home is None:
            return bool(told & {*stages.SUSPECT[1:], "killed", "missing"})
        return True

    def _has_suspect(self, but: Person) -> bool:
        """Whether a suspect is named or described by age."""
        return any(p.role()[0] == "suspect" and p.rule != "plain" for p in self.people if p is not but)


def _is_active(low: str, cue: Cue) -> bool:
    """Whether a cue has its object behind it: "officers arrested a man", not "he was arrested"."""
    before = low[max(0, cue.start - 14) : cue.start].split()[-2:]
    return not {"was", "were", "been", "be", "being", "is", "are"} & set(before)
