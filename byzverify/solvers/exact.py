"""Exact, a pseudo-Boolean solver that reasons with cutting planes. The only file that knows Exact."""

from __future__ import annotations

from collections.abc import Collection

import exact

from byzverify.errors import OutOfSteps
from byzverify.limits import Limit
from byzverify.logic.opb import constraints
from byzverify.logic.terms import Literal, cone
from byzverify.solvers.answers import SolverAside

ANSWERS = {"UNSAT": False, "SAT": True}


STEPS = 100_000
"""How many of our steps a unit of Exact's deterministic time counts as. Exact's limit is in whole units, rounded up."""


class Exact(SolverAside):
    name = "exact"

    def _true_variables(self, goal: Literal, variables: frozenset[int], limit: Limit) -> Collection[int] | str | None:
        bounded = [] if limit.left is None else [("timeout-det", str(1 + limit.left // STEPS))]
        engine = exact.Exact(bounded)
        for number in cone(self.terms, [goal]):
            engine.addVariable(f"x{number}", 0, 1)
        for constraint in constraints(self.terms, goal):
            engine.addConstraint([(w, f"x{x}") for w, x in constraint.weighted], True, constraint.bound)
        try:
            answer = engine.runFull(False, 0)
        except RuntimeError as error:  # raised when Exact reaches its deterministic limit
            if limit.left is None:
                raise
            raise OutOfSteps from error
        limit.spend(int(STEPS * dict(engine.getStats())["solve time det"]))
        if answer not in ANSWERS:
            return str(answer).lower()
        if not ANSWERS[answer]:
            return None
        ordered = sorted(variables)
        values = engine.getLastSolutionFor([f"x{number}" for number in ordered])
        return [number for number, value in zip(ordered, values, strict=True) if value]


solver = Exact
