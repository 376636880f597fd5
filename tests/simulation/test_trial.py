"""A trial is what it says: it is played so, and printed so that it can be pasted."""

from typing import Any

import pytest

from byzverify.errors import UsageError
from byzverify.language.messages import EVERYONE, Chain
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.questions.simulating import simulate
from byzverify.simulation.trial import Trial

CHARGE = "'CHARGE' is not an order; there are RETREAT, ATTACK"
ATTACKED = Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "RETREAT", (2, 3, 2, (0, 3)): "ABSENT"})


def test_a_trial_is_played_as_it_is_written() -> None:
    run = ATTACKED.simulate()
    assert [(lie.round, lie.sender, lie.receiver, lie.honest.name, lie.said.name) for lie in run.lies] == [
        (2, 3, 1, "ATTACK", "RETREAT"),
        (2, 3, 2, "ATTACK", "ABSENT"),
    ]
    assert run.faults == {3: "byzantine"}
    assert {general: order.name for general, order in run.orders.items()} == {0: "ATTACK"}


def test_who_has_crashed_says_nothing_afterwards() -> None:
    starts = dict.fromkeys(range(4), "ATTACK")
    run = Trial(PhaseKing(n=4, m=1), {0: "crash"}, starts, {(1, 0, 2, ()): "ABSENT"}, {0: 1}).simulate()
    assert {lie.round for lie in run.lies} >= {1, 2}
    assert [lie.receiver for lie in run.lies if lie.round == 1] == [2]
    assert run.bent == []


@pytest.mark.parametrize(
    ("trial", "printed"),
    [
        (
            ATTACKED,
            "Trial(OM(n=4, m=1), {3}, {0: 'ATTACK'}, {(2, 3, 1, (0, 3)): 'RETREAT', (2, 3, 2, (0, 3)): 'ABSENT'})",
        ),
        (Trial(OM(n=3, values=3, m=1), {}, {0: "ORDER2"}), "Trial(OM(n=3, values=3, m=1), {}, {0: 'ORDER2'})"),
        (
            Trial(SM(n=3, m=1), {0}, {0: "ATTACK"}, {(1, 0, EVERYONE, Chain("ATTACK", (0,))): "ABSENT"}),
            "Trial(SM(n=3, m=1), {0}, {0: 'ATTACK'}, {(1, 0, -1, Chain(order='ATTACK', signers=(0,))): 'ABSENT'})",
        ),
        (
            Trial(OM(n=3, m=1), {2: "crash"}, {0: "ATTACK"}, crashed={2: 1}),
            "Trial(OM(n=3, m=1), {2: 'crash'}, {0: 'ATTACK'}, crashed={2: 1})",
        ),
    ],
)
def test_what_is_printed_can_be_pasted(trial: Trial, printed: str) -> None:
    assert repr(trial) == printed
    pasted = eval(printed, {"Trial": Trial, "OM": OM, "SM": SM, "Chain": Chain})
    assert pasted.simulate() == trial.simulate()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (({4}, {0: "ATTACK"}), "there is no general 4; there are 0 to 3"),
        (({3}, {1: "ATTACK"}), "general 1 starts with no order; these do: 0"),
        (({3}, {0: "CHARGE"}), CHARGE),
        (({3}, {0: "ABSENT"}), "'ABSENT' is not an order; there are RETREAT, ATTACK"),
        (({3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "CHARGE"}), f"{CHARGE}, ABSENT"),
        (({3}, {0: "ATTACK"}, {(2, 3, 9, (0, 3)): "ATTACK"}), "there is no general 9; there are 0 to 3"),
        (({3}, {0: "ATTACK"}, {(2, 2, 1, (0, 2)): "ATTACK"}), "general 2 lies or crashes, but is loyal"),
        (({3}, {0: "ATTACK"}, {}, {1: 1}), "general 1 lies or crashes, but is loyal"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(given: tuple[Any, ...], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        Trial(OM(n=4, m=1), *given).demand_sense()
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([0, 3], ["ATTACK"], {}), "a trial takes orders as a mapping, such as {0: 'ATTACK'}, not ['ATTACK']"),
        (({3}, "ATTACK"), "a trial takes orders as a mapping"),
        (({3}, {0: 1}), "an order is given by its name, such as 'ATTACK', not as 1"),
        (({3}, {"0": "ATTACK"}), "a general is named by his number, such as 3, not by '0'"),
        ((3, {0: "ATTACK"}), "faulty generals are named by their numbers"),
        (("3", {0: "ATTACK"}), "faulty generals are named by their numbers"),
        ((None, {0: "ATTACK"}), "faulty generals are named by their numbers"),
        (({"3"}, {0: "ATTACK"}), "faulty generals are named by their numbers"),
        (({3: "lazy"}, {0: "ATTACK"}), "no fault mode is called 'lazy'"),
        (({3}, {0: "ATTACK"}, ["ATTACK"]), "a trial takes said as a mapping"),
        (({3}, {0: "ATTACK"}, {3: "ATTACK"}), "a site is (round, sender, receiver, label)"),
        (({3}, {0: "ATTACK"}, {(2, 3, 1): "ATTACK"}), "a site is (round, sender, receiver, label)"),
        (({3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): 1}), "an order is given by its name"),
        (({3}, {0: "ATTACK"}, {}, [3]), "a trial takes crashed as a mapping, such as {3: 2}, not [3]"),
        (({3}, {0: "ATTACK"}, {}, {3: "2"}), "a round is a number, 1 or more, not '2'"),
    ],
)
def test_what_is_no_trial_is_refused_when_it_is_made(given: tuple[Any, ...], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        Trial(OM(n=4, m=1), *given)
    assert str(refused.value).startswith(said)


def test_a_class_is_no_instance() -> None:
    protocol: Any = OM
    with pytest.raises(UsageError, match="a trial is of an instance of a protocol"):
        Trial(protocol, {3}, {0: "ATTACK"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((OM, [0], ["ATTACK"]), "give an instance of a protocol"),
        ((OM(n=4, m=1), 0, ["ATTACK"]), "faulty generals are named by their numbers"),
        (
            (OM(n=4, m=1), [0], "ATTACK"),
            "orders are given as a list of their names, such as ['ATTACK'], not as 'ATTACK'",
        ),
        ((OM(n=4, m=1), [0], None), "orders are given as a list of their names"),
        ((OM(n=4, m=1), [0], [1]), "1 is not an order; there are RETREAT, ATTACK"),
        ((OM(n=4, m=1), [4], ["ATTACK"]), "traitors must be among the generals 0 to 3"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_one_line(given: Any, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        simulate(*given)
    assert str(refused.value).startswith(said)


def test_a_trial_that_makes_sense_is_not_refused() -> None:
    ATTACKED.demand_sense()
    Trial(OM(n=4, m=1), {3: "symmetric"}, {}, {(2, 3, EVERYONE, (0, 3)): "ATTACK"}).demand_sense()


def test_the_trial_of_a_run_tells_the_same_lies() -> None:
    run = simulate(OM(n=7, m=2), {0, 6}, ["ATTACK"], "random", 3).run
    assert Trial.of(run).simulate().lies == run.lies
