"""Writes results so that a reader sees the old file or the whole new one, never a part."""

from __future__ import annotations

import os
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
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with told(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        file = beside.open("x", encoding="utf-8", newline="\n")
    try:
        with told(path):
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, beside)
            beside.replace(target)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


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
    """Where the failures of a run stand: ``out.failures.jsonl`` beside ``out.jsonl``."""
    return output.with_name(f"{output.stem}.failures.jsonl")


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
