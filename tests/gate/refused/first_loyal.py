"""A condition looks at the first loyal general: in the engine the commander, at known sizes the witness."""

from byzverify.language import COMMANDER, FALSE, Condition, Problem, Protocol, broadcast, commander_is_loyal, ite


def obeys(outcome, witnesses):
    first, *_ = outcome.loyal
    obeyed = outcome.decisions[witnesses[0]] == outcome.orders[COMMANDER]
    return obeyed if first == COMMANDER else ite(outcome.protocol.n < 25, obeyed, FALSE)


class First(Protocol):
    problem = Problem("first", (Condition("Obeys", "obeys", obeys, 1, commander_is_loyal),), has_commander=True)

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return inbox[COMMANDER]
