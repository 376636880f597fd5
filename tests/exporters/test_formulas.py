"""The question as a formula, read by solvers that know nothing of us: it has a model where there is an attack, only."""

import re
from typing import Any

import pytest
import z3
from pysat.formula import CNF
from pysat.solvers import Cadical195

import byzverify
from byzverify.catalogue import library
from byzverify.exporters.formats import Format, exported
from byzverify.language import CONSENSUS, Condition, General, Order, Problem, Program, Protocol, broadcast, majority
from byzverify.language.faults import Budget, budget_of
from byzverify.logic.smtlib import symbols
from tests.differential.fielded import Apart, Bundled, BundledOM, Pair, Sometimes

ASKED: list[Any] = [
    ("om -n 4 -m 1", 1),
    ("om -n 3 -m 1", 1),
    ("om -n 7 -m 2", 2),
    ("om -n 6 -m 2", 2),
    ("om -n 3 -m 0", 0),
    ("sm -n 4 -m 1", 1),
    ("sm -n 4 -m 1", 2),
    ("phase_king -n 4 -m 1", 1),
    ("phase_king -n 3 -m 1", 1),
    ("gradecast -n 4 -m 1", 2),
    pytest.param("turpin_coan -n 4 -m 1", 1, marks=pytest.mark.slow),
    ("omh -n 5 -m 1", {"byzantine": 1, "manifest": 1}),
    ("omh -n 4 -m 1", {"byzantine": 1, "manifest": 1}),
    ("om -n 4 -m 1", {"crash": 2}),
    ("om -n 4 -m 1", {"omission": 1, "symmetric": 1}),
]


def case(line: str, most: int | dict[str, int]) -> tuple[Protocol, Budget]:
    name, _, n, _, m = line.split()
    return library.configured(name, (), n=int(n), m=int(m)), budget_of(most)


def text(protocol: Protocol, budget: Budget, to: str) -> str:
    return next(iter(exported(protocol, budget, Format(to)).values()))


def smtlib_has_a_model(script: str) -> bool:
    solver = z3.Solver()
    solver.from_string(script)
    return bool(solver.check() == z3.sat)


def dimacs_has_a_model(formula: str) -> bool:
    with Cadical195(bootstrap_with=CNF(from_string=formula).clauses) as solver:
        return bool(solver.solve())


def opb_has_a_model(constraints: str) -> bool:
    solver = z3.Solver()
    for line in constraints.splitlines():
        if not line.startswith("*"):
            found = re.fullmatch(r"((?:[+-]\d+ x\d+ )+)>= (-?\d+) ;", line)
            assert found is not None, line
            weights = re.findall(r"([+-]\d+) (x\d+)", found[1])
            terms = [int(weight) * z3.If(z3.Bool(name), 1, 0) for weight, name in weights]
            solver.add(z3.Sum(terms) >= int(found[2]))
    return bool(solver.check() == z3.sat)


READERS = {"smtlib": smtlib_has_a_model, "dimacs": dimacs_has_a_model, "opb": opb_has_a_model}


@pytest.mark.slow
@pytest.mark.parametrize(("line", "most"), ASKED)
@pytest.mark.parametrize("to", READERS)
def test_the_formula_has_a_model_exactly_where_there_is_an_attack(
    to: str, line: str, most: int | dict[str, int]
) -> None:
    protocol, budget = case(line, most)
    verdict = byzverify.check(protocol, budget)
    assert isinstance(verdict, byzverify.Proved | byzverify.Refuted)
    assert READERS[to](text(protocol, budget, to)) == isinstance(verdict, byzverify.Refuted)


@pytest.mark.slow
@pytest.mark.parametrize("to", READERS)
@pytest.mark.parametrize(
    ("protocol", "most"),
    [
        (Pair(n=2), {"byzantine": 1}),
        (Pair(n=3, optional=True), {"symmetric": 1}),
        (Apart(n=2), {"crash": 1}),
        (Sometimes(n=3), {"omission": 1}),
        (Bundled(n=3), {"byzantine": 1}),
        (BundledOM(n=4, m=1), {"byzantine": 1}),
    ],
    ids=str,
)
def test_formulas_with_messages_of_several_fields_say_the_same(to: str, protocol: Protocol, most: Budget) -> None:
    refuted = isinstance(byzverify.check(protocol, most), byzverify.Refuted)
    assert READERS[to](text(protocol, budget_of(most), to)) == refuted


def all_kept(outcome: byzverify.language.Outcome, witnesses: tuple[General, ...]) -> byzverify.language.Truth:
    """A condition that tells generals apart, so that scenarios cannot stand for others."""
    decided: Order = outcome.decisions[max(witnesses)]
    return decided == outcome.orders[max(witnesses)]


class Kept(Protocol):
    """Everyone follows the majority, and should have kept his own order."""

    problem = Problem(
        "kept", (*CONSENSUS.conditions, Condition("Kept", "kept", all_kept, witnesses=2)), has_commander=False
    )

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[general] for general in self.generals])


def test_what_cannot_be_folded_is_asked_of_every_choice() -> None:
    formula = text(Kept(n=3), budget_of(1), "smtlib")
    assert smtlib_has_a_model(formula)
    for general in range(3):
        assert f"; Agreement fails as generals {', '.join(str(g) for g in range(3) if g != general)} see it" in formula


def test_a_formula_says_what_it_is_about() -> None:
    formula = text(*case("sm -n 3 -m 1", 1), "smtlib")
    assert "; IC1 fails as generals 1, 2 see it; faulty: 0 (byzantine)" in formula
    assert "(declare-const |round 1: 0 to 1 with ATTACK:0| Bool)" in formula
    assert "(declare-const |general 0 starts with ATTACK| Bool)" in formula
    assert formula.endswith("(check-sat)\n")
    crashing = text(*case("om -n 4 -m 1", {"crash": 1}), "dimacs")
    assert re.search(r"^c \d+ general 3 crashes in round 2$", crashing, re.MULTILINE)
    assert re.search(r"^c \d+ round 2: 3 to 1 about 0-3 lapses$", crashing, re.MULTILINE)
    fields = text(Pair(n=2), budget_of({"symmetric": 1}), "smtlib")
    for said in ("lapses", "comes", "says ATTACK in flag"):
        assert f"|round 1: 1 to everyone about report (flag, value) {said}|" in fields
    assert re.search(
        r"^\* x\d+ round 2: 3 to 1 about 0-3 says ATTACK$", text(*case("om -n 4 -m 1", 1), "opb"), re.MULTILINE
    )


def test_symbols_are_different_and_what_smtlib_allows() -> None:
    found = symbols({2: "a|b\\c", 3: "a_b_c", 4: "é", 5: "plain one", 6: "n", 7: "as", 8: "mod"})
    assert len(set(found.values())) == 7
    assert (found[5], found[6], found[7], found[8]) == ("|plain one|", "n", "|as|", "|mod #7|")
    assert all(re.fullmatch(r"\|[ -\[\]-{}~]*\||n", symbol) for symbol in found.values())
