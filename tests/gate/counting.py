"""The protocol that runs any program of `tree.py`, by the operations of the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from byzverify.language import (
    ABSENT,
    AGREEMENT,
    ATTACK,
    COMMANDER,
    IC1,
    RETREAT,
    Condition,
    Count,
    Decision,
    Dispatch,
    General,
    Inbox,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
    majority,
    plurality,
    send,
)
from tests.gate import tree
from tests.gate.tree import Choice, Compare, Each, Heard, Joined, Number, Own, Same, Say, Votes, Winner, Word, Written

MARK = Order("MARK")

NAMED = {"RETREAT": RETREAT, "ATTACK": ATTACK, "MARK": MARK, "ABSENT": ABSENT}


@dataclass
class Seated:
    """One general, with what has reached him so far."""

    protocol: Protocol
    me: General
    own: Order
    inboxes: list[Inbox] = field(default_factory=list)

    def people(self, which: str) -> Sequence[General]:
        """Some generals."""
        match which:
            case "others":
                return self.protocol.others(self.me)
            case "lieutenants":
                return self.protocol.lieutenants
            case "fellows":
                return self.protocol.others(self.me, COMMANDER)
        return self.protocol.generals

    def order(self, node: Any) -> Order:
        """What an order of the tree is."""
        match node:
            case Word(name):
                return NAMED[name]
            case Own():
                return self.own
            case Heard(round, label, sender, default):
                who = self.me if sender == "me" else COMMANDER
                return self.inboxes[round].get(who, label, default=NAMED[default])
            case Choice(condition, then, otherwise):
                return ite(self.truth(condition), self.order(then), self.order(otherwise))
            case Winner("majority", votes, otherwise):
                return majority(self.votes(votes), default=self.order(otherwise))
            case Winner(_, votes, otherwise):
                return plurality(self.votes(votes), tie=self.order(otherwise))
        raise TypeError(node)

    def votes(self, node: Votes) -> list[Order]:
        """The votes, one for each of the people, and those that are added."""
        inbox, default = self.inboxes[node.round], NAMED[node.default]
        found = [inbox.get(j, node.label, default=default) for j in self.people(node.people)]
        if node.taken is not None:
            one, other = (NAMED[name] for name in node.taken)
            found = [ite(vote == one, other, vote) for vote in found]
        return [*found, *map(self.order, node.more)]

    def number(self, node: Number) -> Count:
        """A number of votes."""
        votes = self.votes(node.votes)
        found = node.weight * count(votes, self.order(node.order))
        return found if node.against is None else found - count(votes, self.order(node.against))

    def truth(self, node: Any) -> Truth:
        """What a truth of the tree is."""
        match node:
            case Compare(number, sign, n, m, constant):
                left, right = self.number(number), n * self.protocol.n + m * self.protocol.m + constant  # type: ignore[attr-defined]
                compared: dict[str, Truth] = {
                    ">=": left >= right,
                    ">": left > right,
                    "==": left == right,
                    "<": left < right,
                }
                return compared[sign]
            case Each(quantifier, votes, order, named):
                said = self.order(order)
                truths = [(vote == said) if named else (vote != said) for vote in self.votes(votes)]
                return all_of(truths) if quantifier == "all" else any_of(truths)
            case Same(one, other):
                return self.order(one) == self.order(other)
            case Joined(how, truths):
                return _joined(how, [self.truth(one) for one in truths])
        raise TypeError(node)

    def says(self, say: Say) -> Dispatch | None:
        """A message, if this general is one of those who send it."""
        if (say.by == "commander" and self.me != COMMANDER) or (say.by == "lieutenants" and self.me == COMMANDER):
            return None
        order = self.order(say.order)
        match say.to:
            case "all":
                return broadcast(order, say.label)
            case "others":
                return broadcast(order, say.label, without=[self.me])
            case "me":
                return send(order, [self.me], say.label)
            case "commander":
                return send(order, [COMMANDER], say.label)
        return broadcast(order, say.label, without=[COMMANDER])


def _joined(how: str, truths: list[Truth]) -> Truth:
    match how:
        case "and":
            return all_of(truths)
        case "or":
            return any_of(truths)
        case "one":
            return how_many(truths) == 1
    return ~truths[0]


def _first(decision: Decision) -> Order:
    order: Order = decision[0] if isinstance(decision, tuple) else decision
    return order


def _obeys(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    order, decision = outcome.orders[COMMANDER], _first(outcome.decisions[witnesses[0]])
    return order == decision


def _keeps(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    own = outcome.orders[witnesses[0]]
    return ~all_of(order == own for order in outcome.orders.values()) | (_first(outcome.decisions[witnesses[0]]) == own)


def _heeds(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    two = how_many(outcome.orders[j] == ATTACK for j in outcome.loyal) >= 2
    return ~two | (_first(outcome.decisions[witnesses[0]]) != RETREAT)


def _crusade(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (_first(outcome.decisions[witness]) for witness in witnesses)
    return any_of([one == other, one == ABSENT, other == ABSENT])


def _some_agree(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, two, three = (_first(outcome.decisions[witness]) for witness in witnesses)
    return any_of([one == two, two == three, one == three])


def _obeyed_if_loyal(protocol: Any, loyal: Any) -> bool:
    return COMMANDER in loyal


CONDITIONS = {
    one.name: one
    for one in (
        AGREEMENT,
        IC1,
        Condition("Obeys", "the loyal commander is obeyed", _obeys, 1, _obeyed_if_loyal),
        Condition("Keeps", "what all start with is kept", _keeps, 1),
        Condition("Heeds", "two who attack are heeded", _heeds, 1),
        Condition("Crusade", "nobody obeys another order", _crusade, 2),
        Condition("Some", "of three, two agree", _some_agree, 3),
    )
}


@lru_cache(4)
def read(text: str) -> tuple[Written, Problem]:
    """The tree that a text says, and the problem in it."""
    written: Written = eval(text, vars(tree).copy())
    conditions = tuple(CONDITIONS[name] for name in written.conditions)
    return written, Problem("written", conditions, has_commander=written.has_commander)


class Counted(Protocol):
    """The protocol whose tree has this text."""

    m: int = 0
    text: str

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        return read(self.text)[1]

    @property
    def marks(self) -> tuple[Order, ...]:
        return (MARK,) if read(self.text)[0].marked else ()

    def general(self, me: General, order: Order | None) -> Program:
        written, _ = read(self.text)
        seated = Seated(self, me, RETREAT if order is None else order)
        for messages in written.rounds:
            inbox = yield [said for one in messages if (said := seated.says(one)) is not None]
            seated.inboxes.append(inbox)
        decided = tuple(seated.order(one) for one in written.decision)
        return decided if len(decided) > 1 else decided[0]


class CountedWithOmissions(Counted):
    """The same, for generals that may fail to send."""

    def tolerates(self, t: int, omission: int = 0) -> bool:
        return False
