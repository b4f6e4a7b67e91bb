"""Writes results so that a reader sees the old file or the whole new one, never a part."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel

from extractor.errors import OutputError


def line(model: BaseModel) -> str:
    """One line of JSON Lines."""
    return model.model_dump_json() + "\n"


@contextmanager
def atomic(path: Path) -> Iterator[TextIO]:
    """A file to write; it takes the place of `path` when the block ends well, else nothing changes.

    Raises:
        OutputError: The folder cannot be made or is closed to us, or the disk is full.
    """
    target = Path(os.path.realpath(path))  # a link stays a link, the file behind it is replaced
    if target.exists() and not target.is_file():  # /dev/null, a pipe: there is nothing to replace
        with told(path), target.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    with beside(target) as new, told(path), new.open("x", encoding="utf-8", newline="\n") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A path beside `target` for its new file, which takes its place when the block ends well, else nothing changes.

    Raises:
        OutputError: The folder cannot be made or is closed to us.
    """
    new = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)  # a killed process had our number
    try:
        yield new
        with told(target):
            if target.exists():
                shutil.copymode(target, new)
            new.replace(target)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def clear_leftovers(target: Path) -> None:
    """Takes away what killed runs have left beside an output that no other run is writing at this moment."""
    name = re.compile(rf"\.{re.escape(target.name)}\.\d+\.tmp")
    with told(target):
        if target.parent.is_dir():
            for path in target.parent.iterdir():
                if name.fullmatch(path.name):
                    path.unlink(missing_ok=True)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What goes wrong with the file inside is an `OutputError` that names it."""
    try:
        yield
    except BrokenPipeError:  # the reader of our messages left; no fault of the file
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def failures_path(output: Path) -> Path:
    """Where the failures of a run stand: ``out.failures.jsonl`` beside ``out.jsonl`` or ``out.jsonl.gz``."""
    stem = Path(output.stem).stem if output.suffix.lower() == ".gz" else output.stem
    return output.with_name(f"{stem}.failures.jsonl")


def write_failures(output: Path, failures: Sequence[BaseModel]) -> None:
    """Writes the failures beside the output; takes away those of a former run if there are none."""
    path = failures_path(output)
    if not output.is_file():  # /dev/null, a pipe
        return
    if not failures:
        with told(path):
            path.unlink(missing_ok=True)
        return
    with atomic(path) as file:
        file.writelines(map(line, failures))
