"""Cells in workers: what a crew executes for a map.

This module does not know where the cells come from, nor what becomes of them.
"""

from __future__ import annotations

from time import monotonic
from typing import NamedTuple

from byzverify.errors import ByzverifyError, Stopped
from byzverify.loading.record import LoadRecord
from byzverify.maps.cell import CellQuestion, claimed, decide
from byzverify.maps.landscape import Known
from byzverify.workers.background import Died
from byzverify.workers.crew import lent
from byzverify.workers.worker import Worker


class CellAnswer(NamedTuple):
    """What is known of a cell, with what the model had loaded; and whether the same would come out again, so that it is
    worth keeping.
    """

    known: Known
    record: LoadRecord
    lasting: bool


def decided(question: CellQuestion) -> CellAnswer:
    """What is known of a cell, found by this thread's worker; unknown where that dies or takes too long.

    Raises as `decide` does.
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
        worker.end()  # its memory may be in pieces
    if known.verdict == "unknown" and known.claimed is None:
        known = known.model_copy(update={"claimed": _claimed(worker, question)})
    return CellAnswer(known, record, lasting)


def _claimed(worker: Worker, question: CellQuestion) -> bool | None:
    try:
        claim: bool = worker.call(question.allowance, claimed, question.cell)
    except (ByzverifyError, Died, MemoryError, RuntimeError):
        return None
    return claim
