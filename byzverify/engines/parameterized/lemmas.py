"""What a protocol of any size is obliged to, as lemmas: premises and a goal in linear arithmetic.

A program without phases has one lemma for each condition, and each way in which its commander may fail. Phases add a
fixed argument, the same for all protocols: (1) a phase keeps unanimity, whoever leads it; (2) a phase with a loyal
leader makes it; (3) there are more leaders than can be faulty. So after the last phase all who run the program carry
the same, and if they all carried the same before the first one, they still do. That is what the lemmas of the whole
program may assume of its phases. This module says what lemmas there are. It does not know how they are decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.phases import PhaseLemmas
from byzverify.engines.parameterized.programs import ProgramWorlds, Proves
from byzverify.engines.parameterized.runs import growth
from byzverify.engines.parameterized.trees import Induction
from byzverify.engines.parameterized.worlds import World
from byzverify.errors import NotUnderstood, ProtocolError, RuleBroken
from byzverify.language.conditions import Condition
from byzverify.language.decisions import Decision
from byzverify.language.faults import Fault
from byzverify.limits import Limit
from byzverify.logic.linear import Formula

COUNTING = "counting"
PHASES = "phases"
PATHS = "induction over paths"
"""The arguments of which lemmas are part."""

KEEPS = "unanimity is kept"
MAKES = "unanimity is made"
"""What lemmas show that others rest on: that phases keep unanimity, and that a path that ends loyal has the value said;
and that phases make unanimity, and that a path of traitors has one value.
"""


MOST_PARTS = 60
"""The largest number that code may have. The crowd is listed in more parts, to see that it does not matter."""


@dataclass(frozen=True)
class Lemma:
    """Under the premises the goal holds.

    argument: what it is part of. shows: the part of the argument that it shows, or the condition, with the fault of the
    commander for which it does. rests_on: the parts of the argument that its premises assume. world: the world that it
    is about, if there is one.
    """

    argument: str
    name: str
    premises: tuple[Formula, ...]
    goal: Formula
    shows: str | tuple[Condition, Fault | None]
    rests_on: frozenset[str] = frozenset()
    world: World | None = field(default=None, repr=False, compare=False)

    @property
    def condition(self) -> Condition | None:
        """The condition that it is about; None if it is a part of the argument."""
        return None if isinstance(self.shows, str) else self.shows[0]


class Lemmas:
    """The lemmas of a family. proves: whether premises prove a goal, as far as that is known. largest: the largest
    number in the code of the program and its conditions; longer lists than that are the same to it.

    failed: the parts of the argument that do not hold, as the caller has found out so far.
    """

    def __init__(self, family: Family, limit: Limit, proves: Proves, largest: int) -> None:
        self.family = family
        self.failed: set[str] = set()
        if largest > MOST_PARTS:
            raise NotUnderstood(
                f"{family.kind.__name__} or what it refers to has the number {largest}, or something of this "
                f"length, which could be a place in a list; at all sizes up to {MOST_PARTS} are understood"
            )
        self._parts = largest + 2
        self._programs = ProgramWorlds(family, limit, proves, self._parts)

    def stated(self) -> Iterator[Lemma]:
        """All lemmas; those that conditions rest on come first.

        Raises ProtocolError if the program breaks a rule of the language, NotUnderstood if it does what is not
        understood for all sizes.
        """
        with self._understood():
            yield from self._stated()

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Raise NotUnderstood for what breaks a rule of the language only at unknown sizes."""
        try:
            yield
        except RuleBroken as error:
            raise NotUnderstood(f"{self.family.kind.__name__} {error}") from None

    def _stated(self) -> Iterator[Lemma]:
        carried: list[Sequence[Decision]] = []
        probes = self._programs.probes()
        while len(carried) < len(probes[0].phases):
            _, asked = probes[0].phases[len(carried)]
            phases = PhaseLemmas(self._programs, asked, self._programs.carried(probes, len(carried)))
            carried.append(phases.domain)
            probes = self._programs.probes(carried)
            for keeps, name, premises, goal, world in phases.stated():
                yield Lemma(PHASES, name, premises, goal, KEEPS if keeps else MAKES, world=world)
        induction = self._over_paths(probes)
        if induction is not None:
            for step in induction.steps():
                yield Lemma(PATHS, step.name, step.premises, step.goal, KEEPS if step.keeps else MAKES)
        for lemma in self._of_conditions(carried, None if induction is None else induction.values):
            if induction is not None and lemma.world is not None:
                induction.demand(lemma.world.rules)
            yield lemma

    def induction(self) -> Induction | None:
        """The induction over paths; None if the program does not relay along paths. Raises what `stated` raises."""
        with self._understood():
            return self._over_paths(self._programs.probes())

    def _over_paths(self, probes: Sequence[World]) -> Induction | None:
        """The induction about the trees and rules of all worlds: a rule may see what a faulty commander says."""
        trees = [tree for probe in probes for tree in probe.trees]
        if not trees:
            return None
        if len({*map(growth, trees)}) > 1 or not all(probe.trees for probe in probes):
            raise RuleBroken("grows another tree if the commander is faulty")
        rules = [rule for probe in probes for rule in probe.rules]
        return Induction(self.family, trees[0].tree, rules, trees[0].rounds, self._parts)

    def _of_conditions(self, carried: Sequence[Sequence[Decision]], values: Sequence[str] | None) -> Iterator[Lemma]:
        for condition in self.family.protocol.problem.conditions:
            for fault in self._programs.commanders_faults:
                yield from self._of_condition(condition, fault, carried, values)

    def _of_condition(
        self,
        condition: Condition,
        fault: Fault | None,
        carried: Sequence[Sequence[Decision]],
        values: Sequence[str] | None,
    ) -> Iterator[Lemma]:
        """The lemma of a condition; if unanimity is not made, one that rests only on its being kept, too."""
        parts = {KEEPS, MAKES} if carried or values is not None else set()
        for alike in (True, False):
            if not alike and MAKES not in self.failed & parts:
                return
            try:
                stated = self._programs.of_condition(condition, fault, carried, values, alike)
            except (
                ProtocolError,
                RuleBroken,
            ):  # such as vectors that differ: they are not compared
                if alike:
                    raise
                return
            if stated is None:
                return
            name = condition.name
            if self.family.protocol.problem.has_commander:
                name += f", commander {fault or 'loyal'}"
            rests_on = frozenset(parts if alike else parts - {MAKES})
            named = name if alike else f"{name}, whatever others agree on"
            yield Lemma(COUNTING, named, *stated[:2], (condition, fault), rests_on, stated[2])
