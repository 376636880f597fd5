"""SM(m) in which a general may sign an order more than once, so that k signatures are not those of k generals.

`main.py` of SnyDrive25/dolev-strong (GitHub, commit b826567, lines 24-28) looks for the receiver's own number among the
signers, and for nothing else; `node.py` of bentechn/investment-p (GitHub, commit c611910, folder market_sim/agents,
lines 39-47) collects the signers in a set and does not ask how many it has. The proof of Theorem 2 in LSP 1982 finds a
loyal one among m lieutenants who signed, which takes m different ones.
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


class SignersRepeat(Protocol):
    """SM(m) on chains in which only the receiver's own signature is not allowed; m+1 rounds."""

    m: int
    claim = "none holds; believed to solve the problem for at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"SM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m

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
        """The paths of this length, from the commander on and without `me`."""
        paths: list[Path] = [(COMMANDER,)]
        for _ in range(length - 1):
            paths = [(*path, j) for path in paths for j in self.others(me)]
        return paths
