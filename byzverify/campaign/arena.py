"""Plays trials against programs, several at once. This module neither looks for trials nor shrinks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self

import anyio

from byzverify.attacks.attack import TERMINATION, Attack
from byzverify.campaign.proposals import Planned
from byzverify.errors import NodeError, Stopped
from byzverify.language.decisions import written
from byzverify.limits import Limit
from byzverify.nodes.guard import Guard
from byzverify.nodes.harness import Encounter, encounter
from byzverify.nodes.pool import Pool
from byzverify.nodes.team import Team
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import Network, Run


@dataclass(frozen=True)
class PlayedTrial:
    """A trial that was played. seconds: how long that took.

    outcome: what the programs did and the judge's findings, or the fault of a program that ended the trial.
    """

    planned: Planned
    outcome: tuple[Encounter, Replay] | NodeError
    seconds: float

    @property
    def failed(self) -> list[str]:
        """The names of the conditions that failed."""
        if isinstance(self.outcome, NodeError):
            return [TERMINATION]
        return [judgement.condition.name for judgement in self.outcome[1].violated]

    @property
    def run(self) -> Run:
        """What happened, up to the fault if there was one."""
        if isinstance(self.outcome, NodeError):
            run: Run = self.outcome.run
            return run
        return self.outcome[0].run

    @property
    def lies(self) -> int:
        """How many lies were told."""
        return len(self.run.lies)

    @property
    def as_model(self) -> bool:
        """Whether all loyal generals decided as the model does."""
        return not isinstance(self.outcome, NodeError) and self.outcome[0].as_model


class Arena:
    """Plays trials against the programs of a team, as a context manager.

    deadline: seconds that a program may take for each answer. Programs that can be initialised again are used for
    several trials. If a trial breaks a program that was used before, it is played again with new processes, and that
    result counts.
    """

    def __init__(self, team: Team, deadline: float, limit: Limit) -> None:
        self.team = team
        self._deadline = deadline
        self._limit = limit
        self._guard = Guard()
        self._pool = Pool()

    def __enter__(self) -> Self:
        self._guard.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            anyio.run(self._pool.close)
        finally:
            self._guard.__exit__(kind, error, trace)

    def play(self, planned: Planned) -> PlayedTrial:
        """Play one trial. Raises Stopped at the limit."""
        return anyio.run(self._played, planned)

    def play_all(
        self, plan: Iterable[tuple[int, Planned]], at_once: int, done: Callable[[int, PlayedTrial], None]
    ) -> None:
        """Play the trials, `at_once` at a time, and call `done` with the number and outcome of each as it ends.

        Raises Stopped at the limit.
        """
        anyio.run(self._play_all, plan, at_once, done)

    async def _play_all(
        self, plan: Iterable[tuple[int, Planned]], at_once: int, done: Callable[[int, PlayedTrial], None]
    ) -> None:
        waiting = iter(plan)
        stops: list[Stopped] = []

        async def work() -> None:
            try:
                for number, planned in waiting:
                    done(number, await self._played(planned))
            except Stopped as stop:
                stops.append(stop)

        async with anyio.create_task_group() as tasks:
            for _ in range(at_once):
                tasks.start_soon(work)
        for stop in stops:
            raise stop

    async def _played(self, planned: Planned) -> PlayedTrial:
        played = await self._met(planned, self._pool)
        return await self._met(planned, None) if played.failed and self._pool.used else played

    async def _met(self, planned: Planned, pool: Pool | None) -> PlayedTrial:
        trial, start = planned.trial, monotonic()
        try:
            network = Network(trial.protocol, trial.faults, trial.orders, trial.strategy)
            met = await encounter(
                network, self.team, self._guard, deadline=self._deadline, limit=self._limit, pool=pool
            )
        except NodeError as fault:
            return PlayedTrial(planned, fault, monotonic() - start)
        return PlayedTrial(planned, (met, Replay.of(met.run)), monotonic() - start)


def attack_on(played: PlayedTrial, team: Team) -> Attack:
    """The attack that a trial turned out to be, in a form that can be saved to a file."""
    trial = played.planned.trial
    ended = played.run
    failed = isinstance(played.outcome, NodeError)
    decided = {} if failed else {general: written(ended.decisions[general]) for general in ended.loyal}
    behaviour = Behaviour.of_letters(ended.orders, ended.said)
    return Attack(trial.protocol, trial.faults, behaviour, played.failed[0], decided, str(team))
