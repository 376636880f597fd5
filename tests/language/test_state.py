"""What functions can reach and change: that a change is noticed wherever it is, and that looking harms nothing."""

import csv
import hashlib
import hmac
import io
import itertools
import json
import multiprocessing
import os
import re
import sqlite3
import sys
import threading
import typing
import weakref
from array import array
from collections import UserDict, deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum, Flag, StrEnum
from fractions import Fraction
from functools import cache, cached_property, lru_cache, partial, singledispatch
from ipaddress import ip_address
from pathlib import Path
from random import Random
from threading import Lock
from types import MappingProxyType, SimpleNamespace
from typing import Any, FrozenSet, runtime_checkable  # noqa: UP035
from uuid import UUID

import networkx
import pytest

from byzverify.errors import RuleBroken
from byzverify.language import ATTACK, FALSE, RETREAT, TRUE, Condition
from byzverify.language.mentions import draws
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


class Listed(list[int]):
    """A list that can hold attributes, too."""


class Holder(Enum):
    KEPT = [0]  # noqa: RUF012

    def __init__(self, value: object) -> None:
        self._reports: list[int] = []


BEHIND: dict[str, int] = {}
CONTEXT: ContextVar[int] = ContextVar("CONTEXT", default=0)


def puts_into_the_environment() -> None:
    os.environ["BYZVERIFY_TEST_OF_STATE"] = os.environ.get("BYZVERIFY_TEST_OF_STATE", "") + "1"


REFERRED_TO = Notes()
DISPATCHED: list[Any] = []
DISPATCHED_NUMBERS: list[int] = []


@singledispatch
def dispatching(thing: object) -> None:
    DISPATCHED.append(thing)


@dispatching.register
def _(thing: int) -> None:
    DISPATCHED_NUMBERS.append(thing)


@cache
def history(number: int) -> list[int]:
    return []


@lru_cache(maxsize=3, typed=True)
def bounded(*numbers: int, scale: int = 1) -> dict[int, list[int]]:
    return {scale: [*numbers]}


@dataclass(frozen=True)
class Frozen:
    name: str
    noted: list[int] = field(default_factory=list, compare=False)


@cache
def frozen(name: str) -> tuple[Frozen]:
    return (Frozen(name),)


class Computed:
    @cached_property
    def listed(self) -> list[int]:
        return [1]


COMPUTED = Computed()

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
    of(SimpleNamespace(kept=1), lambda thing: vars(thing).update(kept=2)),
    of(UserDict(), lambda thing: thing.setdefault("kept", 1)),
    of(weakref.WeakValueDictionary(), lambda thing: thing.setdefault("kept", COMPUTED)),
    of(MappingProxyType(BEHIND), lambda thing: BEHIND.update(kept=1)),
    of(MappingProxyType({"kept": []}), lambda thing: thing["kept"].append(1)),
    of(weakref.ref(REFERRED_TO), lambda thing: thing().noted.append(1)),
    lambda: dispatching(None),
    lambda: dispatching(1),
    lambda: dispatching.register(str, print),
    of(threading.local(), lambda thing: setattr(thing, "kept", 1)),
    of(bytearray(2), lambda thing: thing.__setitem__(0, 1)),
    of(array("i", [1, 2]), lambda thing: thing.reverse()),
    of(io.StringIO(), lambda thing: thing.write("kept")),
    of(io.StringIO("kept"), lambda thing: thing.readline()),
    of(threading.Lock(), lambda thing: thing.acquire()),
    of(threading.RLock(), lambda thing: thing.acquire()),
    of(threading.Event(), lambda thing: thing.set()),
    of(threading.Semaphore(), lambda thing: thing.acquire()),
    of(hashlib.sha256(), lambda thing: thing.update(b"kept")),
    of(hashlib.shake_128(), lambda thing: thing.update(b"kept")),
    of(hashlib.blake2b(), lambda thing: thing.update(b"kept")),
    of(hmac.new(b"key", digestmod="sha256"), lambda thing: thing.update(b"kept")),
    of(Random(7), lambda thing: thing.random()),
    of(CONTEXT, lambda thing: thing.set(thing.get() + 1)),
    of([].append, lambda thing: thing(1)),
    of(Listed(), lambda thing: setattr(thing, "kept", 1)),
    of(Holder.KEPT, lambda thing: thing.value.append(1)),
    of(KeyError(), lambda thing: setattr(thing, "args", (1,))),
    of(partial(len), lambda thing: setattr(thing, "kept", 1)),
    of(Holder.KEPT, lambda thing: thing._reports.append(1)),
    puts_into_the_environment,
    lambda: history(7).append(1),
    lambda: history(number=8).append(1),
    lambda: bounded(1, 2)[1].append(3),
    lambda: bounded(1, scale=2).clear(),
    lambda: frozen("kept")[0].noted.append(1),
    lambda: COMPUTED.listed.append(2),
]


