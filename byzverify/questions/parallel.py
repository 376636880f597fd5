"""A parallel check: scenarios are executed ahead, workers decide their cases, and answers are used in order.

The order is that of a check in one process, so that the findings and the statistics are the same. The crew works on
several scenarios at once. If places are free, a case that takes longer than a slice is divided into cubes; it holds if
it holds in every cube. One worker goes on with the whole case, in case its cubes are no easier. If the case fails, that
worker finds the attack that counts, so that the attack does not depend on the speed of the workers. This module knows
tasks and replies; it does not confirm claims.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count

from byzverify.engines.finite.deciding import Answer, Decided, built
from byzverify.engines.finite.obligations import Extent, Obligations
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.errors import Stopped
from byzverify.language.conditions import Condition
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT
from byzverify.limits import Limit
from byzverify.logic.cubes import WHOLE, Cube, split
from byzverify.questions.tasks import Instance, Reply, Scene, Task, Unfinished, asked
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim
from byzverify.solvers.answers import Undecided, Unsatisfiable
from byzverify.workers.background import Died
from byzverify.workers.crew import GLANCE, Crew

SLICE = 1_000_000
"""How many steps a worker tries a case before it may be divided: about five seconds."""

AGAIN = 4
"""The factor by which the slice of a whole case grows with each further try."""


@dataclass(eq=False)
class _Asked:
    """A case that the crew decides.

    number: its number in its scenario. place: its number among all cases. votes: the variables by which it can be
    divided. parts: how many of its cubes are not yet known to hold, 0 if it is not divided. broken: the answer from a
    cube in which it fails.
    """

    case: Case
    number: int
    place: int
    begun: _Begun
    votes: tuple[Hashable, ...] = ()
    parts: int = 0
    broken: Answer | None = None
    answer: Answer | None = None


@dataclass(frozen=True)
class _Begun:
    """A scenario that has been executed, with its answers, known or requested."""

    scenario: Scenario
    extent: Extent
    scene: Scene
    found: list[Answer | _Asked] = field(default_factory=list)


Heed = Callable[[Answer, Scenario, Extent], None]
"""Called with a worker's answer as soon as it arrives, even if it is not its turn yet."""


