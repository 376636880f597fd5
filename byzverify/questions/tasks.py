"""A task for a worker: some cases of one scenario, or one cube of a case; and the replies to it.

Tasks and replies use names and numbers that mean the same in every process. The worker executes the scenario again,
which gives the same terms, and keeps it for the next task. This module knows one task at a time; it does not know the
other tasks, or what follows from their replies.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from byzverify.catalogue import library
from byzverify.catalogue.dependencies import Code, code_of, same_code
from byzverify.engines.finite.deciding import meaning
from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.errors import ByzverifyError, OutOfSteps
from byzverify.language.faults import Faults
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.logic.cubes import Cube, UnknownVariable, decisive, within
from byzverify.logic.terms import Literal, SimplifiedTerms, Terms, without_garbage_collection
from byzverify.scenario.behaviour import Behaviour
from byzverify.solvers.answers import Satisfiable, Undecided, Unsatisfiable, solver
from byzverify.workers.background import Died
from byzverify.workers.crew import lent
from byzverify.workers.worker import Allowance


@dataclass(frozen=True)
class Instance:
    """An instance of a model, with a fingerprint of its code, the solver, and whether terms are raw."""

    location: library.Location
    parameters: Mapping[str, Any]
    code: Code
    solver: str
    raw: bool

    @classmethod
    def of(cls, model: Protocol, solver: str, raw: bool) -> Instance:
        """The instance as workers get it. Raises UsageError for a model that is in no file that they could load."""
        location = library.demand_location(type(model))
        return cls(location, library.parameters_of(model), code_of(type(model)), solver, raw)

    def built(self) -> Protocol:
        """The instance, built in this process. Raises Outdated if the model's code differs here."""
        protocol = self.location.load(anew=True)
        same_code(protocol, self.code)
        return library.build(protocol, dict(self.parameters))


@dataclass(frozen=True)
class Scene:
    """A scenario, with its cases by the names of their conditions and their witnesses."""

    instance: Instance
    faults: Faults
    folded: bool
    cases: tuple[tuple[str, tuple[General, ...]], ...]

    @classmethod
    def of(cls, instance: Instance, scenario: Scenario) -> Scene:
        cases = tuple((case.condition.name, case.witnesses) for case in scenario.cases)
        return cls(instance, dict(scenario.faults), scenario.folded, cases)

    def scenario(self, model: Protocol) -> Scenario:
        """The scenario, with the conditions of `model`."""
        conditions = {condition.name: condition for condition in model.problem.conditions}
        cases = tuple(Case(conditions[name], witnesses) for name, witnesses in self.cases)
        return Scenario(self.faults, 1, cases, self.folded)


@dataclass(frozen=True)
class Task:
    """The cases of a scene that a worker shall decide, by their numbers, each restricted to the cube.

    slice: how many steps it may try each case. votes: by how many variables a case could be split if the slice is too
    short; the reply names them. allowance: the time and memory that the worker may use in all.
    """

    scene: Scene
    numbers: tuple[int, ...]
    cube: Cube
    slice: int
    votes: int
    allowance: Allowance


@dataclass(frozen=True)
class Unfinished:
    """The slice was too short. votes: the names of variables by which the case could be split, if it was tried."""

    votes: tuple[Hashable, ...] = ()


Reply = Behaviour | Unsatisfiable | Undecided | Unfinished
"""The reply about a case in the cube: a behaviour that makes it fail, it holds, it is unknown, or it takes longer."""


def asked(task: Task) -> list[Reply]:
    """The replies of this thread's worker, one for each number. If the worker dies, a second one tries, and no more.

    Raises the same errors as `replies`.
    """
    worker = lent()
    reason = "out of memory"
    for _ in range(2):
        try:
            found: list[Reply] = worker.call(task.allowance, replies, task)
            return found
        except MemoryError:
            worker.end()  # its memory may be fragmented
            break
        except Died as died:
            reason = str(died)
    return [Undecided(reason) for _ in task.numbers]


def replies(task: Task) -> list[Reply]:
    """The reply about each case of the task.

    Cases after one that fails or that takes longer than its slice are not tried, so that the reply comes at once.
    Raises Stopped at the allowance, other errors as a check does.
    """
    with without_garbage_collection():
        stage = _stage(task.scene, Limit.within(task.allowance.seconds))
        found: list[Reply] = []
        for number in task.numbers:
            ended = bool(found) and isinstance(found[-1], Behaviour | Unfinished)
            found.append(Unfinished() if ended else stage.reply(number, task))
    return found


class _Stage:
    """A scene that has been executed, and what was found in it. limit: that of the current task."""

    def __init__(self, scene: Scene, limit: Limit) -> None:
        self.scene = scene
        self.limit = limit
        model = scene.instance.built()
        terms = Terms(limit) if scene.instance.raw else SimplifiedTerms(limit)
        self._stated = obligations(model, scene.scenario(model), terms)
        self._solver = solver(scene.instance.solver, terms)
        self._violations: dict[int, Literal] = {}

    def reply(self, number: int, task: Task) -> Reply:
        terms = self._stated.terms
        if number not in self._violations:
            self._violations[number] = self._stated.violation(self._stated.scenario.cases[number])
        try:
            wrong = within(terms, self._violations[number], task.cube)
            found = self._solver.solve(wrong, self.limit.fewer(task.slice))
        except UnknownVariable as unknown:
            raise ByzverifyError(f"a worker's terms differ from the others': {unknown}") from None
        except OutOfSteps:
            return Unfinished(tuple(decisive(terms, wrong, task.votes, task.cube)))
        if not isinstance(found, Satisfiable):
            return found
        return meaning(self._stated, found) if task.cube else self._first(number) or meaning(self._stated, found)

    def _first(self, number: int) -> Behaviour | None:
        """A behaviour that breaks the case, found by a fresh solver: what a used one was asked before varies."""
        alone = _Stage(replace(self.scene, cases=(self.scene.cases[number],)), self.limit)
        (case,) = alone._stated.scenario.cases
        found = alone._solver.solve(alone._stated.violation(case), self.limit)
        return meaning(alone._stated, found) if isinstance(found, Satisfiable) else None


_kept: _Stage | None = None
"""The scene that this process executed last."""


def _stage(scene: Scene, limit: Limit) -> _Stage:
    global _kept
    if _kept is None or _kept.scene != scene:
        _kept = None  # frees its memory
        _kept = _Stage(scene, limit)
    _kept.limit.deadline = limit.deadline  # its terms keep this limit, too
    return _kept
