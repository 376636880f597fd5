"""A protocol: its parameters, what it claims, and the program of one loyal general.

    class FirstWord(Protocol):
        def general(self, me, order):
            inbox = yield broadcast(order) if me == COMMANDER else None
            return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)

`yield` ends a round: it hands over what this general sends, and returns what reached him. `return` decides. A program
cannot ask who is loyal, here or anywhere: no method of a protocol ever receives the set of traitors.
"""

from __future__ import annotations

import copy
import inspect
import sys
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import Field, dataclass, field, fields
from functools import cache, cached_property
from itertools import permutations
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, dataclass_transform

from byzverify.errors import ProtocolError, RuleBroken, UsageError, counted
from byzverify.language.conditions import COMMANDER, Problem
from byzverify.language.decisions import Decision
from byzverify.language.faults import Budget
from byzverify.language.holes import HOLE, Filling, declare, demand_filling, is_hole, value_of
from byzverify.language.messages import General, Inbox, Outbox
from byzverify.language.phases import Phase, run_phases
from byzverify.language.problems import BYZANTINE_GENERALS
from byzverify.language.quantities import Quantity, Whole
from byzverify.language.state import Snapshot
from byzverify.language.values import ABSENT, Order, domain
from byzverify.loading.imported import look

if TYPE_CHECKING:
    from byzverify.language.topology import Network

Program = Generator[Outbox, Inbox, Decision]
"""The program of one general: yields what he sends in a round, receives his inbox, returns his decision."""


MOST = 1000
"""The largest number of generals, and of orders. Every general is executed, so larger numbers are of no use."""

KINDS = {"int": "a whole number", "bool": "True or False", "float": "a number", "str": "a text"}
"""The types that a parameter may have, with their names in messages."""


WRITTEN = {"general", "interchangeable", "tolerates", "problem", "claim", "rushing", "marks"}
"""What a model may redefine."""

GIVEN = {"n", "values", "graph"}
"""The parameters that every protocol has; a model may give them defaults."""


def parameters(protocol: Protocol | type[Protocol]) -> list[Field[Any]]:
    """The parameters of a protocol."""
    return [found for found in fields(protocol) if found.init]


def kind_of(parameter: Field[Any]) -> str:
    """The name of a parameter's type; for a hole, `hole`. Raises ProtocolError for a type of no parameter."""
    kind = getattr(parameter.type, "__name__", str(parameter.type))
    if is_hole(parameter):
        return HOLE
    if kind not in KINDS:
        raise ProtocolError(f"the parameter {parameter.name} is annotated {kind}; write one of {', '.join(KINDS)}")
    return kind


class StatedOnce:
    """Computes `problem`, which may depend on the parameters, once for each instance, so that it stays one object."""

    computed_once = True

    def __init__(self, stated: Any) -> None:
        self.stated = stated

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        known = instance.__dict__
        if "problem" not in known:
            known["problem"] = self.stated.__get__(instance, owner)
        return known["problem"]


