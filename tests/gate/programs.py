"""Small programs without phases, for the gate. Some do what they should, some do not."""

from __future__ import annotations

from byzverify.language import (
    ABSENT,
    BYZANTINE_GENERALS,
    COMMANDER,
    CONSENSUS,
    CRUSADER_AGREEMENT,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Truth,
    all_of,
    broadcast,
    count,
    how_many,
    ite,
    majority,
    plurality,
)


class Counting(Protocol):
    """What the small programs have in common: m, and a claim that is as good as any."""

    m: int

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m is less than n")

    def tolerates(self, t: int) -> bool:
        return t <= self.m


class OneVote(Counting):
    """Consensus by one vote, and a majority. Right only if nobody lies."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox.get(j, default=RETREAT) for j in self.generals])


class Told(Counting):
    """The commander's order, and no more. Right only if he is loyal."""

    problem = BYZANTINE_GENERALS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)


class ToldTwice(Counting):
    """OM(1), flat: each passes on what he was told, and the majority of all but the commander's second word counts."""

    problem = BYZANTINE_GENERALS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told, label="told", without=[me, COMMANDER])
        others = [inbox.get(j, "told", default=RETREAT) for j in self.others(me, COMMANDER)]
        return majority([told, *others])


class Certain(Counting):
    """Crusader agreement in which a strict majority of echoes must be for an order, and none against it."""

    problem = CRUSADER_AGREEMENT

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        inbox = yield broadcast(inbox[COMMANDER])
        echoes = [inbox[j] for j in self.others(me)]
        against = count(echoes, RETREAT) <= self.m
        attack = (2 * count(echoes, order_of_attack(self)) > self.n + self.m) & against
        return ite(attack, order_of_attack(self), ite(all_alike(echoes, RETREAT), RETREAT, ABSENT))


def order_of_attack(protocol: Protocol) -> Order:
    """The second order of a protocol."""
    return protocol.orders[1]


def all_alike(votes: list[Order], order: Order) -> Truth:
    """Whether every vote is this order."""
    return all_of(vote == order for vote in votes)


class Spread(Counting):
    """Consensus in two rounds: what is popular is said again, and taken if it still is; else one keeps his own."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        popular = plurality([inbox[j] for j in self.generals], tie=ABSENT)
        inbox = yield broadcast(popular, without=[me])
        named = [inbox[j] for j in self.others(me)]
        again = plurality([*named, popular], tie=order)
        sure = how_many(name == again for name in named) + self.m >= self.n - self.m
        return ite(sure, again, order)


class Omitting(Protocol):
    """Consensus by one vote in which what is missing does not count, for generals that only fail to send."""

    o: int = 0
    problem = CONSENSUS

    def tolerates(self, t: int, omission: int = 0) -> bool:
        return t == 0 and omission <= self.o

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        arrived = how_many(vote != ABSENT for vote in votes)
        decision = RETREAT
        for candidate in self.orders:
            decision = ite(2 * count(votes, candidate) > arrived + self.o, candidate, decision)
        return decision


SMALL: tuple[type[Protocol], ...] = (OneVote, Told, ToldTwice, Certain, Spread, Omitting)
"""The programs of this file."""
