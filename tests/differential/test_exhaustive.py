"""The checker against brute force: every choice of faulty generals, in every mode, and all that they can do. The brute
force is in `brute.py`; these are the protocols that it is tried on.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

import byzverify
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    FALSE,
    IC1,
    IC2,
    INTERACTIVE_CONSISTENCY,
    RETREAT,
    Condition,
    General,
    Inbox,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    how_many,
    ite,
    majority,
    send,
    sign,
)
from byzverify.language.faults import Fault
from byzverify.models.dolev_strong import DolevStrong
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.hybrid_phase_queen import HybridPhaseQueen
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.readme_program import ReadmeProgram
from byzverify.models.sm import SM
from tests.differential.brute import broken
from tests.differential.fielded import (
    AlwaysWhole,
    Apart,
    Bundled,
    BundledEIG,
    BundledOM,
    Empty,
    Misread,
    Pair,
    Sometimes,
)


class Plain(Protocol):
    """The commander tells everyone, everyone tells everyone, under another label and none; the majority is believed."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        inbox = yield [broadcast(told, "told"), broadcast(told)]
        return majority([told, *(inbox.get(j, "told", default=ATTACK) for j in self.others(me, COMMANDER))])


class TwoFaced(Protocol):
    """Loyal generals say one thing to the first of the others and another to the rest, under one label."""

    def interchangeable(self) -> list[Collection[General]]:
        return []

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        first, *rest = self.others(me)
        inbox = yield [send(told, [first]), send(ite(told == ATTACK, RETREAT, ATTACK), rest)]
        turned = {j: inbox.get(j, default=ABSENT) if self.others(j)[0] == me else _turned(inbox[j]) for j in rest}
        alike = all_of(order == told for order in turned.values())
        return order if me == COMMANDER else ite(alike, told, RETREAT)


def _turned(order: Order) -> Order:
    return ite(order == ATTACK, RETREAT, ite(order == RETREAT, ATTACK, ABSENT))


class HeedsSilence(Protocol):
    """Whoever hears nothing from one of the others in the second round does the opposite."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        silent = any_of(inbox[j] == ABSENT for j in self.others(me, COMMANDER))
        return order if me == COMMANDER else ite(silent, _turned(told), told)


class HeedsWhatNobodySays(Protocol):
    """Whoever is told anything under a label that no loyal general uses does the opposite."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        inbox = yield None
        warned = any_of(inbox[j, "alarm"] == ATTACK for j in self.others(me, COMMANDER))
        return order if me == COMMANDER else ite(warned, _turned(told), told)


class SpeaksUntilTheEnd(Protocol):
    """Three rounds in which everyone repeats himself: whoever is heard later and not before has come back to life."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        first = yield broadcast(order)
        second = yield broadcast(order)
        third = yield broadcast(order)
        risen = any_of(
            (second[j] != ABSENT) & (first[j] == ABSENT) | (third[j] != ABSENT) & (second[j] == ABSENT)
            for j in self.others(me)
        )
        return ite(risen, _turned(order), order)


class Signing(Protocol):
    """What the programs below share: the commander signs, and who reads a chain that should not be turns his order."""

    problem = Problem("obey", (replace(IC2, needs_loyal=None),), has_commander=True)

    def general(self, me: General, order: Order) -> Program:
        first = yield [sign(v, order == v, without=[me]) for v in self.orders] if me == COMMANDER else None
        told = RETREAT
        for v in self.orders:
            told = ite(first.signed(v, (COMMANDER,)).came, v, told)
        strange = self.strange_at_once(me, first)
        second = yield None
        strange |= self.strange(me, first, second)
        return order if me == COMMANDER else ite(strange, _turned(told), told)

    def strange_at_once(self, me: General, first: Inbox) -> Truth:
        return FALSE

    def strange(self, me: General, first: Inbox, second: Inbox) -> Truth:
        return FALSE


class SecondHandAtOnce(Signing):
    """In the round in which the commander speaks, only traitors that rush have his order from him already."""

    def strange_at_once(self, me: General, first: Inbox) -> Truth:
        return any_of(first.signed(v, (COMMANDER, j)).came for v in self.orders for j in self.others(me, COMMANDER))


class SecondHandAtOnceSlowly(SecondHandAtOnce):
    """The same, and traitors do not rush."""

    rushing = False


class ReadLate(Signing):
    """The same, and the inbox is read a round later, when traitors know what they did not."""

    rushing = False

    def strange(self, me: General, first: Inbox, second: Inbox) -> Truth:
        return any_of(first.signed(v, (COMMANDER, j)).came for v in self.orders for j in self.others(me, COMMANDER))


class SecondHand(Signing):
    """A traitor can pass on the commander's order, and not another one."""

    def strange(self, me: General, first: Inbox, second: Inbox) -> Truth:
        others = self.others(me, COMMANDER)
        both = [any_of(second.signed(v, (COMMANDER, j)).came for j in others) for v in self.orders]
        return all_of(both)


