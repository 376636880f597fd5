"""Holes: which are found in a class, what they may offer, and who may ask for them."""

import inspect
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import cached_property
from typing import Any

import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.errors import ProtocolError, UsageError
from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast
from byzverify.language.holes import Filling, Offers, holes_of, read
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Silent

CHOICES: Sequence[Any] = (1, 2, 3)


class Sketch(Protocol):
    """A commander who is obeyed, and a hole that changes nothing."""

    m: int = 0

    def general(self, me: General, order: Order) -> Program:
        self.hole("often", self.offered())
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)

    def offered(self) -> Any:
        return CHOICES


def filled(**values: Filling) -> Protocol:
    return library.build(Sketch, {"n": 3, **values})


def played(protocol: Protocol) -> None:
    run(protocol, {}, {}, Silent())


def test_a_hole_is_a_parameter_that_need_not_be_given() -> None:
    assert holes_of(Sketch) == ["often"]
    assert "often" in inspect.signature(Sketch).parameters
    assert filled(often=2) != filled(often=3) != filled()
    assert library.parameters_of(filled(often=2))["often"] == 2
    assert "often" not in library.parameters_of(filled())
    assert "often=2" in repr(filled(often=2))
    assert library.read_settings(Sketch, ["often=3"]) == {"often": 3}


@pytest.mark.parametrize(
    "asked",
    [
        lambda one: byzverify.check(one, 0),
        lambda one: byzverify.simulate(one, [], ["ATTACK"]),
        lambda one: byzverify.export(one, "tla", 0),
        lambda one: byzverify.prove(type(one)),
        lambda one: byzverify.bound(type(one)),
    ],
)
def test_who_asks_about_an_open_sketch_learns_of_complete(asked: Callable[[Protocol], Any]) -> None:
    with pytest.raises(UsageError, match=r"often.*byzverify complete"):
        asked(filled())


def test_a_program_that_catches_the_error_of_an_open_hole_is_refused() -> None:
    class Careless(Protocol):
        def general(self, me: General, order: Order) -> Program:
            with suppress(Exception):
                self.hole("often", [1, 2])
            yield None
            return RETREAT

    with pytest.raises(ProtocolError, match="catches the error: Careless has an open hole"):
        played(Careless(n=2))


def test_a_filled_hole_has_one_of_the_choices() -> None:
    played(filled(often=3))
    for value in (4, True, "1"):
        with pytest.raises(ProtocolError, match="not among the choices of this hole: 1, 2, 3"):
            played(filled(often=value))
    with pytest.raises(UsageError, match="takes a whole number, True or False, or a text"):
        library.build(Sketch, {"n": 3, "often": 0.5})


@pytest.mark.parametrize(
    ("choices", "complaint"),
    [
        ([], "offers 0 choices"),
        (range(10**12), "offers 1000000000000 choices"),
        ({1, 2}, "no range, tuple or list"),
        ("abc", "no range, tuple or list"),
        ([1, 1], "different values of one kind"),
        ([1, True], "different values of one kind"),
        ([1.5], "different values of one kind"),
        (["1", "2"], "must not look like a number"),
        (["true"], "must not look like a number or a truth"),
    ],
)
def test_choices_are_different_values_of_one_kind(
    choices: Any, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.language.test_holes.CHOICES", choices)
    with pytest.raises(ProtocolError, match=complaint):
        played(filled(often=1))


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("-1", -1), ("true", True), ("False", False), ("low", "low")])
def test_values_are_read_as_what_they_look_like(text: str, value: Filling) -> None:
    assert read(text) == value
    assert type(read(text)) is type(value)


@pytest.mark.parametrize("name", ["2 k", "if", "_k", "n", "values", "general", "orders", "m", "offered"])
def test_a_hole_is_called_like_a_parameter_and_like_nothing_else(name: str) -> None:
    program = f"def general(self, me, order):\n    yield self.hole({name!r}, [1])"
    members: dict[str, Any] = {"__annotations__": {"m": int}, "m": 0, "offered": lambda self: 1}
    exec(program, {}, members)
    with pytest.raises(ProtocolError, match=re.escape(f"calls a hole {name!r}") + f"|calls a hole {name}, as"):
        type("Named", (Protocol,), members)


def test_holes_are_found_in_every_kind_of_method_and_in_bases() -> None:
    class Mixin:
        @property
        def one(self) -> Any:
            return self.hole("a", [1])  # type: ignore[attr-defined]

    class Many(Mixin, Protocol):
        @cached_property
        def two(self) -> Any:
            return self.hole("b", [1])

        def three(self) -> Any:
            return [lambda: self.hole("c", [1]) for _ in range(1)]

        def general(self, me: General, order: Order) -> Program:
            yield from self.four("e")
            return RETREAT

        def four(self, unknown: str) -> Program:
            yield self.hole("d", [1]) and None
            return RETREAT

    class More(Many):
        def general(self, me: General, order: Order) -> Program:
            self.hole("f", [1])
            return (yield from super().general(me, order))

    assert set(holes_of(Many)) == {"a", "b", "c", "d"}
    assert set(holes_of(More)) == {"a", "b", "c", "d", "f"}
    assert [one.name for one in fields(Sketch)].count("often") == 1


def test_a_hole_whose_name_is_not_written_out_is_none() -> None:
    class Computed(Protocol):
        def general(self, me: General, order: Order) -> Program:
            yield None
            self.hole(str(me), [1])
            return RETREAT

    assert holes_of(Computed) == []
    with pytest.raises(ProtocolError, match="'0' that is not found in its text"):
        played(Computed(n=2))


def test_only_programs_ask() -> None:
    class Early(Protocol):
        def __post_init__(self) -> None:
            super().__post_init__()
            self.hole("k", [1])

    class Claiming(Sketch):
        def tolerates(self, t: int) -> bool:
            return bool(self.hole("often", [1, 2, 3]))

    class Grouping(Sketch):
        def interchangeable(self) -> list[range]:
            return [range(self.hole("often", [1, 2, 3]))]

    with pytest.raises(ProtocolError, match="outside of a general's program"):
        Early(n=2)
    with pytest.raises(ProtocolError, match="outside of a general's program"):
        byzverify.check(library.build(Claiming, {"n": 3, "often": 1}), 0)
    with pytest.raises(ProtocolError, match="outside of a general's program"):
        byzverify.check(library.build(Grouping, {"n": 3, "often": 1}), 0)


def test_a_hole_is_not_read_as_an_attribute() -> None:
    with pytest.raises(ProtocolError, match=r"reads self\.k, which is a hole"):

        class Reading(Protocol):
            def tolerates(self, t: int) -> bool:
                return bool(self.k == 1)  # type: ignore[attr-defined]

            def general(self, me: General, order: Order) -> Program:
                yield self.hole("k", [1]) and None
                return RETREAT


def test_other_objects_may_have_an_attribute_of_that_name() -> None:
    class Counting(Protocol):
        def general(self, me: General, order: Order) -> Program:
            yield None
            return [RETREAT][[1].count(2)] if self.hole("count", [1]) else RETREAT

    assert holes_of(Counting) == ["count"]


def test_all_calls_offer_the_same_choices() -> None:
    class Differing(Protocol):
        def general(self, me: General, order: Order) -> Program:
            self.hole("k", range(me + 1))
            yield None
            return RETREAT

    with Offers(opened=True), pytest.raises(ProtocolError, match=r"offers the choices 0, 1 .* and 0 in another place"):
        played(Differing(n=2))
    with Offers(opened=True) as heard:
        played(filled())
    assert heard.choices == {"often": (1, 2, 3)}
