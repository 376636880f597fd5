"""The function `bound`: under which weakest assumptions on its sizes is a protocol right?

Assumptions have the form n > a*t + b*m + c, with whole numbers, and more parameters where a protocol has them. The
lemmas of a family without an assumption on n are stated once; for each candidate they are decided with it as one more
premise. Just below each weakest one that is proved, an attack is looked for. This module decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product, takewhile
from time import monotonic
from typing import Any

from byzverify.catalogue import library
from byzverify.errors import Stopped
from byzverify.language.conditions import Condition
from byzverify.language.holes import demand_no_holes
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins
from byzverify.logic.linear import Formula, Linear, total, unknown
from byzverify.questions.everywhere import FamilyProof, shown
from byzverify.questions.families import FamilyQuestion, Sizes
from byzverify.questions.proving import checked_at
from byzverify.questions.question import Progress, in_silence
from byzverify.questions.verdict import Refuted
from byzverify.solvers.answers import demand_installed, solvers_of

FACTORS = range(5)
"""The numbers by which sizes are multiplied."""

CONSTANTS = (3, 2, 1, 0, -1, -2, -3, -4)
"""The numbers that are added, the strongest assumption first."""

MOST_TRIED = 8
"""The largest size at which an attack is looked for."""


@dataclass(frozen=True)
class Bound:
    """A weakest assumption under which a condition is proved: n is more than a sum.

    text: the assumption, such as `n > 3*m`. below: the smallest size just below at which an attack breaks the
    condition; None if none was found. refuted: the check that found it.
    """

    text: str
    below: Sizes | None
    refuted: Refuted | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Bounds:
    """What is known of a protocol: for each condition its weakest assumptions, none of which implies another.

    beside: what is assumed of other sizes. reason: why something is not known.
    """

    kind: type[Protocol]
    fixed: Mapping[str, Any]
    beside: str
    orders: int
    conditions: Mapping[Condition, tuple[Bound, ...]]
    reason: str | None
    seconds: float = field(compare=False)
    exit_code: int = 3


def bound(
    kind: type[Protocol],
    *,
    timeout: float | None = None,
    solver: str = "z3",
    progress: Progress = in_silence,
    **fixed: Any,
) -> Bounds:
    """The weakest linear assumptions on n under which each condition of a protocol is proved for all sizes.

    kind: a protocol class, such as `Crusader`. timeout: in seconds. solver: as for `prove`. progress: called with a
    line about each step. fixed: values of parameters, such as `values=3`. Raises what `prove` raises.
    """
    question_begins()
    library.demand_family(kind, fixed)
    demand_no_holes(kind)
    demand_installed(solver)
    return Bounding(FamilyQuestion(kind, fixed, "n >= 1"), Limit.within(timeout), solvers_of(solver), progress).found()


class Bounding:
    """The search for the weakest assumptions."""

    def __init__(self, question: FamilyQuestion, limit: Limit, solvers: tuple[str, ...], progress: Progress) -> None:
        self._start = monotonic()
        self._question = question
        self._limit = limit
        self._progress = progress
        self._solvers = solvers
        self._found: dict[Condition, tuple[Bound, ...]] = {}

    def found(self) -> Bounds:
        """All weakest assumptions, as far as the limit allows."""
        reason, exit_code, beside, orders = None, Stopped.exit_code, "", 0
        try:
            self._lemmas = FamilyProof(self._question, self._limit, self._solvers, self._progress)
            beside, orders = self._lemmas.family.beside, len(self._lemmas.family.protocol.orders)
            self._lemmas.decide()
            for condition in self._lemmas.family.protocol.problem.conditions:
                self._found[condition] = tuple(self._bounds(condition))
                if not self._found[condition]:
                    reason = reason or f"{condition.name} is proved under no assumption of this form"
        except Stopped as stop:
            reason, exit_code = str(stop), stop.exit_code
        except MemoryError:
            reason = "out of memory"
        seconds = monotonic() - self._start
        code = 0 if reason is None else exit_code
        return Bounds(self._question.kind, self._question.fixed, beside, orders, self._found, reason, seconds, code)

    def _bounds(self, condition: Condition) -> Iterator[Bound]:
        weakest: list[Linear] = []
        for least in self._candidates(condition):
            if not any(self._implies(least, other) for other in weakest):
                weakest = [other for other in weakest if not self._implies(other, least)] + [least]
        for least in weakest:
            yield self._with_attack(condition, least)

    def _candidates(self, condition: Condition) -> Iterator[Linear]:
        """For each choice of factors the weakest assumption that is proved: the sum that n exceeds."""
        names = [name for name in self._lemmas.family.sizes if name not in ("n", *self._lemmas.family.faulty[1:])]
        for factors in sorted(product(FACTORS, repeat=len(names)), key=lambda some: (sum(some), some)):
            self._progress(f"{condition.name}: n > {_sum(names, factors)}")
            proved = None
            for constant in CONSTANTS:
                least = _sum(names, factors) + constant
                if not self._lemmas.prove(condition, [self._exceeds(least)]):
                    break
                proved = least
            if proved is not None:
                yield proved

    def _exceeds(self, least: Linear) -> Formula:
        return self._lemmas.family.arithmetic.at_least(unknown("n"), least + 1)

    def _implies(self, one: Linear, other: Linear) -> bool:
        """Whether n exceeds the other sum wherever it exceeds one, at the sizes with a faulty general."""
        family = self._lemmas.family
        faulty = family.arithmetic.at_least(total(map(unknown, family.faulty)), 1)
        return self._lemmas.engine.proves([family.region, faulty, self._exceeds(one)], self._exceeds(other))

    def _with_attack(self, condition: Condition, least: Linear) -> Bound:
        """An assumption with the smallest attack on the condition where n is just the sum.

        What is proved under it is compared first, as `prove` does. Raises ReplayMismatch if that contradicts it.
        """
        text = "n > 0" if least.is_constant and least.constant < 0 else f"n > {least}"
        self._lemmas.compared([condition], [self._exceeds(least)])
        for sizes in takewhile(lambda sizes: sizes["n"] <= MOST_TRIED, self._lemmas.small_sizes()):
            if sizes["n"] == least.value(sizes) and self._lemmas.may_fail(condition, sizes):
                self._progress(f"{condition.name}: looking for an attack at {shown(sizes)}")
                found = checked_at(self._lemmas, sizes, condition, self._limit, self._progress)
                if found is not None:
                    return Bound(text, sizes, found)
        return Bound(text, None)


def _sum(names: list[str], factors: tuple[int, ...]) -> Linear:
    return total(unknown(name) * factor for name, factor in zip(names, factors, strict=True))
