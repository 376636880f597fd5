"""Truths compared: two dataclasses of truths with `==`. Check: -n 3 -t 0. Right: REFUTED, or refused: dataclasses compare field
by field and symbolic truths are never alike; with A, A, R general 2 sees two equal reports and keeps R.
"""

from dataclasses import dataclass
from typing import Any

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, ite, majority


@dataclass
class Report:
    attacks: Any


class Reports(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        one, other = (Report(inbox.get(j, default=RETREAT) == ATTACK) for j in self.others(me)[:2])
        return ite(one == other, order, majority(inbox.get(j, default=RETREAT) for j in self.generals))
