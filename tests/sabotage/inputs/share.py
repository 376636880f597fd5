"""Numbers: a parameter that is a float, as the language allows, times a count. Check: -n 4 -t 0 --set share=0.5. Right:
REFUTED, or one clear error: two attackers make 0.5 * 2 = 1, and then each keeps his own order.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite, majority


class Share(Protocol):
    share: float = 0.5
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        split = (self.share * count(votes, ATTACK) >= 1) & (self.share * count(votes, RETREAT) >= 1)
        return ite(split, order, majority(votes))
