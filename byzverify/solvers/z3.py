"""z3, the solver that is always installed. The only file that knows z3.

Terms become z3's cardinality and pseudo-Boolean constraints, in which each shared node is shared too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import cycle
from time import monotonic

import z3

from byzverify.errors import Interrupted, OutOfTime, Stopped
from byzverify.limits import Limit
from byzverify.logic.linear import Arithmetic, Atom, Both, Formula, Linear, below, unknowns
from byzverify.logic.terms import AtLeast, Literal, Terms, cone
from byzverify.signals import heed_interrupt, stopping_at_once
from byzverify.solvers.answers import Found, Satisfiable, Solver, Undecided, Unsatisfiable
from byzverify.solvers.arithmetic import Solution

WAYS: tuple[tuple[Callable[[z3.Context], z3.Solver], int], ...] = (
    (z3.SimpleSolver, 12_000_000),
    (lambda context: z3.Then("simplify", "card2bv", "sat", ctx=context).solver(), 6_000_000),
)
"""Two ways to solve: with cardinality constraints as they are, and with these turned into circuits for z3's SAT solver.
On some questions the first way is hundreds of times as fast as the second, on others it is the opposite. So they take
turns. In turn t (0, 1, ... over both ways), a way may take about 2**t times its number of z3's own steps. The allowance
is not in seconds, because then the speed of the machine would decide which way finds an attack, and so which attack is
found."""

STEP = 100
"""How many of z3's steps one of our steps counts as."""

MOST_AT_ONCE = 2**32 - 1
"""The largest limit of steps that z3 accepts."""

STOPPED = ("canceled", "timeout", "interrupted", "interrupted from keyboard")
"""The reasons that z3 gives if it was stopped before it finished."""


class Z3(Solver):
    """A solver that reuses for one goal what it has translated for goals before.

    Each has a context of its own, because the answer that z3 finds depends on everything that its context has seen.
    """

    name = "z3"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self._context = z3.Context()
        self._symbols: dict[int, z3.BoolRef] = {}

    def _search(self, goal: Literal, limit: Limit) -> Found:
        try:
            return self._answer(goal, limit)
        except z3.Z3Exception as error:
            return Undecided(f"z3 failed: {error}")

    def _answer(self, goal: Literal, limit: Limit) -> Found:
        variables = self._translate(goal, limit)
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
        return _undecided(solver.reason_unknown(), limit)

    def _translate(self, goal: Literal, limit: Limit) -> frozenset[int]:
        """Translate everything that `goal` is built from; return the variables in it."""
        variables = []
        for number in cone(self.terms, [goal]):
            node = self.terms.nodes[number]
            if node is None:
                variables.append(number)
            if number not in self._symbols:
                limit.step(1 if node is None else len(node.literals))
                self._symbols[number] = (
                    z3.Bool(number, self._context) if node is None else _expression(node, self._symbols)
                )
        return frozenset(variables)


def _undecided(reason: str, limit: Limit) -> Undecided:
    """Why z3 gave up. While z3 searches, it receives Ctrl-C itself, and reports only that it was stopped."""
    limit.check()
    if reason in STOPPED:
        if limit.deadline is not None and monotonic() >= limit.deadline - 0.1:
            raise OutOfTime
        heed_interrupt()
        raise Interrupted
    return Undecided(f"z3 gave up: {reason}")


def _steps(context: z3.Context) -> int:
    """The total number of steps that z3 has made in a context so far."""
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


