"""Gathers and asks for validity only. With m=0 it relays in no round, and there is nothing to resolve."""

from byzverify.language import *


def own(outcome, witnesses):
    vector = outcome.decisions[witnesses[0]]
    return all_of(vector[j] == outcome.orders[j] for j in outcome.loyal)


class Eig(Protocol):
    m: int
    problem = Problem("v", (Condition("V", "validity", own, witnesses=1, needs_loyal=2),), has_commander=False)

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m + 1 and self.m >= 0

    def general(self, me, order):
        heard = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from heard.relaying(self.m)
        return {j: heard.resolved(self.vote, (j,)) for j in self.generals}

    def vote(self, told, values):
        return majority(values)
