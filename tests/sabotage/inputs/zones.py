"""Generals as objects: a condition looks up in which zone each loyal general is. Check: -n 8 --faults omission=2. Right:
REFUTED, or refused: the first two can fail, and then only the west is left.
"""

from byzverify.language import AGREEMENT, RETREAT, Condition, Problem, Protocol, broadcast, majority

ZONE = dict.fromkeys(range(2, 8), "west")
"""In which zone they are whose zone is known."""


def only_west_is_left(protocol, loyal):
    return all(ZONE.get(one) == "west" for one in loyal)


class Replicas(Protocol):
    problem = Problem(
        "agreement after the loss of a zone",
        (
            Condition("Zone", "if only the west is left, it agrees", AGREEMENT.holds, 2, only_west_is_left),
            Condition("Sane", "where nobody fails all agree", AGREEMENT.holds, 2, lambda _, loyal: len(loyal) == 8),
        ),
        has_commander=False,
    )

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority([inbox.get(j, default=RETREAT) for j in self.generals])
