"""OM(m,p), oral messages on a graph: Lamport, Shostak & Pease, "The Byzantine Generals Problem", TOPLAS 4(3), 1982,
section 5.

A *regular set* of a general's neighbours is one from which everybody else can be reached along paths that meet nowhere
on the way. The commander sends to a regular set of p neighbours; each of them passes the order on to all others, by
OM(m-1,p-1) on the graph without the commander or, if m = 1, along such paths. A *call* (0, 2, 5) is general 5 acting as
commander because general 2 did because general 0 is; a call's members are the regular set that he sends to.
"""

from functools import cache

from byzverify.language import (
    COMMANDER,
    RETREAT,
    General,
    Network,
    Order,
    Program,
    Protocol,
    along,
    fan,
    majority,
    regular_set,
    send,
)

Call = tuple[General, ...]
Route = tuple[General, ...]


class OMGraph(Protocol):
    """Oral messages to regular sets of neighbours; m rounds, and as many more as the longest path has edges."""

    m: int
    p: int
    claim = "IC1 and IC2 on p-regular graphs for p >= 3m and at most m traitors (LSP 1982, Theorem 3)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(1 <= self.m < self.p, f"OM(m,p) needs 1 <= m < p: with p={self.p}, not m={self.m}")
        degree, poorest = min((len(self.neighbours(general)), general) for general in self.generals)
        self.require(self.p <= degree, f"p={self.p} is more than the {degree} neighbours that general {poorest} has")
        for general in self.generals:
            regular = regular_set(self.network, general, self.p) is not None
            self.require(regular, f"the graph is not {self.p}-regular: see the neighbours of general {general}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.p >= 3 * self.m

    def interchangeable(self) -> list[range]:
        return []  # who is in a regular set and on which path depends on his number

    def general(self, me: General, order: Order) -> Program:
        members, routes = plan(self.network, self.m, self.p)
        told: dict[Call, Order] = {(): order}  # what a member of a call's regular set was told by its commander

        # Steps 1 and 2B: each commander of a call sends its members what he was told himself.
        for length in range(1, self.m + 1):
            calls = [call for call in members if len(call) == length]
            inbox = yield [send(told[call[:-1]], members[call], label=call) for call in calls if call[-1] == me]
            if me == COMMANDER:
                return order
            told |= {call: inbox.get(call[-1], call, default=RETREAT) for call in calls if me in members[call]}

        # Step 2A: the members of the last calls send it to everyone along paths that meet nowhere on the way.
        mine = {(call, j): told[call[:-1]] for call, j in routes if call[-1] == me}
        arrived = yield from along(me, mine, routes)

        # Step 3: the majority of what the members of the call say.
        def value(call: Call) -> Order:
            return majority([said(call, member) for member in members[call]])

        def said(call: Call, member: General) -> Order:
            if member == me:
                return told[call]
            return value((*call, member)) if len(call) < self.m else arrived[(*call, member), me]

        return value((COMMANDER,))


@cache
def plan(graph: Network, m: int, p: int) -> tuple[dict[Call, Route], dict[tuple[Call, General], Route]]:
    """The members of every call, and the path from each member of a last call to each other general."""
    members: dict[Call, Route] = {}
    routes: dict[tuple[Call, General], Route] = {}
    pending: list[Call] = [(COMMANDER,)]
    for call in pending:
        left = graph.subgraph(general for general in graph if general not in call[:-1])
        after = graph.subgraph(general for general in graph if general not in call)
        members[call] = regular_set(left, call[-1], p + 1 - len(call)) or ()
        if len(call) < m:
            pending += [(*call, member) for member in members[call]]
        else:
            for general in after:
                paths = fan(after, members[call], general) or {}
                routes |= {((*call, member), general): path for member, path in paths.items()}
    return members, routes
