"""What Spark reads: the rows of JSON Lines and Parquet, each with its number and its place among all.

Lines are taken from Spark as bytes and read by our own code, so that a row is read, named and refused as
`extractor run` does it on one machine; Spark's own JSON reader would drop or null what it does not like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from extractor.errors import InputError
from extractor.reading.listing import Document, with_distinct_ids
from extractor.reading.rows import OTHER_DATE
from extractor.text import suffixes

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrameReader, SparkSession

    from extractor.reading.units import Settings

LINES = (*suffixes.LINES, *(suffix + suffixes.PACKED for suffix in suffixes.LINES))
_MAGIC = "*?[{"
# A line is blank if nothing is left when its white space, as Python sees it, is gone.
_FILLED = r"(?U)[^\s\x1c-\x1f]"
_PLACES = "file string, block bigint, name string, base bigint, shift bigint"
_EMPTY = "position bigint, name string, number bigint, place string, data binary"


class File(NamedTuple):
    """A file that Spark can read: its path as Spark's functions tell it, and its name in ids and messages."""

    uri: str
    name: str

    @property
    def suffix(self) -> str:
        """Its suffix in lower case, with the one below it where it is packed."""
        return suffixes.suffix_of(PurePosixPath(unquote(self.uri)))


class Block(NamedTuple):
    """A stretch of a file that one task reads: `first` is the mark of its first row; blank lines are not `filled`."""

    file: str
    start: int
    first: int
    rows: int
    filled: int


@dataclass(frozen=True)
class Rows:
    """The rows of the inputs.

    Attributes:
        frame: One row each: position (in the order of the inputs), name (of the file), number (in the file, from 1),
            place (what messages call it), data (the row as a line of JSON; null for a file that has none).
        total: How many there are.
        skipped: Names of the files that are not read.
    """

    frame: DataFrame
    total: int
    skipped: tuple[str, ...]


def rows(spark: SparkSession, inputs: Sequence[str], settings: Settings) -> Rows:
    """The rows of files, folders and patterns: in the order in which these are given, the files of each by name.

    Raises:
        InputError: There is nothing to read, a file is named twice, or the column of texts is missing.
        pyspark.errors.PySparkException: An input is not there, or cannot be read.
    """
    found = _listed(spark, inputs)
    files = [file for file in found if file.suffix in (*LINES, *suffixes.PARQUET)]
    if not files:
        raise InputError(f"no {', '.join((*LINES, *suffixes.PARQUET))} in {', '.join(inputs)}", "no-input")
    parts: dict[str, DataFrame] = {}
    if any(file.suffix in LINES for file in files):
        parts["line"] = _lines(_reader(spark, LINES), inputs)
    if any(file.suffix in suffixes.PARQUET for file in files):
        parts["row"] = _table(_reader(spark, suffixes.PARQUET), inputs, settings)
    placed, empty, total = _placed(files, [block for part in parts.values() for block in _blocks(part)])
    places = F.broadcast(spark.createDataFrame(placed, _PLACES))
    frames = [_numbered(part, places, place) for place, part in parts.items()]
    if empty:
        frames.append(spark.createDataFrame(empty, _EMPTY))
    frame = reduce(DataFrame.unionByName, frames)
    return Rows(frame, total, tuple(file.name for file in found if file not in files))


def _listed(spark: SparkSession, inputs: Sequence[str]) -> list[File]:
    """The files of the inputs, listed by Spark: it alone knows the stores that its paths lead to."""
    documents: list[Document] = []
    uris: list[str] = []
    for path in inputs:
        root = _root(spark, path)
        found = spark.read.option("recursiveFileLookup", "true").text(path).inputFiles()
        named = sorted((_below(root, uri), uri) for uri in map(_plain, found))
        documents += [Document(Path(unquote(urlsplit(uri).path)), name) for name, uri in named]
        uris += [uri for _, uri in named]
    if twice := {uri for uri in uris if uris.count(uri) > 1} if len(set(uris)) < len(uris) else set():
        raise InputError(f"{unquote(min(twice))} is in more than one of the inputs", "bad-option")
    return [File(uri, document.id) for uri, document in zip(uris, with_distinct_ids(documents), strict=True)]


