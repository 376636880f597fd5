"""cvc5, an SMT solver: it reads the same SMT-LIB that `byzverify export` writes. The only file that knows cvc5."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import cvc5

from byzverify.errors import OutOfSteps
from byzverify.limits import Limit
from byzverify.logic.linear import Arithmetic, Formula
from byzverify.logic.linear_smtlib import LinearScript
from byzverify.logic.smtlib import smtlib
from byzverify.logic.terms import Literal
from byzverify.solvers.answers import SolverAside, Undecided, Unsatisfiable, aside
from byzverify.solvers.arithmetic import Solution

RESOURCES = 10
"""How many of cvc5's resource units one of our steps counts as."""


class Cvc5(SolverAside):
    name = "cvc5"

    def _true_variables(self, goal: Literal, variables: frozenset[int], limit: Limit) -> Collection[int] | str | None:
        called = {number: f"x{number}" for number in variables}
        found = _model(smtlib(self.terms, goal, called), limit)
        if not isinstance(found, dict):
            return found
        return [int(symbol[1:]) for symbol, value in found.items() if value is True]


solver = Cvc5


class Cvc5Arithmetic:
    """Linear arithmetic in cvc5: each question is a script of its own, in a process of its own."""

    name = "cvc5"

    def __init__(self, arithmetic: Arithmetic) -> None:
        self._arithmetic = arithmetic

    def solve(self, formulas: Sequence[Formula], limit: Limit) -> Solution | Unsatisfiable | Undecided:
        """Look for values of the unknowns under which all of the formulas hold. Raises Stopped at the limit."""
        script = LinearScript(self._arithmetic, formulas)
        limit.check()
        found = aside(self.name, lambda: _model(script.asserted(formulas), limit), limit)
        if isinstance(found, Undecided):
            return found
        if found is None:
            return Unsatisfiable()
        numbers = {name: int(found[symbol.strip("|")]) for name, symbol in script.numbers.items()}
        return Solution(numbers, frozenset(name for name, symbol in script.truths.items() if found[symbol.strip("|")]))


arithmetic_solver = Cvc5Arithmetic


def _model(script: Iterable[str], limit: Limit) -> dict[str, bool | int] | str | None:
    """The value of each symbol that a script declares, if what it asserts can hold; None if it cannot; or the reason
    for giving up. Spends steps of the limit. Raises OutOfSteps if they do not suffice.
    """
    engine = cvc5.Solver(cvc5.TermManager())
    engine.setOption("produce-models", "true")
    if limit.left is not None:
        engine.setOption("rlimit", str(1 + limit.left * RESOURCES))
    parser = cvc5.InputParser(engine)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "".join(script), "script")
    symbols = parser.getSymbolManager()
    try:
        while not (command := parser.nextCommand()).isNull():
            command.invoke(engine, symbols)
        answer = engine.checkSat()
    except RuntimeError as error:
        return str(error)
    limit.spend(engine.getStatistics()["resource::resourceUnitsUsed"]["value"] // RESOURCES)
    if answer.isUnknown() and answer.getUnknownExplanation() is cvc5.UnknownExplanation.RESOURCEOUT:
        raise OutOfSteps
    if answer.isUnsat():
        return None
    if not answer.isSat():
        return str(answer.getUnknownExplanation())
    return {term.getSymbol(): _value(engine.getValue(term)) for term in symbols.getDeclaredTerms()}


def _value(term: Any) -> bool | int:
    return bool(term.getBooleanValue()) if term.isBooleanValue() else int(term.getIntegerValue())
