"""A claim becomes an attack only if the simulator finds it broken, before the witnesses that the claim names."""

from collections.abc import Mapping

import pytest

from byzverify.attacks.confirmation import confirm
from byzverify.errors import ReplayMismatch
from byzverify.language import ABSENT, ATTACK, RETREAT
from byzverify.language.faults import faults_of
from byzverify.language.messages import Chain
from byzverify.language.problems import IC1, IC2
from byzverify.models.om import OM
from byzverify.models.sm import SM
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim

LIE = {(2, 2, 1, (0, 2)): RETREAT}


def claim(said: Mapping[tuple[int, int, int, tuple[int, int]], object], witnesses: tuple[int, ...] = (1,)) -> Claim:
    return Claim(OM(n=3, m=1), faults_of({2}), Behaviour({0: ATTACK}, said), IC2, witnesses)  # type: ignore[arg-type]


def test_a_true_claim_becomes_an_attack() -> None:
    attack, replay = confirm(claim(LIE))
    assert attack.condition == "IC2"
    assert [judgement.condition.name for judgement in replay.violated] == ["IC2"]


def test_a_false_claim_is_a_mismatch() -> None:
    with pytest.raises(ReplayMismatch, match="IC2 fails"):
        confirm(claim({}))


def test_a_claim_about_other_witnesses_is_a_mismatch() -> None:
    lies = {(2, 3, 1, (0, 3)): RETREAT, (2, 2, 1, (0, 2)): RETREAT}
    made = Claim(OM(n=5, m=1), faults_of({2, 3}), Behaviour({0: ATTACK}, lies), IC2, (4,))
    with pytest.raises(ReplayMismatch):
        confirm(made)
    assert confirm(Claim(OM(n=5, m=1), faults_of({2, 3}), Behaviour({0: ATTACK}, lies), IC1, (1, 4)))


def test_a_claim_that_the_judge_does_not_share_is_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.simulation.judging.judge", lambda run: [])
    with pytest.raises(ReplayMismatch):
        confirm(claim(LIE))


def test_a_true_claim_that_needs_a_forged_signature_besides_is_a_mismatch() -> None:
    silence = {(1, 0, j, Chain(order, (0,))): ABSENT for j in (1, 2) for order in ("ATTACK", "RETREAT")}
    said = {(2, 3, j, Chain(order, (0, 3))): ABSENT for j in (1, 2) for order in ("ATTACK", "RETREAT")}
    lies = {**silence, **said, (2, 3, 1, Chain("ATTACK", (0, 3))): ATTACK}
    forged = {(2, 3, 2, Chain("ATTACK", (1, 3))): ATTACK}
    agreement = SM.problem.conditions[0]
    assert confirm(Claim(SM(n=4, m=1), faults_of({0, 3}), Behaviour(said=lies), agreement, (1, 2)))
    with pytest.raises(ReplayMismatch, match="claims something impossible"):
        confirm(Claim(SM(n=4, m=1), faults_of({0, 3}), Behaviour(said={**lies, **forged}), agreement, (1, 2)))
