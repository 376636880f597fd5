"""Recorded values: orders and truths that remember how they were computed, in the words of the language.

The simulator computes values and the checker builds terms; a recorder records expressions instead, such as "the
majority of these" or "what was read at that site". Equal expressions are one object, so an expression is a graph with
shared parts. Constants are folded where a person would leave them out, and nothing else is simplified. This module
knows the language's algebra. It must not know protocols, faults, or the syntax in which expressions are written out.
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
    """How an order or a truth was computed. parts: its inputs. round: the round after which it is known, 0 for none."""

    parts: tuple[Expression, ...]
    round: int


@dataclass(frozen=True, eq=False)
class Word(Expression):
    """The word with this name, or ABSENT if nothing came."""

    name: str


@dataclass(frozen=True, eq=False)
class Start(Expression):
    """The order that this general starts with."""

    general: General


@dataclass(frozen=True, eq=False)
class Read(Expression):
    """What is read at a site; `silence` is the word read if nothing comes."""

    site: Site
    silence: str


class Choice(Expression):
    """The second part if the first is true, else the third."""


class Majority(Expression):
    """The order that more than half of the parts without the last name; if there is none, the last part."""


class Plurality(Expression):
    """The order that more of the parts without the last name than any other; if there is none, the last part."""


@dataclass(frozen=True, eq=False)
class Constant(Expression):
    """A truth that does not depend on anything."""

    value: bool


class Equal(Expression):
    """Whether two orders are the same, or both absent; if one of them is a word, it is the second."""


class Not(Expression):
    """The negation of a truth."""


@dataclass(frozen=True, eq=False)
class Threshold(Expression):
    """Whether the positive weights of the parts that are true add up to `least` or more."""

    least: int
    weights: tuple[int, ...]


TRUTHS = (Constant, Equal, Not, Threshold)
"""The types of expressions that stand for truths; all others stand for orders."""

Kind = TypeVar("Kind", bound=Expression)


class RecordedTruth(Unseen, Truth):
    """A recorded truth."""

    __slots__ = ("expression",)

    def __init__(self, algebra: Recorder, expression: Expression) -> None:
        self.algebra = algebra
        self.expression = expression


class RecordedOrder(Unseen, Order):
    """A recorded order."""

    __slots__ = ("expression",)

    def __init__(self, algebra: Recorder, expression: Expression) -> None:
        self.algebra = algebra
        self.expression = expression


class Recorder(Algebra):
    """The operations of the language, each as the expression that it records. words: all words of a message."""

    def __init__(self, words: Collection[Order]) -> None:
        self._made: dict[tuple[Any, ...], Expression] = {}
        self._words = {ABSENT.name, *(word.name for word in words)}

    def started(self, general: General) -> Order:
        """The order that `general` starts with."""
        return RecordedOrder(self, self._make(Start, (), general))

    def read(self, site: Site, default: Order) -> Order:
        """What is read at `site`; `default` if nothing comes."""
        silence = self.order(default)
        if isinstance(silence, Word):
            return RecordedOrder(self, self._make(Read, (), site, silence.name, round=site[0]))
        return self.with_default(self.read(site, ABSENT), default)

    def with_default(self, order: Order, default: Order) -> Order:
        """`order`, or `default` if it is absent."""
        if default is ABSENT:
            return order
        return self.choose(self.equal(order, ABSENT), default, order)

    def order(self, value: Order) -> Expression:
        """The expression for `value`. Raises RuleBroken for an order outside the domain."""
        if isinstance(value, RecordedOrder):
            return value.expression
        if not isinstance(value, Order):
            raise RuleBroken(f"{described(value)} where an order is expected")
        if value.name not in self._words:
            raise RuleBroken(f"the order {value} is not one of {', '.join(sorted(self._words))}")
        return self._make(Word, (), value.name)

    def truth(self, value: Truth) -> Expression:
        """The expression for `value`."""
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
        """The one expression of this kind with these parts and details; if the parts commute, in any order."""
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
