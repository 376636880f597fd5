"""A tree that is changed after it was sent: a general forgets his wish when he has told it. Check: -n 3 -t 0.

Right: PROVED, or refused: whoever sends a letter cannot change it, so all count the same wishes. In one process some
letters are written after that.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, Tree, count, same


def alike(outcome, witnesses):
    one, other = witnesses
    return same(outcome.decisions[one], outcome.decisions[other])


class Wishes(Protocol):
    problem = Problem("wishes", (Condition("Alike", "all count the same", alike, witnesses=2),), has_commander=False)

    def general(self, me, order):
        wishes = Tree(self, me, roots=self.generals, own=order)
        wishes.grow((yield wishes.relays()))
        wishes.own = RETREAT
        return count([order, *(wishes.told((j,)) for j in self.others(me))], ATTACK)
