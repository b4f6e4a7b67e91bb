"""What a phrase is to the verbs and nouns of its sentence: followed up the parse to whatever governs it.

A phrase shares the role of the noun it is coordinated with, of which it is an apposition, or which is a mere measure of
it ("six bags of"); from there its relation to a verb or to a noun behind "of" is its role.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from extractor import tables
from extractor.counts import categories
from extractor.language.morphology import lemma
from extractor.language.parse import Sentence
from extractor.language.words import lexicon
from extractor.tables import Row

_LONGEST_CHAIN = 60  # steps from a phrase to its verb
_SHARED = frozenset({"appos", "conj", "compound", "nmod", "amod", "nummod", "quantmod", "npadvmod"})
_COMPLEMENTS = frozenset({"xcomp", "ccomp", "acl", "relcl"})
_RELATIVES = frozenset({"WP", "WDT", "WP$"})
_INCLUDE = frozenset({"include", "comprise", "be"})
_TOLD = frozenset({"believe", "suspect", "think", "understand", "appear", "say"})


class WordsRow(Row):
    """Words of one use, see data/frames.toml."""

    words: tuple[str, ...]


@cache
def word_group(name: str) -> frozenset[str]:
    """The words of a group of data/frames.toml."""
    return next(frozenset(row.words) for row in tables.load("frames.toml", "words", WordsRow) if row.id == name)


@dataclass(frozen=True, slots=True)
class Role:
    """What a phrase is to a word that governs it.

    Attributes:
        name: object (of an active verb, subject of a passive one), subject, agent, or the preposition between.
        word: Token of the verb, or of the noun behind whose preposition it stands.
        how: The construction, for `rule`: object, passive, participle, relative, along, noun, possession …
    """

    name: str
    word: int
    how: str


@dataclass(slots=True)
class _Walk:
    """A walk from a phrase to what governs it."""

    s: Sentence
    found: list[Role] = field(default_factory=list)

    def add(self, name: str, word: int, how: str) -> None:
        self.found.append(Role(name, word, how))


def roles(s: Sentence, node: int) -> list[Role]:
    """The roles of the phrase whose head is a token, the nearest first."""
    walk = _Walk(s)
    _right_behind(walk, node)
    at: int | None = node
    for _ in range(_LONGEST_CHAIN):
        if at is None:
            break
        _behind(walk, at)
        at = _above(walk, at)
    return walk.found


def is_measure(s: Sentence, index: int) -> bool:
    """Whether a noun passes on what is done to it: "two bags of", "a number of", "six of"."""
    low = s.low[index]
    counted = s.tag[index] in ("CD", "DT", "JJ", "JJR", "JJS", "$")
    return counted or low in word_group("measure") or low in categories.containers()


def _right_behind(walk: _Walk, node: int) -> None:
    """Adds a passive or a participle that follows at once, whatever the parser makes of a long sentence."""
    passive, bare = walk.s.passive_behind(node), walk.s.participle_behind(node)
    if passive is not None:
        walk.add("object", passive, "passive")
    if bare is not None:
        walk.add("object", bare, "participle")


def _behind(walk: _Walk, node: int) -> None:
    """Adds the participles and relative clauses of a noun: "drugs seized", "knives, which were found"."""
    s = walk.s
    for kid in s.kids[node]:
        if _is_verb_before(s, kid):
            walk.add("object", kid, "object")
        elif s.low[kid] == "worth":
            for sum_ in s.kids[kid]:
                walk.found += [Role("object", k, "participle") for k in s.children(sum_, "acl") if s.tag[k] == "VBN"]
        elif kid < node:
            continue
        elif s.dep[kid] == "acl" and s.tag[kid] in ("VBN", "VBD"):
            walk.add("object", kid, "participle")
        elif s.dep[kid] == "relcl" and s.is_verb(kid):
            _relative(walk, kid)


def _is_verb_before(s: Sentence, kid: int) -> bool:
    """Whether the parser takes a verb for an adjective of its object: "made 40 arrests and seized drugs"."""
    joined = s.low[kid - 1 : kid] in (["and"], [","])
    participle = s.dep[kid] == "amod" and s.tag[kid] in ("VBN", "VBD")
    return participle and joined and s.low[kid] not in ("stolen", "suspected")


def _relative(walk: _Walk, verb: int) -> None:
    s = walk.s
    passive, subject, thing = s.child(verb, "nsubjpass"), s.child(verb, "nsubj"), s.child(verb, "dobj")
    if passive is not None:
        if s.tag[passive] in _RELATIVES or s.low[passive] == "that":
            walk.add("object", verb, "relative")
    elif subject is not None and s.tag[subject] in _RELATIVES:
        walk.add("subject", verb, "relative")
    elif thing is None or s.tag[thing] in _RELATIVES:
        walk.add("object", verb, "relative")


def _above(walk: _Walk, node: int) -> int | None:
    """Adds the role that a token fills; returns the noun whose roles it shares, if any."""
    s = walk.s
    head, dep = s.head[node], s.dep[node]
    if head == node:
        return None
    if dep in _SHARED:
        return _shared(walk, node, head, dep)
    if dep == "pobj":
        return _behind_preposition(walk, node, head)
    if s.low[head] == "worth" and s.is_verb(s.head[head]):
        walk.add("object", s.head[head], "object")  # "found 40 plants worth £9,000"
        return None
    if s.is_verb(head) or s.tag[head] in ("JJ", "IN", "MD"):
        return _beside_verb(walk, node, head, dep)
    return (
        head if dep in _COMPLEMENTS or dep in ("nsubj", "nsubjpass", "attr", "dobj", "oprd", "dep", "pcomp") else None
    )


def _shared(walk: _Walk, node: int, head: int, dep: str) -> int | None:
    """Goes on to the noun with which a token is coordinated, or which it modifies."""
    s = walk.s
    if s.is_verb(head):
        if s.dep[head] == "acl" and s.is_noun(s.head[head]) and s.is_noun(node) and dep == "conj":
            return s.head[head]  # "bottles filled with petrol and two bags"
        if s.is_noun(node):
            walk.add(_argument_before(s, head, node), head, "along")
        return None
    if dep == "conj" and s.low[head] in lexicon().nouns:
        walk.add("of", head, "noun")  # "the seizure of £900 and half a kilo"
    return head


def _argument_before(s: Sentence, verb: int, node: int) -> str:
    """The role of the last argument of a verb before a noun that is coordinated with it."""
    if s.child(verb, "dobj", "nsubjpass") is not None:
        return "object"
    before = [kid for kid in s.kids[verb] if kid < node and s.dep[kid] == "prep"]
    return s.low[before[-1]] if before else "object"


def _behind_preposition(walk: _Walk, node: int, prep: int) -> int | None:
    """Goes on from the object of a preposition."""
    s, word, above = walk.s, walk.s.low[prep], walk.s.head[prep]
    if above == prep:
        return None
    if s.dep[prep] == "agent":
        walk.add("agent", above, "agent")
        return None
    if word == "of":
        return _behind_of(walk, above)
    if word == "with" and s.low[above] in ("along", "together"):
        return _along(walk, s.head[above])
    if word in word_group("including") or (word == "with" and s.low[prep - 1] in ("along", "together")):
        return _along(walk, above)
    if _is_transparent(s, word, above):
        return s.head[above] if s.low[above] in word_group("filled") else above
    if s.low[node] == "possession" and word in ("in", "with"):
        return _in_possession(walk, above)
    if s.low[node] == "region" and word == "in":
        walk.add("object", above, "along")  # "in the region of £90,000"
        return None
    _oblique(walk, word, above)
    return None


def _behind_of(walk: _Walk, above: int) -> int | None:
    s = walk.s
    if s.low[above] == "possession" or (s.is_noun(above) and is_measure(s, above)):
        return above
    walk.add("of", above, "of" if s.is_verb(above) else "noun")
    return None


def _along(walk: _Walk, above: int) -> int | None:
    """Goes on from "along with", "including", "as well as": to the noun before, or the verb whose object it is too."""
    if walk.s.is_noun(above):
        return above
    if walk.s.is_verb(above):
        walk.add("object", above, "along")
    return None


def _is_transparent(s: Sentence, word: str, above: int) -> bool:
    """Whether what stands behind a preposition is what the word before it measures or holds."""
    if word == "in":
        return s.tag[above] in ("CD", "$")  # "£27,000 in jewels"
    if word == "than":
        return s.low[above] in ("more", "less", "fewer")
    if word == "with":
        return s.low[above] in word_group("filled") and s.is_noun(s.head[above])
    return word in ("worth", "containing") and s.is_noun(above)


def _in_possession(walk: _Walk, above: int) -> int | None:
    s = walk.s
    if not s.is_verb(above):
        return above if s.is_noun(above) else None
    while s.dep[above] in ("xcomp", "acl", "advcl") and s.is_verb(s.head[above]):
        above = s.head[above]  # "was found to be in possession"
    walk.add("with", above, "possession")
    return None


def _oblique(walk: _Walk, word: str, above: int) -> None:
    s = walk.s
    if s.tag[above] == "JJ" and s.is_verb(s.head[above]):
        above = s.head[above]  # "pleaded guilty to"
    while s.dep[above] == "prep" and s.head[above] != above:
        word, above = s.low[above], s.head[above]
    if s.is_verb(above) or s.is_noun(above):
        walk.add(word, above, word)


def _beside_verb(walk: _Walk, node: int, verb: int, dep: str) -> int | None:
    """Goes on from an argument of a verb."""
    s, base = walk.s, lemma(walk.s.low[verb])
    if dep in ("nsubj", "attr", "dobj", "oprd") and base in _INCLUDE:
        same = _same_as(walk, node, verb, dep)
        if same is not None:
            return same
    if dep == "dobj":
        return _object(walk, verb)
    if dep in ("nsubj", "nsubjpass"):
        _subject(walk, verb, base, passive=dep == "nsubjpass")
    elif dep == "dative" or (dep in ("ccomp", "conj", "xcomp", "csubj", "csubjpass") and s.is_verb(node)):
        if dep not in ("ccomp", "xcomp") or not (base == "be" or base in _TOLD):
            walk.add("object", verb, "object")
            return None
        return verb
    elif dep in ("attr", "oprd", "acomp") and (base == "be" or base in _TOLD):
        return verb  # "what is believed to be cocaine"
    return None


def _same_as(walk: _Walk, node: int, verb: int, dep: str) -> int | None:
    """The noun of which the clause says that it is or includes a phrase: "items seized include", "are among those"."""
    s = walk.s
    among = next((p for p in s.children(verb, "prep") if s.low[p] in ("among", "amongst")), None)
    those = s.child(among, "pobj") if among is not None else None
    if those is not None and those != node and dep in ("nsubj", "attr"):
        return those
    subject = s.child(verb, "nsubj", "nsubjpass")
    if subject is None or subject == node or dep not in ("dobj", "attr"):
        return None
    if dep == "attr" and s.dep[verb] in _COMPLEMENTS:
        return verb
    if s.low[subject] in lexicon().nouns:
        walk.add("of", subject, "noun")
    return subject


def _object(walk: _Walk, verb: int) -> int | None:
    s = walk.s
    if s.low[verb] in word_group("containing"):
        if s.is_noun(s.head[verb]):
            return s.head[verb]
        if s.dep[verb] in ("advcl", "acl", "prep") and s.is_verb(s.head[verb]):
            walk.add("object", s.head[verb], "along")
            return None
    walk.add("object", verb, "object")
    return None


def _subject(walk: _Walk, verb: int, base: str, *, passive: bool) -> None:
    """Adds the role of a subject, also to the verbs coordinated with its own."""
    s = walk.s
    taken = passive or _is_bare_passive(s, verb, base)
    name, how = ("object", "passive") if taken else ("subject", "subject")
    walk.add(name, verb, how)
    own = ("nsubj", "nsubjpass", "dobj") if taken else ("nsubj", "nsubjpass")
    for other in s.conjuncts(verb)[1:]:
        if s.child(other, *own) is None:
            walk.add(name, other, how)


def _is_bare_passive(s: Sentence, verb: int, base: str) -> bool:
    """Whether a participle without an auxiliary says what was done to its subject: "Four arrested in raid"."""
    if s.child(verb, "aux", "dobj") is not None or base in word_group("intransitive"):
        return False
    if s.tag[verb] == "VBN":
        return True
    plain = s.child(verb, "ccomp", "xcomp", "prt") is None
    return s.tag[verb] == "VBD" and plain and s.low[verb] in lexicon().verbs
