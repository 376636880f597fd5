"""Exponential information gathering without the language's tree. It is what `models/eig.py` is held against."""

from itertools import permutations

from byzverify.language import (
    INTERACTIVE_CONSISTENCY,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    majority,
)

Path = tuple[General, ...]


class EIG(Protocol):
    """A vector of orders in m+1 rounds."""

    m: int
    problem = INTERACTIVE_CONSISTENCY
    claim = "Agreement and Validity for n > 3m and at most m traitors (Pease, Shostak & Lamport 1980)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"EIG needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        # Round r: everyone broadcasts all that he has heard along paths of length r-1 on which he is not.
        known: dict[Path, Order] = {(): order}
        for length in range(self.m + 1):
            inbox = yield [broadcast(known[path], (*path, me)) for path in permutations(self.others(me), length)]
            for path in permutations(self.generals, length + 1):
                known[path] = inbox.get(path[-1], path, default=RETREAT)

        # Then each resolves his tree.
        def resolved(path: Path) -> Order:
            if len(path) > self.m:
                return known[path]
            return majority([resolved((*path, j)) for j in self.others(*path)])

        return {j: resolved((j,)) for j in self.generals}
