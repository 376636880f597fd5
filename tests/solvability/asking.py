"""What the tests of the engine for every protocol share: settings, and what the engine and the checker say of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

import networkx as nx

from byzverify.certificates import checking_impossibility, impossibility_file
from byzverify.engines.solvability import deciding
from byzverify.engines.solvability.deciding import RuledOut
from byzverify.language.faults import budget_of
from byzverify.scenario.impossibility import DoubleCover, ProblemName, RunChain, Setting
from tests.solvability.sightings import Edges, General, complete

BOTH_MODES = ("byzantine", "crash")


def setting(
    n: int,
    faults: int | Mapping[str, int],
    rounds: int | None,
    problem: str = "broadcast",
    edges: Edges | None = None,
    commander: General = 0,
    signed: bool = False,
) -> Setting:
    """A setting; the network is complete if no edges are given."""
    chosen = None if problem == "consensus" else commander
    return Setting(
        cast(ProblemName, problem),
        n,
        complete(n) if edges is None else edges,
        chosen,
        rounds,
        budget_of(faults),
        signed,
    )


def decided(asked: Setting, epsilon: Fraction | None = None) -> RuledOut:
    """What the engine says. Every chain must be accepted by the independent checker."""
    ((of, found),) = deciding.decide([asked], deciding.longest(asked.problem, epsilon))
    assert of == asked
    if found.chain is not None:
        assert f"a chain of {len(found.chain.runs)} executions" in accepted(found.chain)
    return found


def executions(asked: Setting) -> int | None:
    """How many executions a shortest chain has; None if there certainly is no chain."""
    found = decided(asked)
    assert found.exhausted if found.chain is None else found.shortest
    return None if found.chain is None else len(found.chain.runs)


def accepted(shown: RunChain | DoubleCover) -> str:
    """What the independent checker says of what the engine found. Raises ValueError if it refuses it."""
    return checking_impossibility.check(impossibility_file.text(shown))


def connected_graphs(n: int) -> list[Edges]:
    """All connected networks of n generals, none of which differ only in the generals' numbers."""
    graphs = [graph for graph in nx.graph_atlas_g() if len(graph) == n and nx.is_connected(graph)]
    return [tuple(sorted((min(edge), max(edge)) for edge in graph.edges)) for graph in graphs]


def graph_of(asked: Setting) -> nx.Graph[General]:
    made: nx.Graph[General] = nx.Graph(asked.edges)
    made.add_nodes_from(range(asked.n))
    return made
