"""Correct: lru_cache on a helper of sizes. Check: -n 5 -t 1. Right: PROVED."""

from functools import cache

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite, same


@cache
def quorum(n, t):
    return n - t


def keeps(outcome, witnesses):
    one, other = (outcome.decisions[w] for w in witnesses)
    return same(one, other) | (one == RETREAT) | (other == RETREAT)


KEEPS = Condition("Consistent", "no two decide different orders other than RETREAT", keeps, witnesses=2, needs_loyal=2)


class Cached(Protocol):
    problem = Problem("consistency", (KEEPS,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return ite(count(votes, ATTACK) >= quorum(self.n, 1), ATTACK, RETREAT)
