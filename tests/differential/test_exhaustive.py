"""The checker against brute force: every set of traitors, every order, everything that traitors can say, simulated.

Nothing of the checker is used on the brute-force side: no symmetry, no argument about sizes, no terms. Traitors
can deviate wherever an honest general would have spoken to a loyal one; in these protocols that is all that is read.
"""

from collections.abc import Iterator
from itertools import combinations, product

import pytest
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.readme_program import ReadmeProgram

import byzverify
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    any_of,
    broadcast,
    ite,
    majority,
)
from byzverify.language.messages import Site
from byzverify.simulation.judging import judge
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import run
from byzverify.simulation.strategies import Deviation, Strategy


class Echo(Protocol):
    """One round of telling each other what the commander said; he himself is not asked again."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        mine = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(mine)
        return majority([mine, *(inbox.get(j, default=ATTACK) for j in self.others(me, COMMANDER))], default=mine)


class FirstListed(Protocol):
    """Believe the first of the others: not symmetric, and quickly broken."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        return inbox.get(self.others(me, COMMANDER)[0], default=RETREAT)


class HeedsSilence(Protocol):
    """Safe unless a traitor is silent: whoever hears nothing from a lieutenant does the opposite."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        silent = any_of(inbox[j] == ABSENT for j in self.others(me, COMMANDER))
        return order if me == COMMANDER else ite(silent, ite(told == ATTACK, RETREAT, ATTACK), told)


class HeedsWhatNobodySays(Protocol):
    """Safe unless somebody speaks under a label that no loyal general uses."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        inbox = yield None
        warned = any_of(inbox[j, "alarm"] == ATTACK for j in self.others(me, COMMANDER))
        return order if me == COMMANDER else ite(warned, RETREAT, told)


@pytest.mark.parametrize(("protocol", "t"), [(HeedsSilence, 1), (HeedsWhatNobodySays, 1)])
def test_traitors_can_be_silent_and_can_say_what_nobody_says(protocol: type[Protocol], t: int) -> None:
    assert isinstance(byzverify.check(protocol(n=4), 0), byzverify.Proved)
    verdict = byzverify.check(protocol(n=4), t)
    assert {known.condition.name: known.verdict for known in verdict.conditions}["IC2"] == "refuted"


class Listener(Strategy):
    """Act loyally, and note where a traitor could have lied to a loyal general."""

    def __init__(self, traitors: frozenset[General]) -> None:
        self.traitors = traitors
        self.sites: list[Site] = []

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        if receiver not in self.traitors:
            self.sites += [(round, sender, receiver, label) for label in honest]
        return honest


def broken(protocol: Protocol, t: int) -> set[str]:
    """The names of the conditions that some choice of at most `t` traitors breaks."""
    names: set[str] = set()
    for size in range(t + 1):
        for traitors in combinations(range(protocol.n), size):
            for orders in starts(protocol):
                names |= broken_by(protocol, frozenset(traitors), orders)
    return names


def starts(protocol: Protocol) -> Iterator[dict[General, Order]]:
    starters = protocol.problem.starters(protocol.n)
    for orders in product(protocol.orders, repeat=len(starters)):
        yield dict(zip(starters, orders, strict=True))


def broken_by(protocol: Protocol, traitors: frozenset[General], orders: dict[General, Order]) -> set[str]:
    listener = Listener(traitors)
    run(protocol, traitors, orders, listener)
    names: set[str] = set()
    for said in product([*protocol.orders, ABSENT], repeat=len(listener.sites)):
        played = run(protocol, traitors, orders, Deviation(dict(zip(listener.sites, said, strict=True))))
        names |= {judgement.condition.name for judgement in judge(played) if not judgement.holds}
        if len(names) == len(protocol.problem.conditions):
            break
    return names


SMALL: list[tuple[Protocol, int]] = [
    (OM(n=2, m=0), 0),
    (OM(n=2, m=0), 1),
    (OM(n=2, m=0), 2),
    (OM(n=3, m=0), 1),
    (OM(n=3, m=1), 0),
    (OM(n=3, m=1), 1),
    (OM(n=3, m=1), 2),
    (OM(n=4, m=0), 1),
    (OM(n=4, m=1), 1),
    (OM(n=4, m=1), 2),
    (OM(n=4, m=1), 3),
    (OM(n=4, m=2), 1),
    (OM(n=5, m=1), 1),
    (OM(n=5, m=1), 2),
    (OM(n=4, m=2), 2),
    (OM(n=3, m=1, values=3), 1),
    (OM(n=4, m=1, values=3), 1),
    (PhaseKing(n=2, m=0), 0),
    (PhaseKing(n=2, m=0), 1),
    (PhaseKing(n=3, m=0), 0),
    (PhaseKing(n=3, m=0), 1),
    (ReadmeProgram(n=3, m=0), 1),
    (ReadmeProgram(n=3, m=1), 1),
    (ReadmeProgram(n=4, m=0), 1),
    (Echo(n=3), 1),
    (Echo(n=4), 1),
    (Echo(n=4), 2),
    (FirstListed(n=4), 1),
]


@pytest.mark.parametrize(("protocol", "t"), SMALL, ids=repr)
def test_check_agrees_with_exhaustive_simulation(protocol: Protocol, t: int) -> None:
    expected = broken(protocol, t)
    for raw in (False, True):
        verdict = byzverify.check(protocol, t, raw=raw)
        found = {known.condition.name for known in verdict.conditions if known.verdict == "refuted"}
        assert not isinstance(verdict, byzverify.Unknown)
        assert found == expected
