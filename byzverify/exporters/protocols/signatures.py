"""Signed orders: an order counts in round r under r different signatures. On any graph.

Sources: SM(m) of Lamport, Shostak & Pease 1982; Dolev & Strong 1983.
"""

from __future__ import annotations

from collections.abc import Iterator

from byzverify.exporters.protocols.writing import (
    SURE,
    Proposal,
    Recipe,
    fits,
    has_commander,
    proposal,
    relevant,
    total,
    waiting,
)
from byzverify.scenario.impossibility import Setting, is_complete

CHAINS = """
def general(self, me: General, order: Order) -> Program:
    if me == COMMANDER:
        yield [sign(v, order == v, without=[me]) for v in self.orders]
        return RESULT

    seen: dict[Order, Truth] = dict.fromkeys(self.orders, FALSE)
    relayed = None
    for length in range(1, ROUNDS + 1):
        inbox = yield relayed
        relayed = []
        for v in self.orders:
            found = [CHAINS_HERE]
            relayed += [sign(one, ~seen[v], without=(me, *one.signers)) for one in found]
            seen[v] |= any_of(one.came for one in found)

    decision = RETREAT
    for v in self.orders:
        decision = ite(seen[v] & (how_many(seen.values()) == 1), v, decision)
    return DECISION
"""

CRUSADER = """
def general(self, me: General, order: Order) -> Program:
    if me == COMMANDER:
        yield [sign(v, order == v, without=[me]) for v in self.orders]
        return order

    inbox = yield None
    direct = [inbox.signed(v, [COMMANDER]) for v in self.orders]
    inbox = yield [sign(one, without=[me, COMMANDER]) for one in direct]
    others = self.others(me, COMMANDER)
    seen = [one.came | any_of(inbox.signed(one.order, [COMMANDER, j]).came for j in others) for one in direct]
    decision = FAULTY
    for one in direct:
        decision = ite(one.came & (how_many(seen) == 1), one.order, decision)
    return decision
"""

SIGNERS = """
def signers(self, first: General, me: General, length: int) -> list[tuple[General, ...]]:
    \"\"\"Who can have signed an order that comes to `me`: paths of this length along edges.\"\"\"
    paths: list[tuple[General, ...]] = [(first,)]
    for _ in range(length - 1):
        paths = [(*path, j) for path in paths for j in self.neighbours(path[-1]) if j not in path and j != me]
    return [path for path in paths if path[-1] in self.neighbours(me)]
"""

ALL_CHAINS = "inbox.signed(v, (j, *rest)) for rest in permutations(self.others(j, me), length - 1)"

EVERYONES = """
def general(self, me: General, order: Order) -> Program:
    seen: dict[tuple[General, Order], Truth] = {
        (j, v): order == v if j == me else FALSE for j in self.generals for v in self.orders
    }
    relayed = [sign(v, order == v, without=[me]) for v in self.orders]
    for length in range(1, ROUNDS + 1):
        inbox = yield relayed
        relayed = []
        for j, v in [key for key in seen if key[0] != me]:
            found = [CHAINS_HERE]
            relayed += [sign(one, ~seen[j, v], without=(me, *one.signers)) for one in found]
            seen[j, v] |= any_of(one.came for one in found)
    vector = {j: self.only([seen[j, v] for v in self.orders]) for j in self.generals}
    return DECISION

def only(self, seen: list[Truth]) -> Order:
    \"\"\"The only order that was seen; RETREAT if there are several, or none.\"\"\"
    decision = RETREAT
    for v, there in zip(self.orders, seen, strict=True):
        decision = ite(there & (how_many(seen) == 1), v, decision)
    return decision
"""


def signatures(setting: Setting) -> Iterator[Proposal]:
    """Signed orders, where messages are signed."""
    if not setting.signed:
        return
    rounds = relevant(setting) + 1 if is_complete(setting) else waiting(setting)
    if setting.problem == "crusader" and is_complete(setting) and fits(setting, 2):
        yield proposal(setting, _crusader())
    elif has_commander(setting) and fits(setting, rounds):
        yield proposal(setting, _chains(setting, rounds))
    elif fits(setting, rounds) and _has_loyal_majority(setting):
        yield proposal(setting, _everyones(setting, rounds))


def _has_loyal_majority(setting: Setting) -> bool:
    """Whether the loyal are more than half, where that matters."""
    return setting.problem == "interactive" or setting.n > 2 * total(setting.faults)


def _chains(setting: Setting, rounds: int) -> Recipe:
    grade = f", {SURE}" if setting.problem == "graded" else ""
    program = CHAINS.replace("RESULT", f"order{grade}").replace("DECISION", f"decision{grade}")
    return Recipe(
        says="Whoever gets a signed order that is new to him adds his signature and passes it on; an order counts if "
        "it is the only one. In round r orders have r signatures.",
        program=_counted(setting, program, "inbox.signed(v, path) for path in self.paths(length, me)", "COMMANDER"),
        rounds=rounds,
        tolerated="t <= self.m" + _on_complete_graphs(setting),
        bound="right for at most m traitors" + _on_this_graph(setting),
        parameters=None if is_complete(setting) else {"rounds": rounds},
    )


def _crusader() -> Recipe:
    return Recipe(
        says="Everyone shows all others the order that the commander has signed for him, and obeys it unless he is "
        "shown another; otherwise he calls the commander faulty.",
        program=CRUSADER,
        rounds=2,
        tolerated="self.is_complete",
        bound="right for any number of traitors",
    )


def _everyones(setting: Setting, rounds: int) -> Recipe:
    vector = setting.problem == "interactive"
    program = EVERYONES.replace("DECISION", "vector" if vector else "majority(vector.values())")
    return Recipe(
        says="Everyone signs his order; whoever gets one that is new to him adds his signature and passes it on. Of "
        "each general the order counts that is the only one." + ("" if vector else " The majority of these decides."),
        program=_counted(setting, program, ALL_CHAINS, "j"),
        rounds=rounds,
        tolerated="t <= self.m" + ("" if vector else " and self.n > 2 * self.m") + _on_complete_graphs(setting),
        bound="right for at most m traitors" + ("" if vector else " and n > 2m") + _on_this_graph(setting),
        parameters=None if is_complete(setting) else {"rounds": rounds},
    )


def _counted(setting: Setting, program: str, on_complete: str, first: str) -> str:
    """The program with the number of its rounds and the chains of signatures that can come."""
    if is_complete(setting):
        return program.replace("ROUNDS + 1", "self.m + 2").replace("CHAINS_HERE", on_complete)
    along_edges = f"inbox.signed(v, path) for path in self.signers({first}, me, length)"
    return program.replace("ROUNDS", "self.rounds").replace("CHAINS_HERE", along_edges) + SIGNERS


def _on_complete_graphs(setting: Setting) -> str:
    return " and self.is_complete" if is_complete(setting) else ""


def _on_this_graph(setting: Setting) -> str:
    return "" if is_complete(setting) else ", on this graph"
