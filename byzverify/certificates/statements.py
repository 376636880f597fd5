"""The statements to certify: for every case of a check, the clauses that say that it fails, and what they are about.

A certificate is written from these statements, and later compared with them. The files of clauses have no comments,
because verified checkers cannot read them; the manifest has the explanations. This module must know no solver and no
proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import byzverify
from byzverify.catalogue import library
from byzverify.certificates.manifest import CaseFiles, Manifest, ScenarioFiles
from byzverify.engines.finite.adversary import dictionary
from byzverify.engines.finite.condition_symmetry import can_fail
from byzverify.engines.finite.obligations import Obligations, obligations
from byzverify.engines.finite.promises import Promises
from byzverify.engines.finite.scenarios import NONE, Case, Scenario, Symmetry, alike, nobody_fails
from byzverify.engines.finite.symmetry import declared_symmetry
from byzverify.language.faults import Budget, Faults
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.logic.cnf import clauses_for
from byzverify.logic.terms import Terms

Handle = Callable[[str, Iterator[str]], dict[str, str]]
"""Takes the name of a case's files and the lines of its clauses; returns the names of its files with their SHA-256."""


class Statements:
    """Everything that must be true for a protocol to be safe: one statement for each case of a check.

    reference: the name of the protocol in the manifest. interchangeable: whether to use that generals are
    interchangeable, as the protocol declares. asked: whether some decisions would break each condition that is asked;
    None if z3 did not find out. watch: called with each scenario after its cases.
    """

    def __init__(
        self,
        protocol: Protocol,
        reference: str,
        budget: Budget,
        interchangeable: bool,
        limit: Limit,
        watch: Callable[[Obligations], None] = lambda stated: None,
    ) -> None:
        self.protocol = protocol
        self.reference = reference
        self.asked: dict[str, bool | None] = {}
        self.budget = budget
        self.interchangeable = interchangeable
        self.limit = limit
        self._watch = watch
        self._cases = 0

    def manifest(self, handle: Handle) -> Manifest:
        """The manifest. Calls `handle` for the files of every case.

        Raises Stopped at the limit, Asymmetric if generals count as interchangeable and a condition tells them apart.
        """
        symmetry = declared_symmetry(self.protocol, self.limit) if self.interchangeable else NONE
        self._promises = Promises(self.protocol, self.budget, symmetry, self.limit)
        return Manifest(
            format="byzverify-certificate",
            version=1,
            byzverify=byzverify.__version__,
            model=self.reference,
            parameters=library.parameters_of(self.protocol),
            faults={mode.value: number for mode, number in self.budget.items()},
            interchangeable=self.interchangeable,
            scenarios=[
                self._scenario(scenario, symmetry, handle) for scenario in self._scenarios(symmetry) if scenario.cases
            ],
        )

    def _scenarios(self, symmetry: Symmetry) -> Iterator[Scenario]:
        """The scenarios that a check decides, including the one in which nobody fails."""
        if self.budget:
            yield nobody_fails(self.protocol, symmetry)
        yield from (one for one in self._promises.scenarios() if one.faults or not self.budget)

    def _scenario(self, scenario: Scenario, symmetry: Symmetry, handle: Handle) -> ScenarioFiles:
        stated = obligations(self.protocol, scenario, Terms(self.limit))
        self._promises.see(scenario.cases, stated.outcome)
        files = ScenarioFiles(
            faults=_named(scenario.faults),
            stands_for=[_named(faults) for faults in alike(self.protocol, scenario, symmetry, self.limit)],
            variables=dictionary(stated.terms, self.protocol.words),
            cases=[self._case(stated, case, handle) for case in scenario.cases],
        )
        self._watch(stated)
        return files

    def _case(self, stated: Obligations, case: Case, handle: Handle) -> CaseFiles:
        clauses = clauses_for(stated.terms, stated.violation(case), self.limit)
        name = case.condition.name
        if not self.asked.get(name):
            found = can_fail(self.protocol, case, stated.outcome, self.limit)
            if found is not False or name not in self.asked:
                self.asked[name] = found
        self._cases += 1
        return CaseFiles(
            condition=case.condition.name,
            witnesses=list(case.witnesses),
            variables=clauses.variables,
            clauses=len(clauses.clauses),
            files=handle(f"case{self._cases}", clauses.dimacs()),
        )


def _named(faults: Faults) -> dict[str, str]:
    return {str(general): mode.value for general, mode in faults.items()}
