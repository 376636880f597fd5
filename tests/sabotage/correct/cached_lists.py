"""Correct: lists of cached functions and of a cached property, never changed. Check: -n 4 -t 0. Right: PROVED."""

from functools import cache, cached_property, lru_cache

from byzverify.language import CONSENSUS, RETREAT, Problem, Protocol, broadcast, majority


@cache
def others(n, me):
    return [other for other in range(n) if other != me]


@lru_cache(maxsize=64)
def halves(n, *, upper=False):
    return {"upper": list(range(n // 2, n))} if upper else {"lower": list(range(n // 2))}


class Sizes:
    @cached_property
    def allowed(self):
        return [3, 4, 5]


SIZES = Sizes()


class Cached(Protocol):
    problem = Problem("validity", (CONSENSUS.conditions[-1],), has_commander=False)

    def general(self, me, order):
        assert self.n in SIZES.allowed
        inbox = yield broadcast(order)
        listed = halves(self.n)["lower"] + halves(self.n, upper=True)["upper"]
        assert len(listed) == len(others(self.n, 0)) + 1
        return majority([inbox.get(j, default=RETREAT) for j in listed])
