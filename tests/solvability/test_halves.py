"""Consensus needs a loyal majority, in every mode and any number of rounds: nobody has to do anything wrong.

Validity counts the loyal alone. So half of the generals may be called faulty, whatever they do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations, product
from math import inf
from random import Random
from typing import Any

import pytest

from byzverify.certificates import checking_impossibility, impossibility_file
from byzverify.engines.solvability import deciding
from byzverify.language.faults import Fault
from byzverify.questions.solving import solvable
from byzverify.scenario.impossibility import RunChain
from tests.solvability.asking import accepted, connected_graphs, setting
from tests.solvability.histories import Histories
from tests.solvability.sightings import complete, distance
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

MODES = [mode.value for mode in Fault]


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_halves_rule_out_consensus_exactly_where_the_loyal_may_be_no_majority(mode: str, signed: bool) -> None:
    for n, faults in product(range(2, 9), range(9)):
        if faults <= n:
            asked = setting(n, {mode: faults}, None, "consensus", signed=signed)
            found = deciding.in_any_rounds(asked)
            assert isinstance(found, RunChain) == (n <= 2 * faults)
            if found is not None:
                assert f"among {n} generals, at most {faults} {mode} faulty, in any number of rounds" in accepted(found)


@pytest.mark.parametrize("faults", [{"byzantine": 1, "crash": 1}, {"omission": 1, "symmetric": 1}, {"manifest": 2}])
def test_faults_of_all_modes_count_together_on_each_network(faults: dict[str, int]) -> None:
    for n, halves in ((3, True), (4, True), (5, False)):
        for edges in connected_graphs(n):
            found = deciding.in_any_rounds(setting(n, faults, None, "consensus", edges))
            assert isinstance(found, RunChain) == halves
            assert found is None or "in any number of rounds: a c" in accepted(found)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_with_one_loyal_general_more_there_is_a_protocol_unless_traitors_lie(mode: str, signed: bool) -> None:
    lying = mode == "byzantine" and not signed
    assert solvable(2, {mode: 1}, problem="consensus", signed=signed).verdict == "impossible"
    found = solvable(3, {mode: 1}, problem="consensus", signed=signed)
    assert found.verdict == ("impossible" if lying else "solvable")
    assert not isinstance(found.impossible, RunChain) or found.impossible.setting.rounds is not None


def test_a_number_of_rounds_that_was_asked_about_gets_the_same_answer() -> None:
    for rounds in (1, 3, 100):
        found = solvable(4, {"crash": 2}, problem="consensus", rounds=rounds)
        assert (found.verdict, found.rounds, found.executions) == ("impossible", None, 3)


def test_a_map_has_a_cross_and_the_chain_and_a_program_that_fails_is_said_to_have_no_chance(byzverify: Call) -> None:
    ended = byzverify("map --solvable -n 3..4 --faults manifest=2 --problem consensus")
    assert ended.code == 0
    assert "t 2  ✗  ✗" in ended.out
    assert ended.out.count("shortest chain of 3") == 2
    assert "no protocol without signatures can" in byzverify("check phase_king -n 4 -m 1 --faults manifest=2").out


def test_no_other_problem_is_ruled_out_so() -> None:
    for problem in ("broadcast", "interactive", "crusader", "graded", "approximate"):
        assert deciding.in_any_rounds(setting(4, {"crash": 2}, None, problem)) is None


def verdict(file: Any) -> str | None:
    """What the checker says of a file; None if it refuses it."""
    try:
        return checking_impossibility.check(json.dumps(file))
    except ValueError:
        return None


def executions(n: int, faults: int, mode: str) -> list[dict[str, Any]]:
    """All executions without deviations."""
    return [
        {
            "faulty": dict.fromkeys(map(str, faulty), mode),
            "starts": dict(zip(map(str, range(n)), starts, strict=True)),
            "said": [],
            "lost": [],
        }
        for number in range(faults + 1)
        for faulty in combinations(range(n), number)
        for starts in product((0, 1), repeat=n)
    ]


def chains(n: int, faults: int, mode: str) -> Iterator[dict[str, Any]]:
    """Files with three executions without deviations, however nonsensical: all if they are few, and else some."""
    found = deciding.in_any_rounds(setting(n, {mode: n}, None, "consensus"))
    assert found is not None
    head = json.loads(impossibility_file.text(found)) | {"faults": {mode: faults}}
    every = executions(n, faults, mode)
    alike = [[one for one in every if one["starts"] == first["starts"]] for first in every[: 2**n]]
    witnesses = [*product(range(n), repeat=2)]
    rng = Random(1)
    some = [[rng.choice(every) for _ in range(3)] for _ in range(3000)]
    same = (list(chosen) for group in alike for chosen in product(group, repeat=3))
    for chosen in product(every, repeat=3) if n == 2 else (*some, *same):
        for pair in witnesses if n == 2 or len(alike[0]) < 5 else [rng.choice(witnesses)]:
            yield head | {"executions": [*chosen], "witnesses": [*pair]}


@pytest.mark.parametrize("mode", ["crash", "omission", "manifest", "symmetric", "byzantine"])
@pytest.mark.parametrize(("n", "faults"), [(2, 0), (2, 1), (3, 0), (3, 1), (3, 2)])
def test_whatever_chain_without_deviations_is_accepted_whole_histories_know_no_protocol(
    n: int, faults: int, mode: str
) -> None:
    accepts = sum(verdict(file) is not None for file in chains(n, faults, mode))
    assert (accepts > 0) == (n <= 2 * faults)
    for rounds in (1, 2):
        far = distance(Histories(setting(n, {mode: faults}, rounds, "consensus", complete(n))).sightings())
        assert accepts == 0 or far < inf
