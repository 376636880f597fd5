"""Graphs: what can be read, what is refused, and what networkx is asked, against brute force."""

from itertools import combinations, permutations
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byzverify.errors import UsageError
from byzverify.language import connectivity, diameter_of, disjoint_paths, fan, regular_set
from byzverify.language.topology import automorphisms, canonical, circulants, connected_graphs, graph_of
from byzverify.models.om import OM

TEXTS = {
    "complete:5": 5,
    "circulant:7:1,2": 7,
    "cycle:4": 4,
    "path:3": 3,
    "star:4": 5,
    "wheel:6": 6,
    "hypercube:3": 8,
    "grid:2:3": 6,
    "bipartite:2:3": 5,
    "harary:4:7": 7,
    "petersen": 10,
    "atlas:52": 5,
    "edges:0-1,1-2": 3,
    "edges:0-2,1": 3,
}


@pytest.mark.parametrize(("text", "nodes"), TEXTS.items())
def test_a_generator_gives_a_graph_on_the_generals(text: str, nodes: int) -> None:
    assert list(graph_of(text)) == list(range(nodes))
    assert canonical(text) == text


REFUSED = {
    "circulant:7": "write circulant:N:D1,D2,...",
    "cycle": "write cycle:N",
    "cycle:x": "write cycle:N",
    "cycle:0": "write cycle:N",
    "petersen:3": "write petersen",
    "atlas:0": "write atlas:NUMBER",
    "atlas:1253": "write atlas:NUMBER",
    "complete:100000": "at most 1000 nodes",
    "hypercube:64": "at most 1000 nodes",
    "grid:100:100": "at most 1000 nodes",
    "edges:0-1-2": "write edges:0-1,1-2,...",
    "edges:": "write edges:0-1,1-2,...",
    "edges:0-2": "numbered without a gap",
    "edges:0-0,0-1": "joined to himself",
    "circulant:5:0,1": "joined to himself",
    "circulant:4:4,1": "joined to himself",
    "cycle:1": "joined to himself",
    "tournament:4": "there is no such file, and no such generator",
}


@pytest.mark.parametrize(("text", "what"), REFUSED.items())
def test_what_is_no_graph_is_refused_with_what_would_be_right(text: str, what: str) -> None:
    with pytest.raises(UsageError, match=r"^[^\n]*$") as refused:
        graph_of(text)
    assert what in str(refused.value)


@pytest.mark.parametrize("ending", ["adjlist", "edgelist", "gexf", "gml", "graphml", "g6", "s6", "net"])
def test_a_file_that_networkx_writes_is_read(ending: str, tmp_path: Path) -> None:
    graph = nx.circulant_graph(6, [1, 2])
    graph.remove_edges_from([edge for edge in graph.edges if 5 in edge])  # a general may be alone
    path = tmp_path / f"graph.{ending}"
    writers = {"g6": "write_graph6", "s6": "write_sparse6", "net": "write_pajek"}
    getattr(nx, writers.get(ending, f"write_{ending}"))(graph, path)
    text = canonical(str(path))
    assert text.startswith("edges:")
    path.unlink()
    assert {frozenset(edge) for edge in graph_of(text).edges} == {frozenset(edge) for edge in graph.edges}


@pytest.mark.parametrize(
    ("ending", "content", "what"),
    [
        ("gml", "nonsense", "cannot be read as .gml"),
        ("csv", "0,1", "known by its ending"),
        ("edgelist", "a b\nb c", "numbered without a gap"),
        ("edgelist", "1 2\n2 3", "numbered without a gap"),
        (
            "gml",
            'graph [ directed 1 node [ id 0 label "0" ] node [ id 1 label "1" ] edge [ source 0 target 1 ] ]',
            "undirected",
        ),
    ],
)
def test_a_file_without_a_usable_graph_is_refused(ending: str, content: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph.{ending}"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"^[^\n]*$") as refused:
        graph_of(str(path))
    assert what in str(refused.value)


def test_there_are_as_many_generals_as_nodes() -> None:
    with pytest.raises(UsageError, match="the graph cycle:5 has 5 nodes, and there are n=6 generals"):
        OM(n=6, m=1, graph="cycle:5")


def test_neighbours_are_listed_in_the_order_of_the_generals() -> None:
    assert OM(n=5, m=1, graph="cycle:5").neighbours(0) == [1, 4]
    assert OM(n=4, m=1).neighbours(2) == [0, 1, 3]
    assert OM(n=4, m=1, graph="complete:4").is_complete
    assert not OM(n=4, m=1, graph="cycle:4").is_complete


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph:
    n = draw(st.integers(1, 6))
    pairs = list(combinations(range(n), 2))
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else [])
    return graph


def generated(n: int, generators: list[tuple[int, ...]]) -> set[tuple[int, ...]]:
    found = {tuple(range(n))}
    pending = list(found)
    while pending:
        one = pending.pop()
        new = {tuple(moved[place] for place in one) for moved in generators} - found
        found |= new
        pending += new
    return found


