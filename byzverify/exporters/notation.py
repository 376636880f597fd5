"""Writing expressions as text: which expressions get a name, and a text for each kind of expression.

A subclass of `Syntax` defines the text of each kind. What all formats share is here: which expressions get a name, and
that a named expression is written as its name. This module knows expressions, and no concrete syntax.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from byzverify.ir.expressions import (
    Choice,
    Constant,
    Equal,
    Expression,
    Majority,
    Not,
    Plurality,
    Start,
    Threshold,
    Word,
)

Scope = Mapping[Expression, str]
"""The names of the expressions that have one."""

DEEP = 8
"""How deep an expression may be nested before a part of it gets a name."""


def to_be_named(
    roots: Iterable[Expression], scope: Collection[Expression], wanted: Callable[[Expression], bool]
) -> list[Expression]:
    """The parts of `roots` that get a name, each before the expressions that use it.

    A part gets a name if it is used more than once, nested deeper than `DEEP`, or `wanted`; but not if it is in
    `scope` or has no parts.
    """
    roots = list(roots)
    found = list(_inside_out(roots, scope))
    uses = Counter([*roots, *(part for one in found for part in one.parts)])
    depths: dict[Expression, int] = {}
    named = []
    for one in found:
        depths[one] = 1 + max(depths.get(part, 0) for part in one.parts)
        if uses[one] > 1 or depths[one] > DEEP or wanted(one):
            named.append(one)
            depths[one] = 0
    return named


def _inside_out(roots: Iterable[Expression], scope: Collection[Expression]) -> Iterator[Expression]:
    """Every composite expression in `roots`, once and after its parts. Expressions in `scope` are not entered."""
    seen: set[Expression] = set()
    pending = [(root, False) for root in roots]
    while pending:
        one, done = pending.pop()
        if done:
            yield one
        elif one not in seen and one not in scope and one.parts:
            seen.add(one)
            pending.append((one, True))
            pending += [(part, False) for part in one.parts]


class Syntax(ABC):
    """The concrete syntax of expressions."""

    def write(self, expression: Expression, scope: Scope) -> str:
        """The text of an expression. Expressions in `scope` are written as their names."""
        if expression in scope:
            return scope[expression]
        parts = [self.write(part, scope) for part in expression.parts]
        match expression:
            case Word(name=name):
                return self.word(name)
            case Start(general=general):
                return f"order[{general}]"
            case Constant(value=value):
                return self.known(value)
            case Choice():
                return self.choice(*parts)
            case Majority():
                return self.majority(parts[:-1], parts[-1])
            case Plurality():
                return self.plurality(parts[:-1], parts[-1])
            case Equal():
                return self.equal(*parts)
            case Not():
                return self.negation(*parts)
            case Threshold(least=least, weights=weights):
                return self._at_least(least, list(zip(weights, parts, strict=True)))
        raise AssertionError(f"nobody has read {expression}")

    def _at_least(self, least: int, weighted: Sequence[tuple[int, str]]) -> str:
        truths = [truth for _, truth in weighted]
        if least == sum(weight for weight, _ in weighted):
            return self.all_of(truths)
        if all(weight >= least for weight, _ in weighted):
            return self.any_of(truths)
        by_weight: dict[int, list[str]] = {}
        for weight, truth in weighted:
            by_weight.setdefault(weight, []).append(truth)
        sums = [(f"{weight} * " if weight > 1 else "") + self.how_many(some) for weight, some in by_weight.items()]
        return self.at_least(sums, least)

    @abstractmethod
    def word(self, name: str) -> str:
        """A word."""

    @abstractmethod
    def known(self, value: bool) -> str:
        """True or false."""

    @abstractmethod
    def choice(self, condition: str, then: str, otherwise: str) -> str:
        """If-then-else."""

    @abstractmethod
    def majority(self, votes: Sequence[str], default: str) -> str:
        """The majority of votes, or the default."""

    @abstractmethod
    def plurality(self, votes: Sequence[str], tie: str) -> str:
        """The order with the most votes, or the value for a tie."""

    @abstractmethod
    def equal(self, one: str, other: str) -> str:
        """Whether two orders are the same."""

    @abstractmethod
    def negation(self, truth: str) -> str:
        """The negation."""

    @abstractmethod
    def all_of(self, truths: Sequence[str]) -> str:
        """Whether all are true."""

    @abstractmethod
    def any_of(self, truths: Sequence[str]) -> str:
        """Whether at least one is true."""

    @abstractmethod
    def how_many(self, truths: Sequence[str]) -> str:
        """How many are true."""

    @abstractmethod
    def at_least(self, sums: Sequence[str], least: int) -> str:
        """Whether the sum of these numbers is at least this."""


def grouped(text: str) -> str:
    """A text as part of a larger one: in parentheses if it contains a space."""
    return f"({text})" if " " in text else text
