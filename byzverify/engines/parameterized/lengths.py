"""The length of a list in which one value stands for those of a whole group.

A program that writes `len(votes)` means how many votes there are. While it runs for all sizes, `len` is another
function for it: one that counts each group as often as it has members. It is that only for authors' code, which is
recognised by the module that calls; all other code gets Python's own.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from byzverify.engines.parameterized.groups import GroupOrder, GroupTruth, LinearAlgebra
from byzverify.engines.parameterized.sizes import SymbolicSize
from byzverify.logic.linear import Linear, total

PLAIN = len


@contextmanager
def lengths_of_groups(algebra: LinearAlgebra, size_of: Callable[[Any], Linear | None]) -> Iterator[None]:
    """In the block, `len` of an author's list or tuple counts the members of each group in it.

    size_of: how many members a general of the list stands for; None for one that is no crowd.
    """

    def length(thing: Any, /) -> Any:
        if type(thing) not in (list, tuple) or not _is_authors(sys._getframe(1).f_globals.get("__name__", "")):
            return PLAIN(thing)
        sizes = [total(one.source.counts.values()) if is_group(one) else size_of(one) for one in thing]
        if all(size is None for size in sizes):
            return PLAIN(thing)
        return SymbolicSize(algebra, total(Linear((), 1) if size is None else size for size in sizes))

    everywhere = _all_builtins()
    outer = [found["len"] for found in everywhere]
    for found in everywhere:
        found["len"] = length
    try:
        yield
    finally:
        for found, was in zip(everywhere, outer, strict=True):
            found["len"] = was


def _all_builtins() -> list[dict[str, Any]]:
    """Python's built-in functions, as modules see them; some modules have a copy of their own."""
    seen = (getattr(module, "__dict__", {}).get("__builtins__") for module in list(sys.modules.values()))
    copies = {id(found): found for found in (vars(builtins), *seen) if isinstance(found, dict) and "len" in found}
    return list(copies.values())


def is_group(thing: Any) -> bool:
    """Whether a value stands for those of a whole group."""
    return issubclass(type(thing), GroupOrder | GroupTruth)


def _is_authors(module: str) -> bool:
    return not module.startswith("byzverify.") or module.startswith("byzverify.models")
