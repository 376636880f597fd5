"""The literals in decisions, and the votes among them: counts of three or more literals against a threshold.

This module knows terms. It does not know whose decisions these are, or what the votes are needed for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from byzverify.engines.finite.symbolic import SymbolicOrder, SymbolicTruth
from byzverify.language.decisions import Decision, leaves
from byzverify.logic.terms import AtLeast, Literal, Terms

SMALLEST_VOTE = 3
"""The smallest count that is a vote; a smaller one is an `and` or an `or`."""


def literals(decisions: Iterable[Decision]) -> list[Literal]:
    """The literals that these decisions are made of, each once."""
    return list(dict.fromkeys(literal for decision in decisions for literal in _literals(decision)))


def _literals(decision: Decision) -> Iterator[Literal]:
    for _, leaf in leaves(decision):
        if isinstance(leaf, SymbolicOrder):
            yield from leaf.bits
        elif isinstance(leaf, SymbolicTruth):
            yield leaf.literal


def votes(terms: Terms, numbers: Iterable[int]) -> dict[int, AtLeast]:
    """Those of these nodes that count votes, by number."""
    nodes = {number: terms.nodes[number] for number in numbers}
    return {number: node for number, node in nodes.items() if node is not None and len(node.literals) >= SMALLEST_VOTE}
