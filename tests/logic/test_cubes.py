"""Cubes: the parts of a split cover the whole, and no two of them overlap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.logic.cubes import WHOLE, Cube, UnknownVariable, decisive, split, within
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import Literal, SimplifiedTerms, Terms, cone
from tests.logic.drawn import graphs, subsets


@given(graphs(), st.integers(0, 4), st.integers(0, 2))
def test_whatever_makes_a_goal_true_is_in_exactly_one_of_its_cubes(
    drawn: tuple[Terms, list[int], Literal], first: int, second: int
) -> None:
    terms, variables, goal = drawn
    cubes: list[Cube] = []
    for cube in split(WHOLE, decisive(terms, goal, first)):
        cubes += split(cube, decisive(terms, within(terms, goal, cube), second, cube))
    asked = [within(terms, goal, cube) for cube in cubes]
    for true in subsets(variables):
        assert sum(evaluate(terms, asked, true)) == evaluate(terms, [goal], true)[0]


@pytest.mark.slow
@given(graphs(), st.integers(0, 8))
def test_what_decides_is_in_the_goal_and_open_and_all_that_is_comes_if_it_is_asked_for(
    drawn: tuple[Terms, list[int], Literal], most: int
) -> None:
    terms, variables, goal = drawn
    names = terms.names()
    inside = {names[number] for number in cone(terms, [goal]) if number in variables}
    found = decisive(terms, goal, most)
    assert len(set(found)) == len(found) == min(most, len(inside))
    assert set(found) <= inside
    cube = tuple((name, True) for name in found[:1])
    assert set(decisive(terms, goal, 100, cube)) == inside - set(found[:1])


def test_the_variable_that_weighs_most_decides_most() -> None:
    terms = SimplifiedTerms()
    small, large, hidden = (terms.variable(name) for name in ("small", "large", "hidden"))
    goal = terms.at_least(3, [small, large, terms.both(hidden, small)], [1, 2, 1])
    assert decisive(terms, goal, 3) == ["large", "small", "hidden"]


def test_what_is_met_again_gathers_weight() -> None:
    terms = SimplifiedTerms()
    a, b, c, d = (terms.variable(name) for name in "abcd")
    goal = terms.at_least(2, [terms.both(a, d), terms.both(b, d), terms.both(c, d)])
    assert decisive(terms, goal, 1) == ["d"]


def test_of_variables_that_weigh_the_same_the_one_made_first_comes_first() -> None:
    terms = Terms()
    names = ["z", "y", "x", "w"]
    goal = terms.at_least(2, [terms.variable(name) for name in names])
    assert decisive(terms, goal, 4) == names


def test_a_variable_that_the_terms_do_not_have_is_no_part_of_a_cube() -> None:
    terms = Terms()
    goal = terms.variable("there")
    with pytest.raises(UnknownVariable, match="'elsewhere'"):
        within(terms, goal, (("there", True), ("elsewhere", True)))
    assert terms.names() == {goal: "there"}
