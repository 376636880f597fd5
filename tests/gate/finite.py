"""Asking the finite engine the same as a lemma: with exactly these faults, can this go wrong?

The scenarios are chosen here, so that a lemma about one fault of the commander or leader has an answer of its own.
Generals other than number 0 are taken to be interchangeable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.execution import Execution, execute
from byzverify.engines.finite.failure_semantics import runs_program
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.language.conditions import Condition, Outcome
from byzverify.language.faults import Fault, Faults
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Truth
from byzverify.logic.terms import SimplifiedTerms
from byzverify.solvers.answers import Satisfiable, Unsatisfiable, solver

Numbers = Mapping[Fault, int]
"""How many generals fail in each mode."""


class Scene:
    """All runs in which exactly these generals fail."""

    def __init__(self, protocol: Protocol, faults: Faults) -> None:
        self.protocol = protocol
        self.faults = faults
        self.runners = [one for one in range(protocol.n) if runs_program(faults.get(one))]
        self._algebra = SymbolicAlgebra(SimplifiedTerms(), protocol.words)
        self._adversary = Adversary(self._algebra, faults, orders=protocol.orders, rushing=protocol.rushing)
        deciders = [one for one in self.runners if one in protocol.problem.deciders(protocol.n)]
        self.ended: Execution = execute(protocol, faults, deciders, self._adversary)

    def can_fail(self, truth: Truth) -> bool:
        """Whether a truth is false in some run."""
        assumed = self._adversary.assumptions
        terms = self._algebra.terms
        goal = terms.at_least(1 + len(assumed), [*assumed, -self._algebra.literal(truth)])
        answer = solver("z3", terms).solve(goal, terms.limit)
        assert isinstance(answer, Satisfiable | Unsatisfiable), answer
        return isinstance(answer, Satisfiable)

    def breaks(self, condition: Condition) -> bool:
        """Whether a condition is broken in some run, for the first witnesses that are loyal."""
        loyal = [one for one in self.protocol.problem.deciders(self.protocol.n) if one not in self.faults]
        if len(loyal) < condition.witnesses or not condition.applies(self.protocol, self._loyal):
            return False
        outcome = Outcome.of(self.protocol, self.faults, self.ended.orders, self.ended.decisions)
        asked = condition.ask(outcome, loyal[: condition.witnesses])
        return any(self.can_fail(truth) for _, truth in asked)

    @property
    def _loyal(self) -> list[General]:
        return [one for one in range(self.protocol.n) if one not in self.faults]


def first_fails(n: int, fault: Fault | None, numbers: Numbers) -> Faults | None:
    """A choice of as many faulty generals in which general 0 has this fault, or none; None if there is no such choice.

    The others that fail are those with the highest numbers.
    """
    rest = [mode for mode, number in numbers.items() for _ in range(number)]
    if fault is not None:
        if fault not in rest:
            return None
        rest.remove(fault)
    if len(rest) > n - 1:
        return None
    chosen = dict(zip(range(n - 1, 0, -1), rest, strict=False))
    return chosen if fault is None else {0: fault, **chosen}


def within(most: Numbers) -> Iterator[Numbers]:
    """All numbers of faulty generals that are no more than these."""
    for numbers in product(*(range(number + 1) for number in most.values())):
        yield dict(zip(most, numbers, strict=True))


class Remembered:
    """Whether something can go wrong with at most so many faulty generals, from its answers for exact numbers."""

    def __init__(self, exactly: Callable[[Numbers], bool]) -> None:
        self._exactly = exactly
        self._known: dict[tuple[int, ...], bool] = {}

    def __call__(self, most: Numbers) -> bool:
        return any(self._answer(numbers) for numbers in within(most))

    def _answer(self, numbers: Numbers) -> bool:
        key = tuple(numbers.values())
        if key not in self._known:
            self._known[key] = self._exactly(numbers)
        return self._known[key]
