"""Protocols whose last condition tells its witnesses apart: no scenario of them may stand for another."""

from dataclasses import replace

from byzverify.language import (
    ATTACK,
    CONSENSUS,
    RETREAT,
    Condition,
    General,
    Order,
    Outcome,
    Program,
    Protocol,
    Truth,
    any_of,
    broadcast,
    majority,
)


def in_rank(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    first, second = (outcome.decisions[general] for general in witnesses)
    return any_of([first == ATTACK, second == RETREAT])


RANK = Condition("Rank", "who comes later attacks only if who comes first does", in_rank, witnesses=2)


class Partial(Protocol):
    """Everyone votes once."""

    problem = replace(CONSENSUS, conditions=(*CONSENSUS.conditions, RANK))

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox.get(general, default=RETREAT) for general in self.generals])


class Stubborn(Partial):
    """Everyone votes once, and half of them do not listen."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return order if me in (0, 1) else inbox.get(0, default=RETREAT)
