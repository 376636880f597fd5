"""Asking about some conditions alone: what is answered, and which attack is found."""

from pathlib import Path

import pytest

import byzverify as package
from byzverify import Proved, Refuted
from byzverify.errors import UsageError
from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast
from byzverify.models.gradecast import Gradecast
from byzverify.models.om import OM
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

WEAK = Gradecast(n=3, m=1)
"""Its Validity holds, its Closeness and its Consistency do not."""


@pytest.mark.slow
@pytest.mark.parametrize("minimal", [False, True])
@pytest.mark.parametrize("name", ["Closeness", "Consistency"])
def test_the_attack_is_on_the_condition_that_is_asked_about(name: str, minimal: bool) -> None:
    verdict = package.check(WEAK, condition=name, minimal=minimal)
    assert isinstance(verdict, Refuted)
    assert [known.condition.name for known in verdict.conditions] == [name]
    assert verdict.attack.condition == name
    assert verdict.replay.explained[0].condition.name == name


def test_workers_are_asked_about_the_same_condition() -> None:
    verdict = package.check(WEAK, condition="Consistency", jobs=1)
    assert isinstance(verdict, Refuted)
    assert verdict.attack.condition == "Consistency"


def test_one_condition_is_proved_though_others_fail() -> None:
    assert isinstance(package.check(WEAK), Refuted)
    verdict = package.check(WEAK, condition="Validity")
    assert isinstance(verdict, Proved)
    assert [known.condition.name for known in verdict.conditions] == ["Validity"]


def test_several_are_answered_in_the_order_of_the_problem() -> None:
    verdict = package.check(WEAK, condition=["Consistency", "Validity"])
    assert [(c.condition.name, c.verdict) for c in verdict.conditions] == [
        ("Validity", "proved"),
        ("Consistency", "refuted"),
    ]


def test_the_command_line_says_what_is_not_asked_about(byzverify: Call) -> None:
    code, out, _ = byzverify("check gradecast -n 3 -m 1 --condition Validity --condition Closeness")
    assert code == 1
    assert "  not asked about: Consistency\n" in out
    assert "not asked about" not in byzverify("check gradecast -n 3 -m 1").out


EITHER = """
from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, all_of, broadcast


def never(order):
    return lambda outcome, witnesses: all_of([outcome.decisions[witnesses[0]] != order])


class Either(Protocol):
    problem = Problem(
        "either",
        (
            Condition("NoAttack", "nobody attacks", never(ATTACK), witnesses=1),
            Condition("NoRetreat", "nobody retreats", never(RETREAT), witnesses=1),
        ),
        has_commander=True,
    )

    def general(self, me, order):
        inbox = yield broadcast(order) if me == 0 else None
        return inbox.get(0, default=RETREAT)
"""
"""One lieutenant does what he is told: no run breaks both conditions."""


def test_of_a_condition_that_fails_in_another_attack_it_is_said_how_to_see_it(byzverify: Call, tmp_path: Path) -> None:
    (tmp_path / "either.py").write_text(EITHER)
    question = f"check {tmp_path / 'either.py'} -n 2 -t 0"
    how = "NoRetreat fails in another attack, which is not shown; ask for it with --condition NoRetreat"
    assert how in byzverify(question).out
    shown = byzverify(f"{question} --condition NoRetreat").out
    assert "NoRetreat FAILS" in shown
    assert "another attack" not in shown


def test_a_name_of_no_condition_is_refused_and_so_is_a_certificate_for_some_conditions() -> None:
    with pytest.raises(UsageError, match=r"'IC3' is not a condition of this model; there are IC1, IC2"):
        package.check(OM(n=4, m=1), condition="IC3")
    with pytest.raises(UsageError, match=r"there are IC1, IC2; did you mean 'IC1'\?"):
        package.check(OM(n=4, m=1), condition="ic1")
    with pytest.raises(UsageError, match="a certificate is for all conditions"):
        package.check(OM(n=4, m=1), condition="IC1", certificate="somewhere")


class Stubborn(Protocol):
    """Everyone decides what he starts with, whatever the others say."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order


@pytest.mark.slow
@pytest.mark.parametrize("minimal", [False, True])
def test_a_protocol_that_fails_by_itself_is_shown_failing_without_a_traitor(minimal: bool) -> None:
    verdict = package.check(Stubborn(n=4), 1, minimal=minimal)
    assert isinstance(verdict, Refuted)
    assert verdict.attack.condition == "Agreement"
    assert verdict.attack.traitors == {}