class SignedTwice(Signing):
    """A chain in which somebody's name comes twice."""

    def strange(self, me: General, first: Inbox, second: Inbox) -> Truth:
        others = self.others(me, COMMANDER)
        return any_of(second.signed(ATTACK, (j, COMMANDER, j)).came for j in others) | any_of(
            second.signed(ATTACK, (j, j)).came for j in others
        )


class SignedByOneself(Signing):
    """A chain with one's own name in it, which one never wrote."""

    def strange(self, me: General, first: Inbox, second: Inbox) -> Truth:
        return any_of(second.signed(ATTACK, (me, j)).came for j in self.others(me, COMMANDER))


class SignedByGeneralOne(Signing):
    """A chain that begins with general 1, told by his number: who is traitor with whom makes a difference."""

    def strange(self, me: General, first: Inbox, second: Inbox) -> Truth:
        return any_of(second.signed(ATTACK, (1, j)).came for j in self.others(COMMANDER))


class ToldToOne(Signing):
    """The commander signs for general 1 alone; others can have it only from him, or from whom he told."""

    def interchangeable(self) -> list[Collection[General]]:
        return []

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [sign(v, order == v, to=[1]) for v in self.orders] if me == COMMANDER else None
        mine = [inbox.signed(v, (COMMANDER,)) for v in self.orders] if me == 1 else []
        second = yield [sign(one, to=[2]) for one in mine]
        heard = [second.signed(v, (COMMANDER, 1)) for v in self.orders] if me == 2 else []
        inbox = yield [sign(one, without=[me]) for one in heard]
        told = {
            v: any_of(
                inbox.signed(v, path).came | second.signed(v, path).came
                for path in [(COMMANDER, 1, 2), (COMMANDER, 1), (COMMANDER, 2), (COMMANDER, 3), (COMMANDER, 2, 3)]
            )
            for v in self.orders
        }
        return order if me == COMMANDER else ite(told[ATTACK], ATTACK, RETREAT)


class ByGraph(Protocol):
    """Whoever hears the commander, or one who heard him, obeys; a signature proves that it was he."""

    problem = Problem("no lies", (replace(IC1, needs_loyal=None), replace(IC2, needs_loyal=None)), has_commander=True)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [sign(v, order == v) for v in self.orders] if me == COMMANDER else None
        direct = [inbox.signed(v, (COMMANDER,)) for v in self.orders]
        inbox = yield [sign(one) for one in direct]
        told = RETREAT
        for v, one in zip(self.orders, direct, strict=True):
            passed = any_of(inbox.signed(v, (COMMANDER, j)).came for j in self.neighbours(me))
            told = ite(one.came | passed, v, told)
        return order if me == COMMANDER else told


class AlarmOnGraph(HeedsWhatNobodySays):
    """An alarm can come from neighbours only."""

    problem = Problem("obey", (IC2,), has_commander=True)


