"""CaDiCaL, a SAT solver, through python-sat: terms go to it as clauses, and it can write down why there is no answer.

This is the only file that knows python-sat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import BinaryIO

import pysolvers
from pysat.solvers import Cadical195

from byzverify.checking.solving import SolverAside
from byzverify.logic.cnf import Clause, clauses_for
from byzverify.logic.terms import Literal


class Cadical(SolverAside):
    name = "cadical"

    def _true_variables(self, goal: Literal, variables: frozenset[int]) -> Collection[int] | str | None:
        asked = clauses_for(self.terms, goal)
        with Cadical195(bootstrap_with=asked.clauses) as engine:
            if not engine.solve():
                return None
            true = {number for number in engine.get_model() if number > 0}
        named = sorted(self.terms.names())
        return [number for place, number in enumerate(named, start=1) if place in true and number in variables]


solver = Cadical


def refutation(clauses: Iterable[Clause], proof: BinaryIO) -> bool:
    """Whether the clauses contradict each other; if so, the proof of it, in LRAT's text form, is in the open file.

    proof: a real file, because the solver writes to its descriptor. The numbers of clauses count from 1.
    """
    with Cadical195() as engine:
        engine.configure({"lrat": 1, "binary": 0})  # to be said before the tracing begins, which the class does at once
        written = pysolvers.cadical195_tracepr(engine.cadical, proof)
        engine.prfile = proof  # the engine ends the tracing if it knows of it
        for clause in clauses:
            engine.add_clause(clause)
        satisfiable = engine.solve()
        pysolvers.flushpr(written)
    return not satisfiable
