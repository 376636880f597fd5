"""SM(m) in which a chain of three signatures or more is never accepted.

`consensus.rs` of pysel/dolev-strong (GitHub, commit e24ae75, folder src/communication/message/types, lines 48 and 57)
takes the signers between the first and the last with a range that ends one too early, and then wants as many different
signers as there are signatures. Up to two signatures nothing is between, and that check is left out.
"""

from byzverify.language import General
from byzverify.models.sm import SM


class ChainsOfThree(SM):
    """SM(m) for chains of one and two signatures; m+1 rounds."""

    claim = "none holds; believed to solve the problem for at most m traitors"

    def signers(self, me: General, k: int) -> list[tuple[General, ...]]:
        """The k different generals who can have signed an order that comes to `me`; never more than two."""
        return super().signers(me, k) if k <= 2 else []
