"""The guards of a verdict: what is proved is held against an examination in another process, beside the check; an
attack is played there once more.

This module knows verdicts of conditions by name, and plans. `examining.py` and `refuting.py` know what is examined, and
how.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from byzverify.crosscheck.assignments import Predictions
from byzverify.crosscheck.differences import Difference, Found
from byzverify.crosscheck.examining import Effort, again, examine, examine_these
from byzverify.crosscheck.plans import Plan
from byzverify.crosscheck.refuting import examine_attack
from byzverify.crosscheck.reloading import constants, demand_constant, how_often, makes_sets
from byzverify.crosscheck.sessions import TURNS, Session
from byzverify.engines.finite.obligations import Obligations
from byzverify.errors import TWO_READINGS, ProtocolError, ReplayMismatch, Stopped
from byzverify.language.faults import Budget
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.state import Snapshot
from byzverify.limits import Limit
from byzverify.workers.background import FORKS, Died

MOST_PLANS = 12
"""Of how many scenarios, at most, a run is played whose decisions the check itself has predicted."""


class Guards:
    """What guards one check. Make it before the check executes anything. state: what the model's programs can reach."""

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
            with suppress(Died):  # if it cannot be started now, perhaps it can when the check is done
                if not self._begin().fresh and effort.refutations:
                    self._second = Session(model)  # a child that is made later would have what the check leaves

    def _begin(self, plans: Sequence[Plan] = ()) -> Session:
        session = self._session = Session(self._model)
        session.ask(constants, self._loads)
        session.ask(examine, self._faults, self._effort, plans)
        return session

    def watch(self, stated: Obligations) -> None:
        """Take note of a scenario that has been decided: what its terms predict in a run is played later."""
        short = stated.extent.dispatched * self._model.n <= self._effort.short
        if short and len(self._plans) < MOST_PLANS and stated.outcome.decisions:
            predictions = Predictions(stated, len(self._plans))
            self._plans.append(predictions.plan(predictions.drawn()))

    @property
    def refutations(self) -> bool:
        """Whether a refutation is to be examined: its attack, and the conditions that hold."""
        return self._effort.refutations

    def demand_agreement(self, proved: Collection[str], limit: Limit) -> Found:
        """What the examination found, if nothing in it contradicts that the conditions of these names hold.

        Raises ProtocolError where the program or a condition is no function of what it is given, ReplayMismatch where
        what is proved fails or is predicted otherwise, Stopped where the examination does not end.
        """
        if not FORKS:
            raise Stopped("the comparison takes processes that this system cannot fork")
        begun_early = self._session is not None
        try:
            session = self._session or self._begin(self._plans)
            if begun_early:
                session.ask(examine_these, self._plans, self._effort)
            demand_constant(self._constants, session.answer(limit), type(self._model))
            found: Found = session.answer(limit)
            if begun_early:
                found += session.answer(limit)
            hashes = self._hashes or self._model.state().hashes  # of modules that the program imported itself, too
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
        """Play an attack once more, in which a condition fails before these witnesses: whether in a fresh interpreter.

        Raises ProtocolError where somebody does something else there, or alone, Stopped where it is not played.
        """
        if not FORKS:
            raise Stopped("this system cannot fork processes")
        if self._session is not None:
            self._session.close()  # nobody waits for what it does now
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
        """Generals and conditions once more, in interpreters with other hashes and addresses: another order of sets. So
        is what the model comes to when it is loaded there.
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
        """End the examination."""
        for session in filter(None, (self._session, self._second)):
            session.close()


@contextmanager
def guarded(model: Protocol, faults: Budget, effort: Effort, state: Snapshot) -> Iterator[Guards]:
    """Guards that end with the block."""
    guards = Guards(model, faults, effort, state)
    try:
        yield guards
    finally:
        guards.close()


def _blamed(difference: Difference) -> ReplayMismatch | ProtocolError:
    if difference.ours:
        return ReplayMismatch(f"{difference.text}; {TWO_READINGS}")
    return ProtocolError(difference.text)