class Leader:
    """Leads a crew through the scenarios of one check."""

    def __init__(
        self,
        crew: Crew,
        model: Protocol,
        instance: Instance,
        limit: Limit,
        heed: Heed,
        built_already: Callable[[Obligations], None],
    ) -> None:
        self._crew = crew
        self._model = model
        self._instance = instance
        self._limit = limit
        self._heed = heed
        self._built_already = built_already
        self._votes = (2 * crew.places - 1).bit_length()  # so that there are twice as many cubes as places, or more
        self._under_way: dict[Future[list[Reply]], tuple[Task, list[_Asked]]] = {}
        self._claimed: dict[Condition, int] = {}
        self._places = count()
        self._waiting: deque[_Begun] = deque()
        self._end: Exception | None = None

    def in_order(self, executed: Iterable[Obligations], wanted: Callable[[Condition], bool]) -> Iterator[Decided]:
        """Each scenario with the answers of those cases whose conditions are wanted when their turn comes.

        Raises what `executed` raises, such as Stopped, after yielding what is known by then; and what workers raise.
        """
        self._executed = iter(executed)
        self._wanted = wanted
        try:
            while self._waiting or self._begin():
                begun = self._waiting.popleft()
                yield begun.scenario, begun.extent, self._answers(begun)
            if self._end is not None:
                raise self._end
        finally:
            for future in self._under_way:
                future.cancel()
            self._under_way.clear()

    def _answers(self, begun: _Begun) -> Iterator[Answer]:
        """The answers of wanted cases. When the work is stopped, only those that are known by then."""
        for one in begun.found:
            while self._wanted(one.case.condition):
                answer = one.answer if isinstance(one, _Asked) else one
                if answer is not None:
                    yield answer
                if answer is not None or self._stopped:
                    break
                self._proceed()

    @property
    def _stopped(self) -> bool:
        return isinstance(self._end, Stopped | MemoryError)

    def _begin(self) -> bool:
        """Execute one more scenario, and hand out its cases. Returns whether there was one."""
        stated = None
        if self._end is None:
            with self._raised_later():
                stated = next(self._executed, None)
        if stated is None:
            return False
        begun = _Begun(stated.scenario, stated.extent, Scene.of(self._instance, stated.scenario))
        with self._raised_later():
            self._build(stated, begun)
            self._built_already(stated)
        stated.forget()
        if about := [one for one in begun.found if isinstance(one, _Asked)]:
            numbers = tuple(one.number for one in about)
            self._ask(Task(begun.scene, numbers, WHOLE, SLICE, self._votes, self._crew.allowance), about)
        self._waiting.append(begun)
        return True

    @contextmanager
    def _raised_later(self) -> Iterator[None]:
        """Keep an exception of the block until its turn comes."""
        try:
            yield
        except Exception as error:
            self._end = error

    def _build(self, stated: Obligations, begun: _Begun) -> None:
        """For each wanted case, note its answer if building decided it, else that the crew must be asked."""
        for number, case in enumerate(stated.scenario.cases):
            if self._wanted(case.condition):
                known = built(stated, case, self._instance.solver)
                begun.found.append(
                    known if isinstance(known, Answer) else _Asked(case, number, next(self._places), begun)
                )

    def _ask(self, task: Task, about: list[_Asked]) -> None:
        task = replace(task, allowance=replace(self._crew.allowance, seconds=self._limit.seconds()))
        self._under_way[self._crew.executor.submit(asked, task)] = task, about

    def _proceed(self) -> None:
        """Keep the crew busy, and note the replies that arrive within a moment."""
        try:
            self._limit.check()
        except Stopped as stop:
            self._end = stop
        done = wait(self._under_way, 0, FIRST_COMPLETED).done
        if not done and not (len(self._under_way) <= self._crew.places and self._begin()):
            self._spread()
            done = wait(self._under_way, GLANCE, FIRST_COMPLETED).done
        for future in done:
            task, about = self._under_way.pop(future)
            for one, reply in zip(about, self._replies(future, task), strict=False):
                self._note(task, one, reply)
        for future, (task, about) in list(self._under_way.items()):
            if not any(self._needed(one, task.cube) for one in about) and future.cancel():
                del self._under_way[future]

    def _replies(self, future: Future[list[Reply]], task: Task) -> list[Reply]:
        """The replies of a task; none if the limit came first."""
        try:
            return self._crew.outcome(future)
        except Died as died:
            return [Undecided(str(died)) for _ in task.numbers]
        except Stopped as stop:
            self._end = stop
            return []

    def _needed(self, one: _Asked, cube: Cube) -> bool:
        """Whether the reply about a case in this cube still matters."""
        condition = one.case.condition
        overtaken = one.place > self._claimed.get(condition, one.place) or (one.broken and cube != WHOLE)
        return one.answer is None and not overtaken and self._wanted(condition)

    def _note(self, task: Task, one: _Asked, reply: Reply) -> None:
        if not self._needed(one, task.cube):
            return
        if isinstance(reply, Behaviour):
            self._note_broken(task, one, Answer(one.case, self._claim(one, reply)))
        elif task.cube == WHOLE:
            self._note_whole(task, one, reply)
        elif isinstance(reply, Unfinished):
            self._divide(task, one, reply.votes)
        elif isinstance(reply, Unsatisfiable):  # an undecided cube is left to the worker that has the whole case
            one.parts -= 1
            one.answer = None if one.parts else Answer(one.case)
        if one.answer is not None:
            self._heed(one.answer, one.begun.scenario, one.begun.extent)

    def _note_broken(self, task: Task, one: _Asked, answer: Answer) -> None:
        """Note a behaviour that breaks a case: the answer, if it comes from the whole case.

        A behaviour from a cube is only kept in case the search is stopped. Which cube fails first depends on the speed
        of the workers, so the worker with the whole case goes on until it finds its own attack.
        """
        if task.cube == WHOLE:
            one.answer = answer
            self._claimed[one.case.condition] = one.place
        else:
            one.broken = answer
            self._heed(answer, one.begun.scenario, one.begun.extent)

    def _note_whole(self, task: Task, one: _Asked, reply: Unfinished | Undecided | Unsatisfiable) -> None:
        if isinstance(reply, Unfinished):
            one.votes = one.votes or reply.votes
            self._ask(replace(task, numbers=(one.number,), slice=AGAIN * task.slice), [one])
        elif isinstance(reply, Undecided):
            one.answer = one.broken or Answer(one.case, unknown=reply.reason)
        else:
            one.answer = Answer(one.case)

    def _spread(self) -> None:
        """If places are free, divide a case that takes long. One worker goes on with the whole case."""
        if len(self._under_way) < self._crew.places:
            for task, (one, *others) in self._under_way.values():
                if task.cube == WHOLE and not others and one.votes and not one.parts and self._needed(one, WHOLE):
                    one.parts = 1
                    self._divide(replace(task, slice=SLICE), one, one.votes)
                    return

    def _divide(self, task: Task, one: _Asked, votes: Iterable[Hashable]) -> None:
        """Ask about every part of the task's cube, each with twice the slice."""
        cubes = split(task.cube, votes)
        one.parts += len(cubes) - 1
        for cube in cubes:
            self._ask(replace(task, cube=cube, slice=2 * task.slice), [one])

    def _claim(self, one: _Asked, reply: Behaviour) -> Claim:
        """What a worker found, as a claim with the objects of this process."""
        words = {order.name: order for order in (*self._model.words, ABSENT)}
        faults, case = one.begun.scenario.faults, one.case
        return Claim(self._model, faults, reply.in_words(words), case.condition, case.witnesses)
