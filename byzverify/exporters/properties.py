"""What must hold at the end: every condition, for every choice of faulty generals and of witnesses, written down.

A condition is executed on what the witnesses decide, once for each cast, that is for who is loyal and who makes nothing
up. Where the same claim comes out for every cast in which certain generals are loyal, it is stated once. This module
knows conditions. It must not know what happens in a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from byzverify.errors import UsageError
from byzverify.ir.expressions import Constant, Expression, Recorder
from byzverify.language.conditions import Condition, Decision, Outcome
from byzverify.language.faults import Budget, Fault, Faults, lies
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order

MOST_CASTS = 20_000
"""More choices of faulty generals than this are of no use to a tool that goes through all of them."""


@dataclass(frozen=True)
class Casting:
    """Who is loyal, and who makes nothing up, in ascending order. The first are among the second."""

    loyal: tuple[General, ...]
    truthful: tuple[General, ...]


@dataclass(frozen=True)
class Property:
    """One condition before these witnesses. It is made wherever all those `among` are loyal or, if there are `casts`,
    in these only."""

    condition: Condition
    witnesses: tuple[General, ...]
    among: tuple[General, ...]
    casts: tuple[Casting, ...]
    truth: Expression


def casts(n: int, budget: Budget) -> list[Casting]:
    """Every cast of n generals of whom no more fail than the budget allows. Raises UsageError if that is too many."""
    lying = sum(number for mode, number in budget.items() if lies(mode))
    milder = sum(budget.values()) - lying
    found = []
    for liars in _up_to(lying, range(n)):
        truthful = [general for general in range(n) if general not in liars]
        for failing in _up_to(milder, truthful):
            found.append(Casting(tuple(g for g in truthful if g not in failing), tuple(truthful)))
            if len(found) > MOST_CASTS:
                raise UsageError("there are too many choices of faulty generals to write down; export a smaller model")
    return found


def _up_to(most: int, generals: Sequence[General]) -> Iterator[tuple[General, ...]]:
    for number in range(min(most, len(generals)) + 1):
        yield from combinations(generals, number)


def claims(
    protocol: Protocol, budget: Budget, decisions: Mapping[General, Decision], recorder: Recorder
) -> list[Property]:
    """All claims of the protocol's problem, without those that say nothing. decisions: of everyone who decides."""
    every = casts(protocol.n, budget)
    made: dict[tuple[Condition, tuple[General, ...], Expression], list[Casting]] = {}
    for condition in protocol.problem.conditions:
        for cast in every:
            for witnesses, truth in _asked(protocol, condition, cast, decisions, recorder):
                made.setdefault((condition, witnesses, truth), []).append(cast)
    return [
        Property(condition, witnesses, *_where(alike, every), truth)
        for (condition, witnesses, truth), alike in made.items()
        if not (isinstance(truth, Constant) and truth.value)
    ]


def _asked(
    protocol: Protocol, condition: Condition, cast: Casting, decisions: Mapping[General, Decision], recorder: Recorder
) -> Iterator[tuple[tuple[General, ...], Expression]]:
    """What the condition says before each choice of witnesses of this cast."""
    if not condition.applies(protocol, cast.loyal):
        return
    starters = protocol.problem.starters(protocol.n)
    orders: dict[General, Order] = {general: recorder.started(general) for general in starters}
    outcome = Outcome.of(protocol, _faults(protocol.n, cast), orders, decisions)
    for witnesses in combinations([general for general in cast.loyal if general in decisions], condition.witnesses):
        asked = condition.ask(outcome, witnesses)
        yield from dict.fromkeys((witnesses, recorder.truth(truth)) for _, truth in asked)


def _faults(n: int, cast: Casting) -> Faults:
    """Modes in which generals fail so that this is the cast; which of those that lie, or do not, no condition sees."""
    failing = [general for general in range(n) if general not in cast.loyal]
    lying, milder = (next(mode for mode in Fault if lies(mode) == lie) for lie in (True, False))
    return {general: milder if general in cast.truthful else lying for general in failing}


def _where(alike: Sequence[Casting], every: Sequence[Casting]) -> tuple[tuple[General, ...], tuple[Casting, ...]]:
    """The generals whose loyalty makes it one of these casts, and the casts themselves if it takes more than that."""
    among = set(alike[0].loyal).intersection(*(cast.loyal for cast in alike))
    meant = [cast for cast in every if among <= set(cast.loyal)]
    return tuple(sorted(among)), () if len(meant) == len(alike) else tuple(alike)
