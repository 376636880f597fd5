"""The length of a list in which one value stands for those of a whole group.

A program that writes `len(votes)` means how many votes there are. While it runs for all sizes, `len` is another
function for it: one that counts each group as often as it has members. It is that only for authors' code, which is
recognised by the module that calls; all other code gets Python's own. What authors' code counts is collected, so that
it can be compared between two listings of the same generals.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from byzverify.engines.parameterized.groups import GroupOrder, GroupTruth, LinearAlgebra
from byzverify.engines.parameterized.members import Assembly
from byzverify.engines.parameterized.sizes import SymbolicSize, linear
from byzverify.language.quantities import Whole
from byzverify.language.values import PLAIN as KNOWN
from byzverify.language.values import Order, Truth
from byzverify.logic.linear import Atom, Linear, total

PLAIN = len


@contextmanager
def lengths_of_groups(
    algebra: LinearAlgebra,
    size_of: Callable[[Any], Linear | None],
    everywhere: Sequence[dict[str, Any]],
    counted: set[Atom] | None = None,
) -> Iterator[None]:
    """In the block, `len` of an author's list or tuple, or of loyal generals, counts the members of each group in it.

    size_of: how many members a general of the list stands for; None for one that is no crowd. everywhere: where `len`
    is looked up, as `all_builtins` found it after the author's code was loaded. counted: where all sums that the code
    counts are collected.
    """

    def length(thing: Any, /) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if type(thing) not in (list, tuple, Assembly) or not _is_authors(caller):
            return PLAIN(thing)
        thing = tuple(thing)
        sizes = [total(one.source.counts.values()) if is_group(one) else size_of(one) for one in thing]
        length = total(Linear((), 1) if size is None else size for size in sizes)
        algebra.note(length)
        return PLAIN(thing) if all(size is None for size in sizes) else SymbolicSize(algebra, length)

    outer, outside = [found["len"] for found in everywhere], algebra.counted
    algebra.counted = counted
    for found in everywhere:
        found["len"] = length
    try:
        with _noting_known(algebra):
            yield
    finally:
        algebra.counted = outside
        for found, was in zip(everywhere, outer, strict=True):
            found["len"] = was


@contextmanager
def _noting_known(algebra: LinearAlgebra) -> Iterator[None]:
    """In the block, what is counted of values that are all known is collected, too."""
    known: Any = KNOWN

    def sums_to(k: Whole, weighted: Sequence[tuple[Whole, Truth]]) -> Truth:
        algebra.note(-linear(k), ((algebra.formula(truth), linear(weight)) for weight, truth in weighted))
        return type(KNOWN).sums_to(KNOWN, k, weighted)

    def voted(vote: Callable[..., Order]) -> Callable[[Sequence[Order], Order], Order]:
        def noting(votes: Sequence[Order], default: Order) -> Order:
            algebra.note(Linear((), PLAIN(votes)))
            return vote(KNOWN, votes, default)

        return noting

    outer = dict(vars(known))
    known.sums_to = sums_to
    known.majority, known.plurality = voted(type(KNOWN).majority), voted(type(KNOWN).plurality)
    try:
        yield
    finally:
        vars(known).clear()
        vars(known).update(outer)


def all_builtins() -> list[dict[str, Any]]:
    """Python's built-in functions, as modules see them; each package of an author has a copy of its own.

    There may be thousands of modules, so this is not for every step of a program.
    """
    seen = (getattr(module, "__dict__", {}).get("__builtins__") for module in list(sys.modules.values()))
    copies = {id(found): found for found in (vars(builtins), *seen) if isinstance(found, dict) and "len" in found}
    return list(copies.values())


def is_group(thing: Any) -> bool:
    """Whether a value stands for those of a whole group."""
    return issubclass(type(thing), GroupOrder | GroupTruth)


def _is_authors(module: str) -> bool:
    return not module.startswith("byzverify.") or module.startswith("byzverify.models")
