"""The search through all scenarios of one size: which generals fail, and what happens to each condition then.

This module knows the order of the stages: scenarios, execution, terms, solver, claim, replay. It decides nothing
itself. It must not know guards, certificates or the wording of verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from byzverify.attacks.confirmation import confirm
from byzverify.engines.finite.condition_symmetry import can_fail
from byzverify.engines.finite.deciding import LONG_RUN, Answer, Decided, one_by_one
from byzverify.engines.finite.distinguishing import Asymmetric
from byzverify.engines.finite.obligations import Extent, Obligations, obligations
from byzverify.engines.finite.promises import Promises
from byzverify.engines.finite.scenarios import NONE, Scenario, how_many_choices, nobody_fails
from byzverify.engines.finite.symmetry import Examination
from byzverify.errors import ProtocolError, ReplayMismatch, RuleBroken, Stopped, is_out_of_memory
from byzverify.language.conditions import Condition
from byzverify.logic.terms import SimplifiedTerms, Terms
from byzverify.questions.findings import Finding, Findings
from byzverify.questions.question import Means, Question
from byzverify.questions.verdict import Comparison, Evidence
from byzverify.scenario.claim import Claim
from byzverify.solvers.answers import solvers_of

RESERVE = 2**22
"""Bytes that are kept for the end of a search that runs out of memory."""


@dataclass
class Statistics:
    """How much the search has looked at; `Evidence` explains the other fields.

    begun: how many scenarios were begun. dispatched: how many orders generals send in the longest of them. resolved:
    whether their decisions were found without a full execution.
    """

    scenarios: int = 0
    begun: int = 0
    while_built: int = 0
    variables: int = 0
    unasked: int = 0
    dispatched: int = 0
    resolved: bool = False
    satisfiable: bool | None = None
    examined: bool = False
    asymmetry: str | None = None
    doubted: tuple[str, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether a run is so long that optional steps are left out."""
        return self.dispatched > LONG_RUN


