"""OM(m) of Lamport, Shostak & Pease (TOPLAS 1982) written for z3 by hand: what byzverify is measured against.

    python tests/benchmarks/handwritten.py N M

prints one line and exits with 0 if OM(M) among N generals is proved, 1 if it is refuted, 3 if z3 gives up. It
is what somebody who knows the paper and z3's Python interface would write, for this protocol and no other;
nothing in it is slow on purpose. It asks what `byzverify check om -n N -m M` asks, of the same traitors: the
last M lieutenants, or the commander, who is general 0, and the last M-1. Lieutenants 1 and 2 stand for all
loyal ones. Like the command it asks for one decision before it compares two, and stops at the first attack.

This file knows the paper and z3. It must not know byzverify: it imports nothing of it and borrows none of its
ideas.
"""

import argparse
import sys
import time
from collections.abc import Set

import z3

COMMANDER = 0
GAVE_UP = 3

Path = tuple[int, ...]
"""Who passed an order on: (0, 2, 5) is what 5 says that 2 told him that the commander ordered."""


class OralMessages:
    """One run of OM(m) with these traitors. A Boolean is an order: true is ATTACK, false is RETREAT."""

    def __init__(self, n: int, m: int, traitors: Set[int]) -> None:
        self.n = n
        self.m = m
        self.traitors = traitors
        self.order: z3.BoolRef = z3.Bool("order")
        self.relayed: dict[tuple[int, Path], z3.BoolRef] = {}

    def decision(self, lieutenant: int) -> z3.BoolRef:
        """What a loyal lieutenant decides."""
        return self.value(lieutenant, (COMMANDER,))

    def value(self, lieutenant: int, path: Path) -> z3.BoolRef:
        """What a loyal lieutenant makes of an order: the majority of what he and each other one were told."""
        own = self.told(lieutenant, path)
        if len(path) > self.m:
            return own
        others = (j for j in range(1, self.n) if j != lieutenant and j not in path)
        return majority([own, *(self.value(lieutenant, (*path, j)) for j in others)])

    def told(self, receiver: int, path: Path) -> z3.BoolRef:
        """What a loyal receiver is told along `path`: by a traitor anything, by a loyal sender what he got."""
        sender = path[-1]
        if sender in self.traitors:
            return z3.Bool(f"{path} to {receiver}")
        return self.order if sender == COMMANDER else self.relay(sender, path[:-1])

    def relay(self, sender: int, path: Path) -> z3.BoolRef:
        """What a loyal sender tells everybody that he got along `path`: made once, for all who hear it."""
        if (sender, path) not in self.relayed:
            self.relayed[sender, path] = self.told(sender, path)
        return self.relayed[sender, path]


def majority(orders: list[z3.BoolRef]) -> z3.BoolRef:
    """ATTACK if more than half of the orders are; a tie is RETREAT."""
    return z3.AtLeast(*orders, len(orders) // 2 + 1)


def loyal_commander_fails(n: int, m: int) -> bool:
    """Whether the last m lieutenants, as traitors, break IC2 (obey a loyal commander) or IC1 (obey alike)."""
    run = OralMessages(n, m, set(range(n - m, n)))
    first = run.decision(1)
    return possible(first != run.order) or possible(first != run.decision(2))


def disloyal_commander_fails(n: int, m: int) -> bool:
    """Whether the commander and the last m-1 lieutenants, as traitors, break IC1 (obey alike)."""
    run = OralMessages(n, m, {COMMANDER, *range(n - m + 1, n)})
    return possible(run.decision(1) != run.decision(2))


def possible(violation: z3.BoolRef) -> bool:
    """Whether z3 finds what the traitors must say to make the violation true."""
    solver = z3.Solver()
    solver.add(violation)
    answer = solver.check()
    if answer == z3.unknown:
        print(f"unknown: {solver.reason_unknown()}")
        sys.exit(GAVE_UP)
    return bool(answer == z3.sat)


def size() -> tuple[int, int]:
    """The n and m of the command line."""
    parser = argparse.ArgumentParser(description="OM(m) in z3, by hand.")
    parser.add_argument("n", type=int, help="how many generals there are")
    parser.add_argument("m", type=int, help="the depth of recursion, and how many traitors there are")
    given = parser.parse_args()
    if not 0 <= given.m <= given.n - 3:
        parser.error("it takes 0 <= m <= n-3: a commander, two loyal lieutenants and the traitors")
    return given.n, given.m


def main() -> int:
    """Decide one size, say so in one line, and give the exit code."""
    n, m = size()
    start = time.monotonic()
    refuted = loyal_commander_fails(n, m) or (m > 0 and disloyal_commander_fails(n, m))
    print(f"OM({m}) with n={n}: {'refuted' if refuted else 'proved'}, {time.monotonic() - start:.2f} s")
    return int(refuted)


if __name__ == "__main__":
    sys.exit(main())
