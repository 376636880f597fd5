"""Unit propagation against all assignments."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from byzverify.logic.evaluation import evaluate
from byzverify.logic.propagation import contradictory
from byzverify.logic.terms import SimplifiedTerms, Terms

VARIABLES = 4


@given(data=st.data(), simplified=st.booleans())
def test_what_propagation_contradicts_is_false_under_every_assignment(data: st.DataObject, simplified: bool) -> None:
    terms = SimplifiedTerms() if simplified else Terms()
    literals = [terms.variable(name) for name in range(VARIABLES)]
    variables = list(literals)
    for _ in range(data.draw(st.integers(1, 6))):
        chosen = data.draw(st.lists(st.sampled_from([*literals, *(-one for one in literals)]), min_size=1, max_size=4))
        weights = data.draw(st.lists(st.integers(1, 3), min_size=len(chosen), max_size=len(chosen)))
        literals.append(terms.at_least(data.draw(st.integers(1, sum(weights))), chosen, weights))
    goal = literals[-1]
    truths = (
        evaluate(terms, [goal], {one for one, holds in zip(variables, true, strict=True) if holds})
        for true in product((True, False), repeat=VARIABLES)
    )
    assert not (contradictory(terms, goal) and any(holds for (holds,) in truths))


def test_propagation_sees_that_all_of_some_imply_all_of_fewer() -> None:
    terms = Terms()
    some = [terms.variable(name) for name in range(9)]
    every, fewer = terms.at_least(9, some), terms.at_least(8, some[:8])
    assert contradictory(terms, terms.both(every, -fewer))
    assert not contradictory(terms, terms.both(-every, fewer))
