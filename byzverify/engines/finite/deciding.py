"""One scenario decided: for each of its cases, whether it can be violated."""

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
    """What became of a case: a claimed attack, or the reason why nothing is known, or neither: the case holds.

    while_built: the violation became the constant false while its term was being built, and no solver was asked.
    """

    case: Case
    claim: Claim | None = None
    unknown: str | None = None
    while_built: bool = False


LONG_RUN = 100_000
"""Where the generals of a scenario send more orders, all that can be left out is left out."""


Decided = tuple[Scenario, Extent, Iterator[Answer]]
"""A scenario, how much it was, and the answers of its cases."""


def one_by_one(
    executed: Iterable[Obligations],
    by: str,
    wanted: Callable[[Condition], bool],
    decided_already: Callable[[Obligations], None],
) -> Iterator[Decided]:
    """Each scenario, decided when its answers are asked for, and forgotten after the last one.

    decided_already: told of each scenario then.
    """

    def decided(stated: Obligations) -> Decided:
        return stated.scenario, stated.extent, _last_answers(stated, by, wanted, decided_already)

    return map(decided, executed)  # unlike a loop it does not hold on to one while it makes the next


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
    """Decide the cases of a scenario whose conditions are wanted when their turn comes, one after the other.

    by: the solver's name. Raises Stopped at the limit, Asymmetric where a condition does not treat generals alike and
    the scenario stands for several.
    """
    engine: Solver | None = None
    for case in filter(lambda case: wanted(case.condition), stated.scenario.cases):
        known = built(stated, case, by)
        if isinstance(known, Answer):
            yield known
        else:
            engine = engine or solver(by, stated.terms)
            yield _read(stated, case, engine.solve(known))


def built(stated: Obligations, case: Case, by: str) -> Answer | Literal:
    """What becomes of a case with no solver asked about the whole of it; else its violation, about which one must be
    asked.

    Raises as `answers` does.
    """
    violation = stated.folded_violation(case)
    if violation != FALSE and (uniform := _uniform(stated, case, by)):
        return Answer(case, uniform)
    violation = stated.unfolded(violation)
    if violation == TRUE:
        return Answer(case, claimed(stated, case, Satisfiable(frozenset(), frozenset())))
    return Answer(case, while_built=True) if violation == FALSE else violation


def _uniform(stated: Obligations, case: Case, by: str) -> Claim | None:
    """An attack by which much is said in few words, in a run that is long."""
    if stated.extent.dispatched <= LONG_RUN or not stated.extent.resolves:
        return None
    return uniform_claim(stated.protocol, stated.scenario, case, by, stated.terms.limit)


def _read(stated: Obligations, case: Case, found: Found) -> Answer:
    """What the solver's answer says of the case."""
    if isinstance(found, Undecided):
        return Answer(case, unknown=found.reason)
    return Answer(case, claimed(stated, case, found) if isinstance(found, Satisfiable) else None)


def meaning(stated: Obligations, found: Satisfiable) -> Behaviour:
    """What the adversary does by an assignment that a solver found."""
    if stated.extent.resolves:
        stated.adversary.unfold(stated.unfolded)
    return stated.adversary.meaning(found.variables, found.true_variables)


def claimed(stated: Obligations, case: Case, found: Satisfiable) -> Claim:
    """What an assignment that violates the case stands for."""
    return Claim(stated.protocol, stated.scenario.faults, meaning(stated, found), case.condition, case.witnesses)
