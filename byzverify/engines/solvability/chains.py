"""The search for a shortest chain: breadth first through demands, up to symmetry, without those that demand more.

This module knows which executions follow one another. It does not know what is said in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from byzverify.engines.solvability.demands import Demand, Steps, Traitors
from byzverify.language.messages import General

Names = dict[General, General]


@dataclass(frozen=True)
class Outline:
    """A chain of which only this is known. traitors: of each execution. witnesses: of each but the last."""

    traitors: tuple[Traitors, ...]
    witnesses: tuple[General, ...]


@dataclass(frozen=True)
class _Reached:
    """A demand, and the step that led to it. traitors: in the names of the demand before; names: what has changed."""

    demand: Demand
    traitors: Traitors
    names: Names
    before: _Reached | None


class ChainSearch:
    """A breadth-first search for a shortest chain.

    longest: the most executions that a chain may have; None for any number. found: the chain, once there is one.
    demands: how many were looked at.
    """

    def __init__(self, steps: Steps, longest: int | None = None) -> None:
        self.steps = steps
        self.longest = longest
        self.demands = 0
        self._kept: dict[General, list[Demand]] = {}

    def run(self, progress: Callable[[str], None] = lambda line: None) -> Outline | None:
        """The shortest chain; None if there is none. Raises OutOfTime and Interrupted."""
        level = self._weakest([_Reached(demand, traitors, {}, None) for traitors, demand in self.steps.first()])
        executions = 2
        while level and (self.longest is None or executions <= self.longest):
            progress(f"chains of {executions} executions: {len(level)} demands on a view")
            for reached in level:
                last = self.steps.last(reached.demand)
                if last is not None:
                    return _outline(reached, last)
            level = self._next(level)
            executions += 1
        return None

    def _next(self, level: list[_Reached]) -> list[_Reached]:
        following: dict[Demand, _Reached] = {}
        for reached in level:
            for traitors, demand in self.steps.next(reached.demand):
                names = canonical_names(self.steps, demand)
                renamed = self.steps.renamed(demand, names)
                following.setdefault(renamed, _Reached(renamed, traitors, names, reached))
        return self._weakest([*following.values()])

    def _weakest(self, found: list[_Reached]) -> list[_Reached]:
        """Those that demand no more than another one, or than one that was found before."""
        fresh = []
        for reached in sorted(found, key=lambda one: len(set(one.demand.blocks)), reverse=True):
            self.steps.ground.limit.check()
            known = self._kept.setdefault(reached.demand.general, [])
            if not any(weaker.follows_from(reached.demand) for weaker in known):
                known.append(reached.demand)
                fresh.append(reached)
        self.demands += len(fresh)
        return fresh


def canonical_names(steps: Steps, demand: Demand) -> Names:
    """Names under which demands that differ only by a symmetry become the same, in most cases.

    Generals are sorted by how they occur on the paths of each block, refined until nothing changes. Only generals who
    can be exchanged in the network get each other's names.
    """
    home = steps.ground.class_of(demand.general)[0]
    swap = {} if home == demand.general else {home: demand.general, demand.general: home}
    moved = steps.renamed(demand, swap)
    colours = _colours(steps, moved)
    names = {}
    for group in steps.ground.alike:
        members = [general for general in group if general != home]
        for place, general in zip(members, sorted(members, key=lambda one: colours[one]), strict=True):
            names[general] = place
    names[home] = home
    return {general: names[swap.get(general, general)] for general in steps.ground.generals}


def _colours(steps: Steps, demand: Demand) -> dict[General, int]:
    ground = steps.ground
    colours = {one: place for place, group in enumerate(ground.alike) for one in group}
    colours[demand.general] = len(ground.alike)
    paths = ground.paths[demand.general]
    while True:
        coloured = [tuple(colours[one] for one in path) for path in paths]
        blocks: dict[int, list[tuple[int, ...]]] = {}
        for path, block in zip(coloured, demand.blocks, strict=True):
            blocks.setdefault(block, []).append(path)
        kinds = {block: (block == 0, tuple(sorted(found))) for block, found in blocks.items()}
        order = {kind: place for place, kind in enumerate(sorted(set(kinds.values())))}
        seen: dict[General, list[tuple[int, int, tuple[int, ...]]]] = {one: [] for one in ground.generals}
        for path, colour, block in zip(paths, coloured, demand.blocks, strict=True):
            for place, one in enumerate(path):
                seen[one].append((order[kinds[block]], place, colour))
        signs = {one: (colours[one], tuple(sorted(found))) for one, found in seen.items()}
        numbers = {sign: place for place, sign in enumerate(sorted(set(signs.values())))}
        refined = {one: numbers[sign] for one, sign in signs.items()}
        if len(set(refined.values())) == len(set(colours.values())):
            return refined
        colours = refined


def _outline(reached: _Reached, last: Traitors) -> Outline:
    """The chain that led to a demand, all of it in the names of its end."""
    traitors, witnesses = [last], []
    names = {general: general for general in range(1000)}
    found: _Reached | None = reached
    while found is not None:
        witnesses.append(names[found.demand.general])
        names = {one: names[found.names.get(one, one)] for one in names}
        traitors.append(frozenset(names[one] for one in found.traitors))
        found = found.before
    return Outline(tuple(reversed(traitors)), tuple(reversed(witnesses)))
