"""The program of brute force, which knows nothing of byzverify, beside byzverify."""

from itertools import product

import pytest

import byzverify
from byzverify.models.om import OM
from tests.benchmarks.enumeration import ATTACK, COMMANDER, RETREAT, Run, broken, casts, how_many_runs, lies, orders


@pytest.mark.parametrize("n", [3, 4, 5])
def test_it_finds_what_the_theorem_says(n: int) -> None:
    assert any(broken(n, 1, traitors) for traitors in casts(n, 1)) == (n == 3)


def test_it_plays_as_many_runs_as_it_says() -> None:
    played = 0
    for traitors in casts(4, 1):
        played += len(orders(traitors)) * len(list(product((RETREAT, ATTACK), repeat=len(lies(4, 1, traitors)))))
    assert played == how_many_runs(4, 1) == 34  # 8 for the commander, 3 times 2·4 for a lieutenant, 2 for nobody


@pytest.mark.parametrize("traitors", [(0, 6), (5, 6)])
@pytest.mark.parametrize("order", [RETREAT, ATTACK])
def test_its_generals_decide_as_the_simulator_says(traitors: tuple[int, int], order: bool) -> None:
    said = dict.fromkeys(lies(7, 2, traitors), RETREAT)
    run = Run(7, 2, order, said)
    replay = byzverify.simulate(OM(n=7, m=2), traitors, ["ATTACK" if order else "RETREAT"], "silent")
    decisions = replay.run.decisions
    for general in set(range(1, 7)) - set(traitors):
        assert str(decisions[general]) == ("ATTACK" if run.value(general) else "RETREAT")


def test_a_loyal_general_tells_everybody_the_same() -> None:
    assert not any(
        path[-1] not in (COMMANDER, 3) or receiver in (COMMANDER, 3) for path, receiver in lies(4, 1, (0, 3))
    )
