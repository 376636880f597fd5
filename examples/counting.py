"""Self-stabilising synchronous counting: generals who begin in any state soon count rounds together, odd, even, odd.

Dolev, Heljanko, Järvisalo, Korhonen, Lenzen, Rybicki, Suomela & Wieringa, "Synchronous counting and computational
algorithm design", Journal of Computer and System Sciences 82(2), 2016. A solver found these two algorithms: each
general is a machine of 3 or of 2 states that sends its state to all and looks up the next one in a table. One general
may be a traitor. After 7 rounds among 4 generals of 3 states, and after 8 among 6 of 2, all loyal generals are in state
0 together, then in state 1, and so on. The orders RETREAT, ATTACK and ORDER2 stand for the states 0, 1 and 2.

That nobody is asked how the generals came into their states is what makes it a proof for ever: whatever happened
before, `rounds` later all count together, and who counts together goes on.
"""

from itertools import product

from byzverify.language import (
    ATTACK,
    RETREAT,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    ite,
)

CYCLIC = "111101111111220111111101111101100101000000000101000000111110111111100100111100101"
"""For 4 generals of 3 states: the next state of general 0 when he sees 0000, 0001, 0002, 0010, ..., 2222; general i
looks up what he sees from himself on, in a circle. From the authors' algorithm alg-3-4-1-7-c."""

OF_EACH = (
    "1111111111101110111100001110000010101010100010001010000010000000",
    "1111111111101000111100000000000011101100100000001100000000000000",
    "1110111010101010111011101010101011001100000000001100110000000000",
    "1111011111100001111100001000000011101100100000001100000010000000",
    "1110111011001100111000001100000010001010100010001010000010000000",
    "1111111111111110111100001110000010101010100010001010000010000000",
)
"""For 6 generals of 2 states: the next state of each when he sees 000000, 000001, ..., 111111. From the authors'
algorithm alg-2-6-1-8."""

TIMES = {(4, 3): 7, (6, 2): 8}
"""After how many rounds so many generals of so many states count together."""


COUNTED = (RETREAT, ATTACK)
"""The states 0 and 1, between which generals change who count together."""


def together(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    """Whether two generals are both in state 0 at the end, or both in state 1."""
    (_, one), (_, other) = (outcome.decisions[witness] for witness in witnesses)
    return any_of(all_of([one == state, other == state]) for state in COUNTED)


def onwards(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    """Whether a general is in the other state after one round, if all loyal ones began in state 0, or all in 1."""
    after, _ = outcome.decisions[witnesses[0]]
    even, odd = (all_of(outcome.orders[j] == state for j in outcome.loyal) for state in COUNTED)
    return all_of([~even | (after == ATTACK), ~odd | (after == RETREAT)])


class Counting(Protocol):
    """Counting for so many rounds, from any states."""

    rounds: int = 7
    problem = Problem(
        "self-stabilising counting",
        (
            Condition("Counts", "who counts together goes on counting", onwards, witnesses=1, needs_loyal=1),
            Condition("Stabilises", "at the end all count together", together, witnesses=2, needs_loyal=2),
        ),
        has_commander=False,
    )
    claim = "7 rounds among 4 generals of 3 states, 8 among 6 of 2; at most 1 traitor (Dolev et al. 2016)"

    def __post_init__(self) -> None:
        super().__post_init__()
        known = ", ".join(f"-n {n} --values {states}" for n, states in TIMES)
        self.require((self.n, self.values) in TIMES, f"there are tables for {known}")
        self.require(self.rounds >= 1, f"there must be at least 1 round, not {self.rounds}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= 1 and self.rounds >= TIMES[self.n, self.values]

    def interchangeable(self) -> list[range]:
        return []  # the table knows who is who

    def general(self, me: General, order: Order) -> Program:
        first = order
        for round in range(self.rounds):
            inbox = yield broadcast(order)
            order = self.following(me, [inbox.get(j, default=self.orders[0]) for j in range(self.n)])
            first = order if round == 0 else first
        return first, order

    def following(self, me: General, seen: list[Order]) -> Order:
        """The next state, by the table."""
        table = OF_EACH[me] if self.n == 6 else CYCLIC
        circle = seen if self.n == 6 else seen[me:] + seen[:me]
        rows = list(zip(product(self.orders, repeat=self.n), table, strict=True))
        result = self.orders[0]
        for number, state in enumerate(self.orders[1:], start=1):
            leading = [row for row, following in rows if following == str(number)]
            result = ite(any_of(all_of(map(is_in, circle, row)) for row in leading), state, result)
        return result


def is_in(general: Order, state: Order) -> Truth:
    """Whether a general is in a state."""
    return general == state
