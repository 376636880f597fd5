"""The properties at the end of a run: every condition, for every choice of faulty generals and of witnesses.

A condition is executed on the witnesses' decisions, once for each cast: a cast says who is loyal and who cannot lie. If
the same claim results for all casts in which certain generals are loyal, it is stated once. This module knows
conditions. It must not know what happens in a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from byzverify.errors import UsageError
from byzverify.ir.expressions import Constant, Expression, Recorder
from byzverify.language.conditions import Condition, Outcome
from byzverify.language.decisions import Decision
from byzverify.language.faults import Budget, Fault, Faults, lies
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order

MOST_CASTS = 20_000
"""The most choices of faulty generals in an export: a tool that goes through all of them could not handle more."""


@dataclass(frozen=True)
class Casting:
    """Who is loyal, and who cannot lie (truthful), in ascending order. Loyal generals are truthful too."""

    loyal: tuple[General, ...]
    truthful: tuple[General, ...]


@dataclass(frozen=True)
class Property:
    """One condition for these witnesses. It must hold whenever all generals in `among` are loyal or, if there are
    `casts`, only in these casts."""

    condition: Condition
    witnesses: tuple[General, ...]
    among: tuple[General, ...]
    casts: tuple[Casting, ...]
    truth: Expression


def casts(n: int, budget: Budget) -> list[Casting]:
    """Every cast of n generals within the budget. Raises UsageError if there are too many."""
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
    """All claims of the protocol's problem, without trivial ones. decisions: the decisions of all who decide."""
    every = casts(protocol.n, budget)
    made: dict[tuple[Condition, tuple[General, ...], Expression], list[Casting]] = {}
    for condition in protocol.problem.conditions:
        for cast in every:
            for witnesses, truth in _asked(protocol, condition, cast, decisions, recorder):
                made.setdefault((condition, witnesses, truth), []).append(cast)
    found = []
    for (condition, witnesses, truth), alike in made.items():
        if not (isinstance(truth, Constant) and truth.value):
            among, alone = _where(alike, every)
            found.append(Property(condition, witnesses, among, alone, truth))
    return found


def _asked(
    protocol: Protocol, condition: Condition, cast: Casting, decisions: Mapping[General, Decision], recorder: Recorder
) -> Iterator[tuple[tuple[General, ...], Expression]]:
    """What the condition says for each choice of witnesses in this cast."""
    if not condition.applies(protocol, cast.loyal):
        return
    starters = protocol.problem.starters(protocol.n)
    orders: dict[General, Order] = {general: recorder.started(general) for general in starters}
    outcome = Outcome.of(protocol, _faults(protocol.n, cast), orders, decisions)
    for witnesses in combinations([general for general in cast.loyal if general in decisions], condition.witnesses):
        asked = condition.ask(outcome, witnesses)
        yield from dict.fromkeys((witnesses, recorder.truth(truth)) for _, truth in asked)


def _faults(n: int, cast: Casting) -> Faults:
    """Fault modes for which this is the cast. Conditions only see whether a mode lies, so any such mode will do."""
    failing = [general for general in range(n) if general not in cast.loyal]
    lying, milder = (next(mode for mode in Fault if lies(mode) == lie) for lie in (True, False))
    return {general: milder if general in cast.truthful else lying for general in failing}


def _where(alike: Sequence[Casting], every: Sequence[Casting]) -> tuple[tuple[General, ...], tuple[Casting, ...]]:
    """The generals who are loyal in all of these casts; and the casts themselves if that does not determine them."""
    among = set(alike[0].loyal).intersection(*(cast.loyal for cast in alike))
    meant = [cast for cast in every if among <= set(cast.loyal)]
    return tuple(sorted(among)), () if len(meant) == len(alike) else tuple(alike)
