"""The three questions, each one call: is it safe, how does it break, does that attack still work; and a visit to the
museum, which asks the first one twice.

`check` leads a question through the stages: scenarios, execution, terms, solver, claim, replay, attack, verdict.
"""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from byzverify.attacks.attack import Attack, Replay
from byzverify.attacks.replay import TWO_READINGS, confirm
from byzverify.certificates import writing
from byzverify.certificates.statements import Statements
from byzverify.checking.deciding import Answer, answers
from byzverify.checking.impartial import can_fail
from byzverify.checking.obligations import Obligations
from byzverify.checking.scenarios import (
    NONE,
    Asymmetric,
    Scenario,
    Symmetry,
    how_many_choices,
    nobody_fails,
    scenarios,
)
from byzverify.checking.solving import demand_installed, solvers_of
from byzverify.checking.symmetry import Examination
from byzverify.errors import ByzverifyError, ReplayMismatch, Stopped, UsageError, Vacuous
from byzverify.language.conditions import Condition
from byzverify.language.faults import Budget, Fault, budget_of, faults_of
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.logic.terms import SimplifiedTerms, Terms
from byzverify.simulation.judging import judge
from byzverify.simulation.rounds import run
from byzverify.simulation.strategies import scripted
from byzverify.verdict import ConditionVerdict, Coverage, Proved, Refuted, Unknown, Word

if TYPE_CHECKING:
    from byzverify.catalogue import Configuration

Progress = Callable[[str], None]
"""Called with one line about what is being done now."""


SAMPLE_MESSAGES = 20_000
"""A proof is compared with simulated runs where a run has at most so many messages."""

SAMPLE_RUNS = 8


def _in_silence(line: str) -> None:
    """No progress shown."""


