"""Linear arithmetic: sums, formulas, and what formulas come to, held against Python's own arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.limits import NO_LIMIT
from byzverify.logic.linear import FALSE, TRUE, Arithmetic, Formula, Linear, Valuation, inequality, total, unknown
from byzverify.solvers.answers import Unsatisfiable
from byzverify.solvers.arithmetic import Solution, arithmetic_solver

NAMES = ("n", "m", "t")

sums = st.builds(Linear.of, st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(-4, 4))), st.integers(-6, 6))
values = st.fixed_dictionaries(dict.fromkeys(NAMES, st.integers(0, 9)))


@given(sums, sums, st.integers(-3, 3), values)
def test_sums_are_added_and_multiplied_like_numbers(
    one: Linear, other: Linear, factor: int, at: dict[str, int]
) -> None:
    assert (one + other).value(at) == one.value(at) + other.value(at)
    assert (one - other).value(at) == one.value(at) - other.value(at)
    assert (one * factor).value(at) == one.value(at) * factor
    assert total([one, other, one]).value(at) == 2 * one.value(at) + other.value(at)


@given(st.lists(sums, min_size=1, max_size=4), values, st.sets(st.sampled_from(["a", "b"])))
def test_formulas_mean_what_their_parts_mean(parts: list[Linear], at: dict[str, int], true: set[str]) -> None:
    arithmetic = Arithmetic()
    valuation = Valuation(arithmetic, at, true)
    atoms = [arithmetic.at_least_0(part) for part in parts]
    held = [part.value(at) >= 0 for part in parts]
    assert [valuation.holds(atom) for atom in atoms] == held
    assert valuation.holds(arithmetic.all_of(atoms)) == all(held)
    assert valuation.holds(arithmetic.any_of(atoms)) == any(held)
    a, b = arithmetic.truth("a"), arithmetic.truth("b")
    assert valuation.holds(arithmetic.choose(a, b, atoms[0])) == (("b" in true) if "a" in true else held[0])
    assert valuation.holds(arithmetic.same(a, b)) == (("a" in true) == ("b" in true))
    counted = arithmetic.at_least_0(parts[0], [(a, parts[-1]), (-b, Linear((), 2))])
    expected = parts[0].value(at) + parts[-1].value(at) * ("a" in true) + 2 * ("b" not in true)
    assert valuation.holds(counted) == (expected >= 0)


@given(sums, values)
def test_an_atom_and_its_negation_are_one_node(one: Linear, at: dict[str, int]) -> None:
    arithmetic = Arithmetic()
    assert arithmetic.at_least_0(one) == -arithmetic.at_least_0(-one - 1)


@given(sums)
def test_opposites_cancel(one: Linear) -> None:
    arithmetic = Arithmetic()
    both = arithmetic.all_of([arithmetic.at_least_0(one), arithmetic.truth("a")])
    assert arithmetic.all_of([both, -both]) == FALSE
    assert arithmetic.any_of([both, -both]) == TRUE


@given(st.lists(sums, min_size=1, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_z3_finds_values_or_there_are_none(parts: list[Linear], signs: list[bool]) -> None:
    arithmetic = Arithmetic()
    formulas: list[Formula] = [
        arithmetic.at_least_0(part) * (1 if sign else -1) for part, sign in zip(parts, signs, strict=False)
    ]
    formulas += [arithmetic.at_least(unknown(name), 0) for name in NAMES]
    formulas += [arithmetic.at_least(Linear((), 3), unknown(name)) for name in NAMES]
    found = arithmetic_solver("z3", arithmetic).solve(formulas, NO_LIMIT)
    small = [{"n": n, "m": m, "t": t} for n in range(4) for m in range(4) for t in range(4)]
    possible = any(all(Valuation(arithmetic, at, ()).holds(one) for one in formulas) for at in small)
    if possible:
        assert isinstance(found, Solution)
        assert all(Valuation(arithmetic, found.numbers, found.truths).holds(one) for one in formulas)
    else:
        assert isinstance(found, Unsatisfiable)


@pytest.mark.parametrize(
    ("linear", "words"),
    [
        (unknown("n") - unknown("m") * 3 - 1, "n > 3*m"),
        (unknown("m") - unknown("t"), "t <= m"),
        (unknown("n") - unknown("m") * 2, "n >= 2*m"),
        (unknown("m") + unknown("o") - unknown("t") - unknown("crash"), "crash + t <= m + o"),
        (unknown("m") * 2, "2*m >= 0"),
    ],
)
def test_inequalities_are_written_as_people_write_them(linear: Linear, words: str) -> None:
    assert inequality(linear) == words