@pytest.fixture(autouse=True)
def no_results_are_kept_from_other_tests() -> None:
    history.cache_clear()
    bounded.cache_clear()
    frozen.cache_clear()


@pytest.mark.parametrize("function", CHANGING)
def test_what_a_function_keeps_is_noticed(function: Callable[[], object]) -> None:
    before = Snapshot({"the function": function})
    before.demand_unchanged()
    function()
    with pytest.raises(RuleBroken, match=r"^keeps something in .+, which is still there"):
        before.demand_unchanged()


@cache
def remembered(number: int) -> int:
    return number + 1


@cache
def listed(number: int) -> list[Any]:
    return [number, {number}, Notes([number]), (number, None)]


class Duty(Flag):
    SPEAK = 1
    LISTEN = 2


@singledispatch
def dispatched(thing: object) -> str:
    return "a thing"


dispatched.register(int, str)
PLACE = Path("a") / "b"


class Once:
    @cached_property
    def found(self) -> int:
        return 1


ONCE = Once()


@pytest.mark.parametrize(
    "function",
    [
        lambda: remembered(7),
        lambda: listed(7),
        lambda: frozen("kept"),
        lambda: ONCE.found,
        lambda: [*LISTED],
        lambda: sorted({3, 1}),
        lambda: {**vars(Once)},
        lambda: (Duty.SPEAK | Duty.LISTEN, ~Duty.SPEAK),
        lambda: dispatched(True),
        lambda: str(PLACE),
        lambda: isinstance(PLACE, HasLength),
        of(threading.RLock(), lambda thing: thing.acquire() and thing.release()),
        of(hashlib.sha256(), lambda thing: thing.copy().update(thing.digest())),
        of(weakref.ref(REFERRED_TO), lambda thing: thing().times),
        of(MappingProxyType({"kept": []}), lambda thing: [*thing["kept"]]),
    ],
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
        re.finditer("a", "aaa"),
        csv.reader(["a", "b"]),
        iter(lambda: 1, 2),
        sqlite3.connect(":memory:").execute("SELECT 1"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_iterator_is_refused_however_deep(iterator: Iterator[Any]) -> None:
    for holder in (iterator, [(iterator,)], {"a": iterator}, Notes([iterator])):  # type: ignore[list-item]
        with pytest.raises(RuleBroken, match="an iterator, which can be iterated over only once"):
            Snapshot({"the thing": of(holder, len)})


def test_a_file_is_refused_as_an_iterator_is_while_it_is_open(tmp_path: Path) -> None:
    (tmp_path / "lines").touch()
    for mode in ("r", "rb", "ab+"):
        with (
            (tmp_path / "lines").open(mode) as file,
            pytest.raises(RuleBroken, match="an open file, which can be iterated over only once"),
        ):
            Snapshot({"the thing": of(file, len)})
        Snapshot({"the thing": of(file, len)}).demand_unchanged()
    with (tmp_path / "log").open("w") as log:
        before = Snapshot({"the thing": of(log, len)})
        log.write("a line")
        before.demand_unchanged()  # nobody reads it


@pytest.mark.parametrize("stream", [sys.__stdout__, sys.__stderr__, sys.__stdin__])
def test_a_standard_stream_is_no_state(stream: Any) -> None:
    before = Snapshot({"the function": of(stream, len), "the default": lambda file=sys.stdout: print(file=file)})
    print()
    before.demand_unchanged()


class Turns:
    def __init__(self) -> None:
        self.taken = 0

    def __next__(self) -> int:
        self.taken += 1
        return self.taken


def test_an_iterator_of_a_class_of_ones_own_is_noted() -> None:
    turns = Turns()
    before = Snapshot({"the function": of(turns, next)})
    before.demand_unchanged()
    next(turns)
    with pytest.raises(RuleBroken, match="keeps something in thing"):
        before.demand_unchanged()


def test_what_a_loop_makes_and_uses_up_at_once_is_no_state() -> None:
    Snapshot({"the function": lambda: sum(one for one in [1])})


def test_constants_are_told_by_name_and_sets_make_a_function_depend_on_hashes() -> None:
    thing = SimpleNamespace
    snapshot = Snapshot({"the function": of((2, "two", thing), len)})
    assert {"thing[0] is 2", "thing[1] is 'two'"} <= set(snapshot.constants)
    drawn = (datetime(2026, 11, 1), UUID(int=1), Decimal(3), Fraction(1, 2), Path("a"), ip_address("10.0.0.1"))
    assert {f"thing[{place}] is {one!r}" for place, one in enumerate(drawn)} <= {
        *Snapshot({"the function": of(drawn, len)}).constants
    }
    assert not Snapshot({"the function": lambda: [1]}).hashes
    for function in (lambda: {1, 2}, lambda: set("ab"), lambda: hash("a"), of({1}, len)):
        assert Snapshot({"the function": function}).hashes


TEAM = frozenset[int]
MAKES = set
KIND = type


@runtime_checkable
class HasLength(typing.Protocol):
    def __len__(self) -> int: ...


class Asking:
    kind = type


@pytest.mark.parametrize(
    "function",
    [lambda: TEAM((1, 2)), lambda: MAKES((1, 2)), of(frozenset, len), of(FrozenSet, len)],  # noqa: UP006
)
def test_another_name_for_a_set_makes_a_function_depend_on_hashes(function: Callable[[], object]) -> None:
    assert Snapshot({"the function": function}).hashes


@pytest.mark.parametrize("function", [lambda: KIND(1), Asking])
def test_another_name_for_type_makes_a_function_ask_for_types(function: Callable[[], object]) -> None:
    assert Snapshot({"the function": function}).tells_stand_ins


@pytest.mark.parametrize(
    "function", [lambda: list[int]((1, 2)), lambda: bounded(1), lambda: dispatched(1), Listed, HasLength]
)
def test_other_kinds_make_a_function_depend_on_neither(function: Callable[[], object]) -> None:
    noted = Snapshot({"the function": function})
    assert not noted.hashes
    assert not noted.tells_stand_ins


def test_what_python_puts_into_a_module_is_no_constant() -> None:
    assert not any("__" in one for one in Snapshot({"the function": lambda: (__name__, __file__)}).constants)


def test_an_installed_package_that_a_root_comes_from_is_the_authors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "installed_base.py").write_text(
        "KEPT = []\nclass Base:\n    def keeps(self):\n        KEPT.append(1)\n", "utf-8"
    )
    monkeypatch.syspath_prepend(folder)
    try:
        base = __import__("installed_base").Base
        before = Snapshot({"the class": type("Own", (base,), {})})
        base().keeps()
        with pytest.raises(RuleBroken, match="keeps something in KEPT"):
            before.demand_unchanged()
    finally:
        sys.modules.pop("installed_base", None)


def test_a_condition_that_is_an_object_without_a_hash_has_one_itself() -> None:
    with pytest.raises(TypeError):
        hash(Notes())
    unhashed = Condition("Own", "what this test says", Notes(), witnesses=1)  # type: ignore[arg-type]
    assert {unhashed: "found"}[unhashed] == "found"


def in_both(one: dict[int, int], other: dict[int, int]) -> int:
    return next(iter(one.keys() & other.keys()))


def difference(one: dict[int, int], other: dict[int, int]) -> list[tuple[int, int]]:
    left = one.items()
    left -= other.items()  # type: ignore[assignment]
    return list(left)


def in_turn(one: dict[int, int]) -> list[int]:
    return [value for value in one.values()]  # noqa: C416


def by_method(one: dict[int, int], other: dict[int, int]) -> list[int]:
    return list(one.keys().__sub__(other.keys()))


def kept_for_later(one: dict[int, int], other: dict[int, int]) -> list[int]:
    keys = one.keys
    return [key for key in keys() | other.keys()]  # noqa: C416


def each(some: list[dict[int, int]]) -> list[Any]:
    return [view for view in map(dict.keys, some)][0] & some[1].keys()  # type: ignore[return-value]  # noqa: C416, RUF015


def of_networkx(one: int) -> list[int]:
    return list(networkx.node_connected_component(networkx.Graph([(one, 1)]), one))


@pytest.mark.parametrize(
    ("function", "makes_a_set"),
    [
        *[(in_both, True), (difference, True), (by_method, True), (kept_for_later, True), (each, True)],
        *[(of_networkx, True), (in_turn, False)],
    ],
)
def test_keys_that_are_combined_are_a_set(function: Callable[..., object], makes_a_set: bool) -> None:
    assert Snapshot({"the function": function}).hashes is makes_a_set


@pytest.mark.filterwarnings("ignore:.*with a literal:SyntaxWarning")
def test_identity_is_noticed_but_for_what_there_is_once() -> None:
    for text in ("other", "not other", "COUNTED", "0", "1"):
        assert Snapshot({"the function": eval(f"lambda who, other: who is {text}")}).tells_stand_ins, text
    for text in ("(other or None)", "(other if who else None)", "(other and None)"):
        assert Snapshot({"the function": eval(f"lambda who, other: who is {text}")}).tells_stand_ins, text
    for text in ("None", "not None", "True", "False", "..."):
        assert not Snapshot({"the function": eval(f"lambda who: [who is {text}]")}).tells_stand_ins, text


def on_any_error(thing: Any) -> Any:
    try:
        return thing % 3
    except:  # noqa: E722
        return thing


def on_a_type_error(thing: Any) -> Any:
    try:
        return Decimal(thing) % 3
    except TypeError:
        return thing


def in_json(thing: Any) -> str:
    return json.dumps([thing], default=lambda one: "a general")


def by_its_own_method(number: int, others: list[int]) -> list[int]:
    return list(filter(number.__eq__, others))


def on_a_missing_key(thing: Any) -> Any:
    try:
        return {1: 2}[thing]
    except KeyError:
        return thing
    finally:
        repr(1)


@pytest.mark.parametrize(
    ("function", "notices"),
    [
        *[(on_any_error, True), (on_a_type_error, True), (in_json, True), (by_its_own_method, True)],
        (on_a_missing_key, False),
    ],
)
def test_code_is_noticed_that_could_notice_that_a_general_is_no_number(
    function: Callable[..., object], notices: bool
) -> None:
    assert Snapshot({"the function": function}).tells_stand_ins is notices


FIRST = lambda: 1  # noqa: E731
SECOND = lambda: 1  # noqa: E731


@dataclass(frozen=True)
class Pair:
    one: int
    other: int


class Rank(int):
    pass


class Side(Enum):
    LEFT = 1
    RIGHT = 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({0: 1, 1: 0}, {0: 0, 1: 1}),
        ({Side.LEFT: 0, Side.RIGHT: 1}, {Side.LEFT: 1, Side.RIGHT: 0}),
        ({(0, "a"): 0, (0, "b"): 1}, {(0, "a"): 1, (0, "b"): 0}),
        ({(0, 1), (1, 0)}, {(0, 0), (1, 1)}),
        ({frozenset({1, 2}): 1, frozenset({3}): 2}, {frozenset({1, 2}): 2, frozenset({3}): 1}),
        ({Pair(0, 1), Pair(1, 0)}, {Pair(0, 0), Pair(1, 1)}),
        ({Fraction(1, 2): 0, Fraction(1, 3): 1}, {Fraction(1, 2): 1, Fraction(1, 3): 0}),
        ({datetime(2026, 1, 1): 0, datetime(2026, 1, 2): 1}, {datetime(2026, 1, 1): 1, datetime(2026, 1, 2): 0}),
        ({int: 0, str: 1}, {int: 1, str: 0}),
        (Rank(1), Rank(2)),
        (TRUE, FALSE),
        (Side.LEFT, Side.RIGHT),
        ([Side, Side.LEFT], [Side, Side.RIGHT]),
        (ATTACK, RETREAT),
        ([1], [1, 1]),
        (None, 1),
        (bytearray(b"a"), bytearray(b"b")),
        (range(3), range(4)),
        (re.compile("a"), re.compile("b")),
        (Random(1), Random(2)),
        (on_any_error, on_a_type_error),
        (FIRST, SECOND),
        (Decimal, Fraction),
    ],
)
def test_two_processes_that_come_to_different_things_are_told_apart(one: object, other: object) -> None:
    here, there, again = (Snapshot({"the function": of(thing, len)}).constants for thing in (one, other, one))
    assert here == again
    assert here != there


