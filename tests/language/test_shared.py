"""What programs share with everybody in the process: a change that they can have made is noticed, and no other is."""

import builtins
import csv
import decimal
import gc
import locale
import logging
import os
import random
import signal
import socket
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from decimal import Decimal, getcontext
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from threading import current_thread
from types import ModuleType, SimpleNamespace
from typing import Any

import networkx as nx
import pytest

from byzverify.engines.finite.names import Name
from byzverify.errors import ProtocolError, RuleBroken
from byzverify.language import ATTACK, BYZANTINE_GENERALS, Order, Protocol, Tree, majority
from byzverify.language.state import Snapshot

LOG = logging.getLogger(f"{__name__}.log")
ADAPTED = logging.LoggerAdapter(LOG, {"line": 0})
GIVEN = SimpleNamespace(times=0)
"""Nothing here names `times` but by what it is called in a text."""


SWITCH = SimpleNamespace(off=True)
MODULES: list[ModuleType] = []


class Underscored:
    __kept__: list[int] = []  # noqa: RUF012
    __members__: set[int] = set()  # noqa: RUF012

    def __call__(self) -> None:
        GIVEN.times += 1


class Copied:
    """Python adds an attribute to this class when an object of it is copied."""


class Kinds(Enum):
    ONE = 1
    __kept__: list[int] = []  # noqa: RUF012


def adds_a_dunder() -> None:
    Underscored.__added__ = 1  # type: ignore[attr-defined]


def adds_to_a_set_with_a_dunder() -> None:
    Underscored.__members__.add(1)


def adds_a_dunder_to_a_function() -> None:
    documented.__kept__ = 1  # type: ignore[attr-defined]


def adds_a_dunder_to_the_module() -> None:
    global __kept__
    __kept__ = 1  # type: ignore[name-defined]


def renames_what_is_in_an_object() -> None:
    del SWITCH.off
    SWITCH.on = True


def renames_what_is_in_a_function() -> None:
    del renames_what_is_in_a_function.off  # type: ignore[attr-defined]
    renames_what_is_in_a_function.on = True  # type: ignore[attr-defined]


def documented() -> None:
    documented.__doc__ = "kept"


def renewed() -> None:
    def other() -> None: ...

    renewed.__code__ = other.__code__


def by_import() -> None:
    import networkx as graphs

    graphs.kept = 1


def adds_a_handler() -> None:
    LOG.addHandler(logging.NullHandler())


def counts_lines() -> None:
    ADAPTED.extra["line"] += 1  # type: ignore[index, operator]


def sets_the_level() -> None:
    logging.getLogger(f"{__name__}.log").setLevel(logging.ERROR)


def calculates_more_exactly() -> None:
    decimal.getcontext().prec += 1


def calculates_by_a_builtin() -> None:
    getcontext().prec += 1


def calls_deeper() -> None:
    sys.setrecursionlimit(sys.getrecursionlimit() + 1)


def moves() -> None:
    os.chdir("..")


def quiet(silence: Callable[..., object] = warnings.simplefilter) -> None:
    silence("ignore")


def speaks_otherwise() -> None:
    locale.setlocale(locale.LC_ALL, "C" if locale.setlocale(locale.LC_ALL) != "C" else "C.UTF-8")


def on_the_base() -> None:
    Protocol.kept = 1  # type: ignore[attr-defined]


def on_a_class_of_a_package() -> None:
    setattr(nx.Graph, "kept", 1)  # noqa: B010


def on_a_base_of_ones_own(kind: type[Protocol] = Tree) -> None:  # type: ignore[assignment]
    vars(kind)
    type.__setattr__(kind, "kept", 1)


def in_a_list_of_a_module() -> None:
    sys.argv.append("kept")


def among_the_builtins() -> None:
    builtins.kept = 1  # type: ignore[attr-defined]


renames_what_is_in_a_function.off = True  # type: ignore[attr-defined]

CHANGING: list[Callable[[], object]] = [
    lambda: Underscored.__kept__.append(1),
    Underscored(),
    lambda: Kinds.__kept__.append(1),
    renames_what_is_in_an_object,
    renames_what_is_in_a_function,
    adds_a_dunder,
    adds_to_a_set_with_a_dunder,
    adds_a_dunder_to_a_function,
    adds_a_dunder_to_the_module,
    lambda: MODULES.append(sys),
    documented,
    renewed,
    by_import,
    lambda: setattr(nx, "kept", 1),
    lambda: vars(nx).update(kept=1),
    lambda: setattr(majority, "kept", 1),
    lambda: setattr(LOG, "kept", 1),
    counts_lines,
    on_the_base,
    on_a_class_of_a_package,
    on_a_base_of_ones_own,
    in_a_list_of_a_module,
    among_the_builtins,
    adds_a_handler,
    sets_the_level,
    calculates_more_exactly,
    calculates_by_a_builtin,
    calls_deeper,
    moves,
    quiet,
    speaks_otherwise,
    lambda: random.seed(7),
    lambda: random.random(),
    lambda: globals().setdefault("kept", 1),
    lambda: exec("GIVEN.times += 1", globals()),
    lambda: setattr(sys.modules[__name__], "kept", 1),
]


