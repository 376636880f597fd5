"""The graph that messages travel on: read from a file or made by a named generator, and questions about it.

A graph's nodes are the generals 0 to n-1; an edge carries messages both ways. A *text* names a graph. It is a generator
with its arguments (`circulant:7:1,2`), a file that networkx reads, or a list of edges `edges:0-1,1-2,...` (followed by
the generals without neighbours). A file is turned into such a list, so that an attack file can be read without the
graph's file. This is the only file that knows networkx.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from itertools import combinations
from math import gcd, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byzverify.errors import UsageError, meant
from byzverify.language.messages import General

if TYPE_CHECKING:
    import networkx as nx

Network = Any
"""A networkx graph whose nodes are the generals' numbers."""

GENERATORS: dict[str, tuple[str, str]] = {
    "complete": ("complete_graph", "N"),
    "circulant": ("circulant_graph", "N:D1,D2,..."),
    "cycle": ("cycle_graph", "N"),
    "path": ("path_graph", "N"),
    "star": ("star_graph", "LEAVES"),
    "wheel": ("wheel_graph", "N"),
    "hypercube": ("hypercube_graph", "DIMENSION"),
    "grid": ("grid_2d_graph", "ROWS:COLUMNS"),
    "bipartite": ("complete_bipartite_graph", "A:B"),
    "harary": ("hkn_harary_graph", "CONNECTIVITY:N"),
    "petersen": ("petersen_graph", ""),
    "atlas": ("graph_atlas", "NUMBER"),
}
"""Each generator's function in networkx, and its arguments."""

READERS = {
    ".adjlist": "read_adjlist",
    ".edgelist": "read_edgelist",
    ".gexf": "read_gexf",
    ".gml": "read_gml",
    ".graphml": "read_graphml",
    ".g6": "read_graph6",
    ".s6": "read_sparse6",
    ".net": "read_pajek",
}
"""networkx's reader for each kind of file."""

MOST_NODES = 1000

MOST_IN_ATLAS = 7
"""The atlas has all graphs with up to this many nodes. Source: R. C. Read & R. J. Wilson, An Atlas of Graphs, 1998."""

MOST_IN_CIRCLE = 13
"""The largest circulants listed up to isomorphism: 13 nodes take a tenth of a second, 14 nodes many times that."""

MOST_TO_MATCH = 32
"""The largest graph whose automorphisms are searched: the search grows fast, and no check of more nodes ends anyway."""


def canonical(text: str) -> str:
    """The text that names the same graph on every machine: a file becomes its edges. Raises UsageError."""
    if text.split(":")[0] in (*GENERATORS, "edges"):
        return text
    return _edges(_read(Path(text)))


def _edges(graph: nx.Graph) -> str:
    edges = [f"{a}-{b}" for a, b in sorted(map(sorted, graph.edges))]
    return "edges:" + ",".join([*edges, *(str(node) for node in graph if not graph[node])])


def graph_of(text: str) -> nx.Graph:
    """The graph that `text` names, frozen. Raises UsageError, which says what would be right, if it names none."""
    return _graph(canonical(text))


def graph_anew(text: str) -> nx.Graph:
    """The same graph built anew, as an object that nobody else has."""
    built: nx.Graph = _graph.__wrapped__(canonical(text))
    return built


def forget_graphs() -> None:
    """Build each graph anew on its next use, because somebody has changed one."""
    _graph.cache_clear()


@cache
def _graph(text: str) -> nx.Graph:
    import networkx as nx

    name, _, arguments = text.partition(":")
    return nx.freeze(_from_edges(arguments, text) if name == "edges" else _generated(name, arguments, text))


def _generated(name: str, arguments: str, text: str) -> nx.Graph:
    import networkx as nx

    function, wanted = GENERATORS[name]
    shapes = wanted.split(":") if wanted else []
    try:
        given = [list(map(int, part.split(","))) for part in (arguments.split(":") if arguments else [])]
        numbers = [part if "," in shape else _one(part) for part, shape in zip(given, shapes, strict=True)]
        _keep_small(name, [part for part in numbers if isinstance(part, int)])
        graph = getattr(nx, function)(*numbers)
    except (ValueError, nx.NetworkXException):
        usage = f"{name}:{wanted}" if wanted else name
        raise UsageError(f"{text!r} names no graph; write {usage}, with at most {MOST_NODES} nodes") from None
    return _numbered(nx.convert_node_labels_to_integers(graph, ordering="sorted"), text)


def _one(numbers: list[int]) -> int:
    (number,) = numbers
    return number


