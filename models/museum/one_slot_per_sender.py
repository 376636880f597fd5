"""OM(m) in which a general keeps of each other the last order only, whatever path it came along.

`General.java` of oscarcosta/byzantine-generals (GitHub, commit 223963b, folder src/main/java/com/byzantinegenerals,
lines 21 and 108-141) keeps the orders in a map from the sender's name, so that later ones take the place of earlier
ones; and what a general passes on is what he believes at the moment. LSP 1982, section 3, has a vote for each
lieutenant at each level of the recursion.
"""

from collections.abc import Generator

from byzverify.language import COMMANDER, RETREAT, General, Inbox, Order, Outbox, Program, broadcast, majority
from byzverify.models.om import OM

Path = tuple[General, ...]


class OneSlotPerSender(OM):
    """OM(m) on one changing belief, with n-1 votes in all; the runs of OM(m-1) one after the other."""

    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def interchangeable(self) -> list[range]:
        return []  # who commands first matters

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.run(me, (COMMANDER,), order, {}))

    def run(
        self, me: General, path: Path, belief: Order, heard: dict[General, Order]
    ) -> Generator[Outbox, Inbox, Order]:
        """One run, commanded by the last on the path, of OM(m) less one for each who commands before him."""
        inbox = yield broadcast(belief, label=path, without=path) if me == path[-1] else None
        if me not in path:
            told = inbox.get(path[-1], path, default=RETREAT)
            belief = belief if heard else told
            heard[path[-1]] = told
        if len(path) > self.m:
            return belief
        for next_commander in range(self.n):
            if next_commander not in path:
                belief = yield from self.run(me, (*path, next_commander), belief, heard)
        return belief if me in path else majority(heard.values())
