"""Solvers of linear arithmetic: against every choice of values, on random formulas; at limits; named by users."""

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from byzverify import cli
from byzverify.errors import Disagreement, OutOfSteps, OutOfTime, UsageError
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.linear import Arithmetic, Formula, Valuation, unknown
from byzverify.models.om import OM
from byzverify.questions.proving import prove
from byzverify.solvers import cvc5
from byzverify.solvers.answers import ARITHMETIC, Undecided, Unsatisfiable, installed
from byzverify.solvers.arithmetic import ArithmeticSolver, Solution, arithmetic_solver
from tests.logic.drawn_linear import arithmetics, can_hold
from tests.support.other_tools import missing

EXAMPLES = {"z3": 200, "cvc5": 60}


def solver_named(name: str, arithmetic: Arithmetic) -> ArithmeticSolver:
    if name not in installed():
        missing(name)
    return arithmetic_solver(name, arithmetic)


@pytest.mark.slow
@pytest.mark.parametrize("name", ARITHMETIC)
def test_a_solver_finds_values_exactly_where_there_are_some(name: str) -> None:
    @given(drawn=arithmetics())
    @settings(max_examples=EXAMPLES[name], deadline=None)
    def ask(drawn: tuple[Arithmetic, list[Formula]]) -> None:
        arithmetic, formulas = drawn
        found = solver_named(name, arithmetic).solve(formulas, NO_LIMIT)
        if isinstance(found, Solution):
            values = Valuation(arithmetic, found.numbers, found.truths)
            assert all(map(values.holds, formulas))
        else:
            assert isinstance(found, Unsatisfiable)
            assert not can_hold(arithmetic, formulas)

    ask()


def hard() -> tuple[Arithmetic, list[Formula]]:
    """A question that no solver answers at once: which of many numbers add up to a number."""
    arithmetic = Arithmetic()
    x = [unknown(f"x{place}") for place in range(24)]
    asked = [arithmetic.at_least_0(one) for one in x] + [arithmetic.at_least_0(-one + 1) for one in x]
    total = sum((one * (10_007 + 2 * place * place * 13) for place, one in enumerate(x)), start=x[0] * 0)
    return arithmetic, [*asked, arithmetic.equal(total, 121_213)]


@pytest.mark.parametrize("name", ARITHMETIC)
@pytest.mark.parametrize(("limit", "stopped"), [(Limit.within(0.2), OutOfTime), (Limit(steps=200), OutOfSteps)])
def test_a_solver_stops_at_the_limit(name: str, limit: Limit, stopped: type[Exception]) -> None:
    arithmetic, formulas = hard()
    with pytest.raises(stopped):
        solver_named(name, arithmetic).solve(formulas, limit)


def test_names_that_look_alike_are_different_unknowns() -> None:
    arithmetic = Arithmetic()
    asked = [arithmetic.equal(unknown("é"), 1), arithmetic.equal(unknown("è"), 2), arithmetic.truth("ê")]
    found = solver_named("cvc5", arithmetic).solve(asked, NO_LIMIT)
    assert found == Solution({"é": 1, "è": 2}, frozenset({"ê"}))


def killed(script: Any, limit: Limit) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_solver_that_dies_has_decided_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cvc5, "_model", killed)
    arithmetic = Arithmetic()
    found = solver_named("cvc5", arithmetic).solve([arithmetic.truth("x")], NO_LIMIT)
    assert isinstance(found, Undecided)
    assert found.reason.startswith("cvc5 died")


@pytest.mark.slow
@pytest.mark.parametrize("solver", ["cvc5", "all"])
def test_a_proof_names_the_solvers_that_decided(solver: str) -> None:
    verdict = prove(OM, solver=solver)
    assert verdict.verdict == "proved"
    assert verdict.solvers == (("z3", "cvc5") if solver == "all" else ("cvc5",))


def never(self: cvc5.Cvc5Arithmetic, formulas: Sequence[Formula], limit: Limit) -> Unsatisfiable:
    return Unsatisfiable()


def test_solvers_that_contradict_each_other_are_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cvc5.Cvc5Arithmetic, "solve", never)
    with pytest.raises(Disagreement, match="z3: solution, cvc5: unsatisfiable") as raised:
        prove(OM, solver="all")
    assert raised.value.exit_code == 4


def test_a_solver_without_arithmetic_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["byzverify", "prove", "om", "--solver", "cadical"])
    monkeypatch.setattr("byzverify.cli.heed_signals", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == UsageError.exit_code
    said = "byzverify: cadical decides no arithmetic, which a proof for all sizes needs; z3 and cvc5 do\n"
    assert capsys.readouterr().err == said


def test_all_needs_two_solvers_that_know_arithmetic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.solvers.answers.installed", lambda: ["z3", "cadical"])
    with pytest.raises(UsageError, match="only z3 is installed"):
        prove(OM, solver="all")
