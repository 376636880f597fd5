"""Agreement on graphs: relay along chosen paths, and obey the majority of what comes along them.

Against one traitor the paths are chosen by `weights.py`. Against more, every message is relayed along disjoint paths,
and the protocol for complete graphs does the rest: Dolev, "The Byzantine Generals Strike Again", Journal of Algorithms
3(1), 1982.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from byzverify.exporters.protocols.writing import (
    SURE,
    WIDTH,
    Proposal,
    Recipe,
    fits,
    has_commander,
    lapses_only,
    network_text,
    proposal,
    total,
)
from byzverify.language.conditions import COMMANDER
from byzverify.language.messages import General
from byzverify.language.topology import Network, connectivity, disjoint_paths, graph_of
from byzverify.scenario.impossibility import Setting, is_complete

if TYPE_CHECKING:
    from byzverify.exporters.protocols.weights import Path, Votes

CHOSEN = """
def interchangeable(self) -> list[range]:
    return []  # the paths tell generals apart

def general(self, me: General, order: Order) -> Program:
    heard: dict[tuple[General, ...], Order] = {(me,): order}
    for length in range(2, self.rounds + 2):
        steps = sorted({path[:length] for paths in PATHS.values() for path in paths if len(path) >= length})
        inbox = yield [send(heard[path[:-1]], to=[path[-1]], label=path) for path in steps if path[-2] == me]
        heard |= {path: inbox.get(path[-2], path) for path in steps if path[-1] == me}
"""

EVERY = """
def general(self, me: General, order: Order) -> Program:
    heard: dict[tuple[General, ...], Order] = {(COMMANDER,): order} if me == COMMANDER else {}
    for length in range(2, self.rounds + 2):
        steps = self.ways(length)
        inbox = yield [send(heard[path[:-1]], to=[path[-1]], label=path) for path in steps if path[-2] == me]
        heard |= {path: inbox.get(path[-2], path) for path in steps if path[-1] == me}
    return DECISION

def ways(self, length: int) -> list[tuple[General, ...]]:
    \"\"\"The paths of so many different generals along edges, the commander first.\"\"\"
    paths: list[tuple[General, ...]] = [(COMMANDER,)]
    for _ in range(length - 1):
        paths = [(*path, j) for path in paths for j in self.neighbours(path[-1]) if j not in path]
    return paths
"""

OBEY = """
    if me == COMMANDER:
        return RESULT
    return DECISION
"""

VECTOR = """
    return {j: order if j == me else majority([heard[path] for path in PATHS[j, me]]) for j in self.generals}
"""

VOTE = """
    return majority([majority([heard[path] for path in PATHS[j, me]]) for j in self.others(me)] + [order])
"""

RELAYED = """
def interchangeable(self) -> list[range]:
    return []  # the paths tell generals apart

def general(self, me: General, order: Order) -> Program:
    told: Told = {(): order}
    for length in range(1, self.m + 2):
        told |= yield from self.exchange(me, told, length)
    if me == COMMANDER:
        return RESULT

    def value(path: Path) -> Order:
        if len(path) > self.m:
            return told[path]
        return majority([told[path], *(value((*path, j)) for j in self.others(me, *path))])

    return DECISION

def exchange(self, me: General, told: Told, length: int) -> Generator[Outbox, Inbox, Told]:
    \"\"\"Tell everyone who is not on a path what came along it, and learn the same from the others.\"\"\"
    ways = {
        (path, receiver): self.ways(path[-1], receiver)
        for path in self.paths(length)
        for receiver in self.others(*path)
    }
    copies = {(*pair, number): way for pair, found in ways.items() for number, way in enumerate(found)}
    mine = {copy: told[copy[0][:-1]] for copy in copies if copy[0][-1] == me}
    arrived = yield from along(me, mine, copies)
    return {
        path: majority([arrived[path, me, number] for number in range(len(ways[path, me]))])
        for path in self.paths(length, me)
    }

def ways(self, sender: General, receiver: General) -> list[Path]:
    \"\"\"The edge between two generals, or 2m+1 paths that meet only at their ends.\"\"\"
    if receiver in self.neighbours(sender):
        return [(sender, receiver)]
    return disjoint_paths(self.network, sender, receiver, 2 * self.m + 1)
