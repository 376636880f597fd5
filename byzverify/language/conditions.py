"""Conditions on the decisions of loyal generals, and the problems that conditions make up: their types and their input.

A condition is written with the operators of the language, so that the same text judges plain decisions in the
simulator and states the goal in the checker. Unlike a general's program, a condition knows who is loyal. The published
problems are in `problems.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from byzverify.errors import NOT_AUTHORS, Breaches, ProtocolError, described
from byzverify.language.decisions import Decision, rebuilt
from byzverify.language.faults import Faults, lies
from byzverify.language.messages import General
from byzverify.language.values import FALSE, TRUE, Order, Truth
from byzverify.language.view import View
from byzverify.loading.blaming import place, told_of

COMMANDER: General = 0
"""The general whose order the others have to obey, in a problem that has one."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    loyal: the generals that did not fail. orders: the starting orders of the generals that invent nothing: those that
    are loyal, or have an omission, crash or manifest fault. decisions: what the witnesses decided. protocol: a view of
    the protocol: its parameters, `n`, `orders`, `words` and what its class adds; read only.
    """

    loyal: Collection[General]
    orders: Mapping[General, Order]
    decisions: Mapping[General, Decision]
    protocol: Any = field(repr=False)

    @classmethod
    def of(
        cls, protocol: Any, faults: Faults, orders: Mapping[General, Order], decisions: Mapping[General, Decision]
    ) -> Outcome:
        """The outcome of a run of the protocol. faults: the generals that failed in it, with their modes."""
        loyal = tuple(general for general in range(protocol.n) if general not in faults)
        told = {general: order for general, order in orders.items() if not lies(faults.get(general))}
        return cls(loyal, told, decisions, protocol)


def in_sight(groups: Sequence[Collection[General]], generals: Iterable[General]) -> list[General]:
    """The generals in the order that conditions see: those in no group of interchangeable ones, then group by group."""
    place = {general: number for number, group in enumerate(groups) for general in group}
    return sorted(generals, key=lambda general: (place.get(general, -1), general))


class Entries(Mapping[General, Any]):
    """A mapping from generals whose names cannot be dictionary keys: it finds an entry by comparing with each."""

    def __init__(self, entries: Sequence[tuple[General, Any]]) -> None:
        self._entries = entries

    def __getitem__(self, general: General) -> Any:
        for one, held in self._entries:
            if one == general:
                return held
        raise KeyError(general)

    def __iter__(self) -> Iterator[General]:
        return iter([general for general, _ in self._entries])

    def __len__(self) -> int:
        return len(self._entries)


def _by_general(entries: Iterable[tuple[General, Any]]) -> Any:
    """A dictionary of these entries; if generals have names instead of numbers, a mapping that works like one."""
    found = list(entries)
    return dict(found) if all(type(general) is int for general, _ in found) else Entries(found)


def shown(
    outcome: Outcome,
    witnesses: Collection[General],
    listed: Sequence[General],
    name: Callable[[General], Any] = int,
) -> tuple[Outcome, tuple[General, ...]]:
    """What a condition sees of an outcome, and the witnesses under the names that it sees, everything in one order.

    The order is: the witnesses as given, the other loyal generals, the faulty generals with an order in the outcome,
    and the rest; each of these parts is sorted as in `listed`. So renaming interchangeable generals changes only the
    order among generals of one group that are alike in all of this, and it can be checked that this does not matter.
    name: what the condition calls a general.
    """
    rest = [general for general in listed if general not in witnesses]
    order = [*witnesses, *sorted(rest, key=lambda one: (one not in outcome.loyal, one not in outcome.orders))]
    return Outcome(
        tuple(name(general) for general in order if general in outcome.loyal),
        _by_general((name(general), outcome.orders[general]) for general in order if general in outcome.orders),
        _by_general((name(one), _in_order(outcome.decisions[one], order, name)) for one in witnesses),
        View(outcome.protocol),
    ), tuple(name(general) for general in witnesses)


def _in_order(decision: Decision, order: Sequence[General], name: Callable[[General], Any]) -> Decision:
    if isinstance(decision, dict):
        return _by_general((name(one), _in_order(decision[one], order, name)) for one in order if one in decision)
    if isinstance(decision, tuple):
        return rebuilt(decision, (_in_order(part, order, name) for part in decision))
    return decision


def _always(protocol: Any, loyal: Collection[General]) -> bool:
    return True


@dataclass(frozen=True, eq=False)
class Condition:
    """One property, stated for every choice of `witnesses` loyal generals. In a problem, a condition is identified by
    its name: conditions with the same name are equal, even if the problem is built anew.

    A condition is asked about the witnesses in every order. It must name no general except the commander, because the
    checker merges choices of witnesses that are alike.

    holds: given an outcome and as many different loyal generals as `witnesses` says, whether the property holds for
        them.
    concerns: given a view of the protocol (as `Outcome.protocol`) and the loyal generals, whether the condition
        applies.
    needs_loyal: a violation involves at most this many loyal generals, and remains one if any other general turns
        traitor (and goes on acting as he did); None if this is not so. It lets the checker look at only the largest
        sets of traitors (docs/explanation/traitor-sets.md).
    """

    name: str
    statement: str
    holds: Callable[[Outcome, tuple[General, ...]], Truth]
    witnesses: int
    concerns: Callable[[Any, Collection[General]], bool] = _always
    needs_loyal: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not isinstance(self.statement, str):
            raise ProtocolError(
                f"a condition has a name and a statement in words, not {self.name!r}, {self.statement!r}"
            )
        if type(self.witnesses) is not int or self.witnesses < 1:
            raise ProtocolError(f"the condition {self.name} must have 1 witness or more, not {self.witnesses!r}")
        if self.needs_loyal is None:
            return
        if type(self.needs_loyal) is not int:
            raise ProtocolError(
                f"the condition {self.name} must have a number as needs_loyal, not {self.needs_loyal!r}"
            )
        if self.needs_loyal < self.witnesses:
            raise ProtocolError(
                f"the condition {self.name} must have needs_loyal={self.witnesses} or more, one for each witness, "
                f"not {self.needs_loyal}"
            )

    def __repr__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> bool:
        return self.name == other.name if isinstance(other, Condition) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def ask(
        self,
        outcome: Outcome,
        witnesses: Collection[General],
        listed: Sequence[General] | None = None,
        name: Callable[[General], Any] = int,
    ) -> Iterator[tuple[tuple[General, ...], Truth]]:
        """Ask the condition about an outcome and these witnesses, once for each order of them. It holds if all answers
        are true.

        listed: all generals in a sequence, by default that of `in_sight`. name: as for `shown`. Raises ConditionFails
        if the condition's code fails.
        """
        if listed is None:
            listed = in_sight(outcome.protocol.groups, range(outcome.protocol.n))
        for order in permutations(one for one in listed if one in witnesses):
            seen, named = shown(outcome, order, listed, name)
            yield order, self.judge(seen, named)

    def judge(self, outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        """The result of `holds`. Raises ConditionFails if the condition's code fails."""
        held = self._answer(lambda: self.holds(outcome, witnesses))
        if isinstance(held, bool):
            return TRUE if held else FALSE
        if not isinstance(held, Truth):
            raise ConditionFails(
                f"the condition {self.name} says {described(held)}; it must be a truth, such as order == ATTACK"
            )
        return held

    def applies(self, protocol: Any, loyal: Iterable[General], name: Callable[[General], Any] = int) -> bool:
        """Whether the condition applies if these generals are loyal, according to `concerns`. name: what `concerns`
        calls a general. Raises ConditionFails if the condition's code fails.
        """
        return self.asked_of(View(protocol), tuple(map(name, in_sight(protocol.groups, loyal))))

    def asked_of(self, seen: View, loyal: Collection[General]) -> bool:
        """The result of `concerns`. seen: a view of the protocol. Raises ConditionFails as `applies` does."""
        return bool(self._answer(lambda: bool(self.concerns(seen, loyal))))

    def _answer(self, question: Callable[[], object]) -> object:
        with Breaches() as breaches:
            try:
                answer = question()
            except BaseException as error:
                raise self._fails(error) from error
            if breaches.messages:
                caught = f"breaks a rule of the language, and catches the error: {breaches.messages[-1]}"
                raise ConditionFails(f"the condition {self.name} {caught}")
        return answer

    def _fails(self, error: BaseException) -> BaseException:
        """The exception to raise for an error in the condition's code; it says where the error is."""
        if isinstance(error, NOT_AUTHORS):
            return error
        code = getattr(self.holds, "__code__", None)
        where = f"{place(error, code.co_filename, code.co_firstlineno)}: " if code else ""
        return ConditionFails(f"{where}the condition {self.name} cannot be evaluated: {told_of(error)}")


