"""State: an iterator kept in the protocol, which the generals' copies share. Check: -n 3 -t 0. Right: REFUTED, or refused:
each general alone takes the first role, speaker, and the speakers decide their own orders.
"""

from byzverify.language import ABSENT, CONSENSUS, Protocol, broadcast, plurality


class Roles(Protocol):
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "roles", iter(["speaker"] + ["listener"] * (self.n - 1)))

    def interchangeable(self):
        return []

    def general(self, me, order):
        speaks = next(self.roles, "speaker" if me == 0 else "listener") == "speaker"
        inbox = yield broadcast(order) if speaks else None
        return order if speaks else plurality([inbox[j] for j in self.generals], tie=ABSENT)
