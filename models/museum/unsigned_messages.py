"""SM(m) without signatures: orders carry the names of those who passed them on, and anyone can write a name.

An easy slip, the more so as the text of SM(m) can be followed word for word with lists of names: compare assumption
A4 in section 4 of LSP 1982, that a loyal general's signature cannot be forged, and any alteration of what he signed
is noticed.
"""

from byzverify.language import (
    ABSENT,
    COMMANDER,
    FALSE,
    RETREAT,
    General,
    Order,
    Program,
    Truth,
    any_of,
    broadcast,
    how_many,
    ite,
)
from byzverify.models.sm import SM


class UnsignedMessages(SM):
    """SM(m) on names in place of signatures; m+1 rounds."""

    claim = "none holds; believed to solve the problem for at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield [broadcast(ite(order == v, v, ABSENT), label=(v.name, COMMANDER), without=[me]) for v in self.orders]
            return order

        obeyed: dict[Order, Truth] = dict.fromkeys(self.orders, FALSE)
        relayed = None
        for k in range(1, self.m + self.d + 1):
            inbox = yield relayed
            relayed = []
            for v in self.orders:
                came = {path: inbox[path[-1], (v.name, *path)] == v for path in self.signers(me, k)}
                for path, truth in came.items():
                    passed_on = ite(truth & ~obeyed[v], v, ABSENT)
                    relayed.append(broadcast(passed_on, label=(v.name, *path, me), without=(me, *path)))
                obeyed[v] |= any_of(came.values())

        choice = RETREAT
        for v in self.orders:
            choice = ite(obeyed[v] & (how_many(obeyed.values()) == 1), v, choice)
        return choice