@pytest.fixture(autouse=True)
def nothing_is_left_for_other_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before, filters, code = decimal.getcontext().copy(), warnings.filters[:], renewed.__code__
    depth, spoken, numbers = sys.getrecursionlimit(), locale.setlocale(locale.LC_ALL), random.getstate()
    monkeypatch.chdir(".")
    monkeypatch.setattr(sys, "argv", [*sys.argv])
    yield
    decimal.setcontext(before)
    warnings.filters[:] = filters  # type: ignore[index]
    sys.setrecursionlimit(depth)
    locale.setlocale(locale.LC_ALL, spoken)
    random.setstate(numbers)
    renewed.__code__, documented.__doc__ = code, None
    MODULES.clear()
    Underscored.__members__.clear()
    vars(documented).pop("__kept__", None)
    globals().pop("__kept__", None)
    LOG.handlers.clear()
    LOG.setLevel(logging.NOTSET)
    for one in (nx, majority, LOG, Protocol, nx.Graph, Tree, builtins, sys.modules[__name__]):
        if "kept" in vars(one):
            delattr(one, "kept")


@pytest.mark.slow
@pytest.mark.parametrize("function", CHANGING)
def test_what_a_function_leaves_where_others_can_find_it_is_noticed(function: Callable[[], object]) -> None:
    before = Snapshot({"the function": function})
    before.demand_unchanged()
    function()
    with pytest.raises(RuleBroken, match=r"^keeps something in .+, which is still there|^changes .+, and the change"):
        before.demand_unchanged()


def zone(name: str) -> None:
    os.environ["TZ"] = name
    time.tzset()


THRESHOLD = gc.get_threshold()
MASK = os.umask(0o22)
os.umask(MASK)

