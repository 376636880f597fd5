"""Which sets of traitors are executed, and that together they stand for all that must be."""

from dataclasses import replace
from itertools import combinations, pairwise, product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

import byzverify
from byzverify.engines.finite.scenarios import NONE, Symmetry, alike, choices, how_many_choices, scenarios
from byzverify.language import BYZANTINE_GENERALS, IC1, Protocol
from byzverify.language.faults import Fault
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing


@given(n=st.integers(1, 9), cuts=st.lists(st.integers(0, 9), max_size=3), size=st.integers(0, 9))
def test_the_sets_stand_for_all_sets_of_their_size(n: int, cuts: list[int], size: int) -> None:
    places = sorted({min(cut, n) for cut in cuts})
    groups = [range(start, end) for start, end in pairwise(places)]
    assert sum(stands_for for _, stands_for in choices(n, {Fault.BYZANTINE: size}, Symmetry(groups))) == comb(n, size)


def test_without_groups_every_set_is_taken() -> None:
    assert {frozenset(faults) for faults, _ in choices(5, {Fault.BYZANTINE: 2}, NONE)} == {
        frozenset(c) for c in combinations(range(5), 2)
    }


def test_om_has_two_scenarios_whatever_its_size() -> None:
    for n, m in [(4, 1), (7, 2), (10, 3)]:
        model = OM(n=n, m=m)
        assert [sorted(s.faults) for s in scenarios(model, {Fault.BYZANTINE: m}, Symmetry(model.groups))] == [
            list(range(n - m, n)),
            [0, *range(n - m + 1, n)],
        ]


def test_ic2_is_not_asked_of_a_traitorous_commander() -> None:
    model = OM(n=4, m=1)
    asked = {
        frozenset(s.faults): {case.condition.name for case in s.cases}
        for s in scenarios(model, {Fault.BYZANTINE: 1}, Symmetry(model.groups))
    }
    assert asked == {frozenset({3}): {"IC1", "IC2"}, frozenset({0}): {"IC1"}}


def test_more_traitors_than_leave_two_generals_loyal_are_not_needed() -> None:
    model = OM(n=4, m=1)
    assert max(len(s.faults) for s in scenarios(model, {Fault.BYZANTINE: 4}, NONE) if s.cases) == 2


def test_validity_needs_one_loyal_general_only() -> None:
    sizes = {
        case.condition.name: len(s.faults)
        for s in scenarios(PhaseKing(n=3, m=0), {Fault.BYZANTINE: 3}, NONE)
        for case in s.cases
    }
    assert sizes == {"Agreement": 1, "Validity": 2}


class EverySize(OM):
    """OM whose conditions do not promise that a violation outlives another traitor: all sizes must be tried."""

    m: int
    problem = replace(
        BYZANTINE_GENERALS,
        conditions=tuple(replace(condition, needs_loyal=None) for condition in BYZANTINE_GENERALS.conditions),
    )


@pytest.mark.slow
@pytest.mark.parametrize(("n", "m"), [(3, 1), (4, 1), (5, 1), (5, 2), (6, 2)])
@pytest.mark.parametrize("t", [0, 1, 2, 3, 4])
def test_the_largest_sets_decide_what_all_sets_decide(n: int, m: int, t: int) -> None:
    """docs/explanation/traitor-sets.md, the first argument, against trying every size."""
    if t > n:
        return
    largest, every = byzverify.check(OM(n=n, m=m), t), byzverify.check(EverySize(n=n, m=m), t)
    assert every.evidence.scenarios >= largest.evidence.scenarios or isinstance(every, byzverify.Refuted)
    assert [known.verdict for known in every.conditions] == [known.verdict for known in largest.conditions]


BUDGETS = [{}, {Fault.BYZANTINE: 2}, {Fault.BYZANTINE: 1, Fault.CRASH: 2}, {Fault.OMISSION: 4}, dict.fromkeys(Fault, 1)]


@pytest.mark.parametrize("budget", BUDGETS)
def test_the_number_of_choices_is_that_of_all_choices(budget: dict[Fault, int]) -> None:
    every = product([None, *Fault], repeat=4)
    assert how_many_choices(4, budget) == sum(all(one.count(f) <= budget.get(f, 0) for f in Fault) for one in every)


@pytest.mark.slow
@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize(
    "symmetry", [NONE, Symmetry([[1, 2, 3, 4]]), Symmetry([[1, 2], [3, 4]]), Symmetry((), ((0, 3, 2, 1, 4),))]
)
def test_scenarios_stand_for_all_choices(budget: dict[Fault, int], symmetry: Symmetry) -> None:
    found = list(scenarios(EverySize(n=5, m=1), budget, symmetry))
    assert sum(scenario.stands_for for scenario in found) == how_many_choices(5, budget)
    assert len({frozenset(scenario.faults.items()) for scenario in found}) == len(found)
    alike_ones = [alike(EverySize(n=5, m=1), scenario, symmetry) for scenario in found]
    assert [len(ones) for ones in alike_ones] == [scenario.stands_for for scenario in found]
    assert len({frozenset(one.items()) for ones in alike_ones for one in ones}) == how_many_choices(5, budget)


@pytest.mark.parametrize("symmetry", [NONE, Symmetry([[1, 2, 3]])])
def test_what_a_condition_concerns_is_asked_of_the_protocol_and_the_loyal(symmetry: Symmetry) -> None:
    class AllLoyal(OM):
        m: int
        problem = replace(
            BYZANTINE_GENERALS,
            conditions=(replace(IC1, needs_loyal=None, concerns=lambda protocol, loyal: len(loyal) == protocol.n),),
        )

    found = scenarios(AllLoyal(n=4, m=1), {Fault.BYZANTINE: 1}, symmetry)
    assert {len(scenario.faults): bool(scenario.cases) for scenario in found} == {0: True, 1: False}


def test_the_fewest_faulty_generals_come_first_and_the_condition_on_the_fewest_witnesses() -> None:
    """So the first attack is a small one."""
    found = list(scenarios(EverySize(n=4, m=1), {Fault.BYZANTINE: 1, Fault.CRASH: 2}, NONE))
    sizes = [len(scenario.faults) for scenario in found]
    assert sizes == sorted(sizes)
    assert {0, 1, 2, 3} == set(sizes)
    for scenario in found:
        witnesses = [len(case.witnesses) for case in scenario.cases]
        assert witnesses == sorted(witnesses)


def test_the_number_of_sets_is_reported() -> None:
    model: Protocol = OM(n=7, m=2)
    assert byzverify.check(model).evidence.traitor_sets == 1 + 7 + 21
