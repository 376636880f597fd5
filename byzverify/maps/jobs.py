"""The jobs that a crew's workers execute for a map: one cell each, or what lies beyond the edge.

This module does not know where the cells come from, or what happens to the answers.
"""

from __future__ import annotations

from time import monotonic
from typing import NamedTuple

from byzverify.errors import ByzverifyError, Stopped
from byzverify.loading.record import LoadRecord
from byzverify.maps.cell import CellQuestion, claimed, decide
from byzverify.maps.landscape import AllSizes, Known
from byzverify.maps.larger import LargerQuestion, decide_larger
from byzverify.workers.background import Died
from byzverify.workers.crew import lent
from byzverify.workers.worker import Worker


class CellAnswer(NamedTuple):
    """The result for a cell, and the record of what the model had loaded.

    lasting: whether another run would give the same result, so that it is worth storing.
    """

    known: Known
    record: LoadRecord
    lasting: bool


def decided(question: CellQuestion) -> CellAnswer:
    """The answer for a cell from this thread's worker; unknown if the worker dies or takes too long.

    Raises the errors of `decide`.
    """
    start = monotonic()
    worker = lent()
    record, lasting = question.code.record, True
    known: Known
    try:
        known, record = worker.call(question.allowance, decide, question)
    except (Stopped, Died, MemoryError) as stop:
        reason = "out of memory" if isinstance(stop, MemoryError) else str(stop)
        known = Known(verdict="unknown", reason=reason, seconds=monotonic() - start)
        lasting = not isinstance(stop, Died)
    if known.verdict == "unknown":
        worker.end()  # its memory may be fragmented
    if known.verdict == "unknown" and known.claimed is None:
        known = known.model_copy(update={"claimed": _claimed(worker, question)})
    return CellAnswer(known, record, lasting)


class LargerAnswer(NamedTuple):
    """What is proved beyond the edge of a map; record and lasting as in `CellAnswer`."""

    found: AllSizes
    record: LoadRecord
    lasting: bool


def decided_larger(question: LargerQuestion) -> LargerAnswer:
    """The answer from this thread's worker; nothing is proved if the worker dies or takes too long.

    Raises the errors of `decide_larger`.
    """
    start = monotonic()
    worker = lent()
    try:
        found, record = worker.call(question.allowance, decide_larger, question)
    except (Stopped, Died, MemoryError) as stop:
        reason = "out of memory" if isinstance(stop, MemoryError) else str(stop)
        lasting = not isinstance(stop, Died)
        found, record = question.unknown(reason, monotonic() - start), question.code.record
        worker.end()
        return LargerAnswer(found, record, lasting)
    return LargerAnswer(found, record, lasting=True)


def _claimed(worker: Worker, question: CellQuestion) -> bool | None:
    try:
        claim: bool = worker.call(question.allowance, claimed, question.cell)
    except (ByzverifyError, Died, MemoryError, RuntimeError):
        return None
    return claim
