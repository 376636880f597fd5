"""What is known so far about the conditions of a question.

A finding is never taken back: a refuted condition stays refuted, whatever happens later. This module knows no engine,
and searches for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from byzverify.attacks.attack import Attack
from byzverify.errors import Stopped, Vacuous
from byzverify.language.conditions import Condition
from byzverify.questions.question import Question
from byzverify.questions.verdict import ConditionVerdict, Word
from byzverify.scenario.claim import Claim
from byzverify.simulation.judging import Replay


class Finding(NamedTuple):
    """A solver's claim, and the simulator's replay of it."""

    claim: Claim
    attack: Attack
    replay: Replay


class Findings:
    """What is known so far.

    refuted: the conditions that an attack breaks. unknown: conditions that are not known to hold, with the reason.
    asked: in how many cases each condition was decided. loyal: the conditions that hold if nobody fails. fallible:
    whether some decisions break a condition; None if that is not known. finished: whether all cases are decided.
    exit_code: the exit code of a check that is not finished.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.refuted: dict[Condition, Finding] = {}
        self.unknown: dict[Condition, str] = {}
        self.asked: Counter[Condition] = Counter()
        self.loyal: set[Condition] = set()
        self.fallible: dict[Condition, bool | None] = {}
        self.finished = False
        self.exit_code = Stopped.exit_code

    def is_open(self, condition: Condition) -> bool:
        """Whether a condition is asked about and no attack on it is known."""
        return condition in self.question.conditions and condition not in self.refuted

    @property
    def first(self) -> Finding:
        """The attack on the first condition that fails."""
        return next(self.refuted[one] for one in self.question.conditions if one in self.refuted)

    @property
    def proved(self) -> list[str]:
        """The names of the conditions that hold."""
        return [known.condition.name for known in self.conditions() if known.verdict == "proved"]

    def refute(self, finding: Finding) -> None:
        """Record which conditions an attack breaks. Keep the first attack on each, or one without any fault."""
        for condition in (judgement.condition for judgement in finding.replay.violated):
            if condition in self.question.conditions and (
                condition not in self.refuted or not finding.replay.run.faults
            ):
                self.refuted[condition] = finding

    @contextmanager
    def giving_up(self, what: str = "") -> Iterator[None]:
        """If the block is stopped or runs out of memory, open conditions become unknown, with this reason."""
        try:
            yield
        except Stopped as stop:
            self.exit_code = stop.exit_code
            self._give_up(f"{what}{stop}")
        except MemoryError:
            self._give_up(f"{what}out of memory")

    def _give_up(self, reason: str) -> None:
        for condition in filter(self.is_open, self.question.conditions):
            self.unknown.setdefault(condition, reason)

    def conditions(self) -> Iterator[ConditionVerdict]:
        """What is known about each condition of the question."""
        for condition in self.question.conditions:
            undecided = condition in self.unknown or not self.finished
            known: Word = "refuted" if condition in self.refuted else "unknown" if undecided else "proved"
            reason = self.unknown.get(condition, "the check did not end") if known == "unknown" else None
            yield ConditionVerdict(
                condition,
                known,
                self.asked[condition],
                reason,
                loyal=condition in self.loyal or None,
                fallible=self.fallible.get(condition),
            )

    def demand_meaning(self) -> None:
        """Raise Vacuous if a proof would say nothing: no condition that was asked can fail, or none was asked."""
        if self.refuted or self.unknown:
            return
        if self.asked and not any(self.fallible[condition] is not False for condition in self.asked):
            names = " and ".join(condition.name for condition in self.asked)
            raise Vacuous(f"vacuous: {names} holds whatever the generals decide; state a condition that can fail")
        if not self.asked:
            raise Vacuous(
                "vacuous: no choice of faulty generals leaves any condition something to check; use more generals"
            )