def _keep_small(name: str, numbers: list[int]) -> None:
    """Raise ValueError for a graph with too many nodes, or with none."""
    size = (
        2 ** min(numbers[0], 99)
        if name == "hypercube"
        else prod(numbers)
        if name == "grid"
        else MOST_IN_ATLAS
        if name == "atlas"
        else max(numbers, default=1)
    )
    if not (min(numbers, default=1) > 0 and size <= MOST_NODES):
        raise ValueError(size)


def _from_edges(arguments: str, text: str) -> nx.Graph:
    import networkx as nx

    try:
        graph = nx.Graph()
        for part in arguments.split(","):
            node, *others = map(int, part.split("-"))
            graph.add_node(node)
            graph.add_edges_from((node, other) for other in others)
            if len(others) > 1:
                raise ValueError(part)
    except ValueError:
        raise UsageError(f"{text!r} names no graph; write edges:0-1,1-2,...") from None
    return _numbered(graph, text)


def _read(path: Path) -> nx.Graph:
    import networkx as nx

    if not path.is_file():
        known = ", ".join(f"{name}:{wanted}" if wanted else name for name, (_, wanted) in GENERATORS.items())
        raise UsageError(
            f"{str(path)!r} is no graph: there is no such file, and no such generator; there are {known}, edges:0-1,..."
            f"{meant(str(path).partition(':')[0], [*GENERATORS, 'edges'])}"
        )
    if path.suffix not in READERS:
        raise UsageError(f"{path}: the kind of a graph's file is known by its ending, one of {', '.join(READERS)}")
    graph = _parsed(path)
    if isinstance(graph, list):
        raise UsageError(f"{path} has {len(graph)} graphs; give a file with one")
    if graph.is_directed() or (graph.is_multigraph() and path.suffix != ".net"):
        raise UsageError(f"{path}: messages travel both ways along single edges; give an undirected simple graph")
    return _numbered(nx.Graph(graph), str(path))


def _parsed(path: Path) -> Any:
    """The result of networkx's reader: a graph, or a list of several."""
    import networkx as nx

    try:
        return getattr(nx, READERS[path.suffix])(path)
    except Exception as error:  # networkx's readers raise exceptions of all kinds
        line = (str(error).splitlines() or [""])[0]
        raise UsageError(f"{path} cannot be read as {path.suffix}: {type(error).__name__}: {line}") from None


def _numbered(graph: nx.Graph, title: str) -> nx.Graph:
    """The graph with its nodes as numbers, in order. Raises UsageError unless they are 0 to n-1."""
    import networkx as nx

    numbers = {node: int(str(node)) if str(node).isdecimal() and len(str(node)) < 9 else -1 for node in graph}
    if sorted(numbers.values()) != list(range(len(graph))) or not numbers:
        raise UsageError(f"{title}: the nodes of a graph must be the generals 0 to n-1, numbered without a gap")
    graph = nx.relabel_nodes(graph, numbers)
    if any(graph.has_edge(node, node) for node in graph):
        raise UsageError(f"{title}: a general is joined to himself; leave such edges out")
    ordered = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_edges_from(sorted(map(sorted, graph.edges)))
    return ordered


def connected_graphs(nodes: int) -> list[str]:
    """Texts for all connected graphs with this many nodes, up to isomorphism. Raises UsageError for too many nodes."""
    import networkx as nx

    if not 1 <= nodes <= MOST_IN_ATLAS:
        raise UsageError(f"all connected graphs are known for 1 to {MOST_IN_ATLAS} nodes, not {nodes}")
    drawn = list(enumerate(nx.graph_atlas_g()))
    return [f"atlas:{number}" for number, graph in drawn if len(graph) == nodes and nx.is_connected(graph)]


