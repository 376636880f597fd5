"""Which paths of a graph to believe, so that one traitor cannot deceive a majority of them.

Every lieutenant gets the commander's order along simple paths, which have *votes*. He obeys the majority of his votes.
Two conditions are enough against one traitor. A traitor who is not the commander is on less than half of the votes of
each lieutenant. And of each lieutenant's votes, equally many come through each neighbour of the commander: then a
traitorous commander, who tells his neighbours what he likes, gives all lieutenants the same votes. Both conditions are
linear in the numbers of votes, so a solver finds the smallest numbers, or that there are none.

This module knows graphs as lists of neighbours, and asks z3. It must not know how a protocol is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from byzverify.language.messages import General
from byzverify.limits import NO_LIMIT
from byzverify.logic.linear import Arithmetic, Formula, Linear, total, unknown
from byzverify.solvers.arithmetic import ArithmeticSolver, Solution, arithmetic_solver

Path = tuple[General, ...]
Neighbours = Mapping[General, Sequence[General]]
Votes = dict[General, list[Path]]
"""The paths that each lieutenant believes; a path with two votes is listed twice."""

MOST_VOTES = 40
"""The largest number of votes of one lieutenant that a reader would look at."""


def simple_paths(neighbours: Neighbours, commander: General, rounds: int) -> Iterator[Path]:
    """The paths of different generals that start with the commander and take at most this many rounds."""
    paths: list[Path] = [(commander,)]
    for _ in range(rounds):
        paths = [(*path, j) for path in paths for j in neighbours[path[-1]] if j not in path]
        yield from paths


def votes(neighbours: Neighbours, commander: General, rounds: int) -> Votes | None:
    """As few votes as possible that are enough against one traitor; None if there are none in so many rounds."""
    paths = every_path(neighbours, commander, rounds)
    if len(paths) < len(neighbours) - 1:
        return None
    question = _VotesQuestion(paths)
    if question.answer(None) is None:
        return None
    return next(filter(None, map(question.answer, range(1, MOST_VOTES + 1))), None)


def are_enough(paths: Votes) -> bool:
    """Whether one vote for each of these paths is enough against one traitor."""
    return all(2 * len(through) < len(own) for own, through in _spoiled(paths)) and all(
        len(one) == len(other) for one, other in _from_first_hops(paths)
    )


def every_path(neighbours: Neighbours, commander: General, rounds: int) -> Votes:
    """All simple paths, by receiver."""
    found: Votes = {}
    for path in simple_paths(neighbours, commander, rounds):
        found.setdefault(path[-1], []).append(path)
    return dict(sorted(found.items()))


def _spoiled(paths: Votes) -> Iterator[tuple[list[Path], list[Path]]]:
    """For each lieutenant and each traitor, the lieutenant's paths, and those of them on which the traitor is."""
    for receiver, traitor in product(paths, paths):
        if receiver != traitor:
            own = paths[receiver]
            yield own, [path for path in own if traitor in path]


def _from_first_hops(paths: Votes) -> Iterator[tuple[list[Path], list[Path]]]:
    """For each neighbour of the commander, the first lieutenant's paths through him and another lieutenant's."""
    hops = sorted({path[1] for own in paths.values() for path in own})
    first, *others = paths.values()
    for hop, other in product(hops, others):
        yield [path for path in first if path[1] == hop], [path for path in other if path[1] == hop]


class _VotesQuestion:
    """The conditions on the numbers of votes of paths, as formulas."""

    def __init__(self, paths: Votes) -> None:
        self._paths = paths
        self._arithmetic = Arithmetic()
        self._solver: ArithmeticSolver = arithmetic_solver("z3", self._arithmetic)
        self._conditions = [*self._never_negative(), *self._on_traitors(), *self._on_first_hops()]

    def answer(self, number: int | None) -> Votes | None:
        """Votes that are enough, so many for each lieutenant; None if there are none. number: None for any number."""
        some = next(iter(self._paths.values()))
        some_votes = self._arithmetic.equal if number else self._arithmetic.at_least
        asked = some_votes(_votes_of(some), number or 1)
        found = self._solver.solve([*self._conditions, asked], NO_LIMIT)
        if not isinstance(found, Solution):
            return None
        return {
            receiver: [path for path in own for _ in range(found.numbers[_name(path)])]
            for receiver, own in self._paths.items()
        }

    def _never_negative(self) -> Iterator[Formula]:
        for own in self._paths.values():
            yield from (self._arithmetic.at_least(_votes_of([path]), 0) for path in own)

    def _on_traitors(self) -> Iterator[Formula]:
        for own, through in _spoiled(self._paths):
            yield self._arithmetic.at_least(_votes_of(own) - 1, _votes_of(through) * 2)

    def _on_first_hops(self) -> Iterator[Formula]:
        for one, other in _from_first_hops(self._paths):
            yield self._arithmetic.equal(_votes_of(one), _votes_of(other))


def _votes_of(paths: Sequence[Path]) -> Linear:
    """How many votes the paths have together."""
    return total(unknown(_name(path)) for path in paths)


def _name(path: Path) -> str:
    return "-".join(map(str, path))
