"""Double covers in which no protocol can decide, for any number of rounds.

Fischer, Lynch & Merritt 1986, theorems 1 and 2: with t byzantine generals there is one wherever 3 <= n <= 3t, or 2t or
fewer generals separate the network. Dolev 1982: otherwise broadcast has a protocol. Where the faulty generals are the
same in all scenes, they need not lie: they send nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from byzverify.language.messages import General
from byzverify.language.topology import Network
from byzverify.scenario.impossibility import CoverScene, DoubleCover, Setting, is_complete

Group = frozenset[General]


def cover(setting: Setting, liars: int, silent: int) -> DoubleCover | None:
    """A cover in which no protocol can decide; None if there is none.

    liars: how many generals may show different runs to different neighbours. silent: how many may send nothing.
    """
    if setting.n < 2:
        return None
    apart = _cut_from_commander(setting)
    if apart is not None and len(apart) <= silent:
        return _without(setting, apart)
    cut = smallest_cut(setting)
    if setting.n >= 3 and liars and setting.n <= 3 * liars:
        return _ring_of_three(setting, liars)
    if cut is not None and len(cut) <= 2 * liars:
        return _ring_of_four(setting, cut, liars)
    return None


def smallest_cut(setting: Setting) -> Group | None:
    """As few generals as possible who separate the others; None if every two generals are neighbours."""
    if is_complete(setting):
        return None
    import networkx as nx

    graph = _graph(setting)
    return frozenset(nx.minimum_node_cut(graph)) if nx.is_connected(graph) else frozenset()


def _cut_from_commander(setting: Setting) -> Group | None:
    """As few generals as possible who separate somebody from the commander, or, where there is none, from anybody."""
    if setting.commander is None or is_complete(setting):
        return smallest_cut(setting)
    import networkx as nx

    graph, commander = _graph(setting), setting.commander
    far = list(nx.non_neighbors(graph, commander))
    return min((frozenset(nx.minimum_node_cut(graph, commander, one)) for one in far), key=len, default=None)


def _graph(setting: Setting) -> Network:
    import networkx as nx

    graph = nx.Graph(setting.edges)
    graph.add_nodes_from(range(setting.n))
    return graph


def _sides(setting: Setting, cut: Group) -> tuple[Group, Group]:
    """The two sides of a cut. If the commander is in one, it is the first."""
    import networkx as nx

    graph = _graph(setting)
    graph.remove_nodes_from(cut)
    parts = [frozenset(part) for part in nx.connected_components(graph)]
    first = next((part for part in parts if setting.commander in part), parts[0])
    return first, frozenset(range(setting.n)) - cut - first


def _without(setting: Setting, cut: Group) -> DoubleCover:
    """The cover in which those who separate the others send nothing."""
    first, second = _sides(setting, cut)
    scenes = [CoverScene(cut, _sheets((first, one), (second, other))) for one, other in ((0, 0), (1, 0), (1, 1))]
    if setting.commander is None:
        return _covered(setting, [], scenes, [min(second), min(first)])
    return _covered(setting, [], scenes[:2], [min(second)])


def _ring_of_three(setting: Setting, liars: int) -> DoubleCover:
    """The hexagon: three groups, each small enough to be faulty, and both copies of each in a ring."""
    one, two, three = _thirds(setting, liars)
    scenes = [
        CoverScene(three, _sheets((one, 0), (two, 0))),
        CoverScene(one, _sheets((two, 0), (three, 0))),
        CoverScene(two, _sheets((three, 0), (one, 1))),
    ]
    witnesses = [min(two), min(three)]
    if setting.commander is None:
        scenes = [*scenes[1:], CoverScene(three, _sheets((one, 1), (two, 1)))]
        witnesses = [min(three), min(one)]
    return _covered(setting, _between(setting, one, three), scenes, witnesses)


def _thirds(setting: Setting, liars: int) -> tuple[Group, Group, Group]:
    """All generals in three groups, none empty and none larger than `liars`; the commander is in the first."""
    first = setting.commander or 0
    rest = [general for general in range(setting.n) if general != first]
    size = min(liars, setting.n - 2)
    taken = max(size, 1)
    two = rest[: min(taken, len(rest) - 1)]
    three = rest[len(two) : len(two) + liars]
    one = [first, *rest[len(two) + len(three) :]]
    return frozenset(one), frozenset(two), frozenset(three)


def _ring_of_four(setting: Setting, cut: Group, liars: int) -> DoubleCover:
    """The octagon: two sides and the two halves of the cut between them. Fischer, Lynch & Merritt 1986, theorem 2."""
    first, second = _sides(setting, cut)
    ordered = sorted(cut, key=lambda general: (general != setting.commander, general))
    half, other = frozenset(ordered[:liars]), frozenset(ordered[liars:])
    without_half = [CoverScene(half, _sheets((first, k), (second, k), (other, k))) for k in (0, 1)]
    without_other = [CoverScene(other, _sheets((second, k), (half, k), (first, 1 - k))) for k in (0, 1)]
    far, near = min(second), min(first)
    crossed = _between(setting, first, half)
    if setting.commander is None:
        scenes = [without_half[0], without_other[0], without_half[1]]
        return _covered(setting, crossed, scenes, [far, near])
    if setting.commander in first:
        return _covered(setting, crossed, [without_half[0], without_other[0]], [far])
    scenes = [without_other[0], without_half[1], without_other[1]]
    return _covered(setting, crossed, scenes, [near, far])


def _covered(
    setting: Setting,
    crossed: Iterable[tuple[General, General]],
    scenes: Sequence[CoverScene],
    witnesses: Sequence[General],
) -> DoubleCover:
    return DoubleCover(setting, frozenset(crossed), tuple(scenes), tuple(witnesses))


def _between(setting: Setting, one: Group, other: Group) -> list[tuple[General, General]]:
    return [(a, b) for a, b in setting.edges if (a in one and b in other) or (a in other and b in one)]


def _sheets(*groups: tuple[Group, int]) -> dict[General, int]:
    return dict(sorted((general, sheet) for group, sheet in groups for general in group))
