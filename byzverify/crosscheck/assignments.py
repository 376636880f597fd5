"""Assignments of a scenario's variables, and the plans whose decisions its terms predict from them.

Every assignment stands for a run, so the terms predict what each observer decides in that run. Some assignments are
drawn at random. Others are moved to a tipping point, where a vote is won or lost by one, since a slightly wrong program
does something else there. This module knows executed scenarios and terms. It plays nothing.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from byzverify.crosscheck.differences import Parting
from byzverify.crosscheck.plans import Plan
from byzverify.crosscheck.playing import RecordedRun, in_words
from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.deciding import meaning
from byzverify.engines.finite.execution import execute
from byzverify.engines.finite.obligations import Obligations
from byzverify.engines.finite.rules import Opaque
from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder, SymbolicTruth
from byzverify.engines.finite.variables import Lapses, Starts
from byzverify.engines.finite.votes import literals, votes
from byzverify.language.decisions import Decision, remade, written
from byzverify.language.messages import General
from byzverify.language.outgoing import NOTHING, Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.records import Record
from byzverify.language.values import ABSENT, FALSE, TRUE, Order
from byzverify.logic.evaluation import evaluate
from byzverify.logic.incremental import Flipping
from byzverify.logic.terms import Literal, SimplifiedTerms, cone
from byzverify.solvers.answers import Satisfiable

STEPS = 40
"""How many variables are flipped, at most, to move a vote to its tipping point."""

TIPPING = 0.5
"""The probability that an assignment is moved to a tipping point."""

ALIKE = 0.25
"""The probability that all generals are made to start with the same order."""


class Predictions:
    """The predictions of an executed scenario. seed: for the random choice of assignments."""

    def __init__(self, stated: Obligations, seed: int) -> None:
        self._stated = stated
        self._terms = stated.terms
        self._draw = random.Random(seed)
        self._decisions = {general: self._unfolded(one) for general, one in stated.outcome.decisions.items()}
        self.names: dict[int, Any] = {
            number: name for number, name in self._terms.names().items() if not isinstance(name, Opaque)
        }
        self._read = frozenset(name.site for name in self.names.values() if isinstance(name, Lapses))
        self._roots = literals(self._decisions.values())
        self._votes = votes(self._terms, cone(self._terms, self._roots))

    def drawn(self) -> set[int]:
        """The true variables of a random assignment, moved to a tipping point with the probability `TIPPING`."""
        return self._tipping() if self._votes and self._draw.random() < TIPPING else self._at_random()

    def plan(self, true: Collection[int]) -> Plan:
        """The run for the assignment in which exactly these variables are true."""
        stated = self._stated
        return Plan(
            {general: mode.value for general, mode in stated.scenario.faults.items()},
            meaning(stated, Satisfiable(frozenset(self.names), frozenset(true))),
            self._read,
            self._draw.getrandbits(32),
            self.decided(true),
        )

    def decided(self, true: Collection[int]) -> dict[General, Any]:
        """What each observer decides if exactly these variables are true, in the typed form of `written`."""
        holds = dict(zip(self._roots, evaluate(self._terms, self._roots, true), strict=True))
        words = self._stated.protocol.words
        return {
            general: written(remade(decision, lambda leaf: _plain(leaf, holds, words)), typed=True)
            for general, decision in self._decisions.items()
        }

    def _at_random(self) -> set[int]:
        """A random assignment: a random share of the adversary's variables is true. Each general starts with a random
        order, or all start with the same one.
        """
        share = self._draw.choice((0.5, 0.5, 0.2, 0.8))
        orders = range(len(self._stated.protocol.orders))
        started = [self._draw.choice(orders) for _ in range(self._stated.protocol.n)]
        if self._draw.random() < ALIKE:
            started = [started[0]] * len(started)
        true = set()
        for number, name in self.names.items():
            starts = isinstance(name, Starts)
            holds = name.order == started[name.general] if starts else self._draw.random() < share
            if holds:
                true.add(number)
        return true

    def _tipping(self) -> set[int]:
        """An assignment moved towards one where a vote is won or lost by one."""
        number, vote = self._draw.choice(list(self._votes.items()))
        true = self._at_random()
        wanted = vote.k - self._draw.randrange(2)
        able = [one for one in cone(self._terms, [number]) if one in self.names]
        led = Flipping(self._terms, number, true)
        for one in self._draw.sample(able, min(STEPS, len(able))):
            distance = abs(led.weight - wanted)
            if not distance:
                break
            led.flip([one])
            if abs(led.weight - wanted) > distance:
                led.flip([one])
            else:
                true ^= {one}
        return true

    def _unfolded(self, decision: Decision) -> Decision:
        """The decision without opaque variables."""
        stated = self._stated

        def unfolded(leaf: Any) -> Any:
            algebra = leaf.algebra
            if isinstance(leaf, SymbolicOrder):
                return SymbolicOrder(algebra, tuple(map(stated.unfolded, leaf.bits)), leaf.never_absent)
            return SymbolicTruth(algebra, stated.unfolded(leaf.literal)) if isinstance(leaf, SymbolicTruth) else leaf

        return remade(decision, unfolded)


def _plain(leaf: Any, holds: Mapping[Literal, bool], words: Sequence[Order]) -> Any:
    """The plain value of a part of a decision."""
    if isinstance(leaf, SymbolicTruth):
        return TRUE if holds[leaf.literal] else FALSE
    if isinstance(leaf, SymbolicOrder):
        return next((word for word, bit in zip(words, leaf.bits, strict=True) if holds[bit]), ABSENT)
    return leaf


def parting(protocol: Protocol, record: RecordedRun, true: Collection[Any]) -> Parting | None:
    """The first message that differs between a simulated run and its terms, if any. true: names of true variables."""
    algebra = SymbolicAlgebra(SimplifiedTerms(), protocol.words)
    faults = record.plan.modes
    adversary = Adversary(algebra, faults, orders=protocol.orders, rushing=protocol.rushing)
    ended = execute(protocol, faults, [*record.plan.predicted], adversary)
    holding = {number for number, name in algebra.terms.names().items() if name in true}
    for number, sent in enumerate(ended.rounds):
        for me, part in record.parts.items():
            if not part.inboxes:  # not recorded
                continue
            before = part.sent[number] if number < len(part.sent) else ()
            as_terms = in_words(_as_sent(algebra, sent.get(me, NOTHING), holding))
            if before != as_terms:
                return Parting(number + 1, me, before, as_terms)
    return None


def _as_sent(algebra: SymbolicAlgebra, sent: Outgoing, true: Collection[int]) -> Outgoing:
    """What is sent if exactly these variables are true."""

    def plain(value: Order) -> Order:
        if isinstance(value, Record):
            came = evaluate(algebra.terms, [algebra.literal(value.came)], true)[0]
            return Record({name: plain(order) for name, order in value.parts.items()}, TRUE if came else FALSE)
        bits = value.bits if isinstance(value, SymbolicOrder) else ()
        holds = dict(zip(bits, evaluate(algebra.terms, bits, true), strict=True))
        word: Order = _plain(value, holds, algebra.domain)
        return word

    return sent.remade(plain)
