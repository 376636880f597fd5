"""Labels: in words, and without the classes of their author."""

from enum import Enum, IntEnum, StrEnum
from typing import Any, NamedTuple

import pytest

from byzverify.errors import ProtocolError, RuleBroken
from byzverify.language import ATTACK, RETREAT, General, Order, Program, Protocol, broadcast
from byzverify.language.labels import Chain, plain_label, spelled
from byzverify.language.seat import Seat
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Silent


def test_labels_are_spelled_as_people_write_them() -> None:
    assert [spelled(label) for label in ((), 3, (0, 2), ("said", (1, 2)), Chain("ATTACK", (0, 2)))] == [
        "",
        "3",
        "0-2",
        "said-(1-2)",
        "ATTACK:0:2",
    ]


class Step(IntEnum):
    GIVEN = 1


class Kind(StrEnum):
    ORDER = "order"


class Field(str, Enum):  # noqa: UP042  (whose text is not what `str` says)
    VALUE = "value"
    ECHO = "echo"


class Topic(NamedTuple):
    kind: Any
    step: Any


class Shouted(str):
    """A text that is never equal to another, whatever it says."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __str__(self) -> str:
        return "!"


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        (Step.GIVEN, 1),
        (Kind.ORDER, "order"),
        (Field.VALUE, "value"),
        (Topic(Kind.ORDER, Step.GIVEN), ("order", 1)),
        ((Topic("a", (Field.ECHO,)), 2), (("a", ("echo",)), 2)),
        (Shouted("a"), "a"),
        ((), ()),
    ],
)
def test_a_label_has_none_of_its_author_s_classes(label: Any, plain: Any) -> None:
    found = plain_label(label)
    assert found == plain
    assert repr(found) == repr(plain)


@pytest.mark.parametrize("label", [True, None, 1.5, ("a", None), ATTACK])
def test_what_is_no_label_is_refused(label: Any) -> None:
    with pytest.raises(RuleBroken, match="in a label, which is a whole number, a text or a tuple of these"):
        plain_label(label)


class Sends(Protocol):
    """General 0 sends this, and 1 reads it, under labels that only differ in their classes."""

    def general(self, me: General, order: Order) -> Program:
        sent = [broadcast(order, Topic(Kind.ORDER, 1)), broadcast({Field.VALUE: order, "echo": RETREAT}, Step.GIVEN)]
        inbox = yield sent if me == Step.GIVEN - 1 else None
        message = inbox.message(Step.GIVEN - 1, 1, fields=["value", Field.ECHO])
        return inbox.get(0, ("order", Step.GIVEN)), message[Field.VALUE], message["echo"]


def test_what_is_sent_is_called_by_plain_labels_and_fields_and_read_under_equal_ones() -> None:
    sending = Seat(Sends(n=3), 0, ATTACK).sending()
    topic, form = sending
    assert repr(topic) == "('order', 1)"
    assert (repr(form.label), [repr(name) for name in form.names()]) == ("1", ["'echo'", "'value'"])
    assert run(Sends(n=3), (), {0: ATTACK}, Silent()).decisions[1] == (ATTACK, ATTACK, RETREAT)


class Shouts(Protocol):
    def general(self, me: General, order: Order) -> Program:
        yield [broadcast(order, Shouted("a")), broadcast(order, Shouted("a"))]
        return order


def test_labels_that_differ_in_their_classes_alone_are_one_label() -> None:
    with pytest.raises(ProtocolError, match="sends a receiver two orders under the label 'a'"):
        run(Shouts(n=3), (), {0: ATTACK}, Silent())
