"""The question of a check as one formula in SMT-LIB, DIMACS or OPB, for users' own solvers.

The formula has a model if and only if a condition can be broken. It consists of the terms as the execution builds them,
without simplification. All scenarios share one set of variables, since an attack has to break only one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from byzverify.engines.finite.adversary import dictionary
from byzverify.engines.finite.distinguishing import Asymmetric
from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.promises import Promises
from byzverify.engines.finite.scenarios import NONE, Symmetry
from byzverify.engines.finite.symmetry import asymmetry, declared_symmetry
from byzverify.language.faults import Budget
from byzverify.language.labels import spelled
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT
from byzverify.logic.cnf import clauses_for
from byzverify.logic.opb import opb
from byzverify.logic.smtlib import smtlib, symbols
from byzverify.logic.terms import Literal, Terms


class Formula:
    """The question whether `goal` can be true.

    cases: the cases of the check, one line each. variables: what each variable of the terms means if it is true.
    """

    def __init__(self, protocol: Protocol, budget: Budget) -> None:
        self.terms = Terms()
        self.cases: list[str] = []
        try:
            symmetry = NONE if asymmetry(protocol) else declared_symmetry(protocol)
            self.goal = self._goal(protocol, budget, symmetry)
        except Asymmetric:
            self.goal = self._goal(protocol, budget, NONE)
        said = map(_worded, dictionary(self.terms, protocol.words))
        self.variables = dict(zip(self.terms.names(), said, strict=True))

    def _goal(self, protocol: Protocol, budget: Budget, symmetry: Symmetry) -> Literal:
        """The literal that is true if at least one case fails."""
        self.cases.clear()
        broken: list[Literal] = []
        promises = Promises(protocol, budget, symmetry, NO_LIMIT)
        for scenario in promises.scenarios():
            stated = obligations(protocol, scenario, self.terms)
            promises.see(scenario.cases, stated.outcome)
            failing = ", ".join(f"{general} ({mode})" for general, mode in scenario.faults.items()) or "nobody"
            for case in scenario.cases:
                broken.append(stated.violation(case))
                witnesses = ", ".join(map(str, case.witnesses))
                self.cases.append(f"{case.condition.name} fails as generals {witnesses} see it; faulty: {failing}")
        return self.terms.at_least(1, broken)

    def smtlib(self) -> Iterator[str]:
        """The lines of an SMT-LIB script that ends by asking for a model."""
        called = symbols(self.variables)
        yield from (f"; {line}\n" for line in self._explained())
        yield "(set-option :produce-models true)\n"
        yield from smtlib(self.terms, self.goal, called)
        yield "(check-sat)\n"

    def dimacs(self) -> Iterator[str]:
        """The lines of a DIMACS file."""
        meanings = [f"{number} {_on_one_line(said)}" for number, said in enumerate(self.variables.values(), start=1)]
        return clauses_for(self.terms, self.goal, NO_LIMIT).dimacs([*self._explained(), *meanings])

    def opb(self) -> Iterator[str]:
        """The lines of an OPB file."""
        header, *lines = opb(self.terms, self.goal)
        yield header
        yield from (f"* {line}\n" for line in self._explained())
        yield from (f"* x{number} {_on_one_line(said)}\n" for number, said in self.variables.items())
        yield from lines

    def _explained(self) -> Iterable[str]:
        return map(_on_one_line, ("satisfiable if and only if one of these can be:", *self.cases))


def _on_one_line(text: str) -> str:
    """The text on one line: in a comment, whatever follows a line end would not be part of the comment."""
    return " ".join(text.split())


def _worded(entry: Mapping[str, Any]) -> str:
    """What a variable means, in words."""
    match entry:
        case {"general": general, "starts with": order}:
            return f"general {general} starts with {order}"
        case {"general": general, "crashes in round": round}:
            return f"general {general} crashes in round {round}"
    address = f"round {entry['round']}: {entry['sender']} to {entry['receiver']}"
    about = f"with {entry['signed']}" if "signed" in entry else f"about {spelled(entry['label'])}"
    if "fields" in entry:
        about += f" ({', '.join(map(spelled, entry['fields']))})"
    for what in ("lapses", "comes"):
        if what in entry:
            return f"{address} {about} {what}"
    if "field" in entry:
        return f"{address} {about} says {entry['says']} in {spelled(entry['field'])}"
    return f"{address} {about}" if "signed" in entry else f"{address} {about} says {entry['says']}"
