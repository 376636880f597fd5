"""Programs with phases for all sizes: what phases start with, what they return, and who runs which."""

from dataclasses import replace

import pytest

from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
    plurality,
)
from byzverify.models.museum.one_phase_short import OnePhaseShort
from byzverify.models.phase_king import PhaseKing
from byzverify.models.phase_queen import PhaseQueen
from byzverify.questions.proving import prove

FIRST = {"n": 4, "m": 1, "t": 1}
TIED = Order("TIED")


class Led(PhaseKing):
    """The commander sends; a phase moves no general who has heard nothing, as only a traitor can bring about."""

    problem = Protocol.problem

    def interchangeable(self) -> list[range]:
        return []

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        return (yield from self.phases(self.m + 1, self.stiff, me, inbox[COMMANDER]))

    def stiff(self, me: General, king: General, order: Order) -> Program:
        moved = yield from self.phase(me, king, order)
        return ite(order == ABSENT, ABSENT, moved)


class Twice(PhaseQueen):
    """The first queens can make all carry what nobody starts with, and a traitor divides those who carry this."""

    problem = replace(CONSENSUS, conditions=CONSENSUS.conditions[:1])

    @property
    def marks(self) -> tuple[Order, ...]:
        return (TIED,)

    def general(self, me: General, order: Order) -> Program:
        order = yield from self.phases(self.m + 1, self.tying, me, order)
        return (yield from self.phases(self.m + 1, self.dividing, me, order))

    def tying(self, me: General, queen: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        order = plurality(votes, tie=TIED)
        inbox = yield broadcast(order) if me == queen else None
        return ite(count(votes, order) >= self.n - self.m, order, inbox.get(queen, default=RETREAT))

    def dividing(self, me: General, queen: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        most = plurality(votes, tie=RETREAT)
        inbox = yield broadcast(most) if me == queen else None
        moved = ite(count(votes, most) >= self.n - self.m, most, inbox.get(queen, default=RETREAT))
        return ite(order == TIED, ite(count(votes, ATTACK) >= 1, ATTACK, TIED), ite(moved == TIED, RETREAT, moved))


class Unlike(PhaseKing):
    """The commander runs a phase more than the others."""

    problem = Protocol.problem

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        number = self.m + 1 if me == COMMANDER else self.m
        return (yield from self.phases(number, self.phase, me, inbox.get(COMMANDER, default=RETREAT)))


@pytest.mark.slow
def test_phases_start_with_whatever_a_faulty_commander_makes_generals_carry() -> None:
    verdict = prove(Led)
    assert {known.condition.name: known.smallest for known in verdict.conditions} == {"IC1": FIRST, "IC2": None}


def test_phases_run_once() -> None:
    assert "runs phases or relays along paths a second time" in (prove(Twice).reason or "")


def test_all_generals_run_the_same_number_of_phases() -> None:
    verdict = prove(Unlike)
    assert (verdict.verdict, "runs phases in a way that is not understood" in (verdict.reason or "")) == (
        "unknown",
        True,
    )


@pytest.mark.slow
def test_what_phases_keep_without_a_loyal_leader_is_proved_without_one() -> None:
    verdict = prove(OnePhaseShort)
    assert {known.condition.name: known.verdict for known in verdict.conditions} == {
        "Agreement": "refuted",
        "Validity": "proved",
    }
