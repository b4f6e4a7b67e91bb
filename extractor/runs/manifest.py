"""The manifest of a run: what became of each document, kept as it is done, so that a run can go on where it stopped.

One SQLite file beside the output (in it, if the output is a folder). Every document has the digest of its input and of
the rules that read it, and its result; what is in it has been written whole, whenever the run is killed. The output is
then made of it, which is why an interrupted run and one that was never interrupted end in the same bytes.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from extractor.errors import OutputError
from extractor.runs.batch import Result

FORMAT = "extractor manifest 1"
SUFFIX = ".manifest"
IN_FOLDER = "manifest.sqlite"
COMMIT_EVERY = 100  # documents …
COMMIT_SECONDS = 2.0  # … or so long, whichever comes first

_SCHEMA = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    run INTEGER NOT NULL,       -- the last run that listed it
    position INTEGER NOT NULL,  -- in the listing of that run
    digest TEXT NOT NULL,       -- sha256 of the input and of how it was read
    rules TEXT NOT NULL,        -- sha256 of what read it: versions, tables, model
    error TEXT NOT NULL,        -- blank if it has a record
    message TEXT NOT NULL,
    words INTEGER NOT NULL,
    found TEXT NOT NULL,        -- JSON: entries of each kind
    warnings TEXT NOT NULL,     -- JSON: codes
    record BLOB                 -- one line of JSON, compressed with zlib
);
CREATE INDEX listed ON documents (run, position);
"""


class Done(NamedTuple):
    """What the manifest knows of a document that was processed before."""

    digest: str
    rules: str
    failed: bool


def manifest_path(output: Path, is_folder: bool) -> Path:
    """Where the manifest of an output stands."""
    return output / IN_FOLDER if is_folder else output.with_name(output.name + SUFFIX)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What goes wrong with the database inside is an `OutputError` that names it and says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise OutputError(f"{path}: another run is writing to this output") from error
        raise OutputError(f"{path}: cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        raise OutputError(f"{path}: not a manifest, or damaged ({error}); remove it to begin anew") from error


class Manifest:
    """The open manifest of one run; closed, and unlocked for others, at the end of the ``with`` block.

    Args:
        path: Its file; made if it is not there.

    Raises:
        OutputError: It cannot be written, another run has it, or the file is something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._since = time.monotonic()
        self._changes = 0
        with told(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"{path.parent}: cannot be made: {error.strerror}") from error
            self._db = sqlite3.connect(path, timeout=0.2, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        # The lock is the operating system's, so it ends with the process, however that ends.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("BEGIN EXCLUSIVE")
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            for statement in _SCHEMA.split(";\n"):
                self._db.execute(statement)
            self._db.execute("INSERT INTO about VALUES ('format', ?), ('run', '0')", (FORMAT,))
        elif "about" not in tables or self._about("format") != FORMAT:
            raise OutputError(f"{self.path}: made by another version of this program; remove it to begin anew")
        self.run = int(self._about("run")) + 1
        self._db.execute("UPDATE about SET value = ? WHERE key = 'run'", (str(self.run),))
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def _about(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with told(self.path):
                self._db.execute("COMMIT")
                self._db.execute("PRAGMA journal_mode = DELETE")  # one file, that is whole without its journal
        finally:
            self._db.close()

    def done(self, id_: str) -> Done | None:
        """What is known of a document from earlier runs."""
        row = self._db.execute("SELECT digest, rules, error <> '' FROM documents WHERE id = ?", (id_,)).fetchone()
        return Done(row[0], row[1], bool(row[2])) if row else None

    def keep(self, id_: str, position: int) -> Result:
        """Takes over what an earlier run has found; returns it without record and text."""
        with told(self.path):
            self._db.execute("UPDATE documents SET run = ?, position = ? WHERE id = ?", (self.run, position, id_))
        self._changed()
        row = self._db.execute(f"SELECT {_COLUMNS}, NULL FROM documents WHERE id = ?", (id_,)).fetchone()
        return _result(row)

    def add(self, result: Result, position: int, digest: str, rules: str) -> None:
        """Keeps a result; it is safe on the disk after at most `COMMIT_EVERY` more."""
        record = None if result.record is None else zlib.compress(result.record.encode(), 1)
        row = (result.id, self.run, position, digest, rules, result.error, result.message, result.words)
        told_of = (json.dumps(result.found), json.dumps(result.warnings), record)
        with told(self.path):
            self._db.execute(f"INSERT OR REPLACE INTO documents VALUES ({', '.join('?' * 11)})", (*row, *told_of))
        self._changed()

    def _changed(self) -> None:
        self._changes += 1
        if self._changes >= COMMIT_EVERY or time.monotonic() - self._since >= COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """What has been added is on the disk when this returns."""
        with told(self.path):
            self._db.execute("COMMIT")
            self._db.execute("BEGIN")
        self._since, self._changes = time.monotonic(), 0

    def results(self) -> Iterator[Result]:
        """The results of this run in the order of its listing, one at a time."""
        with told(self.path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS}, record FROM documents WHERE run = ? ORDER BY position", (self.run,)
            )
            for row in rows:
                yield _result(row)

    def unlisted(self) -> int:
        """How many documents of earlier runs this one did not list."""
        with told(self.path):
            row = self._db.execute("SELECT COUNT(*) FROM documents WHERE run <> ?", (self.run,)).fetchone()
        return int(row[0])

    def finish(self) -> None:
        """Forgets the documents that this run did not list."""
        with told(self.path):
            self._db.execute("DELETE FROM documents WHERE run <> ?", (self.run,))


_COLUMNS = "id, error, message, words, found, warnings"


def _result(row: tuple[str, str, str, int, str, str, bytes | None]) -> Result:
    id_, error, message, words, found, warnings, packed = row
    record = None if packed is None else zlib.decompress(packed).decode()
    return Result(id_, record, error, message, words, tuple(json.loads(found)), tuple(json.loads(warnings)))


def peek(path: Path) -> dict[str, Done]:
    """What a manifest knows, read without changing or locking it: for a dry run.

    Raises:
        OutputError: The file is no manifest.
    """
    if not path.exists():
        return {}
    with told(path):
        db = sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)
        with suppress(sqlite3.ProgrammingError):
            rows = db.execute("SELECT id, digest, rules, error <> '' FROM documents").fetchall()
        db.close()
    return {id_: Done(digest, rules, bool(failed)) for id_, digest, rules, failed in rows}
