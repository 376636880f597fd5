"""A crew: an executor of work, in which each place has a worker of its own.

A crew wraps any executor of `concurrent.futures`, whose threads are in this process or, with `cluster.py`, in processes
on other machines. The work gets its thread's worker from `lent`. This module does not know what the work is, where it
comes from, or what happens to its results.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import local
from typing import TypeVar

from byzverify.errors import UsageError
from byzverify.memory import MOST_OF_MEMORY, memory
from byzverify.workers.background import Died, cores
from byzverify.workers.worker import Allowance, Worker

T = TypeVar("T")

GLANCE = 0.1
"""The most seconds that the leader of a crew waits before checking whether the user wants to stop."""

_mine = local()
"""Each thread's worker."""


@dataclass(frozen=True)
class Crew:
    """An executor, and what each piece of work may use.

    places: how many pieces are executed at once. ahead: how many are handed out at once, so that no worker waits for
    the next piece. lost: the errors that mean that the executor has given up a piece.
    """

    executor: Executor
    places: int
    ahead: int
    allowance: Allowance
    lost: tuple[type[Exception], ...] = ()

    def outcome(self, future: Future[T]) -> T:
        """The result of a finished piece of work. Raises what it raised, or Died if it was given up."""
        if future.cancelled():
            raise UsageError("the work was cancelled: is the scheduler gone?")
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
    """A crew of processes on this machine, by default one for each core, which share the memory equally.

    When the block ends, the processes end, whatever they are doing.
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
    """The allowance; if it does not limit memory, with an equal share of the machine's memory for each place."""
    return replace(allowance, memory=allowance.memory or int(MOST_OF_MEMORY * memory() / places))
