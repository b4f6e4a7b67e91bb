"""The review loop without its screen: what is to be decided, what a decision makes of the expected record, the log.

One difference is one decision. The expected record is always made anew from the record it was at the start and all
decisions so far, so that undoing one is leaving it out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from extractor.errors import InputError
from extractor.judging.compare import Comparison, Difference, Pair, compare
from extractor.judging.flat import LABELS, settle
from extractor.models import Model, Release
from extractor.outputs.stored import Stored
from extractor.runs import atomic

Verdict: TypeAlias = Literal["accept", "reject", "flag"]
LOG = "review-log.jsonl"
_LINKED = {"subset_of", "same_as", "quote", "count", "organisation", "speaker", "court", "hearing"}
# The field of an added entry that is offered first when it is edited.
MAIN = {"dates": "value", "counts": "value", "items": "category", "organisations": "name", "operations": "name",
        "speakers": "name", "quotes": "kind", "people": "role"}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One difference that waits for a decision.

    Attributes:
        document: The document's name.
        pair: The entry it is about.
        difference: What differs.
    """

    document: str
    pair: Pair
    difference: Difference

    @property
    def rule(self) -> str | None:
        """The rule or table row behind the entry of the record, else of the expected one."""
        entry = self.pair.entry
        return getattr(entry, "rule", None) or getattr(entry, "key", None)

    @property
    def like(self) -> tuple[str, str, str | None, str | None]:
        """What changes that may be accepted together share: the kind of change, and the rule."""
        return self.difference.kind, self.difference.what, self.difference.field, self.rule

    @property
    def key(self) -> str:
        """Eight characters that name the change, the same at every start: ids, which count anew, are left out."""
        told = asdict(self.difference)
        for side in ("old", "new"):
            if isinstance(told[side], dict):
                told[side] = {k: v for k, v in told[side].items() if k not in _LINKED | {"id", "when", "organisations"}}
        data = json.dumps([self.document, told], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    def answers(self, selector: str) -> bool:
        """Whether a selector means it: its key, ``counts``, ``added``, ``counts.action``, ``rule:X``, ``in:X``."""
        d = self.difference
        names = {self.key, "all", d.kind, d.what, f"{d.kind}.{d.what}", f"{d.kind}.{d.field}", f"in:{self.document}"}
        return selector in names or (self.rule is not None and selector == f"rule:{self.rule}")


@dataclass(frozen=True)
class Decision:
    """What somebody decided; ``edits`` are values that take the place of the record's, by field."""

    verdict: Verdict
    edits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """A document under review: the record, and the expected one as it was at the start."""

    record: Release
    expected: Release
    file: Path
    comparison: Comparison

    def decided(self, decisions: Iterable[tuple[Change, Decision]]) -> Release:
        """The expected record with the decisions taken in.

        Raises:
            InputError: An edited value is not valid.
        """
        return _Rewriting(self).done([(c, d) for c, d in decisions if d.verdict == "accept"])


class _Rewriting:
    """Makes the new expected record; entries keep the old ids until the end, new ones are marked."""

    def __init__(self, paper: Paper) -> None:
        self._data: dict[str, Any] = paper.expected.model_dump(mode="json")
        self._rows = {
            id(model): row
            for name in type(paper.expected).model_fields
            if isinstance(models := getattr(paper.expected, name), tuple)
            for model, row in zip(models, self._data[name], strict=True)
        }
        self._rows[id(paper.expected.source)] = self._data["source"]
        # What an id of the record is called here: the partner's id, or its own, marked, once it is added.
        self._ids = {
            new.id: getattr(pair.old, "id", f"new:{new.id}")
            for pair in paper.comparison.pairs
            if (new := pair.new) is not None and hasattr(new, "id")
        }

    def done(self, accepted: Sequence[tuple[Change, Decision]]) -> Release:
        for change, decision in accepted:
            self._take(change.pair, change.difference, decision.edits)
        settle({kind: self._data[kind] for kind in LABELS.values()})
        for kind in ("segments", "kinds", "warnings"):
            self._data[kind].sort(key=lambda row: (row["start"], row["end"]))
        try:
            return Release.model_validate(self._data)
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", "bad-value") from error

    def _take(self, pair: Pair, difference: Difference, edits: Mapping[str, Any]) -> None:
        if difference.what == "missing":
            rows = self._data[pair.kind]
            gone = self._rows[id(pair.old)]
            rows[:] = [row for row in rows if row is not gone]
            return
        assert pair.new is not None
        new = self._translated(pair.new)
        if difference.what == "added":
            self._data[pair.kind].append(new | dict(edits))
            return
        row = self._rows[id(pair.old)]
        if difference.what == "moved":
            row.update({name: new[name] for name in ("start", "end", "text", "spans") if name in new})
        else:
            assert difference.field is not None
            row[difference.field] = edits.get(difference.field, new[difference.field])

    def _translated(self, model: Model) -> dict[str, Any]:
        row = model.model_dump(mode="json")
        if "id" in row:
            row["id"] = self._ids[row["id"]]
        for name in _LINKED & row.keys():
            row[name] = self._ids.get(row[name])
        if "organisations" in row:
            row["organisations"] = [{**link, "id": self._ids[link["id"]]} for link in row["organisations"]]
        if row.get("when"):
            row["when"] = {**row["when"], "id": self._ids[row["when"]["id"]]}
        return row


def value_of(text: str) -> Any:
    """What a person typed: JSON if it is, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


@dataclass
class Session:
    """A review: the changes in order, what has been decided of them, and how to go back.

    Attributes:
        papers: The documents by name.
        changes: What is to be decided.
        log: The log file.
        who: Who decides.
    """

    papers: Mapping[str, Paper]
    changes: Sequence[Change]
    log: Path
    who: str
    decisions: dict[int, Decision] = field(default_factory=dict)
    _history: list[list[int]] = field(default_factory=list)
    _skipped: set[int] = field(default_factory=set)  # places in the history
    _written: dict[str, Release] = field(default_factory=dict)

    def like(self, index: int) -> list[int]:
        """The undecided changes of the same kind and rule, this one among them."""
        like = self.changes[index].like
        return [n for n, change in enumerate(self.changes) if change.like == like and n not in self.decisions]

    def decide(self, indexes: Sequence[int], decision: Decision, *, when: str, why: str = "") -> None:
        """Takes in a decision about one or more changes: writes the expected records, then the log.

        Raises:
            InputError: An edited value is not valid; nothing is written then.
        """
        self.decisions |= dict.fromkeys(indexes, decision)
        try:
            self._write(indexes)
        except InputError:
            for n in indexes:
                del self.decisions[n]
            raise
        self._history.append(list(indexes))
        self._tell(indexes, decision.verdict, decision.edits, when, why)

    def skip(self, index: int) -> None:
        """Remembers that a change was left for later, so that undoing goes back to it and takes nothing else back."""
        self._skipped.add(len(self._history))
        self._history.append([index])

    def undo(self, *, when: str) -> int | None:
        """Takes the last decision or skip back; where it was, or None if there is none."""
        if not self._history:
            return None
        indexes = self._history.pop()
        if len(self._history) in self._skipped:
            self._skipped.remove(len(self._history))
            return indexes[0]
        for n in indexes:
            del self.decisions[n]
        self._write(indexes)
        self._tell(indexes, "undo", {}, when, "")
        return indexes[0]

    def _write(self, indexes: Collection[int]) -> None:
        made = {name: self._made(name) for name in dict.fromkeys(self.changes[n].document for n in indexes)}
        for name, release in made.items():
            if release == self._written.get(name, self.papers[name].expected):
                continue  # a file that says the same is left as somebody wrote it
            self._written[name] = release
            with atomic.atomic(self.papers[name].file) as file:
                file.write(release.model_dump_json(indent=1) + "\n")

    def _made(self, name: str) -> Release:
        own = [(self.changes[n], d) for n, d in sorted(self.decisions.items()) if self.changes[n].document == name]
        return self.papers[name].decided(own)

    def _tell(self, indexes: Sequence[int], verdict: str, edits: Mapping[str, Any], when: str, why: str) -> None:
        with atomic.told(self.log), self.log.open("a", encoding="utf-8", newline="\n") as file:
            for n in indexes:
                change = self.changes[n]
                row = {
                    "when": when, "who": self.who, "decision": verdict, "why": why, "key": change.key,
                    "document": change.document, "rule": change.rule, **asdict(change.difference), "edits": dict(edits),
                }  # fmt: skip
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def session(pairs: Iterable[tuple[Stored, Stored]], log: Path, who: str) -> Session:
    """Opens a review of records and what is expected of them; what the log says was rejected or flagged stays decided.

    Raises:
        InputError: An expected record is not in a .json file of its own, or the log cannot be read.
    """
    decided = _decided(log)
    papers: dict[str, Paper] = {}
    changes: list[Change] = []
    for ours, theirs in pairs:
        if theirs.path.suffix.lower() != ".json":
            raise InputError(f"{theirs.path}: a review writes .json files of one record each", "bad-record")
        comparison = compare(ours.release, theirs.release)
        papers[theirs.id] = Paper(ours.release, theirs.release, theirs.path, comparison)
        found = (Change(theirs.id, replace(p, differences=(d,)), d) for p in comparison.pairs for d in p.differences)
        changes += [change for change in found if change.key not in decided]
    return Session(papers, changes, log, who)


def _decided(log: Path) -> set[str]:
    """Keys of the changes whose last decision stands."""
    if not log.exists():
        return set()
    last: dict[str, str] = {}
    try:
        for line in log.read_text("utf-8").splitlines():
            row = json.loads(line)
            last[row["key"]] = row["decision"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{log}: not a log of reviews: {error!r}", "bad-log") from error
    # An accepted change that differs again is news: somebody has changed the record since.
    return {key for key, decision in last.items() if decision in ("reject", "flag")}


def chosen(changes: Sequence[Change], selectors: Iterable[str]) -> Iterator[int]:
    """The changes that selectors mean.

    Raises:
        InputError: A selector means none.
    """
    wanted: set[int] = set()
    for selector in selectors:
        found = {n for n, change in enumerate(changes) if change.answers(selector)}
        if not found:
            raise InputError(f"--accept {selector}: no difference answers to it; see --list", "bad-option")
        wanted |= found
    yield from sorted(wanted)
