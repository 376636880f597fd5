"""What the claim depends on is stored when an instance is made, for one outcome of a comparison."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 12}
SAYS = r"stores something in the instance"
TRAITORS = 1


class ClaimStoredByInit(Protocol):
    problem = CONSENSUS

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "limit", 1 if self.n > 10 else 0)

    def tolerates(self, t: int) -> bool:
        return t <= self.limit  # type: ignore[attr-defined, no-any-return]

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])
