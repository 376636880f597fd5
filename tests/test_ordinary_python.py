"""Ordinary Python that once made a proof wrong: one small protocol for each kind, at the instance where it falls."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import pytest

import byzverify
from byzverify.errors import ProtocolError
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    RETREAT,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Tree,
    Truth,
    all_of,
    broadcast,
    count,
    ite,
    majority,
    same,
)
from byzverify.language.faults import Fault


def agree(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return same(one, other)


class CachedBoard(Protocol):
    """The condition asks for the board before any general does; each general has a board that begins with himself."""

    problem = Problem(
        "board",
        (
            Condition(
                "Same",
                "all decide the same",
                agree,
                witnesses=2,
                needs_loyal=2,
                concerns=lambda view, loyal: view.board != (),
            ),
        ),
        has_commander=False,
    )

    @cached_property
    def board(self) -> tuple[General, ...]:
        return self.generals[:1]

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return inbox.get(self.board[0], default=RETREAT)


class FirstOfASet(Protocol):
    """Who passes the order on is the first member of a set."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        aide = next(iter(set(self.lieutenants)))
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT)) if me == aide else None
        return inbox.get(aide, default=RETREAT)


class EqualTruths(Protocol):
    """Keeps his order where two others say the same of ATTACK, else follows the majority."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        one, other = (inbox.get(j, default=RETREAT) == ATTACK for j in self.others(me)[:2])
        return ite(one == other, order, majority([inbox.get(j, default=RETREAT) for j in self.generals]))


class BuiltProblem(Protocol):
    """The problem is a property, which makes its conditions whenever it is asked."""

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        def close(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
            return agree(outcome, witnesses)

        return Problem("poll", (Condition("Close", "all count the same", close, witnesses=2),), has_commander=False)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK)


class TwoLabels(Protocol):
    """An order and a mark under two labels, or in one message: they must arrive together."""

    together: bool = False
    problem = Problem(
        "pairs",
        (Condition("Whole", "both arrive or neither", lambda outcome, w: outcome.decisions[w[0]], 1, needs_loyal=1),),
        has_commander=False,
    )

    def general(self, me: General, order: Order) -> Program:
        if self.together:
            inbox = yield broadcast({"order": order, "mark": order}, label="both")
            read = [inbox.message(j, "both", fields=("order", "mark")) for j in self.generals]
            pairs: list[tuple[Any, Any]] = [(one["order"], one["mark"]) for one in read]
        else:
            inbox = yield [broadcast(order, label="order"), broadcast(order, label="mark")]
            pairs = [(inbox[j, "order"], inbox[j, "mark"]) for j in self.generals]
        return all_of((one == ABSENT) == (other == ABSENT) for one, other in pairs)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "budget"),
    [
        (CachedBoard(n=7), 1),
        (FirstOfASet(n=10), 1),
        (EqualTruths(n=4), 0),
        (BuiltProblem(n=4), 1),
        (TwoLabels(n=2), {"crash": 1}),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_is_wrong_is_refuted(model: Protocol, budget: Any) -> None:
    assert isinstance(byzverify.check(model, budget), byzverify.Refuted)


def test_a_condition_none_of_whose_cases_was_decided_is_not_proved() -> None:
    verdict = byzverify.check(BuiltProblem(n=4), 1, timeout=0)
    assert isinstance(verdict, byzverify.Unknown)
    assert [known.verdict for known in verdict.conditions] == ["unknown"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(Fault))
def test_a_message_of_two_fields_arrives_whole_or_not_at_all(mode: str) -> None:
    assert isinstance(byzverify.check(TwoLabels(n=2, together=True), {mode: 1}), byzverify.Proved)


class Halves(Protocol):
    """Half of the votes, as a float."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return ite(0.5 * count(votes, RETREAT) >= 1, majority(votes), order)  # type: ignore[operator]


class Emptied(Protocol):
    """A tree's rule goes through an iterator, of which nothing is left for the next path."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        heard = Tree(self, me, roots=self.generals, own=order, closed=True)
        for _ in range(2):
            heard.grow((yield heard.relays()))
        return majority([heard.resolved(self.rule(order), (j,)) for j in self.generals])

    def rule(self, order: Order) -> Callable[[Order, Sequence[Order]], Order]:
        mine: Iterator[Order] = (order for _ in range(self.n))
        return lambda told, values: majority([*values, *mine])


def test_a_number_that_is_not_whole_is_refused_at_its_line() -> None:
    with pytest.raises(
        ProtocolError, match=r"test_ordinary_python\.py:\d+: general 0, after round 1: a count with 0\.5"
    ):
        byzverify.check(Halves(n=4), 0)


def test_a_rule_that_uses_something_up_is_never_taken_for_the_same_at_every_path() -> None:
    verdict = byzverify.check(Emptied(n=4), 1)
    assert isinstance(verdict, byzverify.Refuted)
    assert "an iterator" in (verdict.evidence.asymmetry or "")
