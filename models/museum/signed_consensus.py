"""Consensus by signatures: everyone broadcasts his order with SM(m), and all take the majority of what was broadcast.

The repair of exhibits where no protocol without signatures can work. Interactive consistency by authenticators is in
Pease, Shostak & Lamport, "Reaching Agreement in the Presence of Faults", JACM 27(2), 1980, section 5. It gives all
loyal generals the same vector of orders, and if they started alike, more than half of it is theirs.
"""

from itertools import permutations

from byzverify.language import (
    CONSENSUS,
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
    majority,
    sign,
)


class SignedConsensus(Protocol):
    """SM(m) with each general as the commander, side by side, and a majority; m+1 rounds."""

    m: int
    problem = CONSENSUS
    claim = "Agreement and Validity for n > 2m and at most m traitors (vector: PSL 1980, section 5; then a majority)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"SM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 2 * self.m

    def general(self, me: General, order: Order) -> Program:
        accepted: dict[tuple[General, Order], Truth] = {
            (sender, v): FALSE for sender in self.others(me) for v in self.orders
        }
        outgoing = [sign(v, order == v, without=[me]) for v in self.orders]
        for signatures in range(1, self.m + 2):
            inbox = yield outgoing
            outgoing = []
            for (sender, v), before in list(accepted.items()):
                found = [inbox.signed(v, signers) for signers in self.signers(me, sender, signatures)]
                outgoing += [sign(one, ~before, without=(me, *one.signers)) for one in found]
                accepted[sender, v] |= any_of(one.came for one in found)

        vector = [order]
        for sender in self.others(me):
            choice = RETREAT
            for v in self.orders:
                alone = how_many(accepted[sender, other] for other in self.orders) == 1
                choice = ite(accepted[sender, v] & alone, v, choice)
            vector.append(choice)
        return majority(vector)

    def signers(self, me: General, sender: General, k: int) -> list[tuple[General, ...]]:
        """The k different generals, this sender first, who can have signed an order that comes to `me`."""
        return [(sender, *others) for others in permutations(self.others(me, sender), k - 1)]
