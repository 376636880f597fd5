"""Correct: decimals, with more places for a while, and random numbers from a seed. Check: -n 4 -t 0. Right: PROVED."""

import decimal
import random
from decimal import Decimal

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class Calculates(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        with decimal.localcontext() as context:
            context.prec = 50
            share = Decimal(self.n) * 2 / 3
        least = int(share.to_integral_value(decimal.ROUND_CEILING))
        return ite(count(votes, ATTACK) >= max(least, random.Random(7).randint(1, 2)), ATTACK, RETREAT)
