"""Self-stabilising counting stabilises in exactly as many rounds as published."""

import pytest

import byzverify
from byzverify import Proved, Refuted
from examples import counting
from examples.counting import TIMES, Counting

SIZES = [pytest.param(4, 3), pytest.param(6, 2, marks=pytest.mark.slow)]


@pytest.mark.slow
@pytest.mark.parametrize(("n", "states"), SIZES)
def test_so_many_rounds_are_enough(n: int, states: int) -> None:
    assert isinstance(byzverify.check(Counting(n=n, values=states, rounds=TIMES[n, states]), 1), Proved)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "states"), TIMES)
def test_one_round_less_is_not(n: int, states: int) -> None:
    verdict = byzverify.check(Counting(n=n, values=states, rounds=TIMES[n, states] - 1), 1, condition="Stabilises")
    assert isinstance(verdict, Refuted)


@pytest.mark.slow
@pytest.mark.parametrize("entry", [0, 40, 80])
def test_with_one_entry_changed_it_does_not_count(entry: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table = counting.CYCLIC
    changed = str((int(table[entry]) + 1) % 3)
    monkeypatch.setattr(counting, "CYCLIC", table[:entry] + changed + table[entry + 1 :])

    class Changed(Counting):
        """Found by no fresh interpreter, which would have the published table."""

    assert isinstance(byzverify.check(Changed(n=4, values=3), 1), Refuted)


def test_two_traitors_keep_four_generals_apart() -> None:
    assert isinstance(byzverify.check(Counting(n=4, values=3), 2, condition="Counts"), Refuted)


def test_nobody_has_a_table_for_other_sizes() -> None:
    with pytest.raises(byzverify.errors.UsageError, match="there are tables for -n 4 --values 3, -n 6 --values 2"):
        Counting(n=5)
