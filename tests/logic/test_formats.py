"""Formulas as text: what is written is what was meant, constants included."""

import re

import pytest
import z3
from hypothesis import given, settings

from byzverify.limits import NO_LIMIT
from byzverify.logic.cnf import clauses_for
from byzverify.logic.linear import Arithmetic, Formula
from byzverify.logic.linear_smtlib import LinearScript
from byzverify.logic.opb import PseudoBoolean, constraints, opb
from byzverify.logic.smtlib import smtlib
from byzverify.logic.terms import FALSE, TRUE, Literal, Terms
from tests.logic.drawn_linear import arithmetics, can_hold


def example() -> tuple[Terms, Literal]:
    terms = Terms()
    a, b, c = (terms.variable(name) for name in "abc")
    return terms, terms.both(terms.at_least(3, [a, -b, c], [2, 1, 3]), -terms.both(a, c))


def read_back(line: str) -> PseudoBoolean:
    """A line of an OPB file as the constraint that it says."""
    summed, bound = re.fullmatch(r"(.*) >= (-?\d+) ;\n", line).groups()  # type: ignore[union-attr]
    pairs = [re.fullmatch(r"([+-]\d+) x(\d+)", one) for one in re.findall(r"\S+ \S+", summed)]
    return PseudoBoolean(tuple((int(pair[1]), int(pair[2])) for pair in pairs if pair), int(bound))


def test_opb_says_the_constraints_and_how_many() -> None:
    terms, goal = example()
    header, *lines = opb(terms, goal)
    meant = list(constraints(terms, goal))
    assert header == f"* #variable= {goal} #constraint= {len(meant)}\n"
    assert [read_back(line) for line in lines] == meant


@pytest.mark.parametrize(("goal", "possible"), [(TRUE, True), (FALSE, False)])
def test_constants_are_written_too(goal: Literal, possible: bool) -> None:
    terms = Terms()
    solver = z3.Solver()
    solver.from_string("".join(smtlib(terms, goal, {})))
    assert (solver.check() == z3.sat) == possible
    values = [value for value in (0, 1) if all(_holds(one, value) for one in constraints(terms, goal))]
    assert bool(values) == possible
    clauses = clauses_for(terms, goal, NO_LIMIT)
    assert any(all(any((v > 0) == true for v in one) for one in clauses.clauses) for true in (False, True)) == possible


def _holds(one: PseudoBoolean, value: int) -> bool:
    return sum(weight * value for weight, _ in one.weighted) >= one.bound


def test_smtlib_can_be_read_and_means_the_term() -> None:
    terms, goal = example()
    called = {number: name for number, name in terms.names().items() if isinstance(name, str)}
    text = "".join(smtlib(terms, goal, called))
    for true in ({"a"}, {"c"}, {"a", "b"}, {"a", "c"}, set()):
        solver = z3.Solver()
        solver.from_string(text)
        solver.add(*(z3.Bool(name) == (name in true) for name in "abc"))
        assert (solver.check() == z3.sat) == (true in ({"a"}, {"c"}))


@given(drawn=arithmetics())
@settings(deadline=None)
def test_linear_arithmetic_can_be_read_and_means_the_formulas(drawn: tuple[Arithmetic, list[Formula]]) -> None:
    arithmetic, formulas = drawn
    solver = z3.Solver()
    solver.from_string("".join(LinearScript(arithmetic, formulas).asserted(formulas)))
    assert (solver.check() == z3.sat) == can_hold(arithmetic, formulas)
