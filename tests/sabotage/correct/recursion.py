"""Correct: OM(m) by recursion over paths. Check: -n 4 -m 1. Right: PROVED."""

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


class Recursive(Protocol):
    m: int = 1

    def general(self, me, order):
        inboxes = [(yield broadcast(order, label=(COMMANDER,)) if me == COMMANDER else None)]
        if me == COMMANDER:
            return order
        for length in range(1, self.m + 1):
            paths = self.paths(length, me)
            inbox = inboxes[-1]
            inboxes.append(
                (
                    yield [
                        broadcast(inbox.get(path[-1], path, default=RETREAT), label=(*path, me), without=path)
                        for path in paths
                    ]
                )
            )

        def value(path):
            told = inboxes[len(path) - 1].get(path[-1], path, default=RETREAT)
            if len(path) == self.m + 1:
                return told
            return majority([told, *(value((*path, j)) for j in self.others(me, *path))])

        return value((COMMANDER,))
