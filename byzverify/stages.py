"""A check under way: it leads a question through the stages, scenarios, execution, terms, solver, claim, replay.

This module knows in which order the stages come, and what has been found so far. It decides nothing itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from math import factorial
from pathlib import Path

from byzverify import library
from byzverify.attacks.attack import Attack, Replay
from byzverify.attacks.replay import confirm
from byzverify.checking.claims import Claim
from byzverify.checking.deciding import LONG_RUN, Answer, Decided, one_by_one
from byzverify.checking.distinguishing import Asymmetric
from byzverify.checking.impartial import can_fail
from byzverify.checking.obligations import Extent, Obligations
from byzverify.checking.promises import Promises
from byzverify.checking.scenarios import (
    NONE,
    Scenario,
    Symmetry,
    how_many_choices,
    nobody_fails,
)
from byzverify.checking.solving import solvers_of
from byzverify.checking.symmetry import Examination
from byzverify.crews.crew import Crew
from byzverify.crosscheck.differences import Found
from byzverify.crosscheck.guarding import Guards
from byzverify.crosscheck.plans import Plan
from byzverify.dividing.leading import Leader
from byzverify.dividing.tasks import Instance
from byzverify.errors import ProtocolError, ReplayMismatch, RuleBroken, Stopped, Vacuous
from byzverify.language.conditions import Condition
from byzverify.language.faults import Budget
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.logic.terms import SimplifiedTerms, Terms
from byzverify.smallest import Search, without_needless_lies
from byzverify.verdict import ConditionVerdict, Coverage, Smallness, Word

Progress = Callable[[str], None]
"""Called with one line about what is being done now."""

MANY_ORDERS = 100
"""A condition that is asked of its witnesses in more orders takes long, and lines of progress say so."""

Finding = tuple[Claim, Attack, Replay]
"""What the solver claims, and what the simulator makes of it."""


class Check:
    """A check under way: what has been found so far. about: the conditions that are asked about, by default all."""

    def __init__(
        self,
        model: Protocol,
        faults: Budget,
        raw: bool,
        solver: str,
        limit: Limit,
        progress: Progress,
        crew: Crew | None = None,
        about: Collection[Condition] = (),
        guards: Guards | None = None,
    ) -> None:
        self.model = model
        self.faults = faults
        self.raw = raw
        self.solver = solver
        self.limit = limit
        self.progress = progress
        self.crew = crew
        self._guards = guards
        self.compared = Found()
        self.about = about or model.problem.conditions
        self.asymmetry: str | None = None
        self.examined = False
        self.refuted: dict[Condition, Finding] = {}
        self.symmetry = NONE
        self.unknown: dict[Condition, str] = {}
        self.exit_code = Stopped.exit_code
        self.asked: Counter[Condition] = Counter()
        self.loyal: set[Condition] = set()
        self.fallible: dict[Condition, bool | None] = {}
        self.doubted: list[Condition] = []
        self.finished = False
        self.satisfiable: bool | None = None
        self.resolved = False
        self.unasked: int = 0
        self._begun = 0
        self._early: dict[int, Finding] = {}
        self.scenarios = self.while_built = self.variables = self.dispatched = 0

    def run(self) -> None:
        """Decide every case, as far as the limit allows."""
        with self._giving_up():
            self._decide_all()
            self.finished = True

    @property
    def _many_orders(self) -> str:
        """What to add to a line of progress where conditions have witnesses of many orders."""
        orders = {condition: factorial(condition.witnesses) for condition in self.about}
        return "".join(
            f"; {condition.name} is asked of {condition.witnesses} witnesses in {number:,} orders"
            for condition, number in orders.items()
            if number > MANY_ORDERS
        )

    def compare_with_simulation(self) -> None:
        """Hold what is proved against the guards' examination. Where that does not end, it is not proved.

        Raises ProtocolError or ReplayMismatch where something contradicts it.
        """
        proved = [known.condition.name for known in self.conditions() if known.verdict == "proved"]
        if proved and self._guards is not None and (self._guards.refutations or not self.refuted):
            with self._giving_up("not compared with the simulator: "):
                self.progress(f"comparing with the simulator{self._many_orders}")
                self.compared = self._guards.demand_agreement(proved, self.limit)

    def repeat(self, replay: Replay) -> str | None:
        """Play an attack once more in a fresh process. Return why that is not possible, None if all decide the same.

        Raises ProtocolError where somebody does something else.
        """
        if self._guards is None or not self._guards.refutations:
            return "this effort does not repeat attacks"
        failed = replay.explained[0]
        assert failed.witnesses is not None
        self.progress("playing the attack once more in a fresh process")
        try:
            self.compared.fresh = self._guards.demand_repeated(
                Plan.of(replay.run), failed.condition.name, failed.witnesses, self.limit
            )
        except Stopped as stop:
            return str(stop)
        except MemoryError:
            return "out of memory"
        return None

    def certify(self, folder: Path) -> None:
        """Write the certificate. What is not certified, where that was asked, is not proved."""
        from byzverify.certificates import writing
        from byzverify.certificates.statements import Statements

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
        """What has been replayed counts, even if it was not its turn; what is open then is unknown."""
        for found in self._early.values():
            self._refute(found)
        for condition in filter(self._open, self.about):
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
        self._promises = Promises(self.model, self.faults, symmetry, self.limit)
        executions = self._executions(self._promises.scenarios(self._open))
        for scenario, extent, found in self._decided(executions, self._open):
            if self._any_open(scenario):
                self._take(scenario, extent, found)
        self.doubted = self._promises.doubted
        self._decide_loyal(nobody_fails(self.model, symmetry))

    def _executions(self, some: Iterable[Scenario]) -> Iterator[Obligations]:
        """Each scenario in which something is open, executed when it is asked for."""
        for scenario in some:
            self.unasked += 0 if scenario.cases else scenario.stands_for
            if self._any_open(scenario):
                self._begun += 1
                self.progress(f"scenario {self._begun}: traitors {sorted(scenario.faults)}{self._many_orders}")
                yield self._executed(scenario)

    def _decided(self, executions: Iterable[Obligations], wanted: Callable[[Condition], bool]) -> Iterator[Decided]:
        """Each scenario with the answers of its cases, found here or by the crew."""
        if self.crew is None:
            return one_by_one(executions, self.solver, wanted, self._watch)
        instance = Instance.of(self.model, self.solver, self.raw)
        leader = Leader(self.crew, self.model, instance, self.limit, self._heed, self._watch)
        return leader.in_order(executions, wanted)

    def _watch(self, stated: Obligations) -> None:
        if self._guards is not None:
            self._guards.watch(stated)

    def _decide_loyal(self, scenario: Scenario) -> None:
        """Decide what must hold where nobody fails: a run that every choice of faulty generals allows.

        It is not counted, since what it asks is part of what the larger choices ask; where these took long it is left
        out.
        """
        if self.dispatched > LONG_RUN and not self.resolved:
            return
        self.progress("scenario in which nobody fails")
        executions = map(self._executed, [scenario])
        holding = {case.condition for case in scenario.cases if case.condition in self.about}
        for _, extent, found in self._decided(executions, holding.__contains__):
            self.satisfiable = True  # the execution has come to an end
            for answer in found:
                self._note(answer, scenario, extent)
                if answer.claim is not None or answer.unknown is not None:
                    holding.discard(answer.case.condition)
        self.loyal = holding

    def _executed(self, scenario: Scenario) -> Obligations:
        """The scenario's obligations; whether its conditions can fail is looked up beside."""
        stated = Obligations(self.model, scenario, Terms(self.limit) if self.raw else SimplifiedTerms(self.limit))
        self._promises.see(scenario.cases, stated.outcome)
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
        claim, attack, replay = next(self.refuted[one] for one in self.about if one in self.refuted)
        if self.dispatched > LONG_RUN:
            return attack, replay, False
        self.progress("dropping lies that the attack does not need")
        try:
            return *without_needless_lies(claim, replay, self.limit), True
        except (Stopped, MemoryError):
            return attack, replay, False

    def smallest_attack(self) -> tuple[Attack, Replay, bool, Smallness]:
        """The smallest attack that can be found, on whatever condition is asked about; whether all lies are needed."""
        attack, replay, shrunk = self.attack()
        symmetry = self.symmetry if self.examined else NONE
        asked = (self.model, self.faults, symmetry, self._refuting, self.solver)
        search = Search((attack, replay), shrunk, *asked, self.limit, self.progress, self.about)
        smallness = search.run()
        return *search.found, search.shrunk or smallness.minimal, smallness

    def _refuting(self, faults: Budget) -> tuple[Attack, Replay, bool] | None:
        """What `attack` gives against a smaller budget; None if all is proved. Raises Stopped where neither is."""
        work = Check(self.model, faults, self.raw, self.solver, self.limit, self.progress, self.crew, self.about)
        work.run()
        if work.refuted:
            return work.attack()
        for reason in work.unknown.values():
            raise Stopped(reason)
        return None

    def _open(self, condition: Condition) -> bool:
        return condition in self.about and condition not in self.refuted

    def _any_open(self, scenario: Scenario) -> bool:
        return any(self._open(case.condition) for case in scenario.cases)

    def _take(self, scenario: Scenario, extent: Extent, found: Iterable[Answer]) -> None:
        """Note the answers of a scenario, in their order."""
        self.scenarios += 1
        self.dispatched = max(self.dispatched, extent.dispatched)
        self.resolved = extent.resolves
        self.variables = self.variables or extent.variables
        for answer in found:
            self.asked[answer.case.condition] += 1
            self.while_built += answer.while_built
            self._note(answer, scenario, extent)

    def _note(self, answer: Answer, scenario: Scenario, extent: Extent) -> None:
        if answer.unknown is not None:
            self.unknown.setdefault(answer.case.condition, answer.unknown)
        if answer.claim is not None:
            known = self._early.pop(id(answer.claim)) if id(answer.claim) in self._early else None
            self._refute(known or self._confirmed(answer.claim, scenario, extent))

    def _heed(self, answer: Answer, scenario: Scenario, extent: Extent) -> None:
        """Replay what has been found before its turn, so that it is known whatever happens until then."""
        if answer.claim is not None:
            self._early[id(answer.claim)] = self._confirmed(answer.claim, scenario, extent)

    def _confirmed(self, claim: Claim, scenario: Scenario, extent: Extent) -> Finding:
        self.progress("replaying what the solver found in the simulator")
        awaited = scenario.observers if extent.dispatched > LONG_RUN else None
        return claim, *confirm(claim, self.limit, awaited)

    def _refute(self, finding: Finding) -> None:
        """Note which conditions an attack breaks. The first attack on each is kept, unless another takes no fault."""
        for condition in (judgement.condition for judgement in finding[2].violated):
            if condition in self.about and (condition not in self.refuted or not finding[2].run.faults):
                self.refuted[condition] = finding

    def conditions(self) -> Iterator[ConditionVerdict]:
        """What is known of each condition that is asked about."""
        for condition in self.about:
            undecided = condition in self.unknown or not self.finished
            known: Word = "refuted" if condition in self.refuted else "unknown" if undecided else "proved"
            reason = self.unknown.get(condition, "the check did not end") if known == "unknown" else None
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
            self.compared.runs,
            self.examined,
            self.asymmetry,
            tuple(condition.name for condition in self.doubted),
            self.compared.alone,
            self.compared.smaller,
            self.compared.fresh,
        )
