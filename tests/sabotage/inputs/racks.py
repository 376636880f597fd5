"""Generals as objects: what a condition concerns is looked up in a table of the choices of generals who are left.
Check: -n 6 --faults omission=2. Right: REFUTED, or refused: the loss of a rack that is not the last two is one of the
cases.
"""

from byzverify.language import AGREEMENT, RETREAT, Condition, Problem, Protocol, broadcast, majority

RACKS = 3
SURVIVORS = {tuple(one for one in range(6) if one % RACKS != lost): lost for lost in range(RACKS)}


class Replicas(Protocol):
    problem = Problem(
        "agreement after the loss of a rack",
        (
            Condition(
                "Rack",
                "who survives the loss of a rack agrees",
                AGREEMENT.holds,
                2,
                lambda _, loyal: loyal in SURVIVORS,
            ),
            Condition("Sane", "where nobody fails all agree", AGREEMENT.holds, 2, lambda _, loyal: len(loyal) == 6),
        ),
        has_commander=False,
    )

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority([inbox.get(j, default=RETREAT) for j in self.generals])
