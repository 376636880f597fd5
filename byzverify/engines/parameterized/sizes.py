"""Sizes that are not known: the parameters of a protocol while its program runs once for all of them.

A program may add sizes and compare them with counts, but may not look at them. Code that decides for which sizes a
protocol is meant, such as its claim, may look: it runs once for each outcome of each comparison. This module knows
linear sums, and no generals.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from byzverify.errors import Looked, RuleBroken, described
from byzverify.language.quantities import Quantity, Whole
from byzverify.language.unseen import Unseen
from byzverify.language.values import Count, Truth
from byzverify.logic.linear import Formula, Linear

if TYPE_CHECKING:
    from byzverify.engines.parameterized.groups import LinearAlgebra


MOST_COMPARISONS = 40
"""How many different comparisons one run of the code may make."""

MOST_RUNS = 2000
"""How often the code may run."""


class Explorer:
    """The outcomes of the comparisons in a piece of code that may look at them, one run after the other."""

    def __init__(self) -> None:
        self._ahead: list[bool] = []
        self._runs = 0
        self.path: list[Formula] = []

    def decide(self, formula: Formula) -> bool:
        """The outcome of a comparison in this run. Raises RuleBroken if there are too many, as in a loop over sizes."""
        if formula in self.path or -formula in self.path:
            return formula in self.path
        place = len(self.path)
        if place == MOST_COMPARISONS or self._runs > MOST_RUNS:
            raise RuleBroken("compares sizes that are not known too often, as in a loop")
        if place == len(self._ahead):
            self._ahead.append(True)
        holds = self._ahead[place]
        self.path.append(formula if holds else -formula)
        return holds

    def runs(self) -> Iterator[None]:
        """One for each run; `path` then grows with what is found to hold in it."""
        while True:
            self.path = []
            self._runs += 1
            yield
            del self._ahead[len(self.path) :]
            while self._ahead and not self._ahead[-1]:
                self._ahead.pop()
            if not self._ahead:
                return
            self._ahead[-1] = False


class UsedAsNumber(RuleBroken):
    """A program needs the number of a size that is not known."""

    what = "uses a size that is not known as a number, as range and slices do"

    def __init__(self) -> None:
        super().__init__(
            f"{self.what}; write phases as `yield from self.phases(number, self.phase, me, order)`, rounds of relaying "
            "as `yield from tree.relaying(rounds)`"
        )


class SymbolicSize(Unseen, Quantity):
    """A sum of parameters, such as n - m."""

    __slots__ = ("linear",)

    def __init__(self, algebra: LinearAlgebra, linear: Linear) -> None:
        self.algebra = algebra
        self.linear = linear

    def _of(self, linear: Linear) -> SymbolicSize:
        return SymbolicSize(self._algebra, linear)

    @property
    def _algebra(self) -> LinearAlgebra:
        algebra: Any = self.algebra
        return algebra  # type: ignore[no-any-return]

    def __add__(self, other: Whole) -> SymbolicSize:
        return NotImplemented if isinstance(other, Count) else self._of(self.linear + linear(other))

    def __neg__(self) -> SymbolicSize:
        return self._of(-self.linear)

    def __sub__(self, other: Whole) -> SymbolicSize:
        return NotImplemented if isinstance(other, Count) else self._of(self.linear - linear(other))

    def __rsub__(self, other: int) -> SymbolicSize:
        return -self + other

    def __mul__(self, factor: Whole) -> SymbolicSize:
        if isinstance(factor, Count):
            return NotImplemented
        other = linear(factor)
        if not other.is_constant and not self.linear.is_constant:
            raise RuleBroken("multiplies two sizes that are not known, which is not linear")
        return self._of(other * self.linear.constant if self.linear.is_constant else self.linear * other.constant)

    __radd__ = __add__
    __rmul__ = __mul__

    def __ge__(self, other: Whole) -> Truth:
        return NotImplemented if isinstance(other, Count) else self._at_least_0(self.linear - linear(other))

    def __gt__(self, other: Whole) -> Truth:
        return NotImplemented if isinstance(other, Count) else self._at_least_0(self.linear - linear(other) - 1)

    def __le__(self, other: Whole) -> Truth:
        return NotImplemented if isinstance(other, Count) else self._at_least_0(linear(other) - self.linear)

    def __lt__(self, other: Whole) -> Truth:
        return NotImplemented if isinstance(other, Count) else self._at_least_0(linear(other) - self.linear - 1)

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        if isinstance(other, Count):
            return NotImplemented
        difference = self.linear - linear(other)
        return self._algebra.truth(self._algebra.arithmetic.equal(difference, 0))

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return NotImplemented if isinstance(other, Count) else ~(self == other)

    def _at_least_0(self, difference: Linear) -> Truth:
        return self._algebra.truth(self._algebra.arithmetic.at_least_0(difference))

    def __repr__(self) -> NoReturn:
        raise RuleBroken("writes a size that is not known into a text")

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """The size in the message of `self.require`; the reader of the text refuses all other f-strings."""
        return repr(self.linear) if self._algebra.explorer is not None else repr(self)

    def __bool__(self) -> bool:  # type: ignore[override]
        return bool(self != 0)

    def __hash__(self) -> NoReturn:
        raise RuleBroken("a size that is not known as a key")

    def __index__(self) -> NoReturn:
        raise UsedAsNumber

    def _divides(self, *others: object) -> NoReturn:
        raise RuleBroken(
            "divides or rounds a size; multiply the other side: 2 * count > self.n, not count > self.n / 2"
        )

    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _divides
    __pow__ = __rpow__ = __int__ = __float__ = __round__ = __trunc__ = __floor__ = __ceil__ = _divides


def linear(number: object) -> Linear:
    """A whole number, known or not, as a sum. Raises RuleBroken for anything else."""
    if isinstance(number, SymbolicSize):
        return number.linear
    if isinstance(number, Looked):
        raise number
    if type(number) is bool or not isinstance(number, int):
        raise RuleBroken(f"a size with {described(number)}; add and compare sizes and whole numbers")
    return Linear((), int(number))
