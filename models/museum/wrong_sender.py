"""SM(m) in which the lieutenants wait for the signature of general 1, and the commander is general 0.

`dolev_strong.py` of dominguezz05/investment (GitHub, commit e9fe113, folder market_sim/consensus): the sender is
`nodes[0]` (line 36), and a message without signature 1 is left aside (line 26).
"""

from byzverify.language import (
    COMMANDER,
    FALSE,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Truth,
    any_of,
    how_many,
    ite,
    sign,
)

Path = tuple[General, ...]
AWAITED = 1


class WrongSender(Protocol):
    """SM(m) whose lieutenants look for another commander; m+1 rounds."""

    m: int
    claim = "none holds; believed to solve the problem for at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"SM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m

    def interchangeable(self) -> list[range]:
        return [range(AWAITED + 1, self.n)]

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield [sign(v, order == v, without=[me]) for v in self.orders]
            return order

        obeyed: dict[Order, Truth] = dict.fromkeys(self.orders, FALSE)
        relayed = None
        for k in range(1, self.m + 2):
            inbox = yield relayed
            relayed = []
            for v in self.orders:
                found = [inbox.signed(v, path) for path in self.paths(me, k)]
                relayed += [sign(one, ~obeyed[v], without=(me, *one.signers)) for one in found]
                obeyed[v] |= any_of(one.came for one in found)

        choice = RETREAT
        for v in self.orders:
            choice = ite(obeyed[v] & (how_many(obeyed.values()) == 1), v, choice)
        return choice

    def paths(self, me: General, length: int) -> list[Path]:
        """The paths of this length, of different generals, from general 1 on and without `me`."""
        paths: list[Path] = [(AWAITED,)] if me != AWAITED else []
        for _ in range(length - 1):
            paths = [(*path, j) for path in paths for j in self.others(me, *path)]
        return paths
