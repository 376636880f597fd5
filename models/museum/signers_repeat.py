"""SM(m) in which a general may sign an order more than once, so that k signatures are not those of k generals.

`main.py` of SnyDrive25/dolev-strong (GitHub, commit b826567, lines 24-28) looks for the receiver's own number among the
signers, and for nothing else; `node.py` of bentechn/investment-p (GitHub, commit c611910, folder market_sim/agents,
lines 39-47) collects the signers in a set and does not ask how many it has. The proof of Theorem 2 in LSP 1982 finds a
loyal one among m lieutenants who signed, which takes m different ones.
"""

from itertools import product

from byzverify.language import COMMANDER, General
from byzverify.models.sm import SM


class SignersRepeat(SM):
    """SM(m) on chains in which only the receiver's own signature is not allowed; m+1 rounds."""

    claim = "none holds; believed to solve the problem for at most m traitors"

    def signers(self, me: General, k: int) -> list[tuple[General, ...]]:
        """The commander and k-1 others, in any order and as often as they like."""
        return [(COMMANDER, *rest) for rest in product(self.others(me), repeat=k - 1)]
