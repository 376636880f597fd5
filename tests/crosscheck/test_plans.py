"""Which runs a proof is compared with."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.plans import Plan, faulty_sets, how_many_cover
from byzverify.language import ABSENT, ATTACK, RETREAT
from byzverify.language.faults import Budget, Fault
from byzverify.models.om import OM
from byzverify.scenario.behaviour import Behaviour

BUDGETS = st.dictionaries(st.sampled_from(list(Fault)), st.integers(0, 3), max_size=3)


@given(n=st.integers(1, 9), budget=BUDGETS, seed=st.integers(0, 5))
def test_the_first_sets_make_each_general_faulty_once_and_loyal_once(n: int, budget: Budget, seed: int) -> None:
    total = min(n, sum(budget.values()))
    first = list(islice(faulty_sets(n, budget, seed), how_many_cover(n, budget)))
    assert {general for faults in first for general in faults} == (set(range(n)) if total else set())
    if total <= n / 2:
        assert all(any(general not in faults for faults in first) for general in range(n))


def test_any_two_generals_fail_together_in_time() -> None:
    sets = islice(faulty_sets(6, {Fault.BYZANTINE: 2}, 0), 200)
    assert len({tuple(faults) for faults in sets if len(faults) == 2}) == 15


@given(n=st.integers(1, 6), budget=BUDGETS, seed=st.integers(0, 5))
def test_in_time_every_size_comes_and_none_beyond_the_budget(n: int, budget: Budget, seed: int) -> None:
    sets = list(islice(faulty_sets(n, budget, seed), 400))
    assert all(list(faults.values()).count(mode) <= budget.get(mode, 0) for faults in sets for mode in Fault)
    assert {len(faults) for faults in sets} == set(range(min(n, sum(budget.values())) + 1))


@pytest.mark.parametrize(
    ("sent", "cover", "runs"),
    [(9, 4, 48), (100, 4, 20), (1_000, 4, 16), (1_000, 31, 31), (20_000, 4, 10), (70_000, 4, 2), (200_001, 4, 0)],
)
def test_as_many_runs_are_played_as_orders_may_be_sent(sent: int, cover: int, runs: int) -> None:
    assert Effort().runs(sent, cover) == runs


def test_what_is_planned_is_said_and_the_rest_is_drawn_by_the_seed_alone() -> None:
    model = OM(n=4, m=1)
    honest = {(0, 1): ATTACK, (0, 2): ATTACK}
    plan = Plan({2: "byzantine"}, Behaviour({0: ATTACK}, {(2, 2, 1, (0, 1)): RETREAT}), seed=7)
    said = [plan.strategy(model).says(2, 2, receiver, honest) for receiver in (1, 1, 3, 0)]
    assert said[0] == said[1]
    assert said[0][0, 1].name == RETREAT.name
    assert {order.name for content in said for order in content.values()} <= {"RETREAT", "ATTACK", ABSENT.name}


def test_a_milder_fault_does_what_is_planned_and_else_the_truth_where_terms_depend_on_it() -> None:
    honest = {(0, 1): ATTACK, (0, 2): ATTACK}
    read = [(2, 2, 1, label) for label in honest]
    plan = Plan({2: "omission"}, Behaviour({0: ATTACK}, {(2, 2, 1, (0, 1)): ABSENT}), read=read, seed=7)
    said = plan.strategy(OM(n=4, m=1)).says(2, 2, 1, honest)
    assert {label: order.name for label, order in said.items()} == {(0, 1): "ABSENT", (0, 2): "ATTACK"}


@pytest.mark.parametrize("mode", ["omission", "crash", "manifest", "byzantine"])
def test_where_no_term_depends_on_what_is_sent_everything_to_a_general_may_be_lost(mode: str) -> None:
    honest = {(0, 1): ATTACK, (0, 2): ATTACK, (0, 3): ATTACK}
    said = [Plan({2: mode}, Behaviour(), seed=seed).strategy(OM(n=5, m=1)).says(1, 2, 1, honest) for seed in range(60)]
    lost = [sum(order.name == ABSENT.name for order in content.values()) for content in said]
    assert {0, 3} <= {*lost}
