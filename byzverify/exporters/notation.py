"""Writing expressions down: names for what has one, and one text for each kind of expression.

A syntax says how each kind looks; what is the same in all of them is here: which expressions deserve a name, and that
whatever has a name is called by it. This module knows expressions, and no syntax.
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
"""What has a name, and what it is called."""

DEEP = 8
"""How deep an expression may be nested before a part of it gets a name."""


def to_be_named(
    roots: Iterable[Expression], scope: Collection[Expression], wanted: Callable[[Expression], bool]
) -> list[Expression]:
    """The parts of `roots` that deserve a name, each before what uses it: what is used more than once, or deep inside,
    or `wanted`. Not what is in `scope`, and not what has no parts."""
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
    """Every expression with parts in `roots`, each once and after its parts. What is in `scope` is not looked into."""
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
    """How expressions look."""

    def write(self, expression: Expression, scope: Scope) -> str:
        """The text of an expression; what has a name in `scope` is called by it."""
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
        """What most votes name, or the tie."""

    @abstractmethod
    def equal(self, one: str, other: str) -> str:
        """Whether two orders are the same."""

    @abstractmethod
    def negation(self, truth: str) -> str:
        """The opposite."""

    @abstractmethod
    def all_of(self, truths: Sequence[str]) -> str:
        """Whether all are true."""

    @abstractmethod
    def any_of(self, truths: Sequence[str]) -> str:
        """Whether one is true."""

    @abstractmethod
    def how_many(self, truths: Sequence[str]) -> str:
        """How many are true."""

    @abstractmethod
    def at_least(self, sums: Sequence[str], least: int) -> str:
        """Whether numbers sum to this or more."""


def grouped(text: str) -> str:
    """A text as part of a larger one: in parentheses if it is more than one word."""
    return f"({text})" if " " in text else text