def go_on() -> None:
    """Nobody asks to stop."""


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), cut=st.integers(0, 6), fixed=st.integers(0, 2))
def test_the_automorphisms_found_generate_all_that_keep_the_groups(graph: nx.Graph, cut: int, fixed: int) -> None:
    n = len(graph)
    groups = [range(fixed, min(cut, n)), range(max(cut, fixed), n)]
    outside = range(min(fixed, n))
    expected = {
        moved
        for moved in permutations(range(n))
        if all(graph.has_edge(moved[a], moved[b]) for a, b in graph.edges)
        and all(moved[general] in group for group in groups for general in group)
        and all(moved[general] == general for general in outside)
    }
    assert generated(n, automorphisms(graph, groups, go_on)) == expected


def are_regular(graph: nx.Graph, node: int, chosen: tuple[int, ...]) -> bool:
    """LSP 1982, section 5, by trying all ways to assign simple paths."""
    rest = graph.subgraph(other for other in graph if other != node)
    return all(_reach(rest, [one for one in chosen if one != target], target, set()) for target in rest)


def _reach(graph: nx.Graph, sources: list[int], target: int, used: set[int]) -> bool:
    if not sources:
        return True
    first, *others = sources
    left = graph.subgraph(node for node in graph if node not in used and node not in others)
    if first not in left or target not in left:
        return False
    ways = nx.all_simple_paths(left, first, target)
    return any(_reach(graph, others, target, used | set(way) - {target}) for way in ways)


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), p=st.integers(1, 4))
def test_a_regular_set_is_found_where_there_is_one(graph: nx.Graph, p: int) -> None:
    found = regular_set(graph, 0, p)
    all_sets = [chosen for chosen in combinations(sorted(graph[0]), p) if are_regular(graph, 0, chosen)]
    assert found == (all_sets[0] if all_sets else None)


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), data=st.data())
def test_the_paths_of_a_fan_meet_at_their_end_only(graph: nx.Graph, data: st.DataObject) -> None:
    sources = data.draw(st.lists(st.sampled_from(list(graph)), unique=True, max_size=3))
    target = data.draw(st.sampled_from(list(graph)))
    found = fan(graph, sources, target)
    outside = [source for source in sources if source != target]
    assert (found is None) == (not _reach(graph, outside, target, set()))
    if found is not None:
        walks = list(found.values())
        assert sorted(found) == sorted(outside)
        assert all(walk[-1] == target and nx.is_path(graph, walk) for walk in walks)
        inner = [node for walk in walks for node in walk[:-1]]
        assert len(set(inner)) == len(inner)


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), number=st.integers(1, 4))
def test_disjoint_paths_meet_at_their_ends_only(graph: nx.Graph, number: int) -> None:
    for one, other in combinations(graph, 2):
        found = disjoint_paths(graph, one, other, number)
        inner = [node for way in found for node in way[1:-1]]
        assert len(set(inner)) == len(inner)
        assert all((way[0], way[-1]) == (one, other) and nx.is_path(graph, way) for way in found)
        assert len(found) >= min(number, connectivity(graph))


def test_no_automorphisms_are_looked_for_on_large_graphs_and_the_search_can_be_stopped() -> None:
    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    assert automorphisms(graph_of("hypercube:6"), [range(1, 64)], go_on) == []
    with pytest.raises(Stop):
        automorphisms(graph_of("hypercube:4"), [range(1, 16)], stop)


def test_the_diameter_of_what_falls_apart_is_none() -> None:
    graph = graph_of("cycle:5")
    assert diameter_of(graph, range(5)) == 2
    assert diameter_of(graph, [0, 1, 2, 3]) == 3
    assert diameter_of(graph, [0, 2]) is None


@pytest.mark.slow
@pytest.mark.parametrize(("nodes", "number"), list(enumerate([1, 1, 2, 6, 21, 112, 853], start=1)))
def test_all_connected_graphs_are_there_each_once(nodes: int, number: int) -> None:
    """How many there are: OEIS A001349."""
    texts = connected_graphs(nodes)
    assert len(set(texts)) == len(texts) == number
    if nodes < 6:
        graphs = [graph_of(text) for text in texts]
        assert all(len(graph) == nodes and nx.is_connected(graph) for graph in graphs)
        assert not any(nx.is_isomorphic(one, other) for one, other in combinations(graphs, 2))


@pytest.mark.slow
@pytest.mark.parametrize(("nodes", "number"), list(enumerate([1, 2, 2, 4, 3, 8, 4, 12, 8, 20, 8, 48], start=1)))
def test_all_connected_circulants_are_there_each_once(nodes: int, number: int) -> None:
    """How many circulants there are, OEIS A049287: any is so many copies of a connected one, of a divisor's size."""
    parts = [size for size in range(1, nodes + 1) if nodes % size == 0]
    assert sum(len(circulants(size)) if size > 1 else 1 for size in parts) == number
    assert all(nx.is_connected(graph_of(text)) for text in (circulants(nodes) if nodes > 1 else []))
