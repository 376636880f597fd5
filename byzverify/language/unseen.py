"""Values that a program can compute with but cannot look at.

The law of this file: every Python operation that would have to look at a value raises RuleBroken, and the message says
what to write instead. Executions that run a program once for all values mix these classes into their values. This
module knows no values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NoReturn

from byzverify.errors import Looked, RuleBroken


class Public:
    """A class that authors know by name. In error messages, classes that byzverify derives from it have its name."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if Public not in cls.__bases__ and cls.__module__.startswith("byzverify."):
            cls.__name__ = next(base.__name__ for base in cls.__mro__ if Public in base.__bases__)


class Single:
    """One value without parts. called: how messages name it, such as "an order"."""

    __slots__ = ()
    called: ClassVar[str]

    def _has_no_parts(self) -> NoReturn:
        raise RuleBroken(
            f"iterates over {self.called}, a single value; a helper without a `yield` is called without `yield from`"
        )

    if not TYPE_CHECKING:  # a type checker reports this by itself
        __iter__ = _has_no_parts


class Numberless(Single):
    """A value that is not a number and has no rank, although max, sorted, sum and operators would treat it as one."""

    __slots__ = ()
    instead: ClassVar[str]
    """What to write instead."""

    def _refuse(self, *other: object) -> NoReturn:
        raise RuleBroken(self.instead)

    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __abs__ = _refuse


class Unseen:
    """A value that Python cannot look at. A program runs once for all values, so there is nothing to see."""

    __slots__ = ()
    called: ClassVar[str]

    def __bool__(self) -> NoReturn:
        raise Looked(self.called)

    def __hash__(self) -> NoReturn:
        raise RuleBroken("a symbolic value as a key; compare with == and choose with ite(condition, a, b)")

    def __repr__(self) -> NoReturn:
        raise RuleBroken("a symbolic value in a text; a program cannot look at it")

    def __getattr__(self, name: str) -> NoReturn:
        raise RuleBroken(f"takes {name} of a symbolic value, which a program cannot look at")

    def __index__(self) -> NoReturn:
        raise RuleBroken("a symbolic value as a number; compare with == and choose with ite(condition, a, b)")
