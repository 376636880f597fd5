"""What is known of every protocol, measured by the engine: published bounds, and lengths of shortest chains."""

from __future__ import annotations

from math import ceil

import pytest

from byzverify.engines.solvability import deciding, starting
from byzverify.engines.solvability.settings import Ground
from tests.solvability.asking import decided, executions, setting
from tests.solvability.histories import Histories
from tests.solvability.sightings import distance


@pytest.mark.parametrize(
    ("n", "faults", "rounds", "shortest"),
    [
        *((3, 1, rounds, 3) for rounds in (1, 2, 3)),
        (4, 1, 1, 3),
        (5, 2, 2, 3),
        (6, 2, 2, 3),
        (7, 2, 2, 4),
        (8, 2, 2, 5),
        (9, 2, 2, 6),
        (4, 1, 2, None),
        (5, 1, 2, None),
        (6, 1, 2, None),
        (7, 1, 2, None),
    ],
)
def test_shortest_chains_of_byzantine_generals(n: int, faults: int, rounds: int, shortest: int | None) -> None:
    """Lamport, Shostak & Pease 1982: n > 3t; Fischer & Lynch 1982: more than t rounds."""
    assert executions(setting(n, faults, rounds)) == shortest


@pytest.mark.parametrize(
    ("n", "faults", "rounds", "shortest"),
    [
        (3, 1, 1, 4),
        (4, 1, 1, 4),
        (5, 1, 1, 4),
        (4, 2, 2, 14),
        (5, 2, 2, 16),
        (6, 2, 2, 20),
        (3, 1, 2, None),
        (4, 2, 3, None),
        (3, 2, 2, None),
    ],
)
def test_shortest_chains_of_crashes(n: int, faults: int, rounds: int, shortest: int | None) -> None:
    """Dolev & Strong 1983: more than t rounds, unless n - 1 of them are enough."""
    assert executions(setting(n, {"crash": faults}, rounds)) == shortest


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_three_generals_cannot_agree_in_any_number_of_rounds(rounds: int) -> None:
    """Pease, Shostak & Lamport 1980; the three executions of Fischer, Lynch & Merritt 1986."""
    chain = decided(setting(3, 1, rounds)).chain
    assert chain is not None
    first, middle, last = ({*run.faulty} for run in chain.runs)
    assert middle == {0}
    assert (first, last) in (({1}, {2}), ({2}, {1})) if rounds > 1 else first == last == set()


def test_the_shortest_chain_for_consensus_among_four_in_one_round() -> None:
    assert executions(setting(4, 1, 1, "consensus")) == 4


TWO_ROUNDS = [
    *((n, 2) for n in range(5, 12)),
    *((n, 3) for n in range(7, 14)),
    *((n, 4) for n in range(9, 14)),
]


@pytest.mark.parametrize(("n", "faults"), TWO_ROUNDS)
def test_two_round_chains_have_the_length_of_the_formula(n: int, faults: int) -> None:
    """The distance between the pins is max(1, ceil((n-1-2t) / (t-1))). Not found in print."""
    assert executions(setting(n, faults, 2)) == max(1, ceil((n - 1 - 2 * faults) / (faults - 1))) + 2


@pytest.mark.parametrize("faults", [2, 3, 4])
def test_graded_broadcast_takes_two_rounds_exactly_from_5t_less_1_generals_on(faults: int) -> None:
    for n in range(5 * faults - 3, 5 * faults + 2):
        found = decided(setting(n, faults, 2, "graded"))
        assert (found.chain is None) == found.exhausted == (n >= 5 * faults - 1), n


def test_an_order_that_a_general_cannot_hear_is_given_both_ways() -> None:
    """Who is too far from the commander sees the same whatever the order is: two executions, without any fault."""
    far = setting(3, 0, 1, edges=((0, 1), (1, 2)))
    assert executions(far) == 2
    assert executions(setting(3, {"crash": 1}, 1, edges=((0, 1), (1, 2)))) == 2
    assert executions(setting(3, 0, 2, edges=((0, 1), (1, 2)))) is None
    for problem in ("crusader", "graded", "approximate"):
        assert executions(setting(3, 0, 1, problem, edges=((0, 1), (1, 2)))) == 2


def test_two_traitors_among_three_are_ruled_out_by_executions_with_one() -> None:
    chain = decided(setting(3, 2, 1)).chain
    assert chain is not None
    assert max(len(run.faulty) for run in chain.runs) == 1


def test_a_general_who_crashes_after_he_has_told_everyone_matters() -> None:
    """Four generals, two crashes, two rounds: whole histories too have a chain of 14 executions."""
    asked = setting(4, {"crash": 2}, 2)
    assert distance(Histories(asked).sightings()) + 2 == executions(asked) == 14


