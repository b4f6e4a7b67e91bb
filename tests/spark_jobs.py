"""Jobs for the tests of shards and Spark: worker processes import them by name."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import ModelError
from extractor.runs import batch
from extractor.spark.shards import extract_frames
from extractor.spark.work import Job


def reader(settings, model):
    """Reads documents, save those that say that they hang or kill their process."""
    read = batch.reader(settings, model)

    def job(unit):
        if unit.data == "hang":
            time.sleep(600)
        if unit.data == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return read(unit)

    return job


def die_once(mark: str) -> None:
    """Kills this process, the first time that it is called with this mark."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class KilledJob(Job):
    """The work of a run, in which the worker is killed at a row of each of two parts, once."""

    folder: str = ""

    def __call__(self, frames):
        def until_killed():
            for frame in frames:
                for position in (70, 250):
                    if position in set(frame["position"]):
                        die_once(f"{self.folder}/{position}")
                yield frame

        return super().__call__(until_killed())


@dataclass(frozen=True)
class BrokenJob(Job):
    """The work of a run, in which the second part fails as often as it is tried; the first is done by then."""

    def __call__(self, frames):
        for frame in frames:
            if frame["position"].max() > 170:
                raise ModelError("no such model")
            yield from super().__call__([frame])


def killed_frames(frames, mark):
    """A user's own job, whose worker is killed after a frame."""
    for number, frame in enumerate(extract_frames(frames)):
        if number:
            die_once(mark)
        yield frame
