"""Makes a map: recalls every cell of a landscape from the store, or has a crew decide it and stores the result.

This module only coordinates. Other modules know what a cell means, how it is decided and where it is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import replace
from functools import cache

from byzverify.catalogue import library
from byzverify.catalogue.dependencies import Code, code_of
from byzverify.errors import ByzverifyError, Interrupted, RuleBroken
from byzverify.language.conditions import Condition, Problem
from byzverify.language.protocol import Protocol, StatedOnce
from byzverify.language.state import Snapshot
from byzverify.limits import NO_LIMIT, Limit
from byzverify.loading.stopping import question_begins
from byzverify.maps.cell import CellQuestion
from byzverify.maps.jobs import CellAnswer, LargerAnswer, decided, decided_larger
from byzverify.maps.landscape import AllSizes, Known, Landscape, Map, Place
from byzverify.maps.larger import LargerQuestion, questions
from byzverify.maps.store import Store
from byzverify.workers.background import Died
from byzverify.workers.crew import GLANCE, Crew, local_crew
from byzverify.workers.worker import Allowance

Progress = Callable[[Map, int], None]
"""Called with the map so far, and the number of cells that are being decided."""


def _in_silence(found: Map, running: int) -> None:
    """Show no progress."""


def mapped(
    landscape: Landscape,
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    store: Store | None = None,
    progress: Progress = _in_silence,
) -> Map:
    """The map of a landscape, made by worker processes of this machine.

    jobs: how many worker processes, by default one for each core. timeout, memory: seconds and bytes that each cell may
    take. store: where cells are recalled from and stored. Raises the error of a check that cannot be answered, with its
    cell; cells that were decided before are in the store.
    """
    Limit.within(timeout)
    with local_crew(jobs, Allowance(timeout, memory)) as crew:
        return extended_by(crew, landscape, store, progress)


def extended_by(crew: Crew, landscape: Landscape, store: Store | None = None, progress: Progress = _in_silence) -> Map:
    """The map of a landscape with what is proved beyond its edge, made by a crew: first the cells.

    If the user interrupts, the map has what is known so far.
    """
    found = mapped_by(crew, landscape, store, progress)
    try:
        for answer in _beyond(crew, landscape, store, lambda: progress(found, 1)) if found.stopped is None else ():
            found.add(answer)
    except Interrupted as stop:
        found.stopped = str(stop)
    return found


def mapped_by(
    crew: Crew,
    landscape: Landscape,
    store: Store | None = None,
    progress: Progress = _in_silence,
    limit: Limit = NO_LIMIT,
) -> Map:
    """The map of a landscape, made by a crew. If the user interrupts, the map has the cells decided so far."""
    question_begins()
    making = _Making(crew, landscape, store)
    try:
        making.recall(limit)
        while making.proceed():
            progress(making.found, making.running)
            limit.check()
    except Interrupted as stop:
        making.found.stopped = str(stop)
    progress(making.found, 0)
    return making.found


def _beyond(crew: Crew, landscape: Landscape, store: Store | None, waiting: Callable[[], None]) -> Iterator[AllSizes]:
    """What is proved beyond the edge of a map, recalled or found by the crew. Raises Interrupted.

    waiting: called again and again while nothing is known yet.
    """
    protocol = library.find(landscape.fixed.model)
    code = code_of(protocol)
    key = _key(protocol, code)
    fixed = landscape.fixed.model_copy(update={"model": library.everywhere(library.reference_to(protocol))})
    asked = []
    for question in questions(replace(landscape, fixed=fixed), code, crew.allowance):
        known = None if store is None else store.recall_larger(question, key, code.agrees)
        asked.append((question, known or crew.executor.submit(decided_larger, question)))
    for question, answer in asked:
        if isinstance(answer, AllSizes):
            yield answer
        else:
            found, record, lasting = _awaited(crew, question, answer, waiting)
            if store is not None and lasting:
                store.keep_larger(question, key, record.text(), found)
            yield found


def _awaited(
    crew: Crew, question: LargerQuestion, future: Future[LargerAnswer], waiting: Callable[[], None]
) -> LargerAnswer:
    """The answer of a worker. What goes wrong in it is a reason, since the cells of the map are known already."""
    while not wait([future], GLANCE).done:
        waiting()
        NO_LIMIT.check()
    try:
        return crew.outcome(future)
    except (Died, ByzverifyError, RuntimeError) as error:
        return LargerAnswer(question.unknown(str(error)), question.code.record, lasting=False)


class _Making:
    """A map in progress."""

    def __init__(self, crew: Crew, landscape: Landscape, store: Store | None) -> None:
        self.found = Map(landscape)
        self._crew = crew
        self._store = store
        protocol = library.find(landscape.fixed.model)
        self._code = code_of(protocol)
        self._key = _key(protocol, self._code)
        self._is_true = cache(self._code.agrees)  # many cells have the same record
        self._here = library.reference_to(protocol)
        self._waiting: list[Place] = []
        self._asked: dict[Future[CellAnswer], Place] = {}

    @property
    def running(self) -> int:
        """How many cells are being decided now, as far as this process knows."""
        return min(len(self._asked), self._crew.places)

    def recall(self, limit: Limit) -> None:
        """Look up every cell in the store. Cells that are not known wait to be decided."""
        for place in self.found.landscape.places:
            limit.check()
            known = self._recalled(place)
            if known is None:
                self._waiting.append(place)
            else:
                self.found.known[place] = known
                self.found.recalled += 1
        self._waiting.reverse()

    def _recalled(self, place: Place) -> Known | None:
        if self._store is None:
            return None
        cell = self.found.landscape.cell(place)
        known = self._store.recall(cell, self._key, self._crew.allowance, self._is_true)
        return None if known is None else known.on_model(self._here)

    def proceed(self) -> bool:
        """Hand out cells, and note answers that arrive within a moment. Returns False if no cells are left."""
        while self._waiting and len(self._asked) < self._crew.ahead:
            place = self._waiting.pop()
            cell = self.found.landscape.cell(place).model_copy(update={"model": library.everywhere(self._here)})
            question = CellQuestion(cell, self._code, self._crew.allowance)
            self._asked[self._crew.executor.submit(decided, question)] = place
        for future in wait(self._asked, GLANCE, FIRST_COMPLETED).done:
            self._note(self._asked.pop(future), self._answer(future))
        return bool(self._asked or self._waiting)

    def _answer(self, future: Future[CellAnswer]) -> CellAnswer:
        try:
            return self._crew.outcome(future)
        except Died as died:
            return CellAnswer(Known(verdict="unknown", reason=str(died)), self._code.record, lasting=False)

    def _note(self, place: Place, answer: CellAnswer) -> None:
        if self._store is not None and answer.lasting:
            cell = self.found.landscape.cell(place)
            self._store.keep(cell, self._key, answer.record.text(), self._crew.allowance, answer.known)
        self.found.known[place] = answer.known.on_model(self._here)


def _key(protocol: type[Protocol], code: Code) -> str:
    """The key for storing cells: the code, and the constants that loading it here resulted in.

    A constant may depend on the environment. If an iterator prevents reading the constants, checks refuse the model.
    """
    with suppress(RuleBroken):
        constants = _reached({protocol.__name__: protocol}).constants
        return hashlib.sha256("\n".join([code.key, *constants]).encode()).hexdigest()
    return code.key


def _reached(roots: Mapping[str, object]) -> Snapshot:
    """Everything that is reachable from these roots, including what the conditions found there can reach."""
    reached = Snapshot(roots)
    stated = [one for one in reached.others if isinstance(one, Condition)]
    stated += [condition for one in reached.others if isinstance(one, Problem) for condition in one.conditions]
    problems = [one.stated for one in reached.others if isinstance(one, StatedOnce)]
    computed = {f"problem {place}": one for place, one in enumerate(problems)}
    further = computed | {f"{one.name}: {one.statement}": (one.holds, one.concerns) for one in stated}
    return reached if further.keys() <= roots.keys() else _reached({**further, **roots})
