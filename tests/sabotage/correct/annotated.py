"""Correct: annotations everywhere. Check: -n 3 -t 0. Right: PROVED."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from byzverify.language import (
    CONSENSUS,
    RETREAT,
    General,
    Inbox,
    Order,
    Problem,
    Program,
    Protocol,
    broadcast,
    majority,
)


class Annotated(Protocol):
    rounds: int = 1
    problem: ClassVar[Problem] = CONSENSUS
    label: ClassVar[str] = "vote"

    def heard(self, inbox: Inbox) -> Sequence[Order]:
        """What came."""
        return [inbox.get(j, self.label, default=RETREAT) for j in self.generals]

    def general(self, me: General, order: Order) -> Program:
        """The program."""
        for _ in range(self.rounds):
            inbox = yield broadcast(order, label=self.label)
            order = majority(self.heard(inbox))
        return order