class Search:
    """The search for an answer to a question. watch: called with each scenario that was decided in this process. steps:
    how many steps may be made in all, of those that the means allow, without the examination of interchangeable
    generals; None for no limit of its own.

    findings: what is known so far. symmetry: which generals count as interchangeable.
    """

    def __init__(
        self, question: Question, means: Means, watch: Callable[[Obligations], None], steps: int | None = None
    ) -> None:
        self._question = question
        self._model = question.model
        self._means = means
        self._limit = means.limit if steps is None else means.limit.fewer(steps)
        self._watch = watch
        self.findings = Findings(question)
        self.tally = Statistics()
        self.symmetry = NONE
        self._early: dict[int, Finding] = {}
        self._reserve = bytearray(RESERVE)

    def run(self) -> Findings:
        """Decide every case, as far as the limit allows. If stopped, attacks that were replayed early count too."""
        with self.findings.giving_up():
            try:
                self._decide_all()
                self._limit.check()  # an author's code may have caught the error that says that it is reached
            except (Stopped, MemoryError):
                self._reserve.clear()
                for finding in self._early.values():
                    self.findings.refute(finding)
                raise
            self.findings.finished = True
        return self.findings

    @property
    def is_used_up(self) -> bool:
        """Whether no steps are left of its own, though the means allow more."""
        return self._limit.left == 0 and self._means.limit.left != 0

    def evidence(self, compared: Comparison) -> Evidence:
        """What the search has looked at, and what it was compared with."""
        tally = self.tally
        return Evidence(
            traitor_sets=how_many_choices(self._model.n, self._question.faults),
            scenarios=tally.scenarios,
            cases=self.findings.asked.total(),
            while_built=tally.while_built,
            solvers=solvers_of(self._means.solver),
            satisfiable=tally.satisfiable,
            unasked=tally.unasked,
            variables=tally.variables,
            examined=tally.examined,
            asymmetry=tally.asymmetry,
            doubted=tally.doubted,
            compared=compared,
        )

    def _decide_all(self) -> None:
        """Decide one scenario of each kind, or every single one if the generals turn out not to be interchangeable."""
        self._means.progress("checking which generals are interchangeable")
        with Examination(self._model, self._means.limit) as examination:
            try:
                if examination.begin() is None:
                    self.symmetry = examination.symmetry
                    self._decide_by(examination)
                self.tally.asymmetry = examination.conclude()
            except Asymmetric as found:
                self.tally.asymmetry = str(found)
            except (MemoryError, SystemError) as error:
                if not is_out_of_memory(error):
                    raise
                self._reserve.clear()  # so that there is memory to end in order
                raise MemoryError from None
        self.tally.examined = True
        if self.tally.asymmetry is not None:
            self.symmetry = NONE
            self.tally.unasked = 0
            self._decide_each()

    def _decide_by(self, examination: Examination) -> None:
        """Decide one scenario of each kind. Ignore an error if the generals turn out not to be interchangeable."""
        try:
            self._decide_each()
        except (ProtocolError, RuleBroken, ReplayMismatch):
            if examination.conclude() is None:
                raise

    def _decide_each(self) -> None:
        self._promises = Promises(self._model, self._question.faults, self.symmetry, self._limit)
        executions = self._executions(self._promises.scenarios(self.findings.is_open))
        for scenario, extent, found in self._decided(executions, self.findings.is_open):
            if self._any_open(scenario):
                self._take(scenario, extent, found)
        self.tally.doubted = tuple(condition.name for condition in self._promises.doubted)
        self._decide_loyal(nobody_fails(self._model, self.symmetry))

    def _executions(self, some: Iterable[Scenario]) -> Iterator[Obligations]:
        """Each scenario with an open condition, executed when it is requested."""
        for scenario in some:
            self.tally.unasked += 0 if scenario.cases else scenario.stands_for
            if self._any_open(scenario):
                self.tally.begun += 1
                traitors = f"traitors {sorted(scenario.faults)}"
                self._means.progress(f"scenario {self.tally.begun}: {traitors}{self._question.many_orders}")
                yield self._executed(scenario)

    def _decided(self, executions: Iterable[Obligations], wanted: Callable[[Condition], bool]) -> Iterator[Decided]:
        """Each scenario with the answers of its cases, found here or by the crew."""
        if self._means.crew is None:
            return one_by_one(executions, self._means.solver, wanted, self._watch)
        from byzverify.questions.parallel import Leader
        from byzverify.questions.tasks import Instance

        instance = Instance.of(self._model, self._means.solver, self._means.raw)
        leader = Leader(self._means.crew, self._model, instance, self._limit, self._heed, self._watch)
        return leader.in_order(executions, wanted)

    def _decide_loyal(self, scenario: Scenario) -> None:
        """Decide what must hold if nobody fails: every choice of faulty generals allows this run.

        It is not counted, since the larger choices already cover it, and it is left out if they took long.
        """
        if self.tally.is_long and not self.tally.resolved:
            return
        self._means.progress("scenario without faults")
        executions = map(self._executed, [scenario])
        holding = {case.condition for case in scenario.cases if case.condition in self._question.conditions}
        for _, extent, found in self._decided(executions, holding.__contains__):
            self.tally.satisfiable = True  # the execution has ended
            for answer in found:
                self._note(answer, scenario, extent)
                if answer.claim is not None or answer.unknown is not None:
                    holding.discard(answer.case.condition)
        self.findings.loyal = holding

    def _executed(self, scenario: Scenario) -> Obligations:
        """The scenario's obligations. Also finds out whether its conditions can fail."""
        limit, fallible = self._limit, self.findings.fallible
        stated = obligations(self._model, scenario, Terms(limit) if self._means.raw else SimplifiedTerms(limit))
        self._promises.see(scenario.cases, stated.outcome)
        for case in scenario.cases:
            if fallible.get(case.condition) is not True:
                found = can_fail(self._model, case, stated.outcome, limit)
                if found is not False or case.condition not in fallible:
                    fallible[case.condition] = found
        return stated

    def _any_open(self, scenario: Scenario) -> bool:
        return any(self.findings.is_open(case.condition) for case in scenario.cases)

    def _take(self, scenario: Scenario, extent: Extent, found: Iterable[Answer]) -> None:
        """Record the answers of a scenario, in their order."""
        self.tally.scenarios += 1
        self.tally.dispatched = max(self.tally.dispatched, extent.dispatched)
        self.tally.resolved = extent.resolves
        self.tally.variables = self.tally.variables or extent.variables
        for answer in found:
            self.findings.asked[answer.case.condition] += 1
            self.tally.while_built += answer.while_built
            self._note(answer, scenario, extent)

    def _note(self, answer: Answer, scenario: Scenario, extent: Extent) -> None:
        if answer.unknown is not None:
            self.findings.unknown.setdefault(answer.case.condition, answer.unknown)
        if answer.claim is not None:
            known = self._early.pop(id(answer.claim), None)
            self.findings.refute(known or self._confirmed(answer.claim, scenario, extent))

    def _heed(self, answer: Answer, scenario: Scenario, extent: Extent) -> None:
        """Replay a claim as soon as it arrives, so that it counts even if the search stops before its turn."""
        if answer.claim is not None:
            self._early[id(answer.claim)] = self._confirmed(answer.claim, scenario, extent)

    def _confirmed(self, claim: Claim, scenario: Scenario, extent: Extent) -> Finding:
        self._means.progress("replaying the solver's finding in the simulator")
        awaited = scenario.observers if extent.dispatched > LONG_RUN else None
        attack, replay = confirm(claim, self._limit, awaited)
        return Finding(claim, attack, replay)
