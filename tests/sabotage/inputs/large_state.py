"""State: in a run of more orders than are simulated. Check: -n 9 -t 0. Right: REFUTED, or refused: alone each general is the first in
the list and keeps his own order.
"""

from byzverify.language import CONSENSUS, Protocol, Tree, majority

PRESENT = []


class LargeState(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        PRESENT.append(self.n)
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        for _ in range(4):
            tree.grow((yield tree.relays()))
        decided = majority([tree.resolved(lambda told, values: majority(values), (j,)) for j in self.generals])
        return decided if len(PRESENT) >= self.n else order
