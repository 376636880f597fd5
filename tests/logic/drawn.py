"""Graphs of terms drawn at random, with every assignment of their variables."""

from collections.abc import Iterator
from itertools import chain, combinations

from hypothesis import strategies as st

from byzverify.logic.terms import Literal, SimplifiedTerms, Terms


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Terms, list[int], Literal]:
    """A graph, its variables, and one of its literals."""
    terms = draw(st.sampled_from([Terms, SimplifiedTerms]))()
    variables = [terms.variable(name) for name in range(draw(st.integers(1, 6)))]
    numbers = list(variables)
    for _ in range(draw(st.integers(1, 10))):
        parts = draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=4, unique=True))
        literals = [part * draw(st.sampled_from([1, -1])) for part in parts]
        weights = draw(st.none() | st.lists(st.integers(1, 3), min_size=len(parts), max_size=len(parts)))
        made = terms.at_least(draw(st.integers(1, sum(weights or [1] * len(parts)))), literals, weights)
        numbers += [abs(made)] if abs(made) != 1 else []
    return terms, variables, draw(st.sampled_from(numbers)) * draw(st.sampled_from([1, -1]))


def subsets(variables: list[int]) -> Iterator[tuple[int, ...]]:
    """Every choice of variables."""
    return chain.from_iterable(combinations(variables, size) for size in range(len(variables) + 1))
