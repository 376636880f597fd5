"""The simulator against symbolic execution: the same adversary must lead both to the same decisions.

A random adversary is a random assignment of the symbolic run's variables. The terms of every loyal decision are
evaluated under it, and the simulator is given the messages that it stands for.
"""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.execution import execute
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    RETREAT,
    Count,
    General,
    Order,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
    majority,
    plurality,
    send,
    sign,
)
from byzverify.language.decisions import written
from byzverify.language.faults import Fault
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import SimplifiedTerms, Terms
from byzverify.models.crusader import Crusader
from byzverify.models.dolev_relay import DolevRelay
from byzverify.models.dolev_strong import DolevStrong
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.models.phase_queen import PhaseQueen
from byzverify.models.readme_program import ReadmeProgram
from byzverify.models.sm import SM
from byzverify.models.turpin_coan import TurpinCoan
from byzverify.models.z import Z
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation
from tests.differential.fielded import Bundled, BundledEIG, BundledOM, Empty, Misread, Pair, Sometimes


class EveryOperator(Protocol):
    """A protocol that makes no sense and uses all of the language."""

    problem = CONSENSUS

    def general(self, me: General, order: Any) -> Program:
        inbox = yield [broadcast(order, label="mine"), send(order, to=self.others(me), label=("twice", me))]
        first = [inbox[sender, "mine"] for sender in self.generals]
        second = [inbox.get(sender, ("twice", sender), default=order) for sender in self.others(me)]
        loud = count(first, ATTACK) - count(second, ATTACK) >= 1
        silent = any_of(vote == ABSENT for vote in first)
        weighted = 2 * count(first, RETREAT) + 1 > count(second, ATTACK) + count(first, ABSENT)
        kept = ite(loud & ~silent, ATTACK, ite(weighted | silent, majority(second, default=order), ABSENT))

        inbox = yield broadcast(kept)
        votes = [inbox.get(sender, default=ATTACK) for sender in self.generals]
        exactly = count(votes, order) == 2
        unlike = all_of(vote != kept for vote in votes) | (count(votes, ATTACK) != len(first))
        return ite(ite(exactly, unlike, loud), votes[0], ite(count(votes, RETREAT) < 3, kept, majority(votes)))


class Relay(Protocol):
    """Lieutenants pass on what they got, and a missing order is told as such."""

    def general(self, me: General, order: Any) -> Program:
        inbox = yield broadcast(order, without=[me]) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox[COMMANDER]
        inbox = yield broadcast(told, label=(me, "told"))
        return majority([inbox[sender, (sender, "told")] for sender in self.generals], default=told)


class Hearsay(Protocol):
    """Everyone signs his order and everyone else's, and decides on all that he knows, in every shape there is."""

    problem = CONSENSUS
    marks = (Order("MAYBE"),)

    def general(self, me: General, order: Any) -> Program:
        inbox = yield [sign(v, order == v) for v in self.orders]
        direct = {j: [inbox.signed(v, (j,)) for v in self.orders] for j in self.generals}
        inbox = yield [sign(one, without=one.signers) for some in direct.values() for one in some]
        relayed = [inbox.signed(v, (j, k)) for v in self.orders for j in self.generals for k in self.others(j)]
        doubled = [inbox.signed(ATTACK, (j, j)) for j in self.generals]
        inbox = yield [sign(one, one.came & ~doubled[0].came, to=self.generals[:2]) for one in relayed]
        again = [inbox.signed(RETREAT, (j, k, j)).came for j in self.generals for k in self.generals]
        doubtful = any_of(one.came for one in doubled)
        known = {j: ite(some[0].came, RETREAT, self.marks[0]) for j, some in direct.items()}
        return known, how_many(again), doubtful, plurality(known.values(), tie=ABSENT)


class Belated(Hearsay):
    """The same, where traitors do not hear what is said in a round before they speak in it."""

    rushing = False


class Constants(Protocol):
    """Says what is the same in every run, and takes votes in which nobody votes."""

    problem = CONSENSUS

    def general(self, me: General, order: Any) -> Program:
        inbox = yield [broadcast(ATTACK), broadcast(ABSENT, label="nothing")]
        told = [inbox[j] for j in self.generals]
        silent = all_of(inbox[j, "nothing"] == ABSENT for j in self.generals)
        alike = told[me] == told[0]
        most, more = majority(told, default=ABSENT), plurality(told, tie=ABSENT)
        nobody = plurality([], tie=order), majority([], default=order)
        return most, more, nobody, most == ATTACK, more == most, alike, silent, count(told, ATTACK)


