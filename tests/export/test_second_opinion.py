"""TLC and Spin, which know neither our terms nor our symmetry, come to byzverify's verdict, condition by condition."""

from collections.abc import Callable, Mapping

import pytest

import byzverify
from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast, count, ite, plurality
from byzverify.models.crusader import Crusader
from byzverify.models.museum.any_first_signer import AnyFirstSigner
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM

Opinion = Callable[[Protocol, Mapping[str, int]], set[str]]

ONE = {"byzantine": 1}


class Weighs(Protocol):
    """The commander's word weighs twice as much; where two orders lead, or too few speak, it is a retreat."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox[COMMANDER]
        inbox = yield broadcast(told, label="he said")
        heard = [inbox[j, "he said"] for j in self.lieutenants]
        leads = plurality([*heard, told], tie=RETREAT)
        enough = 2 * count([told], leads) + count(heard, leads) >= self.n - 1
        return order if me == COMMANDER else ite(enough, leads, RETREAT)


class Late(SM):  # type: ignore[misc]
    """SM whose traitors speak before they hear."""

    rushing = False


CASES: list[tuple[Protocol, Mapping[str, int], set[str]]] = [
    (OM(n=4, m=1), ONE, set()),
    (OM(n=3, m=1), ONE, {"IC2"}),
    (OM(n=3, m=1, values=3), {"omission": 1}, {"IC2"}),
    (SM(n=3, m=1), ONE, set()),
    (SM(n=4, m=1), {"symmetric": 1, "omission": 1}, set()),
    (Late(n=4, m=0), {"symmetric": 1, "crash": 1}, {"IC1"}),
    (AnyFirstSigner(n=3, m=1), ONE, {"IC2"}),
    (PhaseKing(n=3, m=1), ONE, {"Agreement"}),
    (Crusader(n=4, m=1), ONE, set()),
    (OMH(n=4, m=1), {"byzantine": 1, "manifest": 1}, {"IC2"}),
    (OMGraph(n=7, m=1, p=3, graph="circulant:7:1,2"), ONE, set()),
    (Weighs(n=4), {"byzantine": 1, "manifest": 1}, {"IC1"}),
]

each_case = pytest.mark.parametrize(
    ("protocol", "faults", "violated"),
    [pytest.param(*case, id=f"{type(case[0]).__name__}-{case[0].n}-{'-'.join(case[1])}") for case in CASES],
)


@each_case
def test_byzverify_finds_so_much_violated(protocol: Protocol, faults: Mapping[str, int], violated: set[str]) -> None:
    verdict = byzverify.check(protocol, faults)
    assert {known.condition.name for known in verdict.conditions if known.verdict != "proved"} == violated


@each_case
def test_tlc_finds_the_same(protocol: Protocol, faults: Mapping[str, int], violated: set[str], tlc: Opinion) -> None:
    assert tlc(protocol, faults) == violated


@each_case
def test_spin_finds_the_same(protocol: Protocol, faults: Mapping[str, int], violated: set[str], spin: Opinion) -> None:
    assert spin(protocol, faults) == violated
