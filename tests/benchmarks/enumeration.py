"""OM(m) of Lamport, Shostak & Pease (TOPLAS 1982) by brute force: everything that can happen, played one after another.

    python tests/benchmarks/enumeration.py N M

prints one line and exits with 0 if OM(M) among N generals is proved, 1 if it is refuted. It plays every choice of at
most M traitors, of the commander's order, and of what each traitor tells each loyal general about each path; the
largest sets of traitors first, since it stops at the first attack. A traitor who says nothing has said RETREAT.

This file knows the paper and nothing else. It imports nothing of byzverify and borrows none of its ideas.
"""

import argparse
import sys
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations, permutations, product

COMMANDER = 0
RETREAT, ATTACK = False, True

Path = tuple[int, ...]
"""Who passed an order on: (0, 2, 5) is what 5 says that 2 told him that the commander ordered."""


class Run:
    """One run: who the traitors are, what the commander orders, and what the traitors say along each path to whom."""

    def __init__(self, n: int, m: int, order: bool, said: Mapping[tuple[Path, int], bool]) -> None:
        self.n = n
        self.m = m
        self.order = order
        self.said = said

    def told(self, receiver: int, path: Path) -> bool:
        """What a loyal receiver is told along `path`: by a traitor what is chosen, by a loyal sender what he got."""
        if (path, receiver) in self.said:
            return self.said[path, receiver]
        return self.order if len(path) == 1 else self.told(path[-1], path[:-1])

    def value(self, lieutenant: int, path: Path = (COMMANDER,)) -> bool:
        """What a loyal lieutenant makes of an order: the majority of what he and each other one were told."""
        own = self.told(lieutenant, path)
        if len(path) > self.m:
            return own
        others = (j for j in range(1, self.n) if j != lieutenant and j not in path)
        votes = [own, *(self.value(lieutenant, (*path, j)) for j in others)]
        return 2 * sum(votes) > len(votes)


def lies(n: int, m: int, traitors: Collection[int]) -> list[tuple[Path, int]]:
    """Everything that the traitors can say: along which path, and to which loyal general."""
    found = []
    for length in range(m + 1):
        for relays in permutations(range(1, n), length):
            path = (COMMANDER, *relays)
            if path[-1] in traitors:
                found += [(path, j) for j in range(1, n) if j not in path and j not in traitors]
    return found


def casts(n: int, m: int) -> Iterator[tuple[int, ...]]:
    """Every set of at most m traitors, the largest first."""
    for size in range(m, -1, -1):
        yield from combinations(range(n), size)


def how_many_runs(n: int, m: int) -> int:
    """How many runs there are to play."""
    return sum(len(orders(traitors)) * 2 ** len(lies(n, m, traitors)) for traitors in casts(n, m))


def orders(traitors: Collection[int]) -> tuple[bool, ...]:
    """What the commander can start with; if he is a traitor he starts with nothing that matters."""
    return (RETREAT,) if COMMANDER in traitors else (RETREAT, ATTACK)


def broken(n: int, m: int, traitors: Collection[int]) -> bool:
    """Whether something that these traitors say breaks IC1 or IC2."""
    loyal = [j for j in range(1, n) if j not in traitors]
    places = lies(n, m, traitors)
    for order in orders(traitors):
        for words in product((RETREAT, ATTACK), repeat=len(places)):
            run = Run(n, m, order, dict(zip(places, words, strict=True)))
            decisions = {run.value(lieutenant) for lieutenant in loyal}
            if len(decisions) > 1 or (COMMANDER not in traitors and decisions - {order}):
                return True
    return False


def main() -> int:
    """Decide one size, say so in one line, and give the exit code."""
    parser = argparse.ArgumentParser(description="OM(m) by brute force.")
    parser.add_argument("n", type=int, help="how many generals there are")
    parser.add_argument("m", type=int, help="the depth of recursion, and the most traitors there may be")
    given = parser.parse_args()
    if not 0 <= given.m <= given.n - 2:
        parser.error("it takes 0 <= m <= n-2")
    refuted = any(broken(given.n, given.m, traitors) for traitors in casts(given.n, given.m))
    print(f"OM({given.m}) with n={given.n}: {'refuted' if refuted else 'proved'}")
    return int(refuted)


if __name__ == "__main__":
    sys.exit(main())
