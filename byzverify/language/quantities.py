"""Whole numbers that are not known while a program runs once for all sizes.

At a known size, every number is an int. This module does not know what an unknown number is made of.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from operator import index
from typing import TYPE_CHECKING

from byzverify.errors import RuleBroken, described
from byzverify.language.unseen import Single

if TYPE_CHECKING:
    from byzverify.language.values import Algebra, Truth


class Quantity(Single, ABC):
    """A whole number that is not known while a program runs once for all sizes, such as the number of generals.

    It can be added, subtracted, compared, and multiplied by a whole number.
    """

    __slots__ = ("algebra",)
    algebra: Algebra
    called = "a size that is not known"

    @abstractmethod
    def __add__(self, other: Whole) -> Quantity: ...
    @abstractmethod
    def __radd__(self, other: int) -> Quantity: ...
    @abstractmethod
    def __sub__(self, other: Whole) -> Quantity: ...
    @abstractmethod
    def __rsub__(self, other: int) -> Quantity: ...
    @abstractmethod
    def __mul__(self, factor: Whole) -> Quantity: ...
    @abstractmethod
    def __rmul__(self, factor: int) -> Quantity: ...
    @abstractmethod
    def __neg__(self) -> Quantity: ...
    @abstractmethod
    def __ge__(self, other: Whole) -> Truth: ...
    @abstractmethod
    def __gt__(self, other: Whole) -> Truth: ...
    @abstractmethod
    def __le__(self, other: Whole) -> Truth: ...
    @abstractmethod
    def __lt__(self, other: Whole) -> Truth: ...


Whole = int | Quantity
"""A whole number, known or not."""


def whole(number: Whole) -> Whole:
    """A whole number of any type, as an int if it is known. Raises RuleBroken for everything else, even 2.0."""
    if type(number) is int or isinstance(number, Quantity):
        return number
    try:
        return index(number)
    except TypeError:
        raise RuleBroken(
            f"a count with {described(number)}; add and compare counts and whole numbers (2 * count > n, not n / 2)"
        ) from None
