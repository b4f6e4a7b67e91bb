"""The bytes of a file or of stdin, or the reason why they cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

from extractor.errors import InputError

STDIN = "-"


def content(path: Path) -> bytes:
    """The bytes of a file, or of stdin if the path is ``-``.

    Raises:
        InputError: With the code ``not-found``, ``broken-link``, ``is-folder`` or ``unreadable``.
    """
    if str(path) == STDIN:
        return sys.stdin.buffer.read()
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # raises where the folder itself cannot be read
            raise InputError("a folder, not a file; name it as an input of its own to read what is in it", "is-folder")
        return path.read_bytes()
    except FileNotFoundError as error:
        if path.is_symlink():
            raise InputError(f"the link points to {path.readlink()}, which is not there", "broken-link") from error
        raise InputError("no such file or folder", "not-found") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot be read: {reason}", "unreadable") from error
