"""SM(m) in which k different generals must have signed, and nobody asks whether the first of them was the commander.

`node.erl` of abhavk/dolev-strong (GitHub, commit d1ef34e, lines 102-113) counts how many different senders a message
names. LSP 1982, section 4, writes v:0:j_1:...:j_k, with the commander's 0 in front.
"""

from itertools import permutations

from byzverify.language import General
from byzverify.models.sm import SM


class AnyFirstSigner(SM):
    """SM(m) that obeys orders of lieutenants; m+1 rounds."""

    claim = "none holds; believed to solve the problem for at most m traitors"

    def signers(self, me: General, k: int) -> list[tuple[General, ...]]:
        """Any k different generals."""
        return list(permutations(self.others(me), k))
