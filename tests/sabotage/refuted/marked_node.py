"""An attribute of the graph that networkx keeps: the first general marks his way. Check: -n 4 -t 0 --graph cycle:4.

Right: PROVED, or refused: each general alone finds no mark, and retreats.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


def careful(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == RETREAT


class Marked(Protocol):
    problem = Problem("care", (Condition("Care", "nobody attacks", careful, witnesses=1),), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        nodes = self.network.nodes
        inbox = yield broadcast(order)
        torn = count([inbox[j] for j in self.neighbours(me)], ATTACK) >= 1
        marked = "mark" in nodes[0]
        nodes[0]["mark"] = me
        return ite(torn, ATTACK if marked else RETREAT, RETREAT)
