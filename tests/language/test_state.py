"""What functions can reach and change: that a change is noticed wherever it is, and that looking harms nothing."""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from types import SimpleNamespace
from typing import Any

import pytest

from byzverify.errors import RuleBroken
from byzverify.language.state import Snapshot

COUNTED = 0
LISTED: list[int] = []


def counts() -> None:
    global COUNTED
    COUNTED += 1


def lists() -> None:
    LISTED.append(1)


def by_another() -> None:
    lists()


def default(kept: list[int] = []) -> None:  # noqa: B006
    kept.append(1)


def keyword(*, kept: dict[int, int] = {}) -> None:  # noqa: B006
    kept[len(kept)] = 1


def closure() -> Callable[[], None]:
    times = 0

    def add() -> None:
        nonlocal times
        times += 1

    return add


def of(thing: Any, change: Callable[[Any], object]) -> Callable[[], None]:
    """A function that changes a thing of its own."""

    def changes() -> None:
        change(thing)

    return changes


@dataclass
class Notes:
    noted: list[int] = field(default_factory=list)
    times: int = 0

    def note(self) -> None:
        self.times += 1


class Slotted:
    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def change(self) -> None:
        self.value += 1


CHANGING: list[Callable[[], object]] = [
    counts,
    lists,
    by_another,
    default,
    keyword,
    closure(),
    of([], lambda thing: thing.append(1)),
    of(([],), lambda thing: thing[0].append(1)),
    of({}, lambda thing: thing.update(a=1)),
    of({"a": [1]}, lambda thing: thing["a"].clear()),
    of(set(), lambda thing: thing.add(1)),
    of(deque(), lambda thing: thing.append(1)),
    of([1, 2], lambda thing: thing.reverse()),
    of(Notes(), lambda thing: thing.noted.append(1)),
    of([Notes()], lambda thing: thing[0].note()),
    Notes().note,
    Slotted().change,
    partial(lambda kept: kept.append(1), []),
]


@pytest.mark.parametrize("function", CHANGING)
def test_what_a_function_keeps_is_noticed(function: Callable[[], object]) -> None:
    before = Snapshot({"the function": function})
    before.demand_unchanged()
    function()
    with pytest.raises(RuleBroken, match=r"^keeps something in .+, which is there still"):
        before.demand_unchanged()


@cache
def remembered(number: int) -> int:
    return number + 1


class Once:
    @cached_property
    def found(self) -> int:
        return 1


ONCE = Once()


@pytest.mark.parametrize(
    "function",
    [lambda: remembered(7), lambda: ONCE.found, lambda: [*LISTED], lambda: sorted({3, 1}), lambda: {**vars(Once)}],
)
def test_what_only_computes_is_not_refused(function: Callable[[], object]) -> None:
    before = Snapshot({"the function": function})
    function()
    before.demand_unchanged()


def generated() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    "iterator",
    [
        generated(),
        (number for number in range(3)),
        iter([1]),
        iter({1: 1}),
        iter({1}),
        reversed([1]),
        zip([1], [2], strict=True),
        map(str, [1]),
        itertools.count(),
        itertools.cycle([1]),
        itertools.tee([1])[0],
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_iterator_is_refused_however_deep(iterator: Iterator[Any]) -> None:
    for holder in (iterator, [(iterator,)], {"a": iterator}, Notes([iterator])):  # type: ignore[list-item]
        with pytest.raises(RuleBroken, match="an iterator, which is used up"):
            Snapshot({"the thing": of(holder, len)})


def test_what_a_loop_makes_and_uses_up_at_once_is_no_state() -> None:
    Snapshot({"the function": lambda: sum(one for one in [1])})


def test_constants_are_told_by_name_and_sets_make_a_function_depend_on_hashes() -> None:
    thing = SimpleNamespace
    snapshot = Snapshot({"the function": of((2, "two", thing), len)})
    assert {"thing[0] is 2", "thing[1] is 'two'"} <= set(snapshot.constants)
    assert not Snapshot({"the function": lambda: [1]}).hashes
    for function in (lambda: {1, 2}, lambda: set("ab"), lambda: hash("a"), of({1}, len)):
        assert Snapshot({"the function": function}).hashes
