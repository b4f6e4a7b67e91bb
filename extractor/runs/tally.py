"""The tally of a run: documents are counted and let go, so that it stays small however long the run is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractor.models import Failure
from extractor.reading.listing import Skipped
from extractor.runs.batch import KINDS, Result

FAILURES_KEPT = 100  # to be shown; the output has all


@dataclass
class Tally:
    """What became of the documents of a run: ok + failed is as many as there were."""

    skipped: Sequence[Skipped] = ()
    ok: int = 0
    failed: int = 0
    unchanged: int = 0
    failures: list[Failure] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    words: int = 0
    seconds: float = 0.0

    def add(self, result: Result, *, unchanged: bool = False) -> None:
        """Counts one result; an unchanged one was found by an earlier run."""
        self.unchanged += unchanged
        if failure := result.failure:
            self.failed += 1
            self.codes[failure.error] += 1
            if len(self.failures) < FAILURES_KEPT:
                self.failures.append(failure)
            return
        self.ok += 1
        self.words += result.words
        self.warnings.update(result.warnings)
        self.found.update(dict(zip(KINDS, result.found, strict=True)))

    @property
    def documents(self) -> int:
        """How many documents there were."""
        return self.ok + self.failed

    def as_json(self) -> dict[str, object]:
        """The tally for a machine."""
        return {
            "documents": self.documents,
            "ok": self.ok,
            "failed": self.failed,
            "skipped": len(self.skipped),
            "unchanged": self.unchanged,
            "found": {kind: self.found[kind] for kind in KINDS},
            "warnings": dict(self.warnings.most_common()),
            "words": self.words,
            "seconds": round(self.seconds, 3),
            "failed_by_code": dict(self.codes.most_common()),
            "failures": [failure.model_dump() for failure in self.failures],
            "skipped_paths": [{"path": str(path), "reason": reason} for path, reason in self.skipped],
        }
