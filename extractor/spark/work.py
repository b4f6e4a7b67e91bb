"""What Spark's Python workers do in `extractor run`: rows to results, as rows of the output."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractor.outputs.tidy import failure_of
from extractor.reading.rows import row_of_line
from extractor.reading.units import Settings, Unit, name_of, unit_of
from extractor.runs.batch import Result
from extractor.spark.shards import RESULT, frame_of, work
from extractor.text.lines import Lines

if TYPE_CHECKING:
    import pandas as pd

    from extractor.reading.metadata import Known

RECORDS, FAILURES = "records", "failures"
AS_TABLE = f"position bigint, {RESULT}"
AS_LINES = "position bigint, kind string, value string, words bigint"


@dataclass(frozen=True)
class Job:
    """How rows are read; it travels to the workers.

    Attributes:
        settings: How inputs are read.
        model: Name of the base model.
        timeout: Seconds that a document may take.
        known: What a table of metadata says of documents, by id.
        as_lines: Whether the output is lines of JSON, records and failures apart, instead of a table.
    """

    settings: Settings
    model: str = "blank"
    timeout: float | None = None
    known: Mapping[str, Known] = field(default_factory=dict)
    as_lines: bool = False

    @property
    def schema(self) -> str:
        """The columns of what a worker returns."""
        return AS_LINES if self.as_lines else AS_TABLE

    def __call__(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """The results of frames of rows, see `spark_input.Rows`; one row for each, in their order."""
        for frame in frames:
            units = map(self.unit, frame["name"], frame["number"], frame["place"], frame["data"])
            results = work(units, self.settings, self.model, self.timeout)
            made = lines_of(results) if self.as_lines else frame_of(results)
            made.insert(0, "position", frame["position"].to_numpy())
            yield made

    def unit(self, file: str, number: int, place: str | None, data: bytes | None) -> Unit:
        """The document of one row."""
        if data is None:
            return Unit(file, ".txt", None, code="empty", message="no row at all")
        columns = self.settings.columns
        # A table's rows are lines of JSON that Spark has made.
        encoding = columns.encoding if place == "line" else None
        line = next(iter(Lines(io.BytesIO(data), columns.max_bytes, encoding)))
        row = row_of_line(line._replace(number=number), f"{place} {number:,}", columns)
        return unit_of(row, name_of(row, file), file, self.known)


def lines_of(results: Iterable[Result]) -> pd.DataFrame:
    """Results as lines of JSON, each with the kind of line that it is."""
    import pandas as pd

    rows = [
        (FAILURES, failure_of(result).model_dump_json(), 0)
        if result.record is None
        else (RECORDS, result.record, result.words)
        for result in results
    ]
    return pd.DataFrame(rows, columns=["kind", "value", "words"])
