"""Messages of several fields in the language: what can be sent, how it is read, and which mistakes are told how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

import byzverify
from byzverify.errors import ProtocolError
from byzverify.language import (
    ABSENT,
    ATTACK,
    FALSE,
    RETREAT,
    TRUE,
    General,
    Inbox,
    Message,
    Order,
    Outbox,
    Program,
    Protocol,
    Tree,
    broadcast,
    bundle,
    ite,
    send,
    sign,
)
from byzverify.language.decisions import written
from byzverify.language.labels import Form, form_of
from byzverify.language.records import Record, by_name, named
from byzverify.simulation.post import Mailbox, opened, sealed
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Silent

NAMES = {word.name: word for word in (RETREAT, ATTACK)}


def sending(outbox: Callable[[Protocol, General, Order], Outbox], read: Callable[[Inbox], Any]) -> Any:
    """What general 1 of three makes of what general 0 sends."""

    class Sends(Protocol):
        def general(self, me: General, order: Order) -> Program:
            inbox = yield outbox(self, me, order) if me == 0 else None
            return ite(read(inbox), ATTACK, RETREAT) if me == 1 else RETREAT

    return run(Sends(n=3), (), {0: ATTACK}, Silent()).decisions[1].name == "ATTACK"


def came(inbox: Inbox, *fields: Any, optional: Any = ()) -> Any:
    return inbox.message(0, "x", fields=fields, optional=optional).came


def test_a_message_is_read_with_the_fields_that_it_was_sent_with_and_no_others() -> None:
    def told(protocol: Protocol, me: General, order: Order) -> Outbox:
        return broadcast({"a": order, "b": RETREAT}, "x")

    assert sending(told, lambda inbox: came(inbox, "a", "b"))
    assert sending(told, lambda inbox: came(inbox, "b", optional=["a"]))
    assert not sending(told, lambda inbox: came(inbox, "a"))
    assert not sending(told, lambda inbox: came(inbox, "a", "b", "c"))
    assert not sending(told, lambda inbox: came(inbox, "a", "b", optional=["c"]))
    assert not sending(told, lambda inbox: inbox[0, "x"] != ABSENT)
    assert not sending(told, lambda inbox: inbox.message(0, fields=["a", "b"]).came)
    assert not sending(lambda *_: broadcast(ATTACK, "x"), lambda inbox: came(inbox, "a"))


def test_an_empty_field_is_nothing_unless_it_may_be_empty() -> None:
    def told(protocol: Protocol, me: General, order: Order) -> Outbox:
        return send({"a": order, "b": ABSENT}, [1], "x")

    def read(inbox: Inbox, **how: Any) -> Message:
        return inbox.message(0, "x", **how)

    assert not sending(told, lambda inbox: read(inbox, fields=["a", "b"]).came)
    assert sending(told, lambda inbox: read(inbox, fields=["a", "b"])["a"] == ABSENT)
    assert sending(told, lambda inbox: read(inbox, fields=["a"], optional=["b"]).came)
    assert sending(told, lambda inbox: read(inbox, fields=["a"], optional=["b"])["a"] == ATTACK)
    assert sending(told, lambda inbox: read(inbox, fields=["a"], optional=["b"]).get("b", default=ATTACK) == ATTACK)
    empty = lambda *_: broadcast({"a": ABSENT}, "x")  # noqa: E731
    assert sending(empty, lambda inbox: read(inbox, optional=["a"]).came)


def test_nothing_is_sent_where_when_is_false() -> None:
    for truth in (TRUE, FALSE, True, False):
        assert sending(lambda *_, t=truth: broadcast({"a": ATTACK}, "x", when=t), lambda one: came(one, "a")) == bool(
            truth
        )
        assert sending(lambda *_, t=truth: send(ATTACK, [1], when=t), lambda one: one[0] == ATTACK) == bool(truth)
        outbox = lambda *_, t=truth: bundle(broadcast(ATTACK, "a"), "x", when=t)  # noqa: E731
        assert sending(outbox, lambda one: came(one, "a")) == bool(truth)


@pytest.mark.slow
def test_a_bundle_has_the_same_fields_for_all_who_get_any_of_it() -> None:
    def told(protocol: Protocol, me: General, order: Order) -> Outbox:
        return bundle([send(order, [1], "a"), send(order, [2], "b"), send(RETREAT, [1], "c")], "x")

    assert sending(told, lambda inbox: came(inbox, "a", "c", optional=["b"]))
    assert sending(told, lambda inbox: came(inbox, optional=["c", "b", "a"]))
    assert not sending(told, lambda inbox: came(inbox, "a", "c"))
    nobody = lambda *_: bundle([send(ATTACK, [2], "a")], "x")  # noqa: E731
    assert not sending(nobody, lambda inbox: came(inbox, optional=["a"]))
    nothings: tuple[Outbox, ...] = (None, [])
    for nothing in nothings:
        assert not sending(lambda *_, some=nothing: bundle(some, "x"), lambda inbox: came(inbox, optional=["a"]))


MISTAKES: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "no field": (lambda me, order: broadcast({}, "x"), "a message without fields"),
    "no order in a field": (lambda me, order: broadcast({"a": cast(Any, 1)}, "x"), "sends 1, which is not an order"),
    "another order in a field": (lambda me, order: broadcast({"a": Order("FLEE")}), "sends FLEE, which is not one of"),
    "an order as a name": (lambda me, order: broadcast({ATTACK: order}), "in the name of a field, which is"),
    "a signed order in a bundle": (
        lambda me, order: bundle([sign(ATTACK)]),
        "signed orders and messages with fields are sent by",
    ),
    "a bundle in a bundle": (lambda me, order: bundle(bundle([broadcast(order)])), "are sent by themselves"),
    "an order in place of an outbox": (
        lambda me, order: bundle(order),
        "takes what a program can yield",
    ),
    "a number in place of an outbox": (lambda me, order: bundle(cast(Any, 3)), "takes what a program can yield"),
    "two of one form": (
        lambda me, order: [broadcast({"a": order}, "x"), broadcast({"a": order}, "x")],
        "sends a receiver two messages under the label 'x'",
    ),
    "two of other fields": (
        lambda me, order: [broadcast({"a": order}, "x"), send({"b": order}, [1], "x")],
        "sends a receiver two messages under the label 'x'",
    ),
    "one with fields and one without": (
        lambda me, order: [broadcast(order, "x"), broadcast({"a": order}, "x")],
        "sends a receiver two messages under the label 'x'",
    ),
    "two orders of a bundle": (
        lambda me, order: bundle([broadcast(order, "a"), send(order, [1], "a")]),
        "sends a receiver two orders under the label 'a'",
    ),
    "nobody in a bundle": (lambda me, order: bundle([send(order, [7])]), "to a general that does not exist"),
    "a form as a label": (lambda me, order: broadcast(order, Form("x", frozenset("a"))), "sends a form as a label"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_in_what_is_sent_is_told_with_its_line(what: str) -> None:
    outbox, expected = MISTAKES[what]

    class Mistaken(Protocol):
        def general(self, me: General, order: Order) -> Program:
            yield outbox(me, RETREAT)
            return RETREAT

    with pytest.raises(ProtocolError, match=expected) as caught:
        byzverify.check(Mistaken(n=3), 1)
    assert "test_fields.py" in str(caught.value)
    assert "\n" not in str(caught.value)


MISREAD: dict[str, tuple[Callable[[Inbox], Any], str]] = {
    "one name and not several": (lambda inbox: inbox.message(0, fields="value"), "a collection of names"),
    "no name": (lambda inbox: inbox.message(0), "a message without fields"),
    "a name twice": (lambda inbox: inbox.message(0, fields=["a"], optional=["a"]), "names a field of a message twice"),
    "a field that is not read": (lambda inbox: inbox.message(0, fields=["a"])["b"], "takes the field 'b'"),
    "an order as a label": (lambda inbox: inbox.message(0, ATTACK, fields=["a"]), "something that is not a label"),
    "a form as a label": (lambda inbox: inbox.get(0, form_of("x", ["a"])), "a form where a label is expected"),
    "a message as a truth": (lambda inbox: bool(inbox.message(0, fields=["a"])), "whether it came is message.came"),
    "a message gone through": (lambda inbox: list(inbox.message(0, fields=["a"])), "iterates over a message"),
    "a general who does not exist": (lambda inbox: inbox.message(9, fields=["a"]), "who does not exist"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", MISREAD)
def test_a_mistake_in_what_is_read_is_told_with_its_line(what: str) -> None:
    read, expected = MISREAD[what]

    class Misreads(Protocol):
        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast({"a": RETREAT}, "x")
            read(inbox)
            return RETREAT

    for start in (
        lambda: byzverify.check(Misreads(n=3), 1),
        lambda: byzverify.simulate(Misreads(n=3), [2], ["ATTACK"]),
    ):
        with pytest.raises(ProtocolError, match=expected) as caught:
            start()
        assert "test_fields.py" in str(caught.value)


def test_a_letter_is_read_as_it_was_sealed() -> None:
    content = {
        (): ATTACK,
        form_of("x", ["a", ("b", 1)]): Record({"a": ATTACK, ("b", 1): ABSENT}),
        form_of((1, "x"), [2]): Record({2: RETREAT}),
    }
    found = opened(sealed(content), NAMES)
    assert {label: order.name for label, order in found.items()} == {
        label: order.name for label, order in content.items()
    }
    mailbox = Mailbox({0: sealed(content)}, NAMES)
    message = mailbox.message(0, "x", fields=["a"], optional=[("b", 1)])
    assert (bool(message.came), message["a"].name, message["b", 1].name) == (True, "ATTACK", "ABSENT")


def test_records_are_told_apart_by_what_is_in_each_field() -> None:
    said = [Record({"a": one, "b": other}) for one in (ABSENT, *NAMES.values()) for other in (ABSENT, *NAMES.values())]
    assert len({record.name for record in said}) == len(said)
    for record in said:
        again = named(by_name(record), {**NAMES, "ABSENT": ABSENT})
        assert again.name == record.name


def test_a_bundled_tree_says_what_a_tree_says_where_nobody_fails() -> None:
    class Grows(Protocol):
        bundled: bool = False
        closed: bool = False

        def general(self, me: General, order: Order) -> Program:
            tree = Tree(self, me, [0], order if me == 0 else None, closed=self.closed, bundled=self.bundled)
            for _ in range(3):
                tree.grow((yield [*cast(Any, tree.relays())]))
            paths = self.paths(3) if self.closed else self.paths(3, *([] if me == 0 else [me]))
            return tuple(tree.told(path) for path in paths if self.closed or me not in path)

    for closed in (False, True):
        apart, together = (
            run(Grows(n=4, bundled=bundled, closed=closed), (), {0: ATTACK}, Silent()) for bundled in (False, True)
        )
        assert {one: written(decision) for one, decision in apart.decisions.items()} == {
            one: written(decision) for one, decision in together.decisions.items()
        }
        assert together.messages < apart.messages if closed else together.messages == apart.messages
        assert "ATTACK" in written(together.decisions[1])
