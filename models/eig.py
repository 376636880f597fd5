"""Interactive consistency by exponential information gathering: Pease, Shostak & Lamport, "Reaching Agreement in the
Presence of Faults", JACM 27(2), 1980; as the algorithm EIGByz in Lynch, "Distributed Algorithms", 1996, section 6.3.2.

Every general starts with an order, and all are to agree on the vector of all orders. A *path* (2, 5) names the order
that general 5 says that general 2 says that he started with; round r delivers the paths of length r, of which there is
one for each arrangement of r generals. Each general holds all paths as a tree and resolves it from the leaves up, by
strict majority among the children.
"""

from byzverify.language import (
    INTERACTIVE_CONSISTENCY,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Tree,
    majority,
)


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
        heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)
        yield from heard.relaying(self.m + 1)

        # Then each resolves his tree.
        return {j: heard.resolved(lambda _, values: majority(values), (j,)) for j in self.generals}
