"""Sums that fit: all of them, the simplest first, and none that lies outside at some size."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.language.holes import Filling
from byzverify.questions.completion import HoleSum, Values
from byzverify.questions.fitting import CONSTANTS, FACTORS, fits

AT = [{"n": 4, "m": 1}, {"n": 5, "m": 1}, {"n": 7, "m": 2}, {"n": 8, "m": 2}]


def found(*allowed: set[Values]) -> list[str]:
    points = list(zip(AT, allowed, strict=False))
    return [", ".join(map(str, fit)) for fit in fits(points)]


def test_a_sum_that_is_right_at_every_size_is_found() -> None:
    assert found({(3,)}, {(4,)}, {(5,)}, {(6,)}) == ["n - m"]
    assert found({(2,)}, {(2,)}, {(3,)}, {(3,)}) == ["m + 1"]
    assert found({(1,)}, {(1,)}, {(1,)}, {(1,)}) == ["1"]
    assert found({(5,)}, {(7,)}, {(8,)}, {(10,)}) == ["2 * n - 3 * m"]


def test_the_simplest_comes_first() -> None:
    assert found({(2,)}, {(2,), (3,)}, {(3,), (4,)})[:2] == ["2 * m", "m + 1"]
    weights = [fit[0].weight for fit in fits([(AT[0], {(2,), (3,)}), (AT[1], {(2,), (3,)})])]
    assert weights == sorted(weights)
    assert len(weights) > 10


def test_holes_fit_together_and_not_only_each() -> None:
    apart: list[set[Values]] = [{(3, 2), (2, 1)}, {(4, 1), (2, 2)}]
    assert "n - m, 2" not in found(*apart)
    assert all(
        tuple(part.at(sizes) for part in fit) in allowed
        for fit in fits(list(zip(AT, apart, strict=False)))
        for sizes, allowed in zip(AT, apart, strict=False)
    )


def test_what_is_no_number_is_the_same_at_every_size() -> None:
    assert found({("low", 3), ("high", 1)}, {("low", 4)}, {("low", 5)}, {("low", 6)}) == ["'low', n - m"]
    assert found({(True,)}, {(True,), (False,)}) == ["True"]
    assert found({(True,)}, {(False,)}) == []


def test_nothing_fits_where_nothing_is_allowed() -> None:
    assert found({(3,)}, set()) == []
    assert found({(3,)}, {(40,)}) == []


def test_at_one_size_every_value_fits() -> None:
    assert found({(3, True)}) == ["3, True"]


@given(st.lists(st.sets(st.integers(0, 6), min_size=1, max_size=4), min_size=2, max_size=4))
def test_exactly_the_sums_are_found_that_trying_all_of_them_finds(allowed: list[set[int]]) -> None:
    points = [(sizes, {(value,) for value in some}) for sizes, some in zip(AT, allowed, strict=False)]
    every = {
        (a, b, c)
        for a, b, c in product(FACTORS, FACTORS, CONSTANTS)
        if (a or b)
        and all(a * sizes["n"] + b * sizes["m"] + c in some for sizes, some in zip(AT, allowed, strict=False))
    }
    sums = [fit[0] for fit in fits(points)]
    assert {(one.factors.get("n", 0), one.factors.get("m", 0), one.constant) for one in sums if one.factors} == every
    assert {one.constant for one in sums if not one.factors} == set.intersection(*allowed)
    assert all(one.weight <= other.weight for one, other in pairwise(sums))


@pytest.mark.parametrize(
    ("factors", "constant", "text", "written"),
    [
        ({"n": 1, "m": -1}, -1, "n - m - 1", "(self.n - self.m - 1)"),
        ({"m": -2, "n": 1}, 0, "n - 2 * m", "(self.n - 2 * self.m)"),
        ({"m": -1}, 3, "3 - m", "(3 - self.m)"),
        ({"m": -1}, -1, "-m - 1", "(-self.m - 1)"),
        ({}, 3, "3", "3"),
        ({}, -3, "-3", "(-3)"),
        ({}, True, "True", "True"),
        ({}, "low", "'low'", "'low'"),
    ],
)
def test_a_sum_is_written_as_an_expression(factors: dict[str, int], constant: Filling, text: str, written: str) -> None:
    one = HoleSum(factors, constant)
    assert (str(one), one.written("self")) == (text, written)
    assert eval(text, {"n": 9, "m": 2}) == one.at({"n": 9, "m": 2})
