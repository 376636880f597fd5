"""Uniform attacks: what is claimed of one place happens at all that are like it, whatever loyal generals say there."""

from collections.abc import Sequence

import pytest

import byzverify
from byzverify.checking import deciding
from byzverify.checking.resolving import Kinds
from byzverify.checking.uniform import Orbits
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    INTERACTIVE_CONSISTENCY,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    Tree,
    broadcast,
    count,
    ite,
    plurality,
)
from byzverify.language.faults import Fault
from byzverify.models.eig import EIG
from byzverify.models.om import OM
from byzverify.models.sm import SM


class Unheard(Protocol):
    """OM in which a lieutenant passes on nothing where he was told nothing."""

    m: int

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER], missing=ABSENT)
        heard.grow((yield None))
        for _ in range(self.m):
            heard.grow((yield heard.relays()))
        value = heard.resolved(lambda told, values: plurality([told, *values], told), (COMMANDER,))
        return ite(value == ATTACK, ATTACK, self.orders[0])


def one_is_enough(told: Order, values: Sequence[Order]) -> Order:
    return ite(count(values, ATTACK) >= 1, ATTACK, told)


class NothingRelayed(Protocol):
    """Everyone listens for what loyal generals never say."""

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER])
        heard.grow((yield None))
        heard.grow((yield None))
        return heard.resolved(one_is_enough, (COMMANDER,))


class OnlyValidity(EIG):  # type: ignore[misc]
    """EIG, asked only whether the loyal generals' orders are had right."""

    problem = Problem("validity", has_commander=False, conditions=INTERACTIVE_CONSISTENCY.conditions[1:])


@pytest.mark.parametrize(
    ("protocol", "traitors"),
    [
        (OM(n=6, m=2), 2),
        (EIG(n=5, m=1), 2),
        (OnlyValidity(n=5, m=1), 2),
        (OnlyValidity(n=7, m=1), 3),
        (Unheard(n=6, m=2), 2),
        (NothingRelayed(n=4), 1),
        (SM(n=4, m=1), 2),
    ],
    ids=str,
)
def test_with_uniform_attacks_the_verdict_is_the_same(
    protocol: Protocol, traitors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = byzverify.check(protocol, traitors)
    monkeypatch.setattr(deciding, "LONG_RUN", 0)
    verdict = byzverify.check(protocol, traitors)
    assert [known.verdict for known in verdict.conditions] == [known.verdict for known in reference.conditions]


def test_an_orbit_has_the_labels_of_all_sites_that_one_stands_for() -> None:
    n = 7
    orbits = Orbits(Kinds(OM(n=n, m=2), {5: Fault.BYZANTINE, 6: Fault.BYZANTINE}, [1, 2]), n)
    labels = [(0, a, b, c) for a in range(1, n) for b in range(1, n) for c in range(1, n) if len({a, b, c}) == 3]
    for sender, receiver in ((5, 1), (6, 2), (5, 3), (6, 5)):
        site = orbits.representative((4, sender, receiver, (0, 3, 6 if sender == 5 else 5, sender)))
        alike = [label for label in labels if orbits.representative((4, sender, receiver, label)) == site]
        assert sorted(orbits.labels(site, sender, receiver)) == alike
        assert orbits.how_many_labels(site, sender, receiver) == len(alike)