class Z3Arithmetic:
    """Linear arithmetic in z3: formulas are translated once, and asked about one after the other."""

    name = "z3"

    def __init__(self, arithmetic: Arithmetic) -> None:
        self._arithmetic = arithmetic
        self._context = z3.Context()
        self._formulas: dict[int, z3.BoolRef] = {1: z3.BoolVal(True, self._context)}
        self._numbers: dict[str, z3.ArithRef] = {}

    def solve(self, formulas: Sequence[Formula], limit: Limit) -> Solution | Unsatisfiable | Undecided:
        """Look for values of the unknowns under which all of the formulas hold. Raises Stopped at the limit."""
        solver = z3.SolverFor("QF_LIA", ctx=self._context)
        for formula in formulas:
            self._translate(formula, limit)
            solver.add(_signed(formula, self._formulas))
        limit.check()
        if (seconds := limit.seconds()) is not None:
            solver.set("timeout", max(1, int(1000 * seconds)))
        if limit.left is not None:
            solver.set("rlimit", min(MOST_AT_ONCE, 1 + limit.left * STEP))
        begin = _steps(self._context)
        with stopping_at_once(solver.interrupt):
            answer = solver.check()
        limit.spend((_steps(self._context) - begin) // STEP)
        if answer == z3.unsat:
            return Unsatisfiable()
        if answer == z3.unknown:
            return _undecided(solver.reason_unknown(), limit)
        model = solver.model()
        numbers, truths = unknowns(self._arithmetic, formulas)
        values = {name: model.eval(self._numbers[name], model_completion=True).as_long() for name in numbers}
        true = [name for name in truths if z3.is_true(model.eval(z3.Bool(name, self._context)))]
        return Solution(values, frozenset(true))

    def _translate(self, formula: Formula, limit: Limit) -> None:
        for number in below(self._arithmetic, [formula]):
            if number not in self._formulas:
                limit.step()
                self._formulas[number] = self._expression(self._arithmetic.nodes[number])

    def _expression(self, node: Atom | Both | str) -> z3.BoolRef:
        if isinstance(node, str):
            return z3.Bool(node, self._context)
        if isinstance(node, Both):
            return z3.And([_signed(part, self._formulas) for part in node.parts])
        parts = [z3.If(_signed(formula, self._formulas), self._sum(part), 0) for formula, part in node.conditional]
        return z3.Sum([self._sum(node.always), *parts]) >= 0

    def _sum(self, linear: Linear) -> z3.ArithRef:
        parts = [factor * self._number(name) for name, factor in linear.factors]
        return z3.Sum([z3.IntVal(linear.constant, self._context), *parts])

    def _number(self, name: str) -> z3.ArithRef:
        if name not in self._numbers:
            self._numbers[name] = z3.Int(name, self._context)
        return self._numbers[name]


arithmetic_solver = Z3Arithmetic


class RationalInequalities:
    """Inequalities of rational numbers, each with a number by which it is asked about.

    An inequality says that a sum is 0 or more: what each unknown is multiplied by, and the constant under ``.
    """

    def __init__(self) -> None:
        self._context = z3.Context()
        self._solver = z3.SolverFor("QF_LRA", ctx=self._context)
        self._solver.set("core.minimize", True)
        self._unknowns: dict[str, z3.ArithRef] = {}
        self._said: dict[int, z3.BoolRef] = {}

    def knows(self, number: int) -> bool:
        """Whether there is an inequality with this number."""
        return number in self._said

    def add(self, number: int, inequality: Mapping[str, int]) -> None:
        """Give an inequality this number."""
        said = self._said[number] = z3.Bool(str(number), self._context)
        parts = [factor * self._unknown(name) if name else factor for name, factor in inequality.items()]
        self._solver.add(z3.Implies(said, z3.Sum(parts) >= 0))

    def solve(self, numbers: Iterable[int]) -> list[int] | dict[str, Fraction]:
        """Values under which these inequalities hold. Otherwise those of them that contradict each other, of which none
        can be left out.
        """
        answer = self._solver.check(*(self._said[number] for number in numbers))
        if answer == z3.unsat:
            return [int(str(said)) for said in self._solver.unsat_core()]
        if answer == z3.unknown:
            raise Stopped(f"z3 gave up: {self._solver.reason_unknown()}")
        model = self._solver.model()
        values = {name: model.eval(one, model_completion=True) for name, one in self._unknowns.items()}
        return {name: value.as_fraction() for name, value in values.items()}

    def _unknown(self, name: str) -> z3.ArithRef:
        if name not in self._unknowns:
            self._unknowns[name] = z3.Real(name, self._context)
        return self._unknowns[name]
