"""Lies chosen by a solver to steer votes to their tipping points.

A slightly wrong program differs from a right one where a vote is won by one or lost by one: its threshold is off by
one, it breaks a tie differently, or it counts one vote too many or too few. The model is executed on terms. For each of
its votes, a count of three or more against a threshold, a solver looks for lies with which the threshold is just
reached, and just missed; if possible in a run where the decision, too, depends on one vote. This module knows terms and
solvers, and no programs.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.engines.finite.votes import literals, votes
from byzverify.language.faults import Faults
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.logic.terms import AtLeast, Literal, Terms, cone
from byzverify.simulation.trial import Trial
from byzverify.solvers.answers import Satisfiable, Solver, solver


def steered(protocol: Protocol, faults: Faults, draw: random.Random, limit: Limit) -> Iterator[tuple[str, Trial]]:
    """Trials with these faulty generals, each with a description, in random order.

    They steer the votes of two loyal generals. Raises Stopped at the limit.
    """
    loyal = [general for general in protocol.problem.deciders(protocol.n) if general not in faults]
    observers = tuple(sorted(draw.sample(loyal, min(2, len(loyal)))))
    case = Case(protocol.problem.conditions[0], observers)
    stated = obligations(protocol, Scenario(faults, 1, (case,), folded=False), Terms(limit))
    engine = solver("z3", stated.terms)
    roots = literals(stated.outcome.decisions.values())
    decisive = [_tipped(stated.terms, vote, True) for vote in votes(stated.terms, map(abs, roots)).values()]
    every = list(votes(stated.terms, cone(stated.terms, roots)).values())
    draw.shuffle(every)
    for vote in every:
        for reached in (True, False):
            goal = _tipped(stated.terms, vote, reached)
            found = _found(engine, [stated.terms.both(goal, one) for one in decisive] + [goal], limit)
            if found is not None:
                meant = stated.adversary.meaning(found.variables, found.true_variables)
                what = f"a vote of {len(vote.literals)} just {'reaches' if reached else 'misses'} {vote.k}"
                yield what, Trial(protocol, faults, meant.starts, meant.said, meant.crashed)


def _tipped(terms: Terms, vote: AtLeast, reached: bool) -> Literal:
    """The literal that is true if the vote is just reached or, with `reached` false, missed by one."""
    most = vote.k if reached else vote.k - 1
    at_least, at_most = (terms.at_least(k, vote.literals, vote.weights) for k in (most, most + 1))
    return terms.both(at_least, -at_most)


def _found(engine: Solver, goals: Iterable[Literal], limit: Limit) -> Satisfiable | None:
    """An assignment that makes one of these goals true, preferring earlier ones; None if none can be.

    Raises Stopped at the limit.
    """
    answers = (engine.solve(goal, limit) for goal in goals)
    return next((answer for answer in answers if isinstance(answer, Satisfiable)), None)
