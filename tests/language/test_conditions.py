"""What tells one condition from another, and how often a problem is read."""

from dataclasses import replace

from byzverify.language import (
    CONSENSUS,
    HYBRID_CONSENSUS,
    IC1,
    IC2,
    VALIDITY,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    broadcast,
    same,
)


def test_conditions_are_told_apart_by_their_names_alone() -> None:
    again = replace(IC1, holds=lambda outcome, witnesses: IC1.holds(outcome, witnesses), needs_loyal=None)
    assert again == IC1
    assert {IC1: "as it was made first"}[again]
    assert IC1 != IC2
    assert replace(IC1, name="IC2") == IC2
    assert IC1 != "IC1"


def test_problems_with_conditions_of_the_same_names_are_not_the_same() -> None:
    assert HYBRID_CONSENSUS.name == CONSENSUS.name
    assert HYBRID_CONSENSUS.conditions == CONSENSUS.conditions
    assert HYBRID_CONSENSUS.conditions[1] is not VALIDITY
    assert HYBRID_CONSENSUS != CONSENSUS


made: list[Problem] = []


class MadeAnew(Protocol):
    """Each reading of its `problem` would make another."""

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        def agree(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
            return same(*(outcome.decisions[one] for one in witnesses))

        made.append(Problem("agreement", (Condition("Agree", "all decide the same", agree, 2),), has_commander=False))
        return made[-1]

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order


def test_a_problem_is_read_once_for_each_instance_and_handed_on_to_its_copies() -> None:
    made.clear()
    model = MadeAnew(n=3)
    (problem,) = made
    assert model.problem is model.problem is problem
    assert model.fresh().problem is model.seen_by(1).problem is model.listing([2, 1, 0]).problem is problem


def test_a_condition_that_another_instance_has_made_is_the_same_condition() -> None:
    one, other = MadeAnew(n=3).problem, MadeAnew(n=3).problem
    assert one.conditions[0] is not other.conditions[0]
    assert one.conditions == other.conditions
    assert one != other
