"""Which traitors, and whose decisions: the cases that make up a check.

A scenario is one set of traitors; it stands for every set that a permutation of interchangeable generals turns it into.
A case asks one condition of one choice of witnesses in one scenario. Why the largest sets are enough, and why one set
can stand for many, is argued in docs/explanation/traitor-sets.md. This module counts; it runs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import comb, prod

from byzverify.language.conditions import Condition
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol

Groups = Sequence[Collection[General]]
"""Disjoint groups of interchangeable generals."""


@dataclass(frozen=True)
class Case:
    """One condition, asked of these witnesses. It stands for every choice of witnesses that is alike."""

    condition: Condition
    witnesses: tuple[General, ...]


@dataclass(frozen=True)
class Scenario:
    """One set of traitors, how many sets it stands for (itself included), and its cases."""

    traitors: frozenset[General]
    stands_for: int
    cases: tuple[Case, ...]

    @property
    def observers(self) -> list[General]:
        """The generals whose decisions the cases are about."""
        return sorted({general for case in self.cases for general in case.witnesses})


def scenarios(protocol: Protocol, t: int, groups: Groups) -> Iterator[Scenario]:
    """Every scenario, up to interchange, that a check against at most `t` traitors must decide."""
    n = protocol.n
    # Fewest witnesses first: what needs one decision only is quicker to break, and often breaks the rest with it.
    conditions = sorted(protocol.problem.conditions, key=lambda condition: condition.witnesses)
    sizes = {condition: _sizes(condition, n, t) for condition in conditions}
    for size in sorted(set(chain.from_iterable(sizes.values()))):
        for traitors, stands_for in traitor_sets(n, size, groups):
            loyal = [general for general in range(n) if general not in traitors]
            asked = [c for c in sizes if size in sizes[c] and c.concerns(loyal)]
            deciders = [general for general in protocol.problem.deciders(n) if general not in traitors]
            cases = tuple(Case(c, witnesses) for c in asked for witnesses in _witnesses(deciders, c.witnesses, groups))
            if cases:
                yield Scenario(traitors, stands_for, cases)


def traitor_sets(n: int, size: int, groups: Groups) -> Iterator[tuple[frozenset[General], int]]:
    """The sets of `size` traitors up to interchange within `groups`, each with how many it stands for.

    Sets with many traitors in the groups come first: in OM those with a loyal commander, whose attacks say the most.
    """
    single = [general for general in range(n) if not any(general in group for group in groups)]
    for numbers in product(*(range(len(group), -1, -1) for group in groups)):
        stands_for = prod(comb(len(group), number) for group, number in zip(groups, numbers, strict=True))
        last = [sorted(group)[len(group) - number :] for group, number in zip(groups, numbers, strict=True)]
        left = size - sum(numbers)
        if left >= 0:
            for singles in combinations(single, left):
                yield frozenset(chain(singles, *last)), stands_for


def _sizes(condition: Condition, n: int, t: int) -> range:
    """How many traitors to try: if the condition allows it, only the most that leave those loyal whom it is about."""
    if condition.needs_loyal is None:
        return range(t + 1)
    most = min(t, max(n - condition.needs_loyal, 0))
    return range(most, most + 1)


def _witnesses(loyal: Sequence[General], number: int, groups: Groups) -> Iterator[tuple[General, ...]]:
    """The choices of `number` witnesses among `loyal`, one of each kind up to interchange."""
    kind = {general: index for index, group in enumerate(groups) for general in group}
    seen = set()
    for witnesses in combinations(loyal, number):
        signature = tuple(sorted(str(kind.get(general, f"general {general}")) for general in witnesses))
        if signature not in seen:
            seen.add(signature)
            yield witnesses
