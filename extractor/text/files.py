"""The bytes of a file or of stdin, or the reason why they cannot be had."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from extractor.errors import InputError

STDIN = "-"
BASELINE = "baseline.json"  # beside the records of a corpus: what scripts/gate.py holds them to


def content(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a file, or of stdin if the path is ``-``.

    Args:
        path: The file.
        limit: More bytes than these are not read.

    Raises:
        InputError: With the code ``not-found``, ``broken-link``, ``is-folder``, ``too-large`` or ``unreadable``.
    """
    with opened(path) as file:
        if limit is not None and str(path) != STDIN and (size := path.stat().st_size) > limit:
            raise too_large(size, limit)
        # A pipe or a device has no size to ask for, and a file may grow.
        data = file.read(-1 if limit is None else limit + 1)
    if limit is not None and len(data) > limit:
        raise too_large(None, limit)
    return data


def too_large(size: int | None, limit: int) -> InputError:
    """The error for a document over the limit."""
    return InputError(f"{f'{size:,}' if size else 'more'} bytes, the limit is {limit:,}", "too-large")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read, or stdin if the path is ``-``; what the system says against it is an `InputError`.

    Raises:
        InputError: With the code ``not-found``, ``broken-link``, ``is-folder`` or ``unreadable``.
    """
    if str(path) == STDIN:
        yield sys.stdin.buffer
        return
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # raises where the folder itself cannot be read
            raise InputError("a folder, not a file; name it as an input of its own to read what is in it", "is-folder")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        if path.is_symlink():
            raise InputError(f"the link points to {path.readlink()}, which is not there", "broken-link") from error
        raise InputError("no such file or folder", "not-found") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot be read: {reason}", "unreadable") from error
