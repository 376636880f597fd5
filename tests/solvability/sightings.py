"""What oracles about every protocol have in common: executions, what is seen in them, and what that decides.

This module shares no code with the engine. It knows no faults and no messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf

General = int
Edges = tuple[tuple[General, General], ...]

NEEDED: Mapping[str, float] = {"crusader": 2, "graded": 4}
"""From which distance between the given decisions these problems have a protocol."""


@dataclass(frozen=True)
class Sighting:
    """What an execution shows. seen: for each loyal general who decides, a number for what he has seen. given: what
    validity says that they decide; None if it says nothing.
    """

    seen: Mapping[General, int]
    given: int | None


def distance(sightings: Iterable[Sighting]) -> float:
    """How many steps, each between two loyal generals of one execution, lead from a decision 0 to a decision 1 that
    are given; infinite if no steps do, and 0 if somebody's decision is given twice.
    """
    meetings = [({*one.seen.items()}, one.given) for one in sightings]
    where = defaultdict(list)
    for number, (nodes, _) in enumerate(meetings):
        for node in nodes:
            where[node].append(number)
    zero, one = ({node for nodes, given in meetings if given == order for node in nodes} for order in (0, 1))
    known, frontier, entered = set(zero), set(zero), set[int]()
    steps = 0
    while frontier:
        if frontier & one:
            return steps
        numbers = {number for node in frontier for number in where[node]} - entered
        entered |= numbers
        frontier = {node for number in numbers for node in meetings[number][0]} - known
        known |= frontier
        steps += 1
    return inf


def solved(problem: str, far: float, epsilon: Fraction | None = None) -> bool:
    """Whether some protocol solves the problem, where given decisions are this far apart.

    epsilon: for approximate agreement; None asks for any epsilon above 0 and below 1.
    """
    if problem == "approximate":
        return far > 0 and (epsilon is None or far == inf or epsilon * int(far) >= 1)
    return far >= NEEDED.get(problem, inf)


def neighbours(n: int, edges: Edges) -> list[list[General]]:
    near: list[list[General]] = [[] for _ in range(n)]
    for one, other in edges:
        near[one].append(other)
        near[other].append(one)
    return near


def complete(n: int) -> Edges:
    return tuple((one, other) for one in range(n) for other in range(one + 1, n))
