"""What was done to a phrase: the verb or noun whose role it fills, and the row that says what this means.

A phrase is followed up its sentence's parse: through coordination, apposition and "of" to the verb or noun that governs
it. Rows of data/frames.toml say what a verb means of its roles; where none fits, the rows of data/actions.toml do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import Field

from extractor import tables
from extractor.counts import categories
from extractor.language.morphology import forms, lemma
from extractor.language.parse import Sentence, sentence_at
from extractor.language.words import ActionRow, Words, lexicon, word_list
from extractor.tables import Row

_LONGEST_CHAIN = 60  # steps from a phrase to its verb
_INCLUDING = frozenset({"including", "plus", "alongside", "like", "besides", "as", "with"})
_THROUGH = frozenset({"appos", "conj", "compound", "nmod", "amod", "nummod", "quantmod", "npadvmod"})
_PARTITIVE = frozenset({"all", "some", "most", "more", "many", "none", "half", "rest", "majority", "remainder", "total",
                        "both", "each", "several", "any", "few", "part", "type", "types", "kind", "kinds", "number",
                        "range", "variety", "series", "list", "worth", "excess", "team", "group", "gang", "crowd", "lot", "lots", "dozens", "hundreds", "thousands", "scores", "tens", "handful", "couple", "millions"})  # fmt: skip
_TOLD = frozenset({"believe", "suspect", "think", "understand", "appear", "say"})
_ANIMAL = frozenset({"injured", "killed", "safeguarded", "seized", "recovered", "found"})
_TAKEN = frozenset({"seized", "recovered", "surrendered"})
_BY_POLICE = frozenset({"seized", "recovered", "found", "surrendered"})
_LEGAL = frozenset({"charged", "convicted", "sentenced"})
_FILLED = frozenset({"filled", "packed", "loaded", "stuffed", "crammed"})
_FINDING = frozenset({"found", "discovered"})
_INCLUDE = frozenset({"include", "comprise", "be"})
_CONTAINING = frozenset({"containing", "holding", "contained", "held", "comprising", "including", "totalling"})
_INSIDE = frozenset({"inside", "within", "in", "among", "amongst", "under", "underneath", "behind", "beneath"})


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


@dataclass(slots=True)
class _Role:
    """What a phrase is to a word that governs it."""

    name: str  # object, subject, a preposition, "of"
    word: int
    how: str


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
    for role in _roles(sentence, node):
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
            reading = _read(s, _Role("object", verb, "relative"), kind) if verb is not None else None
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


def _roles(s: Sentence, node: int) -> list[_Role]:
    """The words that a phrase depends on or that depend on it, the nearest first."""
    found: list[_Role] = []
    passive = s.passive_behind(node)
    if passive is not None:
        found.append(_Role("object", passive, "passive"))
    bare = s.participle_behind(node)
    if bare is not None:
        found.append(_Role("object", bare, "participle"))
    for _ in range(_LONGEST_CHAIN):
        found += _behind(s, node)
        joined = _verb_as_adjective(s, node)
        if joined is not None:
            found.append(_Role("object", joined, "object"))
        head, dep = s.head[node], s.dep[node]
        if head == node:
            break
        if dep in _THROUGH:
            if s.is_verb(head) and s.is_noun(node):
                found.append(_Role("object", head, "along"))
            if s.is_verb(head):
                break
            if dep == "conj" and s.low[head] in lexicon().nouns:
                found.append(_Role("of", head, "noun"))  # "the seizure of £900 and half a kilo"
            node = head
        elif dep == "pobj":
            above = _of_preposition(s, node, head, found)
            if above is None:
                break
            node = above
        elif s.is_verb(head) or s.tag[head] in ("JJ", "IN", "MD"):
            above = _of_verb(s, node, head, dep, found)
            if above is None:
                break
            node = above
        elif dep in ("nsubj", "nsubjpass", "attr", "dobj", "oprd", "ccomp", "acl", "relcl", "dep", "pcomp", "xcomp"):
            node = head
        else:
            break
    return found


def _verb_as_adjective(s: Sentence, node: int) -> int | None:
    """The verb that the parser takes for an adjective: "made 40 arrests and seized drugs"."""
    for kid in s.kids[node]:
        if (
            s.dep[kid] == "amod"
            and s.tag[kid] in ("VBN", "VBD")
            and s.low[kid - 1 : kid] in (["and"], [","])
            and s.low[kid] not in ("stolen", "suspected")
        ):
            return kid
    return None


def _behind(s: Sentence, node: int) -> list[_Role]:
    """The participles and relative clauses of a noun: "drugs seized", "knives, which were found"."""
    found = []
    for kid in s.kids[node]:
        if kid < node:
            continue
        if s.dep[kid] == "acl" and s.tag[kid] in ("VBN", "VBD"):
            found.append(_Role("object", kid, "participle"))
        elif s.dep[kid] == "relcl" and s.is_verb(kid):
            passive = s.child(kid, "nsubjpass")
            if passive is not None:
                if s.tag[passive] in ("WP", "WDT", "WP$") or s.low[passive] == "that":
                    found.append(_Role("object", kid, "relative"))
            elif any(s.dep[k] == "nsubj" and s.tag[k] in ("WP", "WDT") for k in s.kids[kid]):
                found.append(_Role("subject", kid, "relative"))
            elif s.child(kid, "dobj") is None or any(s.tag[k] in ("WP", "WDT") for k in s.children(kid, "dobj")):
                found.append(_Role("object", kid, "relative"))
    return found


def _of_preposition(s: Sentence, node: int, prep: int, found: list[_Role]) -> int | None:
    """Goes on from the object of a preposition: adds the role it fills; the noun that it shares the role of, if any."""
    word, above = s.low[prep], s.head[prep]
    if above == prep:
        return None
    if s.dep[prep] == "agent":
        found.append(_Role("agent", above, "agent"))
        return None
    if word == "with" and s.low[above] in ("along", "together"):
        above = s.head[above]
        if s.is_noun(above):
            return above
        found.append(_Role("object", above, "along"))
        return None
    if word == "of":
        if s.low[above] == "possession":
            return above
        if s.is_noun(above) and (is_measure(s, above)):
            return above
        found.append(_Role("of", above, "noun"))
        return None
    if word in _INCLUDING and (word != "with" or _is_along(s, prep)):
        if s.is_noun(above):
            return above
        if s.is_verb(above):
            found.append(_Role("object", above, "along"))
        return None
    if word == "in" and s.tag[above] in ("CD", "$"):
        return above  # "£27,000 in jewels"
    if word == "in" and s.low[node] == "region":
        found.append(_Role("object", above, "along"))
        return None
    if word == "with" and s.low[above] in _FILLED and s.is_noun(s.head[above]):
        return s.head[above]
    if word == "than" and s.low[above] in ("more", "less", "fewer"):
        return above
    if word in ("worth", "containing"):
        return above if s.is_noun(above) else None
    if s.low[node] == "possession" and word in ("in", "with"):
        if s.is_verb(above):
            while s.dep[above] in ("xcomp", "acl", "advcl") and s.is_verb(s.head[above]):
                above = s.head[above]
            found.append(_Role("with", above, "possession"))
        elif s.is_noun(above):
            return above
        return None
    if s.tag[above] == "JJ" and s.is_verb(s.head[above]):
        above = s.head[above]  # "pleaded guilty to"
    while s.dep[above] == "prep" and s.head[above] != above:
        word, above = s.low[above], s.head[above]
    if s.is_verb(above) or s.is_noun(above):
        found.append(_Role(word, above, word))
    return None


def _is_along(s: Sentence, prep: int) -> bool:
    return prep > 0 and s.low[prep - 1] in ("along", "together")


def is_measure(s: Sentence, index: int) -> bool:
    """Whether a noun passes on what is done to it: "two bags of", "a number of", "six of"."""
    low = s.low[index]
    return s.tag[index] in ("CD", "DT", "JJ", "JJR", "JJS", "$") or low in _PARTITIVE or low in categories.containers()


def _of_verb(s: Sentence, node: int, verb: int, dep: str, found: list[_Role]) -> int | None:
    """Goes on from an argument of a verb: adds the role it fills; the noun that the verb says the same of, if any."""
    base = lemma(s.low[verb])
    if dep in ("nsubj", "attr") and base == "be" and (those := _those_among(s, verb)) is not None and those != node:
        return those
    if (
        dep in ("dobj", "attr", "oprd", "nsubj")
        and base in _INCLUDE
        and (subject := s.child(verb, "nsubj", "nsubjpass")) not in (None, node)
    ):
        if dep == "attr" and base == "be" and (s.dep[verb] in ("xcomp", "ccomp", "acl", "relcl")):
            return verb
        if dep in ("dobj", "attr"):
            if s.low[subject] in lexicon().nouns:
                found.append(_Role("of", subject, "noun"))
            return subject
    if dep == "dobj":
        if s.low[verb] in _CONTAINING and s.is_noun(s.head[verb]):
            return s.head[verb]
        if s.low[verb] in _CONTAINING and s.dep[verb] in ("advcl", "acl", "prep") and s.is_verb(s.head[verb]):
            found.append(_Role("object", s.head[verb], "along"))
            return None
        found.append(_Role("object", verb, "object"))
        return None
    if dep == "nsubjpass" or (dep == "nsubj" and _is_bare_passive(s, verb, base)):
        found.append(_Role("object", verb, "passive"))
        found += [
            _Role("object", k, "passive")
            for k in s.conjuncts(verb)[1:]
            if s.child(k, "nsubj", "nsubjpass", "dobj") is None
        ]
        return None
    if dep == "nsubj":
        found.append(_Role("subject", verb, "subject"))
        found += [
            _Role("subject", k, "subject") for k in s.conjuncts(verb)[1:] if s.child(k, "nsubj", "nsubjpass") is None
        ]
        return None
    if dep == "dative":
        found.append(_Role("object", verb, "object"))
        return None
    if dep in ("attr", "oprd", "acomp", "ccomp", "xcomp") and (base == "be" or base in _TOLD):
        return verb
    if dep in ("ccomp", "conj", "xcomp", "csubj", "csubjpass") and s.is_verb(node):
        found.append(_Role("object", verb, "object"))
        return None
    return None


_INTRANSITIVE = frozenset({"die", "appear", "plead", "remain", "attend", "admit", "deny", "return", "come", "go", "include",
                           "begin", "start", "continue", "happen", "occur", "lose"})  # fmt: skip


def _those_among(s: Sentence, verb: int) -> int | None:
    """What stands behind "among" with a form of *be*: "Weapons were among those handed in"."""
    for prep in s.children(verb, "prep"):
        if s.low[prep] in ("among", "amongst"):
            return s.child(prep, "pobj")
    return None


def _is_bare_passive(s: Sentence, verb: int, base: str) -> bool:
    """Whether a participle without an auxiliary says of its subject what was done to it: "Four arrested in raid"."""
    if s.child(verb, "aux", "dobj") is not None or base in _INTRANSITIVE:
        return False
    if s.tag[verb] == "VBN":
        return True
    return s.tag[verb] == "VBD" and s.child(verb, "ccomp", "xcomp", "prt") is None and _row_of(s, verb) is not None


def _read(s: Sentence, role: _Role, kind: str) -> Governor | bool | None:
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
    if row is None:
        return None
    if row.id == "recovered" and (agent := s.agent(word)) is not None and _is(s, agent, "anybody"):
        return False  # "he removed the plates"
    if row.id in _BY_POLICE and (agent := s.agent(word)) is not None and _is(s, agent, "offender"):
        return _made(s, lexicon().actions["stolen"], role.how, word) if row.id in _TAKEN else False
    if fits(row, kind) or (kind == "activity" and row.id in (*_LEGAL, "arrested")):
        return _made(s, row, role.how, word)
    return None


def _row_of(s: Sentence, verb: int) -> ActionRow | None:
    """The row of data/actions.toml of a verb, with its particle where it has one: "handed in"."""
    lex = lexicon()
    for particle in s.particles(verb):
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
    if row.particle and s.particles(verb).isdisjoint(row.particle):
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
