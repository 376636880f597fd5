"""OM(m) without the language's tree: every path is relayed and resolved by the program itself, one by one, as the paper
has it. It is what `models/om.py` is held against.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast, majority

Path = tuple[General, ...]


class OM(Protocol):
    """Oral messages, m levels of relaying; (m+1) rounds."""

    m: int
    claim = "IC1 and IC2 for n > 3m and at most m traitors (LSP 1982, Theorem 1)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"OM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        # OM(m), step 1: the commander sends his order to every lieutenant.
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        inboxes = [(yield None)]

        def told(path: Path) -> Order:
            """The order that came along `path`, or RETREAT where none came."""
            return inboxes[len(path) - 1].get(path[-1], path, default=RETREAT)

        # Step 2: with what he was told a lieutenant acts as the commander of OM(m-1), towards those not on the path.
        for _ in range(self.m):
            relayed = [broadcast(told(path), label=(*path, me), without=path) for path in self.paths(len(inboxes), me)]
            inboxes.append((yield relayed))

        # Step 3: majority(v_1, ..., v_n-1): what he was told, and what he makes of each other lieutenant's OM(m-1).
        def value(path: Path) -> Order:
            if len(path) > self.m:
                return told(path)
            return majority([told(path), *(value((*path, j)) for j in self.others(me, *path))])

        return value((COMMANDER,))
