"""What a scenario obliges a protocol to: it is executed on terms, and for each of its cases there is a literal, that
the case is violated, which must be false under every assignment.

This module knows execution and conditions. It does not know how literals are decided.
"""

from __future__ import annotations

from typing import NamedTuple

from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.condition_symmetry import demand_impartial
from byzverify.engines.finite.execution import SymbolicChannel, execute
from byzverify.engines.finite.resolving import Resolver
from byzverify.engines.finite.rules import Opaque
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.language.conditions import Outcome
from byzverify.language.protocol import Protocol
from byzverify.logic.terms import Literal, SimplifiedTerms, Terms


class Extent(NamedTuple):
    """How much there was to execute.

    dispatched: how many orders the running generals sent, a broadcast counted once. variables: how many variables of
    the adversary the terms were made of. resolves: whether trees are resolved by their symmetry.
    """

    dispatched: int
    variables: int
    resolves: bool


class Obligations:
    """One scenario of a protocol, executed against an adversary. `obligations` makes those of a check.

    channel: what each round is. resolver: how trees are resolved, if not by going through all of them.

    extent: how much that was. forget: lets go of the execution, when no goal is asked for any more. Raises Stopped at
    the limit of the adversary's terms.
    """

    def __init__(
        self,
        protocol: Protocol,
        scenario: Scenario,
        adversary: Adversary,
        channel: type[SymbolicChannel] = SymbolicChannel,
        resolver: Resolver | None = None,
    ) -> None:
        self.protocol = protocol
        self.scenario = scenario
        self.adversary = adversary
        self.terms = adversary.algebra.terms
        self._resolver = resolver
        ended = execute(protocol, scenario.faults, scenario.observers, adversary, channel, resolver)
        self.forget = ended.forget
        if self._resolver is None:
            self.forget()
        self.outcome = Outcome.of(protocol, scenario.faults, ended.orders, ended.decisions)
        variables = sum(not isinstance(name, Opaque) for name in self.terms.names().values())
        self.extent = Extent(ended.dispatched, variables, self._resolver is not None)

    def demand_impartial(self, case: Case) -> None:
        """Raise Asymmetric where the condition does not treat generals alike and the scenario stands for several."""
        if self.scenario.folded:
            demand_impartial(self.protocol, case, self.outcome)

    def violation(self, case: Case) -> Literal:
        """The literal that is true where the adversary's assumptions hold, and the condition of the case does not.

        Raises Asymmetric where it does not treat generals alike and the scenario stands for several.
        """
        return self.unfolded(self.folded_violation(case))

    def folded_violation(self, case: Case) -> Literal:
        """The same as long as nobody needs to know what the values in it are made of. Raises Asymmetric."""
        self.demand_impartial(case)
        holds = self.adversary.algebra.all_of(truth for _, truth in case.condition.ask(self.outcome, case.witnesses))
        assumed = self.adversary.assumptions
        return self.terms.at_least(1 + len(assumed), [*assumed, -holds])

    def unfolded(self, literal: Literal) -> Literal:
        """What a literal comes to when it is known what the values in it are made of."""
        return literal if self._resolver is None else self._resolver.unfolded(literal)


def obligations(protocol: Protocol, scenario: Scenario, terms: Terms) -> Obligations:
    """A scenario, executed on these terms against everything that its faulty generals can do.

    Trees are resolved by their symmetry where the scenario uses that and terms may be simplified. Raises Stopped at the
    limit of the terms.
    """
    algebra = SymbolicAlgebra(terms, protocol.words)
    adversary = Adversary(algebra, scenario.faults, orders=protocol.orders, rushing=protocol.rushing)
    resolver = None
    if scenario.folded and protocol.is_complete and isinstance(terms, SimplifiedTerms):
        resolver = Resolver(protocol, scenario.faults, scenario.observers, algebra)
    return Obligations(protocol, scenario, adversary, resolver=resolver)
