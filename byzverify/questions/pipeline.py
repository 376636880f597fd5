"""The function `check`: is a configuration safe, and if it is not, what breaks it?

This module takes a question through search, guards and certificate to a verdict. It decides nothing itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from byzverify.catalogue import library
from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.guarding import Guards, guarded
from byzverify.crosscheck.plans import Plan
from byzverify.engines.finite.rehearsal import Footprint, footprint
from byzverify.engines.finite.scenarios import how_many_choices
from byzverify.errors import ProtocolError, Stopped, UsageError
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins
from byzverify.logic.terms import without_garbage_collection
from byzverify.questions.findings import Findings
from byzverify.questions.question import Means, Progress, Question, in_silence
from byzverify.questions.search import Search
from byzverify.questions.verdict import Comparison, ConditionVerdict, Evidence, Proved, Refuted, Unknown
from byzverify.simulation.judging import Replay
from byzverify.solvers.answers import demand_installed, solvers_of
from byzverify.workers.background import Died, in_a_process
from byzverify.workers.crew import Crew, local_crew
from byzverify.workers.worker import Allowance


def check(
    model: Protocol,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
    *,
    timeout: float | None = None,
    steps: int | None = None,
    raw: bool = False,
    solver: str | None = None,
    certificate: str | Path | None = None,
    minimal: bool = False,
    condition: str | Iterable[str] | None = None,
    jobs: int | None = None,
    crew: Crew | None = None,
    effort: Effort = Effort(),  # noqa: B008, it is frozen
    progress: Progress = in_silence,
) -> Proved | Refuted | Unknown:
    """Whether every condition of `model` holds, whoever the traitors are and whatever they say.

    model: a protocol instance, such as `OM(n=7, m=2)`. traitors: the most that may be present, `model.m` if None; or
    how many generals may fail in each mode, as in `{"byzantine": 1, "manifest": 1}`. timeout: seconds after which the
    answer is `Unknown` if something is still undecided. steps: how many steps the search may make, about 200,000 a
    second and counted in the same way on every machine; only in one process. raw: give the solver the terms as the
    execution builds them, without simplification. solver: `z3`, `cvc5`, `cadical` or `exact`, or `all`, to compare all
    that are installed; a solver that is named here gets raw terms. certificate: a new folder for evidence that other
    programs can check; if the evidence cannot be completed, the answer is not `Proved`. minimal: look for the smallest
    attack: fewest traitors, then fewest lies, then fewest rounds with lies and fewest receivers of lies; without
    `timeout` or `steps`, for as long as that takes. condition: the name of the condition to ask about, or several
    names; by default all conditions. jobs: how many worker processes on this machine decide the cases; by default this
    process decides them. crew: other workers that decide the cases, such as a Dask cluster. effort: how many simulated
    runs a proof is compared with, and whether an attack is replayed in a fresh process. progress: called with a line
    about each step.

    Raises UsageError for an impossible number of traitors, ProtocolError if the model's program breaks a rule of the
    language or does something else in another process. Two errors mean a bug: ReplayMismatch if the simulator
    contradicts a solver or a proof, Disagreement if solvers contradict each other.
    """
    question_begins()
    question = Question.of(model, traitors, condition)
    if condition and certificate is not None:
        raise UsageError("a certificate is for all conditions: leave out either the condition or the certificate")
    limit = Limit.within(timeout, steps)
    if steps is not None and (jobs, crew) != (None, None):
        raise UsageError("steps are counted in one process: give either steps, or jobs or a crew")
    solver_name = "z3" if solver is None else solver
    demand_installed(solver_name)
    folder = None if certificate is None else Path(certificate)
    if folder is not None:
        from byzverify.certificates import issuing

        issuing.demand_possible(folder)
    means = Means(solver_name, raw or solver is not None, limit, progress)
    answering = Answering(question, means, effort, folder, minimal)
    with _hired(jobs, crew) as workers:
        if workers is not None or steps is not None or not _may_be_by_lemmas(question, means, folder, minimal):
            return answering.answer(workers)
        huge = model.n >= FEW_GENERALS and _footprint(model, limit).reads >= MOST_READ // model.n
        if huge:
            return _by_lemmas(question, means) or answering.answer()
        found = answering.answer(steps=FINITE_STEPS)
        if not isinstance(found, Unknown) or not found.stopped_early:
            return found
        if model.n <= MOST_RESOLVED and _footprint(model, limit).resolves:
            return answering.answer()
        return _by_lemmas(question, means) or answering.answer()


FINITE_STEPS = 2_000_000
"""How many steps the engine for one size may make before the lemmas for all sizes are tried."""


MOST_READ = 300_000
"""If the generals of a run read more orders than this, the lemmas for all sizes are tried first."""


FEW_GENERALS = 30
"""With fewer generals, every case is looked at first."""


MOST_RESOLVED = 40
"""With so many generals, trees are resolved quickly, whatever the number of steps is."""


def _footprint(model: Protocol, limit: Limit) -> Footprint:
    """What a general of a run does. That is found out in another process, since nothing may be executed here before the
    guards are there.
    """
    try:
        reads, resolves = in_a_process(lambda: tuple(footprint(model, MOST_READ // model.n)), limit.in_time)
    except (Died, Stopped):
        return Footprint(0, False)
    return Footprint(reads, resolves)


def _may_be_by_lemmas(question: Question, means: Means, folder: Path | None, minimal: bool) -> bool:
    """Whether the lemmas for all sizes may answer, too: the protocol claims it, and nobody asked for another way."""
    claimed = not question.model.graph and question.model.claims(question.faults)
    return claimed and not means.raw and folder is None and not minimal


MOST_SIZES = 2
"""How many whole numbers besides n and m may be sizes: all small sizes are gone through."""


def _by_lemmas(question: Question, means: Means) -> Proved | None:
    """The proof by the lemmas for all sizes, if they prove every condition of the question.

    A parameter that is a whole number is a size, unless the lemmas are not understood then.
    """
    given = library.parameters_of(question.model)
    fixed = {name: value for name, value in given.items() if name not in ("n", "m", "graph")}
    shapes = {name: value for name, value in fixed.items() if name == "values" or type(value) is not int}
    means.progress("trying lemmas for all sizes")
    tried = [fixed] if len(fixed) - len(shapes) > MOST_SIZES or shapes == fixed else [shapes, fixed]
    proofs = (_by_lemmas_with(question, means, given, one) for one in tried)
    return next(filter(None, proofs), None)


def _by_lemmas_with(
    question: Question, means: Means, given: Mapping[str, Any], fixed: Mapping[str, Any]
) -> Proved | None:
    """The same where these parameters have the values that are given."""
    from byzverify.questions.everywhere import FamilyProof
    from byzverify.questions.families import FamilyQuestion

    start = monotonic()
    family = FamilyQuestion(type(question.model), fixed)
    try:
        lemmas = FamilyProof(family, means.limit.in_time, solvers_of(means.solver), means.progress)
        sizes = {**given, **lemmas.family.faulty_in(question.faults)}
        if not {*question.faults} <= lemmas.family.modes or not lemmas.means(sizes):
            return None  # the size is claimed, and the lemmas are not about it
        lemmas.decide()
        if not all(map(lemmas.prove, question.conditions)):
            return None
        confirmed = lemmas.compared(question.conditions)
    except (ProtocolError, Stopped, MemoryError):
        return None  # the program is not understood for all sizes, or the limit is reached
    known = tuple(ConditionVerdict(one, "proved", len(lemmas.of(one))) for one in question.conditions)
    evidence = Evidence(
        traitor_sets=how_many_choices(question.model.n, question.faults),
        solvers=solvers_of(means.solver),
        compared=Comparison(runs=confirmed.simulated),
        argument=f"{lemmas.argument}, for every {lemmas.family.statement}",
        lemmas=len(lemmas.decided),
    )
    return Proved(question, known, evidence, monotonic() - start)


@dataclass(frozen=True)
class Answering:
    """How a question is answered by the engine for one size."""

    question: Question
    means: Means
    effort: Effort
    folder: Path | None
    minimal: bool

    def answer(self, crew: Crew | None = None, steps: int | None = None) -> Proved | Refuted | Unknown:
        """The answer. steps: how many steps the search may make; None for as many as the means allow."""
        start, model = monotonic(), self.question.model
        means = replace(self.means, crew=crew)
        with (
            _without_logs(),
            model.leaving_nothing() as state,
            guarded(model, self.question.faults, self.effort, state) as guards,
            without_garbage_collection(),
        ):
            search = Search(self.question, means, guards.watch, steps)
            findings = search.run()
            findings.demand_meaning()
            compared = _compared(findings, guards, means)
            if self.folder is not None and not (findings.refuted or findings.unknown):
                state.demand_unchanged()
                _certify(search, means, self.folder)
            if findings.refuted:
                return _refuted(search, means, guards, compared, self.minimal, start)
        conditions = tuple(findings.conditions())
        evidence, seconds = search.evidence(compared), monotonic() - start
        for reason in (condition.reason for condition in conditions if condition.reason is not None):
            return Unknown(
                self.question,
                conditions,
                evidence,
                seconds,
                reason=reason,
                exit_code=findings.exit_code,
                stopped_early=search.is_used_up,
            )
        return Proved(self.question, conditions, evidence, seconds, certificate=self.folder)


def _compared(findings: Findings, guards: Guards, means: Means) -> Comparison:
    """Compare what is proved with the guards' examination. If the examination does not finish, nothing is proved.

    Raises ProtocolError or ReplayMismatch if the examination contradicts what is proved.
    """
    proved = findings.proved
    if proved and (guards.refutations or not findings.refuted):
        with findings.giving_up("not compared with the simulator: "):
            means.progress(f"comparing with the simulator{findings.question.many_orders}")
            found = guards.demand_agreement(proved, means.limit)
            return Comparison(found.runs, found.alone, found.smaller, found.fresh)
    return Comparison()


def _certify(search: Search, means: Means, folder: Path) -> None:
    """Write the certificate. If that cannot be finished, nothing is proved."""
    from byzverify.certificates import issuing
    from byzverify.certificates.statements import Statements

    question = search.findings.question
    with search.findings.giving_up("the certificate is not finished: "):
        reference = library.reference_to(type(question.model))
        interchangeable = search.tally.asymmetry is None
        statements = Statements(question.model, reference, question.faults, interchangeable, means.limit)
        issuing.write(statements, folder, means.progress)


@contextmanager
def _without_logs() -> Iterator[None]:
    """Switch logging off in the block: the symbolic orders and generals of programs cannot be formatted as text."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _hired(jobs: int | None, crew: Crew | None) -> Iterator[Crew | None]:
    """The given crew, a local crew of this many workers, or None. Raises UsageError if both are given, or no worker."""
    if jobs is None:
        yield crew
    elif crew is not None:
        raise UsageError("give either jobs or a crew")
    elif not isinstance(jobs, int) or jobs < 1:
        raise UsageError(f"there must be 1 job or more, not {jobs}")
    else:
        with local_crew(jobs, Allowance()) as crew:
            yield crew


