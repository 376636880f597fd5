"""The cheapest assignment, against trying all; and a literal under flips, against computing it anew."""

import sys
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.limits import NO_LIMIT
from byzverify.logic.evaluation import evaluate
from byzverify.logic.incremental import Flipping
from byzverify.logic.minimum_cost import MOST_SHARED, Cheapest, TooEntangled
from byzverify.logic.terms import Literal, Terms
from tests.logic.drawn import graphs, subsets

Graph = tuple[Terms, list[int], Literal]


@given(graphs(), st.data())
def test_the_cost_is_the_least_of_all_assignments_and_one_has_it(graph: Graph, data: st.DataObject) -> None:
    terms, variables, goal = graph
    prices = {number: data.draw(st.integers(0, 3)) for number in variables}
    banned = data.draw(st.sets(st.sampled_from(variables), max_size=2))
    costs = [
        sum(prices[number] for number in true)
        for true in subsets(variables)
        if banned.isdisjoint(true) and evaluate(terms, [goal], true) == [True]
    ]
    found = Cheapest(terms, goal, prices, NO_LIMIT, banned)
    assert found.cost == min(costs, default=inf)
    if costs:
        true = found.true_variables()
        assert evaluate(terms, [goal], true) == [True]
        assert sum(prices[number] for number in true) == found.cost
        assert banned.isdisjoint(true)


def test_what_shares_too_much_is_refused() -> None:
    terms = Terms()
    shared = [terms.variable(name) for name in range(MOST_SHARED + 1)]
    goal = terms.both(terms.at_least(3, shared), -terms.at_least(7, shared))
    with pytest.raises(TooEntangled):
        Cheapest(terms, goal, {}, NO_LIMIT)


def test_what_is_too_deep_is_refused() -> None:
    terms = Terms()
    goal = terms.variable(0)
    for name in range(1, sys.getrecursionlimit()):
        goal = terms.at_least(1 + name % 2, (goal, terms.variable(name)))
    with pytest.raises(TooEntangled):
        Cheapest(terms, goal, {}, NO_LIMIT)


@given(graphs(), st.data())
def test_after_flips_a_literal_is_what_it_is_when_computed_anew(graph: Graph, data: st.DataObject) -> None:
    terms, variables, goal = graph
    true = data.draw(st.sets(st.sampled_from(variables)))
    watched = Flipping(terms, goal, true)
    for _ in range(5):
        assert [watched.holds] == evaluate(terms, [goal], true)
        flips = data.draw(st.sets(st.sampled_from(variables), min_size=1))
        true ^= flips
        watched.flip(flips)
