"""A campaign: plays attacks of every kind against programs that claim to be a protocol, and shrinks one that succeeds.

This module knows the order of the steps. If nothing broke, that is no proof, and is never called one.
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
"""How many trials a campaign has by default."""

ASKED = 2_000_000
"""How many steps are spent on checking the model itself."""

BATCH = 16
"""How many trials are planned before they are played."""

SHRINKING = 200
"""How many trials are played, at most, to shrink a trial that breaks something."""


@dataclass(frozen=True)
class Campaign:
    """What a campaign found.

    verdict: the answer of the check about the model itself. played: the trials that were played, in the order of the
    plan. broken: the smallest trial found that breaks something. shrunk: whether it is known to need each of its lies.
    stopped: why the campaign ended early, if it did. left_out: the mutants that could not be executed, each with the
    error.
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
        """The attack that broke the programs, in a form that can be saved; None if none did."""
        return None if self.broken is None else attack_on(self.broken, self.team)

    @property
    def exit_code(self) -> int:
        """1 if something broke; else 0 if everything was played, or the exit code of what stopped the campaign."""
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

    traitors: the most that may be present, as for `check`. attacks: how many trials, not counting those without
    traitors. seed: for random choices. deadline: seconds that a program may take for each answer. timeout: seconds for
    the whole campaign. keep_going: play everything, even after something broke. Raises NodeError if a program fails
    although nobody attacks it, UsageError for impossible input.
    """
    question_begins()
    if attacks < 1:
        raise UsageError(f"a campaign has 1 attack or more, not {attacks}")
    campaign = _UnderWay(model, budget_for(model, traitors), team, Limit.within(timeout), progress)
    return campaign.run(attacks, seed, deadline, keep_going)


class _UnderWay:
    """A campaign in progress: what has been found so far."""

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
        """Check the model, plan and play the trials, and shrink one that breaks something."""
        start = monotonic()
        stopped: Stopped | None = None
        self._progress("checking whether the model withstands every attack")
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
        """Plan and play in batches: a solver that plans while programs play would delay their answers."""
        numbered = enumerate(plan)
        while (keep_going or not self._failed()) and (batch := list(islice(numbered, BATCH))):
            arena.play_all(batch, os.cpu_count() or 1, self._note)

    def _play_honest(self, arena: Arena, plan: Sequence[Planned]) -> None:
        """Play the trials in which nobody fails. Raises NodeError if a program fails in one."""
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
        """The played trials in the order of the plan; the order in which they end is random."""
        return [self._played[place] for place in sorted(self._played)]

    def _failed(self) -> list[PlayedTrial]:
        return [played for played in self._in_order() if played.failed]

    def _smallest(self) -> PlayedTrial | None:
        """The smallest played trial that breaks the programs; None if none does."""
        return min(self._failed(), key=_size, default=None)

    def _make_small(self, arena: Arena) -> None:
        """Shrink the smallest trial that breaks the programs."""
        self._broken = self._smallest()
        if self._broken is None:
            return
        with suppress(OutOfSteps):
            for smaller in shrunk(arena, self._broken, SHRINKING):
                self._broken = smaller
                self._progress(f"shrinking the attack that breaks the programs: {counted(smaller.lies, 'lie')}")
            self._shrunk = True


def _size(played: PlayedTrial) -> tuple[bool, int, int]:
    """The sort key of failed trials: broken conditions before faults of programs, then fewer traitors, fewer lies."""
    return isinstance(played.outcome, NodeError), *size(played)