SETTINGS: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "csv": (lambda: csv.register_dialect("kept"), lambda: csv.unregister_dialect("kept")),
    "gc": (lambda: gc.set_threshold(701), lambda: gc.set_threshold(*THRESHOLD)),
    "profile": (lambda: sys.setprofile(lambda *_: None), lambda: sys.setprofile(None)),
    "signal": (
        lambda: signal.signal(signal.SIGUSR1, lambda *_: None),
        lambda: signal.signal(signal.SIGUSR1, signal.SIG_DFL),
    ),
    "socket": (lambda: socket.setdefaulttimeout(7), lambda: socket.setdefaulttimeout(None)),
    "thread": (lambda: setattr(current_thread(), "kept", 1), lambda: delattr(current_thread(), "kept")),
    "time": (lambda: zone("UTC-3"), lambda: zone("UTC")),
    "tracemalloc": (lambda: tracemalloc.start(), lambda: tracemalloc.stop()),
    "umask": (lambda: os.umask(0o77), lambda: os.umask(MASK)),
}
"""How a setting of the process is changed, and changed back."""


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_changed_setting_of_the_process_is_noticed(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    change, restore = SETTINGS[setting]
    restore() if setting == "time" else None
    before = Snapshot({"the function": change})
    before.demand_unchanged()
    change()
    try:
        with pytest.raises(RuleBroken, match=r"^changes .+; a program must not change it$|^keeps .+ in os.environ,"):
            before.demand_unchanged()
    finally:
        restore()


def test_who_draws_from_the_random_numbers_of_all_is_told_to_make_it_a_parameter() -> None:
    def draws() -> float:
        return random.random()

    before = Snapshot({"the function": draws})
    draws()
    with pytest.raises(RuleBroken, match=r"^changes .+; a general must not use random numbers: make .+ a parameter$"):
        before.demand_unchanged()


def calculates() -> object:
    with decimal.localcontext() as exact:
        exact.prec = 50
        third = Decimal(1) / 3
    return third + Decimal(1) / 7


def warns() -> None:
    warnings.warn("once", UserWarning, stacklevel=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")


def logs() -> None:
    logging.getLogger(f"{__name__}.new").debug("once")
    LOG.debug("twice")
    LOG.isEnabledFor(logging.DEBUG)


def imports() -> None:
    import this_is_imported_late as late  # type: ignore[import-not-found]

    late.table()


def changes_its_own() -> None:
    mine = Underscored()
    setattr(mine, "kept", 1)  # noqa: B010
    vars(mine)["kept"] = 2


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:once")
@pytest.mark.parametrize(
    "function",
    [
        calculates,
        warns,
        logs,
        imports,
        changes_its_own,
        lambda: random.Random(7).random(),
        lambda: [*sys.modules, *sys.path, os.getcwd()],
        lambda: nx.cycle_graph(4).nodes,
        lambda: globals()["GIVEN"],
        lambda: copy(Copied()),
        lambda: object.__reduce_ex__(Kinds.ONE, 2),
    ],
)
def test_what_everybody_may_do_is_not_refused(
    function: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "this_is_imported_late.py").write_text("KEPT = []\ndef table(): KEPT.append(1)\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    before = Snapshot({"the function": function})
    function()
    before.demand_unchanged()
    sys.modules.pop("this_is_imported_late", None)


@contextmanager
def module(text: str, name: str = "a_helper_of_this_test") -> Iterator[ModuleType]:
    """A helper module with this text."""
    made = ModuleType(name)
    exec(text, vars(made))
    sys.modules[name] = made
    yield made
    del sys.modules[name]


def passes(thing: Any) -> Callable[[], object]:
    def put(into: Any) -> None:
        into.kept = 1

    return lambda: put(thing)


def test_the_whole_of_a_helper_module_is_noted() -> None:
    with module("KEPT = []\nkept = 0\n") as helper:
        for change in (passes(helper), lambda: vars(helper)["KEPT"].append(1)):
            before = Snapshot({"the function": change})
            change()
            with pytest.raises(RuleBroken, match=r"keeps something in (into|thing|helper)\.(kept|KEPT)"):
                before.demand_unchanged()


def test_what_a_helper_module_has_cached_is_computed_again_only_if_it_is_used() -> None:
    text = "import functools, time\n@functools.cache\ndef times(): return [time.perf_counter()]\ntimes()\n"
    with module(text) as helper:
        Snapshot({"the function": passes(helper)}).demand_unchanged()
        used = Snapshot({"the function": helper.times})
        with pytest.raises(RuleBroken, match=r"the result of times\(\)"):
            used.demand_unchanged()


def test_of_a_helper_module_only_what_is_named_counts_as_a_constant_or_an_iterator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with module("import itertools, time\nSTARTED = time.time()\nNUMBERS = itertools.count()\nSIZE = 3\n") as helper:
        monkeypatch.setitem(globals(), "HELPER", helper)
        noted = Snapshot({"the function": lambda: helper.SIZE})
        assert not any("STARTED" in one for one in noted.constants)
        next(helper.NUMBERS)
        noted.demand_unchanged()
        named = lambda: next(HELPER.NUMBERS)  # type: ignore[name-defined]  # noqa: E731, F821
        with pytest.raises(RuleBroken, match=r"refers to HELPER.NUMBERS, an iterator"):
            Snapshot({"the function": named})


class Keeping(Protocol):
    problem = BYZANTINE_GENERALS

    @cached_property
    def kept(self) -> list[int]:
        return []

    @cache  # noqa: B019
    def listed(self) -> list[int]:
        return self.kept

    def general(self, me: Any, order: Any) -> Any:
        self.network.nodes[0].setdefault("kept", me)
        yield None
        return order


@cache
def notes_on(order: Order, others: tuple[Order, ...] = ()) -> list[int]:
    return []


def test_what_a_cached_function_gives_for_a_protocol_or_an_order_is_found_again() -> None:
    for function in (lambda: Keeping(n=3).listed(), lambda: notes_on(ATTACK), lambda: notes_on(ATTACK, (ATTACK,))):
        found = function()  # type: ignore[no-untyped-call]
        before = Snapshot({"the function": Keeping.listed, "the other": notes_on})
        before.demand_unchanged()
        found.append(1)
        with pytest.raises(RuleBroken, match=r"keeps something in the result of (listed|notes_on)\("):
            before.demand_unchanged()
        found.clear()


@cache
def told_to(general: Any) -> list[Any]:
    return [general, (general,)]


def test_what_stands_for_a_general_is_not_asked_for_its_type() -> None:
    name = Name(0, frozenset({0, 1}))
    told_to(name)
    Snapshot({"the function": told_to, "the name": name, "a list": [name, {name: name}]}).demand_unchanged()


def test_what_is_put_into_the_graph_is_noticed() -> None:
    with (
        pytest.raises(ProtocolError, match=r"Keeping keeps something in self.network,"),
        Keeping(n=3).leaving_nothing(),
    ):
        next(Keeping(n=3).general(0, ATTACK))
    assert "kept" not in Keeping(n=3).network.nodes[0]  # whoever is next gets a graph that nobody has changed