class ConditionFails(ProtocolError):
    """A condition breaks a rule of the language, or its code raises an error."""

    @property
    def cause(self) -> str:
        """What went wrong, in a few words."""
        return str(self) if self.__cause__ is None else described(self.__cause__).partition(";")[0]


@dataclass(frozen=True, eq=False)
class Problem:
    """What a protocol sets out to solve: who starts with an order, and what must hold at the end.

    No two conditions of a problem have the same name. Problems are equal only if they are the same object.
    """

    name: str
    conditions: tuple[Condition, ...]
    has_commander: bool = field(kw_only=True)

    def __post_init__(self) -> None:
        names = [condition.name for condition in self.conditions]
        if not names or len(set(names)) < len(names):
            raise ProtocolError(f"the problem {self.name} must have conditions, each with a name of its own")

    def starters(self, n: int) -> range:
        """The generals that start with an order."""
        return range(1) if self.has_commander else range(n)

    def deciders(self, n: int) -> range:
        """The generals whose decisions the conditions are about."""
        return range(1, n) if self.has_commander else range(n)


def emptiness(cases: int | None, fallible: bool | None) -> str:
    """Why a condition that holds is vacuous; "" if it is not vacuous, or if that is not known.

    cases: the number of cases in which it was asked; None to leave that out. fallible: whether some decisions would
        break it; None if unknown.
    """
    if cases == 0:
        return "no choice of faulty generals leaves anything to check"
    return "it cannot fail, whatever the decisions are" if fallible is False else ""
