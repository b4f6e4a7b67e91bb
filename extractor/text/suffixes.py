"""The formats by their suffixes; what reads them is in reading/readers.py and reading/rows.py."""

from __future__ import annotations

from pathlib import PurePath

# One document in a file.
TEXT = (".txt", ".text")
MARKDOWN = (".md", ".markdown")
HTML = (".html", ".htm", ".xhtml")
MAIL = (".eml",)
WORD = (".docx",)
PDF = (".pdf",)
# One document in a row.
JSON = (".json",)
LINES = (".jsonl", ".ndjson")
CSV = (".csv", ".tsv")
PARQUET = (".parquet",)

PACKED = ".gz"  # rows are read as a stream, so these may be packed
ROWS = (*JSON, *LINES, *CSV, *PARQUET, *(suffix + PACKED for suffix in (*LINES, *CSV)))
SUFFIXES = frozenset((*TEXT, *MARKDOWN, *HTML, *MAIL, *WORD, *PDF, *ROWS))


def suffix_of(path: PurePath) -> str:
    """The suffix in lower case, with the one below it where the file is packed.

    >>> suffix_of(PurePath("kent/2023.JSONL.gz"))
    '.jsonl.gz'
    """
    suffix = path.suffix.lower()
    return PurePath(path.stem).suffix.lower() + suffix if suffix == PACKED else suffix
