"""Type: in a run of more orders than are simulated. Check: -n 9 -t 0. Right: REFUTED, or refused: in a run everybody keeps his own
order.
"""

from byzverify.language import CONSENSUS, Order, Protocol, Tree, majority


class Large(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        for _ in range(4):
            tree.grow((yield tree.relays()))
        decided = [tree.resolved(lambda told, values: majority(values), (j,)) for j in self.generals]
        return order if type(order) is Order else majority(decided)
