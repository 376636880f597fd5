"""A trial: what faulty generals are to do in a run, whoever plays the loyal ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from byzverify.language.faults import Faults
from byzverify.language.messages import General, Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.limits import NO_LIMIT, Limit
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.strategies import Deviation


@dataclass(frozen=True)
class Trial:
    """A scenario, and what is said in it at some sites; elsewhere the faulty act as loyal generals would.

    faults: who fails, and how. orders: what each general starts with, the fallback where he is not named. said: at
    these sites. crashed: in which round a general crashes, after which he says nothing.
    """

    protocol: Protocol
    faults: Faults
    orders: Mapping[General, Order]
    said: Mapping[Site, Order]
    crashed: Mapping[General, int] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> Trial:
        """The trial in which the same lies are told as in this run."""
        said = {(lie.round, lie.sender, lie.receiver, lie.label): lie.said for lie in run.lies}
        return cls(run.protocol, run.faults, run.orders, said)

    def simulate(self, limit: Limit = NO_LIMIT) -> Run:
        """What happens where the model's program plays the loyal ones. Raises Stopped at the limit."""
        return run(self.protocol, self.faults, self.orders, self.strategy, limit=limit)

    @property
    def strategy(self) -> Deviation:
        """What the faulty do."""
        return Deviation(self.said, self.crashed)
