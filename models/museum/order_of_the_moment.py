"""OM(m) in which a general passes on what he believes at the moment, and tallies all that he ever heard in one heap.

`main.rs` of digorithm/coding-the-byzantine-generals (GitHub, commit f512884, folder src, lines 24-71 and 87-158): each
run of OM(m-1) ends with a decision of those who took part, and the general who commands the next run passes that on.
Its comment calls Step 3 the most subtle part. In LSP 1982, section 3, Step 2 of OM(m), lieutenant i passes on v_i, what
he had from the commander of this run, and Step 3 votes on the outcomes of the runs of OM(m-1), one each.
"""

from collections.abc import Generator

from byzverify.language import COMMANDER, RETREAT, General, Inbox, Order, Outbox, Program, broadcast, majority
from byzverify.models.om import OM

Path = tuple[General, ...]


class OrderOfTheMoment(OM):
    """OM(m) on one changing belief; the runs of OM(m-1) one after the other."""

    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def interchangeable(self) -> list[range]:
        return []  # who commands first matters

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.run(me, (COMMANDER,), order, []))

    def run(self, me: General, path: Path, belief: Order, heard: list[Order]) -> Generator[Outbox, Inbox, Order]:
        """One run, commanded by the last on the path, of OM(m) less one for each who commands before him."""
        inbox = yield broadcast(belief, label=path, without=path) if me == path[-1] else None
        if me not in path:
            heard.append(inbox.get(path[-1], path, default=RETREAT))
            belief = heard[0] if len(heard) == 1 else belief
        if len(path) > self.m:
            return belief
        for next_commander in range(self.n):
            if next_commander not in path:
                belief = yield from self.run(me, (*path, next_commander), belief, heard)
        return belief if me in path else majority(heard)
