"""Proofs of linear arithmetic: found for every script without a model, followed without a solver, refused if wrong."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings

from byzverify.certificates import farkas, linear_statement, lrat
from byzverify.certificates.farkas import check
from byzverify.certificates.linear_statement import Statement
from byzverify.certificates.lrat import Rejected
from byzverify.certificates.refuting import clauses_and_numbers, factors
from byzverify.errors import Disagreement
from byzverify.logic.cnf import Clauses
from byzverify.logic.linear import Arithmetic, Formula
from byzverify.logic.linear_smtlib import LinearScript
from byzverify.solvers.cadical import refute
from tests.logic.drawn_linear import arithmetics, can_hold

Proof = tuple[bytes, bytes, bytes, bytes]

EVEN_IS_NOT_ODD = """
(declare-const x Int) (declare-const |an odd half| Int) (declare-const y Int)
(assert (and (>= x 0) (< x 4)))
(assert (and (>= x (+ y y)) (< x (+ y y 1))))
(assert (and (>= x (+ |an odd half| |an odd half| 1)) (< x (+ |an odd half| |an odd half| 2))))
(check-sat)
"""
"""No fractions are excluded by rounding alone: the sides of an unknown must be told apart."""

TWICE = """
(declare-const x Int) (declare-const y Int) (declare-const z Int)
(assert (>= x (+ y 3)))
(assert (< (* 2 x) (+ y y z)))
(assert (< z 5))
(check-sat)
"""
"""Has the clauses 1 to 5 and the goal, variable 5; clause 6 is of the comparisons 2, 3 and 4, by the numbers 2 1 1."""


def proof_of(script: str) -> Proof:
    clauses, numbers = clauses_and_numbers(script)
    with TemporaryDirectory() as folder:
        cnf, proof = Path(folder) / "clauses", Path(folder) / "proof"
        cnf.write_text("".join(Clauses(max(abs(one) for clause in clauses for one in clause), clauses).dimacs()))
        assert refute(cnf, proof)
        return script.encode(), cnf.read_bytes(), "".join(f"{line}\n" for line in numbers).encode(), proof.read_bytes()


def script_of(drawn: tuple[Arithmetic, list[Formula]]) -> str:
    return "".join([*LinearScript(*drawn).asserted(drawn[1]), "(check-sat)\n"])


@pytest.mark.slow
@given(drawn=arithmetics())
@settings(deadline=None)
def test_a_script_has_a_proof_exactly_if_it_has_no_model(drawn: tuple[Arithmetic, list[Formula]]) -> None:
    script = script_of(drawn)
    if can_hold(*drawn):
        with pytest.raises(Disagreement):
            clauses_and_numbers(script)
    else:
        check(*proof_of(script))


@pytest.mark.slow
@given(drawn=arithmetics())
@settings(deadline=None)
def test_a_proof_is_of_no_script_that_has_a_model(drawn: tuple[Arithmetic, list[Formula]]) -> None:
    """Nor with what was asserted left out."""
    arithmetic, formulas = drawn
    assume(not can_hold(arithmetic, formulas) and len(formulas) > 6)
    _, clauses, numbers, proof = proof_of(script_of(drawn))
    for place in range(6, len(formulas)):
        fewer = arithmetic, formulas[:place]
        if can_hold(*fewer):
            with pytest.raises(Rejected):
                check(script_of(fewer).encode(), clauses, numbers, proof)


def test_the_sides_of_a_fraction_are_told_apart() -> None:
    script, clauses, numbers, proof = proof_of(EVEN_IS_NOT_ODD)
    assert numbers.startswith(b"(< ")
    check(script, clauses, numbers, proof)
    with pytest.raises(Rejected):
        check(script, clauses, b"".join(line for line in numbers.splitlines(True) if line[0] != ord("(")), proof)


def test_numbers_are_the_least_that_add_up() -> None:
    assert factors([{"x": 1, "": -3}, {"x": -2, "": 4}]) == [2, 1]
    assert factors([{"x": 2, "y": 3}, {"y": -2}, {"x": -4, "": -1}]) == [2, 3, 1]


def numbers_changed(change: Callable[[bytes], bytes]) -> Callable[[Proof], Proof]:
    return lambda proof: (proof[0], proof[1], change(proof[2]), proof[3])


def clauses_changed(old: bytes, new: bytes) -> Callable[[Proof], Proof]:
    return lambda proof: (proof[0], proof[1].replace(old, new), proof[2], proof[3])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (numbers_changed(lambda lines: b"1 1 1\n"), "clause 6: its inequalities do not add up to a contradiction"),
        (numbers_changed(lambda lines: b"3 2 2\n"), "clause 6: its inequalities do not add up to a contradiction"),
        (numbers_changed(lambda lines: b"1 1\n"), "clause 6: it has 3 literals and 2 numbers"),
        (numbers_changed(lambda lines: b"2 1 1 0\n"), "clause 6: its numbers are not whole numbers above 0"),
        (numbers_changed(lambda lines: b"-2 1 1\n"), "clause 6: its numbers are not whole numbers above 0"),
        (numbers_changed(lambda lines: b""), "there are 7 clauses; the script says 5 and the goal, 0 have numbers"),
        (numbers_changed(lambda lines: b"(>= q 3)\n" + lines), "the script has no sum q"),
        (numbers_changed(lambda lines: b"\xff"), "a file is not text"),
        (clauses_changed(b"\n5 0\n", b"\n4 0\n"), "clause 7 is not what the script says"),
        (clauses_changed(b"\n-5 2 0\n", b"\n-5 3 0\n"), "clause 2 is not what the script says"),
        (clauses_changed(b"\n-2 3 4 0\n", b"\n-1 3 4 0\n"), "clause 6: variable 1 is not a comparison"),
        (clauses_changed(b"\n-2 3 4 0\n", b"\n2 3 4 0\n"), "clause 6: its inequalities do not add up"),
        (lambda proof: (*proof[:3], b""), "the proof ends without the empty clause"),
        (lambda proof: (proof[0].replace(b"z 5", b"z 8"), *proof[1:]), "do not add up"),
    ],
)
def test_a_wrong_proof_is_refused(change: Callable[[Proof], Proof], reason: str) -> None:
    proof = proof_of(TWICE)
    check(*proof)
    with pytest.raises(Rejected, match=reason):
        check(*change(proof))


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("(assert true)", r"does not end with \(check-sat\)"),
        ("(check-sat) (assert true)", r"does not end with \(check-sat\)"),
        ("(push 1) (check-sat)", r"has no command \(push 1\)"),
        ("(declare-const x Real) (check-sat)", "has no command"),
        ("(declare-const x Int) (declare-const x Bool) (check-sat)", "uses the name x twice"),
        ("(declare-const |x| Int) (declare-const x Int) (check-sat)", "uses the name x twice"),
        ("(declare-const 3 Int) (check-sat)", "uses the name 3 twice"),
        ("(declare-const true Bool) (check-sat)", "uses the name true twice"),
        ("(declare-const x Int) (assert x) (check-sat)", "has no formula x"),
        ("(declare-const x Int) (assert (= x 3)) (check-sat)", "has no formula"),
        ("(declare-const p Bool) (assert (>= p 3)) (check-sat)", "has no sum p"),
        ("(declare-const x Int) (assert (>= (* x x) 3)) (check-sat)", r"has no sum \(\* x x\)"),
        ("(declare-const x Int) (assert (>= (- x) 3)) (check-sat)", r"has no sum \(- x\)"),
        ("(check-sat", "does not close all of its parentheses"),
        (")(check-sat)", "closes a parenthesis"),
        ('(echo "(check-sat)")(check-sat)', "is no SMT-LIB"),
        ("|(check-sat)", "is no SMT-LIB"),
    ],
)
def test_what_a_script_must_not_say_is_refused(script: str, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        Statement(script)


def test_a_damaged_proof_is_refused_or_still_a_proof() -> None:
    proof = proof_of(EVEN_IS_NOT_ODD)
    rng = random.Random(1902)
    refused = 0
    for file, content in enumerate(proof[1:], start=1):
        for place in rng.sample(range(len(content)), min(len(content), 80)):
            changed = bytearray(content)
            changed[place] ^= 1 << rng.randrange(7)
            try:
                check(*(bytes(changed) if one == file else proof[one] for one in range(4)))  # type: ignore[arg-type]
            except Rejected:
                refused += 1
    assert refused > 120


def test_the_checker_shares_no_code_with_what_it_checks() -> None:
    for module in (farkas, linear_statement, lrat):
        text = Path(str(module.__file__)).read_text(encoding="utf-8")
        imported = re.findall(r"^\s*(?:from|import) (byzverify\S*)(?: import (\w+))?", text, re.MULTILINE)
        assert {f"{one}.{name}" if one.endswith("certificates") else one for one, name in imported} <= {
            "byzverify.certificates.lrat",
            "byzverify.certificates.linear_statement",
        }


@pytest.mark.parametrize(
    ("comparison", "inequality"),
    [
        ("(>= (* 2 x) 1)", {"x": 1, "": -1}),
        ("(< (* 2 x) 1)", {"x": -1}),
        ("(>= 7 (* 3 x))", {"x": -1, "": 2}),
        ("(not (>= 7 (* 3 x)))", {"x": 1, "": -3}),
        ("(< (- x y) (+ 4 (* 3 y)))", {"x": -1, "y": 4, "": 3}),
        ("(>= (+ x 1) (+ x y y))", {"y": -1}),
    ],
)
def test_comparisons_of_integers_are_rounded_so_that_nothing_is_lost(
    comparison: str, inequality: dict[str, int]
) -> None:
    stated = Statement("(declare-const x Int) (declare-const y Int) (check-sat)")
    [expression] = linear_statement.expressions(comparison)
    found = {name: factor for name, factor in stated.inequality(stated.formula(expression)).items() if factor}
    assert found == inequality
