"""The only file that knows z3: whether a literal can be true, and under which assignment.

Terms go to z3 as its cardinality and pseudo-Boolean constraints, each shared node as a Boolean of its own, through z3's
C interface: for hundreds of thousands of nodes the objects of the Python interface would take most of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import z3

from byzverify.errors import Interrupted, OutOfTime
from byzverify.logic.terms import FALSE, TRUE, AtLeast, Literal, Terms, cone


@dataclass(frozen=True)
class Satisfiable:
    """An assignment under which the literal is true: the variables that it is built from, and the true ones of them."""

    variables: frozenset[int]
    true_variables: frozenset[int]


@dataclass(frozen=True)
class Unsatisfiable:
    """No assignment makes the literal true."""


@dataclass(frozen=True)
class Undecided:
    """z3 gave up, for this reason."""

    reason: str


def solve(terms: Terms, goal: Literal) -> Satisfiable | Unsatisfiable | Undecided:
    """Look for an assignment of the variables under which `goal` is true. Raises Stopped at the limit of `terms`."""
    if goal == TRUE:
        return Satisfiable(frozenset(), frozenset())
    if goal == FALSE:
        return Unsatisfiable()
    solver = z3.SimpleSolver()
    variables = _assert(solver, terms, goal)
    terms.limit.check()
    if terms.limit.deadline is not None:
        solver.set("timeout", max(1, int(1000 * (terms.limit.deadline - monotonic()))))
    answer = solver.check()
    if answer == z3.unsat:
        return Unsatisfiable()
    if answer == z3.unknown:
        return _undecided(terms, solver.reason_unknown())
    model = solver.model()
    true = frozenset(number for number, symbol in variables.items() if z3.is_true(model.eval(symbol)))
    return Satisfiable(frozenset(variables), true)


def _undecided(terms: Terms, reason: str) -> Undecided:
    """Why z3 gave up. While it searches, Ctrl-C is its to notice; it says no more than that it was stopped."""
    terms.limit.check()
    if reason in ("canceled", "timeout", "interrupted", "interrupted from keyboard"):
        in_time = terms.limit.deadline is None or monotonic() < terms.limit.deadline - 0.1
        raise Interrupted if in_time else OutOfTime
    return Undecided(f"z3 gave up: {reason}")


def _assert(solver: z3.Solver, terms: Terms, goal: Literal) -> dict[int, z3.BoolRef]:
    """Assert `goal`; give the variables that it is built from."""
    symbols: dict[int, z3.BoolRef] = {}
    variables = {}
    for number in cone(terms, [goal]):
        node = terms.nodes[number]
        if node is None:
            symbols[number] = variables[number] = z3.Bool(number)
        else:
            symbols[number] = _expression(node, symbols)
    solver.add(symbols[goal] if goal > 0 else z3.Not(symbols[-goal]))
    return variables


def _expression(node: AtLeast, symbols: dict[int, z3.BoolRef]) -> z3.BoolRef:
    literals = [symbols[literal] if literal > 0 else z3.Not(symbols[-literal]) for literal in node.literals]
    if node.weights is not None:
        return z3.PbGe(list(zip(literals, node.weights, strict=True)), node.k)
    if node.k == 1:
        return z3.Or(literals)
    if node.k == len(literals):
        return z3.And(literals)
    return z3.AtLeast(*literals, node.k)
