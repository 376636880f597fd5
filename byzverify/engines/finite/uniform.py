"""Uniform attacks: traitors who say the same at all places that differ only in names.

What a uniform traitor says depends only on the kinds of the generals involved, so a few variables describe the traitors
in a run with millions of orders. The law of this file: a uniform attack is an attack, but if there is none, that proves
nothing. This module knows obligations and sites; it does not know why a uniform attack is searched for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import permutations, product
from math import perm, prod
from typing import Any

from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.failure_semantics import runs_program
from byzverify.engines.finite.obligations import Obligations
from byzverify.engines.finite.resolving import Grown, Kinds, Resolver, Type
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.engines.finite.variables import Says
from byzverify.errors import ByzverifyError
from byzverify.language.conditions import COMMANDER
from byzverify.language.faults import Faults
from byzverify.language.gathering import Path
from byzverify.language.labels import is_plain
from byzverify.language.messages import General, Label, Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.limits import Limit
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import FALSE, TRUE, Literal, SimplifiedTerms
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim
from byzverify.solvers.answers import Satisfiable, solver


class NotUniform(ByzverifyError):
    """This protocol reads something that uniform attacks do not cover: signatures, or messages of several fields."""


class Orbits:
    """Groups of sites that are alike, each with a site that represents it."""

    def __init__(self, kinds: Kinds, n: int) -> None:
        named = [kinds.of([general])[0] for general in range(n)]
        self._kind = list(map(named.index, named))
        self._members: dict[int, list[General]] = {}
        for general, kind in enumerate(self._kind):
            self._members.setdefault(kind, []).append(general)
        self._known: dict[tuple[int, int, tuple[int, ...]], Site] = {}

    def first_like(self, general: General) -> General:
        """The first general of the same kind."""
        return self._members[self._kind[general]][0]

    def representative(self, site: Site) -> Site:
        """The representative of a site: the site like it in which the first generals of each kind come first."""
        round, sender, receiver, label = site
        if not isinstance(label, tuple) or not label or label[-1] != sender or len({receiver, *label}) <= len(label):
            return self._found(site)
        try:  # fast for a path from its last general to a general who is not on it, the most frequent label
            key = round, self._kind[receiver], tuple([self._kind[general] for general in label])
        except (TypeError, IndexError):
            return self._found(site)
        if key not in self._known:
            self._known[key] = self._found(site)
        return self._known[key]

    def _found(self, site: Site) -> Site:
        round, sender, receiver, label = site
        named: dict[General, General] = {}
        used: dict[int, int] = {}
        first, second = self._named(sender, named, used), self._named(receiver, named, used)
        return round, first, second, self._renamed(label, named, used)

    def labels(self, site: Site, sender: General, receiver: General) -> Iterator[Label]:
        """The labels of the sites from this sender to this receiver that are like `site`, a representative."""
        named = {site[1]: sender, site[2]: receiver}
        places = self._places(site, sender, receiver)
        for chosen in product(*(permutations(free, len(others)) for others, free in places)):
            pairs = [
                pair
                for (others, _), some in zip(places, chosen, strict=True)
                for pair in zip(others, some, strict=True)
            ]
            yield self._put(site[3], named | dict(pairs))

    def how_many_labels(self, site: Site, sender: General, receiver: General) -> int:
        """How many labels `labels` gives."""
        return prod(perm(len(free), len(others)) for others, free in self._places(site, sender, receiver))

    def _places(self, site: Site, sender: General, receiver: General) -> list[tuple[list[General], list[General]]]:
        """For each kind, the other generals in a site's label, and those that can replace them (not these two)."""
        others = {*_numbers(site[3])} & set(range(len(self._kind))) - {site[1], site[2]}
        return [
            (
                [one for one in sorted(others) if self._kind[one] == kind],
                [one for one in members if one not in (sender, receiver)],
            )
            for kind, members in self._members.items()
        ]

    def _put(self, label: Label, named: Mapping[General, General]) -> Label:
        if isinstance(label, tuple):
            return tuple([self._put(part, named) for part in label])
        return named.get(label, label) if type(label) is int else label

    def size(self, site: Site) -> int:
        """The number of sites that are like this one."""
        generals = {site[1], site[2], *_numbers(site[3])} & set(range(len(self._kind)))
        kinds = [self._kind[general] for general in generals]
        return prod(perm(len(self._members[kind]), kinds.count(kind)) for kind in set(kinds))

    def _named(self, general: General, named: dict[General, General], used: dict[int, int]) -> General:
        if general not in named:
            kind = self._kind[general]
            place = used[kind] = used.get(kind, -1) + 1
            named[general] = self._members[kind][place]
        return named[general]

    def _renamed(self, label: Label, named: dict[General, General], used: dict[int, int]) -> Label:
        """The label with other generals. A number with another meaning may be mistaken for a general."""
        if isinstance(label, tuple):
            return tuple([self._renamed(part, named, used) for part in label])
        if type(label) is int and 0 <= label < len(self._kind):
            return self._named(label, named, used)
        return label


