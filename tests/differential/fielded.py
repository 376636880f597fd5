"""Protocols that send messages of several fields, for whatever must handle them. None has a purpose."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    RETREAT,
    TRUE,
    Condition,
    Decision,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Tree,
    Truth,
    all_of,
    any_of,
    broadcast,
    bundle,
    how_many,
    ite,
    majority,
    send,
)


def _says_so(outcome: Outcome, witnesses: Collection[General]) -> Decision:
    (witness,) = witnesses
    return outcome.decisions[witness]


WHOLE = Problem(
    "pair",
    (Condition("Whole", "both arrive or neither", _says_so, witnesses=1, needs_loyal=1),),
    has_commander=False,
)


class Pair(Protocol):
    """A value and a flag in one message: both arrive or neither. Who fails may still say that a field is empty."""

    problem = WHOLE
    optional: bool = False

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast({"value": order, "flag": order}, label="report")
        names = ("value", "flag")
        fields, optional = ((), names) if self.optional else (names, ())
        read = [inbox.message(j, "report", fields=fields, optional=optional) for j in self.generals]
        return all_of(
            ((one["value"] == ABSENT) & (one["flag"] == ABSENT)) | ((one["value"] != ABSENT) & (one["flag"] != ABSENT))
            for one in read
        )


class Part(str, Enum):  # noqa: UP042  (whose text is not what `str` says)
    VALUE = "value"
    FLAG = "flag"


class Called(Protocol):
    """The same, with fields and a label that are members of an enumeration."""

    problem = WHOLE

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast({Part.VALUE: order, Part.FLAG: order}, label=Part.VALUE)
        read = [inbox.message(j, Part.VALUE, fields=(Part.VALUE, Part.FLAG)) for j in self.generals]
        return all_of(one[Part.VALUE] == one[Part.FLAG] for one in read)


class Apart(Protocol):
    """The same under two labels: the labels are two messages."""

    problem = WHOLE

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [broadcast(order, label="value"), broadcast(order, label="flag")]
        return all_of(
            ((inbox[j, "value"] == ABSENT) & (inbox[j, "flag"] == ABSENT))
            | ((inbox[j, "value"] != ABSENT) & (inbox[j, "flag"] != ABSENT))
            for j in self.generals
        )


class Empty(Protocol):
    """Everyone says whether he attacks by whether a field is empty, and heeds who sends nothing at all."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        seen = ite(order == ATTACK, ATTACK, ABSENT)
        inbox = yield broadcast({"seen": seen, 1: order}, label=("report", me))
        read = [inbox.message(j, ("report", j), fields=[1], optional=["seen"]) for j in self.generals]
        attacking = how_many(
            one.came & (one["seen"] == ATTACK) & (one.get(1, default=RETREAT) != RETREAT) for one in read
        )
        silent = any_of(~one.came for one in read)
        return ite(silent, RETREAT, ite(2 * attacking > self.n, ATTACK, RETREAT))


class Sometimes(Protocol):
    """Who attacks sends a message, who retreats an order; to the first of the others he says something else in it."""

    problem = WHOLE

    def interchangeable(self) -> list[Collection[General]]:
        return []

    def general(self, me: General, order: Order) -> Program:
        first, *rest = self.others(me)
        attacks = order == ATTACK
        inbox = yield [
            send({"a": order, "b": RETREAT}, [first], "x", when=attacks),
            send({"a": order, "b": ATTACK}, [me, *rest], "x", when=attacks),
            broadcast(order, when=~attacks),
        ]
        read = {j: inbox.message(j, "x", fields=("a", "b")) for j in self.generals}
        both = any_of(read[j].came & (inbox[j] != ABSENT) for j in self.generals)
        odd = any_of(read[j]["b"] == (ATTACK if self.others(j)[0] == me else RETREAT) for j in self.others(me))
        return ~both & ~odd & (read[me].came | ~attacks)


class Misread(Protocol):
    """What is sent with two fields is read with one, with three, and with none: none of that ever comes."""

    problem = Problem(
        "misread",
        (Condition("Silence", "nothing comes in another form", _says_so, witnesses=1, needs_loyal=1),),
        has_commander=False,
    )

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [broadcast({"a": order, "b": order}, "x"), broadcast(order, "y")]
        found: list[Truth] = []
        for j in self.generals:
            found += [inbox.message(j, "x", fields=["a"]).came, inbox.message(j, "x", optional=["a", "b", "c"]).came]
            found += [inbox[j, "x"] != ABSENT, inbox.message(j, "y", fields=["a"]).came]
        return ~any_of(found)


class Bundled(Protocol):
    """An outbox with different receivers in one message: each reads all of its fields, and finds some empty."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        parts = [broadcast(order, "all"), send(order, [j for j in self.generals if j != me], ("not", me))]
        inbox = yield bundle(parts, "both")
        read = {j: inbox.message(j, "both", fields=["all"], optional=[("not", j)]) for j in self.generals}
        own = (read[me][("not", me)] == ABSENT) & read[me].came
        odd = any_of(read[j].came & (read[j][("not", j)] != read[j]["all"]) for j in self.others(me))
        votes = majority([read[j].get("all", default=RETREAT) for j in self.generals])
        return ite(~own | odd, RETREAT, votes)


class BundledOM(Protocol):
    """OM(m), in which all that a general relays in a round is one message."""

    m: int
    bundled: bool = True
    missing_counts: bool = True

    def general(self, me: General, order: Order) -> Program:
        missing = RETREAT if self.missing_counts else ABSENT
        tree = Tree(self, me, [COMMANDER], order if me == COMMANDER else None, missing=missing, bundled=self.bundled)
        for _ in range(self.m + 1):
            tree.grow((yield tree.relays()))
        return order if me == COMMANDER else tree.resolved(_majority, (COMMANDER,))


class BundledEIG(Protocol):
    """The same of everyone's order, and everyone tells everyone everything."""

    m: int
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        tree = Tree(self, me, self.generals, order, closed=True, bundled=True)
        for _ in range(self.m + 1):
            tree.grow((yield tree.relays()))
        return majority([tree.resolved(_majority, (j,)) for j in self.generals])


def _majority(told: Order, values: Collection[Order]) -> Order:
    return majority([told, *values], default=RETREAT)


class AlwaysWhole(Protocol):
    """Two messages in two rounds, each whole; after a crash nothing."""

    problem = WHOLE

    def general(self, me: General, order: Order) -> Program:
        whole: Truth = TRUE
        for round in (1, 2):
            inbox = yield broadcast({"a": order, "b": ATTACK}, round)
            for j in self.generals:
                one = inbox.message(j, round, optional=("a", "b"))
                whole &= one.came | (one["a"] == ABSENT) & (one["b"] == ABSENT)
        return whole
