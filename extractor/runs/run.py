"""A run: from inputs to an output, resumable. Units that the manifest knows are kept, the rest is worked on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extractor.reading.units import Settings, Unit, units
from extractor.runs import atomic, guard
from extractor.runs import version as rules
from extractor.runs.batch import Result, reader
from extractor.runs.manifest import Done, Manifest, peek
from extractor.runs.tally import Tally
from extractor.runs.workers import Pool
from extractor.text.paths import text_path
from extractor.text.suffixes import MARKDOWN, ROWS, TEXT, suffix_of

if TYPE_CHECKING:
    from extractor.reading.listing import Listing
    from extractor.reading.metadata import Known

DEFAULT_TIMEOUT = 60.0
# So few small texts are read in this process: to start another takes longer than to read them.
_FEW, _SMALL, _PLAIN = 8, 200_000, {*TEXT, *MARKDOWN}


@dataclass(frozen=True)
class Plan:
    """What a run is to do.

    Attributes:
        listing: The documents.
        settings: How they are read.
        known: What a table says of them, by id.
        model: Name of the base model.
        workers: Number of processes.
        timeout: Seconds for one document; None is the default limit, where there are worker processes.
        save_text: Folder that keeps the text of each document.
        force: Do again what is done.
        retry_failed: Do again what failed.
        limit: Only so many documents.
    """

    listing: Listing
    settings: Settings = field(default_factory=Settings)
    known: dict[str, Known] = field(default_factory=dict)
    model: str = "blank"
    workers: int = 1
    timeout: float | None = None
    save_text: Path | None = None
    force: bool = False
    retry_failed: bool = False
    limit: int | None = None

    @property
    def total(self) -> int | None:
        """How many documents there are; None where files hold several, which shows when they are read."""
        documents = self.listing.documents
        if any(suffix_of(document.path) in ROWS for document in documents):
            return None
        return len(documents) if self.limit is None else min(self.limit, len(documents))

    def units(self) -> Iterator[Unit]:
        """The documents with their bytes, in order."""
        return islice(units(self.listing.documents, self.settings, self.known), self.limit)

    def stale(self, unit: Unit, digest: str, done: Done | None) -> str:
        """Why a document has to be read: ``new``, ``changed``, ``failed``, ``forced``, or blank if it need not be."""
        if done is None:
            return "new"
        if self.force:
            return "forced"
        if done.digest != digest or done.rules != rules.digest(self.model):
            return "changed"
        if done.failed and self.retry_failed:
            return "failed"
        text_gone = self.save_text and not done.failed and not (self.save_text / text_path(unit.id)).is_file()
        return "changed" if text_gone else ""


def stream(plan: Plan, tally: Tally) -> Iterator[Result]:
    """The results in order, without a manifest: for output that cannot be gone on with, such as a pipe."""
    for result in _worked(plan, plan.units()):
        _save_text(plan, result)
        tally.add(result)
        yield result


def into(plan: Plan, manifest: Manifest, tally: Tally) -> Iterator[Result]:
    """Brings the manifest up to date; yields each result as it is known, those of earlier runs without their record.

    Results stand in the manifest in the order of the listing, whatever was known before.
    """
    waiting: deque[tuple[int, str]] = deque()
    kept: deque[Result] = deque()

    def to_do() -> Iterator[Unit]:
        for position, unit in enumerate(plan.units()):
            digest = unit.digest(plan.settings)
            if plan.stale(unit, digest, manifest.done(unit.id)):
                waiting.append((position, digest))
                yield unit
            else:
                kept.append(manifest.keep(unit.id, position))

    def known() -> Iterator[Result]:
        while kept:
            tally.add(kept[0], unchanged=True)
            yield kept.popleft()

    version = rules.digest(plan.model)
    for result in _worked(plan, to_do()):
        yield from known()
        _save_text(plan, result)
        position, digest = waiting.popleft()
        manifest.add(result._replace(text=None), position, digest, version)
        tally.add(result)
        yield result
    yield from known()
    manifest.commit()


class Prospect(NamedTuple):
    """What a run would do with a document."""

    id: str
    verdict: str


def prospects(plan: Plan, manifest: Path | None) -> Iterator[Prospect]:
    """What a run would do, document by document, without doing it: ``new``, ``changed``, … or ``unchanged``."""
    done = peek(manifest) if manifest else {}
    for unit in plan.units():
        yield Prospect(unit.id, plan.stale(unit, unit.digest(plan.settings), done.get(unit.id)) or "unchanged")


def _worked(plan: Plan, to_do: Iterator[Unit]) -> Iterator[Result]:
    """One result a unit, in order: from worker processes, or from this one if there is little to do."""
    first = list(islice(to_do, _FEW + 1))
    start = partial(reader, plan.settings, plan.model, keep_text=plan.save_text is not None)
    if plan.timeout is None and len(first) <= _FEW and all(map(_light, first)):
        if first:
            yield from map(start(), first)
        return
    pool = Pool(start, lost, plan.workers, plan.timeout or DEFAULT_TIMEOUT)
    yield from pool.map(chain(first, to_do))


def _light(unit: Unit) -> bool:
    return unit.data is None or (unit.suffix in _PLAIN and len(unit.data) <= _SMALL)


def lost(unit: Unit, code: str, message: str) -> Result:
    """The result of a document whose worker could not finish it."""
    return Result(unit.id, None, code, message)


def _save_text(plan: Plan, result: Result) -> None:
    if plan.save_text is None or result.text is None:
        return
    path = plan.save_text / text_path(result.id)
    with atomic.told(plan.save_text):
        guard.mark_texts(plan.save_text)
    with atomic.atomic(path) as file:
        file.write(result.text)
