"""Unfolds values that satisfy the formulas of a world into one run: who fails, what generals start with, what is said.

The individuals of the world come first, then the members of each class, then the byzantine generals of the crowd. All
members of a class hear what its representative hears. This module runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from byzverify.engines.parameterized.members import title_of
from byzverify.engines.parameterized.runs import under
from byzverify.engines.parameterized.worlds import Class, Individual, World, _says
from byzverify.language.faults import Fault, Faults
from byzverify.language.labels import Label
from byzverify.language.messages import General
from byzverify.language.values import ABSENT, Order
from byzverify.logic.linear import Valuation
from byzverify.scenario.behaviour import Address
from byzverify.solvers.arithmetic import Solution


@dataclass
class Unfolded:
    """A run. faults: who fails, and how. orders: what generals start with. said: all that those who fail say."""

    n: int
    faults: Faults = field(default_factory=dict)
    orders: dict[General, Order] = field(default_factory=dict)
    said: dict[Address, dict[Label, Order]] = field(default_factory=dict)


@dataclass(frozen=True)
class Seated:
    """A general of the run, with what he is in the world. name: what unknowns call him as a receiver."""

    number: General
    name: str
    fault: Fault | None
    kind: Individual | Class | None


class Unfolding:
    """The run that a solution means. generals: everyone in it, in the sequence of their numbers."""

    def __init__(self, world: World, solution: Solution) -> None:
        self._world = world
        self._truths = solution.truths
        self._valuation = Valuation(world.arithmetic, solution.numbers, solution.truths)
        self._named = {order.name: Order(order.name) for order in map(Order, world.words)}
        self.generals = [Seated(number, *one) for number, one in enumerate(self._everyone())]
        self.run = Unfolded(len(self.generals))
        for one in self.generals:
            if one.fault is not None:
                self.run.faults[one.number] = one.fault
            if (start := self._start(one)) is not None:
                self.run.orders[one.number] = start
        for receiver in self.generals:
            for round, label in self._read():
                self._tell(receiver, round, label)

    def number(self, individual: Any) -> General:
        """The number of an individual."""
        return next(one.number for one in self.generals if one.name == title_of(individual))

    def _read(self) -> list[tuple[int, Label]]:
        """The labels that anybody reads, each with its round."""
        read = {(heard.round, heard.label) for heard in self._world._heard.values()}
        read |= {(round, label) for run in self._world.runs.values() for round, _, label in run._read}
        return sorted(read, key=repr)

    def _everyone(self) -> Iterator[tuple[str, Fault | None, Individual | Class | None]]:
        for individual in self._world.setup.individuals:
            yield title_of(individual.general), individual.fault, individual
        for one in self._world.classes:
            for _ in range(self._valuation.number(one.number)):
                yield one.name, one.fault, one
        for _ in range(sum(map(self._valuation.number, self._world.liars))):
            yield "a traitor", Fault.BYZANTINE, None

    def _start(self, one: Seated) -> Order | None:
        if isinstance(one.kind, Individual):
            starts = [*one.kind.starts]
            return self._chosen(f"what {one.name} starts with", starts) if starts else None
        return None if one.kind is None else one.kind.start

    def _chosen(self, name: str, options: list[Any]) -> Any:
        """Which of several options is chosen: the first whose truth holds, or the last."""
        places = range(len(options) - 1)
        return options[next((place for place in places if f"{name}: choice {place}" in self._truths), -1)]

    def _tell(self, receiver: Seated, round: int, label: Label) -> None:
        """Let those who fail say to a receiver in a round, under a label, what the unknowns say."""
        place = f"to {receiver.name} in round {round}{under(label)}"
        liars = [one for one in self.generals if one.name == "a traitor" and one is not receiver]
        for word, order in self._named.items():
            for _ in range(self._unknown(f"lies {word!r} {place}")):
                self._say(round, liars.pop(), receiver, label, order)
            senders = [one for one in self._omitters(round, label, word, receiver) if one is not receiver]
            for one in senders[: self._unknown(f"arrived {word!r} {place}")]:
                self._say(round, one, receiver, label, order)
        for one in self.generals:
            if isinstance(one.kind, Individual) and one.fault is not None and one is not receiver:
                self._tell_by_individual(one, receiver, round, label)

    def _unknown(self, name: str) -> int:
        return self._valuation._numbers[name]

    def _omitters(self, round: int, label: Label, word: str, receiver: Seated) -> Iterator[Seated]:
        """The members of the crowd with omission faults whose programs say a word."""
        whom = receiver.kind.general if isinstance(receiver.kind, Individual) else self._world.crowd[0]
        heard = self._world.heard(0, round, label, whom)
        for one in self.generals:
            if isinstance(one.kind, Class) and one.fault is Fault.OMISSION and _says(one.kind, heard) == word:
                yield one

    def _tell_by_individual(self, one: Seated, receiver: Seated, round: int, label: Label) -> None:
        place = f"from {one.name} to {receiver.name} in round {round}{under(label)}"
        if one.fault is Fault.BYZANTINE:
            order = self._chosen(f"word {place}", [*self._named.values(), ABSENT])
        else:
            order = (
                self._word_of(one, receiver, round, label) if f"the word {place} arrives" in self._truths else ABSENT
            )
        self._say(round, one, receiver, label, order)

    def _word_of(self, one: Seated, receiver: Seated, round: int, label: Label) -> Order:
        """What the program of an individual says to a receiver."""
        assert isinstance(one.kind, Individual)
        whom = receiver.kind.general if isinstance(receiver.kind, Individual) else self._world.crowd[0]
        bits = self._world.algebra.bits(self._world.runs[id(one.kind.general)].to(round, label, whom))
        name = next(name for name, formula in bits.items() if self._valuation.holds(formula))
        return self._named.get(name, ABSENT)

    def _say(self, round: int, sender: Seated, receiver: Seated, label: Label, order: Order) -> None:
        if order is not ABSENT:
            self.run.said.setdefault((round, sender.number, receiver.number), {})[label] = order
