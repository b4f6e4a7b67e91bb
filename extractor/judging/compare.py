"""Comparison: what differs between two records, aligned by kind and place in the text, then field by field.

Entries are never compared by list index or id: an entry is found again by its span, and an id is compared through the
entry it points to. The diff on screen, a review and scores are readings of a Comparison.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from extractor.models import Extent, Identified, Link, Model, Person, Quote, Release
from extractor.outputs.stored import Stored

What: TypeAlias = Literal["added", "missing", "changed", "moved"]
Spans: TypeAlias = tuple[tuple[int, int], ...]
Matched: TypeAlias = tuple[Model | None, Model | None]  # of the record, of the expected one


@dataclass(frozen=True)
class Kind:
    """How the entries of one list of a record are compared.

    Attributes:
        name: The list's field in `Release`.
        fields: What is compared as it stands.
        links: What holds ids, compared through the entries they point to.
        keys: What an entry is known by apart from its place in the text, best first.
        rule: Whether an entry names its rule, which is compared only if provenance is.
    """

    name: str
    fields: tuple[str, ...]
    links: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    rule: bool = False


KINDS = (
    Kind("segments", ("kind",)),
    Kind("dates", ("type", "value", "earliest", "latest", "anchor", "text"), rule=True),
    Kind(
        "counts",
        ("value", "value_max", "modifier", "unit", "categories", "action", "where", "text"),
        ("when", "organisations", "subset_of", "same_as", "quote"),
        rule=True,
    ),
    Kind("items", ("category", "action", "text"), ("count",), rule=True),
    Kind("organisations", ("name", "kind", "key", "mentions"), keys=("key", "name")),
    Kind("operations", ("name", "mentions"), keys=("name",)),
    Kind("speakers", ("name", "rank", "role", "mentions"), ("organisation",), keys=("name",)),
    Kind("quotes", ("kind", "cue", "text"), ("speaker",), rule=True),
    Kind(
        "people",
        ("name", "role", "age", "sex", "home", "outcome", "offences", "sentences", "protected", "mentions"),
        ("court", "hearing", "count", "speaker"),
        keys=("name",),
        rule=True,
    ),
    Kind("kinds", ("kind",)),
    Kind("numerals", ("verdict",), ("entry",)),
    Kind("warnings", ("code", "message")),
)
SOURCE = Kind("source", ("title", "published", "url", "encoding", "characters", "sha256"))
PROVENANCE = Kind("provenance", ("extractor", "tables", "model"))


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    Attributes:
        kind: The list of the record it is in, or ``source`` or ``provenance``.
        what: ``added`` (only in the record), ``missing`` (only in the expected one), ``changed`` (one field), or
            ``moved`` (the same entry at other offsets).
        label: The entry in short: its text or name.
        spans: Where the entry stands: in the record's text, if it is there, else in the expected one's.
        field: The field that changed.
        old: Its value in the expected record; what an id points to is given by its label.
        new: Its value in the record.
    """

    kind: str
    what: What
    label: str = ""
    spans: Spans = ()
    field: str | None = None
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class Pair:
    """An entry of the record and the one expected for it; None where there is no such entry."""

    kind: str
    new: Model | None
    old: Model | None
    differences: tuple[Difference, ...] = ()

    @property
    def entry(self) -> Model:
        """The entry in the record, if it is there, else the expected one."""
        entry = self.new or self.old
        assert entry is not None
        return entry

    @property
    def what(self) -> What | Literal["same"]:
        """What became of the entry in one word; one that moved and changed has changed."""
        kinds = {difference.what for difference in self.differences}
        return "changed" if "changed" in kinds else next(iter(kinds), "same")


