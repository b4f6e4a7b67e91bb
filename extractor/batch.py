"""Runs the pipeline over many files: one outcome for each document, in the order of the listing, none held back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from spacy.language import Language

from extractor.errors import InputError
from extractor.models import Failure, Release
from extractor.readers import Document, Known, Skipped, known_of, read
from extractor.release import failure_of, process

KINDS = ("dates", "counts", "items", "organisations", "operations", "speakers", "quotes", "warnings")


@dataclass(frozen=True)
class Outcome:
    """What became of one document."""

    document: Document
    result: Release | Failure
    words: int = 0


def outcomes(
    documents: Iterable[Document], nlp: Language, published: date | None, known: Mapping[str, Known]
) -> Iterator[Outcome]:
    """Reads and processes the documents one after the other; exactly one outcome each, in the order given.

    Args:
        documents: What to read.
        nlp: A pipeline of `build`.
        published: Day of publication of those that `known` gives none.
        known: What is known of documents from outside, by id.
    """
    for document in documents:
        try:
            told = known_of(document, known)
            source = read(document, told._replace(published=told.published or published))
        except InputError as error:
            yield Outcome(document, failure_of(document.id, error))
            continue
        yield Outcome(document, process(source, nlp), len(source.text.split()))


@dataclass
class Summary:
    """The tally of a run. Records are counted and let go; failures are kept, to be shown at the end."""

    skipped: tuple[Skipped, ...] = ()
    ok: int = 0
    failures: list[Failure] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    words: int = 0
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """Counts one outcome."""
        if isinstance(outcome.result, Failure):
            self.failures.append(outcome.result)
            return
        self.ok += 1
        self.words += outcome.words
        for kind in KINDS:
            self.found[kind] += len(getattr(outcome.result, kind))

    @property
    def words_per_second(self) -> int:
        """Speed of the run, reading and writing included."""
        return round(self.words / self.seconds) if self.seconds > 0 else 0

    def as_json(self) -> dict[str, object]:
        """The tally for a machine."""
        return {
            "documents": self.ok + len(self.failures),
            "ok": self.ok,
            "failed": len(self.failures),
            "skipped": len(self.skipped),
            "found": {kind: self.found[kind] for kind in KINDS},
            "words": self.words,
            "seconds": round(self.seconds, 3),
            "words_per_second": self.words_per_second,
            "failures": [failure.model_dump() for failure in self.failures],
            "skipped_paths": [{"path": str(path), "reason": reason} for path, reason in self.skipped],
        }
