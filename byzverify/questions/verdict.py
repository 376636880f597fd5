"""Verdicts: Proved, Refuted with a replayed attack, or Unknown with the reason.

A verdict comes after the replay: `Refuted` cannot be made without an attack, and nothing here can turn an
unknown into a proof. This module computes nothing; how a notebook shows a verdict, `notebooks.py` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from byzverify.attacks.attack import Attack, Replay
from byzverify.language.conditions import Condition, emptiness
from byzverify.language.faults import Budget
from byzverify.language.protocol import Protocol
from byzverify.notebooks import shown
from byzverify.questions.question import Question

Word = Literal["proved", "refuted", "unknown"]


@dataclass(frozen=True)
class ConditionVerdict:
    """What is known of one condition; `reason` says why nothing is, where the verdict is unknown.

    cases: how many goals of it were decided; with none it holds because there is nothing to hold. loyal: whether it was
    seen to hold where nobody fails, and fallible: whether some decisions would break it; both are None where it asks
    nothing, or that is not known.
    """

    condition: Condition
    verdict: Word
    cases: int = field(compare=False)
    reason: str | None = None
    loyal: bool | None = field(default=None, compare=False)
    fallible: bool | None = field(default=None, compare=False)

    @property
    def remark(self) -> str:
        """What must be known beside the verdict, if anything: why it is unknown, or that it says little."""
        if self.reason is not None:
            return self.reason
        return emptiness(self.cases if self.verdict == "proved" else None, self.fallible)


@dataclass(frozen=True)
class Comparison:
    """With how much of the simulator's doing what is proved was compared.

    runs: how many simulated runs; 0 where nothing is proved, or no run is short enough. alone: how many times a general
    was run once more in a process of his own, on what he had read, and did the same. smaller: the parameters of the
    smaller instance that was simulated where a run of this one is too long. fresh: whether the simulator was in an
    interpreter that had loaded the model anew.
    """

    runs: int = 0
    alone: int = 0
    smaller: Mapping[str, Any] | None = None
    fresh: bool = False


@dataclass(frozen=True)
class Evidence:
    """What the search through one size has looked at: see docs/explanation/traitor-sets.md.

    traitor_sets: how many ways to fail the verdict speaks of. scenarios: how many were executed,
    the others being the same up to interchange or included in a larger one. cases: how many goals were decided
    in them; while_built: how many of these became true while their terms were built, with no solver asked.
    solvers: those that were asked about the others, each about all of them.
    satisfiable: whether the run in which nobody fails was seen to be possible: one that every verdict speaks of.
    unasked: how many choices of faulty generals, of those that had to be tried, left no condition anything to ask.
    variables: how many of the adversary's variables the terms of the first scenario are made of.
    examined: whether the check came to know if the generals that the protocol says are interchangeable are.
    asymmetry: why they are not, or which condition tells them apart; every choice was executed then.
    doubted: the conditions whose `needs_loyal` was not shown to be right; for them every number of faults was tried.
    compared: what it was compared with.
    """

    traitor_sets: int
    scenarios: int
    cases: int
    while_built: int
    solvers: tuple[str, ...]
    satisfiable: bool | None
    unasked: int
    variables: int
    examined: bool
    asymmetry: str | None
    doubted: tuple[str, ...]
    compared: Comparison


@dataclass(frozen=True)
class Verdict:
    """The answer to one question, and the evidence for it. `seconds` is wall-clock time."""

    question: Question
    conditions: tuple[ConditionVerdict, ...]
    evidence: Evidence
    seconds: float

    @property
    def model(self) -> Protocol:
        """The protocol that was asked about."""
        return self.question.model

    @property
    def faults(self) -> Budget:
        """How many may fail in each mode."""
        return self.question.faults

    @property
    def traitors(self) -> int:
        """How many generals may fail, in whatever mode."""
        return sum(self.faults.values())

    def _repr_html_(self) -> str | None:
        return shown("verdict_as_html", self)


@dataclass(frozen=True)
class Proved(Verdict):
    """Every condition holds, whoever fails, as far as `faults` allows, and whatever they say.

    certificate: the folder with the evidence, if it was asked for.
    """

    certificate: Path | None = None
    exit_code = 0


@dataclass(frozen=True)
class Smallness:
    """How small an attack is: what is known about the fewest traitors, and then the fewest lies, that any attack has.

    lies: how many the attack has, as the simulator counts them. lower_bound: how many an attack by so many traitors has
    at least. fewest_traitors: whether it is proved that no attack has fewer. stopped: why the search ended before all
    was known, if it did.
    """

    lies: int
    lower_bound: int
    fewest_traitors: bool
    stopped: str | None

    @property
    def minimal(self) -> bool:
        """Whether it is proved that no attack is smaller."""
        return self.fewest_traitors and self.lies == self.lower_bound


@dataclass(frozen=True)
class Refuted(Verdict):
    """A condition fails: `attack` breaks it, and `replay` is the simulator's run of the attack.

    shrunk: whether every lie of the attack is known to be needed for it. smallness: what is known of smaller attacks,
    if that was asked for. unrepeated: why the attack was not played once more in a fresh process; None if it was.
    """

    attack: Attack
    replay: Replay = field(repr=False)
    shrunk: bool = field(kw_only=True, compare=False)
    smallness: Smallness | None = field(default=None, kw_only=True, compare=False)
    unrepeated: str | None = field(default=None, kw_only=True, compare=False)
    exit_code = 1


@dataclass(frozen=True)
class Unknown(Verdict):
    """No attack was found and not everything was proved, for this reason. An interrupted check exits with 130."""

    reason: str
    exit_code: int = 3
