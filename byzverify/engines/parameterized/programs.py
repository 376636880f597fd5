"""The whole program: its worlds, and what its conditions say of how runs end.

This module knows conditions. Of phases and trees it knows only what they return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import product
from math import prod
from types import GeneratorType
from typing import Any

from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.groups import GroupOrder, Source
from byzverify.engines.parameterized.lengths import lengths_of_groups
from byzverify.engines.parameterized.members import Assembly, ByGeneral, Crowd, Lookups, Member
from byzverify.engines.parameterized.worlds import NOTHING, Class, Computed, Counted, Individual, Returned, Setup, World
from byzverify.errors import NotUnderstood, ProtocolError, RuleBroken
from byzverify.language.conditions import COMMANDER, Condition, Outcome
from byzverify.language.decisions import Decision, leaves, rebuilt, remade, same
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Order, Truth
from byzverify.language.values import FALSE as UNTRUE
from byzverify.language.values import TRUE as TRUTH
from byzverify.language.view import View
from byzverify.limits import Limit
from byzverify.logic.linear import FALSE, TRUE, Atom, Formula, summed, total

BY_LENGTH = (
    "{} depends on the length of a list, or on places in it; at all sizes byzverify knows count(...), how_many(...) "
    "and self.n, but not the length of a list of generals"
)

MOST_CARRIED = 1024
"""How many different decisions phases may carry."""


Proves = Callable[[Sequence[Formula], Formula], bool]
"""Whether premises prove a goal, as far as that is known."""


class ProgramWorlds:
    """The worlds of a family's program. proves: whether premises prove a goal, as far as that is known. parts: in how
    many parts the crowd is listed to see that it makes no difference.

    faults: those that one general may have. runners: the faults of generals that run the program.
    """

    def __init__(self, family: Family, limit: Limit, proves: Proves, parts: int) -> None:
        self.family = family
        self._algebra = family.algebra
        self._arithmetic = family.arithmetic
        self._problem = family.protocol.problem
        self._limit = limit
        self._proves = proves
        self._parts = parts
        self._run: dict[tuple[object, ...], tuple[Returned, tuple[World, World]]] = {}
        self.runners: tuple[Fault | None, ...] = (None, Fault.OMISSION) if family.omits else (None,)
        self.faults: tuple[Fault | None, ...] = (*self.runners, Fault.BYZANTINE)
        self.commanders_faults = self.faults if self._problem.has_commander else (None,)

    def probes(self, carried: Sequence[Sequence[Decision]] = ()) -> list[World]:
        """The program's worlds, one for each way in which its commander may fail, with a witness of each kind.

        carried: what phases may return, for the first times that the program runs phases.
        """
        returned = Returned([*carried], True)
        return [self._of_program(fault, self.runners, returned, None)[0] for fault in self.commanders_faults]

    def of_condition(
        self,
        condition: Condition,
        fault: Fault | None,
        carried: Sequence[Sequence[Decision]],
        values: Sequence[str] | None,
        alike: bool,
    ) -> tuple[tuple[Formula, ...], Formula, World] | None:
        """The premises under which a condition must hold, and that it holds; None if it asks nothing then.

        fault: the commander's. carried: what phases may return, for each time that the program runs phases. values:
        what a tree may come to. alike: whether phases return the same to all.
        """
        returned = Returned([*carried], alike)
        worlds = self._of_program(fault, (None,) * condition.witnesses, returned, values)
        judged = [self._judged(condition, world) for world in worlds]
        if len({one is None for one in judged}) > 1:
            raise NotUnderstood(BY_LENGTH.format(f"whether {condition.name} applies"))
        one, two = judged
        if one is None or two is None:
            return None
        asked = [Counted(condition.name, world.asked, world.constraints, world.natural) for world in worlds]
        if self._differ(*(world.of_individuals(found) for world, found in zip(worlds, (one, two), strict=True))) or (
            self._count_differently(*asked)
        ):
            raise NotUnderstood(BY_LENGTH.format(f"the condition {condition.name}"))
        return (*self.premises(worlds[0]), *self._contract(worlds[0], carried)), one, worlds[0]

    def _of_program(
        self,
        fault: Fault | None,
        witnesses: Sequence[Fault | None],
        returned: Returned,
        values: Sequence[str] | None,
    ) -> tuple[World, World]:
        """The world with such a commander and witnesses, in both listings. It is run once for all conditions."""
        domains = tuple(map(id, returned.domains))  # which are kept with the world, so that these numbers stay theirs
        key = (fault, tuple(witnesses), returned.alike, domains, None if values is None else (*values,))
        if key not in self._run:
            self._run[key] = returned, self._run_program(fault, witnesses, returned, values)
        return self._run[key][1]

    def _run_program(
        self,
        fault: Fault | None,
        witnesses: Sequence[Fault | None],
        returned: Returned,
        values: Sequence[str] | None,
    ) -> tuple[World, World]:
        orders, led, lookups = self.family.protocol.orders, self._problem.has_commander, Lookups()
        commander = [Individual(COMMANDER, fault, orders)] if led else []
        numbered = frozenset({COMMANDER} if led else ())
        others = [
            Individual(Member(f"witness {number}", numbered, lookups), one, () if led else orders)
            for number, one in enumerate(witnesses, 1)
        ]
        starts = (None,) if led else orders
        return self.world(
            Setup(self.family, _general, starts, (*commander, *others), numbered, lookups), returned, values
        )

    def world(
        self, setup: Setup, returned: Returned = NOTHING, values: Sequence[str] | None = None
    ) -> tuple[World, World]:
        """A world, and the same with the crowd in several parts and generals in another sequence.

        Raises NotUnderstood if programs compute something else in it: then they depend on the length of a list.
        """
        worlds = tuple(World(setup, self._limit, parts, returned, values) for parts in (1, self._parts))
        one, two = ([*world.computed()] for world in worlds)
        alike = worlds[0].shape == worlds[1].shape and len(one) == len(two)
        if (
            not alike
            or any(map(self._differ, one, two))
            or any(map(self._count_differently, *map(World.counted, worlds)))
        ):
            raise NotUnderstood(BY_LENGTH.format("what a general does, says, counts or decides"))
        worlds[0].rules += worlds[1].rules
        return worlds[0], worlds[1]

    def _differ(self, one: Computed, two: Computed) -> bool:
        """Whether two formulas are not known to be the same, the second one in a world with the crowd in parts.

        What programs compute in that world is not assumed, since it could contradict the first one.
        """
        same = self._arithmetic.same(one.formula, two.formula)
        return one.formula != two.formula and not self._proves([*one.there, *two.parts], same)

    def _count_differently(self, one: Counted, two: Counted) -> bool:
        """Whether a program is not known to count the same in two worlds, the second one with the crowd in parts.

        What it counts may be lost afterwards: whether one truth is 10 truths is false, as is whether five are.
        """
        given = [*one.there, *two.parts]
        pairs = [(one.sums - two.sums, two.sums), (two.sums - one.sums, one.sums)]
        return any(
            not any(self._proves(given, self._is_same_sum(this, that)) for that in others)
            for rest, others in pairs
            for this in rest
        )

    def _is_same_sum(self, one: Atom, other: Atom) -> Formula:
        minus = summed(-other.always, ((formula, -part) for formula, part in other.conditional))
        always, parts = one.always + minus.always, (*one.conditional, *minus.conditional)
        back = [(formula, -part) for formula, part in parts]
        return self._arithmetic.all_of(
            [self._arithmetic.at_least_0(always, parts), self._arithmetic.at_least_0(-always, back)]
        )

    def premises(self, world: World) -> tuple[Formula, ...]:
        """What holds in a world of the family's sizes."""
        family = self.family
        liars = self._arithmetic.at_least(family.liars, world.number(Fault.BYZANTINE))
        omitters = self._arithmetic.at_least(family.omitters, world.number(Fault.OMISSION))
        return family.region, *world.constraints, liars, *([omitters] if family.omits else [])

    def _contract(self, world: World, carried: Sequence[Sequence[Decision]]) -> Iterator[Formula]:
        """What phases return if all who run them carry the same into them: that."""
        arithmetic = self._arithmetic
        for place, domain in enumerate(carried):
            for value in domain:
                alike = [self._is(run.carried[place], value) for run in world.runs.values()]
                alike += [self._if_any(one, self._is(one.carried[place], value)) for one in world.classes]
                kept = [self._is(run.returned[place], value) for run in world.runs.values()]
                kept += [self._if_any(one, self._is(one.returned[place], value)) for one in world.classes]
                yield arithmetic.implies(arithmetic.all_of(alike), arithmetic.all_of(kept))

    def _if_any(self, one: Class, formula: Formula) -> Formula:
        return self._arithmetic.implies(self._arithmetic.at_least(one.number, 1), formula)

    def _is(self, one: Decision, other: Decision) -> Formula:
        return self._algebra.formula(same(one, other))

    # What a condition sees.

    def _judged(self, condition: Condition, world: World) -> Formula | None:
        """Whether a condition holds at the end of the world's runs; None if it does not apply."""
        view = View(self.family.protocol)
        crowds = {fault: [Crowd("the crowd", world.setup.numbered) for _ in world.crowd] for fault in self.runners}
        individuals = world.setup.individuals
        loyal = [*(one.general for one in individuals if one.fault is None), *crowds[None]]
        world.asked.clear()
        with self._lengths(world, crowds[None]):
            if not condition.asked_of(view, Assembly(loyal)):
                return None
        runs = [(one.general, world.runs[id(one.general)]) for one in individuals if one.fault is not Fault.BYZANTINE]
        orders = [(general, run.start) for general, run in runs if run.start is not None]
        if not self._problem.has_commander:
            orders += [
                (crowd, self._starts(world, fault, part))
                for fault in self.runners
                for part, crowd in enumerate(crowds[fault])
            ]
        witnesses = [(general, run.decision) for general, run in runs if isinstance(general, Member)]
        parts = list(zip(world.crowd, crowds[None], strict=True))
        decisions = ByGeneral((one, self._keyed(decision, parts, starts_in(orders))) for one, decision in witnesses)
        outcome = Outcome(Assembly(loyal), ByGeneral(orders), decisions, view)
        named: Any = tuple(general for general, _ in witnesses)
        with self._lengths(world, crowds[None]):
            return self._algebra.formula(condition.judge(outcome, named))

    def _lengths(self, world: World, loyal: Sequence[Crowd]) -> AbstractContextManager[None]:
        """While a condition is asked, `len` counts the loyal members of each part of the crowd."""
        numbers = [total(one.members[part] for one in world.classes if one.fault is None) for part in range(len(loyal))]
        sizes = {id(crowd): number for crowd, number in zip(loyal, numbers, strict=True)}
        return lengths_of_groups(self._algebra, lambda general: sizes.get(id(general)), world.builtins, world.asked)

    def _keyed(self, decision: Decision, parts: Sequence[tuple[Crowd, Crowd]], orders: Starts) -> Decision:
        """A decision in which a dictionary by general has an entry for the loyal members of the crowd, too.

        parts: each part of the crowd, with the loyal members in it.
        """
        if isinstance(decision, tuple):
            return rebuilt(decision, (self._keyed(part, parts, orders) for part in decision))
        if not isinstance(decision, dict):
            return decision
        entries = [*decision.items()]
        for crowd, loyal in parts:
            whole = next((part for one, part in entries if one is crowd), None)
            starts = orders(loyal)
            if isinstance(whole, GroupOrder) and isinstance(starts, GroupOrder):
                by_word = {word: bits for word, bits in whole.by_word.items() if word in starts.source.counts}
                entries.append((loyal, GroupOrder(self._algebra, starts.source, by_word)))
        return ByGeneral(entries)

    def _starts(self, world: World, fault: Fault | None, part: int) -> Order:
        counts = {
            order.name: total(one.members[part] for one in world.classes if one.fault == fault and one.start is order)
            for order in self.family.protocol.orders
        }
        return GroupOrder(self._algebra, Source(counts), {word: {word: TRUE} for word in counts})

    # What decisions may be.

    def carried(self, worlds: Sequence[World], place: int) -> list[Decision]:
        """What generals may carry into phases."""
        runs = [run.carried[place] for world in worlds for run in world.runs.values() if len(run.carried) > place]
        return self.possible([*runs, *(one.carried[place] for world in worlds for one in world.classes)])

    def possible(self, decisions: Sequence[Decision]) -> list[Decision]:
        """The values that decisions of one shape may have."""
        shape = _shape(decisions[0])
        columns: list[list[Any]] = [[] for _ in leaves(decisions[0])]
        for decision in decisions:
            if _shape(decision) != shape:
                raise RuleBroken("carries decisions of different shapes through phases")
            parts = [leaf for _, leaf in leaves(decision)]
            for column, leaf in zip(columns, parts, strict=True):
                column += [value for value in self._values(leaf) if not any(value is one for one in column)]
        many = prod(map(len, columns))
        if many > MOST_CARRIED:
            raise RuleBroken(
                f"carries one of {many:,} decisions through phases; at every size up to {MOST_CARRIED:,} are understood"
            )
        return [_filled(decisions[0], values) for values in product(*columns)]

    def _values(self, leaf: Any) -> Iterator[Any]:
        if isinstance(leaf, Truth):
            formula = self._algebra.formula(leaf)
            yield from (truth for truth, never in ((TRUTH, FALSE), (UNTRUE, TRUE)) if formula != never)
        else:
            known = {order.name: order for order in (*self.family.protocol.words, ABSENT)}
            for name in self._algebra.bits(leaf):
                if name not in known:
                    raise RuleBroken(f"carries {name} into phases, which is none of the protocol's orders or marks")
                yield known[name]


Starts = Callable[[Crowd], Order | None]
"""What a part of the crowd starts with; None if with nothing."""


def starts_in(orders: Sequence[tuple[Any, Order]]) -> Starts:
    """What parts of the crowd start with, among what generals start with."""
    return lambda crowd: next((order for one, order in orders if one is crowd), None)


def _general(protocol: Protocol, me: Any, start: Decision) -> GeneratorType[Any, Any, Any]:
    program: Any = protocol.general(me, start)
    if not isinstance(program, GeneratorType):
        raise ProtocolError(f"{type(protocol).__name__}.general never yields: a program sends with `yield`")
    return program


def _shape(decision: Decision) -> object:
    """What decisions have in common that differ only in their orders and truths. Raises RuleBroken for a count."""
    if isinstance(decision, tuple):
        return type(decision), [_shape(part) for part in decision]
    if not isinstance(decision, Order | Truth):
        raise RuleBroken("carries something through phases that is no order, no truth and no tuple of these")
    return Truth if isinstance(decision, Truth) else Order


def _filled(shape: Decision, values: Sequence[Any]) -> Decision:
    """A decision of this shape with these orders and truths."""
    rest = iter(values)
    return remade(shape, lambda leaf: next(rest))
