"""Makes a periodic table: a crew asks `solvable` about each cell.

`answer` is executed in the workers. This module knows neither where cells come from nor how a table is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from time import monotonic

from byzverify.certificates import impossibility_file
from byzverify.crosscheck.examining import IN_A_MAP
from byzverify.errors import ByzverifyError, Interrupted, Stopped
from byzverify.limits import NO_LIMIT, Limit
from byzverify.loading.stopping import question_begins
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable
from byzverify.questions.existence import ExistenceVerdict
from byzverify.questions.solving import solvable
from byzverify.scenario.impossibility import RunChain
from byzverify.workers.background import Died
from byzverify.workers.crew import GLANCE, Crew, lent, local_crew
from byzverify.workers.worker import Allowance

Progress = Callable[[PeriodicTable, int], None]
"""Called with the table so far, and the number of cells that are being decided."""


def _in_silence(found: PeriodicTable, running: int) -> None:
    """Show no progress."""


def tabulated(
    cells: Sequence[PeriodicCell],
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    progress: Progress = _in_silence,
) -> PeriodicTable:
    """The table of these cells, made by worker processes of this machine; its arguments are those of `mapped`.

    Raises ReplayMismatch if the independent checker refuses what was found for a cell.
    """
    Limit.within(timeout)
    with local_crew(jobs, Allowance(timeout, memory)) as crew:
        return tabulated_by(crew, cells, progress)


def tabulated_by(crew: Crew, cells: Sequence[PeriodicCell], progress: Progress = _in_silence) -> PeriodicTable:
    """The table of these cells, made by a crew. If the user interrupts, it has the cells decided so far."""
    question_begins()
    found = PeriodicTable(tuple(cells))
    waiting, asked = list(reversed(cells)), dict[Future[LeastRounds], PeriodicCell]()
    try:
        while waiting or asked:
            while waiting and len(asked) < crew.ahead:
                cell = waiting.pop()
                asked[crew.executor.submit(_answered, cell, crew.allowance)] = cell
            for future in wait(asked, GLANCE, FIRST_COMPLETED).done:
                found.known[asked.pop(future)] = crew.outcome(future)
            progress(found, min(len(asked), crew.places))
            NO_LIMIT.check()
    except Interrupted as stop:
        found.stopped = str(stop)
    found.known = {cell: found.known[cell] for cell in cells if cell in found.known}  # in their order, not of time
    return found


def _answered(cell: PeriodicCell, allowance: Allowance) -> LeastRounds:
    """The answer from this thread's worker; unknown if it dies or takes too long."""
    start = monotonic()
    worker = lent()
    try:
        known: LeastRounds = worker.call(allowance, answer, cell, allowance.seconds)
    except (Stopped, Died, MemoryError) as stop:
        reason = "out of memory" if isinstance(stop, MemoryError) else str(stop)
        known = LeastRounds("unknown", reason=reason, seconds=monotonic() - start)
    if not known.decided:
        worker.end()  # its memory may be fragmented
    return known


def answer(cell: PeriodicCell, seconds: float | None) -> LeastRounds:
    """What `solvable` finds for a cell within this time. Raises its errors, with the command for this cell."""
    asked = {"problem": cell.problem, "graph": cell.graph, "commander": cell.commander, "signed": cell.signed}
    try:
        return _known(solvable(cell.n, cell.faults, **asked, timeout=seconds, effort=IN_A_MAP))  # type: ignore[arg-type]
    except MemoryError:
        return LeastRounds("unknown", reason="out of memory")
    except Stopped as stop:
        return LeastRounds("unknown", reason=str(stop))
    except ByzverifyError as error:
        raise type(error)(f"{cell.command()}: {error}") from None


def _known(verdict: ExistenceVerdict) -> LeastRounds:
    shown, found = verdict.impossible, verdict.found
    freedom = None if found is None else found.freedom
    return LeastRounds(
        verdict.verdict,
        rounds=None if found is None else found.rounds,
        impossible_rounds=None if shown is None else shown.setting.rounds or "any",
        open=verdict.open,
        executions=None if shown is None else len(shown.runs if isinstance(shown, RunChain) else shown.scenes),
        shortest=verdict.shortest,
        rule=None if found is None else found.rule,
        views=None if freedom is None else freedom.views,
        free=None if freedom is None else freedom.free,
        alike=None if freedom is None else freedom.alike,
        reason=verdict.reason,
        seconds=verdict.seconds,
        certificate=None if shown is None else impossibility_file.text(shown),
        protocol=None if found is None else found.text,
    )
