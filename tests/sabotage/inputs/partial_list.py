"""State: a list inside a functools.partial. Check: -n 3 -t 0. Right: REFUTED, or refused: each general alone is the first
to call it, and obeys himself.
"""

from functools import partial

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


def _join(queue, one):
    queue.append(one)
    return queue[0]


class Queue(Protocol):
    problem = CONSENSUS
    join = staticmethod(partial(_join, []))

    def interchangeable(self):
        return []

    def general(self, me, order):
        head = self.join(me)
        inbox = yield broadcast(order)
        return inbox.get(head, default=RETREAT)
