"""The function `prove`: is a protocol right at every size, and if it is not, at which smallest size does it break?

Lemmas are decided for all sizes. If they hold, the proof is compared with checks of the smallest sizes and with
simulated runs of larger ones. If one fails, the sizes at which it can fail are checked, the smallest first, until each
condition is broken by a replayed attack. A lemma that fails is no attack. This module decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

from byzverify.catalogue import library
from byzverify.certificates.issuing import demand_possible
from byzverify.engines.parameterized.deciding import Decided, Engine, sizes_of
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.lemmas import COUNTING, PATHS, PHASES
from byzverify.errors import TWO_READINGS, NotUnderstood, ProtocolError, ReplayMismatch, Stopped, UsageError, Vacuous
from byzverify.language.conditions import Condition, Problem
from byzverify.language.faults import Budget, Fault
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins
from byzverify.questions.families import (
    ConditionEverywhere,
    Confirmed,
    FamilyQuestion,
    FamilyVerdict,
    Obligation,
    Sizes,
)
from byzverify.questions.pipeline import check
from byzverify.questions.question import Means, Progress, Question, in_silence
from byzverify.questions.search import Search
from byzverify.questions.simulating import simulate
from byzverify.questions.verdict import Refuted, Unknown
from byzverify.solvers.answers import ARITHMETIC, demand_installed, solvers_of

STEPS = 2_000_000
"""How many steps the check of one size may make while an attack is looked for."""

MOST_GENERALS = 12
"""The largest size at which an attack is looked for after a lemma has failed."""

CHECKED = 3
"""At how many of the smallest sizes with traitors a proof is compared with a check."""

SIMULATED = (7, 20)
"""The numbers of generals in the simulated runs that a proof is compared with."""

SIMULATED_TREES = (5, 7)
"""The same for programs that relay along paths, of which there are very many."""

RUNS = 2
"""How many runs of each size, and with each start, a proof is compared with."""


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
        self._certificate = certificate
        self._certified = False
        self._family = Family(question.kind, question.fixed, question.assuming)
        self._conditions = self._family.protocol.problem.conditions
        self._engine = Engine(self._family, limit, solvers)
        self._decided: list[Decided] = []
        self._broken: dict[Condition, tuple[Sizes, Refuted]] = {}
        self._confirmed = Confirmed()

    def verdict(self) -> FamilyVerdict:
        """Decide the lemmas, and find or exclude attacks. Raises what `prove` raises."""
        self._demand_sizes()
        reason, exit_code = None, Stopped.exit_code
        try:
            self._decide()
            if self._failing:
                self._look_for_attacks()
            elif self._all_hold:
                self._confirmed = self._compared()
                self._certify()
        except Vacuous:
            raise
        except ProtocolError as error:
            self._demand_program(error)
            reason = str(error)
        except Stopped as stop:
            reason, exit_code = str(stop), stop.exit_code
        except MemoryError:
            reason = "out of memory"
        return self._verdict(reason, exit_code)

    def _demand_sizes(self) -> None:
        """Raise UsageError if the family has no small instance."""
        if next(self._small_sizes(), None) is None:
            raise UsageError(
                f"no size of {self._question.kind.__name__} with {MOST_GENERALS} generals or fewer is meant by "
                f"{self._family.statement}"
            )

    def _small_sizes(self) -> Iterator[Sizes]:
        return (sizes for n in range(1, MOST_GENERALS + 1) for sizes in sizes_of(self._family, n))

    def _decide(self) -> None:
        for decided in self._engine.decided():
            self._decided.append(decided)
            self._progress(f"{decided.lemma.name}: {_word(decided)}")

    @property
    def _failing(self) -> list[Decided]:
        return [one for one in self._decided if one.holds is False]

    @property
    def _all_hold(self) -> bool:
        return all(one.holds for one in self._decided)

    def _concern(self, condition: Condition) -> list[Decided]:
        """The lemmas that a condition rests on."""
        return [one for one in self._decided if one.lemma.condition in (None, condition)]

    # Attacks.

    def _look_for_attacks(self) -> None:
        """Check the sizes at which a lemma can fail, the smallest first, until each condition in doubt is broken."""
        for sizes in self._small_sizes():
            doubted = [one for one in self._conditions if self._is_doubted(one, sizes)]
            if doubted:
                self._check(sizes, doubted)
            if all(one in self._broken or self._holds(one) for one in self._conditions):
                return

    def _is_doubted(self, condition: Condition, sizes: Sizes) -> bool:
        if condition in self._broken:
            return False
        failing = [one.lemma for one in self._concern(condition) if one.holds is False]
        return any(self._engine.can_fail(lemma, sizes) for lemma in failing)

    def _holds(self, condition: Condition) -> bool:
        return all(one.holds for one in self._concern(condition))

    def _check(self, sizes: Sizes, conditions: list[Condition]) -> None:
        """Check these conditions at one size. Raises Stopped if that takes too long."""
        self._progress(f"looking for an attack at {_shown(sizes)}")
        for condition in conditions:
            model, budget = self._instance(sizes)
            found = check(
                model,
                budget,
                condition=condition.name,
                steps=self._fewer(),
                timeout=self._limit.seconds(),
                progress=self._progress,
            )
            if isinstance(found, Unknown):
                raise Stopped(f"the check of {_shown(sizes)} did not end: {found.reason}")
            if isinstance(found, Refuted):
                self._broken[condition] = sizes, found

    def _fewer(self) -> int:
        return STEPS if self._limit.left is None else min(STEPS, self._limit.left)

    def _instance(self, sizes: Sizes) -> tuple[Protocol, Budget]:
        """The instance of these sizes, and how many generals may fail in it."""
        own = {name: value for name, value in sizes.items() if name not in self._family.faulty}
        faults: Budget = {Fault(name): sizes[name] for name in self._family.faulty if name != "t"}
        faults[Fault.BYZANTINE] = sizes["t"]
        return self._question.kind(**{**own, **self._question.fixed}), faults

    # Proofs.

    def _compared(self) -> Confirmed:
        """Compare a proof with checks of small sizes, and with simulated runs. Raises ReplayMismatch if they differ."""
        checked = []
        for sizes in islice(self._sizes_with_traitors(), CHECKED):
            self._progress(f"comparing with {_shown(sizes)}")
            model, budget = self._instance(sizes)
            means = Means(limit=Limit(self._limit.deadline, STEPS))
            found = Search(Question.of(model, budget), means, lambda stated: None).run()
            if found.refuted:
                raise ReplayMismatch(self._contradicted(sizes))
            found.demand_meaning()
            if not found.unknown:
                checked.append(sizes)
        return Confirmed(tuple(checked), self._simulated())

    def _certify(self) -> None:
        """Write the certificate, if everything is proved. If that cannot be finished, nothing is proved."""
        if self._certificate is None or any(self._known(one, None).verdict != "proved" for one in self._conditions):
            return
        from byzverify.certificates.issuing_lemmas import write
        from byzverify.certificates.lemma_statements import LemmaStatements

        kind, fixed, assuming = self._question.kind, self._question.fixed, self._question.assuming
        statements = LemmaStatements(kind, library.reference_to(kind), fixed, assuming, self._limit)
        write(statements, self._certificate, self._progress)
        self._certified = True

    def _contradicted(self, sizes: Sizes) -> str:
        return f"proved for {self._family.statement}, but {_shown(sizes)} is broken; {TWO_READINGS}"

    def _sizes_with_traitors(self) -> Iterator[Sizes]:
        """For each number of generals, the size with the most traitors."""
        for n in range(1, MOST_GENERALS + 1):
            sizes = self._engine.most_faulty(n)
            if sizes is not None and any(sizes[name] for name in self._family.faulty):
                yield sizes

    def _simulated(self) -> int:
        """Simulate runs of larger sizes, in which every condition must hold. Raises ReplayMismatch if one does not."""
        runs = 0
        for n in SIMULATED_TREES if self._relays else SIMULATED:
            sizes = self._engine.most_faulty(n)
            if sizes is None:
                continue
            model, budget = self._instance(sizes)
            for seed, start in product(range(RUNS), (*model.orders, None)):
                self._limit.check()
                if simulate(model, *_scenario(model, budget, seed, start), "random", seed).violated:
                    raise ReplayMismatch(self._contradicted(sizes))
                runs += 1
        return runs

    @property
    def _relays(self) -> bool:
        """Whether the program relays along paths: then it sends very many messages."""
        return self._argument == "induction over paths"

    def _demand_program(self, error: ProtocolError) -> None:
        """Raise the error if the program fails at a known size, too: then its author is to blame."""
        sizes = next(self._small_sizes())
        model, _ = self._instance(sizes)
        simulate(model, (), [model.orders[0].name])

    def _verdict(self, reason: str | None, exit_code: int) -> FamilyVerdict:
        conditions = tuple(self._known(one, reason) for one in self._conditions)
        found = FamilyVerdict(
            self._question,
            self._family.statement,
            len(self._family.protocol.orders),
            self._argument,
            tuple(map(_obligation, self._decided)),
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

    @property
    def _argument(self) -> str:
        """By what the lemmas are a proof."""
        kinds = {one.lemma.kind for one in self._decided}
        return next((kind for kind in (PATHS, PHASES) if kind in kinds), COUNTING)

    def _known(self, condition: Condition, reason: str | None) -> ConditionEverywhere:
        if condition in self._broken:
            return ConditionEverywhere(condition, "refuted", self._broken[condition][0])
        own = any(one.lemma.condition == condition and one.possible for one in self._decided)
        if reason is None and own and self._holds(condition):
            return ConditionEverywhere(condition, "proved")
        return ConditionEverywhere(condition, "unknown", None, reason or self._why_unknown(condition))

    def _why_unknown(self, condition: Condition) -> str:
        open_ones = [one for one in self._concern(condition) if not one.holds]
        failed = next((one for one in open_ones if one.holds is False), None)
        if failed is not None:
            return f"a lemma fails ({failed.lemma.name}), but up to n={MOST_GENERALS} no attack follows from that"
        undecided = (f"{one.lemma.name}: {one.reason}" for one in open_ones)
        return next(undecided, "at no size there is anything that it asks about")


def _obligation(decided: Decided) -> Obligation:
    lemma = decided.lemma
    verdict = {True: "proved", False: "fails", None: "unknown"}[decided.holds]
    return Obligation(lemma.name, verdict, lemma.condition, decided.possible, decided.seconds)  # type: ignore[arg-type]


def _word(decided: Decided) -> str:
    return {True: "holds", False: "fails", None: "undecided"}[decided.holds]


def _shown(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={number}" for name, number in sizes.items())


def _scenario(model: Protocol, budget: Budget, seed: int, start: Order | None) -> tuple[dict[General, str], list[str]]:
    """Who fails, and how, and what each general starts with: with this order, or with any if there is none."""
    chance = Random(seed)
    modes = [mode.value for mode, number in budget.items() for _ in range(number)]
    faulty = dict(zip(chance.sample(range(model.n), len(modes)), modes, strict=True))
    starters = model.problem.starters(model.n)
    return faulty, [(start or chance.choice(model.orders)).name for _ in starters]