def circulants(nodes: int) -> list[str]:
    """Texts for all connected circulants with this many nodes, up to isomorphism. Raises UsageError for too many."""
    import networkx as nx

    if not 2 <= nodes <= MOST_IN_CIRCLE:
        raise UsageError(f"circulants are listed for 2 to {MOST_IN_CIRCLE} nodes, not {nodes}")
    found: dict[str, nx.Graph] = {}
    for size in range(1, nodes // 2 + 1):
        for steps in combinations(range(1, nodes // 2 + 1), size):
            graph = nx.circulant_graph(nodes, steps)
            if gcd(nodes, *steps) == 1 and not any(_isomorphic(graph, other) for other in found.values()):
                found[f"circulant:{nodes}:{','.join(map(str, steps))}"] = graph
    return list(found)


def _isomorphic(one: nx.Graph, other: nx.Graph) -> bool:
    import networkx as nx

    return nx.could_be_isomorphic(one, other) and bool(nx.is_isomorphic(one, other))


def graphs_in(path: Path) -> list[str]:
    """Texts for the graphs in a file. A text file has one on each line; from a .g6 or .s6 file, all graphs are taken.

    Empty lines and everything after a # are ignored. Raises UsageError.
    """
    if path.suffix in (".g6", ".s6"):
        read = _parsed(path)
        return [_edges(_numbered(graph, str(path))) for graph in (read if isinstance(read, list) else [read])]
    if path.suffix in READERS:
        return [canonical(str(path))]
    try:
        lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
    return [canonical(line) for line in lines if line]


def connectivity(graph: nx.Graph) -> int:
    """How many nodes must be removed to disconnect the graph; n-1 for a complete graph."""
    import networkx as nx

    return int(nx.node_connectivity(graph)) if len(graph) > 1 else 0


def fan(graph: nx.Graph, sources: Collection[General], target: General) -> dict[General, tuple[General, ...]] | None:
    """A fan: paths from each source to `target` that share only that end; None if there are none."""
    import networkx as nx

    outside = [source for source in sources if source != target]
    if not outside:
        return {}
    joined = nx.Graph(graph)
    joined.add_edges_from(("start", source) for source in outside)
    try:
        paths = list(nx.node_disjoint_paths(joined, "start", target, cutoff=len(outside)))
    except nx.NetworkXNoPath:
        return None
    if len(paths) < len(outside):
        return None
    return {path[1]: tuple(path[1:]) for path in paths}


def disjoint_paths(graph: nx.Graph, source: General, target: General, number: int) -> list[tuple[General, ...]]:
    """As many paths as there are, up to `number`, that share only their ends; each includes both ends."""
    import networkx as nx

    found = nx.node_disjoint_paths(graph, source, target, cutoff=number) if nx.has_path(graph, source, target) else ()
    return sorted((tuple(path) for path in found), key=lambda path: (len(path), path))


def regular_set(graph: nx.Graph, node: General, p: int) -> tuple[General, ...] | None:
    """The first regular set of p neighbours of `node`; None if there is none. LSP 1982, section 5.

    A set is regular if every other node can be reached from its members along paths that avoid `node` and share only
    their last node.
    """
    rest = graph.subgraph(other for other in graph if other != node)
    for chosen in combinations(sorted(graph[node]), p):
        if all(fan(rest, chosen, target) is not None for target in rest):
            return chosen
    return None


def diameter_of(graph: nx.Graph, nodes: Collection[General]) -> int | None:
    """The diameter of the subgraph of `nodes`; None if it is empty or not connected."""
    import networkx as nx

    part = graph.subgraph(nodes)
    return int(nx.diameter(part)) if len(part) and nx.is_connected(part) else None


def automorphisms(
    graph: nx.Graph, groups: Sequence[Collection[General]], check: Callable[[], None]
) -> list[tuple[General, ...]]:
    """Permutations that preserve the edges and every group, and move no general outside the groups.

    Each gives the image of every general. They generate all such permutations, because they are a strong generating
    set: for each general in turn, one permutation for each place that he can move to while all generals before him
    stay in place. Source: C. C. Sims 1970. For a graph with more than `MOST_TO_MATCH` nodes, no search is made. check:
    called now and then; it may raise an error to stop the search.
    """
    if len(graph) > MOST_TO_MATCH:
        return []
    moves = [(moved, place) for group in groups for moved in sorted(group) for place in sorted(group) if place > moved]
    found = []
    for moved, place in moves:
        check()
        found.append(_isomorphism(graph, groups, moved, place))
    return [permutation for permutation in found if permutation is not None]


def _isomorphism(
    graph: nx.Graph, groups: Sequence[Collection[General]], moved: General, place: General
) -> tuple[General, ...] | None:
    """A permutation as above that takes `moved` to `place`, and leaves all generals below `moved` in place."""
    import networkx as nx
    from networkx.algorithms.isomorphism import GraphMatcher, categorical_node_match

    one, other = nx.Graph(graph), nx.Graph(graph)
    group_of = {general: -2 - index for index, group in enumerate(groups) for general in group}
    for node in graph:
        color = node if node < moved else group_of.get(node, node)
        one.nodes[node]["color"] = -1 if node == moved else color
        other.nodes[node]["color"] = -1 if node == place else color
    matcher = GraphMatcher(one, other, node_match=categorical_node_match("color", -1))
    image = next(matcher.isomorphisms_iter(), None)
    return None if image is None else tuple(image[node] for node in graph)


def alike_nodes(graph: nx.Graph, check: Callable[[], None]) -> list[list[General]]:
    """The nodes in classes: two of one class can be taken to each other by a permutation that preserves the edges.

    In a graph with more than `MOST_TO_MATCH` nodes, each node is in a class of its own. check: as for `automorphisms`.
    """
    import networkx as nx

    joined = nx.empty_graph(len(graph))
    for permutation in automorphisms(graph, [list(graph)], check):
        joined.add_edges_from(enumerate(permutation))
    return sorted(sorted(part) for part in nx.connected_components(joined))
