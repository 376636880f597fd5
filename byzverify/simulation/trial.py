"""A trial: one run that is fixed beforehand, to be played in the simulator or against programs.

It is written as people write it, with orders by name, so that one that was printed can be pasted into a test. This
module knows what can be arranged; what comes of a trial, the judge says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, field
from functools import cached_property
from typing import Any

from byzverify.errors import UsageError
from byzverify.language.faults import Fault, Faults, faults_of
from byzverify.language.messages import General, Site
from byzverify.language.protocol import Protocol, parameters
from byzverify.language.values import ABSENT, Order
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.strategies import Deviation


@dataclass(frozen=True, repr=False)
class Trial:
    """Who fails, who starts with what, and what those who fail say that no loyal general would say.

    traitors: who is faulty, with the mode of each if not all are byzantine. orders: what generals start with, by name;
    of a traitor, what he feigns. lies: at a site, (round, sender, receiver, label), which order is told there, or
    ABSENT for nothing; the receiver -1 stands for all others. crashed: the round after which a general says nothing.
    Elsewhere all say what a loyal general would. Raises UsageError for what does not exist.
    """

    protocol: Protocol
    traitors: Collection[General] | Mapping[General, str]
    orders: Mapping[General, str]
    lies: Mapping[Site, str] = field(default_factory=dict)
    crashed: Mapping[General, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fault in self._impossible():
            raise UsageError(fault)

    @cached_property
    def faults(self) -> Faults:
        """The faulty generals, each with his mode."""
        return faults_of(self.traitors)

    @property
    def start(self) -> dict[General, Order]:
        """What generals start with."""
        return {general: Order(name) for general, name in self.orders.items()}

    @property
    def strategy(self) -> Deviation:
        """How the faulty act."""
        return Deviation({site: Order(name) for site, name in self.lies.items()}, self.crashed)

    def run(self) -> Run:
        """What happens in the simulator, where the model's own program is in every general's place."""
        return run(self.protocol, self.faults, self.start, self.strategy)

    def __repr__(self) -> str:
        faults = self.faults
        byzantine = faults and all(mode is Fault.BYZANTINE for mode in faults.values())
        who = set(faults) if byzantine else {general: mode.value for general, mode in faults.items()}
        crashed = f", crashed={self.crashed!r}" if self.crashed else ""
        lies = f", {dict(self.lies)!r}" if self.lies else ""
        return f"Trial({_called(self.protocol)}, {who!r}, {dict(self.orders)!r}{lies}{crashed})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As `repr` where hypothesis or a notebook shows it, and not every field of the protocol."""
        printer.text(repr(self))

    def _impossible(self) -> Iterator[str]:
        """What does not exist, a line each."""
        n, problem = self.protocol.n, self.protocol.problem
        faults = self.faults
        named = {*faults, *self.orders, *(receiver for _, _, receiver, _ in self.lies if receiver != -1)}
        if not named <= set(range(n)):
            yield f"there are the generals 0 to {n - 1}, and no others: {_listed(named - set(range(n)))}"
        if set(self.orders) != set(problem.starters(n)):
            yield f"say what these generals start with, and no others: {_listed(problem.starters(n))}"
        for liar in [sender for _, sender, _, _ in self.lies] + list(self.crashed):
            if liar not in faults:
                yield f"general {liar} lies or crashes, and is loyal"
        words = [word.name for word in self.protocol.words]
        known = [(name, words[: len(self.protocol.orders)]) for name in self.orders.values()]
        known += [(name, [*words, ABSENT.name]) for name in self.lies.values()]
        for name, there_are in known:
            if name not in there_are:
                yield f"{name!r} is not an order; there are {_listed(there_are)}"


def _called(protocol: Protocol) -> str:
    """How a protocol is made, without the parameters that need not be given."""
    named = [(one.name, getattr(protocol, one.name), one.default) for one in parameters(protocol)]
    given = [f"{name}={value!r}" for name, value, default in named if default is MISSING or value != default]
    return f"{type(protocol).__name__}({', '.join(given)})"


def _listed(things: Collection[object]) -> str:
    return ", ".join(map(str, sorted(things, key=str)))