def _numbers(label: Label) -> Iterator[int]:
    if isinstance(label, tuple):
        for part in label:
            yield from _numbers(part)
    elif type(label) is int:
        yield label


class UniformAdversary(Adversary):
    """An adversary who says the same at sites that are alike."""

    def __init__(self, algebra: SymbolicAlgebra, protocol: Protocol, faults: Faults, orbits: Orbits) -> None:
        super().__init__(algebra, faults, orders=protocol.orders, rushing=protocol.rushing)
        self.orbits = orbits

    def start(self, general: General) -> SymbolicOrder:
        return super().start(self.orbits.first_like(general))

    def read(self, round: int, sender: General, receiver: General, label: Label, default: Order) -> SymbolicOrder:
        if not is_plain(label):
            raise NotUniform
        return super().read(*self.orbits.representative((round, sender, receiver, label)), default)


class ByType(Resolver):
    """Resolves trees in which all paths of one type have the same value."""

    def __init__(
        self, protocol: Protocol, faults: Faults, observers: Collection[General], algebra: SymbolicAlgebra
    ) -> None:
        super().__init__(protocol, faults, observers, algebra)
        self._orders: dict[tuple[int, General, Type], SymbolicOrder] = {}

    def _value(self, grown: Grown, me: General, path: Path) -> SymbolicOrder:
        key = self._key(grown, me, path)
        if key not in self._orders:
            last = len(path) == len(grown.levels)
            self._orders[key] = self._told(grown, me, path) if last else self._made(grown, me, path)
        return self._orders[key]


class InKinds(Obligations):
    """The obligations of a scenario against uniform traitors. Use `stated_in_kinds`."""

    adversary: UniformAdversary


def stated_in_kinds(protocol: Protocol, scenario: Scenario, limit: Limit) -> InKinds:
    """The obligations of a scenario against uniform traitors. Raises NotUniform if that is impossible, Stopped."""
    algebra = SymbolicAlgebra(SimplifiedTerms(limit), protocol.words)
    orbits = Orbits(Kinds(protocol, scenario.faults, scenario.observers), protocol.n)
    adversary = UniformAdversary(algebra, protocol, scenario.faults, orbits)
    resolver = ByType(protocol, scenario.faults, scenario.observers, algebra)
    return InKinds(protocol, scenario, adversary, resolver=resolver)


def _honest_where_it_can_be(stated: InKinds, violation: Literal, found: Satisfiable) -> Behaviour:
    """The behaviour in a violating assignment, with the commander's order wherever the violation allows it.

    The largest orbits become honest first: a lie that is told in fewer places is easier to understand.
    """
    terms, words = stated.terms, stated.protocol.words
    meant = stated.adversary.meaning(found.variables, found.true_variables)
    if COMMANDER not in meant.starts:
        return meant
    honest = words.index(meant.starts[COMMANDER])
    numbers: dict[Any, int] = {name: number for number, name in terms.names().items()}
    true, known = set(found.true_variables), None
    sites = sorted(meant.said, key=stated.adversary.orbits.size, reverse=True)
    while true != known:  # a site that becomes honest may allow others to become honest, too
        known = set(true)
        for site in sites:
            those = {word: numbers[Says(site, word)] for word in range(len(words)) if Says(site, word) in numbers}
            tried = true.difference(those.values()) | {those[index] for index in (honest,) if index in those}
            if evaluate(terms, [violation], tried) == [True]:
                true = tried
    return stated.adversary.meaning(found.variables, true)


def uniform_claim(protocol: Protocol, scenario: Scenario, case: Case, by: str, limit: Limit) -> Claim | None:
    """A uniform attack on a case, if there is one. All faulty generals of the scenario must be byzantine.

    by: the solver's name. Raises Stopped at the limit.
    """
    if not scenario.faults or any(map(runs_program, scenario.faults.values())):
        return None
    alone = Scenario(scenario.faults, 1, (case,), scenario.folded)
    try:
        stated = stated_in_kinds(protocol, alone, limit)
    except NotUniform:
        return None
    violation = stated.violation(case)
    stated.forget()
    found = (
        Satisfiable(frozenset(), frozenset()) if violation == TRUE else solver(by, stated.terms).solve(violation, limit)
    )
    if violation == FALSE or not isinstance(found, Satisfiable):
        return None
    meant = _honest_where_it_can_be(stated, violation, found)
    first = {general: stated.adversary.orbits.first_like(general) for general in stated.outcome.orders}
    starts = {general: meant.starts[one] for general, one in first.items() if one in meant.starts}
    behaviour = replace(meant, starts=starts)
    return Claim(protocol, scenario.faults, behaviour, case.condition, case.witnesses, alike=stated.adversary.orbits)
