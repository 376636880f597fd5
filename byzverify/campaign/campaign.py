"""A campaign: programs that claim to be a protocol face attacks of every kind, and what breaks them is made small.

This module knows in which order things are done. That nothing broke is no proof, and is never called one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from time import monotonic

from byzverify.attacks.attack import Attack
from byzverify.campaign.arena import Arena, PlayedTrial, attack_on
from byzverify.campaign.proposals import Planned, Sources
from byzverify.campaign.reducing import shrunk, size
from byzverify.errors import NodeError, OutOfSteps, Stopped, UsageError, counted
from byzverify.language.faults import Budget, Fault
from byzverify.language.protocol import Protocol
from byzverify.limits import DEADLINE, Limit
from byzverify.loading.stopping import question_begins
from byzverify.nodes.team import Team
from byzverify.questions import pipeline
from byzverify.questions.question import budget_for
from byzverify.questions.verdict import Refuted, Verdict
from byzverify.simulation.trial import Trial

ATTACKS = 100
"""How many trials a campaign has, unless it is said."""

ASKED = 2_000_000
"""How many steps are spent on the question whether the model itself withstands everything."""

BATCH = 16
"""How many trials are planned before they are played."""

SHRINKING = 200
"""How many trials are played at most to make one that breaks something smaller."""


@dataclass(frozen=True)
class Campaign:
    """What a campaign found.

    verdict: what is known of the model itself. played: every trial in the order of the plan, as far as they were
    played. broken: the smallest found of those that broke something; shrunk: whether it is known to need every lie.
    stopped: why not all was played, if so. left_out: the mutants that could not be executed, each with the error.
    """

    model: Protocol
    faults: Budget
    team: Team
    verdict: Verdict
    played: tuple[PlayedTrial, ...]
    broken: PlayedTrial | None
    shrunk: bool
    stopped: Stopped | None
    left_out: tuple[str, ...]
    seconds: float

    @property
    def attack(self) -> Attack | None:
        """The attack that broke the programs, to be saved."""
        return None if self.broken is None else attack_on(self.broken, self.team)

    @property
    def exit_code(self) -> int:
        """1 if something broke, whether or not everything was played; else 0, if it was."""
        return 1 if self.broken else self.stopped.exit_code if self.stopped else 0


def run_campaign(
    model: Protocol,
    team: Team,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
    *,
    attacks: int = ATTACKS,
    seed: int = 0,
    deadline: float = DEADLINE,
    timeout: float | None = None,
    keep_going: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> Campaign:
    """Play a campaign against the programs of `team`.

    traitors: the most that may be present, as for `check`. attacks: how many trials, those with no traitor not counted.
    seed: what chance draws from. deadline: seconds that a program may take for each answer. timeout: seconds for it
    all. keep_going: play everything, also after something broke. Raises NodeError where a program fails though nobody
    attacks it, UsageError for what is impossible.
    """
    question_begins()
    if attacks < 1:
        raise UsageError(f"a campaign has 1 attack or more, not {attacks}")
    campaign = _UnderWay(model, budget_for(model, traitors), team, Limit.within(timeout), progress)
    return campaign.run(attacks, seed, deadline, keep_going)


class _UnderWay:
    """A campaign under way: what has been found so far."""

    def __init__(
        self, model: Protocol, faults: Budget, team: Team, limit: Limit, progress: Callable[[str], None]
    ) -> None:
        self._model = model
        self._faults = faults
        self._team = team
        self._limit = limit
        self._progress = progress
        self._played: dict[int, PlayedTrial] = {}
        self._broken: PlayedTrial | None = None
        self._shrunk = False

    def run(self, attacks: int, seed: int, deadline: float, keep_going: bool) -> Campaign:
        """Ask, plan, play, and make small what breaks."""
        start = monotonic()
        stopped: Stopped | None = None
        self._progress("asking whether the model withstands everything")
        seconds = self._limit.seconds()
        verdict = pipeline.check(self._model, self._faults, timeout=seconds, steps=ASKED, minimal=True)
        sources = Sources(self._model, self._faults, seed, self._limit, self._progress)
        try:
            with Arena(self._team, deadline, self._limit) as arena:
                self._play_honest(arena, sources.honest())
                self._play_attacks(arena, self._planned(sources, verdict, attacks), keep_going)
                self._make_small(arena)
        except Stopped as stop:
            stopped = stop
        return Campaign(
            model=self._model,
            faults=self._faults,
            team=self._team,
            verdict=verdict,
            played=tuple(self._in_order()),
            broken=self._broken or self._smallest(),
            shrunk=self._shrunk,
            stopped=stopped,
            left_out=tuple(sources.left_out),
            seconds=monotonic() - start,
        )

    def _planned(self, sources: Sources, verdict: Verdict, attacks: int) -> Iterator[Planned]:
        """The trials with faulty generals, the model's own attack first if there is one."""
        own = [Trial.of(verdict.replay.run)] if isinstance(verdict, Refuted) else []
        plan = chain((Planned("the model's own", "its smallest attack", trial) for trial in own), sources.trials())
        return islice(plan, attacks)

    def _play_attacks(self, arena: Arena, plan: Iterator[Planned], keep_going: bool) -> None:
        """Plan some and play them, then the next: a solver that thinks would make programs wait that are playing."""
        numbered = enumerate(plan)
        while (keep_going or not self._failed()) and (batch := list(islice(numbered, BATCH))):
            arena.play_all(batch, os.cpu_count() or 1, self._note)

    def _play_honest(self, arena: Arena, plan: Sequence[Planned]) -> None:
        """Play what nobody attacks. Raises NodeError where a program fails in it."""
        for place, planned in enumerate(plan, -len(plan)):
            played = arena.play(planned)
            if isinstance(played.outcome, NodeError):
                raise played.outcome
            self._note(place, played)

    def _note(self, place: int, played: PlayedTrial) -> None:
        self._played[place] = played
        broke = f"{len(self._failed())} of them" if self._failed() else "none"
        self._progress(f"{counted(len(self._played), 'trial')} played; {broke} broke the programs")

    def _in_order(self) -> list[PlayedTrial]:
        """What has been played, in the order of the plan: which of two ends first is chance."""
        return [self._played[place] for place in sorted(self._played)]

    def _failed(self) -> list[PlayedTrial]:
        return [played for played in self._in_order() if played.failed]

    def _smallest(self) -> PlayedTrial | None:
        """What breaks the programs with the fewest lies, as it was played."""
        return min(self._failed(), key=_size, default=None)

    def _make_small(self, arena: Arena) -> None:
        """Take what breaks the programs with the fewest lies, and make it smaller."""
        self._broken = self._smallest()
        if self._broken is None:
            return
        with suppress(OutOfSteps):
            for smaller in shrunk(arena, self._broken, SHRINKING):
                self._broken = smaller
                self._progress(f"making what breaks the programs smaller: {counted(smaller.lies, 'lie')}")
            self._shrunk = True


def _size(played: PlayedTrial) -> tuple[bool, int, int]:
    """By what breaks are compared: conditions before faults of programs, then fewer traitors, then fewer lies."""
    return isinstance(played.outcome, NodeError), *size(played)