@dataclass(frozen=True)
class Comparison:
    """Two records of one release, entry by entry in the order of the text; true if they differ."""

    pairs: tuple[Pair, ...]

    def __bool__(self) -> bool:
        return any(pair.differences for pair in self.pairs)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Everything that differs."""
        return tuple(difference for pair in self.pairs for difference in pair.differences)

    def only(self, kinds: Collection[str]) -> Comparison:
        """The part that is about some kinds of entries."""
        return Comparison(tuple(pair for pair in self.pairs if pair.kind in kinds))


def compare(record: Release, expected: Release, *, provenance: bool = False) -> Comparison:
    """What `record` has otherwise than `expected`, a record of the same release.

    Args:
        record: The record to judge.
        expected: What it is held against.
        provenance: Compare also the versions that made the records, and the rule that found each entry.
    """
    matched = [(kind, *pair) for kind in KINDS for pair in _align(kind, *_lists(kind, record, expected))]
    links = _Links(record, expected, ((new, old) for _, new, old in matched))
    matched.insert(0, (SOURCE, record.source, expected.source))
    if provenance:
        matched.append((PROVENANCE, record.provenance, expected.provenance))
    pairs = [
        Pair(kind.name, new, old, tuple(_differences(kind, new, old, links, provenance))) for kind, new, old in matched
    ]
    order = {name: n for n, name in enumerate(Release.model_fields)}
    return Comparison(tuple(sorted(pairs, key=lambda p: (order[p.kind], spans_of(p.entry), label_of(p.entry)))))


def _lists(kind: Kind, record: Release, expected: Release) -> tuple[Sequence[Model], Sequence[Model]]:
    return getattr(record, kind.name), getattr(expected, kind.name)


# An entry in short


def spans_of(row: Model) -> Spans:
    """Where an entry stands in the text, in order."""
    if isinstance(row, Extent):
        return ((row.start, row.end),)
    parts: Iterable[Extent] = row.spans if isinstance(row, Quote) else getattr(row, "mentions", ())
    return tuple(sorted((part.start, part.end) for part in parts))


def label_of(row: Model) -> str:
    """An entry in short: the name, else the text, else what kind of thing it is."""
    if isinstance(row, Person):
        return row.name or row.mentions[0].text
    for field in ("name", "text", "message", "kind", "role", "rank"):
        if value := getattr(row, field, None):
            return str(value)
    return ""


# Aligning


def _align(kind: Kind, new: Sequence[Model], old: Sequence[Model]) -> Iterator[Matched]:
    """One-to-one pairs: every way of knowing an entry again pairs what the surer ones left, best matches first."""
    new, old = sorted(new, key=_in_order(kind)), sorted(old, key=_in_order(kind))
    for stage in _stages(kind):
        ranked = sorted(((*found, _alike(kind, new, old, found)) for found in stage(new, old)), key=_best_first)
        pairs: dict[int, int] = {}
        taken: set[int] = set()
        for _, i, j, _ in ranked:
            if i not in pairs and j not in taken:
                pairs[i] = j
                taken.add(j)
        yield from ((new[i], old[j]) for i, j in sorted(pairs.items()))
        new = [row for i, row in enumerate(new) if i not in pairs]
        old = [row for j, row in enumerate(old) if j not in taken]
    yield from ((row, None) for row in new)
    yield from ((None, row) for row in old)


Found: TypeAlias = tuple[int, int, int]  # how well they match, index in new, index in old
Stage: TypeAlias = Callable[[Sequence[Model], Sequence[Model]], Iterator[Found]]


def _stages(kind: Kind) -> Iterator[Stage]:
    for key in kind.keys:
        yield _equal(lambda row, key=key: getattr(row, key))  # type: ignore[misc]
    yield _equal(lambda row: spans_of(row) or None)
    yield _overlapping
    if kind.name != "segments":  # a paragraph elsewhere is another paragraph; a figure elsewhere is the figure moved
        yield _equal(lambda row: _values(kind, row))


def _equal(key: Callable[[Model], Hashable]) -> Stage:
    def stage(new: Sequence[Model], old: Sequence[Model]) -> Iterator[Found]:
        places = defaultdict(list)
        for j, row in enumerate(old):
            places[key(row)].append(j)
        for i, row in enumerate(new):
            if (value := key(row)) is not None:
                yield from ((1, i, j) for j in places[value])

    return stage


def _overlapping(new: Sequence[Model], old: Sequence[Model]) -> Iterator[Found]:
    places = [spans_of(row) for row in old]
    for i, row in enumerate(new):
        for j, place in enumerate(places):
            if (shared := sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in spans_of(row) for b in place)) > 0:
                yield shared, i, j


def _best_first(candidate: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    worth, i, j, alike = candidate
    return -worth, -alike, i, j


def _alike(kind: Kind, new: Sequence[Model], old: Sequence[Model], found: Found) -> int:
    a, b = _values(kind, new[found[1]]), _values(kind, old[found[2]])
    return sum(x == y for x, y in zip(a, b, strict=True))


def _in_order(kind: Kind) -> Callable[[Model], tuple[Spans, str]]:
    return lambda row: (spans_of(row), repr(_values(kind, row)))


def _values(kind: Kind, row: Model) -> tuple[Hashable, ...]:
    return tuple(_value(row, field) for field in kind.fields)


def _value(row: Model, field: str) -> Hashable:
    """A field as it is compared: order within `mentions` and `categories` says nothing."""
    value = getattr(row, field)
    if field == "mentions":
        return spans_of(row)
    if isinstance(value, tuple):
        return tuple(sorted(value, key=repr))
    return value  # type: ignore[no-any-return]


# Differences of a pair


class _Links:
    """What ids point to, in terms that both records share."""

    def __init__(self, record: Release, expected: Release, pairs: Iterable[Matched]) -> None:
        self._new = _by_id(record)
        self._old = _by_id(expected)
        self._partner = {
            new.id: old.id for new, old in pairs if isinstance(new, Identified) and isinstance(old, Identified)
        }
        # Entries of one kind with the same spans are one and the same target.
        self._first: dict[tuple[str, Spans], str] = {}
        for id_, row in self._old.items():
            self._first.setdefault((type(row).__name__, spans_of(row)), id_)

    def same(self, new: object, old: object) -> bool:
        """Whether two fields point to the same entries."""
        ours = sorted((self._target_of_new(id_), via) for id_, via in _ids(new))
        return ours == sorted((self._target_of_old(id_), via) for id_, via in _ids(old))

    def labels(self, value: object, *, new: bool) -> Any:
        """The ids of a field as labels of what they point to."""
        rows = self._new if new else self._old
        shown = [label_of(rows[id_]) + _by(via) for id_, via in _ids(value)]
        if isinstance(value, (str, Link)):
            return shown[0]
        return None if value is None else shown

    def _target_of_new(self, id_: str) -> str:
        partner = self._partner.get(id_)
        return f"new {id_}" if partner is None else self._target_of_old(partner)

    def _target_of_old(self, id_: str) -> str:
        row = self._old[id_]
        return self._first[type(row).__name__, spans_of(row)] if spans_of(row) else id_


def _by_id(release: Release) -> dict[str, Identified]:
    rows = [row for kind in KINDS for row in getattr(release, kind.name)]
    return {row.id: row for row in rows if isinstance(row, Identified)}


def _ids(value: object) -> list[tuple[str, str]]:
    """The ids that a field holds, each with what it is linked via, blank where nothing is said of that."""
    if value is None:
        return []
    if isinstance(value, Link):
        return [(value.id, value.via)]
    return [(value, "")] if isinstance(value, str) else [pair for part in value for pair in _ids(part)]  # type: ignore[attr-defined]


def _by(via: str) -> str:
    """How a link is shown that is not stated by the sentence itself."""
    return f" (by the {via})" if via not in ("", "sentence") else ""


def _differences(
    kind: Kind, new: Model | None, old: Model | None, links: _Links, provenance: bool
) -> Iterator[Difference]:
    if new is None:
        assert old is not None
        yield Difference(kind.name, "missing", label_of(old), spans_of(old), None, old.model_dump(mode="json"), None)
        return
    if old is None:
        yield Difference(kind.name, "added", label_of(new), spans_of(new), None, None, new.model_dump(mode="json"))
        return
    label, spans = label_of(new), spans_of(new)
    moved = "mentions" not in kind.fields and spans != spans_of(old)
    if moved:
        yield Difference(kind.name, "moved", label, spans, None, _place(old), _place(new))
    for field in kind.fields:
        # The text follows from the offsets: where they differ it is no news.
        if _value(new, field) != _value(old, field) and not (moved and field == "text"):
            yield Difference(kind.name, "changed", label, spans, field, *_shown(field, old, new))
    for field in kind.links:
        before, after = getattr(old, field), getattr(new, field)
        if not links.same(after, before):
            shown = links.labels(before, new=False), links.labels(after, new=True)
            yield Difference(kind.name, "changed", label, spans, field, *shown)
    if provenance and kind.rule and new.rule != old.rule:  # type: ignore[attr-defined]
        yield Difference(kind.name, "changed", label, spans, "rule", old.rule, new.rule)  # type: ignore[attr-defined]


def _place(row: Model) -> dict[str, Any]:
    return {"spans": spans_of(row), "text": label_of(row)}


def _shown(field: str, old: Model, new: Model) -> tuple[Any, Any]:
    before, after = getattr(old, field), getattr(new, field)
    if field == "mentions":  # only those that the other has not
        known, kept = set(spans_of(old)), set(spans_of(new))
        return (
            [_plain(m) for m in before if (m.start, m.end) not in kept],
            [_plain(m) for m in after if (m.start, m.end) not in known],
        )
    return _plain(before), _plain(after)


def _plain(value: object) -> Any:
    if isinstance(value, Model):
        return value.model_dump(mode="json")
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


# Many records


def match(records: Sequence[Stored], expected: Sequence[Stored]) -> list[tuple[Stored | None, Stored | None]]:
    """Pairs the records of two collections: by the document's id, then by its stem; one against one always."""
    if len(records) == len(expected) == 1:
        return [(records[0], expected[0])]
    found: dict[int, Stored] = {}
    left = list(records)
    for key in (lambda r: r.id, lambda r: r.stem):
        ours = _only_once(left, key)
        theirs = _only_once([e for e in expected if id(e) not in found], key)
        found |= {id(theirs[name]): ours[name] for name in theirs if name in ours}
        left = [r for r in left if all(r is not taken for taken in found.values())]
    return [(found.get(id(e)), e) for e in expected] + [(r, None) for r in left]


def _only_once(records: Sequence[Stored], key: Callable[[Stored], str]) -> dict[str, Stored]:
    times = Counter(map(key, records))
    return {key(r): r for r in records if times[key(r)] == 1}
