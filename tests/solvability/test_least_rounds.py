"""The least number of rounds: a protocol is proved before long chains are searched, and is not lost if time ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from byzverify.engines.solvability import deciding
from byzverify.errors import Interrupted, OutOfTime, Stopped
from byzverify.limits import Limit
from byzverify.models.dolev_strong import DolevStrong
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.questions import pipeline, proposing, solving
from byzverify.questions.proposing import rounds_of
from byzverify.questions.simulating import simulate
from byzverify.questions.solving import solvable
from byzverify.questions.verdict import Proved
from byzverify.scenario.impossibility import Setting
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]


def stop_at(rounds: int, stop: Stopped, monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Let the search for a chain in so many rounds be ended. The numbers of rounds that are searched, as they come."""
    original, searched = deciding.decide, list[int | None]()

    def decide(settings: list[Setting], *others: object) -> Iterator[deciding.Decided]:
        searched.append(settings[0].rounds)
        if settings[0].rounds == rounds:
            raise stop
        return original(settings, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(deciding, "decide", decide)
    return searched


def test_a_protocol_is_proved_before_the_last_chain_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = stop_at(2, OutOfTime(), monkeypatch)
    found = solvable(7, 2)
    assert searched == [1, 2]
    assert (found.verdict, found.rounds, found.open, found.exit_code) == ("solvable", 3, (2,), 0)
    assert found.found is not None
    assert isinstance(found.found.checked, Proved)
    assert found.impossible is not None
    assert found.impossible.setting.rounds == 1


@pytest.mark.parametrize(("rounds", "still_open"), [(1, (1, 2, 3)), (2, (2, 3)), (3, (3,))])
def test_all_numbers_of_rounds_that_were_not_searched_are_open(
    rounds: int, still_open: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(rounds, OutOfTime(), monkeypatch)
    assert solvable(10, 3).open == still_open


@pytest.mark.parametrize(("stop", "code"), [(OutOfTime(), 0), (Interrupted(), 130)], ids=str)
def test_what_is_proved_is_printed_though_the_search_is_ended(
    stop: Stopped, code: int, byzverify: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(2, stop, monkeypatch)
    ended = byzverify("solvable -n 7 -t 2")
    assert ended.code == code
    first, *lines = ended.out.splitlines()
    assert first == "SOLVABLE broadcast among 7 generals, at most 2 traitors in 3 rounds"
    assert f"  open: whether 2 rounds would be enough ({stop})" in lines
    assert any(line.startswith("  proved by check") for line in lines)


def test_a_time_limit_that_passes_in_a_chain_leaves_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    original = deciding.decide

    def decide(settings: list[Setting], longest: int | None, limit: Limit, *others: object) -> object:
        limit.deadline = 0.0
        return original(settings, longest, limit, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(deciding, "decide", decide)
    found = solvable(7, 2, timeout=10**5)
    assert (found.verdict, found.open, found.reason) == ("solvable", (1, 2), "the time limit passed")


def test_a_check_that_does_not_end_at_first_is_made_again_after_the_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float | None] = []

    def check(*asked: object, timeout: float | None, **others: object) -> object:
        given.append(timeout)
        return pipeline.check(*asked, timeout=0 if len(given) == 1 else timeout, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(proposing, "check", check)
    found = solvable(7, 2, timeout=10**5)
    assert (found.verdict, found.rounds, found.open, found.reason) == ("solvable", 3, (), None)
    assert given[0] is not None
    assert given[0] <= 3 / 4 * 10**5 < (given[1] or 0)


def test_without_a_time_limit_the_first_check_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float | None] = []

    def check(*_: object, timeout: float | None, **others: object) -> object:
        given.append(timeout)
        raise OutOfTime

    monkeypatch.setattr(proposing, "check", check)
    assert solvable(7, 2).verdict == "unknown"
    assert given[0] is not None
    assert given[0] <= solving.FIRST


@pytest.mark.parametrize(
    ("n", "faults", "problem", "least"),
    [(7, 2, "crusader", 2), (4, 3, "broadcast", 3), (5, {"symmetric": 2}, "broadcast", 1), (4, 0, "graded", 1)],
)
def test_a_rule_with_fewer_rounds_than_are_known_to_be_enough_is_found(
    n: int, faults: int | dict[str, int], problem: str, least: int
) -> None:
    signed = faults == 3
    found = solvable(n, faults, problem=problem, signed=signed)
    assert (found.verdict, found.rounds, found.open) == ("solvable", least, ())


@pytest.mark.parametrize("model", [OM(n=4, m=1), OM(n=7, m=2), PhaseKing(n=5, m=1), DolevStrong(n=4, m=2)], ids=str)
def test_rounds_are_counted_as_a_whole_run_has_them(model: OM | PhaseKing | DolevStrong) -> None:
    assert rounds_of(model) == simulate(model, {}, ["ATTACK"]).run.rounds


def test_rounds_are_counted_without_a_whole_run() -> None:
    assert rounds_of(OM(n=25, m=8)) == 9
    assert solvable(16, 5, rounds=6).verdict == "solvable"
