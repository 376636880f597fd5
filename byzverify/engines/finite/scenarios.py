"""Which generals fail, and how, and whose decisions are asked for: the cases that make up a check.

A scenario is one choice of faulty generals and their modes; it stands for every choice that a permutation of
interchangeable generals turns it into. A case asks one condition of one choice of witnesses in one scenario. Why the
largest choices are enough, and why one can stand for many, is argued in docs/explanation/traitor-sets.md. This module
counts; it runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb

from byzverify.engines.finite.distinguishing import Groups, concerns_alike
from byzverify.language.conditions import Condition
from byzverify.language.faults import Budget, Fault, Faults
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT, Limit

Permutation = tuple[General, ...]
"""For each general the one that takes his place."""


@dataclass(frozen=True)
class Symmetry:
    """What leaves the protocol the same: every permutation within a group, and those that `generators` generate."""

    groups: Groups = ()
    generators: Sequence[Permutation] = ()

    def permutations(self, n: int) -> list[Permutation]:
        """Permutations of `n` generals that generate all of these."""
        within = exchanges(self.groups, [range(n)])
        return [*self.generators, *(tuple(moved.get(general, general) for general in range(n)) for moved in within)]


NONE = Symmetry()


@dataclass(frozen=True)
class Case:
    """One condition, asked of these witnesses. It stands for every choice of witnesses that is alike."""

    condition: Condition
    witnesses: tuple[General, ...]


@dataclass(frozen=True)
class Scenario:
    """One choice of faulty generals, how many choices it stands for (itself included), and its cases.

    folded: whether symmetry was used, so that it or a case of it may stand for others.
    """

    faults: Faults
    stands_for: int
    cases: tuple[Case, ...]
    folded: bool

    @property
    def observers(self) -> list[General]:
        """The generals whose decisions the cases are about."""
        return sorted({general for case in self.cases for general in case.witnesses})


Size = tuple[int, ...]
"""How many generals fail in each mode of a budget."""


def scenarios(protocol: Protocol, budget: Budget, symmetry: Symmetry) -> Iterator[Scenario]:
    """Every scenario, up to symmetry, that a check must decide if no more generals fail than `budget` allows, and if
    the conditions keep their promises.

    Some have no cases: no condition has anything to ask there.
    """
    asked = {condition: sizes(condition, protocol.n, budget) for condition in protocol.problem.conditions}
    return _of_sizes(protocol, budget, asked, symmetry)


def left_out(
    protocol: Protocol, budget: Budget, symmetry: Symmetry, conditions: Collection[Condition]
) -> Iterator[Scenario]:
    """The scenarios besides these that must be decided for conditions that do not keep their promises."""
    asked = {
        condition: [size for size in _every(protocol.n, budget) if size not in sizes(condition, protocol.n, budget)]
        for condition in conditions
    }
    return _of_sizes(protocol, budget, asked, symmetry)


def _of_sizes(
    protocol: Protocol, budget: Budget, asked: Mapping[Condition, Sequence[Size]], symmetry: Symmetry
) -> Iterator[Scenario]:
    """The scenarios of these sizes for each condition."""
    # Fewest witnesses first: what needs one decision only is quicker to break, and often breaks the rest with it.
    conditions = sorted(asked, key=lambda condition: condition.witnesses)
    for size in sorted({size for some in asked.values() for size in some}, key=lambda size: (sum(size), size)):
        those = [condition for condition in conditions if size in asked[condition]]
        yield from _scenarios(protocol, dict(zip(budget, size, strict=True)), those, symmetry)


def nobody_fails(protocol: Protocol, symmetry: Symmetry) -> Scenario:
    """The scenario without faulty generals, with the cases of all conditions that ask something there."""
    return next(_scenarios(protocol, {}, protocol.problem.conditions, symmetry))


def _scenarios(
    protocol: Protocol, numbers: Budget, conditions: Sequence[Condition], symmetry: Symmetry
) -> Iterator[Scenario]:
    """The scenarios in which exactly so many generals fail in each mode, with the cases of these conditions."""

    def concerned(faults: Faults) -> tuple[Condition, ...]:
        return tuple(condition for condition in conditions if concerns(condition, protocol, faults, symmetry))

    for faults, stands_for in choices(protocol.n, numbers, symmetry, concerned):
        deciders = [general for general in protocol.problem.deciders(protocol.n) if general not in faults]
        cases = tuple(
            Case(condition, witnesses)
            for condition in concerned(faults)
            for witnesses in _witnesses(deciders, condition.witnesses, symmetry.groups)
        )
        yield Scenario(faults, stands_for, cases, symmetry != NONE)


def concerns(condition: Condition, protocol: Protocol, faults: Faults, symmetry: Symmetry) -> bool:
    """Whether the condition says anything. Raises Asymmetric where it tells generals apart that a group has alike."""
    loyal = [general for general in range(protocol.n) if general not in faults]
    return concerns_alike(condition, protocol, loyal) if symmetry.groups else condition.applies(protocol, loyal)


def exchanges(groups: Groups, kinds: Iterable[Collection[General]]) -> Iterator[dict[General, General]]:
    """Permutations that generate all that keep every group and every kind; each as who takes whose place."""
    for kind in kinds:
        for group in groups:
            alike = [general for general in group if general in kind]
            for turned in (alike[1:2] + alike[:1] + alike[2:], alike[1:] + alike[:1]):
                if turned != alike:
                    yield dict(zip(alike, turned, strict=True))


def choices(
    n: int, numbers: Budget, symmetry: Symmetry, kind: Callable[[Faults], object] = len
) -> Iterator[tuple[Faults, int]]:
    """The ways to choose so many generals for each mode, up to symmetry, each with how many ways it stands for.

    On a graph, choices of different kinds do not stand for each other.
    """
    if symmetry.generators:
        return _orbits(n, numbers, symmetry.generators, kind)
    return _folded(n, numbers, symmetry.groups)


def how_many_choices(n: int, budget: Budget) -> int:
    """In how many ways generals can fail, if no more fail than `budget` allows."""
    total = 0
    for numbers in product(*(range(most + 1) for most in budget.values())):
        ways, left = 1, n
        for number in numbers:
            ways, left = ways * comb(left, number), left - number
        total += ways
    return total


def _every(n: int, budget: Budget) -> list[Size]:
    return [numbers for numbers in product(*(range(most + 1) for most in budget.values())) if sum(numbers) <= n]


def sizes(condition: Condition, n: int, budget: Budget) -> list[Size]:
    """The numbers of faulty generals, by mode, to try: all, or if the condition allows it the largest.

    Those are what leaves no more loyal than the condition is about, and that to which nothing can be added.
    """
    every = _every(n, budget)
    if condition.needs_loyal is None:
        return every
    fewest = min(sum(budget.values()), max(n - condition.needs_loyal, 0))
    return [numbers for numbers in every if sum(numbers) >= fewest]


def _folded(n: int, numbers: Budget, groups: Groups) -> Iterator[tuple[Faults, int]]:
    """The choices up to permutations within `groups`.

    Choices with many faults in the groups come first: in OM those with a loyal commander, whose attacks say the most.
    """
    modes = list(numbers)
    single = [general for general in range(n) if not any(general in group for group in groups)]
    within = [list(_vectors(len(group), numbers)) for group in groups]
    for vectors in product(*within):
        left = [numbers[mode] - sum(vector[place] for vector in vectors) for place, mode in enumerate(modes)]
        if min(left, default=0) < 0:
            continue
        folded: Faults = {}
        stands_for = 1
        for group, vector in zip(groups, vectors, strict=True):
            members = sorted(group)
            for mode, number in zip(modes, vector, strict=True):
                stands_for *= comb(len(members), number)
                members, chosen = members[: len(members) - number], members[len(members) - number :]
                folded |= dict.fromkeys(chosen, mode)
        for singles in _placed(single, dict(zip(modes, left, strict=True))):
            faults = folded | singles
            yield {general: faults[general] for general in sorted(faults)}, stands_for


def _vectors(size: int, numbers: Budget) -> Iterator[tuple[int, ...]]:
    """How many of a group can fail in each mode, from the most on."""
    for vector in product(*(range(min(size, number), -1, -1) for number in numbers.values())):
        if sum(vector) <= size:
            yield vector


def _placed(generals: Sequence[General], numbers: Budget) -> Iterator[Faults]:
    """Every way to choose exactly so many of `generals` for each mode."""
    if not numbers:
        yield {}
        return
    (mode, number), *rest = numbers.items()
    for chosen in combinations(generals, number):
        others = [general for general in generals if general not in chosen]
        for further in _placed(others, dict(rest)):
            yield dict.fromkeys(chosen, mode) | further


def _orbits(
    n: int, numbers: Budget, generators: Sequence[Permutation], kind: Callable[[Faults], object]
) -> Iterator[tuple[Faults, int]]:
    """One choice for each kind in each orbit under the group of the `generators`, and how many are like it."""
    seen: set[frozenset[tuple[General, Fault]]] = set()
    for faults in _placed(range(n), numbers):
        if frozenset(faults.items()) in seen:
            continue
        kinds: dict[object, list[Faults]] = {}
        for choice in _orbit(faults, generators):
            seen.add(frozenset(choice.items()))
            kinds.setdefault(kind(choice), []).append(choice)
        for same in kinds.values():
            yield same[0], len(same)


def _orbit(faults: Faults, generators: Iterable[Permutation], limit: Limit = NO_LIMIT) -> list[Faults]:
    """Everything that the permutations turn a choice into, itself included, in order."""
    found = {frozenset(faults.items())}
    pending = list(found)
    while pending:
        limit.step()
        choice = pending.pop()
        images = {frozenset((moved[general], mode) for general, mode in choice) for moved in generators}
        pending += images - found
        found |= images
    return [dict(sorted(choice)) for choice in sorted(found, key=sorted)]


def alike(protocol: Protocol, scenario: Scenario, symmetry: Symmetry, limit: Limit = NO_LIMIT) -> list[Faults]:
    """The choices of faulty generals that a scenario stands for, in order. Raises Stopped at the limit."""
    asked = {case.condition for case in scenario.cases}

    def asks_the_same(faults: Faults) -> bool:
        return {one for one in asked if concerns(one, protocol, faults, symmetry)} == asked

    return list(filter(asks_the_same, _orbit(scenario.faults, symmetry.permutations(protocol.n), limit)))


def _witnesses(loyal: Sequence[General], number: int, groups: Groups) -> Iterator[tuple[General, ...]]:
    """The choices of `number` witnesses among `loyal`, one of each kind up to interchange."""
    kind = {general: index for index, group in enumerate(groups) for general in group}
    seen = set()
    for witnesses in combinations(loyal, number):
        signature = tuple(sorted(str(kind.get(general, f"general {general}")) for general in witnesses))
        if signature not in seen:
            seen.add(signature)
            yield witnesses
