"""The tidy tables as a SQLite database with keys, indexes and views, and back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

from extractor.errors import InputError, OutputError
from extractor.outputs.tidy import TABLES, Column, Row, Table, in_batches
from extractor.runs.atomic import beside, told

_TYPES = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "date": "TEXT"}


def ddl(table: Table) -> str:
    """The statement that makes a table; the meaning of its columns stands in it as comments, for `.schema`."""
    parts = [(_column(column), column.about) for column in table.columns]
    parts.append((f"PRIMARY KEY ({_names(table.key)})", ""))
    parts += [(_link(column), "") for column in table.columns if column.links]
    lines = [
        f"    {part}{',' if number < len(parts) else ''}{f' -- {about}' if about else ''}"
        for number, (part, about) in enumerate(parts, 1)
    ]
    return "\n".join([f"CREATE TABLE {_quoted(table.name)} ( -- {table.about}", *lines, ")"])


def _column(column: Column) -> str:
    return f"{_quoted(column.name)} {_TYPES[column.type]}{'' if column.optional else ' NOT NULL'}"


def _link(column: Column) -> str:
    if column.links == "releases":
        return f"FOREIGN KEY ({_quoted(column.name)}) REFERENCES releases (id)"
    return f"FOREIGN KEY (release, {_quoted(column.name)}) REFERENCES {column.links} (release, id)"


def _quoted(name: str) -> str:
    return f'"{name}"'  # some are words of SQL: end, key


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def fill(database: sqlite3.Connection, rows: Iterable[tuple[str, Row]], only: Collection[str] = tuple(TABLES)) -> None:
    """Makes the tables, indexes and views in an empty database and puts the rows in.

    Args:
        database: The database, in the mode that commits each statement.
        rows: The rows, each with the name of its table.
        only: Names of the tables that are filled; the others stay empty.

    Raises:
        sqlite3.Error: Two rows have one key, or the disk is full.
    """
    database.execute("PRAGMA foreign_keys = OFF")  # rows come in batches; all links are checked at the end
    database.execute("BEGIN")
    _fill(database, rows, only)
    database.execute("COMMIT")


def _fill(database: sqlite3.Connection, rows: Iterable[tuple[str, Row]], only: Collection[str]) -> None:
    for table in TABLES.values():
        database.execute(ddl(table))
    inserts = {table.name: _insert(table) for table in TABLES.values()}
    for name, batch in in_batches(row for row in rows if row[0] in only):
        database.executemany(inserts[name], batch)
    for statement in (files("extractor") / "data" / "outputs" / "sqlite.sql").read_text("utf-8").split(";\n"):
        database.execute(statement)


def _insert(table: Table) -> str:
    return f"INSERT INTO {_quoted(table.name)} VALUES ({', '.join('?' * len(table.columns))})"


def write(path: Path, rows: Iterable[tuple[str, Row]]) -> None:
    """Writes the database beside its place and puts it there when it is whole.

    Raises:
        OutputError: Two documents have one name, or the file or the disk does not take it.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise OutputError(f"{path}: not a file; a database must be one")
    with beside(target) as new:
        with _told(path), closing(sqlite3.connect(new, isolation_level=None)) as database:
            # A file that is thrown away if anything goes wrong needs no journal; it is synced once, below.
            for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "user_version = 1"):
                database.execute(f"PRAGMA {pragma}")
            fill(database, rows)
            if lost := database.execute("PRAGMA foreign_key_check").fetchone():
                raise OutputError(f"{path}: a row of {lost[0]} points to a row that is not in {lost[2]}")
        with told(path), new.open("rb+") as file:
            os.fsync(file.fileno())


def add(path: Path, rows: Iterable[tuple[str, Row]]) -> None:
    """Puts the tables beside those of somebody else, all or nothing; ours of an earlier run are replaced.

    Raises:
        OutputError: A name is taken, two documents have one name, or the database does not take it.
    """
    with _told(path), closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("BEGIN IMMEDIATE")
        try:
            for kind, name in _standing(path, database):
                if kind in ("table", "view"):  # indexes go with their tables
                    database.execute(f"DROP {kind} {_quoted(name)}")
            _fill(database, rows, tuple(TABLES))
            for table in TABLES:
                if lost := database.execute(f"PRAGMA foreign_key_check({_quoted(table)})").fetchone():
                    raise OutputError(f"{path}: a row of {lost[0]} points to a row that is not in {lost[2]}")
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise


def check_names(path: Path) -> None:
    """Says before any work is done whether `add` may put the tables into a database.

    Raises:
        OutputError: One of the names is taken by something that is not ours.
    """
    with _told(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        _standing(path, database)


def _standing(path: Path, database: sqlite3.Connection) -> list[tuple[str, str]]:
    """What is ours in a database: what has our names and was made by our statements, to the letter."""
    select = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        fill(model, ())
        ours = {name.casefold(): (kind, name, sql) for kind, name, sql in model.execute(select)}
    found = [row for row in database.execute(select) if row[1].casefold() in ours]
    for row in found:
        if row != ours[row[1].casefold()]:
            raise OutputError(
                f"{path}: has a {row[0]} {row[1]} of its own, and nothing was changed; write to another database"
            )
    return [(kind, name) for kind, name, _ in found]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise OutputError(f"{path}: two entries have one name: {error}") from error
    except (sqlite3.Error, OverflowError) as error:
        raise OutputError(f"{path}: cannot be written: {error}") from error


def opened(path: Path) -> sqlite3.Connection:
    """A database that `write` has made, to be read only.

    Raises:
        InputError: The file is none (code ``unreadable`` or ``bad-table``).
    """
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        found = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be read: {error}", "unreadable") from error
    if missing := [name for name in TABLES if name not in found]:
        database.close()
        raise InputError(f"{path}: it has no table {missing[0]}", "bad-table")
    return database


def read(path: Path) -> Iterator[tuple[str, Row]]:
    """The rows of the tables in a database, each with the name of its table.

    Raises:
        InputError: The file is no such database.
    """
    with closing(opened(path)) as database:
        for table in TABLES.values():
            select = f"SELECT {_names(table.names)} FROM {_quoted(table.name)} ORDER BY rowid"
            try:
                for row in database.execute(select):
                    yield table.name, row
            except sqlite3.Error as error:
                raise InputError(f"{path}: {error}", "bad-table") from error
