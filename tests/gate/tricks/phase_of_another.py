"""A phase is a method of another instance, built for another number of traitors: the engine runs it for this one."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, how_many, ite

BROKEN = {"n": 3, "m": 0}
READ = "general calls self.fresh"
SAYS = r"runs phases in a way"


class PhaseOfAnother(Protocol):
    m: int
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0 and self.m == 0 and self.n > 1

    def general(self, me: General, order: Order) -> Program:
        other = self.fresh()
        vars(other)["m"] = self.m + 1
        return (yield from self.phases(self.m + 1, other.phase, me, order))

    def phase(self, me: General, king: General, order: Order) -> Program:
        """Everyone does as the king does, if m is 0."""
        inbox = yield broadcast(order) if me == king else None
        return ite(how_many([]) == self.m, inbox.get(king, default=order), order)
