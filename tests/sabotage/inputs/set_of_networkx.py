"""Set order: networkx gives a set. Check: -n 9 --faults omission=2. Right: REFUTED, or refused: the scouts are the first and
the fourth of it, and both can be silent.
"""

import networkx as nx

from byzverify.language import ABSENT, Condition, Problem, Protocol, any_of, broadcast


def in_touch(generals):
    """All who can reach the first one, if each can reach each."""
    return list(nx.node_connected_component(nx.complete_graph(generals), generals[0]))


def scouted(outcome, witnesses):
    (one,) = witnesses
    net = in_touch(list(outcome.decisions[one]))
    return any_of(outcome.decisions[one][scout] != ABSENT for scout in (net[0], net[3]))


SCOUTED = Condition("Scouted", "everyone hears one of the scouts", scouted, witnesses=1)


class Scouts(Protocol):
    problem = Problem("reports", (SCOUTED,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return {j: inbox[j] for j in self.generals}
