"""Sketches: protocols with holes, of which it is known what fills them."""

from __future__ import annotations

from typing import Any

from byzverify.language import (
    ABSENT,
    ATTACK,
    BYZANTINE_GENERALS,
    COMMANDER,
    CONSENSUS,
    CRUSADER_AGREEMENT,
    FAULTY,
    RETREAT,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
)


class Crusade(Protocol):
    """Crusader agreement, with the number of reports that are enough as a hole; n-1-m is right."""

    m: int
    problem = CRUSADER_AGREEMENT

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        reports = [inbox[j] for j in self.lieutenants]
        decision = FAULTY
        for candidate in self.orders:
            decision = ite(count(reports, candidate) >= self.hole("enough", range(self.n)), candidate, decision)
        return decision


class Votes(Protocol):
    """The commander's order is sent, passed on, and voted about, with every number in the program as a hole or a
    parameter, so that there are many sketches. ties: what to do between the two thresholds.
    """

    m: int = 1
    shift: int = 0
    crusade: bool = False
    least: int = 0

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        return CRUSADER_AGREEMENT if self.crusade else BYZANTINE_GENERALS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER and self.hole("obeys", [False, True]):
            return order
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        reports = [inbox.get(j, default=RETREAT) for j in self.generals]
        high = self.hole("high", range(self.least, self.least + 3)) + self.shift
        return ite(count(reports, ATTACK) >= high, ATTACK, self.otherwise(reports))

    def otherwise(self, reports: list[Order]) -> Any:
        """What is decided if too few report ATTACK."""
        if self.hole("below", ["retreat", "faulty"]) == "retreat" or not self.crusade:
            return RETREAT
        return ite(count(reports, RETREAT) >= self.least + self.shift, RETREAT, FAULTY)


class King(Protocol):
    """The phase king of `models/phase_king.py` with its two thresholds as holes; n-m and m+1 are right."""

    m: int
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me: General, king: General, order: Order) -> Program:
        enough = self.hole("enough", range(1, self.n + 1))
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        proposal = ABSENT
        for candidate in self.orders:
            proposal = ite(count(votes, candidate) >= enough, candidate, proposal)

        inbox = yield broadcast(proposal)
        proposals = [inbox[sender] for sender in self.generals]
        for candidate in self.orders:
            order = ite(count(proposals, candidate) >= self.hole("some", range(1, self.n + 1)), candidate, order)

        inbox = yield broadcast(order) if me == king else None
        return ite(count(proposals, order) >= enough, order, inbox.get(king, default=RETREAT))
