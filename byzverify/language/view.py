"""What a condition sees of a protocol: its parameters and what its author's class adds, read only.

Nothing that a condition computes may reach a program, so a view is based on an instance of its own, which is created
anew each time that the condition is asked. It does not list generals: a condition takes these from the outcome, in the
order in which the outcome shows them. This module knows no conditions and runs no programs.
"""

from __future__ import annotations

from typing import Any, NoReturn

from byzverify.errors import RuleBroken
from byzverify.language.holes import holes_of

LISTING = ("generals", "others", "lieutenants", "paths", "general", "seen_by", "listing", "fresh")
"""The attributes of a protocol that list generals or run them."""


class View:
    """What a condition sees of the protocol: `n`, `orders`, `words`, the parameters, and what the class adds."""

    __slots__ = ("_instance", "_of")

    def __init__(self, protocol: Any) -> None:
        object.__setattr__(self, "_of", protocol)
        object.__setattr__(self, "_instance", None)

    def __getattr__(self, name: str) -> Any:
        if name in LISTING:
            raise RuleBroken(f"takes {name} of the protocol; take generals from the witnesses or the loyal ones")
        if name in holes_of(self._of):
            raise RuleBroken(f"reads {name}, a hole; what must hold does not depend on holes")
        if self._instance is None:
            object.__setattr__(self, "_instance", self._of.fresh())
        return getattr(self._instance, name)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise RuleBroken(f"changes {name} of the protocol; a condition only looks at it")

    def __repr__(self) -> str:
        return repr(self._of)
