"""Outputs that are folders: whole new files, or the old ones; what a killed run has left is cleared by the next."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from extractor.errors import OutputError
from extractor.runs.atomic import told

_NEW = ".extractor-new"  # within the output: a rename must not leave the file system


@contextmanager
def staged(folder: Path, *, sync: bool = True) -> Iterator[Path]:
    """A folder for new files; when the block ends well, each takes its place below `folder`, else nothing changes.

    Args:
        folder: The output; made if it is not there.
        sync: Whether the files must be on the disk before they take their places.

    Raises:
        OutputError: `folder` is a file, cannot be made or is closed to us, or the disk is full.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: a file, and this format writes a folder")
    made = not folder.exists()
    staging = folder / _NEW
    with told(folder):
        if staging.exists():
            shutil.rmtree(staging)
        staging.mkdir(parents=True)
    try:
        yield staging
        with told(folder):
            _place(staging, folder, sync)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if made:
            with suppress(OSError):  # it holds something by now
                folder.rmdir()


def _place(staging: Path, folder: Path, sync: bool) -> None:
    files = sorted(path for path in staging.rglob("*") if path.is_file())
    if sync:
        for file in files:
            with file.open("rb+") as handle:
                os.fsync(handle.fileno())
    for file in files:
        target = folder / file.relative_to(staging)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.copymode(target, file)
        file.replace(target)
