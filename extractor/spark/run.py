"""A run on Spark: rows of any store it reads to a folder of parts in any store it writes.

Spark distributes, retries and commits. What isolates a bad document is ours (shards.py), and so is what reads a row
(spark_work.py): a record is that of `extractor run` on one machine, and the parts in the order of their names have the
records in the order of the inputs.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from extractor.errors import InputError, ModelError, OutputError
from extractor.reading.units import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from extractor.reading.metadata import Known
    from extractor.runs.tally import Tally

PART = 5_000  # documents of a part at most: a quarter of a minute, which is what a lost task costs
_TRIES = 4
_CONFIG = {
    "spark.ui.showConsoleProgress": "false",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
}
_SQL_CONFIG = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
    "spark.sql.session.timeZone": "UTC",  # a day of publication is the same wherever the driver stands
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.caseSensitive": "true",
}


@dataclass(frozen=True)
class Plan:
    """What a run on Spark is to do.

    Attributes:
        inputs: Files, folders and patterns of JSON Lines and Parquet, as Spark spells paths.
        output: The folder of parts.
        form: ``jsonl`` or ``parquet``; None to go by the name of the output.
        settings: How rows are read.
        known: What a table of metadata says of documents, by id.
        model: Name of the base model.
        timeout: Seconds for one document.
        limit: Only so many documents.
        force: Replace an output that is there.
        master: Spark's master; None for that of `spark-submit`, or all cores of this machine.
    """

    inputs: Sequence[str]
    output: str
    form: str | None = None
    settings: Settings = field(default_factory=Settings)
    known: Mapping[str, Known] = field(default_factory=dict)
    model: str = "blank"
    timeout: float | None = None
    limit: int | None = None
    force: bool = False
    master: str | None = None


def run(plan: Plan) -> tuple[Tally, list[str]]:
    """Runs a plan; returns what became of the documents, and what else there is to say.

    Raises:
        InputError: There is nothing to read, or the plan asks for something that Spark cannot do here.
        ModelError: Spark, Java or the base model is not installed.
        OutputError: The output is there already, cannot be written, or the job fails.
    """
    as_lines, packed = _format(plan)
    with _session(plan.master) as spark, _told(plan.output):
        from extractor.spark import input as spark_input
        from extractor.spark.output import Target
        from extractor.spark.shards import TIMEOUT
        from extractor.spark.work import Job

        target = Target(spark, plan.output, as_lines=as_lines, packed=packed)
        target.check(plan.inputs, force=plan.force)
        rows = spark_input.rows(spark, plan.inputs, plan.settings)
        frame, total = rows.frame, rows.total
        if plan.limit is not None and plan.limit < total:
            frame, total = frame.orderBy("position").limit(plan.limit), plan.limit
        job = Job(plan.settings, plan.model, plan.timeout or TIMEOUT, plan.known, as_lines)
        parts = min(total, max(spark.sparkContext.defaultParallelism, -(-total // PART)))
        # Ranges, not a deal of the rows: the same rows come together whenever a lost part is made again.
        spread = frame.repartitionByRange(parts, "position").sortWithinPartitions("position")
        words = target.write(spread.mapInPandas(job, job.schema))
        tally = target.tally()
        tally.words = words
        if tally.documents != total:
            raise OutputError(f"{plan.output}: {tally.documents:,} documents of {total:,}; were the inputs changed?")
        return tally, _remarks(rows.skipped, target.names_twice())


def _remarks(skipped: Sequence[str], twice: int) -> list[str]:
    remarks = [f"skipped: {name}: not .jsonl, .ndjson or .parquet" for name in skipped]
    if twice:
        remarks.append(f"{twice:,} names are borne by more than one document")
    return remarks


def _format(plan: Plan) -> tuple[bool, bool]:
    """Whether the output is lines of JSON, and whether they are packed."""
    from extractor.text.suffixes import PACKED, suffix_of

    suffix = suffix_of(PurePosixPath(plan.output))
    form = plan.form or suffix.removesuffix(PACKED).removeprefix(".")
    if form not in ("jsonl", "parquet"):
        raise InputError(f"{plan.output}: Spark writes jsonl and parquet; say which with --format", "bad-option")
    return form == "jsonl", suffix.endswith(PACKED)


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    """A session with our settings: one beside that of the program, if it has one, else one that ends with the block."""
    if find_spec("pyspark") is None or find_spec("pandas") is None:
        raise ModelError("--engine spark needs pyspark: pip install 'police-press-extractor[spark]'")
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    # Said of every pandas that is new to Spark; what we use of it is tested with both.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    running = SparkSession.getActiveSession()
    if running is None and not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise ModelError("Spark needs Java 17 or later, and there is no java in PATH and no JAVA_HOME")
    try:
        session = running.newSession() if running else _built(master)
    except PySparkException as error:
        raise ModelError(f"Spark does not start; is Java 17 or later there? {_reason(error)}") from error
    try:
        for key, value in _SQL_CONFIG.items():
            session.conf.set(key, value)
        # What goes through these holds counts and names only; 200, the default, are 200 tasks with nothing to do.
        session.conf.set("spark.sql.shuffle.partitions", str(session.sparkContext.defaultParallelism))
        yield session
    finally:
        if running is None:
            session.stop()


def _built(master: str | None) -> SparkSession:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("extractor")
    for key, value in _CONFIG.items():
        builder = builder.config(key, value)
    if master or "SPARK_ENV_LOADED" not in os.environ:  # which spark-submit sets, and its master holds
        builder = builder.master(_retrying(master or "local[*]"))
    return builder.getOrCreate()


def _retrying(master: str) -> str:
    """A local master with retries: without them, which is Spark's default there, a killed worker ends the job."""
    if master == "local":
        return f"local[1,{_TRIES}]"
    if master.startswith("local[") and "," not in master:
        return f"{master.removesuffix(']')},{_TRIES}]"
    return master


@contextmanager
def _told(output: str) -> Iterator[None]:
    """What goes wrong in Spark is told in a line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import AnalysisException, PySparkException

    try:
        yield
    except AnalysisException as error:
        raise InputError(_reason(error), "bad-input") from error
    except (PySparkException, Py4JError) as error:
        reason = _reason(error)
        if reason.startswith("ModelError: "):
            raise ModelError(reason.removeprefix("ModelError: ")) from error
        raise OutputError(f"{output}: Spark's job failed: {reason}") from error


def _reason(error: Exception) -> str:
    """The line that says what went wrong: that of our own error where a worker raised one, else the first cause."""
    lines = [line.strip() for line in str(error).split("\n") if line.strip()]
    if ours := [line for line in lines if line.startswith("extractor.errors.")]:
        return ours[0].removeprefix("extractor.errors.")
    cause = getattr(error, "java_exception", None)
    if cause is None:
        return (lines or [type(error).__name__])[0][:500]
    told = [str(cause.toString()).split("\n")[0]]
    while cause := cause.getCause():
        told.append(str(cause.toString()).split("\n")[0])
    file = [line for line in told if "FAILED_READ_FILE" in line and line != told[-1]]
    return ": ".join([*file[-1:], told[-1]])[:500]
