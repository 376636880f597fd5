"""Rehearsals: a general who runs on names goes the way that he goes in earnest, and meets no number on it."""

import pytest

from byzverify.engines.finite.rehearsal import rehearse
from byzverify.errors import OutOfTime
from byzverify.language import (
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Inbox,
    Order,
    Program,
    Protocol,
    any_of,
    broadcast,
    count,
    ite,
    majority,
    plurality,
    send,
    sign,
)
from byzverify.limits import Limit
from byzverify.models.om import OM
from byzverify.models.sm import SM


class Tell(Protocol):
    """The commander tells; what a lieutenant makes of it is up to the subclass."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        return self.decide(me, inbox, order)

    def decide(self, me: General, inbox: Inbox, order: Order) -> Order:
        return inbox.get(COMMANDER, default=RETREAT)


class UsesEverything(Tell):
    def decide(self, me: General, inbox: Inbox, order: Order) -> Order:
        votes = [inbox.get(j, default=RETREAT) for j in self.lieutenants]
        many = (count(votes, ATTACK) >= 2) | ~any_of(vote == ATTACK for vote in votes)
        return ite(many, majority(votes), plurality(votes, tie=votes[0]))


class ReadsByNumber(Tell):
    def decide(self, me: General, inbox: Inbox, order: Order) -> Order:
        return inbox.get(2, default=RETREAT)


class ReadsNobody(Tell):
    def decide(self, me: General, inbox: Inbox, order: Order) -> Order:
        return inbox.get(7, default=RETREAT)


class ReadsASignatureByNumber(Tell):
    def decide(self, me: General, inbox: Inbox, order: Order) -> Order:
        return ite(any_of(inbox.signed(ATTACK, (2, j)).came for j in self.lieutenants), ATTACK, RETREAT)


class ComparesWithoutAnOrder(Tell):
    def decide(self, me: General, inbox: Inbox, order: Order) -> Order:
        return order if order is not None or me != 2 else ATTACK


class ComparesWhereHeIsListedFirst(Tell):
    def decide(self, me: General, inbox: Inbox, order: Order) -> Order:
        return ATTACK if self.lieutenants[0] == me and me == 2 else RETREAT


class SendsByNumber(Protocol):
    def general(self, me: General, order: Order) -> Program:
        yield send(RETREAT, to=[2])
        return RETREAT


class LeavesOutByNumber(Protocol):
    def general(self, me: General, order: Order) -> Program:
        yield [broadcast(RETREAT), sign(ATTACK, to=self.lieutenants), broadcast(RETREAT, "x", without=[2])]
        return RETREAT


@pytest.mark.parametrize("protocol", [Tell(n=4), UsesEverything(n=4), OM(n=4, m=1), SM(n=4, m=1)], ids=repr)
def test_who_only_compares_names_meets_no_number(protocol: Protocol) -> None:
    assert [rehearse(protocol, me) for me in range(4)] == [None] * 4


@pytest.mark.parametrize(
    "protocol",
    [
        ReadsByNumber,
        ReadsNobody,
        ReadsASignatureByNumber,
        ComparesWithoutAnOrder,
        ComparesWhereHeIsListedFirst,
        SendsByNumber,
        LeavesOutByNumber,
    ],
)
@pytest.mark.parametrize("me", [1, 2, 3])
def test_who_meets_a_number_is_told_so(protocol: type[Protocol], me: General) -> None:
    assert rehearse(protocol(n=4), me) is not None


def test_a_rehearsal_ends_at_the_limit() -> None:
    with pytest.raises(OutOfTime):
        rehearse(Tell(n=4), 1, Limit(0))
