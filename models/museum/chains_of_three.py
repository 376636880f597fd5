"""SM(m) in which a chain of three signatures or more is never accepted.

`consensus.rs` of pysel/dolev-strong (GitHub, commit e24ae75, folder src/communication/message/types, lines 48 and 57)
takes the signers between the first and the last with a range that ends one too early, and then wants as many different
signers as there are signatures. Up to two signatures nothing is between, and that check is left out.
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


class ChainsOfThree(Protocol):
    """SM(m) for chains of one and two signatures; m+1 rounds."""

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
        """The paths of this length along which an order can come to `me`."""
        if length > 2:
            return []
        return [(COMMANDER,)] if length == 1 else [(COMMANDER, j) for j in self.others(me, COMMANDER)]
