"""Where a refutation says that no protocol could have done it."""

import pytest

import byzverify
from byzverify.models.crusader import Crusader
from byzverify.models.dolev_strong import DolevStrong
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.questions.unsolvable import command, no_protocol_can


def refuted(model: byzverify.Proved | byzverify.Refuted | byzverify.Unknown) -> byzverify.Refuted:
    assert isinstance(model, byzverify.Refuted)
    return model


@pytest.mark.parametrize(
    ("verdict", "shown_by"),
    [
        (byzverify.check(OM(n=3, m=1)), "byzverify solvable -n 3 -t 1"),
        (byzverify.check(OM(n=6, m=2)), "byzverify solvable -n 6 -t 2"),
        (byzverify.check(PhaseKing(n=3, m=1)), "byzverify solvable -n 3 -t 1 --problem consensus"),
        (byzverify.check(Crusader(n=3, m=1)), "byzverify solvable -n 3 -t 1 --problem crusader"),
    ],
)
def test_pease_shostak_lamport_1980_no_protocol_withstands_a_third_of_traitors(
    verdict: byzverify.Proved | byzverify.Refuted | byzverify.Unknown, shown_by: str
) -> None:
    assert no_protocol_can(refuted(verdict))
    assert command(refuted(verdict)) == shown_by


def test_where_another_protocol_can_nothing_is_said() -> None:
    assert not no_protocol_can(refuted(byzverify.check(OM(n=4, m=2), 1)))  # OM(1) withstands one
    assert not no_protocol_can(refuted(byzverify.check(OM(n=3, m=1), {"manifest": 1})))  # OMH(1) does


def test_where_some_conditions_were_not_asked_nothing_is_said() -> None:
    """A protocol that always decides ATTACK keeps Agreement whoever fails."""
    verdict = refuted(byzverify.check(PhaseKing(n=3, m=1), condition="Agreement"))
    assert not no_protocol_can(verdict)


def test_dolev_1982_a_graph_of_small_connectivity_defeats_every_protocol() -> None:
    verdict = refuted(byzverify.check(OMGraph(n=7, graph="circulant:7:1,2", m=1, p=3), 2))
    assert no_protocol_can(verdict)
    assert command(verdict) == "byzverify solvable --graph circulant:7:1,2 -t 2"


def test_with_signatures_nothing_is_said() -> None:
    assert not no_protocol_can(refuted(byzverify.check(SM(n=4, m=1), 2)))


def test_with_signatures_nothing_is_said_though_the_traitor_is_silent() -> None:
    verdict = refuted(byzverify.check(DolevStrong(n=4, graph="path:4", m=1)))
    assert verdict.replay.run.said == {}
    assert not no_protocol_can(verdict)
