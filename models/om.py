"""OM(m), the oral-messages algorithm of Lamport, Shostak & Pease, "The Byzantine Generals Problem", TOPLAS 4(3), 1982.

The paper states OM(m) by recursion: the commander sends; then every lieutenant acts as the commander of OM(m-1) and
passes on what he got to those who were not involved yet; then each takes the majority. Seen from one lieutenant the
recursion is a tree. A *path* (0, 2, 5) names the order that general 5 says that general 2 told him that the commander
gave; round r delivers the paths of length r. In OM(0) a lieutenant uses what he was told.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, Tree, broadcast, majority


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

        # What came along each path, or RETREAT where nothing came.
        heard = Tree(self, me, roots=[COMMANDER], missing=RETREAT)
        heard.grow((yield None))

        # Step 2: with what he was told a lieutenant acts as the commander of OM(m-1), towards those not on the path.
        yield from heard.relaying(self.m)

        # Step 3: majority(v_1, ..., v_n-1): what he was told, and what he makes of each other lieutenant's OM(m-1).
        return heard.resolved(lambda told, values: majority([told, *values]), (COMMANDER,))
