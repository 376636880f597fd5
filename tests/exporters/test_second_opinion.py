"""TLC and Spin, which know neither our terms nor our symmetry, come to byzverify's verdict, condition by condition."""

from collections.abc import Callable, Mapping

import pytest

import byzverify
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    IC2,
    RETREAT,
    Condition,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    all_of,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
    majority,
    plurality,
    same,
    sign,
)
from byzverify.models.crusader import Crusader
from byzverify.models.museum.any_first_signer import AnyFirstSigner
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from tests.differential.fielded import Apart, Bundled, BundledOM, Empty, Pair, Sometimes

Opinion = Callable[[Protocol, Mapping[str, int]], set[str]]

ONE = {"byzantine": 1}


class Reckons(Protocol):
    """Everyone counts the same votes in two ways, which must come to the same."""

    problem = Problem(
        "arithmetic",
        (Condition("Same", "both ways come to the same", lambda outcome, who: outcome.decisions[who[0]], witnesses=1),),
        has_commander=False,
    )

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        first, second = (vote == ATTACK for vote in votes[:2])
        reckoned = [same(2 * how_many([first]) + how_many([second]) >= 2, first)]
        for one, other in ((RETREAT, ATTACK), (ATTACK, RETREAT)):
            reckoned.append(same(majority(votes, default=ABSENT) == one, 2 * count(votes, one) > self.n))
            reckoned.append(same(plurality(votes, tie=ABSENT) == one, count(votes, one) > count(votes, other)))
        return all_of(reckoned)


class Rises(Protocol):
    """Two rounds in which everyone says the same: whoever is heard in the second only has come back to life."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        first = yield broadcast(order)
        second = yield broadcast(order)
        risen = any_of((second[j] != ABSENT) & (first[j] == ABSENT) for j in self.others(me))
        return ite(risen, ite(order == ATTACK, RETREAT, ATTACK), order)


class Slow(Protocol):
    """In the round in which the commander signs, nobody can have his order from him already: traitors do not rush.
    And nobody can ever have two orders from him."""

    problem = Problem("obey", (IC2,), has_commander=True)
    rushing = False

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [sign(v, order == v, without=[me]) for v in self.orders] if me == COMMANDER else None
        told, others = RETREAT, self.others(me, COMMANDER)
        for v in self.orders:
            told = ite(inbox.signed(v, [COMMANDER]).came, v, told)
        early = any_of(inbox.signed(v, [COMMANDER, j]).came for v in self.orders for j in others)
        inbox = yield None
        forged = all_of(any_of(inbox.signed(v, [COMMANDER, j]).came for j in others) for v in self.orders)
        return ite(early | forged, ite(told == ATTACK, RETREAT, ATTACK), told)


class Rushed(Slow):
    """The same, and they do."""

    rushing = True


CASES: list[tuple[Protocol, Mapping[str, int], set[str]]] = [
    (OM(n=4, m=1), ONE, set()),
    (OM(n=3, m=1), ONE, {"IC2"}),
    (OM(n=3, m=1, values=3), {"omission": 1}, {"IC2"}),
    (SM(n=3, m=1), ONE, set()),
    (SM(n=4, m=1), {"symmetric": 1, "omission": 1}, set()),
    (SM(n=4, m=1), {"symmetric": 1, "crash": 1}, set()),
    (AnyFirstSigner(n=3, m=1), ONE, {"IC2"}),
    (PhaseKing(n=3, m=1), ONE, {"Agreement"}),
    (Crusader(n=4, m=1), ONE, set()),
    (OMH(n=4, m=1), {"byzantine": 1, "manifest": 1}, {"IC2"}),
    (OMGraph(n=7, m=1, p=3, graph="circulant:7:1,2"), ONE, set()),
    (Slow(n=3), ONE, set()),
    (Rushed(n=3), ONE, {"IC2"}),
    (Rises(n=2), {"crash": 1}, {"Agreement"}),
    (Reckons(n=4), ONE, set()),
    (Apart(n=2), {"crash": 1}, {"Whole"}),
    (Pair(n=2), ONE, set()),
    (Pair(n=2), {"symmetric": 1}, set()),
    (Pair(n=2), {"crash": 1, "manifest": 1}, set()),
    (Pair(n=2, optional=True), {"omission": 1}, set()),
    (Pair(n=2, optional=True), {"symmetric": 1}, {"Whole"}),
    (Empty(n=3), {"symmetric": 1}, {"Validity"}),
    (Sometimes(n=3), {"crash": 1}, set()),
    (Sometimes(n=3), {"manifest": 1}, set()),
    (Bundled(n=3), {"manifest": 1}, set()),
    (BundledOM(n=4, m=1), ONE, set()),
    (BundledOM(n=3, m=1), {"omission": 1}, {"IC2"}),
]

each_case = pytest.mark.parametrize(
    ("protocol", "faults", "violated"),
    [pytest.param(*case, id=f"{type(case[0]).__name__}-{case[0].n}-{'-'.join(case[1])}") for case in CASES],
)


@pytest.mark.slow
@each_case
def test_byzverify_finds_so_much_violated(protocol: Protocol, faults: Mapping[str, int], violated: set[str]) -> None:
    verdict = byzverify.check(protocol, faults)
    assert {known.condition.name for known in verdict.conditions if known.verdict != "proved"} == violated


@pytest.mark.slow
@each_case
def test_tlc_finds_the_same(protocol: Protocol, faults: Mapping[str, int], violated: set[str], tlc: Opinion) -> None:
    assert tlc(protocol, faults) == violated


@pytest.mark.slow
@each_case
def test_spin_finds_the_same(protocol: Protocol, faults: Mapping[str, int], violated: set[str], spin: Opinion) -> None:
    assert spin(protocol, faults) == violated
