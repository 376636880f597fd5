"""Terms as linear constraints on zeros and ones, and their text in OPB format. The file knows the terms.

Each node becomes a variable x of its own, with two constraints: if x is 1, its sum reaches k, and if x is 0, it does
not. Variables have the numbers of their nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from byzverify.logic.terms import TRUE, AtLeast, Literal, Terms, cone


@dataclass(frozen=True)
class PseudoBoolean:
    """The sum of weight times variable, over (weight, number of the variable), is `bound` or more."""

    weighted: tuple[tuple[int, int], ...]
    bound: int

    @classmethod
    def of(cls, weighted: Iterable[tuple[int, Literal]], bound: int) -> PseudoBoolean:
        """The constraint for a sum over literals; the negation of x is 1 - x."""
        summed: dict[int, int] = {}
        for weight, literal in weighted:
            sign = 1 if literal > 0 else -1
            summed[abs(literal)] = summed.get(abs(literal), 0) + sign * weight
            bound -= weight if literal < 0 else 0
        return cls(tuple((weight, number) for number, weight in summed.items()), bound)

    def __str__(self) -> str:
        return f"{' '.join(f'{weight:+} x{number}' for weight, number in self.weighted)} >= {self.bound} ;"


def constraints(terms: Terms, goal: Literal) -> Iterator[PseudoBoolean]:
    """Constraints that are satisfiable if and only if `goal` is."""
    for number in cone(terms, [goal]):
        node = terms.nodes[number]
        if node is not None:
            yield from _defining(number, node)
        elif number == TRUE:
            yield PseudoBoolean.of([(1, number)], 1)
    yield PseudoBoolean.of([(1, goal)], 1)


def _defining(number: int, node: AtLeast) -> Iterator[PseudoBoolean]:
    """If the node is true, its sum is k or more; if it is false, the weights missing sum to total - k + 1 or more."""
    missing = sum(weight for weight, _ in node.weighted) - node.k + 1
    yield PseudoBoolean.of([*node.weighted, (node.k, -number)], node.k)
    yield PseudoBoolean.of([*((weight, -literal) for weight, literal in node.weighted), (missing, number)], missing)


def opb(terms: Terms, goal: Literal) -> Iterator[str]:
    """The lines of an OPB file."""
    found = list(constraints(terms, goal))
    highest = max((number for constraint in found for _, number in constraint.weighted), default=0)
    yield f"* #variable= {highest} #constraint= {len(found)}\n"
    for constraint in found:
        yield f"{constraint}\n"