def _root(spark: SparkSession, path: str) -> PurePosixPath:
    """The folder of an input, before any part that is a pattern, as a path from the root of its store."""
    java = spark._jvm.org.apache.hadoop.fs.Path(path)  # type: ignore[union-attr]
    store = java.getFileSystem(spark._jsc.hadoopConfiguration())
    full = PurePosixPath(str(store.makeQualified(java).toUri().getPath()))
    fixed = full.parts
    for at, part in enumerate(fixed):
        if any(character in part for character in _MAGIC):
            return PurePosixPath(*fixed[:at])
    return full


def _below(root: PurePosixPath, uri: str) -> str:
    path = PurePosixPath(unquote(urlsplit(uri).path))
    return path.relative_to(root).as_posix() if root in path.parents else path.name


def _plain(uri: str) -> str:
    """A path in one spelling: some functions say file:/tmp, others file:///tmp."""
    scheme, host, path, *_ = urlsplit(uri)
    return f"{scheme}://{host}{path}"


def _reader(spark: SparkSession, names: Iterable[str]) -> DataFrameReader:
    either = ("".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in name) for name in names)
    return spark.read.option("recursiveFileLookup", "true").option("pathGlobFilter", f"*{{{','.join(either)}}}")


def _lines(reader: DataFrameReader, inputs: Sequence[str]) -> DataFrame:
    frame = reader.option("lineSep", "\n").text(list(inputs))
    # The bytes of a line come through Spark's strings as they are, whatever their encoding.
    return _marked(frame, F.monotonically_increasing_id(), F.col("value").cast("binary"), F.col("value").rlike(_FILLED))


def _table(reader: DataFrameReader, inputs: Sequence[str], settings: Settings) -> DataFrame:
    frame = reader.option("mergeSchema", "true").parquet(*inputs)
    types = dict(frame.dtypes)
    if types.get(settings.text_column) != "string":
        there = ", ".join(f"{name} ({type_})" for name, type_ in types.items())
        raise InputError(f"no column {settings.text_column!r} of strings; there is {there}"[:300], "no-column")
    wanted = (settings.text_column, settings.id_column, settings.date_column, OTHER_DATE, "title", "url")
    cells = F.struct(*(F.col(f"`{name}`") for name in types if name in wanted))
    data = F.to_json(cells, {"ignoreNullFields": "false"}).cast("binary")
    return _marked(frame, F.col("_metadata.row_index"), data, F.lit(True))


def _marked(frame: DataFrame, mark: Column, data: Column, filled: Column) -> DataFrame:
    """Rows with a mark that grows within a block; the same at every reading, for it comes of the files alone."""
    return frame.select(
        F.col("_metadata.file_path").alias("file"),
        F.col("_metadata.file_block_start").alias("block"),
        mark.alias("mark"),
        data.alias("data"),
        filled.alias("filled"),
    )


def _blocks(part: DataFrame) -> Iterator[Block]:
    counted = part.groupBy("file", "block").agg(F.min("mark"), F.count(F.lit(1)), F.count_if("filled"))
    return (Block(*row) for row in counted.collect())


def _placed(
    files: Sequence[File], blocks: Iterable[Block]
) -> tuple[list[tuple[str, int, str, int, int]], list[tuple[int, str, int, None, None]], int]:
    """For each block what makes positions and numbers of its marks; the files without rows; and the number of both."""
    by_file: dict[str, list[Block]] = {}
    for block in blocks:
        by_file.setdefault(_plain(block.file), []).append(block)
    placed, empty = [], []
    position = total = 0
    for file in files:
        parts = sorted(by_file.get(file.uri, ()), key=lambda block: block.start)
        number = 0
        for part in parts:
            placed.append((part.file, part.start, file.name, position - part.first, number + 1 - part.first))
            position += part.rows
            number += part.rows
            total += part.filled
        if not any(part.filled for part in parts):
            empty.append((position, file.name, 1, None, None))
            position += 1
            total += 1
    return placed, empty, total


def _numbered(part: DataFrame, places: DataFrame, place: str) -> DataFrame:
    return (
        part.join(places, ["file", "block"])
        .where("filled")
        .select(
            (F.col("mark") + F.col("base")).alias("position"),
            "name",
            (F.col("mark") + F.col("shift")).alias("number"),
            F.lit(place).alias("place"),
            "data",
        )
    )
