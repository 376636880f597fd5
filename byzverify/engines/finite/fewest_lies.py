"""The search for the smallest attack on one case: the fewest lies with which its goal can fail.

If the terms of the goal form a tree, or nearly one, their structure alone gives the number. Otherwise a solver is asked
whether a given number of lies is enough. This module knows one case; it does not know what is found in others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import inf

from byzverify.engines.finite.deciding import claimed
from byzverify.engines.finite.lies import InLies
from byzverify.engines.finite.scenarios import Case
from byzverify.errors import Stopped
from byzverify.language.messages import Site
from byzverify.limits import Limit
from byzverify.logic.minimum_cost import Cheapest, TooEntangled
from byzverify.logic.terms import FALSE, cone
from byzverify.scenario.claim import Claim
from byzverify.solvers.answers import Satisfiable, Undecided, Unsatisfiable, solver


def _anywhere(site: Site) -> bool:
    return True


class Hunt:
    """The search in one case.

    lower: a lower bound on the number of lies of an attack; infinite if there is no attack. exact: whether an attack
    with this many lies is known to exist, where only lies that somebody reads count. entangled: whether the structure
    of the violation does not determine the number.
    """

    def __init__(self, stated: InLies, case: Case) -> None:
        self.case = case
        self.stated = stated
        self._terms = stated.terms
        self._violation = stated.violation(case)
        self._cone = cone(stated.terms, [self._violation]) if abs(self._violation) != 1 else []
        nodes, matters = stated.terms.nodes, set(self._cone)
        costs = stated.adversary.costs
        self._costs = {s: cost for s, cost in costs.items() if nodes[abs(cost)] is not None or cost in matters}
        self.entangled = self._violation != FALSE and any(nodes[abs(cost)] is not None for cost in self._costs.values())
        self.lower: float = inf if self._violation == FALSE else 0
        self.exact = self._violation == FALSE

    def within(self, most: float, by: str, limit: Limit, among: Callable[[Site], bool] = _anywhere) -> Claim | None:
        """An attack with at most `most` lies, all at sites that `among` accepts; None if there is none.

        by: the solver, which is asked if the structure does not decide. Raises Stopped at the limit, or if the solver
        gives up.
        """
        found = self.by_structure(limit, among, most)
        return self._by_solver(most, by, limit, among) if self.entangled else found

    def by_structure(self, limit: Limit, among: Callable[[Site], bool] = _anywhere, most: float = inf) -> Claim | None:
        """The same without a solver, with the fewest lies; None also if the violation turns out to be entangled."""
        if self._violation == FALSE or self.entangled:
            return None
        banned = [cost for site, cost in self._costs.items() if not among(site)]
        try:
            found = Cheapest(self._terms, self._violation, Counter(self._costs.values()), limit, banned)
        except TooEntangled:
            self.entangled = True
            return None
        if not banned:
            self.lower = found.cost
            self.exact = True
        if found.cost > most or found.cost == inf:
            return None
        variables = frozenset(number for number in self._cone if self._terms.nodes[number] is None)
        return claimed(self.stated, self.case, Satisfiable(variables, found.true_variables()))

    def _by_solver(self, most: float, by: str, limit: Limit, among: Callable[[Site], bool]) -> Claim | None:
        terms = self._terms
        allowed = [cost for site, cost in self._costs.items() if among(site)]
        banned = [-cost for site, cost in self._costs.items() if not among(site)]
        few = terms.at_least(len(allowed) - int(min(most, len(allowed))), [-cost for cost in allowed])
        found = solver(by, terms).solve(terms.at_least(2 + len(banned), [self._violation, few, *banned]), limit)
        if isinstance(found, Undecided):
            raise Stopped(found.reason)
        if isinstance(found, Unsatisfiable):
            if not banned:
                self.lower = max(self.lower, most + 1)
            return None
        self.exact = self.exact or most <= self.lower
        return claimed(self.stated, self.case, found)