def _refuted(
    search: Search, means: Means, guards: Guards, compared: Comparison, minimal: bool, start: float
) -> Refuted:
    from byzverify.questions.smallest import needed, smallest

    best, smallness = smallest(search, means) if minimal else (needed(search, means), None)
    unrepeated = None
    try:
        compared = replace(compared, fresh=_repeated(best.replay, guards, means))
    except Stopped as stop:
        unrepeated = str(stop)
    except MemoryError:
        unrepeated = "out of memory"
    return Refuted(
        search.findings.question,
        tuple(search.findings.conditions()),
        search.evidence(compared),
        monotonic() - start,
        attack=best.attack,
        replay=best.replay,
        shrunk=best.shrunk,
        smallness=smallness,
        unrepeated=unrepeated,
    )


def _repeated(replay: Replay, guards: Guards, means: Means) -> bool:
    """Replay an attack in a fresh process. Returns whether its interpreter has loaded the model anew.

    Raises Stopped if that is not possible, ProtocolError if a general does something else there.
    """
    if not guards.refutations:
        raise Stopped("this effort does not repeat attacks")
    failed = replay.explained[0]
    assert failed.witnesses is not None
    means.progress("playing the attack once more in a fresh process")
    return guards.demand_repeated(Plan.of(replay.run), failed.condition.name, failed.witnesses, means.limit)
