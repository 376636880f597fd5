"""z3, the solver that is always there. The only file that knows z3.

Terms go to z3 as its cardinality and pseudo-Boolean constraints, each shared node as a Boolean of its own, through z3's
C interface: for hundreds of thousands of nodes the objects of the Python interface would take most of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from time import monotonic

import z3

from byzverify.errors import Interrupted, OutOfTime
from byzverify.logic.terms import AtLeast, Literal, Terms, cone
from byzverify.signals import heed_interrupt, stopping_at_once
from byzverify.solvers.answers import Found, Satisfiable, Solver, Undecided, Unsatisfiable

WAYS: tuple[tuple[Callable[[z3.Context], z3.Solver], int], ...] = (
    (z3.SimpleSolver, 12_000_000),
    (lambda context: z3.Then("simplify", "card2bv", "sat", ctx=context).solver(), 6_000_000),
)
"""Cardinalities as they are, and counted by circuits for z3's SAT solver. On some questions the one is hundreds of
times as fast as the other, on some the other way round, and so they take turns: each goes about this far, in z3's own
count of its steps, doubled with every turn of anybody. Seconds would let the speed of the machine choose who finds an
attack, and so which."""

STEP = 100
"""How many of z3's steps are one of ours."""

MOST_AT_ONCE = 2**32 - 1
"""How many steps z3 can be allowed."""

STOPPED = ("canceled", "timeout", "interrupted", "interrupted from keyboard")
"""What z3 says where it was not left to come to an end."""


class Z3(Solver):
    """What has been translated for one goal serves the next.

    Each has a context of its own: which answer z3 finds depends on everything that the context has seen before.
    """

    name = "z3"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._context = z3.Context()
        self._symbols: dict[int, z3.BoolRef] = {}

    def _search(self, goal: Literal) -> Found:
        try:
            return self._answer(goal)
        except z3.Z3Exception as error:
            return Undecided(f"z3 failed: {error}")

    def _answer(self, goal: Literal) -> Found:
        variables = self._translate(goal)
        limit = self.terms.limit
        for turn, (way, steps) in enumerate(cycle(WAYS)):
            solver = way(self._context)
            solver.add(_signed(goal, self._symbols))
            limit.check()
            if (seconds := limit.seconds()) is not None:
                solver.set("timeout", max(1, int(1000 * seconds)))
            most = min(steps * 2**turn, MOST_AT_ONCE if limit.left is None else 1 + limit.left * STEP)
            solver.set("rlimit", most)
            begin = _steps(self._context)
            with stopping_at_once(solver.interrupt):
                answer = solver.check()
            spent = _steps(self._context) - begin
            limit.spend(spent // STEP)
            if answer == z3.unsat:
                return Unsatisfiable()
            if answer == z3.sat:
                model = solver.model()
                true = frozenset(number for number in variables if z3.is_true(model.eval(self._symbols[number])))
                return Satisfiable(variables, true)
            if spent < most:
                break
        return self._undecided(solver.reason_unknown())

    def _translate(self, goal: Literal) -> frozenset[int]:
        """Translate all that `goal` is built from; give the variables among it."""
        variables = []
        for number in cone(self.terms, [goal]):
            node = self.terms.nodes[number]
            if node is None:
                variables.append(number)
            if number not in self._symbols:
                self.terms.limit.step(1 if node is None else len(node.literals))
                self._symbols[number] = (
                    z3.Bool(number, self._context) if node is None else _expression(node, self._symbols)
                )
        return frozenset(variables)

    def _undecided(self, reason: str) -> Undecided:
        """Why z3 gave up. While it searches, Ctrl-C is its to notice; it says no more than that it was stopped."""
        limit = self.terms.limit
        limit.check()
        if reason in STOPPED:
            if limit.deadline is not None and monotonic() >= limit.deadline - 0.1:
                raise OutOfTime
            heed_interrupt()
            raise Interrupted
        return Undecided(f"z3 gave up: {reason}")


def _steps(context: z3.Context) -> int:
    """How many steps z3 has made so far in a context, in all."""
    solver = z3.SimpleSolver(context)
    solver.check()
    count: int = solver.statistics().get_key_value("rlimit count")
    return count


def _signed(literal: Literal, symbols: dict[int, z3.BoolRef]) -> z3.BoolRef:
    return symbols[literal] if literal > 0 else z3.Not(symbols[-literal])


def _expression(node: AtLeast, symbols: dict[int, z3.BoolRef]) -> z3.BoolRef:
    literals = [_signed(literal, symbols) for literal in node.literals]
    if node.weights is not None:
        return z3.PbGe(list(zip(literals, node.weights, strict=True)), node.k)
    if node.k == 1:
        return z3.Or(literals)
    if node.k == len(literals):
        return z3.And(literals)
    return z3.AtLeast(*literals, node.k)


solver = Z3
