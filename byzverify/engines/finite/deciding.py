"""Decides one scenario: for each of its cases, whether it can be violated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from byzverify.engines.finite.obligations import Extent, Obligations
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.engines.finite.uniform import uniform_claim
from byzverify.language.conditions import Condition
from byzverify.logic.terms import FALSE, TRUE, Literal
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim
from byzverify.solvers.answers import Found, Satisfiable, Solver, Undecided, solver


@dataclass(frozen=True)
class Answer:
    """The result for a case: a claimed attack, or the reason why nothing is known; if neither, the case holds.

    while_built: the violation became the constant false while its term was being built, so no solver was asked.
    """

    case: Case
    claim: Claim | None = None
    unknown: str | None = None
    while_built: bool = False


LONG_RUN = 100_000
"""In a scenario whose generals send more orders than this, all optional work is left out."""


Decided = tuple[Scenario, Extent, Iterator[Answer]]
"""A scenario, its extent, and the answers to its cases."""


def one_by_one(
    executed: Iterable[Obligations],
    by: str,
    wanted: Callable[[Condition], bool],
    decided_already: Callable[[Obligations], None],
) -> Iterator[Decided]:
    """Decide each scenario when its answers are asked for, and forget it after the last one.

    decided_already: called with each scenario after that.
    """

    def decided(stated: Obligations) -> Decided:
        return stated.scenario, stated.extent, _last_answers(stated, by, wanted, decided_already)

    return map(decided, executed)  # unlike a loop, map does not keep one scenario alive while it makes the next


def _last_answers(
    stated: Obligations,
    by: str,
    wanted: Callable[[Condition], bool],
    decided_already: Callable[[Obligations], None],
) -> Iterator[Answer]:
    yield from answers(stated, by, wanted)
    decided_already(stated)
    stated.forget()


def answers(stated: Obligations, by: str, wanted: Callable[[Condition], bool]) -> Iterator[Answer]:
    """Decide the cases whose conditions are wanted, one after the other, when their turn comes.

    by: the solver's name. Raises Stopped at the limit; Asymmetric if a condition does not treat generals alike and the
    scenario stands for several.
    """
    engine: Solver | None = None
    for case in filter(lambda case: wanted(case.condition), stated.scenario.cases):
        known = built(stated, case, by)
        if isinstance(known, Answer):
            yield known
        else:
            engine = engine or solver(by, stated.terms)
            yield _read(stated, case, engine.solve(known, stated.limit))


def built(stated: Obligations, case: Case, by: str) -> Answer | Literal:
    """The answer for a case, if no solver is needed for the whole case; otherwise its violation, which a solver must
    decide.

    Raises the same errors as `answers`.
    """
    violation = stated.folded_violation(case)
    if violation != FALSE and (uniform := _uniform(stated, case, by)):
        return Answer(case, uniform)
    violation = stated.unfolded(violation)
    if violation == TRUE:
        return Answer(case, claimed(stated, case, Satisfiable(frozenset(), frozenset())))
    return Answer(case, while_built=True) if violation == FALSE else violation


def _uniform(stated: Obligations, case: Case, by: str) -> Claim | None:
    """A uniform attack, which is described by few variables, in a run that is long."""
    if stated.extent.dispatched <= LONG_RUN or not stated.extent.resolves:
        return None
    return uniform_claim(stated.protocol, stated.scenario, case, by, stated.limit)


def _read(stated: Obligations, case: Case, found: Found) -> Answer:
    """The answer for a case that follows from the solver's answer."""
    if isinstance(found, Undecided):
        return Answer(case, unknown=found.reason)
    return Answer(case, claimed(stated, case, found) if isinstance(found, Satisfiable) else None)


def meaning(stated: Obligations, found: Satisfiable) -> Behaviour:
    """The adversary's behaviour in an assignment that a solver found."""
    if stated.extent.resolves:
        stated.adversary.unfold(stated.unfolded)
    return stated.adversary.meaning(found.variables, found.true_variables)


def claimed(stated: Obligations, case: Case, found: Satisfiable) -> Claim:
    """The claim that an assignment that violates the case describes."""
    return Claim(stated.protocol, stated.scenario.faults, meaning(stated, found), case.condition, case.witnesses)
