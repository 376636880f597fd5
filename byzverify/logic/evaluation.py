"""The values of terms under an assignment. It knows the terms, and computes only with Python's integers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from byzverify.logic.terms import Literal, Terms, cone


def evaluate(terms: Terms, roots: Sequence[Literal], true_variables: Collection[int]) -> list[bool]:
    """Whether each of `roots` is true if the variables with these numbers are true and all others are false."""
    value = {1: True}
    for number in cone(terms, roots):
        node = terms.nodes[number]
        if node is not None:
            true = (weight for weight, literal in node.weighted if value[abs(literal)] == (literal > 0))
            value[number] = sum(true) >= node.k
        elif number != 1:
            value[number] = number in true_variables
    return [value[abs(root)] == (root > 0) for root in roots]
