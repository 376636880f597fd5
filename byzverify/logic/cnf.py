"""Terms as clauses: the clauses that `clauses_for` makes of a literal are satisfiable if and only if the literal is.

Each node becomes a Boolean that is true exactly if the node is. An AtLeast counts with a *totalizer* (Bailleux and
Boufkhad, CP 2003): a binary tree over its literals, in the order of the term. Every node of the tree has a Boolean "s
or more" for each sum s that the literals below it can have. With weights, the possible sums are further apart (Joshi,
Martins and Manquinho, CP 2015). Sums beyond k count as k. Equal trees over the same literals are shared. Nothing is
simplified, so that a proof about the clauses trusts neither the constructors of terms nor a solver. This module knows
the terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from byzverify.limits import Limit
from byzverify.logic.terms import TRUE, AtLeast, Literal, Terms, cone

Clause = tuple[int, ...]
"""Literals of which one must be true, in the DIMACS convention: a variable's number, or minus it for its negation."""

Sums = list[tuple[int, int]]
"""For each possible sum, smallest first, the literal that says that it is reached."""


@dataclass
class Clauses:
    """A conjunction of clauses over the variables 1 to `variables`; the first of these are the terms' variables."""

    variables: int
    clauses: list[Clause] = field(default_factory=list)

    def dimacs(self, comments: Iterable[str] = ()) -> Iterator[str]:
        """The lines of a DIMACS file, one clause on each."""
        yield from (f"c {comment}\n" for comment in comments)
        yield f"p cnf {self.variables} {len(self.clauses)}\n"
        for clause in self.clauses:
            yield f"{' '.join(map(str, clause))} 0\n"


def clauses_for(terms: Terms, goal: Literal, limit: Limit) -> Clauses:
    """Clauses that are satisfiable if and only if `goal` is. Raises Stopped at the limit.

    Variable number i of the clauses is the i-th variable of `terms`, whether or not `goal` depends on it.
    """
    return _Translation(terms, limit).of(goal)


class _Translation:
    def __init__(self, terms: Terms, limit: Limit) -> None:
        variables = sorted(terms.names())
        self._terms = terms
        self._limit = limit
        self._numbers = {number: place for place, number in enumerate(variables, start=1)}
        self._made = Clauses(len(variables))
        self._trees: dict[tuple[int, tuple[tuple[int, int], ...]], Sums] = {}

    def of(self, goal: Literal) -> Clauses:
        if abs(goal) == TRUE:
            self._numbers[TRUE] = self._fresh()
            self._demand(self._numbers[TRUE])
        for number in cone(self._terms, [goal]):
            node = self._terms.nodes[number]
            if node is not None:
                self._limit.step(len(node.literals))
                self._numbers[number] = self._at_least(node)
        self._demand(self._literal(goal))
        return self._made

    def _fresh(self) -> int:
        self._made.variables += 1
        return self._made.variables

    def _demand(self, *literals: int) -> None:
        """Add a clause, with each literal once, unless it is always true."""
        clause = tuple(dict.fromkeys(literals))
        if not any(-literal in clause for literal in clause):
            self._made.clauses.append(clause)

    def _literal(self, literal: Literal) -> int:
        return self._numbers[literal] if literal > 0 else -self._numbers[-literal]

    def _at_least(self, node: AtLeast) -> int:
        """The literal that is true if the node is. It counts to k, or to the negation's threshold if that is less."""
        weighted = [(weight, self._literal(literal)) for weight, literal in node.weighted]
        opposite = sum(weight for weight, _ in weighted) - node.k + 1
        if node.k <= opposite:
            return self._reaches(node.k, weighted)
        return -self._reaches(opposite, [(weight, -literal) for weight, literal in weighted])

    def _reaches(self, k: int, weighted: Sequence[tuple[int, int]]) -> int:
        if k > 1:
            return self._tree(k, tuple(weighted))[-1][1]
        some = self._fresh()
        literals = dict.fromkeys(literal for _, literal in weighted)
        self._demand(-some, *literals)
        for literal in literals:
            self._demand(some, -literal)
        return some

    def _tree(self, k: int, weighted: tuple[tuple[int, int], ...]) -> Sums:
        """The sums that the weighted literals reach, up to k."""
        if len(weighted) == 1:
            [(weight, literal)] = weighted
            return [(min(weight, k), literal)]
        if (k, weighted) not in self._trees:
            half = len(weighted) // 2
            self._trees[k, weighted] = self._added(k, self._tree(k, weighted[:half]), self._tree(k, weighted[half:]))
        return self._trees[k, weighted]

    def _added(self, k: int, left: Sums, right: Sums) -> Sums:
        """The sums of two sums. If the left is `a` or more and the right `b` or more, their sum is a + b or more. If
        the left is at most a, and the right at most b, their sum is less than the next possible sum above a + b."""
        possible = {min(a + b, k) for a, _ in [(0, 0), *left] for b, _ in [(0, 0), *right]} - {0}
        sums = [(s, self._fresh()) for s in sorted(possible)]
        reached = dict(sums)
        for a, is_a, above_a in _steps(left):
            for b, is_b, above_b in _steps(right):
                if a + b:
                    self._demand(*_negated(is_a), *_negated(is_b), reached[min(a + b, k)])
                if a + b < k and (above_a or above_b):
                    self._demand(*above_a, *above_b, -next(literal for s, literal in sums if s > a + b))
        for (_, smaller), (_, larger) in pairwise(sums):
            self._demand(smaller, -larger)
        return sums


def _steps(sums: Sums) -> list[tuple[int, Clause, Clause]]:
    """Each sum from 0 on, with a clause for "reached" and one for "the next sum is reached". A clause is empty if its
    sum is always reached, or if there is no next sum."""
    known: list[Clause] = [(), *((literal,) for _, literal in sums), ()]
    return [(s, known[place], known[place + 1]) for place, s in enumerate([0, *(s for s, _ in sums)])]


def _negated(literals: Clause) -> Clause:
    return tuple(-literal for literal in literals)
