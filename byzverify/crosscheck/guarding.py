"""The guards of a verdict: compare a proof with an examination in another process, and replay an attack there.

The examination of a proof runs beside the check. This module knows plans, and the names of proved conditions;
`examining.py` and `refuting.py` know what is examined, and how.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from byzverify.crosscheck.assignments import Predictions
from byzverify.crosscheck.differences import Difference, Found
from byzverify.crosscheck.examining import Effort, again, examine, examine_these
from byzverify.crosscheck.interpreters import TURNS
from byzverify.crosscheck.plans import Plan
from byzverify.crosscheck.refuting import examine_attack
from byzverify.crosscheck.reloading import constants, demand_constant, how_often, makes_sets
from byzverify.crosscheck.sessions import Session
from byzverify.engines.finite.obligations import Obligations
from byzverify.errors import TWO_READINGS, ProtocolError, ReplayMismatch, Stopped
from byzverify.language.faults import Budget
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.state import Snapshot
from byzverify.limits import Limit
from byzverify.signals import broken_pipes_raised
from byzverify.workers.background import FORKS, Died

MOST_PLANS = 12
"""For how many scenarios, at most, to play a run whose decisions the check itself has predicted."""


class Guards:
    """The guards of one check. Create them before the check executes anything. state: what programs can reach."""

    def __init__(self, model: Protocol, faults: Budget, effort: Effort, state: Snapshot) -> None:
        self._model = model
        self._faults = faults
        self._effort = effort
        self._plans: list[Plan] = []
        self._constants, self._hashes = state.constants, state.hashes
        self._loads, self._sets = how_often(type(model), effort.loads), makes_sets(type(model))
        self._session: Session | None = None
        self._second: Session | None = None
        if effort.beside and FORKS:
            with suppress(Died):  # if it cannot be started now, try again after the check
                if not self._begin().fresh and effort.refutations:
                    self._second = Session(model)  # a child made later would see what the check leaves behind

    def _begin(self, plans: Sequence[Plan] = ()) -> Session:
        session = self._session = Session(self._model)
        session.ask(constants, self._loads)
        session.ask(examine, self._faults, self._effort, plans)
        return session

    def watch(self, stated: Obligations) -> None:
        """Note a scenario that has been decided: a run that its terms predict is played later."""
        short = stated.extent.dispatched * self._model.n <= self._effort.short
        if short and len(self._plans) < MOST_PLANS and stated.outcome.decisions:
            predictions = Predictions(stated, len(self._plans))
            self._plans.append(predictions.plan(predictions.drawn()))

    @property
    def refutations(self) -> bool:
        """Whether refutations are examined: the attack, and the conditions that hold."""
        return self._effort.refutations

    def demand_agreement(self, proved: Collection[str], limit: Limit) -> Found:
        """The results of the examination, if they do not contradict that the conditions with these names hold.

        Raises ProtocolError if the program or a condition is not a function of its input, ReplayMismatch if a proved
        condition fails in a run or a run differs from its prediction, Stopped if the examination does not finish.
        """
        if not FORKS:
            raise Stopped("the comparison needs forked processes, and this system cannot fork")
        begun_early = self._session is not None
        try:
            session = self._session or self._begin(self._plans)
            if begun_early:
                session.ask(examine_these, self._plans, self._effort)
            demand_constant(self._constants, session.answer(limit), type(self._model))
            found: Found = session.answer(limit)
            if begun_early:
                found += session.answer(limit)
            hashes = self._hashes or self._model.state().hashes  # now also of modules that the program imported
            if (hashes or self._sets or self._loads) and session.fresh:
                found += self._with_other_hashes(found, limit)
        except Died as died:
            raise Stopped(f"the comparison with the simulator {died}") from None
        found.fresh = session.fresh
        for name in proved:
            if name in found.broken:
                raise _blamed(found.broken[name])
        for difference in found.differences:
            raise _blamed(difference)
        return found

    def demand_repeated(self, plan: Plan, condition: str, witnesses: tuple[General, ...], limit: Limit) -> bool:
        """Replay an attack in which a condition fails for these witnesses. Returns whether the interpreter was fresh.

        Raises ProtocolError if a general does something else in the replay or alone, Stopped if it is not replayed.
        """
        if not FORKS:
            raise Stopped("this system cannot fork processes")
        if self._session is not None:
            self._session.close()  # its result is no longer needed
        try:
            session = self._second = self._second or Session(self._model)
            session.ask(examine_attack, plan, condition, witnesses, self._effort)
            found: Found = session.answer(limit.in_time)
        except Died as died:
            raise Stopped(f"the process {died}") from None
        if not found.runs:
            raise Stopped(f"its run may send more than {self._effort.short:,} orders")
        for difference in found.differences:
            raise _blamed(difference)
        return session.fresh

    def _with_other_hashes(self, before: Found, limit: Limit) -> Found:
        """Examine generals and conditions again, and the constants of the loaded model, in interpreters with other
        hashes and addresses, which order sets differently.
        """
        effort = replace(self._effort, singly=0)
        found = Found()
        sessions: list[Session] = []
        try:
            for turn in range(1, TURNS):
                sessions.append(Session(self._model, turn))
                sessions[-1].ask(constants, 0)
                sessions[-1].ask(again, before.records, before.answers, effort)
            for session in sessions:
                demand_constant(self._constants, session.answer(limit), type(self._model))
                found += session.answer(limit)
        finally:
            for session in sessions:
                session.close()
        return found

    def close(self) -> None:
        """End the examinations."""
        for session in filter(None, (self._session, self._second)):
            session.close()


@contextmanager
def guarded(model: Protocol, faults: Budget, effort: Effort, state: Snapshot) -> Iterator[Guards]:
    """The guards of a check, which end with the block. In it, writing to a process that has died raises an error."""
    with broken_pipes_raised():
        guards = Guards(model, faults, effort, state)
        try:
            yield guards
        finally:
            guards.close()


def _blamed(difference: Difference) -> ReplayMismatch | ProtocolError:
    if difference.ours:
        return ReplayMismatch(f"{difference.text}; {TWO_READINGS}")
    return ProtocolError(difference.text)
