"""A task: some cases of one scenario, or one cube of a case, as it is given to a worker, and what comes back.

Both are told in names and numbers that mean the same in every process. The worker executes the scenario again, which
gives it the same terms, and keeps it for the next task. This module knows one task; it does not know which others there
are, or what follows from their replies.
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
    """An instance of a model with this code, and how it is checked: by which solver, and with raw terms or not."""

    location: library.Location
    parameters: Mapping[str, Any]
    code: Code
    solver: str
    raw: bool

    @classmethod
    def of(cls, model: Protocol, solver: str, raw: bool) -> Instance:
        """Raises UsageError for a model that is in no file, where a worker could find it."""
        location = library.demand_location(type(model))
        return cls(location, library.parameters_of(model), code_of(type(model)), solver, raw)

    def built(self) -> Protocol:
        """The instance, as it is here. Raises Outdated where its code is not the same."""
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
        """The scenario, as `model` knows its conditions."""
        conditions = {condition.name: condition for condition in model.problem.conditions}
        cases = tuple(Case(conditions[name], witnesses) for name, witnesses in self.cases)
        return Scenario(self.faults, 1, cases, self.folded)


@dataclass(frozen=True)
class Task:
    """What a worker is asked: the cases with these numbers of a scene, each as far as it is in the cube.

    slice: how many steps it may try each. votes: how many variables it shall name that a case could be split by, if
    that is not enough. allowance: what it may take in all.
    """

    scene: Scene
    numbers: tuple[int, ...]
    cube: Cube
    slice: int
    votes: int
    allowance: Allowance


@dataclass(frozen=True)
class Unfinished:
    """The slice was too short. votes: variables, by name, that the case could be split by, if it was tried."""

    votes: tuple[Hashable, ...] = ()


Reply = Behaviour | Unsatisfiable | Undecided | Unfinished
"""What became of a case in the cube: this behaviour makes it fail, it holds, nobody knows, or it takes longer."""


def asked(task: Task) -> list[Reply]:
    """The replies of this thread's worker, for each number one. Where it dies, another is asked, and then no more.

    Raises as `replies` does.
    """
    worker = lent()
    reason = "out of memory"
    for _ in range(2):
        try:
            found: list[Reply] = worker.call(task.allowance, replies, task)
            return found
        except MemoryError:
            worker.end()  # its memory may be in pieces
            break
        except Died as died:
            reason = str(died)
    return [Undecided(reason) for _ in task.numbers]


def replies(task: Task) -> list[Reply]:
    """What becomes of each case of the task. Those after one that fails, which is worth telling at once, or that takes
    longer than its slice are not tried.

    Raises Stopped at the allowance, other errors as a check does.
    """
    limit = Limit.within(task.allowance.seconds)
    with without_garbage_collection():
        stage = _stage(task.scene, limit)
        found: list[Reply] = []
        for number in task.numbers:
            ended = bool(found) and isinstance(found[-1], Behaviour | Unfinished)
            found.append(Unfinished() if ended else stage.reply(number, task, limit))
    return found


class _Stage:
    """A scene that has been executed, and what was found of it."""

    def __init__(self, scene: Scene, limit: Limit) -> None:
        self.scene = scene
        model = scene.instance.built()
        terms = Terms(limit) if scene.instance.raw else SimplifiedTerms(limit)
        self._stated = obligations(model, scene.scenario(model), terms)
        self._solver = solver(scene.instance.solver, terms)
        self._violations: dict[int, Literal] = {}

    def reply(self, number: int, task: Task, limit: Limit) -> Reply:
        terms = self._stated.terms
        terms.limit = limit
        if number not in self._violations:
            self._violations[number] = self._stated.violation(self._stated.scenario.cases[number])
        try:
            wrong = within(terms, self._violations[number], task.cube)
            terms.limit = limit.fewer(task.slice)
            found = self._solver.solve(wrong)
        except UnknownVariable as unknown:
            raise ByzverifyError(f"a worker's terms are not those of the others: {unknown}") from None
        except OutOfSteps:
            return Unfinished(tuple(decisive(terms, wrong, task.votes, task.cube)))
        if not isinstance(found, Satisfiable):
            return found
        return meaning(self._stated, found) if task.cube else self._first(number, limit) or meaning(self._stated, found)

    def _first(self, number: int, limit: Limit) -> Behaviour | None:
        """How a case fails, as is found where nothing else has been asked: what has been, depends on who was free."""
        alone = _Stage(replace(self.scene, cases=(self.scene.cases[number],)), limit)
        (case,) = alone._stated.scenario.cases
        found = alone._solver.solve(alone._stated.violation(case))
        return meaning(alone._stated, found) if isinstance(found, Satisfiable) else None


_kept: _Stage | None = None
"""What this process executed last."""


def _stage(scene: Scene, limit: Limit) -> _Stage:
    global _kept
    if _kept is None or _kept.scene != scene:
        _kept = None  # its memory is needed
        _kept = _Stage(scene, limit)
    return _kept
