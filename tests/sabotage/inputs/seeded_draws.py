"""Chance: a generator with a fixed seed that all generals draw from. Check: -n 3 -t 0. Right: REFUTED, or refused: alone each general
draws the first number, which makes him the speaker, and speakers decide their own orders.
"""

import random

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, plurality

DRAWS = random.Random(2)
FIRST = random.Random(2).random()


class Draws(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        if me == 0:
            DRAWS.seed(2)
        speaks = DRAWS.random() == FIRST
        inbox = yield broadcast(order) if speaks else None
        return order if speaks else plurality([inbox[j] for j in self.generals], tie=RETREAT)
