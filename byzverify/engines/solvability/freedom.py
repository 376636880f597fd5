"""How many decision rules solve a problem, where the views are few enough to look at each.

A view is what a general hears along the simple paths to him. Views that occur together in an execution belong to one
component, and all views of a component lead to one decision. It is given where a loyal commander gives an order; other
components are free. This module knows byzantine faults without signatures, and problems in which the loyal agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from byzverify.engines.solvability.demands import Merged, Steps, Traitors
from byzverify.engines.solvability.settings import Ground, TooMany
from byzverify.language.messages import General
from byzverify.limits import NO_LIMIT, Limit

MOST = 2**19
"""The most executions that are looked at."""

Node = tuple[General, tuple[int, ...]]
"""A general and his view: the order along each of his paths."""


@dataclass(frozen=True)
class Freedom:
    """How free a protocol is. views: how many views there are. free: how many components have no given decision: there
    are 2**free rules. alike: there are 2**alike rules that treat generals alike.
    """

    views: int
    free: int
    alike: int


def freedom(ground: Ground, liars: int, limit: Limit = NO_LIMIT) -> Freedom | None:
    """How many rules there are; None if there are too many executions to look at. Raises OutOfTime and Interrupted."""
    try:
        steps = Steps(ground, liars)
    except TooMany:
        return None
    choices = [frozenset(one) for one in combinations(ground.generals, steps.within)]
    if not _are_few(steps, choices, limit):
        return None
    components, given = Merged(), set[object]()
    nodes: set[Node] = set()
    for traitors in choices:
        limit.check()
        for execution, views in _executions(steps, traitors):
            for view in views:
                components.merge(view, views[0])
            nodes.update(views)
            orders = {execution[(one,)] for one in ground.starters if one not in traitors}
            if orders and len(orders) == 1 and ground.setting.commander not in traitors:
                given.add(views[0])
    pinned = {components.root(node) for node in given}
    free = {components.root(node) for node in nodes} - pinned
    return Freedom(len(nodes), len(free), _orbits(ground, components, nodes, free))


def _are_few(steps: Steps, choices: list[Traitors], limit: Limit) -> bool:
    """Whether there are no more executions than are looked at."""
    known = 0
    for traitors in choices:
        limit.check()
        known += 2 ** len(_sources(steps, traitors))
        if known > MOST:
            return False
    return True


def _sources(steps: Steps, traitors: Traitors) -> list[object]:
    found = {source: None for one in steps.index if one not in traitors for source in steps.sources(traitors, one)}
    loyal = ((one,) for one in steps.ground.starters if one not in traitors)
    return list(found | dict.fromkeys(loyal))


def _executions(steps: Steps, traitors: Traitors) -> Iterator[tuple[dict[object, int], list[Node]]]:
    sources = _sources(steps, traitors)
    loyal = [(one, steps.sources(traitors, one)) for one in steps.index if one not in traitors]
    for number in range(2 ** len(sources)):
        execution = {source: number >> place & 1 for place, source in enumerate(sources)}
        yield execution, [(one, tuple(execution[source] for source in heard)) for one, heard in loyal]


def _orbits(ground: Ground, components: Merged, nodes: set[Node], free: set[object]) -> int:
    """How many of the free components are left if those that symmetries exchange count as one."""
    orbits = Merged()
    for names in ground.symmetries:
        for node in nodes:
            if components.root(node) in free:
                orbits.merge(components.root(node), components.root(_renamed(ground, node, names)))
    return len({orbits.root(component) for component in free})


def _renamed(ground: Ground, node: Node, names: dict[General, General]) -> Node:
    general, view = node
    heard = {tuple(names[one] for one in path): order for path, order in zip(ground.paths[general], view, strict=True)}
    return names[general], tuple(heard[path] for path in ground.paths[names[general]])
