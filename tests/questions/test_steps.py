"""Limits of steps: what they leave known is the same in every run, on every machine; and what counts as a step."""

import os
import random
import signal
from typing import Any

import pytest

import byzverify
from byzverify import signals
from byzverify.errors import OutOfSteps, UsageError
from byzverify.limits import Limit
from byzverify.logic.minimum_cost import Cheapest
from byzverify.logic.terms import Literal, Terms
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.questions.search import Search
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Silent
from byzverify.solvers.answers import SOLVERS, Satisfiable, Unsatisfiable, installed, solver
from tests.support.calling import Call
from tests.support.calling import byzverify as called
from tests.support.other_tools import missing

__all__ = ["Call", "called"]


@pytest.mark.slow
def test_sigterm_ends_a_process_that_makes_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "PATIENCE", 1)
    child = os.fork()
    if not child:
        signals.heed_signals()
        os.kill(os.getpid(), signal.SIGTERM)
        while True:
            pass
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGALRM


def clauses(terms: Terms, size: int) -> Literal:
    """Five times as many random clauses as variables, which contradict each other: a solver has to search."""
    draw = random.Random(size)
    variables = [terms.variable(number) for number in range(size)]
    drawn = [[one * draw.choice((-1, 1)) for one in draw.sample(variables, 3)] for _ in range(5 * size)]
    return terms.at_least(len(drawn), [terms.at_least(1, clause) for clause in drawn])


def test_a_limit_counts_steps_and_ends_after_the_last() -> None:
    limit = Limit(steps=3)
    for left in (3, 2, 1):
        assert limit.left == left
        limit.step()
    assert limit.left == 0
    with pytest.raises(OutOfSteps):
        limit.check()
    with pytest.raises(OutOfSteps):
        limit.step()
    assert limit.spent == 3


def test_who_waits_makes_no_step() -> None:
    limit = Limit(steps=1)
    limit.check()
    limit.check()
    assert limit.left == 1


def test_a_part_of_a_limit_spends_what_is_the_limit_s() -> None:
    whole = Limit(steps=10)
    part = whole.fewer(4)
    part.step(4)
    assert whole.left == 6
    with pytest.raises(OutOfSteps):
        part.check()
    whole.check()
    assert whole.fewer(100).left == 6
    assert Limit().fewer(5).left == 5
    assert Limit(deadline=1.0).fewer(5).deadline == 1.0


@pytest.mark.parametrize("steps", [-1, 0.5, "many"])
def test_a_step_limit_is_a_whole_number(steps: Any) -> None:
    with pytest.raises(UsageError, match=f"a step limit is a whole number, 0 or more, not {steps!r}"):
        byzverify.check(OM(n=4, m=1), steps=steps)


FEW = {"z3": 7_000, "cvc5": 2_000, "cadical": 10_000, "exact": 10_000}
"""Fewer steps than each solver needs for the clauses over 240 variables."""


@pytest.fixture(params=SOLVERS)
def name(request: pytest.FixtureRequest) -> str:
    """Each solver's name."""
    named: str = request.param
    return named if named in installed() else missing(named)


@pytest.mark.slow
def test_a_solver_stops_after_so_many_steps_and_spends_as_many_each_time(name: str) -> None:
    def asked(size: int, steps: int) -> tuple[object, int]:
        terms = Terms()
        goal = clauses(terms, size)
        limit = Limit(steps=steps)
        try:
            return solver(name, terms).solve(goal, limit), limit.spent
        except OutOfSteps:
            return OutOfSteps, limit.spent

    found, spent = asked(60, 10**7)
    assert found == Unsatisfiable()
    assert 0 < spent < 10**7
    assert asked(60, 10**7) == (found, spent)
    assert asked(240, FEW[name])[0] is OutOfSteps
    assert asked(240, FEW[name])[1] >= FEW[name]


@pytest.mark.slow
def test_a_part_that_a_solver_uses_up_is_spent_of_the_whole(name: str) -> None:
    terms = Terms()
    goal = clauses(terms, 240)
    whole = Limit(steps=10**6)
    with pytest.raises(OutOfSteps):
        solver(name, terms).solve(goal, whole.fewer(FEW[name]))
    assert whole.left is not None
    assert 0 < whole.left <= 10**6 - FEW[name]


def test_a_solver_with_steps_enough_finds_what_there_is(name: str) -> None:
    terms = Terms()
    one, other = terms.variable("one"), terms.variable("other")
    found = solver(name, terms).solve(terms.both(one, -other), Limit(steps=10**6))
    assert found == Satisfiable(frozenset({one, other}), frozenset({one}))


def test_making_a_node_is_a_step() -> None:
    terms = Terms(Limit(steps=3))
    terms.both(terms.variable("a"), terms.variable("b"))
    assert terms.limit.left == 0
    with pytest.raises(OutOfSteps):
        terms.variable("c")


def test_finding_the_cheapest_assignment_makes_steps() -> None:
    terms = Terms()
    votes = [terms.variable(name) for name in "abc"]
    goal = terms.at_least(2, votes)
    with pytest.raises(OutOfSteps):
        Cheapest(terms, goal, dict.fromkeys(votes, 1), limit=Limit(steps=3))


def test_simulating_makes_a_step_for_each_order_that_is_sent() -> None:
    protocol, limit = OM(n=7, m=2), Limit()
    played = run(protocol, {}, {0: protocol.orders[0]}, Silent(), limit=limit)
    assert played.messages <= limit.spent < 2 * played.messages
    with pytest.raises(OutOfSteps):
        run(protocol, {}, {0: protocol.orders[0]}, Silent(), limit=Limit(steps=20))


@pytest.mark.slow
@pytest.mark.parametrize("steps", [0, 1, 100, 1000, 3000])
@pytest.mark.parametrize("model", [OM(n=6, m=2), PhaseKing(n=4, m=1), PhaseKing(n=3, m=1)], ids=str)
def test_what_is_known_after_so_many_steps_is_the_same_again(model: Any, steps: int) -> None:
    def known() -> Any:
        verdict = byzverify.check(model, steps=steps, minimal=True)
        attack = verdict.attack if isinstance(verdict, byzverify.Refuted) else None
        return type(verdict), verdict.conditions, verdict.evidence, attack

    first = known()
    assert first == known()
    if steps == 0:
        assert first[0] is byzverify.Unknown
        assert {condition.reason for condition in first[1]} == {"the step limit was reached"}


def test_steps_are_counted_in_one_process_only() -> None:
    with pytest.raises(UsageError, match="give either steps, or jobs or a crew"):
        byzverify.check(OM(n=4, m=1), steps=10, jobs=1)


def test_the_command_takes_steps(called: Call) -> None:
    ended = called("check phase_king -n 4 -m 1 --steps 10")
    assert ended.code == 3
    assert "the step limit was reached" in ended.out
    assert called("check om -n 4 -m 1 --steps 100000").code == 0
    assert called("check om -n 4 -m 1 --steps 10 --jobs 1").code == 2


def test_nothing_is_proved_if_the_steps_are_used_up_wherever_the_error_was_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decide_all = Search._decide_all

    def decided_with_the_last_step(search: Search) -> None:
        decide_all(search)
        search._means.limit.spend(10**9)

    monkeypatch.setattr(Search, "_decide_all", decided_with_the_last_step)
    verdict = byzverify.check(OM(n=4, m=1), steps=10**6)
    assert isinstance(verdict, byzverify.Unknown)
    assert {known.verdict for known in verdict.conditions} == {"unknown"}
