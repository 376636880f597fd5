"""Recorded values: orders and truths that remember how they were computed, in the words of the language.

Where the simulator computes and the checker builds terms, a recorder writes down: this is the majority of those, that
is what was read there. Equal expressions are one object, so an expression is a graph in which what is shared is shared.
Constants are folded where a person would leave them out, and nothing else is simplified. This module knows the
language's algebra. It must not know protocols, faults or in which syntax anything is written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from byzverify.errors import RuleBroken, described
from byzverify.language.messages import General, Site
from byzverify.language.unseen import Unseen
from byzverify.language.values import ABSENT, Algebra, Order, PlainTruth, Truth


@dataclass(frozen=True, eq=False)
class Expression:
    """How an order or a truth came about. parts: from what. round: after which round it can be known, 0 for none."""

    parts: tuple[Expression, ...]
    round: int


@dataclass(frozen=True, eq=False)
class Word(Expression):
    """The word of this name, or that nothing came."""

    name: str


@dataclass(frozen=True, eq=False)
class Start(Expression):
    """What this general starts with."""

    general: General


@dataclass(frozen=True, eq=False)
class Read(Expression):
    """What is read at a site, with `silence` in place of nothing."""

    site: Site
    silence: str


class Choice(Expression):
    """If the first part is true the second, else the third."""


class Majority(Expression):
    """The order that more than half of the parts but the last name; where there is none, the last."""


class Plurality(Expression):
    """The order that more of the parts but the last name than any other; where there is none, the last."""


@dataclass(frozen=True, eq=False)
class Constant(Expression):
    """A truth that does not depend on anything."""

    value: bool


class Equal(Expression):
    """Whether two orders are the same, or both absent; if one is a word, it is the second."""


class Not(Expression):
    """The opposite of a truth."""


@dataclass(frozen=True, eq=False)
class Threshold(Expression):
    """Whether the weights, positive numbers, of the parts that are true sum to `least` or more."""

    least: int
    weights: tuple[int, ...]


TRUTHS = (Constant, Equal, Not, Threshold)
"""The expressions that stand for truths; all others stand for orders."""

Kind = TypeVar("Kind", bound=Expression)


class RecordedTruth(Unseen, Truth):
    """A truth that is written down."""

    __slots__ = ("expression",)

    def __init__(self, algebra: Recorder, expression: Expression) -> None:
        self.algebra = algebra
        self.expression = expression


class RecordedOrder(Unseen, Order):
    """An order that is written down."""

    __slots__ = ("expression",)

    def __init__(self, algebra: Recorder, expression: Expression) -> None:
        self.algebra = algebra
        self.expression = expression


class Recorder(Algebra):
    """The operations of the language, each as the expression that it writes down. words: all that can be said."""

    def __init__(self, words: Collection[Order]) -> None:
        self._made: dict[tuple[Any, ...], Expression] = {}
        self._words = {ABSENT.name, *(word.name for word in words)}

    def started(self, general: General) -> Order:
        """What `general` starts with."""
        return RecordedOrder(self, self._make(Start, (), general))

    def read(self, site: Site, default: Order) -> Order:
        """What is read at `site`, `default` where nothing comes."""
        silence = self.order(default)
        if isinstance(silence, Word):
            return RecordedOrder(self, self._make(Read, (), site, silence.name, round=site[0]))
        return self.with_default(self.read(site, ABSENT), default)

    def with_default(self, order: Order, default: Order) -> Order:
        """`order`, or `default` where it is absent."""
        if default is ABSENT:
            return order
        return self.choose(self.equal(order, ABSENT), default, order)

    def order(self, value: Order) -> Expression:
        """How `value` came about. Raises RuleBroken for an order outside the domain."""
        if isinstance(value, RecordedOrder):
            return value.expression
        if not isinstance(value, Order):
            raise RuleBroken(f"{described(value)} where an order is wanted")
        if value.name not in self._words:
            raise RuleBroken(f"the order {value} is not one of {', '.join(sorted(self._words))}")
        return self._make(Word, (), value.name)

    def truth(self, value: Truth) -> Expression:
        """How `value` came about."""
        if isinstance(value, RecordedTruth):
            return value.expression
        return self._make(Constant, (), isinstance(value, PlainTruth) and value.value)

    def equal(self, left: Order, right: Order) -> Truth:
        one, other = self.order(left), self.order(right)
        if one is other or (isinstance(one, Word) and isinstance(other, Word)):
            return self._known(one is other)
        parts = (other, one) if isinstance(one, Word) else (one, other)
        return RecordedTruth(self, self._make(Equal, parts))

    def negate(self, truth: Truth) -> Truth:
        expression = self.truth(truth)
        if isinstance(expression, Constant):
            return self._known(not expression.value)
        return RecordedTruth(self, self._make(Not, (expression,)))

    def at_least(self, k: int, weighted: Sequence[tuple[int, Truth]]) -> Truth:
        counted = [(weight, self.truth(truth)) for weight, truth in weighted]
        k -= sum(weight for weight, truth in counted if isinstance(truth, Constant) and truth.value)
        unknown = [(weight, truth) for weight, truth in counted if not isinstance(truth, Constant)]
        weights = tuple(weight for weight, _ in unknown)
        if k <= 0 or sum(weights) < k:
            return self._known(k <= 0)
        parts = tuple(truth for _, truth in unknown)
        return RecordedTruth(self, parts[0] if len(parts) == 1 else self._make(Threshold, parts, k, weights))

    def choose(self, condition: Truth, then: Order, otherwise: Order) -> Order:
        asked, one, other = self.truth(condition), self.order(then), self.order(otherwise)
        if isinstance(asked, Constant) or one is other:
            return RecordedOrder(self, other if isinstance(asked, Constant) and not asked.value else one)
        return RecordedOrder(self, self._make(Choice, (asked, one, other)))

    def majority(self, votes: Sequence[Order], default: Order) -> Order:
        return RecordedOrder(self, self._make(Majority, tuple(map(self.order, (*votes, default)))))

    def plurality(self, votes: Sequence[Order], tie: Order) -> Order:
        return RecordedOrder(self, self._make(Plurality, tuple(map(self.order, (*votes, tie)))))

    def _known(self, value: bool) -> Truth:
        return RecordedTruth(self, self._make(Constant, (), value))

    def _make(self, kind: type[Kind], parts: tuple[Expression, ...], *details: Any, round: int = 0) -> Kind:
        """The one expression of this kind, with these parts and details; of parts that commute, in whatever order."""
        ids = list(map(id, parts))
        if kind is Threshold:
            k, weights = details
            key: Any = (kind, k, tuple(sorted(zip(ids, weights, strict=True))))
        else:
            key = (kind, details, tuple(sorted(ids) if kind is Equal else ids))
        if key not in self._made:
            latest = max([round, *(part.round for part in parts)])
            self._made[key] = kind(parts, latest, *details)
        return self._made[key]  # type: ignore[return-value]
