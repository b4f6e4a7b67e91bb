"""What Spark writes: parts in the order of the inputs, whole or not there at all; and what is counted in them."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pyspark.sql import Observation
from pyspark.sql import functions as F

from extractor.errors import OutputError
from extractor.models import Failure
from extractor.runs.batch import KINDS
from extractor.runs.tally import FAILURES_KEPT, Tally
from extractor.spark.shards import RESULT
from extractor.spark.work import FAILURES, RECORDS

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

WHOLE = "_SUCCESS"
_LEFTOVER = "_temporary"
_LISTS = ", ".join(f"{kind} array<struct<{'code' if kind == 'warnings' else 'id'}: string>>" for kind in KINDS)
_RECORD = f"source struct<id: string>, {_LISTS}"
_FAILURE = "source string, error string, message string"


class Target:
    """A folder of parts in any store that Spark writes to.

    Args:
        spark: The session.
        path: The folder, as Spark spells it.
        as_lines: Whether it holds lines of JSON, records and failures apart, instead of a table.
        packed: Whether lines are packed with gzip.
    """

    def __init__(self, spark: SparkSession, path: str, *, as_lines: bool, packed: bool = False) -> None:
        self.path = path
        self.as_lines = as_lines
        self._spark = spark
        self._packed = packed
        self._java = spark._jvm.org.apache.hadoop.fs  # type: ignore[union-attr]
        self._store = self._java.Path(path).getFileSystem(spark._jsc.hadoopConfiguration())

    def check(self, inputs: Iterable[str] = (), *, force: bool) -> None:
        """Says before any work is done whether the output may be written.

        Raises:
            OutputError: Something is there that is not ours, that is read, or that only `force` replaces.
        """
        path = self._java.Path(self.path)
        for name in inputs:
            if self._meets(name):
                raise OutputError(f"{self.path}: this command reads {name}; name another output")
        if not self._store.exists(path):
            return
        if not self._store.getFileStatus(path).isDirectory():
            raise OutputError(f"{self.path}: a file, and Spark writes a folder")
        names = self._names_in(path)
        if self._store.exists(new := self._beside(path)):
            self._names_in(new)
        if names - {_LEFTOVER} and not force:
            state = "an output" if WHOLE in names else "what is left of an output"
            raise OutputError(f"{self.path}: {state} is there already; --force replaces it")

    def _beside(self, path: Any) -> Any:
        """Where an output is made that replaces another."""
        return self._java.Path(path.getParent(), f".{path.getName()}.new")

    def _names_in(self, path: Any) -> set[str]:
        """The names in a folder, all of which are of an output."""
        names = {str(status.getPath().getName()) for status in self._store.listStatus(path)}
        if foreign := sorted(name for name in names if not self._is_ours(name)):
            raise OutputError(f"{path.toString()}: holds {foreign[0]!r}, which is not of an output; nothing written")
        return names

    def _meets(self, name: str) -> bool:
        """Whether an input is the output or stands in it; of a pattern, the folder before its first mark."""
        fixed = re.split(r"[*?\[{]", name)[0]
        if fixed != name:
            fixed = fixed.rpartition("/")[0] or "."
        source = self._java.Path(fixed)
        store = source.getFileSystem(self._spark._jsc.hadoopConfiguration())
        a, b = (_whole(str(s.makeQualified(p).toString())) for s, p in (
            (store, source), (self._store, self._java.Path(self.path))
        ))  # fmt: skip
        return b == a or a.startswith(f"{b}/")

    def _is_ours(self, name: str) -> bool:
        ours = rf"kind=({RECORDS}|{FAILURES})$" if self.as_lines else r"\.?part-\d{5,}-"
        return name in (WHOLE, f".{WHOLE}.crc", _LEFTOVER) or re.match(ours, name) is not None

    def write(self, results: DataFrame) -> int:
        """Writes the parts; they take their place when all are there, or nothing changes. Returns the number of words.

        A new output is written where it belongs: Spark's own commit protocol keeps parts out of sight until the job is
        done, also in stores that cannot rename. One that replaces another is written beside it first.

        Raises:
            OutputError: The new output cannot be moved to its place.
            pyspark.errors.PySparkException: The job fails.
        """
        path = self._java.Path(self.path)
        replaces = self._store.exists(self._java.Path(path, WHOLE))
        new = self._beside(path) if replaces else path
        self._store.delete(new, True)  # what a killed run has left
        words = Observation()
        try:
            self._write(results.observe(words, F.sum("words").alias("words")), str(new.toString()))
        finally:
            if not self._store.exists(self._java.Path(new, WHOLE)):
                self._store.delete(new, True)
        if replaces:
            self._store.delete(path, True)
            if not self._store.rename(new, path):
                raise OutputError(f"{self.path}: cannot be replaced; the new output is {new.toString()}")
        return int(words.get["words"] or 0)

    def _write(self, results: DataFrame, path: str) -> None:
        if not self.as_lines:
            table = results.sortWithinPartitions("position").drop("position")
            table.write.option("compression", "zstd").parquet(path)
            return
        # Sorted by what parts are divided by, so that Spark need not sort again, and records keep their order.
        lines = results.sortWithinPartitions("kind", "position").select("kind", "value")
        packing = "gzip" if self._packed else "none"
        lines.write.partitionBy("kind").option("lineSep", "\n").option("compression", packing).text(path)

    def tally(self) -> Tally:
        """What is in the output. Counted there and not on the way, where a task that is run again counts twice."""
        rows = self._rows()
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        entries = F.explode(F.concat(*(_found(kind) for kind in KINDS), _codes(), _outcome()))
        for what, name, number in _numbers(rows.select(entries.alias("entry"))):
            counts[what][name] += number
        outcome, failed = counts["outcome"], counts["error"]
        tally = Tally(ok=outcome["ok"], failed=failed.total(), codes=failed, found=counts["found"])
        tally.warnings = counts["warning"]
        if failed:
            first = rows.where("failure.error IS NOT NULL").orderBy("part", "mark").limit(FAILURES_KEPT)
            tally.failures = [Failure(**row.failure.asDict()) for row in first.select("failure").collect()]
        return tally

    def names_twice(self) -> int:
        """How many names are borne by more than one document."""
        names = self._rows().select(F.coalesce("failure.source", "record.source.id").alias("id"))
        return names.groupBy("id").count().where("count > 1").count()

    def _rows(self) -> DataFrame:
        """The output as record and failure, one of which is null, in the order of part and mark."""
        read = self._spark.read
        if self.as_lines:
            parts = read.schema("value string, kind string").option("lineSep", "\n").text(self.path)
            record = F.when(F.col("kind") == RECORDS, F.from_json("value", _RECORD))
            failure = F.when(F.col("kind") == FAILURES, F.from_json("value", _FAILURE))
        else:
            parts = read.schema(RESULT).parquet(self.path)
            record = F.from_json("record", _RECORD)
            failed = F.struct(F.col("id").alias("source"), "error", "message")
            failure = F.when(F.col("record").isNull(), failed)
        return parts.select(
            F.col("_metadata.file_name").alias("part"),
            F.monotonically_increasing_id().alias("mark"),
            record.alias("record"),
            failure.alias("failure"),
        )


def _whole(path: str) -> str:
    """A path without links, if it is one of this machine."""
    return os.path.realpath(path.removeprefix("file:")) if path.startswith("file:/") else path.rstrip("/")


def _entry(what: str, name: Column, number: Column) -> Column:
    return F.struct(F.lit(what).alias("what"), name.alias("name"), number.cast("bigint").alias("number"))


def _found(kind: str) -> Column:
    return F.array(_entry("found", F.lit(kind), F.coalesce(F.size(F.col("record")[kind]), F.lit(0))))


def _codes() -> Column:
    codes = F.coalesce(F.col("record.warnings.code"), F.array().cast("array<string>"))
    return F.transform(codes, lambda code: _entry("warning", code, F.lit(1)))


def _outcome() -> Column:
    ok = F.array(_entry("outcome", F.lit("ok"), F.lit(1)))
    return F.when(F.col("failure").isNull(), ok).otherwise(F.array(_entry("error", F.col("failure.error"), F.lit(1))))


def _numbers(entries: DataFrame) -> Iterator[tuple[str, str, int]]:
    for row in entries.groupBy("entry.what", "entry.name").agg(F.sum("entry.number").alias("number")).collect():
        if row.number:
            yield row.what, row.name, row.number
