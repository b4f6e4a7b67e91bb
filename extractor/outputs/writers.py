"""The formats of an output: one function each, from the results of a run to files.

The same results give the same bytes; they are taken one by one, so memory stays flat; a reader sees the old output or
the new one, never a half written file.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from extractor.errors import InputError, OutputError
from extractor.outputs import json_folder, tidy, tidy_csv, tidy_parquet, tidy_sqlite
from extractor.runs import atomic

if TYPE_CHECKING:
    from extractor.runs.batch import Result


@dataclass(frozen=True)
class Format:
    """A format that a run can write.

    Attributes:
        name: What `--format` calls it.
        suffixes: Names of outputs that end so are of this format.
        is_folder: Whether the output is a folder.
        about: What it holds, in a few words.
        write: From the results of a run, in the order of the inputs, to the output. It raises `OutputError` where a
            folder or the disk does not take it.
        needs: The package that it needs and the extra that brings it, where it needs one.
    """

    name: str
    suffixes: tuple[str, ...]
    is_folder: bool
    about: str
    write: Callable[[Path, Iterable[Result]], None]
    needs: tuple[str, str] | None = None

    @property
    def suffix(self) -> str:
        """The suffix that goes with it."""
        return self.suffixes[0]

    def require(self) -> None:
        """Says before any work is done whether what the format needs is there.

        Raises:
            OutputError: It is not; the message has the command that installs it.
        """
        if self.needs and find_spec(self.needs[0]) is None:
            package, extra = self.needs
            raise OutputError(f"the format {self.name} needs {package}: pip install 'police-press-extractor[{extra}]'")


def _jsonl(output: Path, results: Iterable[Result]) -> None:
    atomic.clear_leftovers(output)
    failures = []
    with _lines(output) as file:
        for result in results:
            if result.record is None:
                failures.append(tidy.failure_of(result))
            else:
                file.write(result.record + "\n")
    atomic.write_failures(output, failures)


@contextmanager
def _lines(output: Path) -> Iterator[TextIO]:
    with atomic.atomic(output) as file:
        if output.suffix.lower() != ".gz":
            yield file
            return
        # Without the name and the time, so that the same records are the same bytes.
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=file.buffer, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as text,
        ):
            yield text


def _json(output: Path, results: Iterable[Result]) -> None:
    json_folder.write(output, results)


def _csv(output: Path, results: Iterable[Result]) -> None:
    tidy_csv.write(output, tidy.rows_of_results(results))


def _sqlite(output: Path, results: Iterable[Result]) -> None:
    atomic.clear_leftovers(output)
    tidy_sqlite.write(output, tidy.rows_of_results(results))


def _parquet(output: Path, results: Iterable[Result]) -> None:
    FORMATS["parquet"].require()
    tidy_parquet.write(output, tidy.rows_of_results(results))


FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Format("jsonl", (".jsonl", ".jsonl.gz"), False, "one record a line", _jsonl),
        Format("json", (".json",), True, "a folder, one record for each input", _json),
        Format("csv", (".csv",), True, "a folder of tidy tables for spreadsheets", _csv),
        Format("sqlite", (".sqlite", ".sqlite3", ".db"), False, "a database of the tidy tables, with views", _sqlite),
        Format(
            "parquet", (".parquet",), True, "a folder of tidy tables for data frames", _parquet, ("pyarrow", "parquet")
        ),
    )
}


def _into_database(output: Path, results: Iterable[Result]) -> None:
    write = tidy_sqlite.add if output.exists() and output.stat().st_size else tidy_sqlite.write
    write(output, tidy.rows_of_results(results))


INTO_DATABASE = replace(FORMATS["sqlite"], write=_into_database)


def format_for(output: Path, name: str | None = None) -> Format:
    """The format of an output: the one that is named, else by the suffix; what is no plain file takes lines.

    Raises:
        InputError: No such format, or neither name nor suffix tell one (code ``bad-option``).
    """
    if name is not None:
        if name not in FORMATS:
            raise InputError(f"--format {name}: not one of {', '.join(FORMATS)}", "bad-option")
        return FORMATS[name]
    for format_ in FORMATS.values():
        if output.name.lower().endswith(format_.suffixes):
            return format_
    if output.exists() and not output.is_file() and not output.is_dir():  # /dev/null, a pipe
        return FORMATS["jsonl"]
    known = ", ".join(f"{format_.name} ({format_.suffix})" for format_ in FORMATS.values())
    raise InputError(f"{output}: its name does not tell the format; say --format with one of {known}", "bad-option")
