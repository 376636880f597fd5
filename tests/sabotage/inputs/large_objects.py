"""Generals as objects: in a run of more orders than are simulated. Check: -n 9 -t 1. Right: REFUTED, or refused: general 0 is another
than the rest, and as the traitor he splits those who obey him.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, Tree, count, ite, majority


class LargeObjects(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        for _ in range(4):
            tree.grow((yield tree.relays()))
        decided = [tree.resolved(lambda told, values: majority(values), (j,)) for j in self.generals]
        leader = min(self.generals, key=hash)
        direct = tree.told((leader,))
        clear = (count(decided, ATTACK) >= self.n - 1) | (count(decided, RETREAT) >= self.n - 1)
        return ite(clear, majority(decided), direct)
