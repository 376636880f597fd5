"""SM(m) in which an order may come late: with fewer signatures than rounds have gone by.

"Attempt 1" of I. Abraham & K. Nayak, "Dolev-Strong Authenticated Broadcast", decentralizedthoughts.github.io,
2019-12-22, who publish it as what fails, with the repair; `dolev_strong.py` of patilharsh03/investment_tech (GitHub,
commit 2217215, folder market_sim/consensus, lines 11-18) compares the number of signatures with nothing.
"""

from byzverify.language import General
from byzverify.models.sm import SM


class LateChains(SM):
    """SM(m) that accepts chains of k signatures in round k and in all rounds after it; m+1 rounds."""

    claim = "none holds; believed to solve the problem for at most m traitors"

    def signers(self, me: General, k: int) -> list[tuple[General, ...]]:
        """The k generals or fewer who can have signed an order that comes to `me`."""
        exactly = super().signers
        return [signers for number in range(1, k + 1) for signers in exactly(me, number)]
