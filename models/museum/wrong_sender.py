"""SM(m) in which the lieutenants wait for the signature of general 1, and the commander is general 0.

`dolev_strong.py` of dominguezz05/investment (GitHub, commit e9fe113, folder market_sim/consensus): the sender is
`nodes[0]` (line 36), and a message without signature 1 is left aside (line 26).
"""

from itertools import permutations

from byzverify.language import General
from byzverify.models.sm import SM

AWAITED = 1


class WrongSender(SM):
    """SM(m) whose lieutenants look for another commander; m+1 rounds."""

    claim = "none holds; believed to solve the problem for at most m traitors"

    def interchangeable(self) -> list[range]:
        return [range(AWAITED + 1, self.n)]

    def signers(self, me: General, k: int) -> list[tuple[General, ...]]:
        """Any k different generals, general 1 first."""
        return [signers for signers in permutations(self.others(me), k) if signers[0] == AWAITED]
