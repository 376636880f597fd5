"""Approximate agreement: how near the loyal can come, against whole histories of a few generals.

The oracle shares no code with the engine or the rules: it lists all executions, and counts the steps that lead from a
decision 0 to a decision 1. Decisions can be within epsilon if and only if epsilon times this number is 1 or more.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

import pytest

import byzverify
from byzverify.questions.existence import ExistenceVerdict
from tests.solvability.asking import setting
from tests.solvability.histories import Histories
from tests.solvability.sightings import distance, solved

Case = tuple[int, dict[str, int], int]

MODES = ("crash", "omission", "manifest", "byzantine")

ONE_ROUND: list[Case] = [(n, {mode: t}, 1) for n in (3, 4) for mode in MODES for t in range(1, n)]

TWO_ROUNDS: list[Case] = [(3, {mode: 1}, 2) for mode in MODES] + [(4, {"crash": 1}, 2), (4, {"byzantine": 1}, 2)]


def steps(n: int, faults: dict[str, int], rounds: int) -> float:
    return distance(Histories(setting(n, faults, rounds, "approximate")).sightings())


def asked(case: Case, epsilon: Fraction | None = None) -> ExistenceVerdict:
    n, faults, rounds = case
    return byzverify.solvable(n, faults, rounds=rounds, problem="approximate", epsilon=epsilon)


@pytest.mark.parametrize("case", [*ONE_ROUND, *TWO_ROUNDS], ids=str)
def test_the_least_epsilon_is_that_of_whole_histories(case: Case) -> None:
    far, found = steps(*case), asked(case)
    assert far in (1, 2, inf)
    assert found.verdict == "solvable"
    assert found.epsilon == (None if far == inf else Fraction(1, int(far)))
    assert (found.impossible is None) == (far == inf)


@pytest.mark.parametrize("epsilon", [Fraction(1), Fraction(3, 4), Fraction(1, 2), Fraction(1, 3), Fraction(0)], ids=str)
@pytest.mark.parametrize("case", [*ONE_ROUND[::2], *TWO_ROUNDS], ids=str)
def test_an_epsilon_is_reached_where_whole_histories_say_so(case: Case, epsilon: Fraction) -> None:
    possible = solved("approximate", steps(*case), epsilon)
    assert asked(case, epsilon).verdict == ("solvable" if possible else "impossible")


def test_the_oracle_tells_modes_apart() -> None:
    assert [steps(4, {mode: 2}, 1) for mode in MODES] == [2, 2, inf, 1]


@pytest.mark.parametrize(("mode", "epsilon"), [("byzantine", "1"), ("crash", "1/2"), ("omission", "1/2")])
def test_one_round_is_found_without_a_number_of_rounds(mode: str, epsilon: str) -> None:
    found = byzverify.solvable(3, {mode: 1}, problem="approximate", epsilon=epsilon)
    assert (found.verdict, found.rounds, found.open) == ("solvable", 1, ())


def test_where_no_protocol_reaches_the_bound_the_answer_is_unknown_and_names_it() -> None:
    found = byzverify.solvable(4, {"crash": 2}, rounds=2, problem="approximate")
    assert steps(4, {"crash": 2}, 2) == 12
    assert (found.verdict, found.epsilon, found.exit_code) == ("unknown", Fraction(1, 12), 3)
    assert found.impossible is not None
    assert "independent" not in str(found.reason)
    assert "1/12" in str(found.reason)
