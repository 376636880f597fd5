"""Plans: the runs with which a proof is compared, as plain data that can be sent to another process.

A plan says who fails, what everyone starts with, and what faulty generals say at some sites. This module chooses the
faulty sets (sets of every size, which together make each general faulty once and loyal once) and random starting
orders. It runs nothing.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from byzverify.engines.finite.failure_semantics import SEMANTICS
from byzverify.language.decisions import written
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
"""The probabilities of losing a message on which no term depends; one is drawn for each receiver in each run."""

CRASH_ROUNDS = (1, 1, 2)
"""The rounds in which a general crashes if no term depends on him; one is drawn, and 1 is twice as likely as 2."""


@dataclass(frozen=True)
class Plan:
    """One run to play.

    behaviour: what the adversary does, as far as it is planned. read: the sites of generals with milder faults on which
    terms depend; the receiver is `EVERYONE` if all are told the same. seed: for the random choices of faulty generals
    at other sites; with None they act loyally there. predicted: what these generals should decide, from terms or from
    another run, in the typed form of `written`; without predictions the run is only judged. silent: whether faulty
    generals say nothing at all, whatever the other fields say.
    """

    faults: Mapping[General, str]
    behaviour: Behaviour
    read: Collection[Site] = ()
    seed: int | None = None
    predicted: Mapping[General, Any] = field(default_factory=dict)
    silent: bool = False

    @classmethod
    def drawn(cls, protocol: Protocol, faults: Mapping[Any, Any], seed: int, silent: bool = False) -> Plan:
        """A run with these faulty generals, in which everything else is random. silent: whether they say nothing."""
        draw = random.Random(seed)
        starts = {general: draw.choice(protocol.orders) for general in protocol.problem.starters(protocol.n)}
        named = {general: mode.value for general, mode in faults.items()}
        return cls(named, Behaviour(starts), seed=seed, silent=silent)

    @classmethod
    def of(cls, run: Run) -> Plan:
        """The repetition of a run, in which everybody should decide what he decided in this run."""
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
    """Say what is written for a site, and elsewhere anything that the fault allows.

    A program may read on plain values what it does not read on terms. So messages on which no term depends are random.
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
            if semantics.symmetric:  # the same draw for every receiver
                draw = random.Random(f"{self._plan.seed} {site}")
            if draw.random() < share:
                drawn[label] = ABSENT
            elif lies(mode) and is_plain(label):
                drawn[label] = draw.choice(self._words)
        return {**told, **drawn}


def faulty_sets(n: int, budget: Budget, seed: int) -> Iterator[Faults]:
    """An endless sequence of faulty sets: first the largest, with each general in turn, then every smaller size.

    The first sets together make each general faulty once and, unless all fail, loyal once. The groups are random.
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
    """How many of the first faulty sets are needed to make each general faulty once."""
    return -(-n // max(1, min(n, sum(budget.values()))))
