"""Numbers: half a count compared with `>`. Check: -n 3 -t 0. Right: one clear error, and not REFUTED either: half of one vote
is more than nothing, but `>` means "by 1 or more" on counts, in the simulator too. Orders A, R, R.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class HalfOfOne(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        one = (0.5 * count(votes, ATTACK) > 0) & ~(count(votes, ATTACK) > 1)
        return ite(one, order, ite(count(votes, ATTACK) > 1, ATTACK, RETREAT))
