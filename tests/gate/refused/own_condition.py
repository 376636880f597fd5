"""A condition that says in another way where it applies."""

from byzverify.language import COMMANDER, RETREAT, Condition, Problem, Protocol, broadcast, commander_is_loyal, ite


class Always(Condition):
    def asked_of(self, seen, loyal):
        return super().asked_of(seen, tuple(loyal))

    def applies(self, protocol, loyal, name=int):
        return True


def quiet(outcome, witnesses):
    return (outcome.decisions[witnesses[0]] == RETREAT) | (COMMANDER in outcome.loyal)


class Applied(Protocol):
    problem = Problem("applied", (Always("Quiet", "q", quiet, 1, commander_is_loyal),), has_commander=True)

    def tolerates(self, t):
        return t <= 1 and self.n > 3

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return ite(self.n > 25, inbox.get(COMMANDER, default=RETREAT), RETREAT)
