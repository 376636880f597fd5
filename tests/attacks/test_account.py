"""The account of an attack, held against what the simulator recorded of the same run."""

import pytest

import byzverify
from byzverify.attacks.account import Account
from byzverify.language import Protocol
from byzverify.models.crusader import Crusader
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.models.z import Z

FALLING = [
    (OM(n=3, m=1), {"byzantine": 1}),
    (OM(n=6, m=2, values=3), {"byzantine": 2}),
    (EIG(n=3, m=1), {"byzantine": 1}),
    (PhaseKing(n=3, m=1), {"byzantine": 1}),
    (SM(n=5, m=1), {"byzantine": 2}),
    (Gradecast(n=3, m=1), {"byzantine": 1}),
    (Crusader(n=3, m=1), {"byzantine": 1}),
    (Z(n=5, m=1), {"byzantine": 1, "manifest": 1, "symmetric": 1}),
    (OM(n=4, m=1), {"omission": 2}),
    (OM(n=4, m=0), {"crash": 1}),
    (OMGraph(n=5, m=1, graph="cycle:5", p=2), {"byzantine": 1}),
]


@pytest.mark.parametrize(("protocol", "faults"), FALLING, ids=str)
def test_the_account_finds_the_lies_that_the_simulator_saw(protocol: Protocol, faults: dict[str, int]) -> None:
    verdict = byzverify.check(protocol, faults)
    assert isinstance(verdict, byzverify.Refuted)
    told = list(Account(verdict.replay).told())
    seen = {
        (lie.round, lie.sender, lie.receiver, lie.label, lie.honest.name, lie.said.name)
        for lie in verdict.replay.run.lies
    }
    assert {(t.round, t.sender, t.receiver, t.label, t.honest.name, t.said.name) for t in told if t.is_lie} == seen
