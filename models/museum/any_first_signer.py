"""SM(m) in which k different generals must have signed, and nobody asks whether the first of them was the commander.

`node.erl` of abhavk/dolev-strong (GitHub, commit d1ef34e, lines 102-113) counts how many different senders a message
names. LSP 1982, section 4, writes v:0:j_1:...:j_k, with the commander's 0 in front.
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


class AnyFirstSigner(Protocol):
    """SM(m) that obeys orders of lieutenants; m+1 rounds."""

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
        """The paths of this length, of different generals and without `me`."""
        paths: list[Path] = [(j,) for j in self.others(me)]
        for _ in range(length - 1):
            paths = [(*path, j) for path in paths for j in self.others(me, *path)]
        return paths