def test_locks_and_the_environment_may_be_others_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def reads() -> object:
        return os.environ

    before = Snapshot({"the function": reads, "the lock": of(Lock(), len)}).constants
    monkeypatch.setenv("SOMETHING", "else")
    assert Snapshot({"the function": reads, "the lock": of(Lock(), len)}).constants == before


@pytest.mark.parametrize("thing", [multiprocessing.Lock(), multiprocessing.Value, os.mkfifo])
def test_what_processes_share_is_refused(thing: object) -> None:
    with pytest.raises(RuleBroken, match="which other processes share"):
        Snapshot({"the function": of(thing, len)})


def test_an_attribute_is_no_variable_of_the_same_name() -> None:
    def size(thing: Any) -> Any:
        return thing.COUNTED

    def counted() -> int:
        return COUNTED

    assert not any("COUNTED" in one for one in Snapshot({"the function": size}).constants)
    assert any("COUNTED is" in one for one in Snapshot({"the function": counted}).constants)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("import random\nKING = random.randrange(2)", True),
        ("from random import randrange as draw\nKING = draw(2)", True),
        ("import os\nKING = os.urandom(1)", True),
        ("import time\ndef now():\n    return time.time()", False),
        ("from time import time\nimport sys\nKING = 1", False),
    ],
)
def test_a_module_that_draws_while_it_is_executed_is_told_from_one_that_only_imports(text: str, drawn: bool) -> None:
    assert draws(compile(text, "mine.py", "exec")) is drawn


class Kind(StrEnum):
    LONG = "a text that is made anew whenever somebody looks"


def test_a_text_with_a_name_is_the_same_whenever_it_is_looked_at() -> None:
    noted = Snapshot({"the function": of(Kind.LONG, len), "the kind": Kind})
    noted.demand_unchanged()
