"""cvc5, an SMT solver: it reads the same SMT-LIB that `byzverify export` writes. The only file that knows cvc5."""

from __future__ import annotations

from collections.abc import Collection

import cvc5

from byzverify.errors import OutOfSteps
from byzverify.limits import Limit
from byzverify.logic.smtlib import smtlib
from byzverify.logic.terms import Literal
from byzverify.solvers.answers import SolverAside

RESOURCES = 10
"""How many of cvc5's resource units one of our steps counts as."""


class Cvc5(SolverAside):
    name = "cvc5"

    def _true_variables(self, goal: Literal, variables: frozenset[int], limit: Limit) -> Collection[int] | str | None:
        engine = cvc5.Solver(cvc5.TermManager())
        engine.setOption("produce-models", "true")
        if limit.left is not None:
            engine.setOption("rlimit", str(1 + limit.left * RESOURCES))
        called = {number: f"x{number}" for number in variables}
        parser = cvc5.InputParser(engine)
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "".join(smtlib(self.terms, goal, called)), "terms")
        symbols = parser.getSymbolManager()
        while not (command := parser.nextCommand()).isNull():
            command.invoke(engine, symbols)
        answer = engine.checkSat()
        limit.spend(engine.getStatistics()["resource::resourceUnitsUsed"]["value"] // RESOURCES)
        if answer.isUnknown() and answer.getUnknownExplanation() is cvc5.UnknownExplanation.RESOURCEOUT:
            raise OutOfSteps
        if answer.isUnsat():
            return None
        if not answer.isSat():
            return str(answer.getUnknownExplanation())
        declared = [term for term in symbols.getDeclaredTerms() if engine.getValue(term).getBooleanValue()]
        return [int(str(term)[1:]) for term in declared]


solver = Cvc5
