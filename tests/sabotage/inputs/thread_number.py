"""Chance: the number of the thread that loads the model decides ties. Check: -n 4 -t 0. Right: refused: it is another in
each process. (The parity alone would be the same in all seven processes once in 64 checks, and then pass.)
"""

import threading

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, plurality

NUMBER = threading.get_ident() // 4096


class Vote(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return plurality([inbox.get(j, default=RETREAT) for j in self.generals], (RETREAT, ATTACK)[NUMBER % 2])