@pytest.mark.parametrize(
    ("n", "faults"),
    [
        *((n, 1) for n in range(3, 9)),
        *((n, 2) for n in range(4, 7)),
        *(pytest.param(n, faults, marks=pytest.mark.slow) for n, faults in ((7, 2), (6, 3))),
    ],
)
def test_t_rounds_are_too_few_for_every_mode_that_fails_towards_some(n: int, faults: int) -> None:
    """Dolev & Strong 1983; with signatures too, as long as two lieutenants and one more general are there."""
    for mode, signed in (("crash", False), ("omission", False), ("byzantine", True), ("byzantine", False)):
        assert decided(setting(n, {mode: faults}, faults, signed=signed)).chain is not None


def test_crashes_in_order_suffice_where_all_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lynch 1996, section 6.7. Such chains are not called the shortest, and nothing is claimed where there is none."""
    monkeypatch.setattr(deciding, "ALL_AT_MOST", 0)
    for n, faults in ((3, 1), (4, 1), (4, 2), (5, 2), (6, 2), (5, 3), (6, 3)):
        found = decided(setting(n, {"crash": faults}, faults))
        assert found.chain is not None, (n, faults)
        assert not found.shortest
        more = decided(setting(n, {"crash": faults}, faults + 1))
        assert more.chain is None
        assert not more.exhausted


def test_crashes_rule_out_consensus_in_t_rounds() -> None:
    for n, faults in ((3, 1), (4, 1), (5, 1), (5, 2)):
        assert decided(setting(n, {"crash": faults}, faults, "consensus")).chain is not None
        assert decided(setting(n, {"crash": faults}, faults + 1, "consensus")).chain is None


def test_a_shortest_chain_of_crashes_for_consensus_is_shorter_than_chains_one_start_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = setting(3, {"crash": 1}, 1, "consensus")
    assert executions(asked) == 5
    assert [executions(setting(n, {"crash": 1}, 1, "consensus")) for n in (4, 5, 8)] == [6, 8, 14]
    monkeypatch.setattr(deciding, "WITH_STARTS_AT_MOST", 0)
    found = decided(asked)
    assert found.chain is not None
    assert (len(found.chain.runs), found.shortest) == (10, False)


@pytest.mark.parametrize("faults", [{"crash": 1}, {"omission": 1}, {"crash": 1, "manifest": 1}])
def test_only_crashes_alone_make_a_chain_for_consensus_certainly_a_shortest_one(faults: dict[str, int]) -> None:
    found = decided(setting(5, faults, 1, "consensus"))
    assert found.chain is not None
    assert len(found.chain.runs) == 8
    assert found.shortest == (faults == {"crash": 1})


def test_whoever_is_named_faulty_in_a_chain_of_crashes_crashes_or_starts_otherwise_than_the_loyal_at_an_end() -> None:
    for n, faults, rounds in ((3, 1, 1), (5, 1, 1), (5, 2, 2)):
        chain = decided(setting(n, {"crash": faults}, rounds, "consensus")).chain
        assert chain is not None
        ends = {0: 0, len(chain.runs) - 1: 1}
        for number, run in enumerate(chain.runs):
            for idle in set(run.faulty) - {sender for _, sender, _ in run.lost}:
                assert run.starts[idle] == 1 - ends[number]


def test_no_more_executions_are_searched_than_were_counted() -> None:
    for n, faults, rounds in ((3, 1, 1), (4, 1, 2), (5, 2, 1)):
        ground = Ground(setting(n, {"crash": faults}, rounds, "consensus"), rounds)
        assert len(starting.Started(ground, faults).executions) == starting.number_with_starts(ground, faults)


@pytest.mark.parametrize("mode", ["byzantine", "symmetric", "omission", "crash", "manifest"])
@pytest.mark.parametrize("signed", [False, True])
def test_consensus_needs_a_loyal_majority_in_every_mode_and_any_number_of_rounds(mode: str, signed: bool) -> None:
    """Validity counts the loyal alone, so half of the generals keep their order though they have no fault to show."""
    for n, faults, rounds in ((2, 1, 1), (2, 2, 5), (3, 2, 2), (4, 2, 3), (5, 3, 100), (6, 3, 2), (4, 4, 1)):
        asked = setting(n, {mode: faults}, rounds, "consensus", signed=signed)
        assert executions(asked) == 3
    mixed = decided(setting(4, {mode: 1, "crash": 2} if mode != "crash" else {mode: 2}, 3, "consensus", signed=signed))
    assert mixed.shortest
