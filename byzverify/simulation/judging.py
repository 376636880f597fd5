"""The judge: whether each condition held for all loyal generals who decided. It sees a run and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from byzverify.language.conditions import Condition, Outcome
from byzverify.language.messages import General
from byzverify.simulation.rounds import Run


@dataclass(frozen=True)
class Judgement:
    """Whether a condition held in a run.

    witnesses: the first loyal generals, in order, whose decisions break the condition; None if it held.
    """

    condition: Condition
    witnesses: tuple[General, ...] | None

    @property
    def holds(self) -> bool:
        """Whether the condition held."""
        return self.witnesses is None


@dataclass(frozen=True)
class Replay:
    """A run and the judge's findings. about: the name of the condition that it should break, if any."""

    run: Run
    judgements: list[Judgement]
    about: str | None = None

    @classmethod
    def of(cls, run: Run, about: str | None = None) -> Replay:
        """The run, judged."""
        return cls(run, judge(run), about)

    @property
    def violated(self) -> list[Judgement]:
        """The conditions that failed, in the order of the problem."""
        return [judgement for judgement in self.judgements if not judgement.holds]

    @property
    def explained(self) -> list[Judgement]:
        """The conditions that failed, in the order in which a story explains them: first the one named by `about`."""
        return sorted(self.violated, key=lambda judgement: judgement.condition.name != self.about)


def judge(run: Run) -> list[Judgement]:
    """Judge every condition of the protocol's problem, for every choice of witnesses who are loyal and decided."""
    return [Judgement(condition, _failure(run, condition)) for condition in run.protocol.problem.conditions]


def _failure(run: Run, condition: Condition) -> tuple[General, ...] | None:
    if not condition.applies(run.protocol, run.loyal):
        return None
    deciders = [general for general in run.protocol.problem.deciders(run.protocol.n) if general in run.decided]
    chosen = (failing_order(run, condition, witnesses) for witnesses in combinations(deciders, condition.witnesses))
    return next(filter(None, chosen), None)


def holds_before(run: Run, condition: Condition, witnesses: tuple[General, ...]) -> bool:
    """Whether the condition holds for these loyal witnesses, in every order of them."""
    return failing_order(run, condition, witnesses) is None


def failing_order(run: Run, condition: Condition, witnesses: tuple[General, ...]) -> tuple[General, ...] | None:
    """The first order of these loyal witnesses in which the condition fails for them; None if it holds."""
    outcome = Outcome.of(run.protocol, run.faults, run.orders, run.decisions)
    return next((order for order, holds in condition.ask(outcome, witnesses) if not holds), None)
