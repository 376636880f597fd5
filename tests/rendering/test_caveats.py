"""Hints beside an attack: where a question may have been meant otherwise, and only there."""

from typing import Any

import byzverify
from byzverify import Refuted
from byzverify.language import (
    ATTACK,
    CONSENSUS,
    HYBRID_CONSENSUS,
    RETREAT,
    VALIDITY,
    Condition,
    Problem,
    Program,
    Protocol,
    any_of,
    broadcast,
    count,
    ite,
)
from byzverify.models.om import OM
from byzverify.rendering.attack.caveats import hints


class Least(Protocol):
    """Whoever hears of a RETREAT retreats."""

    problem = CONSENSUS

    def general(self, me: int, order: Any) -> Program:
        for _ in range(2):
            inbox = yield broadcast(order)
            order = ite(any_of(inbox[j] == RETREAT for j in self.generals), RETREAT, order)
        return order


class LeastHybrid(Least):
    problem = HYBRID_CONSENSUS


def counting(problem: Problem) -> Protocol:
    class Counts(Protocol):
        def general(self, me: int, order: Any) -> Program:
            inbox = yield broadcast(RETREAT)
            return count([inbox[j] for j in self.generals], ATTACK)

    Counts.problem = problem
    return Counts(n=3)


def given(model: Protocol, faults: Any, condition: str | None = None) -> list[str]:
    verdict = byzverify.check(model, faults, condition=condition)
    assert isinstance(verdict, Refuted)
    return list(hints(verdict.replay))


def test_whose_order_does_not_count_is_named_with_the_problem_in_which_it_does() -> None:
    (hint,) = given(Least(n=4), {"crash": 1})
    assert "crash-faulty, starts with RETREAT" in hint
    assert "problem = HYBRID_CONSENSUS" in hint


def test_where_a_traitor_lies_or_all_orders_count_nothing_is_hinted() -> None:
    assert given(Least(n=4), {"byzantine": 1}) == []
    assert given(LeastHybrid(n=4), {"byzantine": 1}) == []
    assert given(OM(n=3, m=1), 1) == []


def test_a_condition_that_has_the_name_of_a_known_one_and_asks_something_else_gives_no_hint() -> None:
    own = Condition("Validity", "nobody counts less than three", lambda outcome, w: outcome.decisions[w[0]] >= 3, 1)
    assert own == VALIDITY
    assert given(counting(Problem("counting", (own,), has_commander=False)), 1) == []


def test_what_is_no_order_cannot_be_the_order_that_a_condition_asks_for() -> None:
    hint, *_ = given(counting(CONSENSUS), 1, "Validity")
    assert "decides a count, and Validity compares it with an order" in hint
    hint, *_ = given(counting(HYBRID_CONSENSUS), 1, "Validity")
    assert "decides a count, and Validity compares it with an order" in hint
