"""Orders, truths and counts: what a general computes with.

The law of this file: every operator here works alike on plain values and on symbolic ones. A value belongs to
an `Algebra`; an operation on several values is carried out by the algebra of the first one that is not plain.
This module defines the plain algebra, which the simulator runs on. It must not know that terms or solvers exist:
the symbolic algebra is built on top of it, in `byzverify.engines.finite.symbolic`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NoReturn, Self, cast, overload

from byzverify.errors import RuleBroken, UsageError, described
from byzverify.language.quantities import Quantity, Whole, whole
from byzverify.language.unseen import Numberless, Public, Single


class Algebra(ABC):
    """The operations of the language on one kind of value."""

    @abstractmethod
    def equal(self, left: Order, right: Order) -> Truth:
        """Whether two orders are equal (or both absent)."""

    @abstractmethod
    def negate(self, truth: Truth) -> Truth:
        """The negation of a truth."""

    @abstractmethod
    def at_least(self, k: int, weighted: Sequence[tuple[int, Truth]]) -> Truth:
        """Whether the weights (positive integers) of the truths that hold add up to `k` or more."""

    def both(self, one: Truth, other: Truth) -> Truth:
        """Whether both truths hold."""
        return self.at_least(2, [(1, one), (1, other)])

    def either(self, one: Truth, other: Truth) -> Truth:
        """Whether one of two truths holds."""
        return self.at_least(1, [(1, one), (1, other)])

    def every(self, truths: Sequence[Truth]) -> Truth:
        """Whether all of `truths` hold."""
        return self.at_least(len(truths), [(1, truth) for truth in truths])

    def some(self, truths: Sequence[Truth]) -> Truth:
        """Whether one of `truths` holds."""
        return self.at_least(1, [(1, truth) for truth in truths])

    def sums_to(self, k: Whole, weighted: Sequence[tuple[Whole, Truth]]) -> Truth:
        """Whether the weights, of any sign, of the truths that hold add up to `k` or more.

        Each negative weight becomes a positive one on the negated truth: -w·x = w·(not x) - w.
        """
        positive = []
        for weight, truth in weighted:
            if type(weight) is not int:
                weight = whole(weight)
            if isinstance(weight, Quantity):
                return weight.algebra.sums_to(k, weighted)
            if weight < 0:
                k -= weight
                positive.append((-weight, ~truth))
            elif weight > 0:
                positive.append((weight, truth))
        return k.algebra.sums_to(k, positive) if isinstance(k, Quantity) else self.at_least(k, positive)

    @abstractmethod
    def choose(self, condition: Truth, then: Order, otherwise: Order) -> Order:
        """`then` if `condition` is true, else `otherwise`."""

    @abstractmethod
    def majority(self, votes: Sequence[Order], default: Order) -> Order:
        """The order that more than half of `votes` name, else `default`."""

    @abstractmethod
    def plurality(self, votes: Sequence[Order], tie: Order) -> Order:
        """The order that more of `votes` name than any other, else `tie`."""


class Shared(Numberless):
    """A value that is never copied: a copy of a symbolic value would include a copy of all its terms."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Truth(Shared, Public):
    """The result of a comparison. Combine with `&`, `|`, `~`; `==` and `!=` compare two truths."""

    __slots__ = ("algebra",)
    algebra: Algebra

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        if not isinstance(other, Truth | bool):
            raise RuleBroken(f"compares a truth with {described(other)}, which is not a truth")
        return ite(self, _truth(other), ~_truth(other))

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return ~(self == other)

    def __hash__(self) -> NoReturn:
        raise RuleBroken("a truth as a key of a dictionary or in a set; choose with ite(condition, a, b)")

    def __and__(self, other: Truth | bool) -> Truth:
        other = _truth(other)
        return _algebra((self, other)).both(self, other)

    def __or__(self, other: Truth | bool) -> Truth:
        other = _truth(other)
        return _algebra((self, other)).either(self, other)

    def __invert__(self) -> Truth:
        return self.algebra.negate(self)

    __rand__ = __and__
    __ror__ = __or__

    called = "a truth"
    instead = "calculates with a truth, which is not a number; how_many(truths) counts those that hold, to be compared"


