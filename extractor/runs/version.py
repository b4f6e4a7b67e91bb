"""What reads a document, as one digest: when it changes, what was read before is read again."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import metadata
from pathlib import Path

from extractor import __version__, tables
from extractor.models import SCHEMA_VERSION

# Libraries that have a say in what is found, or in the text of a format; those that are not installed have none.
_LIBRARIES = ("spacy", "regex", "pydantic", "ftfy", "charset-normalizer", "trafilatura", "python-docx", "pypdf")


@cache
def code() -> str:
    """sha256 over the modules of the package: a version number says too little while rules are being written."""
    total = hashlib.sha256()
    root = Path(__file__).parent.parent
    for file in sorted(root.rglob("*.py")):
        total.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


@cache
def digest(model: str) -> str:
    """sha256 over versions, tables, code and the base model's name and version."""
    libraries = {name: _version(name) for name in _LIBRARIES}
    said = [SCHEMA_VERSION, __version__, tables.digest(), code(), model, _version(model), libraries]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
