"""z3 against the truth table, on random terms."""

from itertools import product
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.checking.solving import Satisfiable, Search, Unsatisfiable
from byzverify.errors import Interrupted, OutOfTime
from byzverify.limits import Limit
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import Literal, SimplifiedTerms, Terms

NODES = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(1, 3)), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=8,
)


def grow(terms: Terms, nodes: list[tuple[int, list[tuple[int, bool, int]]]]) -> Literal:
    """A term of random nodes, each over variables and the nodes before it."""
    literals = [terms.variable(name) for name in range(5)]
    for k, parts in nodes:
        chosen = [literals[index % len(literals)] * (1 if positive else -1) for index, positive, _ in parts]
        literals.append(terms.at_least(k, chosen, [weight for _, _, weight in parts]))
    return literals[-1]


@given(nodes=NODES, raw=st.booleans())
def test_z3_finds_an_assignment_exactly_where_the_truth_table_has_one(
    nodes: list[tuple[int, list[tuple[int, bool, int]]]], raw: bool
) -> None:
    terms = Terms() if raw else SimplifiedTerms()
    goal = grow(terms, nodes)
    variables = [terms.variable(name) for name in range(5)]
    rows = [{v for v, true in zip(variables, row, strict=True) if true} for row in product([False, True], repeat=5)]
    found = Search(terms).solve(goal)
    if isinstance(found, Satisfiable):
        assert found.true_variables <= found.variables
        assert evaluate(terms, [goal], found.true_variables) == [True]
    else:
        assert isinstance(found, Unsatisfiable)
        assert not any(evaluate(terms, [goal], true)[0] for true in rows)


@pytest.mark.parametrize("reason", ["canceled", "timeout", "interrupted", "interrupted from keyboard"])
def test_why_z3_was_stopped_is_told_by_the_clock(reason: str) -> None:
    """z3 says no more than that it was stopped, by its time limit or by Ctrl-C."""
    with pytest.raises(Interrupted):
        Search(Terms())._undecided(reason)
    with pytest.raises(Interrupted):
        Search(Terms(Limit(monotonic() + 100)))._undecided(reason)
    with pytest.raises(OutOfTime):
        Search(Terms(Limit(monotonic() + 0.05)))._undecided(reason)
    assert "tired" in Search(Terms())._undecided("tired").reason
