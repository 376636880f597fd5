"""Uniform attacks: what is claimed of one place happens at all that are like it, whatever loyal generals say there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import byzverify
from byzverify.attacks.confirmation import confirm
from byzverify.engines.finite import deciding
from byzverify.engines.finite.resolving import Kinds
from byzverify.engines.finite.scenarios import Symmetry, scenarios
from byzverify.engines.finite.uniform import NotUniform, Orbits, stated_in_kinds, uniform_claim
from byzverify.errors import ReplayMismatch
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    INTERACTIVE_CONSISTENCY,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    Tree,
    broadcast,
    count,
    ite,
    plurality,
)
from byzverify.language.faults import Fault, budget_of
from byzverify.language.messages import Label, Site
from byzverify.limits import NO_LIMIT
from byzverify.models.eig import EIG
from byzverify.models.om import OM
from byzverify.models.sm import SM
from byzverify.scenario.claim import Claim


class Unheard(Protocol):
    """OM in which a lieutenant passes on nothing where he was told nothing."""

    m: int

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER], missing=ABSENT)
        heard.grow((yield None))
        for _ in range(self.m):
            heard.grow((yield heard.relays()))
        value = heard.resolved(lambda told, values: plurality([told, *values], told), (COMMANDER,))
        return ite(value == ATTACK, ATTACK, self.orders[0])


def one_is_enough(told: Order, values: Sequence[Order]) -> Order:
    return ite(count(values, ATTACK) >= 1, ATTACK, told)


class NothingRelayed(Protocol):
    """Everyone listens for what loyal generals never say."""

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER])
        heard.grow((yield None))
        heard.grow((yield None))
        return heard.resolved(one_is_enough, (COMMANDER,))


class Undecided(Protocol):
    """Nobody obeys any order, whatever traitors do."""

    marks = (Order("MAYBE"),)

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order) if me == COMMANDER else None
        return self.marks[0]


class OnlyValidity(EIG):
    """EIG, asked only whether the loyal generals' orders are had right."""

    problem = Problem("validity", has_commander=False, conditions=INTERACTIVE_CONSISTENCY.conditions[1:])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("protocol", "traitors"),
    [
        (OM(n=6, m=2), 2),
        (EIG(n=5, m=1), 2),
        (OnlyValidity(n=5, m=1), 2),
        (OnlyValidity(n=7, m=1), 3),
        (Unheard(n=6, m=2), 2),
        (NothingRelayed(n=4), 1),
        (SM(n=4, m=1), 2),
    ],
    ids=str,
)
def test_with_uniform_attacks_the_verdict_is_the_same(
    protocol: Protocol, traitors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = byzverify.check(protocol, traitors)
    monkeypatch.setattr(deciding, "LONG_RUN", 0)
    verdict = byzverify.check(protocol, traitors)
    assert [known.verdict for known in verdict.conditions] == [known.verdict for known in reference.conditions]


def claims(protocol: Protocol, faults: Any) -> Iterator[tuple[str, bool, Claim | None]]:
    """For each case its condition, whether general 0 is a traitor, and the uniform attack on it."""
    for scenario in scenarios(protocol, budget_of(faults), Symmetry(tuple(protocol.groups))):
        for case in scenario.cases:
            found = uniform_claim(protocol, scenario, case, "z3", NO_LIMIT)
            yield case.condition.name, COMMANDER in scenario.faults, found


@pytest.mark.parametrize(
    ("protocol", "traitors", "broken"),
    [
        (OM(n=3, m=1), 1, [("IC2", False)]),
        (OM(n=6, m=2), 2, [("IC1", False), ("IC2", False)]),
        (OM(n=7, m=2), 2, []),
        (EIG(n=5, m=1), 2, [("Agreement", False), ("Validity", False)]),
        (Unheard(n=6, m=2), 2, [("IC1", True)]),
        (NothingRelayed(n=4), 1, [("IC1", False), ("IC2", False), ("IC1", True)]),
        (Undecided(n=4), 1, [("IC2", False)]),
    ],
    ids=str,
)
def test_what_uniform_attacks_break_is_known_and_each_is_an_attack(
    protocol: Protocol, traitors: int, broken: list[tuple[str, bool]]
) -> None:
    found = set()
    for condition, is_disloyal, claim in claims(protocol, traitors):
        if claim is not None:
            found.add((condition, is_disloyal))
            attack, _ = confirm(claim)
            assert attack.condition == condition
    assert found == set(broken)


@pytest.mark.parametrize("condition", ["IC1", "IC2"])
def test_no_lie_of_a_uniform_attack_could_be_left_out(condition: str) -> None:
    (claim,) = [one for name, _, one in claims(OM(n=6, m=2), 2) if one is not None and name == condition]
    lies = [site for site, order in claim.behaviour.said.items() if order != claim.behaviour.starts[COMMANDER]]
    assert lies
    for lie in lies:
        without = {site: order for site, order in claim.behaviour.said.items() if site != lie}
        with pytest.raises(ReplayMismatch):
            confirm(replace(claim, behaviour=replace(claim.behaviour, said=without)))


@pytest.mark.parametrize("mode", ["symmetric", "omission"])
def test_only_byzantine_traitors_can_be_uniform(mode: str) -> None:
    found = list(claims(OM(n=3, m=1), {mode: 1}))
    assert found
    assert [claim for _, _, claim in found] == [None] * len(found)


def test_signatures_cannot_be_uniform() -> None:
    model = SM(n=4, m=1)
    *_, scenario = scenarios(model, budget_of(2), Symmetry(tuple(model.groups)))
    with pytest.raises(NotUniform):
        stated_in_kinds(model, scenario, NO_LIMIT)
    assert {claim for _, _, claim in claims(model, 2)} == {None}


ALIKE = {
    "OM": Kinds(OM(n=7, m=2), {5: Fault.BYZANTINE, 6: Fault.BYZANTINE}, [1]),
    "EIG": Kinds(EIG(n=6, m=1), {4: Fault.BYZANTINE, 5: Fault.BYZANTINE}, [1]),
}

LABELS = st.recursive(
    st.integers(-1, 8) | st.booleans() | st.sampled_from(["", "king"]),
    lambda parts: st.lists(parts, max_size=4).map(tuple),
    max_leaves=5,
)


def renamings(kinds: Kinds, n: int) -> list[tuple[General, ...]]:
    """Every exchange of generals within their kinds."""
    kept = [kinds.of([general]) for general in range(n)]
    return [one for one in permutations(range(n)) if [kept[general] for general in one] == kept]


def renamed(label: Label, by: Sequence[General]) -> Label:
    if type(label) is tuple:
        return tuple(renamed(part, by) for part in label)
    return by[label] if type(label) is int and 0 <= label < len(by) else label


def in_order(label: Label) -> list[int]:
    """The generals of a label from left to right."""
    if type(label) is tuple:
        return [general for part in label for general in in_order(part)]
    return [label] if type(label) is int else []


def everything_like(site: Site, by: Sequence[Sequence[General]]) -> set[Any]:
    """Every site that a renaming turns this one into, written so that True is not 1."""
    round, sender, receiver, label = site
    return {(round, one[sender], one[receiver], repr(renamed(label, one))) for one in by}


@settings(deadline=None)
@given(st.sampled_from(sorted(ALIKE)), st.integers(1, 3), st.integers(0, 5), st.integers(0, 5), LABELS, st.booleans())
def test_one_site_stands_for_all_that_renamings_turn_it_into(
    model: str, round: int, sender: General, receiver: General, label: Label, is_path: bool
) -> None:
    n = 7 if model == "OM" else 6
    by = renamings(ALIKE[model], n)
    orbits = Orbits(ALIKE[model], n)
    if is_path:
        told = [general for general in dict.fromkeys(in_order(label)) if 0 <= general < n and general != sender]
        label = (*told, sender)
    site = (round, sender, receiver, label)
    alike = everything_like(site, by)
    for one in by:
        found = orbits.representative((round, one[sender], one[receiver], renamed(label, one)))
        assert found == orbits.representative(site)
        assert (*found[:3], repr(found[3])) in alike
        named = [*found[1:3], *in_order(found[3])]
        assert named <= [*map(one.__getitem__, (sender, receiver)), *in_order(renamed(label, one))]
    assert orbits.size(site) == len(alike)
    for other in {(one[sender], one[receiver]) for one in by}:
        labels = sorted(repr(each) for each in orbits.labels(site, *other))
        assert labels == sorted(text for _, *between, text in alike if tuple(between) == other)
        assert orbits.how_many_labels(site, *other) == len(labels)
