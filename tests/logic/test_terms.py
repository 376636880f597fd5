"""Terms: every simplification keeps the meaning, and equal terms are one node."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.errors import OutOfTime
from byzverify.limits import Limit
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import FALSE, TRUE, Literal, SimplifiedTerms, Terms, cone

VARIABLES = "abcd"

Formula = tuple[int, list["Formula | int"], list[int]] | int


def formulas() -> st.SearchStrategy[Formula]:
    """Constants, literals (plus or minus the number of a variable, from 1) and nested weighted thresholds."""
    leaves: st.SearchStrategy[Formula] = st.sampled_from([0, 99, 1, 2, 3, 4, -1, -2, -3, -4])

    def thresholds(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        weighted = st.lists(st.tuples(parts, st.integers(1, 4)), max_size=5)
        return st.tuples(st.integers(-1, 9), weighted).map(
            lambda drawn: (drawn[0], [part for part, _ in drawn[1]], [weight for _, weight in drawn[1]])
        )

    return st.recursive(leaves, thresholds, max_leaves=12)


def build(formula: Formula, terms: Terms) -> Literal:
    if isinstance(formula, int):
        if formula in (0, 99):
            return FALSE if formula == 0 else TRUE
        variable = terms.variable(VARIABLES[abs(formula) - 1])
        return variable if formula > 0 else -variable
    k, parts, weights = formula
    return terms.at_least(k, [build(part, terms) for part in parts], weights)


def meaning(formula: Formula, values: dict[str, bool]) -> bool:
    """What a formula comes to, in plain Python and without terms."""
    if isinstance(formula, int):
        if formula in (0, 99):
            return formula == 99
        return values[VARIABLES[abs(formula) - 1]] == (formula > 0)
    k, parts, weights = formula
    return sum(weight for part, weight in zip(parts, weights, strict=True) if meaning(part, values)) >= k


def assignments() -> list[dict[str, bool]]:
    return [dict(zip(VARIABLES, values, strict=True)) for values in product([False, True], repeat=len(VARIABLES))]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Terms, SimplifiedTerms])
@given(formula=formulas())
def test_terms_mean_what_they_are_built_from(kind: Callable[[], Terms], formula: Formula) -> None:
    terms = kind()
    literal = build(formula, terms)
    for values in assignments():
        true = {terms.variable(name) for name, value in values.items() if value}
        assert evaluate(terms, [literal, -literal], true) == [meaning(formula, values), not meaning(formula, values)]


@pytest.mark.parametrize("kind", [Terms, SimplifiedTerms])
@given(formula=formulas())
def test_nodes_are_kept_in_one_form(kind: Callable[[], Terms], formula: Formula) -> None:
    """The first literal is positive, and weights are positive, and written only where one is not 1."""
    terms = kind()
    build(formula, terms)
    for node in filter(None, terms.nodes):
        assert node.literals[0] > 0
        assert node.weights is None or (min(node.weights) > 0 and max(node.weights) > 1)


@pytest.mark.parametrize("kind", [Terms, SimplifiedTerms])
@pytest.mark.parametrize("weights", [[2], [2, 1, 1]])
def test_each_literal_has_a_weight(kind: Callable[[], Terms], weights: list[int]) -> None:
    terms = kind()
    with pytest.raises(ValueError, match="zip"):
        terms.at_least(1, [terms.variable("a"), terms.variable("b")], weights)


@given(formula=formulas())
def test_a_simplified_term_is_constant_only_if_the_formula_is(formula: Formula) -> None:
    literal = build(formula, SimplifiedTerms())
    possible = {meaning(formula, values) for values in assignments()}
    if literal in (TRUE, FALSE):
        assert possible == {literal == TRUE}


@given(formula=formulas(), order=st.permutations(range(5)))
def test_the_order_of_the_parts_makes_no_difference(formula: Formula, order: list[int]) -> None:
    if isinstance(formula, int):
        return
    k, parts, weights = formula
    places = [place for place in order if place < len(parts)]
    terms = SimplifiedTerms()
    assert build((k, [parts[p] for p in places], [weights[p] for p in places]), terms) == build(formula, terms)


@pytest.mark.parametrize("kind", [Terms, SimplifiedTerms])
def test_a_negated_threshold_is_the_threshold_of_the_negations(kind: Callable[[], Terms]) -> None:
    terms = kind()
    a, b, c = (terms.variable(name) for name in "abc")
    assert terms.at_least(2, [-a, -b, -c]) == -terms.at_least(2, [a, b, c])  # three are an odd number
    assert terms.either(-a, -b) == -terms.both(a, b)


def test_opposites_cancel() -> None:
    terms = SimplifiedTerms()
    a, b = terms.variable("a"), terms.variable("b")
    assert terms.at_least(2, [a, -a, b]) == b
    assert terms.at_least(1, [a, -a]) == TRUE
    assert terms.at_least(2, [a, -a]) == FALSE


@pytest.mark.parametrize("kind", [Terms, SimplifiedTerms])
@pytest.mark.parametrize("signs", [(1, -1, 1), (-1, 1, 1), (1, 1, -1)])
def test_opposites_of_unequal_weight_leave_the_difference(kind: Callable[[], Terms], signs: tuple[int, ...]) -> None:
    for weights in product([1, 2, 3], repeat=4):
        for k in range(sum(weights) + 2):
            formula: Formula = (k, [*signs, 2], list(weights))
            terms = kind()
            literal = build(formula, terms)
            a, b = terms.variable("a"), terms.variable("b")
            for true in product([False, True], repeat=2):
                values = dict(zip("ab", true, strict=True))
                assert evaluate(terms, [literal], {v for v, t in zip((a, b), true, strict=True) if t}) == [
                    meaning(formula, values)
                ]


def test_a_literal_that_outweighs_the_rest_is_the_term() -> None:
    terms = SimplifiedTerms()
    a, b, c = (terms.variable(name) for name in "abc")
    assert terms.at_least(3, [a, b, c], [3, 1, 1]) == a
    assert terms.at_least(3, [a, b, c], [3, 2, 1]) not in (a, -a)


def test_common_factors_are_divided_out() -> None:
    terms = SimplifiedTerms()
    a, b, c = (terms.variable(name) for name in "abc")
    assert terms.at_least(3, [a, b, c], [2, 2, 2]) == terms.at_least(2, [a, b, c])
    assert terms.nodes[terms.at_least(6, [a, b, c], [6, 3, 3])] == (2, (a, b, c), (2, 1, 1))
    assert all(type(weight) is int for node in terms.nodes if node for weight in node.weights or ())


def test_raw_terms_simplify_nothing_but_constants() -> None:
    terms = Terms()
    a, b = terms.variable("a"), terms.variable("b")
    node = terms.nodes[terms.at_least(3, [a, a, b, TRUE, FALSE])]
    assert node is not None
    assert (node.k, node.literals) == (2, (a, a, b))


def test_a_cone_lists_parts_before_wholes_and_nothing_else() -> None:
    terms = Terms()
    a, b, c = (terms.variable(name) for name in "abc")
    both = terms.both(a, b)
    terms.both(b, c)
    assert cone(terms, [-both]) == [a, b, both]


def test_building_stops_at_the_deadline() -> None:
    terms = Terms(Limit(deadline=0.0))
    with pytest.raises(OutOfTime):
        terms.variable("a")
