"""Symbolic values: orders and truths that stand for every value at once, as literals of cardinality terms.

A symbolic order has one literal for each order of the domain. At most one of them is true; if none is, the order is
absent. The file knows the language's algebra and the terms. It must not know protocols, traitors or solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import NoReturn

from byzverify.errors import RuleBroken, described
from byzverify.language.unseen import Unseen
from byzverify.language.values import ABSENT, Algebra, Order, PlainTruth, Truth
from byzverify.logic.terms import FALSE, TRUE, Literal, Terms

Bits = tuple[Literal, ...]
"""One literal for each order of the domain, in the domain's order."""


class SymbolicTruth(Unseen, Truth):
    """A truth that is not known yet, as one literal."""

    __slots__ = ("literal",)

    def __init__(self, algebra: SymbolicAlgebra, literal: Literal) -> None:
        self.algebra = algebra
        self.literal = literal


class SymbolicOrder(Unseen, Order):
    """An order that is not known yet. `never_absent` says that exactly one of its bits is true."""

    __slots__ = ("bits", "never_absent")

    def __init__(self, algebra: SymbolicAlgebra, bits: Bits, never_absent: bool) -> None:
        self.algebra = algebra
        self.bits = bits
        self.never_absent = never_absent


class SymbolicAlgebra(Algebra):
    """The operations of the language, each as the term that it builds."""

    def __init__(self, terms: Terms, domain: Sequence[Order]) -> None:
        self.terms = terms
        self.domain = tuple(domain)
        self._equal: dict[tuple[Bits, Bits], Literal] = {}
        self._constants = {
            order.name: SymbolicOrder(self, tuple(TRUE if order is other else FALSE for other in domain), True)
            for order in domain
        }
        self._constants[ABSENT.name] = SymbolicOrder(self, (FALSE,) * len(domain), False)

    def order(self, value: Order) -> SymbolicOrder:
        """`value` as a symbolic order. Raises RuleBroken for an order outside the domain, or of another algebra."""
        if isinstance(value, SymbolicOrder):
            return value if value.algebra is self else _foreign()
        if not isinstance(value, Order):
            raise RuleBroken(f"{described(value)} where an order is expected")
        if value.name not in self._constants:
            raise RuleBroken(f"the order {value} is not one of {', '.join(self._constants)}")
        return self._constants[value.name]

    def literal(self, truth: Truth) -> Literal:
        """The literal that stands for `truth`. Raises RuleBroken for a truth of another algebra."""
        if isinstance(truth, SymbolicTruth):
            return truth.literal if truth.algebra is self else _foreign()
        return TRUE if isinstance(truth, PlainTruth) and truth.value else FALSE

    def all_of(self, truths: Iterable[Truth]) -> Literal:
        """The literal that is true if all of `truths` are; if they all are the same literal, that one."""
        literals = list(dict.fromkeys(map(self.literal, truths)))
        return self.terms.at_least(len(literals), literals)

    def truth(self, literal: Literal) -> Truth:
        """The truth that `literal` stands for."""
        return SymbolicTruth(self, literal)

    def variable(
        self, name: Callable[[int], Hashable], fallback: Order, among: Collection[Order] | None = None
    ) -> SymbolicOrder:
        """An order that may be any (of `among`, if given). If `fallback` is ABSENT it may also be none, otherwise
        `fallback` stands for that.

        name: gives the name of each order's variable, by the order's index. The highest index whose variable is true
        determines the order; `fallback` has no variable, and is meant if no variable is true. So every assignment means
        some order, and the variables need no side condition. `meaning` translates an assignment back.
        """
        bits: list[Literal] = [FALSE] * len(self.domain)
        higher: list[Literal] = []
        for index in reversed(range(len(self.domain))):
            if self.domain[index] is not fallback and (among is None or self.domain[index] in among):
                chosen = self.terms.variable(name(index))
                bits[index] = self.terms.at_least(len(higher) + 1, (chosen, *higher)) if higher else chosen
                higher.append(-chosen)
        return (
            self.sent(bits, self.domain.index(fallback))
            if fallback is not ABSENT
            else SymbolicOrder(self, tuple(bits), False)
        )

    def with_default(self, order: SymbolicOrder, default: Order) -> SymbolicOrder:
        """`order`, or `default` if it is absent."""
        if order.never_absent:
            return order
        default = self.order(default)
        if default.bits == self._constants[ABSENT.name].bits:
            return order
        if default.bits.count(TRUE) != 1:
            absent = -self.terms.at_least(1, order.bits)
            return self._mixed(absent, default, order)
        return self.sent(list(order.bits), default.bits.index(TRUE))

    def equal(self, left: Order, right: Order) -> Truth:
        one, other = self.order(left), self.order(right)
        first = 1 if one.never_absent and other.never_absent else 0  # with one bit true, the others determine the first
        compared = one.bits[first:], other.bits[first:]
        if compared not in self._equal:
            same = [self.terms.same(a, b) for a, b in zip(*compared, strict=True)]
            self._equal[compared] = self.terms.at_least(len(same), same)
        return self.truth(self._equal[compared])

    def negate(self, truth: Truth) -> Truth:
        return self.truth(-self.literal(truth))

    def at_least(self, k: int, weighted: Sequence[tuple[int, Truth]]) -> Truth:
        literals = [self.literal(truth) for _, truth in weighted]
        return self.truth(self.terms.at_least(k, literals, [weight for weight, _ in weighted]))

    def choose(self, condition: Truth, then: Order, otherwise: Order) -> Order:
        return self._mixed(self.literal(condition), self.order(then), self.order(otherwise))

    def majority(self, votes: Sequence[Order], default: Order) -> Order:
        symbolic = [self.order(vote).bits for vote in votes]
        most = len(votes) // 2 + 1
        bits = [
            FALSE if order is default else self.terms.at_least(most, [vote[index] for vote in symbolic])
            for index, order in enumerate(self.domain)
        ]
        return self.with_default(SymbolicOrder(self, tuple(bits), False), default)

    def plurality(self, votes: Sequence[Order], tie: Order) -> Order:
        symbolic = [self.order(vote).bits for vote in votes]
        named = list(zip(*symbolic, strict=True)) if symbolic else [()] * len(self.domain)
        bits = [self._leads(index, named) for index in range(len(self.domain))]
        return self.with_default(SymbolicOrder(self, tuple(bits), False), tie)

    def _leads(self, index: int, named: Sequence[Bits]) -> Literal:
        """Whether more votes name order number `index` than any other: #a > #b is #a + #(not b) > all votes."""
        votes = len(named[index])
        ahead = [
            self.terms.at_least(votes + 1, [*named[index], *(-literal for literal in other)])
            for number, other in enumerate(named)
            if number != index
        ]
        return self.terms.at_least(len(ahead), ahead)

    def _mixed(self, condition: Literal, one: SymbolicOrder, other: SymbolicOrder) -> SymbolicOrder:
        """`one` if `condition` is true, else `other`."""
        bits = [self.terms.choose(condition, a, b) for a, b in zip(one.bits, other.bits, strict=True)]
        if one.never_absent and other.never_absent:
            return self.sent(bits, 0)
        return SymbolicOrder(self, tuple(bits), False)

    def sent(self, bits: list[Literal], index: int) -> SymbolicOrder:
        """The order with these bits, in which bit number `index` is true if no other bit is."""
        others = bits[:index] + bits[index + 1 :]
        bits[index] = -(self.terms.at_least(1, others) if len(others) > 1 else others[0])
        return SymbolicOrder(self, tuple(bits), True)


def _foreign() -> NoReturn:
    raise RuleBroken(
        "uses a value of another execution: keep no values in a cache, a global or an object (a tree's rule must use "
        "only its arguments, and its values must not be used outside of it)"
    )
