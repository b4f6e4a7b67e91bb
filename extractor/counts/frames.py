"""What was done to a phrase: the verb or noun whose role it fills (roles.py), and the row that says what this means.

Rows of data/frames.toml say what a verb means of its roles; where none fits, the rows of data/actions.toml do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import Field

from extractor import tables
from extractor.counts.roles import Role, roles
from extractor.language.morphology import forms, lemma
from extractor.language.parse import Sentence, sentence_at
from extractor.language.words import ActionRow, Words, lexicon, word_list
from extractor.models import Evidence, Mention
from extractor.tables import Row

_ANIMAL = frozenset({"injured", "killed", "safeguarded", "seized", "recovered", "found"})
_TAKEN = frozenset({"seized", "recovered", "surrendered"})
_BY_POLICE = frozenset({"seized", "recovered", "found", "surrendered"})
_LEGAL = frozenset({"charged", "convicted", "sentenced", "arrested"})
_FINDING = frozenset({"found", "discovered"})


class FrameRow(Row):
    """What a verb means of a phrase in one of its roles, see data/frames.toml."""

    verbs: tuple[str, ...]
    role: str
    kinds: tuple[str, ...]
    action: str
    particle: tuple[str, ...] = ()
    with_: dict[str, tuple[str, ...]] = Field(default_factory=dict, alias="with")
    object: tuple[str, ...] = ()
    complement: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    agent: str | None = None
    passive: bool = False


@dataclass(frozen=True)
class Governor:
    """What governs a phrase.

    Attributes:
        row: The action; None where the clause says that nothing was done to it.
        how: The role by which it does, for `rule`.
        evidence: Offsets of the words that say so.
        agent: Offsets of the words that say who did it.
    """

    row: ActionRow
    how: str
    evidence: tuple[int, int] | None = None
    agent: tuple[int, int] | None = None


@cache
def rows() -> dict[str, list[FrameRow]]:
    """The frames by the forms of their verbs."""
    found: dict[str, list[FrameRow]] = {}
    for row in tables.load("frames.toml", "frame", FrameRow):
        for verb in row.verbs:
            for form in forms(verb):
                found.setdefault(form, []).append(row)
    return found


def governor(sentence: Sentence, node: int, kind: str) -> Governor | None:
    """The action that governs a phrase.

    Args:
        sentence: The sentence of the phrase.
        node: The token of the phrase's head.
        kind: What it names: thing, person, activity, warrant, place, money or animal.

    Returns:
        The action of the nearest verb or noun that says something of the phrase, or None.
    """
    found: Governor | None = None
    for role in roles(sentence, node):
        reading = _read(sentence, role, kind)
        aside = role.how in ("relative", "participle")
        if reading is False and not aside:
            return found
        if not isinstance(reading, Governor):
            continue
        if found is None or (found.row.action is None and reading.row.action):
            found = reading
            if found.row.id not in ("found", "stolen") and found.row.action:
                return found
        elif reading.row.id in _TAKEN and (aside or found.row.id == "stolen"):
            return reading  # "found knives, which were seized", "bikes stolen in May have been recovered"
        elif found.row.id == "stolen" and reading.row.id == "found" and not aside:
            return reading
    if found is not None and found.row.id == "found":
        return _all_of_which(sentence, node, kind) or found
    return found


def _all_of_which(s: Sentence, node: int, kind: str) -> Governor | None:
    """What became of everything that was found: "…, all of which was seized"."""
    for at in range(node + 1, len(s.low) - 3):
        if s.low[at : at + 3] == ["all", "of", "which"]:
            verb = s.passive_behind(at + 2)
            reading = _read(s, Role("object", verb, "relative"), kind) if verb is not None else None
            return reading if isinstance(reading, Governor) and reading.row.id in _TAKEN else None
    return None


def action_of(words: Words, first: int, last: int, kind: str) -> Governor | None:
    """The action that governs ``words[first:last + 1]``, a phrase that names something of a kind."""
    start, end = words.start[first], words.end[last]
    sentence = sentence_at(words.text, start)
    return governor(sentence, sentence.top(start, end), kind) if sentence else None


def participle_behind(words: Words, last: int, kinds: tuple[str, ...]) -> bool:
    """Whether a bare participle that says what was done to a phrase stands right behind it: "69 warrants executed"."""
    if last + 1 >= len(words.low):
        return False
    start = words.start[last + 1]
    s = sentence_at(words.text, start)
    if s is None:
        return False
    verb = s.index(start)
    if (
        s.start[verb] != start
        or s.tag[verb] not in ("VBN", "VBD")
        or s.child(verb, "dobj", "aux", "auxpass") is not None
    ):
        return False
    if s.low[verb - 1 : verb + 1] == ["found", "to"] or s.child(verb, "xcomp", "ccomp", "oprd", "acomp") is not None:
        return False
    row = _row_of(s, verb)
    return (
        row is not None
        and any(fits(row, kind) for kind in kinds)
        and s.low[verb] not in ("died", "admitted", "pleaded")
    )


def _read(s: Sentence, role: Role, kind: str) -> Governor | bool | None:
    """What a role says of a phrase; None where it says nothing, False where it ends the search."""
    word = role.word
    if not s.is_verb(word) and role.name != "agent":
        if role.name == "to" and s.low[word] in ("visit", "visits") and kind == "place":
            return _made(s, lexicon().actions["visited"], "noun", word)
        return _of_noun(s, word, kind) if role.name == "of" else None
    if role.name == "agent":
        return False
    if kind == "thing" and s.low[word] in _FINDING and s.child(word, "oprd", "acomp", "xcomp") is not None:
        return False  # "a car was found overturned"
    if role.name != "with" and not s.is_real(word):
        return False
    for frame in rows().get(s.low[word], ()):
        if kind in frame.kinds and frame.role == role.name and _holds(s, frame, word):
            return _made(s, lexicon().actions[frame.action], role.how, word) if frame.action else False
    if role.name != "object":
        return None
    row = _row_of(s, word)
    return None if row is None else _said(s, role, row, kind)


def _said(s: Sentence, role: Role, row: ActionRow, kind: str) -> Governor | bool | None:
    """What the action of a verb says of its object, by who does it."""
    agent = s.agent(role.word)
    if agent is not None and row.id == "recovered" and _is(s, agent, "anybody"):
        return False  # "he removed the plates"
    if agent is not None and row.id in _BY_POLICE and _is(s, agent, "offender"):
        return _made(s, lexicon().actions["stolen"], role.how, role.word) if row.id in _TAKEN else False
    if fits(row, kind) or (kind == "activity" and row.id in _LEGAL):
        return _made(s, row, role.how, role.word)
    return None


def _particles(s: Sentence, verb: int) -> set[str]:
    """The particles of a verb, with one right behind it that the parser gives to a sum: "handed over £60"."""
    found = set(s.particles(verb))
    if s.tag[verb + 1 : verb + 2] == ["RP"]:
        found.add(s.low[verb + 1])
    return found


def _row_of(s: Sentence, verb: int) -> ActionRow | None:
    """The row of data/actions.toml of a verb, with its particle where it has one: "handed in"."""
    lex = lexicon()
    for particle in _particles(s, verb):
        found = lex.phrases.get((s.low[verb], particle))
        if found:
            return found.row
    plain = lex.verbs.get(s.low[verb])
    return plain.row if plain else None


def _of_noun(s: Sentence, noun: int, kind: str) -> Governor | None:
    """ "the seizure of 40 knives", "after the recovery of"."""
    row = lexicon().nouns.get(s.low[noun])
    if (
        row is None
        or not fits(row, kind)
        or s.is_denied(noun)
        or any(s.low[k] in word_list("may be") for k in s.kids[noun])
    ):
        return None
    return _made(s, row, "noun", noun)


def _holds(s: Sentence, row: FrameRow, verb: int) -> bool:
    """Whether the conditions of a frame hold of a verb."""
    if row.particle and _particles(s, verb).isdisjoint(row.particle):
        return False
    if row.with_ and not _has_oblique(s, verb, row.with_):
        return False
    if row.object:
        objects = s.children(verb, "dobj", "nsubjpass", "oprd", "attr")
        if not any(s.low[i] in row.object for o in objects for i in s.conjuncts(o)):
            return False
    if row.complement and not any(s.low[k] in row.complement for k in s.kids[verb] if k > verb):
        return False
    if row.passive and not (s.is_passive(verb) or s.tag[verb] == "VBN" or s.child(verb, "dobj") is None):
        return False
    if row.above and not _under(s, verb, row.above):
        return False
    if row.agent is None:
        return True
    wanted = row.agent.removeprefix("not:")
    agent = s.agent(verb)
    return (agent is not None and _is(s, agent, wanted)) != row.agent.startswith("not:")


def _under(s: Sentence, verb: int, lemmas: tuple[str, ...]) -> bool:
    """Whether a verb is the complement of one of others: "was found to be carrying"."""
    above = s.head[verb]
    return s.dep[verb] in ("xcomp", "ccomp", "advcl", "acl", "oprd") and lemma(s.low[above]) in lemmas


def _has_oblique(s: Sentence, verb: int, wanted: dict[str, tuple[str, ...]]) -> bool:
    """Whether a verb has a prepositional phrase with one of the words wanted for its preposition."""
    objects = s.children(verb, "dobj", "nsubjpass")
    for prep in (kid for word in (verb, *objects) for kid in s.kids[word]):
        if s.dep[prep] not in ("prep", "prt", "advmod", "dative", "advcl"):
            continue
        words = (*wanted.get("*", ()), *wanted.get(s.low[prep], ()))
        if words and any(s.low[i] in words for i in s.subtree(prep)):
            return True
    return False


def _is(s: Sentence, index: int, group: str) -> bool:
    """Whether a noun, or one of those coordinated with it, belongs to a list of agents."""
    known = _agents(group)
    for at in s.conjuncts(index):
        words = s.low[s.phrase(at)[0] : at + 1]
        if any(word in known for word in words) or " ".join(words[-2:]) in known:
            return True
    return False


class AgentRow(Row):
    """Nouns and pronouns that name who does something."""

    words: tuple[str, ...]


@cache
def _agents(group: str) -> frozenset[str]:
    return next(frozenset(r.words) for r in tables.load("frames.toml", "agent", AgentRow) if r.id == group)


def _made(s: Sentence, row: ActionRow, how: str, word: int) -> Governor:
    agent = s.agent(word) if s.is_verb(word) else None
    span = None
    if agent is not None:
        first, last = s.phrase(agent)
        span = (s.start[first], s.end[last])
    return Governor(row, how, (s.start[word], s.end[word]), span)


def packed(governor: Governor) -> str:
    """The evidence of a governor as it travels in a Doc: offsets of the action and of the agent."""
    return ";".join("" if span is None else f"{span[0]}-{span[1]}" for span in (governor.evidence, governor.agent))


def evidence_in(packed: str, text: str) -> Evidence:
    """Reads what `packed` made."""
    action, _, agent = packed.partition(";")
    return Evidence(action=_mention(action, text), agent=_mention(agent, text))


def _mention(span: str, text: str) -> Mention | None:
    if not span:
        return None
    start, end = map(int, span.split("-"))
    return Mention(start=start, end=end, text=text[start:end])


def fits(row: ActionRow, kind: str) -> bool:
    """Whether the action can be done to something of this kind."""
    objects = row.objects
    if kind in objects:
        return True
    if kind == "money":
        return "thing" in objects
    if kind == "animal":
        return "thing" in objects or row.id in _ANIMAL
    if kind == "warrant":
        return "activity" in objects
    return False
