"""Cells in workers: what a thread does that has a worker of its own, and so many of these threads.

A crew is any executor of `concurrent.futures`; what it executes is `decided`, in threads of this process, or of others
on other machines (`cluster.py`). This module does not know where the cells come from, nor what becomes of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import local
from time import monotonic
from typing import NamedTuple

from byzverify.aside import Died
from byzverify.errors import ByzverifyError, Stopped
from byzverify.limits import MOST_OF_MEMORY, memory
from byzverify.maps.deciding import Question, claimed, decide
from byzverify.maps.landscape import Known
from byzverify.maps.worker import Allowance, Worker

_mine = local()
"""Each thread's worker."""


@dataclass(frozen=True)
class Crew:
    """Who executes, and what each cell may take.

    places: how many cells run at once; ahead: how many are handed out at once, so that nobody waits for the next.
    lost: the errors by which the executor says that it has given a cell up.
    """

    executor: Executor
    places: int
    ahead: int
    allowance: Allowance
    lost: tuple[type[Exception], ...] = ()


class Answer(NamedTuple):
    """What is known of a cell; and whether the same would come out again, so that it is worth keeping."""

    known: Known
    lasting: bool


def decided(question: Question) -> Answer:
    """What is known of a cell, found by this thread's worker; unknown where that dies or takes too long.

    Raises as `decide` does.
    """
    start = monotonic()
    worker = _worker()
    lasting = True
    try:
        known: Known = worker.call(question.allowance, decide, question)
    except (Stopped, Died, MemoryError) as stop:
        reason = "out of memory" if isinstance(stop, MemoryError) else str(stop)
        known = Known(verdict="unknown", reason=reason, seconds=monotonic() - start)
        lasting = not isinstance(stop, Died)
    if known.verdict == "unknown":
        worker.end()  # its memory may be in pieces
    if known.verdict == "unknown" and known.claimed is None:
        known = known.model_copy(update={"claimed": _claimed(worker, question)})
    return Answer(known, lasting)


def _claimed(worker: Worker, question: Question) -> bool | None:
    try:
        claim: bool = worker.call(question.allowance, claimed, question.cell)
    except (ByzverifyError, Died, MemoryError, RuntimeError):
        return None
    return claim


def _worker() -> Worker:
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
    threads = ThreadPoolExecutor(places, initializer=lambda: workers.append(_worker()))
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
