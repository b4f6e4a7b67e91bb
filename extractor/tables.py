"""Loads data/*.toml into frozen pydantic rows; errors name file and row.

A row is definition, registration, test and documentation at once: `examples` must be found, `not_examples` must not
(tests/test_tables.py runs them). A feature declares its row classes in its own module and calls `load`.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import DataError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable  # its place since Python 3.11

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Row(BaseModel):
    """One row of a table. Subclasses add fields; unknown keys are refused.

    Attributes:
        id: Unique within the table; shown to users as `rule`, `category` or `key`.
        examples: Texts in which the row must be found.
        not_examples: Texts in which it must not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    terms_in: ClassVar[tuple[str, ...]] = ()  # names of the fields that hold terms no two rows may share

    id: str
    examples: tuple[str, ...] = ()
    not_examples: tuple[str, ...] = ()

    def terms_of(self) -> list[str]:
        """All terms of the row, in order."""
        return [term for name in self.terms_in for term in getattr(self, name)]


R = TypeVar("R", bound=Row)


def _folder() -> Traversable:
    return files("extractor") / "data"


@cache
def raw(file: str) -> dict[str, Any]:
    """A table as TOML gives it, sections and all, not yet checked."""
    try:
        return tomllib.loads((_folder() / file).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{file}: {error}") from error


def _row(file: str, section: str, kind: type[R], number: int, raw: dict[str, Any]) -> R:
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        where = f"{file}: [[{section}]] row {number} ({raw.get('id', 'no id')})"
        what = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DataError(f"{where}: {what}") from error


def _unique(file: str, section: str, rows: tuple[R, ...]) -> None:
    ids: set[str] = set()
    terms: dict[str, str] = {}
    for row in rows:
        if row.id in ids:
            raise DataError(f"{file}: [[{section}]] id {row.id!r} stands twice")
        ids.add(row.id)
        for term in row.terms_of():
            if term in terms:
                raise DataError(f"{file}: [[{section}]] {term!r} stands in {terms[term]!r} and in {row.id!r}")
            terms[term] = row.id


@cache
def load(file: str, section: str, kind: type[R]) -> tuple[R, ...]:
    """The rows ``[[section]]`` of ``data/file``, in the order of the file.

    Raises:
        DataError: Not readable, not TOML, an unknown key, a wrong type, a double id, a term that two rows share.
    """
    found = raw(file).get(section)
    if not isinstance(found, list):
        raise DataError(f"{file}: no section [[{section}]]")
    rows = tuple(_row(file, section, kind, n, r) for n, r in enumerate(found, 1))
    _unique(file, section, rows)
    return rows


@cache
def digest() -> str:
    """sha256 over all tables; it changes whenever a row does."""
    total = hashlib.sha256()
    for entry in sorted(_folder().iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            total.update(entry.name.encode() + b"\0" + entry.read_bytes() + b"\0")
    return total.hexdigest()
