"""Rehearsals: the programs of all members of a group, run on names to see whether a name is ever mixed with a number.

The law of this file: a run on names that raises nothing takes the same path as the real run. To Python, a name and the
number that it stands for are different, so a program that holds both could branch differently on names than in a real
run; but whenever the two meet, in a comparison or a lookup, the name raises an error. The path of a program cannot
depend on orders, so all orders are one unknown order here, and no terms are built.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from byzverify.engines.finite.names import known_sender, names_of, receivers
from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder, SymbolicTruth
from byzverify.errors import OutOfSteps, ProtocolError, RuleBroken
from byzverify.language.gathering import Path, Rule, Tree
from byzverify.language.labels import Label
from byzverify.language.messages import General, Inbox
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat
from byzverify.language.values import Order, Truth
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.terms import Terms


class OneOrder(SymbolicAlgebra):
    """An algebra in which every order is one unknown order, and every truth one unknown truth. It builds no terms.

    Raises Stopped at the limit when votes are counted.
    """

    def __init__(self, domain: Sequence[Order], limit: Limit) -> None:
        super().__init__(Terms(limit), domain)
        self.unknown = SymbolicOrder(self, (2,) * len(domain), True)
        self._truth = SymbolicTruth(self, 2)

    def equal(self, left: Order, right: Order) -> Truth:
        self.order(left), self.order(right)  # checks that both are orders of the domain
        return self._truth

    def negate(self, truth: Truth) -> Truth:
        return self._truth

    def at_least(self, k: int, weighted: Sequence[tuple[int, Truth]]) -> Truth:
        self.terms.limit.step()
        return self._truth

    def choose(self, condition: Truth, then: Order, otherwise: Order) -> Order:
        return self.unknown

    def majority(self, votes: Sequence[Order], default: Order) -> Order:
        self.terms.limit.step()
        return self.unknown

    def plurality(self, votes: Sequence[Order], tie: Order) -> Order:
        return self.unknown


class OneOrderInbox(Inbox):
    """An inbox in which every order is the unknown one."""

    def __init__(self, unknown: Order, me: Any, senders: frozenset[Any]) -> None:
        self._unknown = unknown
        self._me = me
        self._senders = senders

    def resolved(self, tree: Tree, rule: Rule, path: Path) -> Order:
        """The result of the rule on unknown orders, for each number of values that occurs."""
        if not tree.is_regular(path, self._me, self._senders):
            return tree.by_recursion(rule, path)
        for length in range(len(path), len(tree.levels)):
            if tree.how_many_after(length) >= 0:
                rule(self._unknown, [self._unknown] * tree.how_many_after(length))
        return self._unknown

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        known_sender(sender, label, self._senders)
        return self._unknown


class Footprint(NamedTuple):
    """What one general does in a run. reads: how many orders he reads. resolves: whether he resolves trees."""

    reads: int
    resolves: bool


def footprint(protocol: Protocol, most: int) -> Footprint:
    """What the last general does in a run, if he reads so many orders at most; he may do more than that.

    A program that breaks a rule of the language is followed up to there.
    """
    me, limit = protocol.n - 1, Limit(steps=most)
    resolved: list[Tree] = []
    with suppress(ProtocolError, OutOfSteps):
        unknown = OneOrder(protocol.words, NO_LIMIT).unknown
        order = unknown if me in protocol.problem.starters(protocol.n) else None
        seat = Seat(protocol.seen_by(me), me, order)
        while seat.decision is None:
            seat.advance(CountingInbox(unknown, me, frozenset(protocol.generals), limit, resolved))
    return Footprint(limit.spent, bool(resolved))


class CountingInbox(OneOrderInbox):
    """The same, where each order that is read is a step. resolved: the trees that are resolved."""

    def __init__(self, unknown: Order, me: Any, senders: frozenset[Any], limit: Limit, resolved: list[Tree]) -> None:
        super().__init__(unknown, me, senders)
        self._limit = limit
        self._resolved = resolved

    def resolved(self, tree: Tree, rule: Rule, path: Path) -> Order:
        self._resolved.append(tree)
        return super().resolved(tree, rule, path)

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        self._limit.step()
        return super()._read(sender, label, default)


def rehearse(protocol: Protocol, me: General, limit: Limit = NO_LIMIT) -> str | None:
    """Run general `me` on names. Returns the rule that he breaks, in one line, or None. Raises Stopped at the limit."""
    names = names_of(protocol)
    known = frozenset(names)
    unknown = OneOrder(protocol.words, limit).unknown
    order = unknown if me in protocol.problem.starters(protocol.n) else None
    try:
        seat = Seat(protocol.listing(protocol.seen_by(me).generals, names), names[me], order, f"general {me}")
        while seat.decision is None:
            limit.step()
            for _, sent in seat.sending().written():
                receivers(sent, known)
            seat.advance(OneOrderInbox(unknown, names[me], known))
    except (ProtocolError, RuleBroken) as error:
        return str(error)
    return None