def _third_is_quiet(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (witness,) = witnesses
    third = list(outcome.loyal)[2:3]
    asked = any_of([FALSE, *(outcome.orders[general] == ATTACK for general in third)])
    return ~asked | any_of([outcome.decisions[witness] == RETREAT])


class ThirdIsQuiet(Protocol):
    """A condition that asks something only if the third loyal general starts with ATTACK."""

    problem = Problem(
        "third", (Condition("third", "the third retreats", _third_is_quiet, witnesses=1),), has_commander=False
    )

    def general(self, me: General, order: Order) -> Program:
        inbox = yield None
        return ite(any_of(inbox[j, "alarm"] == ATTACK for j in self.others(me)), ATTACK, RETREAT)


class SecondEntryIsQuiet(Protocol):
    """A condition on the second entry of a decision, in the order in which it was put together."""

    problem = Problem(
        "second",
        (
            Condition(
                "second",
                "the second entry is RETREAT",
                lambda outcome, witnesses: list(outcome.decisions[witnesses[0]].values())[1] == RETREAT,
                witnesses=1,
            ),
        ),
        has_commander=False,
    )

    def general(self, me: General, order: Order) -> Program:
        inbox = yield None
        return {j: ite(inbox[j, "alarm"] == ATTACK, ATTACK, RETREAT) for j in self.generals}


def _first_may_exceed(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (witness,) = witnesses
    last = list(outcome.loyal)[-1]
    return any_of([outcome.decisions[witness] <= 5, outcome.orders[last] == ATTACK])


class CountsFromFive(Protocol):
    """A condition that tells generals apart only where counts are large, as they are."""

    problem = Problem("count", (Condition("count", "at most 5", _first_may_exceed, witnesses=1),), has_commander=False)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield None
        return how_many(inbox[j, "alarm"] == ATTACK for j in self.others(me)) + 5


class DoubtsOneself(Protocol):
    """Drops what he himself started with when all others sound an alarm: one loyal general is enough to see it."""

    problem = INTERACTIVE_CONSISTENCY

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        alarms = yield None
        told = {j: inbox.get(j, default=RETREAT) for j in self.generals}
        alarmed = all_of(alarms[j, "alarm"] == ATTACK for j in self.others(me))
        return {**told, me: ite(alarmed, RETREAT, told[me])}


class Echo(Protocol):
    """One round of telling each other what the commander said; he himself is not asked again."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        mine = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(mine)
        return majority([mine, *(inbox.get(j, default=ATTACK) for j in self.others(me, COMMANDER))], default=mine)


class FirstListed(Protocol):
    """Believe the first of the others: not symmetric, and quickly broken."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        return inbox.get(self.others(me, COMMANDER)[0], default=RETREAT)


B, S, O, C, M = Fault.BYZANTINE, Fault.SYMMETRIC, Fault.OMISSION, Fault.CRASH, Fault.MANIFEST  # noqa: E741

CASES: list[Any] = [
    *((Plain(n=3), {mode: 1}) for mode in Fault),
    *((Plain(n=4), {mode: 1}) for mode in Fault),
    (Plain(n=3, values=3), {S: 1}),
    (Plain(n=4), {O: 1, C: 1}),
    (Plain(n=3), {B: 1, O: 1}),
    (Plain(n=3, graph="path:3"), {S: 1, M: 1}),
    *((TwoFaced(n=4), {mode: 1}) for mode in Fault),
    *((HeedsSilence(n=4), {mode: 1}) for mode in (O, C, M)),
    *((HeedsWhatNobodySays(n=4), {mode: 1}) for mode in Fault),
    (HeedsWhatNobodySays(n=3), {S: 1, O: 1}),
    *((SpeaksUntilTheEnd(n=2), {mode: 1}) for mode in Fault),
    (SpeaksUntilTheEnd(n=3), {C: 1}),
    *((model(n=3), {mode: 1}) for model in (SecondHandAtOnce, SecondHandAtOnceSlowly) for mode in Fault),
    (SecondHandAtOnceSlowly(n=4), {B: 2}),
    (ReadLate(n=3), {B: 1}),
    (SecondHand(n=4), {B: 2}),
    (SecondHand(n=3), {B: 1}),
    (SignedTwice(n=4), {B: 1}),
    (SignedTwice(n=4), {S: 1, C: 1}),
    (SignedByOneself(n=4), {B: 2}),
    (SignedByGeneralOne(n=4), {B: 1}),
    (SignedByGeneralOne(n=4), {B: 2}),
    *((ToldToOne(n=4), {mode: 1}) for mode in (S, C)),
    pytest.param(ToldToOne(n=4), {B: 1}, marks=pytest.mark.slow),
    *((ByGraph(n=3, graph="path:3"), {mode: 1}) for mode in Fault),
    (ByGraph(n=4, graph="cycle:4"), {B: 1}),
    (ByGraph(n=4, graph="star:3"), {S: 1, O: 1}),
    (ByGraph(n=4, graph="path:4"), {C: 1}),
    (AlarmOnGraph(n=4, graph="cycle:4"), {B: 1}),
    (AlarmOnGraph(n=4, graph="edges:0-1,0-2,0-3,2-3"), {S: 1}),
    *((OM(n=4, m=1), {mode: 1}) for mode in Fault),
    (OM(n=3, m=1), {M: 1, S: 1}),
    (SM(n=4, m=1), {B: 1}),
    (SM(n=3, m=1), {S: 1}),
    (SM(n=4, m=1), {B: 1, O: 1}),
    (SM(n=4, m=1, d=2, graph="cycle:4"), {B: 1}),
    (DolevStrong(n=3, m=1, values=2), {B: 1, C: 1}),
    (PhaseKing(n=2, m=0), {O: 1}),
    (PhaseKing(n=3, m=0), {C: 1}),
    (ThirdIsQuiet(n=5), {S: 1}),
    (SecondEntryIsQuiet(n=4), {S: 1}),
    (CountsFromFive(n=4), {S: 1}),
    (DoubtsOneself(n=2), {B: 1}),
    (DoubtsOneself(n=3), {S: 2}),
    pytest.param(HybridPhaseKing(n=3, m=0), {O: 1}, marks=pytest.mark.slow),
    (HybridPhaseKing(n=2, m=0), {O: 1}),
    (HybridPhaseQueen(n=3, m=0), {O: 1}),
    (HybridPhaseQueen(n=2, m=0), {C: 1}),
    (OM(n=2, m=0), {}),
    (OM(n=2, m=0), {B: 1}),
    (OM(n=2, m=0), {B: 2}),
    (OM(n=3, m=0), {B: 1}),
    (OM(n=3, m=1), {}),
    (OM(n=3, m=1), {B: 1}),
    (OM(n=3, m=1), {B: 2}),
    (OM(n=4, m=0), {B: 1}),
    (OM(n=4, m=1), {B: 1}),
    (OM(n=4, m=1), {B: 2}),
    (OM(n=4, m=1), {B: 3}),
    (OM(n=4, m=2), {B: 1}),
    (OM(n=5, m=1), {B: 1}),
    (OM(n=5, m=1), {B: 2}),
    (OM(n=4, m=2), {B: 2}),
    (OM(n=3, m=1, values=3), {B: 1}),
    (OM(n=4, m=1, values=3), {B: 1}),
    (PhaseKing(n=2, m=0), {}),
    (PhaseKing(n=2, m=0), {B: 1}),
    (PhaseKing(n=3, m=0), {}),
    (PhaseKing(n=3, m=0), {B: 1}),
    (ReadmeProgram(n=3, m=0), {B: 1}),
    (ReadmeProgram(n=3, m=1), {B: 1}),
    (ReadmeProgram(n=4, m=0), {B: 1}),
    (Echo(n=3), {B: 1}),
    (Echo(n=4), {B: 1}),
    (Echo(n=4), {B: 2}),
    (FirstListed(n=4), {B: 1}),
    *((Pair(n=2), {mode: 1}) for mode in Fault),
    *((Pair(n=3, optional=True), {mode: 1}) for mode in Fault),
    *((Apart(n=2), {mode: 1}) for mode in Fault),
    *((Empty(n=3), {mode: 1}) for mode in Fault),
    (Empty(n=2), {B: 1, C: 1}),
    *((Sometimes(n=3), {mode: 1}) for mode in Fault),
    *((Misread(n=2), {mode: 1}) for mode in Fault),
    *((Bundled(n=3), {mode: 1}) for mode in Fault),
    (Bundled(n=3, graph="path:3"), {O: 1}),
    *((BundledOM(n=3, m=1), {mode: 1}) for mode in Fault),
    *((BundledOM(n=4, m=1), {mode: 1}) for mode in Fault),
    (BundledOM(n=4, m=2, missing_counts=False), {C: 1}),
    (BundledOM(n=4, m=2), {M: 1}),
    (BundledOM(n=4, m=2), {O: 1}),
    (BundledEIG(n=2, m=1), {S: 1}),
    (BundledEIG(n=3, m=1), {C: 1}),
    *((AlwaysWhole(n=2), {mode: 1}) for mode in Fault),
]


def _title(value: object) -> str:
    return ",".join(f"{mode}={most}" for mode, most in value.items()) if isinstance(value, dict) else repr(value)


@pytest.mark.slow
@pytest.mark.parametrize(("protocol", "budget"), CASES, ids=_title)
def test_check_agrees_with_brute_force(protocol: Protocol, budget: dict[Fault, int]) -> None:
    expected = broken(protocol, budget)
    for raw in (False, True):
        verdict = byzverify.check(protocol, budget, raw=raw)
        assert not isinstance(verdict, byzverify.Unknown)
        assert {known.condition.name for known in verdict.conditions if known.verdict == "refuted"} == expected


@pytest.mark.slow
def test_rushing_makes_the_difference() -> None:
    assert isinstance(byzverify.check(SecondHandAtOnce(n=3), 1), byzverify.Refuted)
    assert isinstance(byzverify.check(SecondHandAtOnceSlowly(n=3), 1), byzverify.Proved)