"""

TOLD = """
Path = tuple[General, ...]
Told = dict[Path, Order]
"""


def routes(setting: Setting) -> Iterator[Proposal]:
    """Majorities of what comes along paths, on a graph that does not join every pair."""
    if is_complete(setting) or lapses_only(setting):
        return
    m = total(setting.faults)
    if m <= 1:
        yield from _by_votes(setting)
    elif has_commander(setting):
        yield from _relayed(setting, m)


def _by_votes(setting: Setting) -> Iterator[Proposal]:
    """Votes of paths, in as few rounds as there can be."""
    from byzverify.exporters.protocols.weights import are_enough, every_path, votes

    neighbours = _neighbours(setting)
    roots = [0] if has_commander(setting) else list(range(setting.n))
    most = setting.n - 1 if setting.rounds is None else min(setting.rounds, setting.n - 1)
    for rounds in range(1, most + 1):
        chosen = {root: votes(neighbours, root, rounds) for root in roots}
        if all(chosen.values()):
            if roots == [0] and are_enough(every_path(neighbours, 0, rounds)):
                yield proposal(setting, _every_path(setting, rounds))
            yield proposal(setting, _chosen(setting, rounds, {key: one for key, one in chosen.items() if one}))
            return


def _neighbours(setting: Setting) -> dict[General, list[General]]:
    graph = graph_of(network_text(setting))
    return {general: sorted(graph[general]) for general in range(setting.n)}


def _every_path(setting: Setting, rounds: int) -> Recipe:
    graded = setting.problem == "graded"
    decision = "order if me == COMMANDER else majority(heard.values())"
    return Recipe(
        says=f"Everyone obeys the majority of what comes along all simple paths of at most {rounds} edges.",
        program=EVERY.replace("DECISION", f"({decision}), {SURE}" if graded else decision),
        rounds=rounds,
        tolerated="t <= 1",
        bound="right for at most one traitor, on this graph",
        parameters={"rounds": rounds},
    )


def _chosen(setting: Setting, rounds: int, votes: Mapping[General, Votes]) -> Recipe:
    """votes: for each commander, the paths that each other general believes."""
    alone = has_commander(setting)
    keyed = {
        str(receiver) if alone else f"{root}, {receiver}": paths
        for root, found in votes.items()
        for receiver, paths in found.items()
    }
    twice = any(len(set(paths)) < len(paths) for paths in keyed.values())
    return Recipe(
        says=_says(setting) + (" A path that is listed twice counts twice." if twice else ""),
        program=CHOSEN + _ending(setting),
        rounds=rounds,
        tolerated="t <= 1",
        bound="right for at most one traitor, on this graph",
        before=_table(keyed, "General" if alone else "tuple[General, General]"),
        parameters={"rounds": rounds},
    )


def _says(setting: Setting) -> str:
    if has_commander(setting):
        return "Each lieutenant obeys the majority of what comes along the paths that are listed for him."
    return "Everyone takes for another general's order the majority of what comes along the paths that are listed" + (
        "; the majority of these orders decides." if setting.problem == "consensus" else "."
    )


def _ending(setting: Setting) -> str:
    if setting.problem == "interactive":
        return VECTOR
    if setting.problem == "consensus":
        return VOTE
    return _obeying(setting, "majority([heard[path] for path in PATHS[me]])", OBEY)


def _obeying(setting: Setting, decision: str, program: str) -> str:
    """The program with its decisions filled in: with grade 2 if grades are asked for."""
    graded = f", {SURE}" if setting.problem == "graded" else ""
    return program.replace("RESULT", f"order{graded}").replace("DECISION", f"{decision}{graded}")


def _table(keyed: Mapping[str, Sequence[Path]], key: str) -> str:
    """The listed paths, as a formatter would write them."""
    entries = "".join(_entry(f"({name})" if "," in name else name, paths) for name, paths in keyed.items())
    return f"PATHS: dict[{key}, list[tuple[General, ...]]] = {{\n{entries}}}\n"


def _entry(name: str, paths: Sequence[Path]) -> str:
    line = f"    {name}: [{', '.join(map(str, paths))}],\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"    {name}: [\n" + "".join(f"        {path},\n" for path in paths) + "    ],\n"


def _relayed(setting: Setting, m: int) -> Iterator[Proposal]:
    graph = graph_of(network_text(setting))
    if setting.n <= 3 * m or connectivity(graph) <= 2 * m:
        return
    rounds = _relaying_rounds(setting, graph, m)
    if fits(setting, rounds):
        yield proposal(setting, _relaying(setting, rounds))


def _relaying_rounds(setting: Setting, graph: Network, m: int) -> int:
    """The rounds of the relayed OM(m): first from the commander, then m times from lieutenants to lieutenants."""
    lengths = {
        (one, other): 1 if other in graph[one] else max(map(len, disjoint_paths(graph, one, other, 2 * m + 1))) - 1
        for one, other in permutations(range(setting.n), 2)
    }
    first = max(length for (one, _), length in lengths.items() if one == COMMANDER)
    return first + m * max(length for pair, length in lengths.items() if COMMANDER not in pair)


def _relaying(setting: Setting, rounds: int) -> Recipe:
    return Recipe(
        says="Generals send along disjoint paths what they would tell each other if all were neighbours: everyone "
        "passes on what he hears, and takes the majority of what he was told and of what the others say, by the same "
        "rule.",
        program=_obeying(setting, "value((COMMANDER,))", RELAYED),
        rounds=rounds,
        tolerated="t <= self.m",
        bound="right for at most m traitors, on this graph",
        before=TOLD,
    )
