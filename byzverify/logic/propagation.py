"""Unit propagation: what follows from one literal without trying values. It knows the terms, and no solver."""

from __future__ import annotations

from byzverify.logic.terms import AtLeast, Literal, Terms, cone


class _Conflict(Exception):
    """Something would have to be both true and false."""


def contradictory(terms: Terms, literal: Literal) -> bool:
    """Whether propagation alone shows that the literal is false under every assignment. False means: not known."""
    numbers = cone(terms, [literal])
    known = {1: True}
    try:
        _learn(known, literal)
        before = 0
        while before != len(known):
            before = len(known)
            for number in (*reversed(numbers), *numbers):
                node = terms.nodes[number]
                if node is not None:
                    _propagate(known, number, node)
    except _Conflict:
        return True
    return False


def _propagate(known: dict[int, bool], number: int, node: AtLeast) -> None:
    """Derive the values of a node's parts from the node's value, and the other way round."""
    weighted = node.weighted
    true = sum(weight for weight, literal in weighted if known.get(abs(literal)) is (literal > 0))
    possible = sum(weight for weight, literal in weighted if known.get(abs(literal)) is not (literal < 0))
    if true >= node.k:
        _learn(known, number)
    elif possible < node.k:
        _learn(known, -number)
    elif number in known:
        spare = possible - node.k if known[number] else node.k - 1 - true
        for weight, literal in weighted:
            if weight > spare and abs(literal) not in known:
                _learn(known, literal if known[number] else -literal)


def _learn(known: dict[int, bool], literal: Literal) -> None:
    if known.setdefault(abs(literal), literal > 0) is not (literal > 0):
        raise _Conflict
