"""Truths compared: in a run of more orders than are simulated. Check: -n 9 -t 0. Right: REFUTED, or refused: who finds his order equal
to his neighbour's keeps it.
"""

from byzverify.language import ATTACK, CONSENSUS, Protocol, Tree, ite, majority


class LargeTruths(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        for _ in range(4):
            tree.grow((yield tree.relays()))
        decided = [tree.resolved(lambda told, values: majority(values), (j,)) for j in self.generals]
        return ite((decided[1] == ATTACK) == (order == ATTACK), order, majority(decided))
