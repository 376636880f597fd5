"""Type: a program that looks at what kind of inbox it has. Check: -n 3 -t 0. Right: REFUTED, or refused: in the simulator's it
keeps its own order. Orders A, A, R. Wilful.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Inspector(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        if "Symbolic" not in type(inbox).__name__ and "Fresh" not in type(inbox).__name__:
            return order
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
