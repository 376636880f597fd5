"""An oracle: views along simple paths, for byzantine generals without signatures, by numbers in arrays.

A path to a general is a bit of his view. It is what the last traitor on the path told the next general, or the order of
its first general. This module shares no code with the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import inf
from typing import Any

import numpy as np

from byzverify.language.faults import Fault
from byzverify.scenario.impossibility import Setting
from tests.solvability.sightings import General, Sighting, neighbours

Path = tuple[General, ...]
Array = Any


class Paths:
    """All executions in a setting, as arrays.

    sizes: how many traitors there are; by default every number up to the budget. walks: whether paths may repeat
    generals.
    """

    def __init__(self, setting: Setting, sizes: list[int] | None = None, walks: bool = False) -> None:
        assert setting.rounds is not None
        self.setting, self.walks = setting, walks
        most = setting.faults.get(Fault.BYZANTINE, 0)
        self.sizes = range(min(most, setting.n) + 1) if sizes is None else sizes
        self.near = neighbours(setting.n, setting.edges)
        generals = range(setting.n)
        self.starters = [*generals] if setting.commander is None else [setting.commander]
        self.deciders = [one for one in generals if one != setting.commander]
        self.to: dict[General, list[Path]] = {one: [] for one in generals}
        for starter in self.starters:
            for path in self._from((starter,)):
                self.to[path[-1]].append(path)
        self.first = {}
        self.views = 0
        for one in self.deciders:
            self.first[one] = self.views
            self.views += 2 ** len(self.to[one])

    def _from(self, path: Path) -> Iterator[Path]:
        yield path
        if len(path) <= (self.setting.rounds or 0):
            for one in self.near[path[-1]]:
                if self.walks or one not in path:
                    yield from self._from((*path, one))

    def executions(self) -> Iterator[tuple[dict[General, Array], Array, Array]]:
        """For each set of traitors, by execution: the view of each loyal general, and where 0 and where 1 is given."""
        for size in self.sizes:
            for traitors in combinations(range(self.setting.n), size):
                loyal = [one for one in self.deciders if one not in traitors]
                if loyal:
                    yield self._with(traitors, loyal)

    def _with(self, traitors: tuple[General, ...], loyal: list[General]) -> tuple[dict[General, Array], Array, Array]:
        place: dict[Path, int] = {}
        for one in self.starters:
            if one not in traitors:
                place[one,] = len(place)
        orders = len(place)
        read = {one: [self._word(path, traitors) for path in self.to[one]] for one in loyal}
        for word in (word for words in read.values() for word in words):
            place.setdefault(word, len(place))
        execution = np.arange(2 ** len(place), dtype=np.int64)
        views = {}
        for one, words in read.items():
            view = np.zeros_like(execution)
            for word in words:
                view = view * 2 + ((execution >> place[word]) & 1)
            views[one] = view + self.first[one]
        low = execution & (2**orders - 1)
        is_end = orders > 0 and self.setting.commander not in traitors
        return views, is_end & (low == 0), is_end & (low == 2**orders - 1)

    def _word(self, path: Path, traitors: tuple[General, ...]) -> Path:
        liars = [place for place, one in enumerate(path[:-1]) if one in traitors]
        return path[: max(liars) + 2] if liars else path[:1]

    def distance(self) -> float:
        """As `sightings.distance`, by rounds of relaxation over all executions."""
        away = np.full(self.views, np.iinfo(np.int32).max // 2, dtype=np.int32)
        ends = np.zeros(self.views, dtype=bool)
        known = [(np.stack([*views.values()]), zero, one) for views, zero, one in self.executions()]
        for views, zero, one in known:
            away[views[:, zero]] = 0
            ends[views[:, one]] = True
        while True:
            before = away.copy()
            for views, _, _ in known:
                nearest = away[views].min(axis=0) + 1
                for row in views:
                    np.minimum.at(away, row, nearest)
            if (away == before).all():
                found = away[ends].min(initial=np.iinfo(np.int32).max // 2)
                return int(found) if found < np.iinfo(np.int32).max // 2 else inf

    def sightings(self) -> Iterator[Sighting]:
        """The same executions one by one."""
        for views, zero, one in self.executions():
            for number in range(len(zero)):
                given = 0 if zero[number] else 1 if one[number] else None
                yield Sighting({general: int(view[number]) for general, view in views.items()}, given)
