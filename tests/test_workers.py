"""Many processes: results in order, and a worker that dies or hangs costs one document at most."""

import multiprocessing
import os
import random
import signal
import time
from functools import partial

import pool_jobs
import pytest

from extractor.errors import ModelError
from extractor.runs.workers import Pool

NUMBERS = range(60)


def lost(n, code, message):
    return code


def pool(start, **options):
    return Pool(start, lost, 2, **options)


def test_results_come_in_order():
    assert list(pool(partial(pool_jobs.job, "double")).map(range(500))) == [n * 2 for n in range(500)]


def test_nothing_to_do():
    assert list(pool(partial(pool_jobs.job, "double")).map([])) == []
    assert multiprocessing.active_children() == []


def test_a_document_that_takes_too_long_fails_alone():
    found = list(pool(partial(pool_jobs.job, "hang"), timeout=0.3).map(range(30)))
    assert found == ["timeout" if n % 10 == 7 else n * 2 for n in range(30)]


def test_a_document_that_kills_its_worker_twice_fails_alone():
    assert list(pool(partial(pool_jobs.job, "die")).map(NUMBERS)) == [
        "worker-died" if n % 10 == 3 else n * 2 for n in NUMBERS
    ]


def test_a_document_is_tried_again_when_its_worker_dies_once(tmp_path):
    start = partial(pool_jobs.job, "die_once", str(tmp_path))
    assert list(pool(start).map(NUMBERS)) == [n * 2 for n in NUMBERS]
    assert len(list(tmp_path.iterdir())) == 6


def test_workers_that_are_killed_at_any_moment_lose_nothing():
    chance, found, killed = random.Random(7), [], 0
    workers = pool(pool_jobs.slow_job)
    for result in workers.map(range(2500)):
        found.append(result)
        if result % 250 == 249:
            # One that is ready: to be killed again and again before that is the end of the run, and another test.
            ready = [worker for worker in workers._workers if worker.ready]
            time.sleep(chance.uniform(0, 0.01))
            os.kill(chance.choice(ready).process.pid, signal.SIGKILL)
            killed += 1
    assert found == list(range(2500))
    assert killed == 10


def test_documents_are_taken_no_further_ahead_than_needed():
    taken = []

    def source():
        for n in range(10_000):
            taken.append(n)
            yield n

    results = pool(partial(pool_jobs.job, "double")).map(source())
    next(results)
    assert len(taken) < 1_000
    results.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(("start", "reason"), [(pool_jobs.not_there, "not installed"), (pool_jobs.broken, "code 3")])
def test_workers_that_cannot_start_end_the_run_with_a_reason(start, reason):
    began = time.monotonic()
    with pytest.raises(ModelError, match=reason):
        list(pool(start).map(NUMBERS))
    assert time.monotonic() - began < 30
    assert multiprocessing.active_children() == []
