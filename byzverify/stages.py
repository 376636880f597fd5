"""A check under way: it leads a question through the stages, scenarios, execution, terms, solver, claim, replay.

This module knows in which order the stages come, and what has been found so far. It decides nothing itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from byzverify import library
from byzverify.attacks.attack import Attack, Replay
from byzverify.attacks.replay import confirm
from byzverify.certificates import writing
from byzverify.certificates.statements import Statements
from byzverify.checking.claims import Claim
from byzverify.checking.deciding import LONG_RUN, Answer, answers
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
from byzverify.checking.solving import solvers_of
from byzverify.checking.symmetry import Examination
from byzverify.errors import ProtocolError, ReplayMismatch, RuleBroken, Stopped, Vacuous
from byzverify.language.conditions import Condition
from byzverify.language.faults import Budget
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.logic.terms import SimplifiedTerms, Terms
from byzverify.smallest import Search, without_needless_lies
from byzverify.verdict import ConditionVerdict, Coverage, Smallness, Word

Progress = Callable[[str], None]
"""Called with one line about what is being done now."""


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
        self.refuted: dict[Condition, tuple[Claim, Attack, Replay]] = {}
        self.symmetry = NONE
        self.unknown: dict[Condition, str] = {}
        self.exit_code = Stopped.exit_code
        self.asked: Counter[Condition] = Counter()
        self.loyal: set[Condition] = set()
        self.fallible: dict[Condition, bool | None] = {}
        self.satisfiable: bool | None = None
        self.resolved = False
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
            reference = library.reference_to(type(self.model))
            statements = Statements(self.model, reference, self.faults, interchangeable, self.limit)
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
                self.symmetry = examination.symmetry
                self._decide_by(examination)
            self.asymmetry = examination.conclude()
        except Asymmetric as found:
            self.asymmetry = str(found)
        finally:
            examination.close()
        self.examined = True
        if self.asymmetry is not None:
            self.symmetry = NONE
            self.unasked = 0
            self._decide_each(NONE)

    def _decide_by(self, examination: Examination) -> None:
        """Decide one scenario of each kind. What goes wrong counts only if the generals prove to be interchangeable."""
        try:
            self._decide_each(examination.symmetry)
        except (ProtocolError, RuleBroken, ReplayMismatch):
            if examination.conclude() is None:
                raise

    def _decide_each(self, symmetry: Symmetry) -> None:
        for scenario in scenarios(self.model, self.faults, symmetry):
            self._decide(scenario)
        self._decide_loyal(nobody_fails(self.model, symmetry))

    def _decide_loyal(self, scenario: Scenario) -> None:
        """Decide what must hold where nobody fails: a run that every choice of faulty generals allows.

        It is not counted, since what it asks is part of what the larger choices ask; where these took long it is left
        out.
        """
        if self.dispatched > LONG_RUN and not self.resolved:
            return
        self.progress("scenario in which nobody fails")
        stated = self._executed(scenario)
        self.satisfiable = True  # the execution has come to an end
        for answer in answers(stated, self.solver, lambda condition: True):
            self._note(answer)
            if answer.claim is None and answer.unknown is None:
                self.loyal.add(answer.case.condition)
        stated.forget()

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
        """Raise Vacuous where a proof would say nothing: no condition that was asked can fail, or none was asked."""
        if self.refuted or self.unknown:
            return
        if self.asked and not any(self.fallible[condition] is not False for condition in self.asked):
            names = " and ".join(condition.name for condition in self.asked)
            raise Vacuous(f"vacuous: {names} holds whatever the generals decide; state a condition that can fail")
        if not self.asked:
            raise Vacuous(
                "vacuous: no choice of faulty generals leaves any condition something to ask; take more generals"
            )

    def attack(self) -> tuple[Attack, Replay, bool]:
        """The attack on the first condition that fails; whether it is without lies that it does not need.

        An attack of a long run is left as it was found, and so is one for which no time is left.
        """
        claim, attack, replay = next(self.refuted[one] for one in self.model.problem.conditions if one in self.refuted)
        if self.dispatched > LONG_RUN:
            return attack, replay, False
        self.progress("dropping lies that the attack does not need")
        try:
            return *without_needless_lies(claim, replay, self.limit), True
        except (Stopped, MemoryError):
            return attack, replay, False

    def smallest_attack(self) -> tuple[Attack, Replay, bool, Smallness]:
        """The smallest attack that can be found, on whatever condition; whether it is without needless lies."""
        attack, replay, shrunk = self.attack()
        symmetry = self.symmetry if self.examined else NONE
        asked = (self.model, self.faults, symmetry, self._refuting, self.solver)
        search = Search((attack, replay), shrunk, *asked, self.limit, self.progress)
        smallness = search.run()
        return *search.found, search.shrunk or smallness.minimal, smallness

    def _refuting(self, faults: Budget) -> tuple[Attack, Replay, bool] | None:
        """What `attack` gives against a smaller budget; None if all is proved. Raises Stopped where neither is."""
        work = Check(self.model, faults, self.raw, self.solver, self.limit, self.progress)
        work.run()
        if work.refuted:
            return work.attack()
        for reason in work.unknown.values():
            raise Stopped(reason)
        return None

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
        self.resolved = stated.resolves
        self.variables = self.variables or stated.variables
        for answer in answers(stated, self.solver, self._open):
            self.asked[answer.case.condition] += 1
            self.while_built += answer.while_built
            self._note(answer, scenario.observers if self.dispatched > LONG_RUN else None)
        stated.forget()

    def _note(self, answer: Answer, awaited: Collection[General] | None = None) -> None:
        if answer.unknown is not None:
            self.unknown.setdefault(answer.case.condition, answer.unknown)
        if answer.claim is not None:
            self.progress("replaying what the solver found in the simulator")
            attack, replay = confirm(answer.claim, self.limit, awaited)
            for judgement in replay.violated:
                self.refuted.setdefault(judgement.condition, (answer.claim, attack, replay))

    def conditions(self) -> Iterator[ConditionVerdict]:
        """What is known of each condition."""
        for condition in self.model.problem.conditions:
            known: Word = (
                "refuted" if condition in self.refuted else "unknown" if condition in self.unknown else "proved"
            )
            reason = self.unknown[condition] if known == "unknown" else None
            seen = (condition in self.loyal or None, self.fallible.get(condition))
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
