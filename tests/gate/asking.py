"""Asking the engine for all sizes about one size: the lemmas are stated once, and decided with n, m and t given."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from byzverify.engines.parameterized.deciding import Engine
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.lemmas import Lemma, Lemmas
from byzverify.errors import UsageError
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT
from byzverify.logic.linear import Formula, unknown
from byzverify.solvers.answers import Unsatisfiable
from byzverify.solvers.arithmetic import Solution, arithmetic_solver

Sizes = Mapping[str, int]
"""Values of the sizes of a family: parameters of the protocol, and how many generals fail in each mode."""


LARGEST = 4
"""A number that is as large as any in the programs."""


class Asked:
    """The lemmas of a program for all sizes, whatever its claim says. fixed: parameters that are given."""

    def __init__(self, kind: type[Protocol], fixed: Mapping[str, Any] | None = None) -> None:
        modes = inspect.signature(kind.tolerates).parameters
        self.family = Family(kind, fixed or {}, " and ".join(f"{name} >= 0" for name in modes if name != "self"))
        self.arithmetic = self.family.arithmetic
        self._solver = arithmetic_solver("z3", self.arithmetic)
        self.lemmas: Sequence[Lemma] = tuple(
            Lemmas(self.family, NO_LIMIT, Engine(self.family, NO_LIMIT).proves, LARGEST).stated()
        )

    def broken(self, lemma: Lemma, sizes: Sizes) -> Solution | None:
        """Values that break a lemma at a size; None if it holds there."""
        return self.found([*lemma.premises, *self.given(sizes), -lemma.goal])

    def allowed(self, lemma: Lemma, sizes: Sizes) -> Solution | None:
        """Values of which the premises of a lemma hold at a size; None if there are none."""
        return self.found([*lemma.premises, *self.given(sizes)])

    def given(self, sizes: Sizes) -> list[Formula]:
        """Formulas that say that the sizes are these; those that are not named are 0."""
        return [self.arithmetic.equal(unknown(name), sizes.get(name, 0)) for name in self.family.sizes]

    def found(self, formulas: Sequence[Formula]) -> Solution | None:
        """Values of which the formulas hold; None if there are none."""
        answer = self._solver.solve(formulas, NO_LIMIT)
        assert isinstance(answer, Solution | Unsatisfiable), answer
        return answer if isinstance(answer, Solution) else None


_KNOWN: dict[type[Protocol], Asked] = {}


def asked(kind: type[Protocol]) -> Asked:
    """The lemmas of a program, stated once."""
    if kind not in _KNOWN:
        _KNOWN[kind] = Asked(kind)
    return _KNOWN[kind]


def built(kind: type[Protocol], parameters: Mapping[str, Any]) -> Protocol | None:
    """The protocol with these parameters; None if it allows no such size."""
    try:
        return kind(**parameters)
    except UsageError:
        return None


def commanders_fault(lemma: Lemma) -> Fault | None:
    """How the commander, or the leader of a phase, fails in a lemma."""
    assert lemma.world is not None
    return lemma.world.setup.individuals[0].fault