class Check:
    """A check under way: what has been found so far."""

    def __init__(
        self, model: Protocol, faults: Budget, raw: bool, solver: str, limit: Limit, progress: Progress
    ) -> None:
        self.model = model
        self.faults = faults
        self.raw = raw
        self.solver = solver
        self.limit = limit
        self.progress = progress
        self.asymmetry: str | None = None
        self.examined = False
        self.refuted: dict[Condition, tuple[Attack, Replay]] = {}
        self.unknown: dict[Condition, str] = {}
        self.exit_code = Stopped.exit_code
        self.asked: Counter[Condition] = Counter()
        self.loyal: set[Condition] = set()
        self.fallible: dict[Condition, bool | None] = {}
        self.satisfiable: bool | None = None
        self.unasked: int = 0
        self.scenarios = self.while_built = self.variables = self.simulated = self.dispatched = 0

    def run(self) -> None:
        """Decide every case, as far as the limit allows."""
        with self._giving_up():
            self._decide_all()

    def certify(self, folder: Path) -> None:
        """Write the certificate. What is not certified, where that was asked, is not proved."""
        with self._giving_up("the certificate is not finished: "):
            interchangeable = self.asymmetry is None
            statements = Statements(self.model, self.faults, interchangeable, self.limit)
            writing.write(statements, folder, self.progress)

    @contextmanager
    def _giving_up(self, what: str = "") -> Iterator[None]:
        """Whatever the block does not finish is unknown."""
        try:
            yield
        except Stopped as stop:
            self.exit_code = stop.exit_code
            self._give_up(f"{what}{stop}")
        except MemoryError:
            self._give_up(f"{what}out of memory")

    def _give_up(self, reason: str) -> None:
        for condition in filter(self._open, self.model.problem.conditions):
            self.unknown.setdefault(condition, reason)

    def _decide_all(self) -> None:
        """Decide one scenario of each kind, and every single one if the generals prove to be different after all."""
        self.progress("checking which generals are interchangeable")
        examination = Examination(self.model, self.limit)
        try:
            if examination.asymmetry is None:
                self._decide_each(examination.symmetry)
            self.asymmetry = examination.conclude()
        except Asymmetric as found:
            self.asymmetry = str(found)
        finally:
            examination.close()
        self.examined = True
        if self.asymmetry is not None:
            self.unasked = 0
            self._decide_each(NONE)

    def _decide_each(self, symmetry: Symmetry) -> None:
        for scenario in scenarios(self.model, self.faults, symmetry):
            self._decide(scenario)
        self._decide_loyal(nobody_fails(self.model, symmetry))

    def _decide_loyal(self, scenario: Scenario) -> None:
        """Decide what must hold where nobody fails: a run that every choice of faulty generals allows.

        It is not counted, since what it asks is part of what the larger choices ask.
        """
        self.progress("scenario in which nobody fails")
        stated = self._executed(scenario)
        self.satisfiable = True  # the execution has come to an end
        for answer in answers(stated, self.solver, lambda condition: True):
            self._note(answer)
            if answer.claim is None and answer.unknown is None:
                self.loyal.add(answer.case.condition)

    def _executed(self, scenario: Scenario) -> Obligations:
        """The scenario's obligations; whether its conditions can fail is looked up beside."""
        stated = Obligations(self.model, scenario, Terms(self.limit) if self.raw else SimplifiedTerms(self.limit))
        for case in scenario.cases:
            if self.fallible.get(case.condition) is not True:
                found = can_fail(self.model, case, stated.outcome, self.limit)
                if found is not False or case.condition not in self.fallible:
                    self.fallible[case.condition] = found
        return stated

    def demand_meaning(self) -> None:
        """Raise Vacuous where a proof would say nothing: a condition that was asked cannot fail, or none was asked."""
        if self.refuted or self.unknown:
            return
        for condition in self.asked:
            if self.fallible[condition] is False:
                raise Vacuous(
                    f"vacuous: the condition {condition.name} holds whatever the generals decide; make it say something"
                )
        if not self.asked:
            raise Vacuous(
                "vacuous: no choice of faulty generals leaves any condition something to ask; take more generals"
            )

    def _open(self, condition: Condition) -> bool:
        return condition not in self.refuted

    def _decide(self, scenario: Scenario) -> None:
        self.unasked += 0 if scenario.cases else scenario.stands_for
        if not any(self._open(case.condition) for case in scenario.cases):
            return
        self.scenarios += 1
        self.progress(f"scenario {self.scenarios}: traitors {sorted(scenario.faults)}")
        stated = self._executed(scenario)
        self.dispatched = max(self.dispatched, stated.dispatched)
        self.variables = self.variables or stated.variables
        for answer in answers(stated, self.solver, self._open):
            self.asked[answer.case.condition] += 1
            self.while_built += answer.while_built
            self._note(answer)

    def _note(self, answer: Answer) -> None:
        if answer.unknown is not None:
            self.unknown.setdefault(answer.case.condition, answer.unknown)
        if answer.claim is not None:
            self.progress("replaying what the solver found in the simulator")
            attack, replay = confirm(answer.claim, self.limit)
            for judgement in replay.violated:
                self.refuted.setdefault(judgement.condition, (attack, replay))

    def compare_with_simulation(self) -> None:
        """Play a few runs in the simulator: a condition that is proved must hold in each.

        This guards what no argument can: that the program does the same on plain as on symbolic values. Left out for
        runs of many messages; `simulated` says how many there were. Raises ReplayMismatch.
        """
        proved = {known.condition for known in self.conditions() if known.verdict == "proved"}
        small = self.dispatched * self.model.n <= SAMPLE_MESSAGES
        try:
            for number in range(SAMPLE_RUNS if proved and small else 0):
                self.limit.check()
                self._compare_with_run(number, proved)
                self.simulated += 1
        except Stopped:
            pass  # what is proved stays proved; `simulated` says how far the comparison came

    def _compare_with_run(self, number: int, proved: set[Condition]) -> None:
        names = [order.name for order in self.model.orders]
        modes = list(chain.from_iterable([mode] * most for mode, most in self.faults.items()))[: self.model.n]
        present = random.Random(number).sample(range(self.model.n), len(modes) if number >= len(names) else 0)
        traitors = dict(zip(present, modes, strict=False))
        replay = simulate(self.model, traitors, [names[number % len(names)]], "random", number)
        for judgement in replay.violated:
            if judgement.condition in proved:
                raise ReplayMismatch(
                    f"{judgement.condition.name} is proved, and fails in a simulated run with traitors "
                    f"{sorted(traitors)}: {TWO_READINGS}"
                )

    def conditions(self) -> Iterator[ConditionVerdict]:
        """What is known of each condition."""
        for condition in self.model.problem.conditions:
            known: Word = (
                "refuted" if condition in self.refuted else "unknown" if condition in self.unknown else "proved"
            )
            reason = self.unknown[condition] if known == "unknown" else None
            seen = (condition in self.loyal or None, self.fallible.get(condition) or None)
            yield ConditionVerdict(condition, known, self.asked[condition], reason, *seen)

    def coverage(self) -> Coverage:
        """What has been looked at."""
        return Coverage(
            how_many_choices(self.model.n, self.faults),
            self.scenarios,
            self.asked.total(),
            self.while_built,
            solvers_of(self.solver),
            self.satisfiable,
            self.unasked,
            self.variables,
            self.simulated,
            self.examined,
            self.asymmetry,
        )