@dataclass_transform(kw_only_default=True, frozen_default=True)
@dataclass(frozen=True, kw_only=True)
class Protocol:
    """The base of every protocol. A subclass becomes a frozen dataclass: its annotations are its parameters.

    n: the number of generals. values: the number of different orders, 2 or more. graph: the graph along whose edges
    messages travel, as `topology.py` reads it; with "", everyone can send to everyone. Raises UsageError for parameters
    that make no sense; a model adds its own checks with `require` in `__post_init__`.
    """

    n: int
    values: int = 2
    graph: str = ""
    _copy: object = field(default=None, init=False, repr=False)  # makes each general's copy unequal to all others

    problem: ClassVar[Problem] = BYZANTINE_GENERALS
    claim: ClassVar[str] = ""
    """What the authors published, with the source, in one line."""
    rushing: ClassVar[bool] = True
    """Whether traitors receive what is said to them in a round before they speak in it. Matters with signatures."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        cls._demand_sense()
        declare(cls, GIVEN)
        dataclass(frozen=True, kw_only=True)(cls)
        cls.__setattr__ = _refuse_to_set  # type: ignore[method-assign, assignment]
        stated = inspect.getattr_static(cls, "problem")
        if hasattr(type(stated), "__get__") and not isinstance(stated, StatedOnce):
            cls.problem = StatedOnce(stated)  # type: ignore[assignment]
        if not cls.__module__.startswith("byzverify"):
            look()  # at the source files as they are now

    @classmethod
    def _demand_sense(cls) -> None:
        """Raise ProtocolError if the class redefines a name that this module relies on, or a default has a bad type."""
        stated = {name for name, kind in inspect.get_annotations(cls).items() if "ClassVar" not in str(kind)}
        for name in [name for name in vars(Protocol) if not name.startswith("__") and name not in GIVEN]:
            redefined = name not in WRITTEN and inspect.getattr_static(cls, name) is not vars(Protocol)[name]
            if redefined or name in stated:
                raise ProtocolError(f"{cls.__name__} defines {name}, a name of Protocol's own: call it something else")
        if not isinstance(inspect.getattr_static(cls, "claim"), str):
            raise ProtocolError(f"{cls.__name__}.claim must be a text, the same for all parameters")
        for name in stated:
            default = vars(cls).get(name)
            if isinstance(default, list | dict | set):
                raise ProtocolError(
                    f"the parameter {name} has the default {default!r}; write one of {', '.join(KINDS)}"
                )

    def __post_init__(self) -> None:
        if not isinstance(self.problem, Problem):
            raise ProtocolError(f"{type(self).__name__}.problem must be a Problem, such as BYZANTINE_GENERALS")
        for parameter in parameters(self):
            value = getattr(self, parameter.name)
            kind = kind_of(parameter)
            if kind == HOLE:
                demand_filling(parameter.name, value)
            elif not (kind == "int" and isinstance(value, Quantity)):
                fits = type(value).__name__ == kind
                self.require(fits, f"{parameter.name} must be {KINDS[kind]}, not {value!r}")
        if not isinstance(self.n, Quantity):
            self.require(1 <= self.n <= MOST, f"there must be 1 to {MOST} generals, not n={self.n}")
        self.require(2 <= self.values <= MOST, f"there must be 2 to {MOST} values to agree on, not {self.values}")
        self._checked_marks()
        if self.graph:
            from byzverify.language.topology import canonical

            object.__setattr__(self, "graph", canonical(self.graph))
            nodes = len(self.network)
            self.require(
                nodes == self.n,
                f"the graph {self.graph} has {counted(nodes, 'node')}, and there are n={self.n} generals",
            )

    def _checked_marks(self) -> tuple[Order, ...]:
        """The marks. Raises ProtocolError unless they are orders with names that no other word of a message has."""
        marks = tuple(self.marks)
        taken = {ABSENT.name, *(order.name for order in self.orders)} if marks else set()
        for mark in marks:
            name = mark.name if isinstance(mark, Order) else ""
            if not name or name in taken or ":" in name:
                raise ProtocolError(f"{type(self).__name__}.marks must be orders with names of their own, not {mark!r}")
            taken.add(name)
        return marks

    def general(self, me: General, order: Any) -> Program:
        """The program of the loyal general with number `me`. order: what he starts with; None if nothing."""
        raise NotImplementedError

    def phases(self, number: Whole, phase: Phase, me: General, carried: Any) -> Generator[Any, Any, Any]:
        """Run `phase(me, leader, carried)` with the leaders 0, 1, ..., number-1. Use it with `yield from`.

        phase: a method of the protocol, the rounds of one phase. carried: what the first phase starts with: orders and
        truths, or tuples of them. Each phase returns what the next one starts with, the last one the result.
        """
        return (yield from run_phases(self.n, number, phase, me, carried))

    def hole(self, name: str, choices: Sequence[Filling], /) -> Any:
        """The value of a hole in this instance, as in `self.hole("enough", range(self.n))`. Only programs may ask.

        name: a text, written out: the hole becomes a parameter of this name. choices: a range, tuple or list of whole
        numbers, truths or texts, the same in every call; they may depend on parameters. `byzverify complete` finds the
        values with which the protocol is right. Raises UsageError if the instance has no value for the hole.
        """
        return value_of(self, name, choices)

    def tolerates(self, t: int) -> bool:
        """Whether the protocol's authors claim that its conditions hold for every choice of at most `t` traitors.

        An author who claims more for milder faults adds parameters named after the modes, with the default 0:
        `tolerates(self, t, symmetric=0, omission=0, crash=0, manifest=0)`; `t` then counts the other faulty generals.
        """
        return False

    def claims(self, budget: Budget) -> bool:
        """Whether the authors claim that the conditions hold whenever no more generals fail than `budget` allows."""
        named = set(inspect.signature(self.tolerates).parameters) - {"t"}
        milder = {mode.value: number for mode, number in budget.items() if mode in named}
        return self.tolerates(sum(budget.values()) - sum(milder.values()), **milder)

    def interchangeable(self) -> Sequence[Collection[General]]:
        """Groups of generals that the program treats alike. The checker verifies this claim for each instance."""
        return [self.problem.deciders(self.n)]

    @property
    def groups(self) -> list[list[General]]:
        """The declared groups. Raises ProtocolError if they overlap or name generals that do not exist."""
        try:
            groups = [sorted(group) for group in self.interchangeable()]
        except (Exception, SystemExit) as error:
            raise ProtocolError(
                f"{type(self).__name__}.interchangeable fails: {type(error).__name__}: {error}"
            ) from error
        members = [general for group in groups for general in group]
        if len(set(members)) < len(members) or not set(members) <= set(range(self.n)):
            raise ProtocolError(
                f"{type(self).__name__}.interchangeable names a general twice, or one that does not exist: {groups}"
            )
        for part in (self.problem.starters(self.n), self.problem.deciders(self.n)):
            if any(set(part) & set(group) and set(group) - set(part) for group in groups):
                raise ProtocolError(
                    f"{type(self).__name__}.interchangeable puts the commander among lieutenants: {groups}"
                )
        return groups

    @staticmethod
    def require(holds: bool, otherwise: str) -> None:
        """Raise a UsageError with the message `otherwise` unless the condition on the parameters holds."""
        if not holds:
            raise UsageError(otherwise)

    @property
    def orders(self) -> tuple[Order, ...]:
        """All orders, the fallback RETREAT first."""
        return domain(self.values)

    @property
    def marks(self) -> tuple[Order, ...]:
        """What messages and decisions can say besides the orders that generals start with; by default nothing."""
        return ()

    @property
    def words(self) -> tuple[Order, ...]:
        """All that a message can say: the orders, then the marks. Raises ProtocolError for marks that are none, which
        an author's `__post_init__` may have left unchecked.
        """
        return (*self.orders, *self._checked_marks())

    @property
    def network(self) -> Network:
        """The graph that messages travel on; its nodes are the generals' numbers. It must not be changed."""
        from byzverify.language.topology import graph_of

        if "_named" in self.__dict__:
            raise RuleBroken("takes the graph as a whole, in which generals are told apart by their numbers")
        return graph_of(self.graph or f"complete:{self.n}")

    def _demand_network_unchanged(self, before: Snapshot) -> None:
        """Raise RuleBroken if the graph, which all instances share, has changed; then the next use builds it anew."""
        from byzverify.language.topology import forget_graphs

        try:
            before.demand_alike("self.network", self.network, self._network_anew())
        except RuleBroken:
            forget_graphs()
            raise

    def _network_anew(self) -> Network:
        """The same graph built anew, with nothing added to it."""
        from byzverify.language.topology import graph_anew

        return graph_anew(self.graph or f"complete:{self.n}")

    @property
    def is_complete(self) -> bool:
        """Whether everyone can send to everyone."""
        return not self.graph or all(len(others) == self.n - 1 for others in self._joined().values())

    def neighbours(self, general: General) -> list[General]:
        """The generals that `general` can send to, in the order of `generals`."""
        if not self.graph:
            return self.others(general)
        joined: Mapping[General, Collection[General]] = self.__dict__.get("_named") or self._joined()
        return [other for other in self.generals if other in joined[general]]

    def linked(self, sender: General, receiver: General) -> bool:
        """Whether a message can go from `sender` to `receiver`: along an edge, or to oneself."""
        return not self.graph or sender == receiver or receiver in self._joined()[sender]

    @property
    def generals(self) -> tuple[General, ...]:
        """All generals, oneself included, ascending; but in a complete graph, one's own group begins with oneself."""
        listed: tuple[General, ...] | None = self.__dict__.get("_listed")
        return tuple(range(self.n)) if listed is None else listed

    def others(self, *named: General) -> list[General]:
        """All generals but those named."""
        excluded = set(named)
        return [general for general in self.generals if general not in excluded]

    def paths(self, length: int, *without: General) -> list[tuple[General, ...]]:
        """The paths of this length from the commander through different generals, without those named."""
        onwards = permutations(self.others(COMMANDER, *without), length - 1)
        return [(COMMANDER, *path) for path in onwards] if COMMANDER not in without else []

    @property
    def lieutenants(self) -> list[General]:
        """All generals but the commander."""
        return self.others(COMMANDER)

    def seen_by(self, me: General) -> Self:
        """A copy of the protocol for general `me`, in which `generals` lists the generals in his order."""
        listed = list(range(self.n))
        for group in self.groups if self.is_complete else ():
            if me in group:
                start = group.index(me)
                for place, general in zip(group, group[start:] + group[:start], strict=True):
                    listed[place] = general
        return self.listing(listed)

    def listing(self, generals: Sequence[General], names: Sequence[Any] | None = None) -> Self:
        """A copy of the protocol that lists the generals in this order. names: what it calls them, if not by number."""
        seen = self.fresh()
        if names is not None:
            generals = [names[general] for general in generals]
            edges = self._joined() if self.graph else {}
            joined = {names[a]: frozenset(names[b] for b in others) for a, others in edges.items()}
            object.__setattr__(seen, "_named", joined)
        object.__setattr__(seen, "_listed", tuple(generals))
        object.__setattr__(seen, "_copy", object())
        return seen

    def fresh(self) -> Self:
        """Another instance with the same parameters, without anything that has been stored in this one since."""
        made = object.__new__(type(self))
        try:
            made.__dict__.update(copy.deepcopy(self._pristine), _pristine=self._pristine)
        except (TypeError, copy.Error) as error:
            raise ProtocolError(
                f"{type(self).__name__} has an attribute that cannot be copied for each general ({error}); "
                "use numbers, texts and tuples"
            ) from None
        if "problem" in self.__dict__:
            made.__dict__["problem"] = self.__dict__["problem"]
        return made

    @cached_property
    def _pristine(self) -> dict[str, Any]:
        """The attributes of a new instance with these parameters, before anything else is stored in it."""
        other = type(self)(**{parameter.name: getattr(self, parameter.name) for parameter in parameters(self)})
        return {name: value for name, value in vars(other).items() if name != "problem"}

    @contextmanager
    def leaving_nothing(self) -> Iterator[Snapshot]:
        """Raise ProtocolError if the block leaves something behind that programs or conditions could find again.

        It yields the snapshot taken at the start, so that the block can make the same check before it ends.
        """
        try:
            before = self.state()
            try:
                yield before
            finally:
                before.demand_unchanged()  # also after an error: the change may be its cause
                if "network" in before.names and "networkx" in sys.modules:
                    self._demand_network_unchanged(before)
        except RuleBroken as error:
            raise ProtocolError(f"{type(self).__name__} {error}") from None

    def state(self) -> Snapshot:
        """What programs and conditions can reach, as it is now. Raises RuleBroken if that includes an iterator."""
        stated = {f"the condition {one.name}": (one.holds, one.concerns) for one in self.problem.conditions}
        return Snapshot({type(self).__name__: type(self), **stated})

    def _joined(self) -> Mapping[General, Collection[General]]:
        """The neighbours of each general in the graph."""
        return _joined_in(self.graph)


LANGUAGES: Mapping[str, Any] = MappingProxyType(dict(vars(Protocol)))
"""What every protocol has by itself, by name; authors' code may replace it in their classes, or in `Protocol`."""


def _refuse_to_set(protocol: Protocol, name: str, value: object) -> NoReturn:
    raise RuleBroken(
        f"sets self.{name}, but a protocol must not change: keep what a program knows in local variables, declare "
        "parameters as annotations of the class, and compute what follows from them in properties"
    )


@cache
def _joined_in(graph: str) -> Mapping[General, frozenset[General]]:
    from byzverify.language.topology import graph_of

    return {general: frozenset(others) for general, others in graph_of(graph).adjacency()}
