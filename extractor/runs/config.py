"""Options from a file: ``[run]`` in extractor.toml, ``[tool.extractor.run]`` in pyproject.toml, or a file named."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractor.errors import InputError
from extractor.text.files import content

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILES = ("extractor.toml", "pyproject.toml")  # looked for in the current folder, in this order


def read_config(path: Path | None, command: str) -> tuple[Path | None, dict[str, Any]]:
    """The options of a command as a file has them, by their names on the command line, and the file.

    Args:
        path: The file; None looks for `FILES` in the current folder, the first that has options of ours counts.
        command: Name of the command.

    Raises:
        InputError: The file cannot be read, is no TOML, or the file that was named has no options of this command.
    """
    if path is not None:
        found = _section(path, command)
        if found is None:
            raise InputError(f"{path}: no table [{command}] or [tool.extractor.{command}]", "bad-config")
        return path, found
    for name in FILES:
        file = Path(name)
        if file.is_file() and (found := _section(file, command)) is not None:
            return file, found
    return None, {}


def _section(path: Path, command: str) -> dict[str, Any] | None:
    try:
        tables: Any = tomllib.loads(content(path).decode("utf-8-sig"))
    except (InputError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: {error}", "bad-config") from error
    if "tool" in tables or path.name == "pyproject.toml":
        tables = _table(_table(tables, "tool"), "extractor")
    found = tables.get(command)
    if found is not None and not isinstance(found, dict):
        raise InputError(f"{path}: {command} is not a table", "bad-config")
    return found


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tables.get(name, {})
    return found if isinstance(found, dict) else {}
