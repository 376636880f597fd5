"""The lemmas about one phase, whoever leads it and whatever generals carry into it.

This module knows one phase. It does not know how many there are, or what is made of what they return.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import GeneratorType
from typing import Any

from byzverify.engines.parameterized.members import Lookups, Member
from byzverify.engines.parameterized.programs import ProgramWorlds
from byzverify.engines.parameterized.sizes import linear
from byzverify.engines.parameterized.worlds import Individual, Setup, World
from byzverify.errors import NotUnderstood, ProtocolError, RuleBroken
from byzverify.language.decisions import Decision, leaves, same
from byzverify.language.faults import Fault
from byzverify.language.phases import Phases
from byzverify.language.protocol import Protocol
from byzverify.logic.linear import Formula

Stated = tuple[bool, str, tuple[Formula, ...], Formula, World | None]
"""A lemma: whether it is about keeping unanimity, its name, its premises, its goal and its world, if it has one."""


class PhaseLemmas:
    """The lemmas about the phases that a program runs. first: what generals may carry into the first of them.

    domain: what generals may carry from phase to phase.
    """

    def __init__(self, programs: ProgramWorlds, asked: Phases, first: Sequence[Decision]) -> None:
        self._programs = programs
        self._family = programs.family
        self._asked = asked
        self._method = self._named()
        self._rounds: set[int] = set()
        self.domain = self._closed(first)

    def stated(self) -> Iterator[Stated]:
        """The lemmas: that a phase keeps unanimity, that one with a loyal leader makes it, and that there is one."""
        for value in self.domain:
            for leader in self._programs.faults:
                yield from self._keeps(value, leader)
        for fault in self._programs.runners:
            yield self._makes(fault)
        yield from self._leaders()

    def _keeps(self, value: Decision, leader: Fault | None) -> Iterator[Stated]:
        """That a phase keeps a value: the leader himself, and anybody else who runs the program."""
        alone = [()] if leader is not Fault.BYZANTINE else []
        for others in [*alone, *((fault,) for fault in self._programs.runners)]:
            world = self._world(leader, others, [value])
            kept = [self._is(run.decision, value) for run in world.runs.values()]
            whose = f"; {_called(others[0])} general" if others else "; himself"
            name = f"a phase keeps {_shown(value)}, {_called(leader)} leader{whose}"
            yield True, name, self._programs.premises(world), self._family.arithmetic.all_of(kept), world

    def _makes(self, fault: Fault | None) -> Stated:
        """That after a phase with a loyal leader anybody who runs the program carries what the leader carries."""
        world = self._world(None, (fault,), self.domain)
        one, other = (run.decision for run in world.runs.values())
        name = f"a phase makes all alike, loyal leader; {_called(fault)} general"
        return False, name, self._programs.premises(world), self._is(one, other), world

    def _leaders(self) -> Iterator[Stated]:
        """That each phase has a leader of its own, and that there are more than can be faulty."""
        arithmetic, family = self._family.arithmetic, self._family
        number = linear(self._asked.number)
        different = arithmetic.at_least(family.everyone, number)
        yield True, "all leaders are different generals", (family.region,), different, None
        more = arithmetic.at_least(number, family.liars + family.omitters + 1)
        yield False, "more leaders than can be faulty", (family.region,), more, None

    def _is(self, one: Decision, other: Decision) -> Formula:
        return self._family.algebra.formula(same(one, other))

    def _closed(self, first: Sequence[Decision]) -> Sequence[Decision]:
        """What generals may carry from phase to phase: what the first starts with, and what phases make of it."""
        domain = list(first)
        while True:
            worlds = [self._world(leader, self._programs.runners, domain) for leader in self._programs.faults]
            returned = [run.decision for world in worlds for run in world.runs.values()]
            more = self._programs.possible([*domain, *returned])
            if len(more) == len(domain):
                return domain
            domain = more

    def _world(self, leaders: Fault | None, others: Sequence[Fault | None], starts: Sequence[Decision]) -> World:
        """The world of one phase. leaders: the leader's fault. others: the faults of further individuals."""
        leader = Member("the leader", ())
        witnesses = [Individual(Member(f"witness {place}", ()), fault, starts) for place, fault in enumerate(others, 1)]

        def begin(protocol: Protocol, me: Any, start: Decision) -> GeneratorType[Any, Any, Any]:
            program: Any = getattr(protocol, self._method)(me, leader, start)
            if not isinstance(program, GeneratorType):
                name = f"{type(protocol).__name__}.{self._method}"
                raise ProtocolError(f"{name} never yields: a phase sends with `yield`")
            return program

        setup = Setup(
            self._family,
            begin,
            starts,
            [Individual(leader, leaders, starts), *witnesses],
            frozenset(),
            Lookups(),
        )
        world = self._programs.world(setup)[0]
        if world.phases or world.trees:
            raise RuleBroken("runs phases, or relays along paths, inside a phase")
        self._demand_lockstep(world)
        return world

    def _demand_lockstep(self, world: World) -> None:
        """Raise NotUnderstood unless a phase takes everyone who runs it the same number of rounds, whoever leads it.

        Otherwise somebody begins the next phase later than others do, and hears nobody in it.
        """
        self._rounds |= world.rounds
        if len(self._rounds) > 1:
            function: Any = self._asked.phase
            code = function.__func__.__code__
            numbers = ", ".join(map(str, sorted(self._rounds)[:-1])) + f" or {max(self._rounds)}"
            raise NotUnderstood(
                f"{code.co_filename}:{code.co_firstlineno}: {self._method} takes {numbers} rounds, which differs from "
                "general to general; in a phase everyone must yield equally often: write `yield None` where others send"
            )

    def _named(self) -> str:
        """The name of the method that is a phase."""
        function = getattr(self._asked.phase, "__func__", None)
        name = getattr(function, "__name__", "")
        if function is None or getattr(self._family.kind, name, None) is not function:
            raise RuleBroken(
                "runs phases that are no method of the protocol; write self.phases(number, self.phase, me, order)"
            )
        return str(name)


def _called(fault: Fault | None) -> str:
    return {None: "loyal", Fault.BYZANTINE: "byzantine", Fault.OMISSION: "omitting"}[fault]


def _shown(value: Decision) -> str:
    return " ".join(repr(leaf) for _, leaf in leaves(value))
