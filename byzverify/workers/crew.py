"""A crew: whoever executes what is handed out, each place with a worker of its own.

A crew is any executor of `concurrent.futures`; what it executes is `lent`, in threads of this process, or of others
on other machines (`cluster.py`). This module does not know what the work is, where it comes from or what becomes of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import local
from typing import TypeVar

from byzverify.errors import UsageError
from byzverify.memory import MOST_OF_MEMORY, memory
from byzverify.workers.background import Died
from byzverify.workers.worker import Allowance, Worker

T = TypeVar("T")

GLANCE = 0.1
"""Seconds for which whoever leads a crew waits at most, before looking whether the user wants to stop."""

_mine = local()
"""Each thread's worker."""


@dataclass(frozen=True)
class Crew:
    """Who executes, and what each piece of work may take.

    places: how many pieces are executed at once; ahead: how many are handed out at once, so that nobody waits for the
    next. lost: the errors by which the executor says that it has given a piece up.
    """

    executor: Executor
    places: int
    ahead: int
    allowance: Allowance
    lost: tuple[type[Exception], ...] = ()

    def outcome(self, future: Future[T]) -> T:
        """What came of a piece of work that is done. Raises what it raised, or Died where it was given up."""
        if future.cancelled():
            raise UsageError("work was taken back by whoever should do it: is the scheduler gone?")
        try:
            return future.result()
        except self.lost as lost:
            raise Died(f"died: each worker that had it was lost ({type(lost).__name__})") from None


def lent() -> Worker:
    """The worker of this thread."""
    if not hasattr(_mine, "worker"):
        _mine.worker = Worker()
    worker: Worker = _mine.worker
    return worker


@contextmanager
def local_crew(jobs: int | None, allowance: Allowance) -> Iterator[Crew]:
    """A crew in processes of this machine: as many as there are cores, each with its part of the memory, if not said.

    When the block ends, so do they, whatever they are doing.
    """
    places = jobs or cores()
    workers: list[Worker] = []
    threads = ThreadPoolExecutor(places, initializer=lambda: workers.append(lent()))
    try:
        yield Crew(threads, places, places, sharing(allowance, places))
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for worker in list(workers):
            worker.dismiss()
        threads.shutdown()
        for worker in workers:
            worker.end()


def sharing(allowance: Allowance, places: int) -> Allowance:
    """The allowance with, if it does not say how much memory, the part of the machine's that each place can have."""
    return replace(allowance, memory=allowance.memory or int(MOST_OF_MEMORY * memory() / places))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
