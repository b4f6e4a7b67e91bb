"""Scores: precision, recall and F1 of records against gold, as the annotation guidelines define a correct entry.

An entry is aligned with the gold entry it overlaps most, one to one; a measure says which pairs are right. Every number
is the length of a list of examples, so it can always be shown what it counts. Two readings of each measure:

- *relaxed*: the pair overlaps (quotations: four fifths of their characters), the values are those of the measure;
- *strict*: and they cover the same characters (bodies: bear the same canonical name).

An optional gold entry is neither missed if it is absent nor spurious if it is found.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from extractor.judging.gold import BODIES, FIELDS, Entry, Gold
from extractor.judging.measures import HEADLINE, MEASURES, SLOTS, Measure, Test, anything, words

RESAMPLES = 1000
SEED = 0
WORST = 10
QUOTE_OVERLAP = 0.8
# Vague expressions that annotators pass over without a word: found without a value they are not judged.
_VAGUE = re.compile(
    r"(?:(?:right |just |even |until |up to |for )?now|currently|recently|lately|soon|to date"
    r"|(?:at )?(?:the|this|that|present|any) (?:time|moment|stage|point|period)\b.*|(?:the )?time|often|always|once"
    r"|later|earlier|previously|already|still|ago"
    r"|(?:a )?(?:few|some|many|several) (?:minutes|hours|days|weeks|months|years)"
    r"|(?:minutes|hours|days|weeks|months|years)(?: later| ago)?)",
    re.I,
)


class Example(NamedTuple):
    """One thing a number counts.

    Attributes:
        document: The document it is in.
        gold: What is right; for a spurious entry what it was mistaken for, if anything.
        found: What was found; for a missed entry what stands in its place, if anything.
    """

    document: str
    gold: Entry | None
    found: Entry | None


@dataclass
class Tally:
    """What a measure counts: entries found right, found wrong or for nothing, and not found."""

    hits: list[Example] = field(default_factory=list)
    spurious: list[Example] = field(default_factory=list)
    missed: list[Example] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int, int]:
        """True positives, false positives, false negatives."""
        return len(self.hits), len(self.spurious), len(self.missed)

    def add(self, other: Tally) -> None:
        """Takes in the examples of another document."""
        self.hits += other.hits
        self.spurious += other.spurious
        self.missed += other.missed


class Rates(NamedTuple):
    """Precision, recall and their harmonic mean; 1 where there is nothing to be wrong about."""

    precision: float
    recall: float
    f1: float


def rates(hits: float, spurious: float, missed: float) -> Rates:
    """Precision, recall, F1.

    >>> rates(3, 1, 0)
    Rates(precision=0.75, recall=1.0, f1=0.8571428571428571)
    """
    precision = hits / (hits + spurious) if hits + spurious else 1.0
    recall = hits / (hits + missed) if hits + missed else 1.0
    return Rates(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)


# Aligning

Pair: TypeAlias = tuple[Entry, Entry]


def _by_overlap(gold: Sequence[Entry], found: Sequence[Entry], fits: Test) -> list[Pair]:
    """One-to-one pairs of entries with one span each, largest overlap first."""

    def shared(a: Entry, b: Entry) -> float:
        return _overlap(a, b) if fits(a, b) else 0

    return _best(gold, found, shared)


def _overlap(a: Entry, b: Entry) -> int:
    if not a.spans or not b.spans:
        return 0
    (start, end), (first, last) = a.spans[0], b.spans[0]
    return max(0, min(end, last) - max(start, first))


def _by_characters(gold: Sequence[Entry], found: Sequence[Entry], fits: Test) -> list[Pair]:
    """One-to-one pairs of quotations that share four fifths of their characters."""

    def shared(a: Entry, b: Entry) -> float:
        part = len(a.characters & b.characters) / max(1, len(a.characters | b.characters))
        return part if part >= QUOTE_OVERLAP else 0

    return _best(gold, found, shared)


def _best(gold: Sequence[Entry], found: Sequence[Entry], shared: Callable[[Entry, Entry], float]) -> list[Pair]:
    ranked = [(shared(a, b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found)]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for worth, i, j in sorted(ranked, reverse=True):
        if worth > 0 and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return [(gold[i], found[j]) for i, j in pairs.items()]


def _by_form(gold: Sequence[Entry], found: Sequence[Entry], fits: Test) -> list[Pair]:
    """One-to-one pairs of bodies that share a name or a surface form, in order."""
    left = list(found)
    pairs = []
    for body in gold:
        if hit := next((other for other in left if _forms(body) & _forms(other)), None):
            left.remove(hit)
            pairs.append((body, hit))
    return pairs


def _forms(body: Entry) -> set[str]:
    return {words(form) for form in (body.slots["name"], *body.forms)}


def _aligner(field: str) -> Callable[[Sequence[Entry], Sequence[Entry], Test], list[Pair]]:
    if field == "quotes":
        return _by_characters
    return _by_form if field in BODIES else _by_overlap


def _tally(document: str, measure: Measure, gold: Sequence[Entry], found: Sequence[Entry], right: Test) -> Tally:
    """Counts right pairs as hits and the rest as missed and spurious, optional entries as neither."""
    field = measure.field
    pairs = _aligner(field)(gold, found, measure.fits)
    good = [pair for pair in pairs if pair[0].optional or right(*pair)]
    known, used = {id(a) for a, _ in good}, {id(b) for _, b in good}
    # A body that was aligned and has the wrong name is an error whatever else it might have been taken for.
    judged = {id(b) for _, b in pairs} if field in BODIES else used
    tally = Tally([Example(document, a, b) for a, b in good if not a.optional])
    for a in gold:
        if not a.optional and id(a) not in known:
            tally.missed.append(Example(document, a, _instead(field, a, found)))
    for b in found:
        if id(b) not in used and (id(b) in judged or not any(a.optional and _touch(field, a, b) for a in gold)):
            tally.spurious.append(Example(document, _instead(field, b, gold), b))
    return tally


def _touch(field: str, a: Entry, b: Entry) -> bool:
    if field == "quotes":
        return False  # an optional quotation excuses nothing but its like
    return bool(_forms(a) & _forms(b)) if field in BODIES else _overlap(a, b) > 0


def _instead(field: str, entry: Entry, others: Sequence[Entry]) -> Entry | None:
    """What the other side has in the place of an entry, to be shown beside it."""
    if field in BODIES:
        return next((other for other in others if _forms(entry) & _forms(other)), None)
    shared = [(len(entry.characters & other.characters), -n) for n, other in enumerate(others)]
    most, n = max(shared, default=(0, 0))
    return others[-n] if most else None


@dataclass(frozen=True)
class Document:
    """The tallies of one document, by name of the measure or slot."""

    id: str
    relaxed: Mapping[str, Tally]
    strict: Mapping[str, Tally]
    slots: Mapping[str, Tally]

    @cached_property
    def errors(self) -> int:
        """Missed and spurious entries over all fields, in the measures that ask most."""
        return sum(sum(self.relaxed[name].counts[1:]) for name in HEADLINE)


def score_document(gold: Gold, found: Iterable[Entry]) -> Document:
    """Scores the entries of one record."""
    right = {name: [e for e in gold.entries if e.field == name] for name in FIELDS}
    ours: dict[str, list[Entry]] = {name: [] for name in FIELDS}
    for entry in found:
        ours[entry.field].append(entry)
    ours["dates"] = [e for e in ours["dates"] if _judged(e, right["dates"])]
    relaxed, strict, slots = {}, {}, {}
    for measure in MEASURES:
        a, b = right[measure.field], ours[measure.field]
        relaxed[measure.name] = _tally(gold.id, measure, a, b, measure.right)
        strict[measure.name] = _tally(gold.id, measure, a, b, measure.right_strictly)
    for name, test in SLOTS.items():
        kind = name.partition(".")[0]
        pairs = [p for p in _aligner(kind)(right[kind], ours[kind], anything) if not p[0].optional]
        hits = [Example(gold.id, *p) for p in pairs if test(*p)]
        slots[name] = Tally(hits, [Example(gold.id, *p) for p in pairs if not test(*p)])
    return Document(gold.id, relaxed, strict, slots)


def _judged(date: Entry, gold: Sequence[Entry]) -> bool:
    vague = date.slots["value"] is None and _VAGUE.fullmatch(date.text.strip())
    return not vague or any(_overlap(a, date) > 0 for a in gold)


# Many documents


class Score(NamedTuple):
    """A measure over all documents.

    Attributes:
        tally: What it counts.
        rates: Precision, recall, F1; of a slot, precision is the accuracy.
        low: Lower ends of their 95% intervals.
        high: Upper ends.
    """

    tally: Tally
    rates: Rates
    low: Rates
    high: Rates


@dataclass(frozen=True)
class Scores:
    """All measures over some documents."""

    documents: tuple[Document, ...]
    relaxed: Mapping[str, Score]
    strict: Mapping[str, Score]
    slots: Mapping[str, Score]

    @property
    def worst(self) -> list[Document]:
        """The documents with the most errors, at most ten."""
        return sorted((d for d in self.documents if d.errors), key=lambda d: (-d.errors, d.id))[:WORST]


def summarise(documents: Iterable[Document]) -> Scores:
    """Adds documents up, with bootstrap intervals: the same documents always give the same ones."""
    docs = tuple(sorted(documents, key=lambda d: d.id))
    samples = _samples(len(docs))
    return Scores(
        docs,
        {m.name: _score([d.relaxed[m.name] for d in docs], samples) for m in MEASURES},
        {m.name: _score([d.strict[m.name] for d in docs], samples) for m in MEASURES},
        {name: _score([d.slots[name] for d in docs], samples) for name in SLOTS},
    )


def _samples(size: int) -> Any:
    """Documents drawn with replacement: how often each (column) is in each sample (row); all measures share them."""
    draw = random.Random(SEED)
    times = np.zeros((RESAMPLES, size))
    for row in times:
        for index in draw.choices(range(size), k=size):
            row[index] += 1
    return times


def _score(tallies: Sequence[Tally], samples: Any) -> Score:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    if not tallies:
        return Score(total, rates(0, 0, 0), rates(0, 0, 0), rates(0, 0, 0))
    counts = samples @ np.array([tally.counts for tally in tallies], dtype=float)
    drawn = np.sort(np.array([rates(*row) for row in counts.tolist()]), axis=0)
    edge = RESAMPLES // 40
    low, high = Rates(*drawn[edge].tolist()), Rates(*drawn[-1 - edge].tolist())
    return Score(total, rates(*total.counts), low, high)


def score(gold: Iterable[Gold], records: Mapping[str, Sequence[Entry]]) -> Scores:
    """Scores records, by document name, against gold; a document without a record has missed everything."""
    return summarise(score_document(document, records.get(document.id, ())) for document in gold)


def breakdown(scores: Scores, column: Mapping[str, Any]) -> dict[str, Scores]:
    """The same for each value of a column, largest group first; ``column`` maps document names to values."""
    groups: dict[str, list[Document]] = {}
    for document in scores.documents:
        value = column.get(document.id)
        groups.setdefault("(none)" if value in (None, "") else str(value), []).append(document)
    return {name: summarise(docs) for name, docs in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))}