class Order(Shared, Public):
    """A value that generals exchange and decide on, one of a finite domain, or `ABSENT`.

    `==` and `!=` give a `Truth`. A plain order has a `name`. An order that resulted from a vote keeps in `votes` the
    votes that were counted, for people to read; they play no part in any comparison.
    """

    __slots__ = ("algebra", "name", "votes")
    algebra: Algebra
    name: str
    votes: tuple[Order, ...]
    called = "an order"
    instead = (
        "uses an order as a number, as max, min, sorted and sum do; write majority(votes), plurality(votes, tie) or "
        "count(votes, ATTACK) > 1"
    )

    def __init__(self, name: str, votes: tuple[Order, ...] = ()) -> None:
        self.algebra = PLAIN
        self.name = name
        self.votes = votes

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        if not isinstance(other, Order):
            raise RuleBroken(f"compares an order with {described(other)}, which is not an order")
        return _algebra((self, other)).equal(self, other)

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return ~(self == other)

    def __hash__(self) -> int:
        return hash(self.name)

    def _is_no_truth(self, *other: object) -> NoReturn:
        raise RuleBroken(
            "`&`, `|` or `~` on an order, which is not a truth; write inbox.get(sender, default=RETREAT), or "
            "ite(condition, a, b)"
        )

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = _is_no_truth

    def __reduce__(self) -> tuple[Any, ...]:
        return Order, (self.name,)  # votes are for people, and the reading process has an algebra of its own

    def __repr__(self) -> str:
        return self.name


class PlainTruth(Truth):
    """A truth that is known. It may be used in `if`; a symbolic one may not."""

    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        self.algebra = PLAIN
        self.value = value

    def __bool__(self) -> bool:
        return self.value

    def __reduce__(self) -> tuple[Any, ...]:
        return PlainTruth, (self.value,)

    def __repr__(self) -> str:
        return str(self.value)


class PlainAlgebra(Algebra):
    """The operations on known values, each in the plain Python that defines it."""

    def equal(self, left: Order, right: Order) -> Truth:
        return TRUE if left.name == right.name else FALSE

    def negate(self, truth: Truth) -> Truth:
        return FALSE if truth else TRUE

    def at_least(self, k: int, weighted: Sequence[tuple[int, Truth]]) -> Truth:
        return TRUE if sum(weight for weight, truth in weighted if cast(PlainTruth, truth).value) >= k else FALSE

    def choose(self, condition: Truth, then: Order, otherwise: Order) -> Order:
        return then if condition else otherwise

    def majority(self, votes: Sequence[Order], default: Order) -> Order:
        tally = Counter([vote.name for vote in votes])
        tally.pop(ABSENT.name, None)
        leader, number = max(tally.items(), key=lambda item: item[1], default=(default.name, 0))
        return Order(leader if 2 * number > len(votes) else default.name, tuple(votes))

    def plurality(self, votes: Sequence[Order], tie: Order) -> Order:
        tally = Counter([vote.name for vote in votes])
        tally.pop(ABSENT.name, None)
        most = max(tally.values(), default=0)
        leaders = [name for name, number in tally.items() if number == most]
        counted = tuple(vote for vote in votes if not is_absent(vote))
        return Order(leaders[0] if len(leaders) == 1 else tie.name, counted)


PLAIN = PlainAlgebra()
TRUE = PlainTruth(True)
FALSE = PlainTruth(False)
ABSENT = Order("ABSENT")  # "nothing came": the result of a read in that case; sending it means sending nothing
RETREAT = Order("RETREAT")
ATTACK = Order("ATTACK")


def is_absent(order: Order) -> bool:
    """Whether a plain order is `ABSENT`, or a plain message of several fields did not come.

    Raises RuleBroken for a symbolic order, for which this cannot be known. A program writes `order == ABSENT`.
    """
    return order.name == ABSENT.name


