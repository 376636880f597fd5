"""What follows from a setting alone: neighbours, paths, who starts, who decides, who is alike.

This module knows no faults and no executions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from byzverify.language.messages import General
from byzverify.limits import NO_LIMIT, Limit
from byzverify.scenario.impossibility import Setting, is_complete

Path = tuple[General, ...]
"""From a general who starts with an order, along edges, to who hears of it. A path of one general is his own order."""


MOST_PATHS = 500_000
"""The most simple paths that are kept."""

MOST_WALKS = 50_000
"""The most walks that are kept."""


class TooMany(Exception):
    """There are more paths or executions than can be kept."""


class Ground:
    """The network of a setting. rounds: the number of rounds, and so the most edges of a path. limit: how long all that
    is found out about it may take.
    """

    def __init__(self, setting: Setting, rounds: int, limit: Limit = NO_LIMIT) -> None:
        self.setting = setting
        self.rounds = rounds
        self.limit = limit
        self.n = setting.n
        self.generals = range(setting.n)
        self.starters = self.generals if setting.commander is None else (setting.commander,)
        self.deciders = tuple(general for general in self.generals if general != setting.commander)
        self.neighbours: list[list[General]] = [[] for _ in self.generals]
        for one, other in setting.edges:
            self.neighbours[one].append(other)
            self.neighbours[other].append(one)

    @cached_property
    def alike(self) -> list[list[General]]:
        """The generals in classes: two of one class can be exchanged, since they have the same other neighbours."""
        classes: list[list[General]] = []
        for general in self.generals:
            found = next((one for one in classes if self._exchangeable(one[0], general)), None)
            if found is None:
                classes.append([general])
            else:
                found.append(general)
        return classes

    def _exchangeable(self, one: General, other: General) -> bool:
        if self.setting.commander in (one, other):
            return False
        return {*self.neighbours[one]} - {other} == {*self.neighbours[other]} - {one}

    def class_of(self, general: General) -> list[General]:
        """The class of a general."""
        return next(one for one in self.alike if general in one)

    @cached_property
    def symmetries(self) -> list[dict[General, General]]:
        """Ways to rename generals that change neither the network nor the commander; all others are made of these."""
        same = {one: one for one in self.generals}
        swaps = [same | {group[0]: other, other: group[0]} for group in self.alike for other in group[1:]]
        if is_complete(self.setting):
            return swaps
        import networkx as nx

        from byzverify.language.topology import automorphisms

        graph = nx.empty_graph(self.n)
        graph.add_edges_from(self.setting.edges)
        return swaps + [dict(enumerate(images)) for images in automorphisms(graph, [self.deciders], lambda: None)]

    @cached_property
    def paths(self) -> dict[General, list[Path]]:
        """For each general who decides, the simple paths that end at him. Raises TooMany, OutOfTime and Interrupted."""
        found: dict[General, list[Path]] = {general: [] for general in self.generals}
        paths = (path for starter in self.starters for path in self._from((starter,), simple=True))
        for number, path in enumerate(paths):
            if number == MOST_PATHS:
                raise TooMany
            if number % 4096 == 0:
                self.limit.check()
            found[path[-1]].append(path)
        return {general: found[general] for general in self.deciders}

    @cached_property
    def walks(self) -> list[Path]:
        """All walks from a general who starts with an order, generals repeated or not, the shorter ones first. Raises
        TooMany.
        """
        if self._number_of_walks() > MOST_WALKS:
            raise TooMany
        found = [walk for starter in self.starters for walk in self._from((starter,), simple=False)]
        return sorted(found, key=len)

    def _number_of_walks(self) -> int:
        ending = [int(general in self.starters) for general in self.generals]
        total = sum(ending)
        for _ in range(self.rounds):
            ending = [sum(ending[other] for other in self.neighbours[one]) for one in self.generals]
            total += sum(ending)
        return total

    def _from(self, path: Path, simple: bool) -> Iterator[Path]:
        yield path
        if len(path) <= self.rounds:
            for following in self.neighbours[path[-1]]:
                if not (simple and following in path):
                    yield from self._from((*path, following), simple)
