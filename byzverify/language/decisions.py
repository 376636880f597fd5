"""What generals decide: orders, truths, counts, and tuples and dictionaries of decisions.

This module knows the shapes of decisions. It must not know who decides, nor what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from byzverify.language.values import FALSE, TRUE, Count, Order, Truth, all_of
from byzverify.loading.origins import name_of

Decision = Any
"""What a general decides: an order, a truth or a count, or a tuple or a dictionary (keyed by general) of decisions.

A tuple may be a named one. Everything derived from a decision keeps its type, so that conditions can use the names.
"""


def written(decision: Decision, typed: bool = False) -> Any:
    """A decision on plain values as JSON: orders by name, truths, numbers, lists, objects.

    typed: write a tuple of an author's own class as an object with the name of the class, because a condition can tell
        such classes apart.
    """
    if isinstance(decision, dict):
        return {str(general): written(part, typed) for general, part in sorted(decision.items())}
    if isinstance(decision, tuple):
        parts = [written(part, typed) for part in decision]
        return {_called(type(decision)): parts} if typed and type(decision) is not tuple else parts
    if isinstance(decision, Count):
        held: list[Any] = [weight for weight, truth in decision.weighted if truth]
        return decision.constant + sum(held)
    return decision.name if isinstance(decision, Order) else bool(decision)


def _called(kind: type) -> str:
    """The name of a class; if it cannot be looked up by name, an identifier valid in this process and its forks."""
    return name_of(kind) or f"{kind.__qualname__} {id(kind):x}"


def leaves(decision: Decision, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Order | Truth]]:
    """The orders and truths in a decision, each with the sequence of generals and indices that leads to it."""
    if isinstance(decision, dict):
        parts = list(decision.items())
    elif isinstance(decision, tuple):
        parts = list(enumerate(decision))
    elif isinstance(decision, Count):
        parts = list(enumerate(truth for _, truth in decision.weighted))
    else:
        yield place, decision
        return
    for key, part in parts:
        yield from leaves(part, (*place, key))


def rebuilt(decision: tuple[Decision, ...], parts: Iterable[Decision]) -> Decision:
    """A tuple of the same type, named or not, made of these parts."""
    return tuple.__new__(type(decision), parts)


def remade(decision: Decision, make: Callable[[Any], Any]) -> Decision:
    """A decision of the same shape, with `make` applied to each order and truth in it."""
    if isinstance(decision, dict):
        return {general: remade(part, make) for general, part in decision.items()}
    if isinstance(decision, tuple):
        return rebuilt(decision, (remade(part, make) for part in decision))
    if isinstance(decision, Count):
        return Count(tuple((weight, make(truth)) for weight, truth in decision.weighted), decision.constant)
    return make(decision)


def _truth(decision: Decision) -> Decision:
    """A truth for a bool, so that a comparison of sizes is one at every size; anything else as it is."""
    return (TRUE if decision else FALSE) if isinstance(decision, bool) else decision


def same(one: Decision, other: Decision) -> Truth:
    """Whether two decisions are the same in all their parts. True and False are truths, as comparisons of sizes are."""
    one, other = _truth(one), _truth(other)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return all_of(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
        return all_of(same(part, other[general]) for general, part in one.items())
    alike = any(isinstance(one, kind) and isinstance(other, kind) for kind in (Order, Truth, Count))
    return all_of([one == other]) if alike else FALSE
