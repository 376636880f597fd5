"""A cheapest assignment under which a literal is true, if some variables cost something when they are true.

The algorithm is dynamic programming over the nodes of the graph, from the literal down. If the parts of a node share
nothing, the values of the parts can be chosen independently. If they share a node, both its values are tried at its
immediate dominator, the lowest node through which all paths from the literal to it lead; below the dominator, its value
is then fixed. On a tree this takes linear time. In general it is exponential in the number of nodes shared at one
place, and graphs that share too much are refused. This module knows terms, but not their meaning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import inf

from byzverify.limits import Limit
from byzverify.logic.terms import AtLeast, Literal, Terms, cone

MOST_SHARED = 10
"""The largest number of nodes whose values are tried together, in all combinations."""

Choice = tuple[tuple[bool, ...], tuple[bool, ...]]
"""The values of the nodes that are tried at a node, and of its parts."""


class TooEntangled(Exception):
    """Too much is shared at one node, or the graph is deeper than Python's calls can be."""


class Cheapest:
    """The lowest cost of making `goal` true: `cost`, infinite if that is impossible.

    prices: the cost of each variable if it is true, 0 for variables not named. banned: variables that must be false.
    Raises TooEntangled for graphs that are neither trees nor close to one, and Stopped at the limit.
    """

    def __init__(
        self,
        terms: Terms,
        goal: Literal,
        prices: Mapping[int, int],
        limit: Limit,
        banned: Collection[int] = frozenset(),
    ) -> None:
        self._terms = terms
        self._limit = limit
        self._goal = goal
        self._prices: dict[int, float] = {**prices, **dict.fromkeys(banned, inf)}
        self._shape = _Shape(terms, goal)
        self._known: dict[tuple[int, bool, tuple[bool, ...]], tuple[float, Choice]] = {}
        try:
            self.cost = self._solve(abs(goal), goal > 0, {})
        except RecursionError:
            raise TooEntangled from None

    def true_variables(self) -> frozenset[int]:
        """The true variables of a cheapest assignment. Call it only if there is one."""
        true: set[int] = set()
        self._follow(abs(self._goal), self._goal > 0, {}, true)
        return frozenset(true)

    def _solve(self, number: int, value: bool, given: dict[int, bool]) -> float:
        """The lowest cost for which a node has this value, if the shared nodes that it depends on have those given."""
        key = self._key(number, value, given)
        if key not in self._known:
            self._limit.step()
            self._known[key] = self._best(number, value, given)
        return self._known[key][0]

    def _key(self, number: int, value: bool, given: Mapping[int, bool]) -> tuple[int, bool, tuple[bool, ...]]:
        return number, value, tuple([given[one] for one in self._shape.depends[number]])

    def _best(self, number: int, value: bool, given: dict[int, bool]) -> tuple[float, Choice]:
        node = self._terms.nodes[number]
        if node is None:
            return (self._prices.get(number, 0) if value else 0), ((), ())
        best: tuple[float, Choice] = (inf, ((), ()))
        tried = self._shape.tried.get(number, ())
        for paid in self._tries(tried, given):
            self._limit.spend(len(node.literals))
            cost, parts = self._add_up(node, value, given)
            if paid + cost < best[0]:
                best = paid + cost, (tuple(given[one] for one in tried), parts)
        return best

    def _tries(self, tried: Sequence[int], given: dict[int, bool]) -> Iterator[float]:
        """Set `given` to every combination of values for `tried`, one after the other; yield the cost of each."""
        if not tried:
            yield 0
            return
        first, *others = tried
        for value in (False, True):
            cost = self._solve(first, value, given)
            if cost < inf:
                given[first] = value
                for paid in self._tries(others, given):
                    yield cost + paid
                del given[first]

    def _add_up(self, node: AtLeast, value: bool, given: dict[int, bool]) -> tuple[float, tuple[bool, ...]]:
        """The lowest cost of a node's parts if the node has this value, and the values of the parts."""
        weighted = node.weighted
        need = node.k if value else sum(weight for weight, _ in weighted) - node.k + 1
        offers = []
        for weight, literal in weighted:
            wanted = (literal > 0) == value
            offers.append(
                (weight, self._part(abs(literal), wanted, given), self._part(abs(literal), not wanted, given))
            )
        cost, taken = (_fewest if node.weights is None else _lightest)(need, offers)
        return cost, tuple(
            [((literal > 0) == value) == take for (_, literal), take in zip(weighted, taken, strict=True)]
        )

    def _part(self, number: int, value: bool, given: dict[int, bool]) -> float:
        if number in self._shape.shared:
            return 0 if given[number] == value else inf
        return self._solve(number, value, given)

    def _follow(self, number: int, value: bool, given: dict[int, bool], true: set[int]) -> None:
        """Add the true variables in what was chosen for a node and below it to `true`."""
        node = self._terms.nodes[number]
        if node is None:
            if value:
                true.add(number)
            return
        tried, parts = self._known[self._key(number, value, given)][1]
        for one, came in zip(self._shape.tried.get(number, ()), tried, strict=True):
            self._follow(one, came, given, true)
            given[one] = came
        for literal, came in zip(node.literals, parts, strict=True):
            if abs(literal) not in self._shape.shared:
                self._follow(abs(literal), came, given, true)
        for one in self._shape.tried.get(number, ()):
            del given[one]


