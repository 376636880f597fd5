"""SM(m) in which an order may come late: with fewer signatures than rounds have gone by.

"Attempt 1" of I. Abraham & K. Nayak, "Dolev-Strong Authenticated Broadcast", decentralizedthoughts.github.io,
2019-12-22, who publish it as what fails, with the repair; `dolev_strong.py` of patilharsh03/investment_tech (GitHub,
commit 2217215, folder market_sim/consensus, lines 11-18) compares the number of signatures with nothing.
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


class LateChains(Protocol):
    """SM(m) that accepts chains of k signatures in round k and in all rounds after it; m+1 rounds."""

    m: int
    claim = "none holds; believed to solve the problem for at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"SM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m

    def short_paths(self, me: General, most: int) -> list[Path]:
        """The paths of at most this length."""
        return [path for length in range(1, most + 1) for path in self.paths(me, length)]

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
                found = [inbox.signed(v, path) for path in self.short_paths(me, k)]
                relayed += [sign(one, ~obeyed[v], without=(me, *one.signers)) for one in found]
                obeyed[v] |= any_of(one.came for one in found)

        choice = RETREAT
        for v in self.orders:
            choice = ite(obeyed[v] & (how_many(obeyed.values()) == 1), v, choice)
        return choice

    def paths(self, me: General, length: int) -> list[Path]:
        """The paths of this length, of different generals, along which an order can come to `me`."""
        paths: list[Path] = [(COMMANDER,)]
        for _ in range(length - 1):
            paths = [(*path, j) for path in paths for j in self.others(me, *path)]
        return paths
