"""One scenario decided: execute it, state each case's goal, and ask whether the goal can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from byzverify.checking.adversary import Adversary
from byzverify.checking.claims import Claim
from byzverify.checking.execution import execute
from byzverify.checking.impartial import demand_impartial
from byzverify.checking.scenarios import Case, Scenario
from byzverify.checking.symbolic import SymbolicAlgebra
from byzverify.language.conditions import Condition, Outcome, in_sight, shown
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.terms import TRUE, SimplifiedTerms, Terms

if TYPE_CHECKING:
    from byzverify.checking.solving import Found, Search


@dataclass(frozen=True)
class Answer:
    """What became of a case: a claimed attack, or the reason why nothing is known, or neither: the case holds.

    dispatched: how many orders the running generals sent in the scenario, a broadcast counted once. variables: how many
    variables the adversary has in it.
    while_built: the goal became the constant true while its term was being built, and no solver was asked.
    """

    case: Case
    dispatched: int
    variables: int
    claim: Claim | None = None
    unknown: str | None = None
    while_built: bool = False


def answers(
    protocol: Protocol,
    scenario: Scenario,
    wanted: Callable[[Condition], bool],
    raw: bool = False,
    limit: Limit = NO_LIMIT,
) -> Iterator[Answer]:
    """Decide the cases of a scenario whose conditions are wanted when their turn comes, one after the other.

    Raises Stopped at the limit, Asymmetric where a condition does not treat generals alike and the scenario stands for
    several.
    """
    terms = Terms(limit) if raw else SimplifiedTerms(limit)
    algebra = SymbolicAlgebra(terms, protocol.words)
    adversary = Adversary(algebra, scenario.faults, orders=protocol.orders, rushing=protocol.rushing)
    ended = execute(protocol, scenario.faults, scenario.observers, adversary)
    outcome = Outcome.of(protocol.n, scenario.faults, ended.orders, ended.decisions)
    order = in_sight(protocol.groups, range(protocol.n))
    variables = len(terms.names())
    search: Search | None = None
    for case in filter(lambda case: wanted(case.condition), scenario.cases):
        if scenario.folded:
            demand_impartial(protocol, case, outcome)
        goal = algebra.literal(case.condition.judge(*shown(outcome, case.witnesses, order)))
        if goal == TRUE:
            yield Answer(case, ended.dispatched, variables, while_built=True)
        else:
            from byzverify.checking.solving import Search  # it imports z3, which many a check never needs

            search = search or Search(terms)
            found = search.solve(-goal)
            yield Answer(case, ended.dispatched, variables, *_reading(protocol, scenario, case, adversary, found))


def _reading(
    protocol: Protocol, scenario: Scenario, case: Case, adversary: Adversary, found: Found
) -> tuple[Claim | None, str | None]:
    """What the solver's answer says: a claim, or why nothing is known, or neither."""
    from byzverify.checking.solving import Satisfiable, Undecided

    if isinstance(found, Undecided):
        return None, found.reason
    if not isinstance(found, Satisfiable):
        return None, None
    meant = adversary.meaning(found.variables, found.true_variables)
    faults, condition = scenario.faults, case.condition
    return Claim(protocol, faults, meant.orders, meant.said, meant.crashed, condition, case.witnesses), None
