"""The function `prove`: is a protocol right at every size, and if it is not, at which smallest size does it break?

Lemmas are decided for all sizes. If they hold, the proof is compared with checks of the smallest sizes and with
simulated runs of larger ones. If one fails, the sizes at which it can fail are checked, the smallest first, until each
condition is broken by a replayed attack. A lemma that fails is no attack. This module decides nothing itself.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from byzverify.catalogue import library
from byzverify.certificates.issuing import demand_possible
from byzverify.crosscheck.examining import Effort
from byzverify.engines.parameterized.deciding import Decided
from byzverify.engines.parameterized.lemmas import COUNTING
from byzverify.errors import NotUnderstood, Stopped, UsageError, Vacuous
from byzverify.language.conditions import Condition, Problem
from byzverify.language.holes import demand_no_holes
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins
from byzverify.logic.linear import FALSE
from byzverify.questions.everywhere import MOST_GENERALS, STEPS, FamilyProof, shown
from byzverify.questions.families import (
    ConditionEverywhere,
    Confirmed,
    FamilyQuestion,
    FamilyVerdict,
    Obligation,
    Sizes,
)
from byzverify.questions.pipeline import Answering
from byzverify.questions.question import Means, Progress, Question, in_silence
from byzverify.questions.verdict import Refuted, Unknown
from byzverify.solvers.answers import ARITHMETIC, demand_installed, solvers_of


def prove(
    kind: type[Protocol],
    *,
    assuming: str | None = None,
    timeout: float | None = None,
    steps: int | None = None,
    solver: str = "z3",
    certificate: str | Path | None = None,
    progress: Progress = in_silence,
    **fixed: Any,
) -> FamilyVerdict:
    """Whether every condition of a protocol holds at every size, whoever the traitors are and whatever they say.

    kind: a protocol class, such as `PhaseKing`. assuming: for which sizes, in place of the protocol's own claim, as
    `n > 3*m - 1`; unless it says something of t, at most m generals are traitors. timeout: seconds after which the
    answer is unknown. steps: how many steps may be made. solver: `z3`, `cvc5` or `all`, which compares them.
    certificate: a new folder for evidence that `certify` checks without a solver. progress: called with a line about
    each step. fixed: values of parameters, such as `values=3`.

    Raises UsageError for an assumption that cannot be read, ProtocolError if the program breaks a rule of the language.
    Two errors mean a bug: ReplayMismatch if a check contradicts what is proved, Disagreement if solvers contradict each
    other.
    """
    question_begins()
    library.demand_family(kind, fixed)
    if not isinstance(assuming, str | None):
        raise UsageError(f"an assumption is a text such as 'n > 3*m', not {assuming!r}")
    demand_no_holes(kind)
    demand_installed(solver, ARITHMETIC)
    limit = Limit.within(timeout, steps)
    question = FamilyQuestion(kind, fixed, assuming)
    folder = None if certificate is None else Path(certificate)
    if folder is not None:
        demand_possible(folder)
    try:
        return Proving(question, limit, solvers_of(solver, ARITHMETIC), progress, folder).verdict()
    except NotUnderstood as error:
        return _nothing_said(question, str(error))


def _nothing_said(question: FamilyQuestion, reason: str) -> FamilyVerdict:
    """The verdict on a protocol for whose sizes the engine does not know what to ask."""
    problem = question.kind.problem
    named = problem.conditions if isinstance(problem, Problem) else ()
    conditions = tuple(ConditionEverywhere(one, "unknown", None, reason) for one in named)
    statement = question.assuming or "size that it claims"
    values = question.fixed.get("values", question.kind.values)
    return FamilyVerdict(question, statement, values, COUNTING, (), conditions, (), Confirmed(), 0.0, reason=reason)


def checked_at(
    lemmas: FamilyProof, sizes: Sizes, condition: Condition, limit: Limit, progress: Progress
) -> Refuted | None:
    """The attack on a condition at one size of a family; None if it holds there, or if nothing is asked.

    Raises Stopped if the check does not end in `STEPS` steps, or within the limit.
    """
    model, budget = lemmas.instance(sizes)
    question = Question.of(model, budget, condition.name)
    means = Means(limit=limit.fewer(STEPS), progress=progress)
    try:
        found = Answering(question, means, Effort(), None, minimal=False).answer()
    except Vacuous:
        return None
    if isinstance(found, Unknown):
        raise Stopped(f"the check of {shown(sizes)} did not end: {found.reason}")
    return found if isinstance(found, Refuted) else None


class Proving:
    """The way from a question to a verdict."""

    def __init__(
        self,
        question: FamilyQuestion,
        limit: Limit,
        solvers: tuple[str, ...],
        progress: Progress,
        certificate: Path | None,
    ) -> None:
        self._start = monotonic()
        self._question = question
        self._limit = limit
        self._solvers = solvers
        self._progress = progress
        self._lemmas = FamilyProof(question, limit, solvers, progress)
        self._conditions = self._lemmas.family.protocol.problem.conditions
        self._certificate = certificate
        self._certified = False
        self._broken: dict[Condition, tuple[Sizes, Refuted]] = {}
        self._confirmed = Confirmed()

    def verdict(self) -> FamilyVerdict:
        """Decide the lemmas, and find or exclude attacks. Raises what `prove` raises."""
        self._demand_sizes()
        reason, exit_code = None, Stopped.exit_code
        try:
            self._lemmas.decide()
            if not all(map(self._lemmas.prove, self._conditions)):
                self._look_for_attacks()
            self._confirmed = self._lemmas.compared([one for one in self._conditions if self._lemmas.prove(one)])
            self._certify()
        except Stopped as stop:
            reason, exit_code = str(stop), stop.exit_code
        except MemoryError:
            reason = "out of memory"
        return self._verdict(reason, exit_code)

    def _demand_sizes(self) -> None:
        """Raise UsageError if no sizes are meant."""
        if self._lemmas.engine.proves([self._lemmas.family.region], FALSE):
            raise UsageError(f"{self._question.kind.__name__} has no sizes with {self._lemmas.family.statement}")

    def _look_for_attacks(self) -> None:
        """Check the sizes at which a lemma can fail, the smallest first, until each condition in doubt is broken."""
        for sizes in self._lemmas.small_sizes():
            doubted = [one for one in self._conditions if self._is_doubted(one, sizes)]
            if doubted:
                self._check(sizes, doubted)
            if all(one in self._broken or self._lemmas.prove(one) for one in self._conditions):
                return

    def _is_doubted(self, condition: Condition, sizes: Sizes) -> bool:
        known = condition in self._broken or self._lemmas.prove(condition)
        return not known and self._lemmas.may_fail(condition, sizes)

    def _check(self, sizes: Sizes, conditions: list[Condition]) -> None:
        """Check these conditions at one size. Raises Stopped if that takes too long."""
        self._progress(f"looking for an attack at {shown(sizes)}")
        for condition in conditions:
            found = checked_at(self._lemmas, sizes, condition, self._limit, self._progress)
            if found is not None:
                self._broken[condition] = sizes, found

    def _certify(self) -> None:
        """Write the certificate, if everything is proved. If that cannot be finished, nothing is proved.

        Raises Stopped if a lemma fails that the proof goes without: a certificate is for all lemmas.
        """
        if self._certificate is None or any(self._known(one, None).verdict != "proved" for one in self._conditions):
            return
        if without := next((one.lemma.name for one in self._lemmas.decided if not one.holds), None):
            raise Stopped(f"there is no certificate for a proof that goes without a lemma ({without})")
        from byzverify.certificates.issuing_lemmas import write
        from byzverify.certificates.lemma_statements import LemmaStatements

        kind, fixed, assuming = self._question.kind, self._question.fixed, self._question.assuming
        statements = LemmaStatements(kind, library.reference_to(kind), fixed, assuming, self._limit)
        write(statements, self._certificate, self._progress)
        self._certified = True

    def _verdict(self, reason: str | None, exit_code: int) -> FamilyVerdict:
        conditions = tuple(self._known(one, reason) for one in self._conditions)
        found = FamilyVerdict(
            self._question,
            self._lemmas.family.statement,
            len(self._lemmas.family.protocol.orders),
            self._lemmas.argument,
            tuple(map(_obligation, self._lemmas.decided)),
            conditions,
            self._solvers,
            self._confirmed,
            monotonic() - self._start,
            next((self._broken[one][1] for one in self._conditions if one in self._broken), None),
            certificate=self._certificate if self._certified else None,
        )
        codes = {"proved": 0, "refuted": 1, "unknown": exit_code}
        unknown = next((one.reason for one in conditions if one.reason is not None), None)
        return replace(found, exit_code=codes[found.verdict], reason=unknown)

    def _known(self, condition: Condition, reason: str | None) -> ConditionEverywhere:
        if condition in self._broken:
            return ConditionEverywhere(condition, "refuted", self._broken[condition][0])
        if reason is None and self._lemmas.prove(condition):
            return ConditionEverywhere(condition, "proved")
        return ConditionEverywhere(condition, "unknown", None, self._why_unknown(condition, reason))

    def _why_unknown(self, condition: Condition, stopped: str | None) -> str:
        """Why a condition is not known to hold. stopped: why the search for an attack on it ended, if it did."""
        doubtful = [one for one in self._lemmas.of(condition) if not one.holds]
        failed = next((one for one in doubtful if one.holds is False), None)
        if failed is not None:
            no_attack = f"but up to n={MOST_GENERALS} no attack follows from that"
            return f"a lemma fails ({failed.lemma.name}), {no_attack if stopped is None else f'and {stopped}'}"
        if stopped is not None:
            return stopped
        undecided = (f"{one.lemma.name}: {one.reason}" for one in doubtful)
        return next(undecided, "at no size there is anything that it asks about")


VERDICTS: dict[bool | None, Literal["proved", "fails", "unknown"]] = {True: "proved", False: "fails", None: "unknown"}


def _obligation(decided: Decided) -> Obligation:
    lemma = decided.lemma
    return Obligation(lemma.name, VERDICTS[decided.holds], lemma.condition, decided.possible, decided.seconds)
