"""A trial: what faulty generals do in a run, no matter who plays the loyal ones.

A trial prints as the call that makes it, with orders by name, so that a trial that was found can be pasted into a
test. This module does not judge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass
from typing import Any

from byzverify.errors import UsageError
from byzverify.language.faults import Fault, Faults, faults_of
from byzverify.language.labels import Form, Label
from byzverify.language.messages import EVERYONE, General, Site
from byzverify.language.protocol import Protocol, parameters
from byzverify.language.records import Named, Record, by_name, names_in
from byzverify.language.values import ABSENT, Order
from byzverify.limits import NO_LIMIT, Limit
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.traitors import Deviation

NOTHING: Mapping[Any, Any] = {}


@dataclass(frozen=True, init=False, repr=False)
class Trial:
    """A scenario, and what faulty generals say at some sites; elsewhere they act as loyal generals would.

    faults: who fails, and how; byzantine traitors need no mode. orders: what each general starts with, by general;
    the fallback for those who are not named. said: orders by site. A site is (round, sender, receiver, label); the
    receiver -1 stands for all others. crashed: the round in which a general crashes, by general; after it he says
    nothing. Orders can be given by name; ABSENT means that nothing is said. A message of several fields is given as the
    orders of its fields, by name; {} means that no such message is sent under the label. Raises UsageError for other
    input.
    """

    protocol: Protocol
    faults: Faults
    behaviour: Behaviour

    def __init__(
        self,
        protocol: Protocol,
        faults: Collection[General] | Mapping[General, str],
        orders: Mapping[General, Order | str],
        said: Mapping[Site, Order] | Mapping[Site, str] | Mapping[Site, str | Mapping[Label, str]] = NOTHING,
        crashed: Mapping[General, int] = NOTHING,
    ) -> None:
        if not isinstance(protocol, Protocol):
            raise UsageError(f"a trial is of an instance of a protocol, such as OM(n=4, m=1), not of {protocol!r}")
        behaviour = Behaviour(
            {_general(one): _order(order) for one, order in _by("orders", "{0: 'ATTACK'}", orders)},
            dict(_told(_site(site), told) for site, told in _by("said", "{(1, 3, 2, ()): 'ATTACK'}", said)),
            {_general(one): _round(round) for one, round in _by("crashed", "{3: 2}", crashed)},
        )
        for name, value in {"protocol": protocol, "faults": faults_of(faults), "behaviour": behaviour}.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, run: Run) -> Trial:
        """The trial with the same lies as this run."""
        said = {(lie.round, lie.sender, lie.receiver, lie.label): lie.said for lie in run.lies}
        return cls(run.protocol, run.faults, run.orders, said)

    def on(self, protocol: Protocol) -> Trial:
        """The same trial on another protocol."""
        return Trial(protocol, self.faults, self.orders, self.said, self.crashed)

    def simulate(self, limit: Limit = NO_LIMIT) -> Run:
        """The run in which the model's program plays the loyal generals. Raises Stopped at the limit."""
        return run(self.protocol, self.faults, self.orders, self.strategy, limit=limit)

    @property
    def orders(self) -> Mapping[General, Order]:
        """What each general starts with."""
        return self.behaviour.starts

    @property
    def said(self) -> Mapping[Site, Order]:
        """What faulty generals say, by site."""
        return self.behaviour.said

    @property
    def crashed(self) -> Mapping[General, int]:
        """In which round a general crashes."""
        return self.behaviour.crashed

    @property
    def strategy(self) -> Deviation:
        """What faulty generals do, as a strategy."""
        return Deviation(self.behaviour)

    def demand_sense(self) -> None:
        """Raise UsageError if the trial names something that does not exist, or a loyal general who lies or crashes."""
        for fault in self._faults():
            raise UsageError(fault)

    def __repr__(self) -> str:
        byzantine = self.faults and all(mode is Fault.BYZANTINE for mode in self.faults.values())
        who = set(self.faults) if byzantine else {general: mode.value for general, mode in self.faults.items()}
        orders = {general: order.name for general, order in self.orders.items()}
        said = f", {_written(self.said)}" if self.said else ""
        crashed = f", crashed={self.crashed}" if self.crashed else ""
        return f"Trial({called(self.protocol)}, {who}, {orders}{said}{crashed})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """The same as `repr`: by default, hypothesis and notebooks would show every field of the protocol."""
        printer.text(repr(self))

    def _faults(self) -> Iterator[str]:
        """What is wrong with the trial, a line each."""
        everyone, starters = range(self.protocol.n), self.protocol.problem.starters(self.protocol.n)
        receivers = {receiver for _, _, receiver, _ in self.said} - {EVERYONE}
        for general in sorted({*self.faults, *self.orders, *receivers} - set(everyone)):
            yield f"there is no general {general}; there are 0 to {everyone[-1]}"
        for general in sorted(set(self.orders) - set(starters)):
            yield f"general {general} starts with no order; these do: {', '.join(map(str, starters))}"
        for general in sorted({*self.crashed, *(sender for _, sender, _, _ in self.said)} - set(self.faults)):
            yield f"general {general} lies or crashes, but is loyal"
        yield from _unknown([order.name for order in self.orders.values()], self.protocol.orders)
        yield from _unknown(names_in(self.said.values()), (*self.protocol.words, ABSENT))


def _by(name: str, example: str, given: Any) -> Iterable[tuple[Any, Any]]:
    """The items of a mapping by general or by site. Raises UsageError if it is no mapping."""
    if not isinstance(given, Mapping):
        raise UsageError(f"a trial takes {name} as a mapping, such as {example}, not {given!r}")
    return given.items()


def _general(general: Any) -> General:
    if not isinstance(general, int):
        raise UsageError(f"a general is named by his number, such as 3, not by {general!r}")
    return general


def _order(order: Any) -> Order:
    if not isinstance(order, Order | str):
        raise UsageError(f"an order is given by its name, such as 'ATTACK', not as {order!r}")
    return Order(order) if isinstance(order, str) else order


def _site(site: Any) -> Site:
    if not (isinstance(site, tuple) and len(site) == 4 and all(isinstance(part, int) for part in site[:3])):
        raise UsageError(f"a site is (round, sender, receiver, label), such as (2, 3, 1, (0, 3)), not {site!r}")
    return site


def _round(round: Any) -> int:
    if not isinstance(round, int):
        raise UsageError(f"a round is a number, 1 or more, not {round!r}")
    return round


def _told(site: Site, said: Order | str | Mapping[Label, str]) -> tuple[Site, Order]:
    """What is said at a site: an order, or a message of these fields; ABSENT if no fields are given."""
    if not isinstance(said, Mapping):
        return site, _order(said)
    form = Form(site[3], frozenset(said))
    return (*site[:3], form), Record({name: _order(order) for name, order in said.items()}) if said else ABSENT


def _written(said: Mapping[Site, Order]) -> dict[Site, Named]:
    """What is said, in the form in which users write it."""
    return dict(_plainly(site, order) for site, order in said.items())


def _plainly(site: Site, order: Order) -> tuple[Site, Named]:
    round, sender, receiver, label = site
    if type(label) is not Form:
        return site, order.name
    return (round, sender, receiver, label.label), by_name(order) if isinstance(order, Record) else {}


def _unknown(said: Iterable[str], known: Collection[Order]) -> Iterator[str]:
    names = [order.name for order in known]
    for name in said:
        if name not in names:
            yield f"{name!r} is not an order; there are {', '.join(names)}"


def called(protocol: Protocol) -> str:
    """The call that makes a protocol, without parameters that have their default values."""
    named = [(one.name, getattr(protocol, one.name), one.default) for one in parameters(protocol)]
    given = [f"{name}={value!r}" for name, value, default in named if default is MISSING or value != default]
    return f"{type(protocol).__name__}({', '.join(given)})"
