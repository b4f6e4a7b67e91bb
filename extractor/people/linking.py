"""Decides whether a phrase speaks of somebody who has been named or described before."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.people.mentions import Found, Stretch
from extractor.people.person import Person


def known_person(
    phrase: Found, people: Sequence[Person], here: Sequence[Person], last: Sequence[Person], text: str
) -> Person | None:
    """The person whom a phrase is about, if it is one of those known.

    Args:
        phrase: The phrase.
        people: Those known, in order.
        here: Those of whom the sentence has spoken already.
        last: Those of whom the sentence before spoke.
        text: The text.
    """
    if phrase.name:
        return _by_name(phrase, people, text)
    others = [p for p in people if not any(p is other for other in here)]
    if phrase.age is not None:
        return _by_age(phrase, others, text) or (_without_age(phrase, last) if phrase.definite else None)
    return _by_noun(phrase, people) if phrase.rule == "plain" and phrase.definite else None


def _by_name(phrase: Found, people: Sequence[Person], text: str) -> Person | None:
    """The bearer of the name; else the one who was described with the same age and home."""
    first, *_, surname = str(phrase.name).split()
    for person in people:
        if person.name and person.surname == surname and person.name.split()[0] == first:
            return person
    fitting = [p for p in people if not p.name and phrase.age and p.age == phrase.age and _near(p, phrase, text)]
    return fitting[0] if len(fitting) == 1 else None


def _near(person: Person, phrase: Found, text: str) -> bool:
    """Whether two homes do not contradict each other: "Hull" and "Park Lane, Hull"."""
    if person.home is None or phrase.home is None:
        return True
    one, other = _at(person.home, text), _at(phrase.home, text)
    return one in other or other in one


def _by_age(phrase: Found, people: Sequence[Person], text: str) -> Person | None:
    """Somebody of the same age and sex, unless the phrase brings in somebody new."""
    for person in people:
        if person.age != phrase.age or (None not in (person.sex, phrase.sex) and person.sex != phrase.sex):
            continue
        moved = phrase.home and person.home and _at(phrase.home, text) != _at(person.home, text)
        new = text[phrase.start : phrase.start + 7].lower() == "another" or (person.name and not phrase.definite)
        if not (moved and not person.name) and not new:
            return person
    return None


def _without_age(phrase: Found, last: Sequence[Person]) -> Person | None:
    """Somebody just spoken of whose age is told now: "The 25-year-old was jailed"."""
    fitting = [p for p in last if p.age is None and (None in (p.sex, phrase.sex) or p.sex == phrase.sex)]
    return fitting[-1] if fitting else None


def _by_noun(phrase: Found, people: Sequence[Person]) -> Person | None:
    """ "the man", "the victim"."""
    if phrase.noun == "victim":
        return next((p for p in people if p.noun == "victim" or p.role()[0] == "victim"), None)
    fitting = [p for p in people if p.noun == phrase.noun or (phrase.sex and p.sex == phrase.sex)]
    return fitting[-1] if fitting else None


def _at(stretch: Stretch, text: str) -> str:
    return text[slice(*stretch)]