class _Shape:
    """The nodes that are shared below a goal.

    shared: the nodes that are part of several others. tried: for each node, the shared nodes that it immediately
    dominates, parts before wholes. depends: for each node, the shared nodes that it depends on and that are tried above
    it.
    """

    def __init__(self, terms: Terms, goal: Literal) -> None:
        numbers = cone(terms, [goal])
        parts = {number: _parts(terms.nodes[number]) for number in numbers}
        wholes: dict[int, list[int]] = {number: [] for number in numbers}
        for number in numbers:
            for part in parts[number]:
                wholes[part].append(number)
        self.shared = {number for number in numbers if len(wholes[number]) > 1}
        self.tried = self._tried(numbers, wholes)
        self.depends: dict[int, list[int]] = {}
        for number in numbers:
            tried = self.tried.get(number, [])
            inside = [*tried, *(part for part in parts[number] if part not in self.shared)]
            on = self.shared.intersection(parts[number]).union(*(self.depends[one] for one in inside))
            self.depends[number] = sorted(on.difference(tried))

    def _tried(self, numbers: Sequence[int], wholes: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
        dominator: dict[int, int] = {}
        tried: dict[int, list[int]] = {}
        for number in reversed(numbers):  # wholes before parts
            for whole in wholes[number]:
                dominator[number] = _common(dominator.get(number, whole), whole, dominator)
            if number in self.shared:
                tried.setdefault(dominator[number], []).insert(0, number)
        if any(len(together) > MOST_SHARED for together in tried.values()):
            raise TooEntangled
        return tried


def _parts(node: AtLeast | None) -> list[int]:
    return [] if node is None else [abs(literal) for literal in node.literals]


def _common(one: int, other: int, dominator: Mapping[int, int]) -> int:
    """The lowest node that dominates both; dominators have greater numbers."""
    while one != other:
        if one < other:
            one = dominator[one]
        else:
            other = dominator[other]
    return one


Offers = Sequence[tuple[int, float, float]]
"""For each part: its weight, the cost of taking it, and the cost of leaving it."""


def _fewest(need: int, offers: Offers) -> tuple[float, tuple[bool, ...]]:
    """Take at least `need` offers, as cheaply as possible. Their weights are 1."""
    order = sorted(range(len(offers)), key=lambda i: (offers[i][2] < inf, offers[i][1] - min(offers[i][2], 10**9)))
    taken = [False] * len(offers)
    for place, i in enumerate(order):
        _, take, leave = offers[i]
        taken[i] = place < need or take <= leave
    return sum([take if chosen else leave for chosen, (_, take, leave) in zip(taken, offers, strict=True)]), tuple(
        taken
    )


def _lightest(need: int, offers: Offers) -> tuple[float, tuple[bool, ...]]:
    """Take offers with a total weight of at least `need`, as cheaply as possible."""
    best: dict[int, tuple[float, tuple[bool, ...]]] = {0: (0, ())}
    for weight, take, leave in offers:
        longer: dict[int, tuple[float, tuple[bool, ...]]] = {}
        for carried, (cost, taken) in best.items():
            for chosen, price in ((False, leave), (True, take)):
                reached = min(need, carried + weight * chosen)
                if cost + price < longer.get(reached, (inf, ()))[0]:
                    longer[reached] = (cost + price, (*taken, chosen))
        best = longer
    return best.get(need, (inf, (False,) * len(offers)))
