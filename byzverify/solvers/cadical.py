"""CaDiCaL, a SAT solver, through python-sat. It gets terms as clauses, and can write a proof of unsatisfiability.

This is the only file that knows python-sat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import pysolvers
from pysat.solvers import Cadical195

from byzverify.errors import OutOfSteps
from byzverify.limits import Limit
from byzverify.logic.cnf import Clause, clauses_for
from byzverify.logic.terms import Literal
from byzverify.solvers.answers import SolverAside

CONFLICT = 20
"""How many of our steps a conflict counts as."""


class Cadical(SolverAside):
    name = "cadical"

    def _true_variables(self, goal: Literal, variables: frozenset[int], limit: Limit) -> Collection[int] | str | None:
        asked = clauses_for(self.terms, goal, limit)
        with Cadical195(bootstrap_with=asked.clauses) as engine:
            if limit.left is not None:
                engine.conf_budget(1 + limit.left // CONFLICT)
            satisfiable = engine.solve_limited()
            limit.spend(CONFLICT * engine.accum_stats()["conflicts"])
            if satisfiable is None:
                raise OutOfSteps
            if not satisfiable:
                return None
            true = {number for number in engine.get_model() if number > 0}
        named = sorted(self.terms.names())
        return [number for place, number in enumerate(named, start=1) if place in true and number in variables]


solver = Cadical


class GrowingClauses:
    """Clauses to which others are added, after a model of them has been seen."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._engine = Cadical195(bootstrap_with=clauses)

    def add(self, clause: Clause) -> None:
        """Demand that one of these literals is true."""
        self._engine.add_clause(clause)

    def model(self) -> frozenset[int] | None:
        """The variables that are true in a model; None if there is no model."""
        return frozenset(one for one in self._engine.get_model() if one > 0) if self._engine.solve() else None


def refute(cnf: Path, lrat: Path) -> bool:
    """Whether the clauses of a DIMACS file contradict each other. If so, the proof is in the file `lrat` afterwards.

    The proof is LRAT in text form. Its clause numbers are those of the DIMACS file, which has one clause on each line.
    """
    with Cadical195() as engine, lrat.open("w+b") as proof, cnf.open(encoding="ascii") as lines:
        engine.configure({"lrat": 1, "binary": 0})  # must precede tracing, so the engine cannot be created with tracing
        engine.prfile = proof
        written = pysolvers.cadical195_tracepr(engine.cadical, proof)
        for line in lines:
            if line[0] not in "cp":
                engine.add_clause([int(literal) for literal in line.split()[:-1]])
        satisfiable = engine.solve()
        pysolvers.flushpr(written)
    return not satisfiable
