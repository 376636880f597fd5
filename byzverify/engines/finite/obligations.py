"""What a scenario obliges a protocol to. The scenario is executed on terms. Each of its cases then has a literal that
says that the case is violated, and the protocol is right if these literals are false under every assignment.

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
    """The size of an execution.

    dispatched: the number of orders that the running generals sent, a broadcast counted once. variables: the number of
    the adversary's variables in the terms. resolves: whether trees are resolved by their symmetry.
    """

    dispatched: int
    variables: int
    resolves: bool


class Obligations:
    """One scenario of a protocol, executed against an adversary. `obligations` makes those of a check.

    channel: the class of each round. resolver: resolves trees; without one, all their paths are visited.

    limit: that of the adversary's terms, at which the execution raises Stopped, for everything that is done with the
    scenario. extent: the size of the execution. forget: releases the execution; call it when no more goals are needed.
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
        self.limit = self.terms.limit
        self._resolver = resolver
        ended = execute(protocol, scenario.faults, scenario.observers, adversary, channel, resolver)
        self.forget = ended.forget
        if self._resolver is None:
            self.forget()
        self.outcome = Outcome.of(protocol, scenario.faults, ended.orders, ended.decisions)
        variables = sum(not isinstance(name, Opaque) for name in self.terms.names().values())
        self.extent = Extent(ended.dispatched, variables, self._resolver is not None)

    def demand_impartial(self, case: Case) -> None:
        """Raise Asymmetric if the condition does not treat generals alike and the scenario stands for several."""
        if self.scenario.folded:
            demand_impartial(self.protocol, case, self.outcome)

    def violation(self, case: Case) -> Literal:
        """The literal that is true if the adversary's assumptions hold and the condition of the case does not.

        Raises Asymmetric if the condition does not treat generals alike and the scenario stands for several.
        """
        return self.unfolded(self.folded_violation(case))

    def folded_violation(self, case: Case) -> Literal:
        """The same with opaque values left as they are, before `unfolded` replaces them. Raises Asymmetric likewise."""
        self.demand_impartial(case)
        holds = self.adversary.algebra.all_of(truth for _, truth in case.condition.ask(self.outcome, case.witnesses))
        self.limit.check()  # the condition may have caught the error that says that it is reached
        assumed = self.adversary.assumptions
        return self.terms.at_least(1 + len(assumed), [*assumed, -holds])

    def unfolded(self, literal: Literal) -> Literal:
        """The literal with each opaque value replaced by its definition."""
        return literal if self._resolver is None else self._resolver.unfolded(literal)


def obligations(protocol: Protocol, scenario: Scenario, terms: Terms) -> Obligations:
    """A scenario, executed on these terms against everything that its faulty generals can do.

    Trees are resolved by their symmetry if the scenario uses symmetry and the terms may be simplified. Raises Stopped
    at the limit of the terms.
    """
    algebra = SymbolicAlgebra(terms, protocol.words)
    adversary = Adversary(algebra, scenario.faults, orders=protocol.orders, rushing=protocol.rushing)
    resolver = None
    if scenario.folded and protocol.is_complete and isinstance(terms, SimplifiedTerms):
        resolver = Resolver(protocol, scenario.faults, scenario.observers, algebra)
    return Obligations(protocol, scenario, adversary, resolver=resolver)
