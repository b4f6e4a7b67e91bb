"""Documents over several processes: results in order, and no process that dies or hangs takes another's work with it.

Each worker has a pipe of its own, so that one that is killed in the middle of a message blocks nobody. (In trials
`multiprocessing.Pool` waited for ever for a killed worker, `concurrent.futures` and pebble gave up the whole pool.)
The work is told as `start`, a picklable function that a worker calls once and that returns the function for one
document; spaCy is loaded there, never here.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeVar

from extractor.errors import ExtractorError, ModelError

T = TypeVar("T")
R = TypeVar("R")
Start = Callable[[], Callable[[T], R]]

CHUNK = 32  # documents sent at a time: enough that a worker seldom waits for the next
AHEAD = 4  # chunks for each worker that may be under way or wait for an earlier one
DEATHS = 2  # a document with which so many workers ended is given up
_KILLED = 9  # SIGKILL, which Windows does not name
_STARTS = 3  # a worker that ends so often before it is ready will never be

_CONTEXT = multiprocessing.get_context("spawn")


def work(pipe: Connection, start: bytes) -> None:
    """What runs in a worker: reads chunks from the pipe and answers with one result after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends us
    # Before numpy loads: as many threads as there are workers, not the square of it.
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone: so are we
        try:
            process = multiprocessing.reduction.ForkingPickler.loads(start)()
        except ExtractorError as error:
            pipe.send(str(error))
            return
        pipe.send(None)
        while True:
            for document in pipe.recv():
                pipe.send(process(document))


@dataclass
class _Chunk(Generic[T, R]):
    """Documents that are sent together, and the results that have come back."""

    documents: list[T]
    results: list[R] = field(default_factory=list)

    @property
    def left(self) -> list[T]:
        return self.documents[len(self.results) :]


class _Worker(Generic[T, R]):
    """A process and the chunk it has in hand."""

    def __init__(self, start: bytes) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process: SpawnProcess = _CONTEXT.Process(target=work, args=(theirs, start), daemon=True)
        with _interrupt_ignored():
            self.process.start()
        theirs.close()  # so that the pipe ends when the process does
        self.ready = False
        self.chunk: _Chunk[T, R] | None = None
        self.since = time.monotonic()

    def give(self, chunk: _Chunk[T, R]) -> None:
        """Sends a chunk; a worker that has just died is found out when its pipe is read."""
        self.chunk, self.since = chunk, time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(chunk.left)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _end_of(process: SpawnProcess) -> str:
    code = process.exitcode or 0
    if code >= 0:
        return f"exit code {code}"
    return f"signal {-code}" + (", perhaps for want of memory" if -code == _KILLED else "")


@contextmanager
def _interrupt_ignored() -> Iterator[None]:
    """A child begins deaf to Ctrl-C, which a terminal sends to all: only the parent answers it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Pool(Generic[T, R]):
    """Workers that are replaced when they die.

    Args:
        start: Called once in each worker; returns the function for one document.
        lost: Makes the result of a document that could not be finished, from a code (``timeout``, ``worker-died``)
            and a message.
        workers: Number of processes.
        timeout: Seconds that one document may take; None for no limit.
    """

    def __init__(
        self, start: Start[T, R], lost: Callable[[T, str, str], R], workers: int, timeout: float | None = None
    ) -> None:
        self._start = bytes(multiprocessing.reduction.ForkingPickler.dumps(start))
        self._lost = lost
        self._number = workers
        self._timeout = timeout
        self._workers: list[_Worker[T, R]] = []
        self._again: deque[_Chunk[T, R]] = deque()
        self._deaths: Counter[int] = Counter()
        self._false_starts = 0

    def map(self, documents: Iterable[T], *, keep: bool = False) -> Iterator[R]:
        """One result for each document, in order; documents are taken only as far ahead as workers can use them.

        Args:
            documents: The documents.
            keep: Whether the workers stay when all is done, for the next call; `close` ends them.

        Raises:
            ModelError: The workers cannot be started; with the reason where they gave one.
        """
        source = iter(documents)
        under_way: deque[_Chunk[T, R]] = deque()
        self._deaths.clear()  # which goes by what documents of this call are called
        finished = False
        try:
            more = True
            while True:
                while more and len(under_way) < AHEAD * self._number:
                    size = min(CHUNK, 4 << (len(under_way) // self._number))  # small at first: all begin at once
                    documents_ = list(islice(source, size))
                    more = bool(documents_)
                    if more:
                        under_way.append(_Chunk(documents_))
                        self._again.append(under_way[-1])
                        self._give()
                if not under_way:
                    finished = True
                    return
                self._step()
                while under_way and not under_way[0].left:
                    yield from under_way.popleft().results
        finally:
            if not (keep and finished):
                self.close()
                self._again.clear()

    def close(self) -> None:
        """Ends the workers, whatever they are doing."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def _give(self) -> None:
        """Hands waiting chunks to idle workers; starts workers as long as there is work for them."""
        idle = [w for w in self._workers if w.ready and w.chunk is None]
        for worker in idle[: len(self._again)]:
            worker.give(self._again.popleft())
        starting = sum(not w.ready for w in self._workers)
        if len(self._again) > starting and len(self._workers) < self._number:
            self._workers.append(_Worker(self._start))

    def _step(self) -> None:
        """Waits until something happens, and deals with it."""
        self._give()
        by_pipe = {w.pipe: w for w in self._workers}
        for pipe in wait(list(by_pipe), self._patience()):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                while worker.pipe.poll():
                    self._hear(worker, worker.pipe.recv())
            except (EOFError, OSError):
                self._bury(worker)
        self._end_late_ones()

    def _hear(self, worker: _Worker[T, R], message: R | str | None) -> None:
        if not worker.ready:
            if isinstance(message, str):
                raise ModelError(message)
            worker.ready, self._false_starts = True, 0
            return
        assert worker.chunk is not None
        worker.chunk.results.append(message)  # type: ignore[arg-type]
        worker.since = time.monotonic()
        if not worker.chunk.left:
            worker.chunk = None

    def _bury(self, worker: _Worker[T, R]) -> None:
        """Replaces a worker that has died; the document it was at is tried once more."""
        worker.stop()
        self._workers.remove(worker)
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _STARTS:
                raise ModelError(f"worker processes end before they are ready ({_end_of(worker.process)})")
        if worker.chunk is None:
            return
        document = worker.chunk.left[0]
        self._deaths[id(document)] += 1  # the chunk keeps the document, and so its id
        if self._deaths[id(document)] >= DEATHS:
            why = f"the process that read it died {DEATHS} times ({_end_of(worker.process)})"
            worker.chunk.results.append(self._lost(document, "worker-died", why))
        self._put_back(worker.chunk)

    def _end_late_ones(self) -> None:
        for worker in list(self._workers):
            if self._timeout and worker.chunk and time.monotonic() - worker.since > self._timeout:
                if worker.pipe.poll():  # it has just finished
                    continue
                worker.stop()
                self._workers.remove(worker)
                document = worker.chunk.left[0]
                worker.chunk.results.append(self._lost(document, "timeout", f"took longer than {self._timeout:g} s"))
                self._put_back(worker.chunk)

    def _put_back(self, chunk: _Chunk[T, R]) -> None:
        if chunk.left:
            self._again.appendleft(chunk)

    def _patience(self) -> float | None:
        """Seconds until the first worker may be late."""
        if not self._timeout:
            return None
        busy = [w.since for w in self._workers if w.chunk]
        return max(0.0, min(busy) + self._timeout - time.monotonic()) + 0.01 if busy else None
