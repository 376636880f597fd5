"""Evaluates recorded expressions in another algebra: on plain values, or on terms.

One recording of a program shows in several algebras how a decision was computed, because each expression has a value of
its own. This module knows expressions and the language's algebra; its caller says what is read, and what generals start
with.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from byzverify.ir.expressions import (
    TRUTHS,
    Choice,
    Constant,
    Equal,
    Expression,
    Majority,
    Not,
    Plurality,
    Read,
    RecordedOrder,
    RecordedTruth,
    Start,
    Threshold,
    Word,
)
from byzverify.language.decisions import Decision, remade
from byzverify.language.messages import General, Site
from byzverify.language.values import ABSENT, FALSE, TRUE, Algebra, Order, Truth


class Interpretation:
    """The values of expressions, each computed once.

    algebra: computes the values. words: all words of a message. read: gives what is read at a site; its second argument
    stands for nothing. start: gives the order that a general starts with.
    """

    def __init__(
        self,
        algebra: Algebra,
        words: Collection[Order],
        read: Callable[[Site, Order], Order],
        start: Callable[[General], Order],
    ) -> None:
        self._algebra = algebra
        self._words = {word.name: word for word in (*words, ABSENT)}
        self._read = read
        self._start = start
        self._orders: dict[Expression, Order] = {}
        self._truths: dict[Expression, Truth] = {}

    def order(self, expression: Expression) -> Order:
        """The value of an expression that stands for an order."""
        self._compute(expression)
        return self._orders[expression]

    def truth(self, expression: Expression) -> Truth:
        """The value of an expression that stands for a truth."""
        self._compute(expression)
        return self._truths[expression]

    def value(self, expression: Expression) -> Order | Truth:
        """The value of any expression."""
        return self.truth(expression) if isinstance(expression, TRUTHS) else self.order(expression)

    def decision(self, recorded: Decision) -> Decision:
        """The value of a decision, part by part, or of a recorded order or truth; plain values stay as they are."""
        return remade(recorded, self._leaf)

    def _leaf(self, one: Order | Truth) -> Order | Truth:
        return self.value(one.expression) if isinstance(one, RecordedOrder | RecordedTruth) else one

    def _compute(self, wanted: Expression) -> None:
        """Compute an expression after all its parts, without recursion: it may be nested deeper than Python allows."""
        pending = [wanted]
        while pending:
            one = pending[-1]
            if one in self._orders or one in self._truths:
                pending.pop()
                continue
            missing = [part for part in one.parts if part not in self._orders and part not in self._truths]
            pending += missing
            if not missing:
                pending.pop()
                self._compute_one(one)

    def _compute_one(self, one: Expression) -> None:
        if isinstance(one, Constant):
            self._truths[one] = TRUE if one.value else FALSE
        elif isinstance(one, Equal):
            self._truths[one] = self._algebra.equal(*(self._orders[part] for part in one.parts))
        elif isinstance(one, Not):
            self._truths[one] = self._algebra.negate(self._truths[one.parts[0]])
        elif isinstance(one, Threshold):
            counted = [(weight, self._truths[part]) for weight, part in zip(one.weights, one.parts, strict=True)]
            self._truths[one] = self._algebra.at_least(one.least, counted)
        else:
            self._orders[one] = self._order(one)

    def _order(self, one: Expression) -> Order:
        match one:
            case Word():
                return self._words[one.name]
            case Start():
                return self._start(one.general)
            case Read():
                return self._read(one.site, self._words[one.silence])
            case Choice():
                condition, then, otherwise = one.parts
                return self._algebra.choose(self._truths[condition], self._orders[then], self._orders[otherwise])
        *votes, default = (self._orders[part] for part in one.parts)
        tally = {Majority: self._algebra.majority, Plurality: self._algebra.plurality}[type(one)]
        return tally(votes, default)
