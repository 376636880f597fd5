"""What is said in each execution of a chain, with as few lies as possible.

What is said along a walk through the network is a value, in each execution. A loyal general passes on what he received;
what a traitor passes on is unknown. A witness receives the same in both of his executions. So values fall into classes
of equal ones. The orders of loyal generals at the ends fix two classes, and a minimum cut divides the others with the
fewest lies. Walks may repeat generals, so these are executions of the full-information protocol, without any lemma.

This module does not know how the chain was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from byzverify.engines.solvability.chains import Outline
from byzverify.engines.solvability.demands import Merged, Traitors
from byzverify.engines.solvability.settings import Ground, Path
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.scenario.impossibility import FaultyRun, RunChain, Story

Value = tuple[int, Path]
"""What is said along a walk in the execution with this number. The walk of one general is the order he starts with."""

ORDERS = (0, 1)


class Contradiction(Exception):
    """The classes that the two ends fix are one class: there are no such executions."""


def executions(ground: Ground, outline: Outline) -> RunChain | None:
    """The chain with what is said in it; None if there are no such executions."""
    try:
        values = _Values(ground, outline).chosen()
    except Contradiction:
        return None
    runs = tuple(_run(ground, traitors, values, number) for number, traitors in enumerate(outline.traitors))
    return RunChain(ground.setting, runs, outline.witnesses)


class _Values:
    """The values of a chain, in classes of equal ones."""

    def __init__(self, ground: Ground, outline: Outline) -> None:
        self.ground = ground
        self.outline = outline
        self.merged = Merged()
        for number, traitors in enumerate(outline.traitors):
            for walk in ground.walks:
                if len(walk) > 1 and walk[-2] not in traitors:
                    self.merged.merge((number, walk), (number, walk[:-1]))
        for number, witness in enumerate(outline.witnesses):
            for walk in ground.walks:
                if walk[-1] == witness:
                    self.merged.merge((number, walk), (number + 1, walk))
        for number, order in ((0, 0), (len(outline.traitors) - 1, 1)):
            for starter in ground.starters:
                if starter not in outline.traitors[number]:
                    self.merged.merge((number, (starter,)), order)

    def chosen(self) -> Mapping[Value, int]:
        """An order for each value. Raises Contradiction if both ends fix one class."""
        ones = self._ones()
        return {
            (number, walk): int(self.merged.root((number, walk)) in ones)
            for number in range(len(self.outline.traitors))
            for walk in self.ground.walks
        }

    def _ones(self) -> set[object]:
        """The classes of order 1 that need the fewest lies."""
        import networkx as nx

        zero, one = (self.merged.root(order) for order in ORDERS)
        if zero == one:
            raise Contradiction
        lies = nx.Graph()
        lies.add_nodes_from((zero, one))
        for number, traitors in enumerate(self.outline.traitors):
            for walk in self.ground.walks:
                if len(walk) > 1 and walk[-2] in traitors:
                    ends = self.merged.root((number, walk)), self.merged.root((number, walk[:-1]))
                    if ends[0] != ends[1]:
                        known = lies.get_edge_data(*ends, {"capacity": 0})["capacity"]
                        lies.add_edge(*ends, capacity=known + 1)
        _, (_, ones) = nx.minimum_cut(lies, zero, one)
        return set(ones)


def _run(ground: Ground, traitors: Traitors, values: Mapping[Value, int], number: int) -> FaultyRun:
    said = {}
    for walk in ground.walks:
        if len(walk) > 1 and walk[-2] in traitors and values[number, walk] != values[number, walk[:-1]]:
            address = len(walk) - 1, walk[-2], walk[-1]
            if address not in said:
                said[address] = _story(ground, values, number, address[0], walk[-2:])
    starts = {starter: values[number, (starter,)] for starter in ground.starters}
    return FaultyRun(dict.fromkeys(sorted(traitors), Fault.BYZANTINE), starts, dict(sorted(said.items())))


def _story(ground: Ground, values: Mapping[Value, int], number: int, round: int, rest: Path) -> Story:
    """What is said in this round along the last generals of a walk. rest: those that are known, the sender first."""
    if round == 1:
        return values[number, rest] if rest[0] in ground.starters else None
    return {
        sender: _story(ground, values, number, round - 1, (sender, *rest))
        for sender in sorted(ground.neighbours[rest[0]])
    }


def without_idle(chain: RunChain) -> RunChain:
    """The same chain with those counted among the loyal who do in an execution what loyal generals do.

    At the ends of a chain for consensus, those who start with the other order stay faulty.
    """
    last = len(chain.runs) - 1

    def idle(general: General, run: FaultyRun, end: int | None) -> bool:
        acts = any(sender == general for _, sender, _ in run.said.keys() | run.lost)
        return not acts and (end is None or run.starts.get(general, end) == end)

    ends = {0: 0, last: 1}
    runs = [
        replace(run, faulty={one: mode for one, mode in run.faulty.items() if not idle(one, run, ends.get(number))})
        for number, run in enumerate(chain.runs)
    ]
    return replace(chain, runs=tuple(runs))
