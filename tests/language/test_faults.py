"""Fault modes and budgets: what can be asked for, and what is refused."""

import pytest

import byzverify
from byzverify.errors import UsageError
from byzverify.language.faults import Fault, budget_of, faults_of, lies, read_budget
from byzverify.models.om import OM
from byzverify.models.omh import OMH


def test_a_number_is_a_number_of_byzantine_generals() -> None:
    assert budget_of(2) == {Fault.BYZANTINE: 2}
    assert budget_of(0) == {}
    assert faults_of([3, 1]) == {1: Fault.BYZANTINE, 3: Fault.BYZANTINE}


def test_a_budget_is_read_in_the_order_of_the_modes() -> None:
    assert list(read_budget("manifest=2, byzantine=1, crash=0").items()) == [(Fault.BYZANTINE, 1), (Fault.MANIFEST, 2)]


@pytest.mark.parametrize("text", ["", "byzantine", "byzantine=", "byzantine=-x", "crash:1"])
def test_a_text_that_says_no_numbers_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="byzantine=1,manifest=1"):
        read_budget(text)


@pytest.mark.parametrize(("text", "says"), [("crash=-1", "cannot be negative: crash=-1"), ("crash=1,crash=2", "twice")])
def test_what_is_wrong_with_a_number_of_faults_is_said(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_budget(text)


def test_an_unknown_mode_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="no fault mode is called 'lazy'; there are byzantine, symmetric, omission"):
        read_budget("lazy=1")


def test_more_failures_than_generals_are_refused() -> None:
    with pytest.raises(UsageError, match="there can be 0 to 4 traitors among 4 generals, not 5"):
        byzverify.check(OM(n=4, m=1), {"byzantine": 3, "crash": 2})


def test_only_those_lie_who_make_things_up() -> None:
    assert [mode for mode in Fault if lies(mode)] == [Fault.BYZANTINE, Fault.SYMMETRIC]
    assert not lies(None)


def test_a_mode_that_a_claim_does_not_name_counts_as_byzantine() -> None:
    assert OM(n=4, m=1).claims(budget_of({"omission": 1}))
    assert not OM(n=4, m=1).claims(budget_of({"omission": 1, "crash": 1}))
    assert OMH(n=5, m=1).claims(budget_of({"byzantine": 1, "manifest": 1}))
    assert not OMH(n=4, m=1).claims(budget_of({"byzantine": 1, "manifest": 1}))


@pytest.mark.slow
@pytest.mark.parametrize("mode", [mode for mode in Fault if mode is not Fault.BYZANTINE])
@pytest.mark.parametrize(("n", "m"), [(4, 1), (5, 1)])
def test_what_holds_against_byzantine_generals_holds_against_milder_ones(mode: Fault, n: int, m: int) -> None:
    assert isinstance(byzverify.check(OM(n=n, m=m), 1), byzverify.Proved)
    assert isinstance(byzverify.check(OM(n=n, m=m), {mode: 1}), byzverify.Proved)