def check(
    model: Protocol,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
    *,
    timeout: float | None = None,
    raw: bool = False,
    solver: str | None = None,
    certificate: str | Path | None = None,
    progress: Progress = _in_silence,
) -> Proved | Refuted | Unknown:
    """Whether every condition of `model` holds, whoever the traitors are and whatever they say.

    model: a protocol instance, such as `OM(n=7, m=2)`. traitors: the most that may be present, `model.m` if None; or
    how many generals may fail in each mode, as in `{"byzantine": 1, "manifest": 1}`. timeout: seconds, after which
    what is undecided is `Unknown`. raw: give the solver the terms as the execution builds them, with no simplification.
    solver: `z3`, `cvc5`, `cadical`, `exact`, or `all` that are installed, to compare them; the one that is named gets
    the terms raw. certificate: a new folder, into which evidence for a proof is written that other programs can check;
    without it there is no proof. progress: called with a line about each step.

    Raises UsageError for a number of traitors that is impossible, ProtocolError where the model's program breaks a rule
    of the language; and, for bugs, ReplayMismatch where the simulator contradicts a solver, Disagreement where solvers
    contradict each other.
    """
    start = monotonic()
    faults = budget_for(model, traitors)
    limit = Limit.within(timeout)
    demand_installed(solver or "z3")
    work = Check(model, faults, raw or solver is not None, solver or "z3", limit, progress)
    folder = None if certificate is None else Path(certificate)
    if folder is not None:
        writing.demand_possible(folder)
    with _no_garbage_collection():
        work.run()
        work.demand_meaning()
        work.compare_with_simulation()
        if folder is not None and not (work.refuted or work.unknown):
            work.certify(folder)
    conditions = tuple(work.conditions())
    seconds = monotonic() - start
    for condition in model.problem.conditions:
        if condition in work.refuted:
            return Refuted(model, faults, conditions, work.coverage(), seconds, *work.refuted[condition])
    for known in conditions:
        if known.reason is not None:
            return Unknown(model, faults, conditions, work.coverage(), seconds, known.reason, work.exit_code)
    return Proved(model, faults, conditions, work.coverage(), seconds, folder)


def visit(mistake: Configuration, repair: Configuration, progress: Progress = _in_silence) -> tuple[Refuted, Proved]:
    """Break a mistake and prove its repair. Raises Stopped where one is unknown, ByzverifyError if it is not so."""
    broken = check(mistake.build(), mistake.budget(), progress=progress)
    whole = check(repair.build(), repair.budget(), progress=progress)
    for verdict in (broken, whole):
        if isinstance(verdict, Unknown):
            stopped = Stopped(verdict.reason)
            stopped.exit_code = verdict.exit_code
            raise stopped
    if not isinstance(broken, Refuted) or not isinstance(whole, Proved):
        raise ByzverifyError("the museum expects the mistake to be refuted and the repair to be proved")
    return broken, whole


def budget_for(model: Protocol, traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None) -> Budget:
    """How many generals may fail in each mode, from what a user gives. Raises UsageError for what is impossible."""
    if not isinstance(model, Protocol):
        raise UsageError(f"give an instance of a protocol, such as OM(n=4, m=1), not {model!r}")
    most = getattr(model, "m", None) if traitors is None else traitors
    if most is None:
        raise UsageError(
            f"say how many traitors there may be (-t, or traitors=...): {type(model).__name__} has no m to take it from"
        )
    faults = budget_of(most)
    total = sum(faults.values())
    if total > model.n:
        raise UsageError(f"there can be 0 to {model.n} traitors among {model.n} generals, not {total}")
    return faults


def simulate(
    model: Protocol,
    traitors: Collection[General] | Mapping[General, str],
    orders: Sequence[str],
    strategy: str = "alternate",
    seed: int = 0,
) -> Replay:
    """Run `model` once with scripted traitors, to the end, and judge the run.

    traitors: who is faulty, with the mode of each if not all are byzantine; a mode lets of a strategy through what it
    allows. orders: the name of the order that all generals start with, or one for each general that starts with one.
    strategy: `alternate`, `silent` or `random`, which draws from `seed`. Raises UsageError for what does not exist.
    """
    starters = model.problem.starters(model.n)
    known = {order.name: order for order in model.orders}
    if len(orders) not in (1, len(starters)):
        each = f"or {len(starters)}, one for each general" if len(starters) > 1 else "the commander's"
        raise UsageError(f"give 1 order {each}, not {len(orders)}")
    for name in orders:
        if name not in known:
            raise UsageError(f"{name!r} is not an order; there are {', '.join(known)}")
    if not set(traitors) <= set(range(model.n)):
        raise UsageError(f"traitors must be among the generals 0 to {model.n - 1}")
    started = {g: known[orders[i if len(orders) > 1 else 0]] for i, g in enumerate(starters)}
    played = run(model, faults_of(traitors), started, scripted(strategy, model.words, seed), everyone=True)
    return Replay(played, judge(played))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Terms are millions of small objects without cycles: looking for cycles among them doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
