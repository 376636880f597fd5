"""An oracle: a decision for everything that can be seen, as a SAT problem.

What decisions may be, and which may stand side by side, is read from the conditions in `language/problems.py`, not from
the distances that the engine reasons with. This module shares no code with the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import Any

from pysat.solvers import Cadical153

from byzverify.language.conditions import Outcome, Problem
from byzverify.language.problems import BYZANTINE_GENERALS, CONSENSUS, CRUSADER_AGREEMENT, FAULTY, GRADED_BROADCAST
from byzverify.language.values import Count, domain
from tests.solvability.sightings import Sighting

Decision = Any

ORDERS = domain(2)

PROBLEMS: dict[str, tuple[Problem, list[Decision]]] = {
    "broadcast": (BYZANTINE_GENERALS, [*ORDERS]),
    "interactive": (BYZANTINE_GENERALS, [*ORDERS]),
    "consensus": (CONSENSUS, [*ORDERS]),
    "crusader": (CRUSADER_AGREEMENT, [*ORDERS, FAULTY]),
    "graded": (GRADED_BROADCAST, [(order, Count((), grade)) for order in ORDERS for grade in (0, 1, 2)]),
}
"""Each problem with the decisions that there are. In interactive consistency: the entry of one general."""


class Decisions:
    """The decisions of a problem. epsilon: for approximate agreement, 1 divided by a whole number."""

    def __init__(self, problem: str, epsilon: Fraction | None = None) -> None:
        self.problem, self.epsilon = problem, epsilon
        if problem == "approximate":
            assert epsilon is not None
            self.all: list[Decision] = [epsilon * step for step in range(int(1 / epsilon) + 1)]
        else:
            self.all = PROBLEMS[problem][1]

    def fit(self, one: Decision, other: Decision) -> bool:
        """Whether two loyal generals may decide this."""
        if self.epsilon is not None:
            return bool(abs(one - other) <= self.epsilon)
        # the commander, general 0, is a traitor; in consensus, orders differ
        outcome = Outcome((1, 2), dict(enumerate(ORDERS, 1)), {1: one, 2: other}, None)
        return self._hold(outcome, (1, 2), valid=False)

    def obey(self, decision: Decision, order: int) -> bool:
        """Whether a loyal general may decide this where all orders of loyal generals are this one."""
        if self.epsilon is not None:
            return bool(decision == order)
        outcome = Outcome((0, 1), dict.fromkeys((0, 1), ORDERS[order]), {1: decision}, None)
        return self._hold(outcome, (1,), valid=True)

    def _hold(self, outcome: Outcome, witnesses: tuple[int, ...], valid: bool) -> bool:
        conditions = [one for one in PROBLEMS[self.problem][0].conditions if one.witnesses == len(witnesses)]
        assert conditions
        if valid:
            assert all(one.concerns(None, outcome.loyal) for one in conditions)
        return all(
            bool(one.holds(outcome, order)) for one in conditions for order in (witnesses, tuple(reversed(witnesses)))
        )


def satisfiable(sightings: Iterable[Sighting], problem: str, epsilon: Fraction | None = None) -> bool:
    """Whether everything that can be seen has a decision with which all executions are right."""
    decisions = Decisions(problem, epsilon)
    apart = [
        (a, b)
        for a, one in enumerate(decisions.all)
        for b, other in enumerate(decisions.all)
        if a <= b
        if not decisions.fit(one, other)
    ]
    wrong = {order: [a for a, one in enumerate(decisions.all) if not decisions.obey(one, order)] for order in (0, 1)}
    first: dict[object, int] = {}
    width = len(decisions.all)
    clauses = set[tuple[int, ...]]()
    for seen, given in {(frozenset(one.seen.items()), one.given) for one in sightings}:
        nodes = [first.setdefault(node, 1 + width * len(first)) for node in seen]
        for one, other in combinations(nodes, 2):
            for a, b in apart:
                clauses.add((-one - a, -other - b))
                clauses.add((-one - b, -other - a))
        if given is not None:
            clauses.update((-one - a,) for one in nodes for a in wrong[given])
    with Cadical153() as solver:
        for one in first.values():
            solver.add_clause([one + a for a in range(width)])
            for a, b in combinations(range(width), 2):
                solver.add_clause([-one - a, -one - b])
        for clause in clauses:
            solver.add_clause([*clause])
        return bool(solver.solve())
