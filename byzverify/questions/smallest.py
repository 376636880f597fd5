"""Smaller attacks: a known attack without needless lies, and the smallest attack that exists.

Smallest means fewest traitors, then fewest lies, then fewest rounds with lies, then fewest receivers of lies. The
simulator counts the lies of an attack. This module takes the search through its stages; it decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from math import inf

from byzverify.attacks.attack import Attack
from byzverify.attacks.confirmation import confirm
from byzverify.engines.finite.condition_symmetry import implied
from byzverify.engines.finite.distinguishing import Asymmetric
from byzverify.engines.finite.failure_semantics import runs_program
from byzverify.engines.finite.fewest_lies import Hunt
from byzverify.engines.finite.lies import InLies, stated_in_lies
from byzverify.engines.finite.pruning import shrunk
from byzverify.engines.finite.scenarios import NONE, Case, Scenario, scenarios
from byzverify.errors import TWO_READINGS, ReplayMismatch, Stopped, counted
from byzverify.language.faults import Budget
from byzverify.language.messages import Site
from byzverify.limits import Limit
from byzverify.questions.question import Means
from byzverify.questions.search import Search
from byzverify.questions.verdict import Smallness
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim
from byzverify.simulation.judging import Replay
from byzverify.solvers.answers import installed

COUNTERS = ("cadical", "exact", "z3")
"""The solvers that count lies if the user names none, as far as they are installed, the fastest first."""

FIRST = 200_000
"""How many steps a solver may first spend on fewer lies, and on a proof that more are needed; doubled each time."""

TO_SPARE = 1_000_000
"""How many steps are spent on trying to do without one round, or one receiver."""


@dataclass(frozen=True)
class Candidate:
    """An attack that may be the smallest. shrunk: whether each of its lies is known to be needed."""

    attack: Attack
    replay: Replay
    shrunk: bool

    @classmethod
    def confirmed(cls, claim: Claim, limit: Limit, *, shrunk: bool) -> Candidate:
        """The claimed attack, replayed. Raises Stopped at the limit."""
        attack, replay = confirm(claim, limit)
        return cls(attack, replay, shrunk)

    @property
    def lies(self) -> int:
        """How many lies the attack has."""
        return len(self.replay.run.lies)


def without_needless_lies(claim: Claim, replay: Replay, limit: Limit) -> Candidate:
    """The claimed and replayed attack, without the lies that it does not need. Raises Stopped at the limit."""
    case = Case(claim.condition, claim.witnesses)
    stated = stated_in_lies(claim.protocol, Scenario(dict(claim.faults), 1, (case,), folded=False), limit)
    return Candidate.confirmed(_shrunk(stated, case, claim, replay), limit, shrunk=True)


def _shrunk(stated: InLies, case: Case, claim: Claim, replay: Replay) -> Claim:
    byzantine = {general for general, mode in claim.faults.items() if not runs_program(mode)}
    said = {site: word for site, word in claim.behaviour.said.items() if site[1] not in byzantine}
    for lie in replay.run.lies:
        if lie.sender in byzantine and stated.adversary.tells_apart(lie.honest, lie.said):
            said[lie.round, lie.sender, lie.receiver, lie.label] = lie.said
    smaller = shrunk(stated, case, Behaviour(replay.run.orders, said, claim.behaviour.crashed))
    if smaller is None:
        raise ReplayMismatch(
            f"the attack that the simulator has replayed is not one in the encoding in lies; {TWO_READINGS}"
        )
    return smaller


def needed(search: Search, means: Means) -> Candidate:
    """The attack on the first condition that fails, without needless lies.

    An attack in a long run is left as it was found, and so is an attack for which no time is left.
    """
    claim, attack, replay = search.findings.first
    if not search.tally.is_long:
        means.progress("dropping lies that the attack does not need")
        with suppress(Stopped, MemoryError):
            return without_needless_lies(claim, replay, means.limit)
    return Candidate(attack, replay, shrunk=False)


def smallest(search: Search, means: Means) -> tuple[Candidate, Smallness]:
    """The smallest attack found on any condition of the question, and what is known about smaller ones."""
    minimization = Minimization(search, means, needed(search, means))
    smallness = minimization.run()
    best = minimization.best
    return replace(best, shrunk=best.shrunk or smallness.minimal), smallness


class Minimization:
    """The search for the smallest attack, starting from a known one. It can stop at any time with the best so far.

    search: the search that found the known attack. The solver of the means counts lies; if it is z3, the default, all
    installed `COUNTERS` do.
    """

    def __init__(self, search: Search, means: Means, best: Candidate) -> None:
        self.best = best
        self._question = search.findings.question
        self._model = self._question.model
        self._faults = self._question.faults
        self._symmetry = search.symmetry if search.tally.examined else NONE
        self._means = means
        self._solvers = [name for name in COUNTERS if name in installed()] if means.solver == "z3" else [means.solver]
        self._limit = means.limit
        self._progress = means.progress
        self._traitors = min(sum(self._faults.values()), self._model.n)
        self._fewest_traitors = False
        self._hunts: list[Hunt] = []
        self._all_hunted = False

    @property
    def _lower(self) -> int:
        """A lower bound on the lies of any attack by this many traitors."""
        return int(min((self.best.lies, *(hunt.lower for hunt in self._hunts)))) if self._all_hunted else 0

    def run(self) -> Smallness:
        """Search until the smallest attack is found and proved to be smallest, or the limit is reached."""
        reason = None
        try:
            self._find_fewest_traitors()
            self._hunt()
            if self._lower == self.best.lies:
                self._tidy()
        except Stopped as stop:
            reason = str(stop)
        except MemoryError:
            reason = "out of memory"
        return Smallness(self.best.lies, self._lower, self._fewest_traitors, reason)

    def _find_fewest_traitors(self) -> None:
        """Check with one traitor fewer, until that is proved."""
        self._traitors = len(self.best.replay.run.faults)
        while self._traitors:
            self._progress(f"looking for an attack by fewer than {self._traitors}")
            try:
                smaller = next(filter(None, map(self._refuting, self._budgets(self._traitors - 1))), None)
            except Stopped:
                self._limit.check()
                return
            if smaller is None:
                break
            self.best = smaller
            self._traitors = len(smaller.replay.run.faults)
        self._fewest_traitors = True

    def _refuting(self, faults: Budget) -> Candidate | None:
        """The result of `needed` for a smaller budget; None if all is proved. Raises Stopped if that is unknown."""
        search = Search(self._question.against(faults), self._means, lambda stated: None)
        findings = search.run()
        if findings.refuted:
            return needed(search, self._means)
        for reason in findings.unknown.values():
            raise Stopped(reason)
        return None

    def _budgets(self, traitors: int) -> Iterator[Budget]:
        """The smaller budgets that allow exactly this many generals to fail."""
        for numbers in product(*(range(most + 1) for most in self._faults.values())):
            if sum(numbers) == traitors:
                yield dict(zip(self._faults, numbers, strict=True))

    def _hunt(self) -> None:
        """Hunt in every case of every scenario, first by structure, then with more and more solver steps."""
        try:
            self._hunt_by_structure()
        except Asymmetric:
            self._symmetry = NONE
            self._hunts.clear()
            self._hunt_by_structure()
        self._all_hunted = True
        steps = FIRST
        while open_hunts := [hunt for hunt in self._hunts if hunt.lower < self.best.lies and not hunt.exact]:
            for hunt, by in product(open_hunts, self._solvers):
                self._push(hunt, steps, by)
            steps *= 2

    def _hunt_by_structure(self) -> None:
        for scenario in self._scenarios():
            self._progress(f"counting the lies that traitors {sorted(scenario.faults)} need")
            for hunt in self._hunts_in(stated_in_lies(self._model, scenario, self._limit)):
                self._hunts.append(hunt)
                claim = hunt.by_structure(self._limit)
                if claim is not None:
                    self._keep(Candidate.confirmed(claim, self._limit, shrunk=True), hunt)

    def _scenarios(self) -> Iterator[Scenario]:
        """The scenarios with exactly the known number of traitors; fewer are proved safe, or left unknown."""
        for budget in self._budgets(self._traitors):
            for scenario in scenarios(self._model, budget, self._symmetry):
                if len(scenario.faults) == self._traitors and scenario.cases:
                    yield scenario

    def _hunts_in(self, stated: InLies) -> Iterator[Hunt]:
        """The hunts in the cases of a scenario, without cases whose failure implies that a simpler case fails too."""
        cases = [case for case in stated.scenario.cases if case.condition in self._question.conditions]
        for case in cases:
            stated.demand_impartial(case)  # skipping this case also skips the cases that it stands for
            simpler = {other.condition for other in cases if other.condition.witnesses < case.condition.witnesses}
            if not (simpler and implied(self._model, case, simpler, stated.outcome, self._limit)):
                yield Hunt(stated, case)

    def _push(self, hunt: Hunt, steps: int, by: str) -> None:
        """Let a solver spend this many steps on fewer lies, and as many on a proof that more are needed."""
        with suppress(Stopped):  # the steps are used up, or the solver gives up
            limit = self._limit.fewer(steps)
            before = inf
            while hunt.lower < self.best.lies < before:  # lies that nobody reads can make more lies than were asked for
                before = self.best.lies
                self._try(hunt, self.best.lies - 1, limit, by)
        with suppress(Stopped):
            limit = self._limit.fewer(steps)
            while hunt.lower < self.best.lies and not self._try(hunt, hunt.lower, limit, by):
                pass
        self._limit.check()
        self._progress(f"{counted(self.best.lies, 'lie')} found; the fewest needed: {self._lower}")

    def _try(self, hunt: Hunt, most: float, limit: Limit, by: str) -> bool:
        """Whether there is an attack with at most this many lies. Keep it if it is the best so far."""
        claim = hunt.within(most, by, limit)
        if claim is None:
            return False
        found = Candidate.confirmed(claim, self._limit, shrunk=False)
        self._keep(found, hunt)
        smaller = _shrunk(hunt.stated, hunt.case, claim, found.replay)
        self._keep(Candidate.confirmed(smaller, self._limit, shrunk=True), hunt)
        return True

    def _keep(self, found: Candidate, hunt: Hunt) -> None:
        """Keep an attack from a hunt if it is the best so far."""
        if found.lies < hunt.lower:
            raise ReplayMismatch(
                f"a search said that {int(hunt.lower)} or more lies are needed, but {found.lies} are enough; "
                f"{TWO_READINGS}"
            )
        if (found.lies, not found.shrunk) < (self.best.lies, not self.best.shrunk):
            self.best = found

    def _tidy(self) -> None:
        """With as many lies, try to do without rounds with lies, then without receivers of lies, one by one."""
        spared: set[tuple[str, int]] = set()
        for kind in ("round", "receiver"):
            for number in sorted({getattr(lie, kind) for lie in self.best.replay.run.lies}):
                self._progress(f"{counted(self.best.lies, 'lie')}: trying to do without {kind} {number}")
                if self._spare(spared | {(kind, number)}):
                    spared.add((kind, number))

    def _spare(self, spared: set[tuple[str, int]]) -> bool:
        """Whether an attack has as few lies but none in these rounds or to these receivers. If so, keep it."""

        def allowed(site: Site) -> bool:
            return ("round", site[0]) not in spared and ("receiver", site[2]) not in spared

        for hunt in self._hunts:
            with suppress(Stopped):
                small = hunt.lower <= self.best.lies
                limit = self._limit.fewer(TO_SPARE)
                claim = hunt.within(self.best.lies, self._solvers[0], limit, allowed) if small else None
                shrunk = self.best.shrunk
                found = None if claim is None else Candidate.confirmed(claim, self._limit, shrunk=shrunk)
                if found is not None and found.lies <= self.best.lies:
                    self.best = found
                    return True
            self._limit.check()
        return False
