"""Demands: what a general's view must satisfy so that a chain of executions that began with order 0 can go on from it.

Only who lies matters for a chain, and who cannot tell two executions apart. What is said can be chosen afterwards, so
the search keeps it unknown: it knows which messages must say the same, and which must say order 0. A *demand* is this
knowledge about the view of one general. docs/explanation/every-protocol.md has the proof that nothing is lost.

This module knows byzantine faults and unsigned messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from byzverify.engines.solvability.settings import Ground, Path
from byzverify.language.messages import General

Traitors = frozenset[General]
Blocks = tuple[int, ...]
"""For each path to a general, the number of its block: paths of one block say the same, those of block 0 say order 0.
The other blocks are numbered in the order in which they begin.
"""


@dataclass(frozen=True)
class Demand:
    """What the view of a general must satisfy. blocks: of the paths to him, in the order of `Ground.paths`."""

    general: General
    blocks: Blocks

    def follows_from(self, stricter: Demand) -> bool:
        """Whether a view that satisfies the other demand satisfies this one; both are about one general."""
        joined: dict[int, int] = {0: 0}
        return all(
            joined.setdefault(mine, other) == other for mine, other in zip(self.blocks, stricter.blocks, strict=True)
        )


class Merged(dict[object, object]):
    """Which things are equal: a forest in which each thing points to an equal one, or is its own root."""

    def root(self, thing: object) -> object:
        """The thing that stands for all that are equal to this one."""
        path = []
        while (above := self.get(thing, thing)) != thing:
            path.append(thing)
            thing = above
        for passed in path:
            self[passed] = thing
        return thing

    def merge(self, one: object, other: object) -> None:
        """Make two things equal; the second one's root remains."""
        self[self.root(one)] = self.root(other)


ZERO = "order 0"


class Steps:
    """The steps that a chain can take in a network with up to `most` traitors."""

    def __init__(self, ground: Ground, most: int) -> None:
        self.ground = ground
        self.within = min(most, max(0, ground.n - 2))  # two loyal generals compare what they decide
        self.at_ends = self.within if ground.setting.commander is not None else min(most, ground.n - 1)
        self.index = {
            general: {path: place for place, path in enumerate(paths)} for general, paths in ground.paths.items()
        }
        self.sources = cache(self._sources)

    def _sources(self, traitors: Traitors, general: General) -> list[object]:
        """For each path to the general, whose word it is: what the last traitor on it told the next general, or the
        order of a loyal general.
        """
        return [_source(traitors, path) for path in self.ground.paths[general]]

    def first(self) -> Iterator[tuple[Traitors, Demand]]:
        """The demands after a first execution, in which all orders of loyal generals are order 0."""
        for traitors, general in self._choices(self.ground.alike, None, self.at_ends):
            if self._is_end(traitors):
                merged = Merged()
                for starter in self.ground.starters:
                    merged.merge((starter,), ZERO)
                yield traitors, self._demand(merged, traitors, general)

    def next(self, demand: Demand) -> Iterator[tuple[Traitors, Demand]]:
        """The demands after one more execution."""
        for traitors, general in self._choices(self.classes(demand), demand.general, self.within):
            yield traitors, self._demand(self._merged(demand, traitors), traitors, general)

    def last(self, demand: Demand) -> Traitors | None:
        """Traitors of an execution that satisfies the demand, in which all orders of loyal generals are order 1; None
        if there is none.
        """
        classes = self.classes(demand)
        for traitors in _subsets(classes, {demand.general}, self.at_ends):
            if self._is_end(traitors):
                merged = self._merged(demand, traitors)
                if all(merged.root((one,)) != merged.root(ZERO) for one in self.ground.starters if one not in traitors):
                    return traitors
        return None

    def classes(self, demand: Demand) -> list[list[General]]:
        """The generals in classes: exchanging two of one class changes neither the network nor the demand."""
        classes: list[list[General]] = []
        for group in self.ground.alike:
            found: list[list[General]] = []
            for general in group:
                fits = (one for one in found if self._unchanged(demand, one[0], general))
                known = None if general == demand.general else next(fits, None)
                if known is None:
                    found.append([general])
                else:
                    known.append(general)
            classes += found
        return classes

    def _unchanged(self, demand: Demand, one: General, other: General) -> bool:
        return demand.general not in (one, other) and self.renamed(demand, {one: other, other: one}) == demand

    def renamed(self, demand: Demand, names: dict[General, General]) -> Demand:
        """The same demand with other names for the generals. names: only those that change; a symmetry."""
        general = names.get(demand.general, demand.general)
        index = self.index[general]
        moved = [0] * len(demand.blocks)
        for path, block in zip(self.ground.paths[demand.general], demand.blocks, strict=True):
            moved[index[tuple(names.get(one, one) for one in path)]] = block
        return Demand(general, _numbered(moved))

    def _choices(
        self, classes: list[list[General]], standing: General | None, number: int
    ) -> Iterator[tuple[Traitors, General]]:
        """Traitors and the next witness, one choice of each kind. standing: who was the witness before."""
        before = set() if standing is None else {standing}
        for traitors in _subsets(classes, before, number):
            for group in classes:
                loyal = [one for one in group if one not in traitors and one not in before and one in self.index]
                if loyal:
                    yield traitors, loyal[0]

    def _is_end(self, traitors: Traitors) -> bool:
        return self.ground.setting.commander not in traitors

    def _merged(self, demand: Demand, traitors: Traitors) -> Merged:
        self.ground.limit.check()
        merged, block_source = Merged(), dict[int, object]({0: ZERO})
        for block, source in zip(demand.blocks, self.sources(traitors, demand.general), strict=True):
            merged.merge(source, block_source.setdefault(block, source))
        return merged

    def _demand(self, merged: Merged, traitors: Traitors, general: General) -> Demand:
        self.ground.limit.check()
        zero = merged.root(ZERO)
        roots = [merged.root(source) for source in self.sources(traitors, general)]
        return Demand(general, _numbered([0 if root == zero else root for root in roots]))


def _source(traitors: Traitors, path: Path) -> Path:
    for place in range(len(path) - 2, -1, -1):
        if path[place] in traitors:
            return path[: place + 2]
    return path[:1]


def _numbered(blocks: Iterable[object]) -> Blocks:
    numbers: dict[object, int] = {0: 0}
    return tuple(numbers.setdefault(block, len(numbers)) for block in blocks)


def _subsets(classes: list[list[General]], without: set[General], size: int) -> Iterator[Traitors]:
    """Sets of so many generals, one for each choice of how many come from each class; smaller if there are too few."""
    free = [[general for general in group if general not in without] for group in classes]
    size = min(size, sum(map(len, free)))
    for counts in product(*(range(min(size, len(group)) + 1) for group in free)):
        if sum(counts) == size:
            yield frozenset(one for group, count in zip(free, counts, strict=True) for one in group[:count])
