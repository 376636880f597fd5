"""What a protocol of any size is obliged to, as lemmas: premises and a goal in linear arithmetic.

A program without phases has one lemma for each condition, and each way in which its commander may fail. Phases add a
fixed argument, the same for all protocols: (1) a phase keeps unanimity, whoever leads it; (2) a phase with a loyal
leader makes it; (3) there are more leaders than can be faulty. So after the last phase all who run the program carry
the same, and if they all carried the same before the first one, they still do. That is what the lemmas of the whole
program may assume of its phases. This module states lemmas; it does not decide them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from types import GeneratorType
from typing import Any

from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.groups import GroupOrder, Source
from byzverify.engines.parameterized.members import Crowd, Entries, Listed, Lookups, Member
from byzverify.engines.parameterized.sizes import linear
from byzverify.engines.parameterized.trees import Induction
from byzverify.engines.parameterized.worlds import Individual, Setup, World, alike, choice
from byzverify.errors import NotUnderstood, ProtocolError, RuleBroken
from byzverify.language.conditions import COMMANDER, Condition, Outcome
from byzverify.language.decisions import Decision, leaves, rebuilt, remade, same
from byzverify.language.faults import Fault
from byzverify.language.phases import Phases
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Order, Truth
from byzverify.language.values import FALSE as UNTRUE
from byzverify.language.values import TRUE as TRUTH
from byzverify.language.view import View
from byzverify.limits import Limit
from byzverify.logic.linear import FALSE, TRUE, Formula, total

COUNTING = "counting"
PHASES = "phases"
PATHS = "induction over paths"
"""The arguments of which lemmas are part."""


@dataclass(frozen=True)
class Lemma:
    """Under the premises the goal holds.

    kind: the argument that it is part of. name: what it is called. condition: the condition that it is about; None if
    all rest on it. exact: whether values that break it are a run that breaks the condition.
    """

    kind: str
    name: str
    premises: tuple[Formula, ...]
    goal: Formula
    condition: Condition | None
    exact: bool
    world: World | None = None


class Lemmas:
    """The lemmas of a family. proves: whether premises prove a goal, as far as that is known."""

    def __init__(self, family: Family, limit: Limit, proves: Callable[[Sequence[Formula], Formula], bool]) -> None:
        self._limit = limit
        self._proves = proves
        self.family = family
        self.algebra = family.algebra
        self.arithmetic = family.arithmetic
        self._problem = family.protocol.problem
        self._phases: list[Phases] = []
        self._carried: list[Sequence[Decision]] = []
        self._values: Sequence[str] | None = None

    def stated(self) -> Iterator[Lemma]:
        """All lemmas. Raises ProtocolError if the program or a condition breaks a rule of the language."""
        try:
            yield from self._stated()
        except RuleBroken as error:
            raise ProtocolError(f"{self.family.kind.__name__} {error}") from None

    def _stated(self) -> Iterator[Lemma]:
        probes = self._probes()
        probe = probes[0]
        while len(self._phases) < len(probe.phases):
            _, asked = probe.phases[len(self._phases)]
            carried = [one for world in probes for one in self._first_carried(world)]
            self._phases.append(asked)
            self._carried.append(self._domain(asked, self._possible(carried)))
            yield from self._of_phases(asked, self._carried[-1])
            probes = self._probes()
        if probe.trees:
            induction = Induction(self.family, probe.trees[0].tree, probe.rules, probe.trees[0].rounds)
            self._values = induction.values
            for step in induction.steps():
                yield Lemma(PATHS, step.name, step.premises, step.goal, None, False)
        for condition in self._problem.conditions:
            for fault in self._commanders_faults():
                yield from self._of_condition(condition, fault)

    def _probes(self) -> list[World]:
        """Worlds in which everything that generals may do happens, as far as it is known what phases return."""
        condition = self._problem.conditions[0]
        probes = [self._outer(condition, fault, self._returned()) for fault in self._commanders_faults()]
        first = [one for _, one in probes[0].phases]
        for probe in probes[1:]:
            if len(probe.phases) != len(first) or not all(map(alike, first, (one for _, one in probe.phases))):
                raise RuleBroken("runs phases, or not, as the commander fails")
        return probes

    def _returned(self) -> list[Decision]:
        """What phases return, for those of which it is known what generals carry through them."""
        return [
            choice(self.algebra, f"what phases return ({place})", domain) for place, domain in enumerate(self._carried)
        ]

    def _commanders_faults(self) -> tuple[Fault | None, ...]:
        return self._faults() if self._problem.has_commander else (None,)

    def _runners(self) -> tuple[Fault | None, ...]:
        """The faults of generals that run the program."""
        return (None, Fault.OMISSION) if self.family.omits else (None,)

    def _faults(self) -> tuple[Fault | None, ...]:
        return (None, Fault.BYZANTINE, Fault.OMISSION) if self.family.omits else (None, Fault.BYZANTINE)

    # The whole program.

    def _outer(self, condition: Condition, fault: Fault | None, agreed: Sequence[Decision]) -> World:
        orders = self.family.protocol.orders
        led = self._problem.has_commander
        commander = [Individual(COMMANDER, fault, orders)] if led else []
        numbered, lookups = frozenset({COMMANDER} if led else ()), Lookups()
        witnesses = [
            Individual(Member(f"witness {number}", numbered, lookups), None, () if led else orders)
            for number in range(1, condition.witnesses + 1)
        ]
        setup = Setup(
            self.algebra,
            self.family.seen_by,
            _general,
            [word.name for word in self.family.protocol.words],
            self.family.everyone,
            (None,) if led else orders,
            (*commander, *witnesses),
            numbered,
            lookups,
            self.family.omits,
        )
        return self._world(setup, agreed)

    def _world(self, setup: Setup, agreed: Sequence[Decision] = ()) -> World:
        """A world, in which it makes no difference in how many parts and in which sequence generals are listed.

        Raises NotUnderstood if it does: then the program depends on the length of a list, or on places in it.
        """
        world, other = (World(setup, self._limit, parts, agreed, self._values) for parts in (1, 2))
        one, two = list(world.computed()), list(other.computed())
        if len(one) != len(two) or any(map(self._differ, one, two)):
            raise NotUnderstood(
                "what a general says or decides depends on the length of a list, or on places in it; byzverify counts "
                "with count(...), how_many(...) and self.n"
            )
        return world

    def _of_condition(self, condition: Condition, fault: Fault | None) -> Iterator[Lemma]:
        agreed = self._returned()
        world = self._outer(condition, fault, agreed)
        outcome, witnesses = self._outcome(world)
        if not condition.concerns(View(self.family.protocol), outcome.loyal):
            return
        holds = self.algebra.formula(condition.judge(outcome, witnesses))
        premises = [*self._premises(world), *self._contract(world, agreed)]
        name = condition.name if not self._problem.has_commander else f"{condition.name}, commander {fault or 'loyal'}"
        yield Lemma(COUNTING, name, tuple(premises), holds, condition, self._is_exact, world)

    def _differ(self, one: tuple[Sequence[Formula], Formula], two: tuple[Sequence[Formula], Formula]) -> bool:
        """Whether two formulas are not known to be the same, where each comes with what holds."""
        (premises, formula), (further, other) = one, two
        same = self.arithmetic.same(formula, other)
        return formula != other and not self._proves([*premises, *further], same)

    @property
    def _is_exact(self) -> bool:
        """Whether the world of the whole program has no runs that cannot happen."""
        return not self._phases and self._values is None

    def _outcome(self, world: World) -> tuple[Outcome, tuple[Any, ...]]:
        """How a run ends, and the witnesses."""
        individuals = world.setup.individuals
        numbered = world.setup.numbered
        loyal: list[Any] = [one.general for one in individuals if one.fault is None]
        orders = [
            (one.general, run.start)
            for one in individuals
            if one.fault is not Fault.BYZANTINE and (run := world.runs[id(one.general)]).start is not None
        ]
        crowds = {fault: Crowd("the crowd", numbered) for fault in self._runners()}
        loyal.append(crowds[None])
        if not self._problem.has_commander:
            orders += [(crowd, self._starts(world, fault)) for fault, crowd in crowds.items()]
        starts = next((order for one, order in orders if one is crowds[None]), None)
        witnesses = tuple(one.general for one in individuals if isinstance(one.general, Member))
        decided = [(one, world.runs[id(one)].decision) for one in witnesses]
        decisions = Entries((one, self._keyed(decision, world, crowds[None], starts)) for one, decision in decided)
        return Outcome(Listed(loyal), Entries(orders), decisions, View(self.family.protocol)), witnesses

    def _keyed(self, decision: Decision, world: World, loyal: Crowd, starts: Order | None) -> Decision:
        """A decision in which a dictionary by general has an entry for the loyal members of the crowd, too."""
        if isinstance(decision, tuple):
            return rebuilt(decision, (self._keyed(part, world, loyal, starts) for part in decision))
        if not isinstance(decision, dict):
            return decision
        whole = (
            decision.get(world.crowd[0])
            if False
            else next((v for k, v in decision.items() if k is world.crowd[0]), None)
        )
        entries = [(one, part) for one, part in decision.items()]
        if isinstance(whole, GroupOrder) and isinstance(starts, GroupOrder):
            by_word = {word: bits for word, bits in whole.by_word.items() if word in starts.source.counts}
            return Entries([*entries, (loyal, GroupOrder(self.algebra, starts.source, by_word))])
        return Entries(entries)

    def _starts(self, world: World, fault: Fault | None) -> Order:
        counts = {
            order.name: total(one.number for one in world.classes if one.fault == fault and one.start is order)
            for order in self.family.protocol.orders
        }
        return GroupOrder(self.algebra, Source(counts), {word: {word: TRUE} for word in counts})

    def _premises(self, world: World) -> list[Formula]:
        """What holds in a world of the family's sizes."""
        arithmetic, family = self.arithmetic, self.family
        premises = [family.region, *world.constraints]
        premises.append(arithmetic.at_least(family.liars, world.number(Fault.BYZANTINE)))
        if family.omits:
            premises.append(arithmetic.at_least(family.omitters, world.number(Fault.OMISSION)))
        return premises

    def _contract(self, world: World, agreed: Sequence[Decision]) -> Iterator[Formula]:
        """What phases return if all who run them carry the same into them."""
        arithmetic, formula = self.arithmetic, self.algebra.formula
        for place, (returned, domain) in enumerate(zip(agreed, self._carried, strict=True)):
            for value in domain:
                alike = [formula(same(run.carried[place], value)) for run in world.runs.values()]
                for one in world.classes:
                    inside = arithmetic.at_least(one.number, 1)
                    alike.append(arithmetic.implies(inside, formula(same(one.carried[place], value))))
                yield arithmetic.implies(arithmetic.all_of(alike), formula(same(returned, value)))

    # Phases.

    def _first_carried(self, world: World) -> list[Decision]:
        """What generals carry into the first phases of which it is not known what they return."""
        place = len(self._phases)
        carried = [run.carried[place] for run in world.runs.values()]
        return carried + [one.carried[place] for one in world.classes]

    def _possible(self, decisions: Sequence[Decision]) -> list[Decision]:
        """The values that decisions of one shape may have."""
        shape = _shape(decisions[0])
        columns: list[list[Any]] = [[] for _ in leaves(decisions[0])]
        for decision in decisions:
            if _shape(decision) != shape:
                raise RuleBroken("carries decisions of different shapes through phases")
            parts = [leaf for _, leaf in leaves(decision)]
            for column, leaf in zip(columns, parts, strict=True):
                for value in self._leaf_values(leaf):
                    if not any(value is one for one in column):
                        column.append(value)
        return [_filled(decisions[0], values) for values in product(*columns)]

    def _leaf_values(self, leaf: Order | Truth) -> Iterator[Any]:
        if isinstance(leaf, Truth):
            formula = self.algebra.formula(leaf)
            yield from (truth for truth, never in ((TRUTH, FALSE), (UNTRUE, TRUE)) if formula != never)
            return
        known = {order.name: order for order in (*self.family.protocol.words, ABSENT)}
        yield from (known[name] for name in self.algebra.bits(leaf))

    def _domain(self, asked: Phases, first: list[Decision]) -> list[Decision]:
        """What generals may carry from phase to phase: what the first starts with, and what phases make of it."""
        domain = first
        while True:
            world = self._phase(asked, Fault.BYZANTINE, (None,), domain)
            returned = [run.decision for run in world.runs.values()]
            loyal = self._phase(asked, None, (), domain)
            returned += [run.decision for run in loyal.runs.values()]
            more = self._possible([*domain, *returned])
            if len(more) == len(domain):
                return domain
            domain = more

    def _phase(
        self, asked: Phases, leaders: Fault | None, others: Sequence[Fault | None], starts: Sequence[Decision]
    ) -> World:
        """The world of one phase. leaders: the leader's fault. others: the faults of further individuals."""
        leader = Member("the leader", ())
        method = self._method(asked)

        def begin(protocol: Protocol, me: Any, start: Decision) -> GeneratorType[Any, Any, Any]:
            program: Any = getattr(protocol, method)(me, leader, start)
            if not isinstance(program, GeneratorType):
                raise ProtocolError(f"{type(protocol).__name__}.{method} never yields: a phase sends with `yield`")
            return program

        individuals = [
            Individual(leader, leaders, starts),
            *(Individual(Member(f"witness {place}", ()), fault, starts) for place, fault in enumerate(others, 1)),
        ]
        words = [word.name for word in self.family.protocol.words]
        setup = Setup(
            self.algebra,
            self.family.seen_by,
            begin,
            words,
            self.family.everyone,
            starts,
            individuals,
            frozenset(),
            Lookups(),
            self.family.omits,
        )
        return self._world(setup)

    def _method(self, asked: Phases) -> str:
        """The name of the method that is a phase."""
        function = getattr(asked.phase, "__func__", None)
        name = getattr(function, "__name__", "")
        if function is None or getattr(self.family.kind, name, None) is not function:
            raise RuleBroken(
                "runs phases that are no method of the protocol; write self.phases(number, self.phase, me, order)"
            )
        return str(name)

    def _of_phases(self, asked: Phases, domain: Sequence[Decision]) -> Iterator[Lemma]:
        runners = self._runners()
        for value in domain:
            for leaders in self._faults():
                for others in [(), *((fault,) for fault in runners)]:
                    if leaders is Fault.BYZANTINE and not others:
                        continue
                    world = self._phase(asked, leaders, others, [value])
                    kept = [self.algebra.formula(same(run.decision, value)) for run in world.runs.values()]
                    name = f"a phase keeps {_shown(value)}, leader {leaders or 'loyal'}{_witness(others)}"
                    yield Lemma(
                        PHASES, name, tuple(self._premises(world)), self.arithmetic.all_of(kept), None, False, world
                    )
        for fault in runners:
            world = self._phase(asked, None, (fault,), domain)
            one, other = (run.decision for run in world.runs.values())
            name = f"a phase with a loyal leader makes all alike{_witness((fault,))}"
            yield Lemma(
                PHASES, name, tuple(self._premises(world)), self.algebra.formula(same(one, other)), None, False, world
            )
        yield self._enough_leaders(asked)

    def _enough_leaders(self, asked: Phases) -> Lemma:
        number = linear(asked.number)
        faulty = self.family.liars + self.family.omitters
        more = self.arithmetic.at_least(number, faulty + 1)
        different = self.arithmetic.at_least(self.family.everyone, number)
        goal = self.arithmetic.all_of((more, different))
        return Lemma(PHASES, "more leaders than can be faulty, all different", (self.family.region,), goal, None, False)


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


def _shown(value: Decision) -> str:
    return " ".join(repr(leaf) for _, leaf in leaves(value))


def _witness(others: Sequence[Fault | None]) -> str:
    return f", witness {others[0]}" if others and others[0] is not None else ", with others" if others else ""
