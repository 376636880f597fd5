"""Plans: which runs a proof is compared with, as plain data that goes from one process to another.

A plan says who fails, what everyone starts with, and what faulty generals say at some places. This module chooses them:
faulty sets of every size, which together make each general faulty once and loyal once, and starting orders that are
mixed. It runs nothing.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from byzverify.engines.finite.failure_semantics import SEMANTICS
from byzverify.language.conditions import written
from byzverify.language.faults import Budget, Fault, Faults, lies
from byzverify.language.labels import is_plain
from byzverify.language.messages import General, Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Order
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import Run
from byzverify.simulation.traitors import Deviation, Silent, Strategy
from byzverify.simulation.trial import Trial

LOST = (0.0, 0.5, 1.0)
"""The share that is lost of what one general is sent and no term depends on; drawn for each of them in each run."""

CRASH_ROUNDS = (1, 1, 2)
"""Where no term depends on a general who crashes, he does so in one of these rounds."""


@dataclass(frozen=True)
class Plan:
    """One run that is to be played.

    behaviour: what the adversary does, as far as that is planned. read: the sites of generals with milder faults that
    terms depend on; the receiver is `EVERYONE` where all are told the same. seed: decides what faulty generals do
    elsewhere; with None they act loyally there. predicted: what these generals are to decide, by terms or as in another
    run, as `written` writes it, typed; where nothing is predicted, the run is only judged. silent: whether faulty
    generals say nothing at all, whatever else is written here.
    """

    faults: Mapping[General, str]
    behaviour: Behaviour
    read: Collection[Site] = ()
    seed: int | None = None
    predicted: Mapping[General, Any] = field(default_factory=dict)
    silent: bool = False

    @classmethod
    def drawn(cls, protocol: Protocol, faults: Mapping[Any, Any], seed: int, silent: bool = False) -> Plan:
        """A run with these faulty generals, in which all else is chance, but for what they say if they are silent."""
        draw = random.Random(seed)
        starts = {general: draw.choice(protocol.orders) for general in protocol.problem.starters(protocol.n)}
        named = {general: mode.value for general, mode in faults.items()}
        return cls(named, Behaviour(starts), seed=seed, silent=silent)

    @classmethod
    def of(cls, run: Run) -> Plan:
        """The same once more, where everybody is to decide what he decided in this run."""
        faults = {general: mode.value for general, mode in run.faults.items()}
        decided = {general: written(run.decisions[general], typed=True) for general in run.decided}
        return cls(faults, Trial.of(run).behaviour, predicted=decided)

    @property
    def modes(self) -> Faults:
        """Who fails, and how."""
        return {general: Fault(mode) for general, mode in sorted(self.faults.items())}

    def strategy(self, protocol: Protocol) -> Strategy:
        """What faulty generals do."""
        if self.silent:
            return Silent()
        return Deviation(self.behaviour) if self.seed is None else _Filled(self, [*protocol.words, ABSENT])


class _Filled(Deviation):
    """Say what is written for a site; elsewhere anything, as far as the fault allows.

    A program may read on plain values what it does not read on terms. So whatever terms do not depend on is drawn, too.
    """

    def __init__(self, plan: Plan, words: list[Order]) -> None:
        read = {site[1] for site in plan.read}
        self._modes = plan.modes
        free = [one for one, mode in self._modes.items() if SEMANTICS[mode].halts and one not in read]
        crashed = {one: random.Random(f"{plan.seed} {one}").choice(CRASH_ROUNDS) for one in free}
        super().__init__(replace(plan.behaviour, crashed={**crashed, **plan.behaviour.crashed}))
        self._plan = plan
        self._words = words

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        told, mode = super().says(round, sender, receiver, honest), self._modes[sender]
        semantics = SEMANTICS[mode]
        runs_on = semantics.halts and self._crashed.get(sender) != round
        if sender == receiver or (semantics.symmetric and lies(mode)) or runs_on:
            return told
        one_of = semantics.concerns(receiver)
        share = random.Random(f"{self._plan.seed} {one_of}").choice(LOST)
        draw = random.Random(f"{self._plan.seed} {round} {sender} {one_of}")
        drawn: Content = {}
        for label in told:
            site = round, sender, one_of, label
            if site in self._plan.read or site in self._plan.behaviour.said:
                continue
            if semantics.symmetric:  # alike for everyone, whatever else he is told
                draw = random.Random(f"{self._plan.seed} {site}")
            if draw.random() < share:
                drawn[label] = ABSENT
            elif lies(mode) and is_plain(label):
                drawn[label] = draw.choice(self._words)
        return {**told, **drawn}


def faulty_sets(n: int, budget: Budget, seed: int) -> Iterator[Faults]:
    """Who fails, run by run, without end: the largest sets first, each general in his turn, then every smaller size.

    The first ones together make each general faulty once and, unless all fail, loyal once. Who fails together is drawn.
    """
    most = {mode: min(number, n) for mode, number in budget.items()}
    waiting: list[General] = []
    sizes = sorted(product(*(range(number + 1) for number in most.values())), key=lambda size: (-sum(size), size))
    sizes = [size for size in sizes if sum(size) <= n]
    largest = sizes[0]
    rounds = -(-n // max(1, sum(largest)))
    draw = random.Random(seed)
    while True:
        for size in (*[largest] * rounds, *sizes[1:]):
            modes = [mode for mode, number in zip(most, size, strict=True) for _ in range(number)]
            draw.shuffle(modes)
            if len(waiting) < len(modes):
                others = [general for general in range(n) if general not in waiting]
                waiting += draw.sample(others, len(others))
            failing, waiting = waiting[: len(modes)], waiting[len(modes) :]
            yield dict(sorted(zip(failing, modes, strict=True)))


def how_many_cover(n: int, budget: Budget) -> int:
    """How many of the first faulty sets make each general faulty once."""
    return -(-n // max(1, min(n, sum(budget.values()))))
