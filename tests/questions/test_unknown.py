"""Unknown is never Proved: whatever stops a check, no condition that was left undecided is called proved."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

import byzverify
from byzverify.errors import Interrupted, OutOfTime, ProtocolError, Stopped
from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast
from byzverify.limits import Limit
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.solvers.answers import Undecided
from byzverify.solvers.z3 import Z3


def gives_up(search: Z3, goal: int, limit: Limit) -> Undecided:
    return Undecided("z3 gave up: it is tired")


def runs_out_of_memory(search: Z3, goal: int, limit: Limit) -> Undecided:
    raise MemoryError


def runs_out_of_time(search: Z3, goal: int, limit: Limit) -> Undecided:
    raise OutOfTime


def is_interrupted(search: Z3, goal: int, limit: Limit) -> Undecided:
    raise Interrupted


STOPS = [
    (gives_up, "tired", 3),
    (runs_out_of_memory, "out of memory", 3),
    (runs_out_of_time, "time limit", 3),
    (is_interrupted, "interrupted", 130),
]


@pytest.mark.slow
@pytest.mark.parametrize(("solve", "reason", "exit_code"), STOPS)
def test_what_z3_did_not_decide_is_unknown(
    solve: Callable[..., Any], reason: str, exit_code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Z3, "solve", solve)
    verdict = byzverify.check(PhaseKing(n=4, m=1))
    assert isinstance(verdict, byzverify.Unknown)
    assert reason in verdict.reason
    assert verdict.exit_code == exit_code
    assert [known.verdict for known in verdict.conditions] == ["unknown", "unknown"]
    assert all(known.reason is not None and reason in known.reason for known in verdict.conditions)


@pytest.mark.slow
def test_one_undecided_case_leaves_its_condition_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    decide, calls = Z3.solve, []

    def gives_up_once(search: Z3, goal: int, limit: Limit) -> Any:
        calls.append(goal)
        return Undecided("z3 gave up: once") if len(calls) == 1 else decide(search, goal, limit)

    monkeypatch.setattr(Z3, "solve", gives_up_once)
    verdict = byzverify.check(PhaseKing(n=4, m=1))
    assert len(calls) > 2
    assert sorted(known.verdict for known in verdict.conditions) == ["proved", "unknown"]
    assert isinstance(verdict, byzverify.Unknown)


def test_an_attack_found_before_the_stop_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    decide, calls = Z3.solve, []

    def stops_later(search: Z3, goal: int, limit: Limit) -> Any:
        calls.append(goal)
        if len(calls) > 1:
            raise OutOfTime
        return decide(search, goal, limit)

    monkeypatch.setattr(Z3, "solve", stops_later)
    verdict = byzverify.check(PhaseKing(n=3, m=1))
    words = {known.condition.name: known.verdict for known in verdict.conditions}
    assert "proved" not in words.values()


@pytest.mark.parametrize("stop", [OutOfTime, Interrupted])
def test_what_is_not_compared_with_simulated_runs_is_not_proved(
    stop: type[Stopped], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: Any) -> None:
        raise stop

    monkeypatch.setattr("byzverify.crosscheck.sessions.Session.answer", stopped)
    verdict = byzverify.check(OM(n=4, m=1))
    assert isinstance(verdict, byzverify.Unknown)
    assert verdict.exit_code == stop.exit_code
    assert verdict.reason.startswith("not compared with the simulator: ")


def test_where_no_process_can_be_forked_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.crosscheck.guarding.FORKS", False)
    verdict = byzverify.check(OM(n=4, m=1))
    assert isinstance(verdict, byzverify.Unknown)
    assert "cannot fork" in verdict.reason


def killed(protocol: Protocol, *arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_comparison_whose_process_is_killed_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nobody(Protocol):
        """Found by no fresh interpreter, so that its process knows this file."""

        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order) if me == COMMANDER else None
            return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)

    monkeypatch.setattr("byzverify.crosscheck.guarding.examine", killed)
    verdict = byzverify.check(Nobody(n=4), 0)
    assert isinstance(verdict, byzverify.Unknown)
    assert "ended from outside" in verdict.reason


@pytest.mark.parametrize("timeout", [0, 0.0])
def test_a_time_limit_of_nothing_leaves_everything_unknown(timeout: float) -> None:
    verdict = byzverify.check(OM(n=7, m=2), timeout=timeout)
    assert isinstance(verdict, byzverify.Unknown)
    assert {known.verdict for known in verdict.conditions} == {"unknown"}


@pytest.mark.parametrize("arguments", [("om", 1), (OM, 1), (OM(n=4, m=1), "1"), (OM(n=4, m=1), True)])
def test_what_cannot_be_checked_is_refused(arguments: tuple[Any, Any]) -> None:
    with pytest.raises(byzverify.errors.UsageError):
        byzverify.check(*arguments)


@pytest.mark.parametrize("timeout", [-1, float("inf"), float("nan"), "soon"])
def test_a_time_limit_is_a_number_of_seconds(timeout: Any) -> None:
    with pytest.raises(byzverify.errors.UsageError, match="number of seconds"):
        byzverify.check(OM(n=4, m=1), timeout=timeout)


@pytest.mark.parametrize(("said", "lost"), [("error return without exception set", True), ("something else", False)])
def test_a_memory_error_that_python_loses_in_a_generator_is_no_fault_of_the_author(said: str, lost: bool) -> None:
    class Exhausted(Protocol):
        def general(self, me: General, order: Order) -> Program:
            yield None
            raise SystemError(said)

    if lost:
        verdict = byzverify.check(Exhausted(n=3), 1)
        assert isinstance(verdict, byzverify.Unknown)
        assert verdict.reason == "out of memory"
    else:
        with pytest.raises(ProtocolError, match=said):
            byzverify.check(Exhausted(n=3), 1)