INSTANCES: list[Protocol] = [
    OM(n=3, m=1),
    OM(n=4, m=1),
    OM(n=5, m=2),
    OM(n=6, m=2, values=3),
    OM(n=5, m=3),
    OM(n=5, m=0),
    PhaseKing(n=3, m=1),
    PhaseKing(n=4, m=1, values=3),
    PhaseKing(n=6, m=2),
    ReadmeProgram(n=4, m=2),
    ReadmeProgram(n=5, m=1, values=4),
    EveryOperator(n=4),
    EveryOperator(n=3, values=3),
    Relay(n=4),
    Relay(n=5, values=3),
    SM(n=4, m=2),
    SM(n=5, m=1, d=3, graph="cycle:5"),
    DolevStrong(n=4, m=2),
    OMGraph(n=7, m=1, p=3, graph="circulant:7:1,2"),
    DolevRelay(n=4, m=1, graph="cycle:4"),
    EIG(n=4, m=1),
    Crusader(n=4, m=1, values=3),
    Gradecast(n=4, m=1, values=3),
    TurpinCoan(n=4, m=1),
    OMH(n=5, m=2),
    Z(n=4, m=1),
    PhaseQueen(n=4, m=1, values=3),
    HybridPhaseKing(n=4, m=1),
    Hearsay(n=4),
    Belated(n=4),
    Constants(n=4),
    Constants(n=3, values=3),
    Pair(n=3, values=3),
    Pair(n=3, optional=True),
    Empty(n=4),
    Sometimes(n=4, values=3),
    Misread(n=3),
    Bundled(n=4),
    BundledOM(n=4, m=1),
    BundledOM(n=5, m=2, missing_counts=False),
    BundledEIG(n=4, m=1, values=3),
]


@pytest.mark.slow
@pytest.mark.parametrize("protocol", INSTANCES, ids=repr)
@pytest.mark.parametrize("kind", [Terms, SimplifiedTerms])
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_simulator_and_terms_decide_alike(protocol: Protocol, kind: type[Terms], seed: int) -> None:
    chance = random.Random(seed)
    faulty = chance.sample(range(protocol.n), chance.randint(0, protocol.n - 1))
    modes = list(Fault) if chance.random() < 0.7 else [Fault.BYZANTINE]
    faults = {general: chance.choice(modes) for general in sorted(faulty)}
    loyal = [general for general in range(protocol.n) if general not in faults]
    terms = kind()
    algebra = SymbolicAlgebra(terms, protocol.words)
    adversary = Adversary(algebra, faults, orders=protocol.orders, rushing=protocol.rushing)
    decisions = execute(protocol, faults, loyal, adversary).decisions

    variables = list(terms.names())
    true = {number for number in variables if chance.random() < chance.choice([0.2, 0.5, 0.8])}
    meant = adversary.meaning(variables, true)
    played = run(protocol, faults, meant.starts, Deviation(meant))
    assert played.bent == []

    for general in loyal:
        decided = evaluated(algebra, decisions[general], true)
        assert decided == written(played.decisions[general]), f"general {general}"


def evaluated(algebra: SymbolicAlgebra, decision: Any, true: set[int]) -> Any:
    """What a symbolic decision comes to, as `written` puts it."""
    if isinstance(decision, dict):
        return {str(general): evaluated(algebra, part, true) for general, part in decision.items()}
    if isinstance(decision, tuple):
        return [evaluated(algebra, part, true) for part in decision]
    if isinstance(decision, Truth):
        return evaluate(algebra.terms, [algebra.literal(decision)], true)[0]
    if isinstance(decision, Count):
        return decision.constant + sum(w for w, truth in decision.weighted if evaluated(algebra, truth, true))
    bits = evaluate(algebra.terms, algebra.order(decision).bits, true)
    return (
        next(order.name for order, bit in zip(algebra.domain, bits, strict=True) if bit) if any(bits) else ABSENT.name
    )
