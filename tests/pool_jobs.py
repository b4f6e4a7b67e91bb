"""Jobs for the pool's tests: a worker process imports them by name."""

import os
import signal
import time
from pathlib import Path

from extractor.errors import ModelError


def job(name: str, folder: str = ""):
    return {"double": double, "hang": hang, "die": die, "die_once": lambda n: die_once(n, Path(folder))}[name]


def double(n: int) -> int:
    return n * 2


def hang(n: int) -> int:
    if n % 10 == 7:
        time.sleep(60)
    return n * 2


def die(n: int) -> int:
    if n % 10 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return n * 2


def die_once(n: int, folder: Path) -> int:
    mark = folder / str(n)
    if n % 10 == 3 and not mark.exists():
        mark.touch()
        os._exit(1)
    return n * 2


def slow(n: int) -> int:
    time.sleep(0.002)
    return n


def slow_job():
    return slow


def not_there():
    raise ModelError("model 'x' is not installed")


def broken():
    os._exit(3)
