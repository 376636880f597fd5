"""Correct: a decision that is a named tuple, of which the condition takes fields. Check: -n 4 -t 1. Right: PROVED."""

from typing import NamedTuple

from byzverify.language import ATTACK, RETREAT, Condition, Order, Problem, Protocol, Truth, broadcast, count, ite


class Tally(NamedTuple):
    """Who has more votes, and whether all but one at most say so."""

    leader: Order
    clear: Truth


def clear_tallies_agree(outcome, witnesses):
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return ~one.clear | ~other.clear | (one.leader == other.leader)


CLEAR = Condition("Clear", "no two clear tallies differ", clear_tallies_agree, witnesses=2, needs_loyal=2)


class Named(Protocol):
    problem = Problem("tally", (CLEAR,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        attacking, retreating = count(votes, ATTACK), count(votes, RETREAT)
        most = self.n - 1
        return Tally(ite(attacking > retreating, ATTACK, RETREAT), (attacking >= most) | (retreating >= most))