class Count(Single):
    """How many of some truths hold: a sum that can be added, subtracted and compared with numbers and counts."""

    __slots__ = ("constant", "weighted")
    __array_ufunc__ = None  # numpy leaves arithmetic with a count to the methods below
    called = "a count"

    def __init__(self, weighted: tuple[tuple[Whole, Truth], ...], constant: Whole = 0) -> None:
        self.weighted = weighted
        self.constant = constant

    def __add__(self, other: Count | Whole) -> Count:
        if isinstance(other, Count):
            return Count(self.weighted + other.weighted, self.constant + other.constant)
        return Count(self.weighted, self.constant + whole(other))

    def __neg__(self) -> Count:
        return Count(tuple((-weight, truth) for weight, truth in self.weighted), -self.constant)

    def __sub__(self, other: Count | Whole) -> Count:
        return self + (-other if isinstance(other, Count) else -whole(other))

    def __rsub__(self, other: Whole) -> Count:
        return -self + other

    def __mul__(self, factor: Whole) -> Count:
        factor = whole(factor)
        return Count(tuple((factor * weight, truth) for weight, truth in self.weighted), factor * self.constant)

    def _not_whole(self, *operands: object) -> NoReturn:
        raise RuleBroken("divides or rounds a count; multiply the other side: 2 * count > n, not count > n / 2")

    def __abs__(self) -> NoReturn:
        raise RuleBroken("takes abs() of a count; write (a - b <= k) & (b - a <= k)")

    __radd__ = __add__
    __rmul__ = __mul__
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _not_whole
    __divmod__ = __rdivmod__ = __round__ = __trunc__ = __floor__ = __ceil__ = __int__ = __float__ = _not_whole

    def __ge__(self, other: Count | Whole) -> Truth:
        return (self - other)._is_at_least(0)

    def __gt__(self, other: Count | Whole) -> Truth:
        return (self - other)._is_at_least(1)

    def __le__(self, other: Count | Whole) -> Truth:
        return ~(self > other)

    def __lt__(self, other: Count | Whole) -> Truth:
        return ~(self >= other)

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return (self >= other) & (self <= other)  # type: ignore[operator]

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return ~(self == other)

    def __bool__(self) -> NoReturn:
        raise RuleBroken("a count where a truth is expected; compare it, as in count(votes, ATTACK) > 0")

    def __repr__(self) -> str:
        return self.called

    __hash__ = None  # type: ignore[assignment]

    def _is_at_least(self, k: int) -> Truth:
        return _algebra([truth for _, truth in self.weighted]).sums_to(k - whole(self.constant), self.weighted)


def count(votes: Iterable[Order], order: Order) -> Count:
    """How many of `votes` name `order`. Compare the count: `count(votes, ATTACK) >= self.n - self.m`."""
    return how_many(vote == order for vote in votes)


def how_many(truths: Iterable[Truth]) -> Count:
    """How many of `truths` hold, as a count."""
    return Count(tuple((1, _truth(truth)) for truth in truths))


def majority(votes: Iterable[Order], default: Order = RETREAT) -> Order:
    """The order that more than half of `votes` name; if there is none, `default`.

    An absent vote names no order but counts as a vote. Source: LSP 1982, section 3, where the default is RETREAT.
    """
    votes = tuple(votes)
    return _algebra((*votes, default)).majority(votes, default)


def plurality(votes: Iterable[Order], tie: Order) -> Order:
    """The order that more of `votes` name than any other; if two or more lead, or none is named, `tie`.

    An absent vote names no order and does not count.
    """
    votes = tuple(votes)
    return _algebra((*votes, tie)).plurality(votes, tie)


@overload
def ite(condition: Truth | bool, then: Order, otherwise: Order) -> Order: ...
@overload
def ite(condition: Truth | bool, then: Truth, otherwise: Truth) -> Truth: ...
def ite(condition: Truth | bool, then: Order | Truth, otherwise: Any) -> Order | Truth:
    """If-then-else: `then` if `condition` is true, else `otherwise`."""
    condition = _truth(condition)
    for branch in (then, otherwise):
        if not isinstance(branch, Order | Truth):
            after = "; compare first: ite(condition, one > 1, other > 1)" if isinstance(branch, Count) else ""
            raise RuleBroken(f"ite chooses between two orders or two truths, not {described(branch)}{after}")
    if isinstance(then, Truth):
        either: Truth = condition & then | ~condition & otherwise
        return either
    return condition.algebra.choose(condition, then, otherwise)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Whether all of `truths` hold; the language's `all()`."""
    truths = tuple(truths)
    return _algebra(truths).every(truths)


def any_of(truths: Iterable[Truth]) -> Truth:
    """Whether one of `truths` holds; the language's `any()`."""
    truths = tuple(truths)
    return _algebra(truths).some(truths)


@cache
def domain(values: int) -> tuple[Order, ...]:
    """The first `values` orders: RETREAT, ATTACK, ORDER2, ORDER3, ... RETREAT comes first, as the fallback.

    Raises UsageError for fewer than two.
    """
    if values < 2:
        raise UsageError(f"there must be at least 2 values to agree on, not {values}")
    return (RETREAT, ATTACK, *(Order(f"ORDER{number}") for number in range(2, values)))


def _algebra(values: Sequence[Any]) -> Algebra:
    for value in values:
        if isinstance(value, Count):
            bool(value)
        if not isinstance(value, Order | Truth):
            raise RuleBroken(f"{described(value)} where an order or a truth is expected")
        if value.algebra is not PLAIN:
            return value.algebra
    return PLAIN


def _truth(value: Truth | bool) -> Truth:
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, Count):
        bool(value)  # its error says what to write instead
    if not isinstance(value, Truth):
        raise RuleBroken(f"{described(value)} where a truth is expected, such as order == ATTACK")
    return value
