"""The core of every batch: from one document to one result, idempotent and free of side effects.

A pool of processes, Spark, Dask and Ray all drive the same function, `results`; what isolates a bad document is here,
not in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from extractor.errors import InputError
from extractor.reading.units import Settings, Unit

if TYPE_CHECKING:
    from spacy.language import Language

    from extractor.models import Failure

KINDS = ("dates", "counts", "items", "organisations", "operations", "speakers", "quotes", "people", "warnings")


class Result(NamedTuple):
    """What became of one document: plain values that travel between processes and into any store.

    Attributes:
        id: Name of the document.
        record: The record as one line of JSON, without its line end; None if it failed or this was not asked for.
        error: Code of the failure, or blank.
        message: The failure in words, or blank.
        words: Words of the text, separated by white space.
        found: How many entries of each of `KINDS` the record has.
        warnings: Codes of the record's warnings, in text order.
        text: The text that the record's offsets count; None if the document failed or the text was not asked for.
    """

    id: str
    record: str | None
    error: str = ""
    message: str = ""
    words: int = 0
    found: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    text: str | None = None

    @property
    def failure(self) -> Failure | None:
        """The failure, if it is one."""
        from extractor.models import Failure

        return Failure(source=self.id, error=self.error, message=self.message) if self.error else None


def result_of(unit: Unit, settings: Settings, nlp: Language, *, keep_text: bool = False) -> Result:
    """Reads and processes one document; whatever is wrong with it is its own result.

    Args:
        unit: The document.
        settings: How inputs are read.
        nlp: A pipeline of `build`.
        keep_text: Whether the result carries the text too.
    """
    # Here, not above: a process that only hands out the work needs no spaCy.
    from extractor.models import Failure
    from extractor.reading.readers import read
    from extractor.release import failure_of, process

    try:
        source = read(unit, settings)
    except InputError as error:
        return _failed(failure_of(unit.id, error), unit.id)
    release = process(source, nlp)
    if isinstance(release, Failure):
        return _failed(release, unit.id)
    return Result(
        unit.id,
        release.model_dump_json(),
        words=len(source.text.split()),
        found=tuple(len(getattr(release, kind)) for kind in KINDS),
        warnings=tuple(warning.code for warning in release.warnings),
        text=source.text if keep_text else None,
    )


def _failed(failure: Failure, id_: str) -> Result:
    return Result(id_, None, failure.error, failure.message)


def results(units: Iterable[Unit], settings: Settings, nlp: Language, *, keep_text: bool = False) -> Iterator[Result]:
    """One result for each document, in order and lazily; no document stops, shifts or hides another."""
    for unit in units:
        yield result_of(unit, settings, nlp, keep_text=keep_text)


def reader(settings: Settings, model: str = "blank", *, keep_text: bool = False) -> Callable[[Unit], Result]:
    """Builds a pipeline; returns the function that reads one document with it. What a worker does when it starts.

    Raises:
        ModelError: The model is not installed.
    """
    from extractor.pipeline import build

    nlp = build(model)
    nlp("")  # what the vocabulary needs for good is made here, outside of memory zones
    return partial(result_of, settings=settings, nlp=nlp, keep_text=keep_text)
