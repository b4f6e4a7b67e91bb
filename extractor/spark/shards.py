"""A shard of documents as a pandas frame, and its results as another: the core of a batch, for any engine to drive.

The functions are idempotent and without side effects, so an engine may run them twice; a frame's results are in the
order of its rows. Whatever is wrong with a row is a row of the results, for no engine tells a bad document from a bad
worker. A pipeline is built once in a process and kept.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from extractor.errors import InputError
from extractor.outputs.tidy import failure_of
from extractor.reading.rows import OTHER_DATE, row_of
from extractor.reading.units import Settings, Unit, name_of, unit_of
from extractor.runs.batch import Result, reader
from extractor.runs.workers import Pool

if TYPE_CHECKING:
    import pandas as pd

    from extractor.reading.metadata import Known

COLUMNS = ("id", "record", "error", "message", "words")
RESULT = "id string, record string, error string, message string, words bigint"  # as Spark spells it
TIMEOUT = 60.0

Work: TypeAlias = "Callable[[Iterable[Unit]], Iterator[Result]]"

_AS_GIVEN = Settings()
_ONE_AT_A_TIME = threading.RLock()  # engines that use threads: a pipeline and a worker's pipe take one document


def extract_frame(
    frame: pd.DataFrame,
    *,
    settings: Settings = _AS_GIVEN,
    model: str = "blank",
    timeout: float | None = None,
    known: Mapping[str, Known] | None = None,
) -> pd.DataFrame:
    """Reads the documents of a frame.

    Args:
        frame: One document a row, with the columns ``id`` and ``text``, and ``published``, ``title`` and ``url`` where
            they are known.
        settings: Other names for the columns; a day of publication for all; the size over which a text is not read.
        model: Name of the base model.
        timeout: Seconds that a document may take. Where it is given, documents are read in a process beside this one,
            so that one that hangs, or kills its process, fails alone. A process that may have no children (a daemon of
            `multiprocessing`) reads them itself, without a limit.
        known: What a table says of documents, by id; see `metadata.read_metadata`.

    Returns:
        One row for each row of `frame`, in its order, with the columns ``id``; ``record``, which is JSON, or None if
        the document failed; ``error`` and ``message``, which are None if it did not; and ``words``.

    Raises:
        InputError: The frame lacks the column of the names or of the texts, or has it twice.
        ModelError: The model is not installed.
    """
    return frame_of(work(_units(frame, settings, known or {}), settings, model, timeout))


def extract_frames(
    frames: Iterable[pd.DataFrame],
    *,
    settings: Settings = _AS_GIVEN,
    model: str = "blank",
    timeout: float | None = TIMEOUT,
    known: Mapping[str, Known] | None = None,
) -> Iterator[pd.DataFrame]:
    """Reads the documents of frames, one after the other: what ``DataFrame.mapInPandas`` of Spark takes, with `RESULT`.

    Args:
        frames: The frames, see `extract_frame`.
        settings: See `extract_frame`.
        model: Name of the base model.
        timeout: Seconds that a document may take; None for no limit, and no process beside this one.
        known: What a table says of documents, by id.

    Raises:
        InputError: A frame lacks the column of the names or of the texts, or has it twice.
        ModelError: The model is not installed.
    """
    for frame in frames:
        yield extract_frame(frame, settings=settings, model=model, timeout=timeout, known=known)


def work(units: Iterable[Unit], settings: Settings, model: str, timeout: float | None) -> list[Result]:
    """The results of some documents, read by this process's one pipeline.

    Raises:
        ModelError: The model is not installed.
    """
    if multiprocessing.current_process().daemon:
        timeout = None
    with _ONE_AT_A_TIME:
        return list(_worker(settings, model, timeout)(units))


@cache
def _worker(settings: Settings, model: str, timeout: float | None) -> Work:
    if timeout is None:
        return partial(map, reader(settings, model))
    return partial(Pool(partial(reader, settings, model), lost, 1, timeout).map, keep=True)


def lost(unit: Unit, code: str, message: str) -> Result:
    """The result of a document whose process hung or died."""
    return Result(unit.id, None, code, message)


def frame_of(results: Iterable[Result]) -> pd.DataFrame:
    """Results as a frame with the columns `COLUMNS`."""
    import pandas as pd

    rows = [_row(result) for result in results]
    # Objects throughout: a frame of failures alone has no strings in it to tell the type by, and null is None.
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return frame.astype({"words": "int64"})


def _row(result: Result) -> tuple[str | None, str | None, str | None, str | None, int]:
    if result.record is not None:
        return result.id, result.record, None, None, result.words
    failure = failure_of(result)
    return failure.source or None, None, failure.error, failure.message, 0


def _units(frame: pd.DataFrame, settings: Settings, known: Mapping[str, Known]) -> Iterator[Unit]:
    columns = settings.columns
    present = list(frame.columns)
    for name in (columns.id, columns.text):
        if present.count(name) != 1:
            raise InputError(f"{'more than one' if name in present else 'no'} column {name!r}", "no-column")
    wanted = dict.fromkeys((columns.id, columns.text, columns.date, OTHER_DATE, "title", "url"))
    cells = {name: frame[name].astype(object).tolist() for name in wanted if present.count(name) == 1}
    for number, values in enumerate(zip(*cells.values(), strict=True), 1):
        row = row_of(number, "row", {name: _plain(value) for name, value in zip(cells, values, strict=True)}, columns)
        if row.id is None:
            error = row.error or InputError(f"row: no {columns.id!r}", "no-id")
            yield Unit("", ".txt", None, code=error.code, message=str(error).removeprefix("row: "))
        elif row.error:
            yield Unit(
                name_of(row, ""), ".txt", None, code=row.error.code, message=str(row.error).removeprefix("row: ")
            )
        else:
            yield unit_of(row, name_of(row, ""), "", known)


def _plain(value: Any) -> Any:
    """A cell as JSON would have it: null is None, a number of numpy is one of Python."""
    import pandas as pd

    if isinstance(value, str):
        return value
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, float) and value.is_integer():  # a whole number in a column that has nulls
        return int(value)
    return value
