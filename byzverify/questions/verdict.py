"""Verdicts: Proved, Refuted with a replayed attack, or Unknown with the reason.

A verdict comes after the replay: `Refuted` cannot be made without an attack, and nothing here can turn an
unknown into a proof. This module computes nothing; `notebooks.py` shows a verdict in a notebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from byzverify.attacks.attack import Attack
from byzverify.language.conditions import Condition, emptiness
from byzverify.language.faults import Budget
from byzverify.language.protocol import Protocol
from byzverify.notebooks import shown
from byzverify.questions.question import Question
from byzverify.simulation.judging import Replay

Word = Literal["proved", "refuted", "unknown"]


@dataclass(frozen=True)
class ConditionVerdict:
    """What is known about one condition. reason: why its verdict is unknown, if it is.

    cases: how many of its goals were decided; with 0 it holds because it asks nothing. loyal: whether it was seen to
    hold when nobody fails. fallible: whether some decisions would break it. Both are None if the condition asks nothing
    or the answer is not known.
    """

    condition: Condition
    verdict: Word
    cases: int = field(compare=False)
    reason: str | None = None
    loyal: bool | None = field(default=None, compare=False)
    fallible: bool | None = field(default=None, compare=False)

    @property
    def remark(self) -> str:
        """What a reader must know beside the verdict: why it is unknown, or that it says little; None if nothing."""
        if self.reason is not None:
            return self.reason
        return emptiness(self.cases if self.verdict == "proved" else None, self.fallible)


@dataclass(frozen=True)
class Comparison:
    """How much simulation a proof was compared with.

    runs: how many simulated runs; 0 if nothing is proved, or no run is short enough. alone: how many times a general
    was run again in a process of his own, with the same inboxes, and did the same. smaller: the parameters of the
    smaller instance that was simulated if a run of this one is too long. fresh: whether the simulator ran in an
    interpreter that had loaded the model anew.
    """

    runs: int = 0
    alone: int = 0
    smaller: Mapping[str, Any] | None = None
    fresh: bool = False


@dataclass(frozen=True)
class Evidence:
    """What the search through one size has looked at: see docs/explanation/traitor-sets.md.

    traitor_sets: how many choices of faulty generals the verdict covers. scenarios: how many were executed; the others
    are the same up to interchange, or included in a larger one. cases: how many goals were decided in them.
    while_built: how many of these became true while their terms were built, without a solver. solvers: the solvers
    that decided the others, each all of them. satisfiable: whether the run in which nobody fails was seen to be
    possible; every verdict covers this run. unasked: how many choices of faulty generals that had to be tried left
    nothing for any condition to ask. variables: how many adversary variables occur in the terms of the first scenario.
    examined: whether the check found out if the generals that the protocol declares interchangeable really are.
    asymmetry: why they are not, or which condition tells them apart; then every choice was executed. doubted: the
    conditions whose `needs_loyal` was not shown to be right; for them every number of faults was tried. compared: the
    comparison with the simulator. argument: by what the verdict follows: from every case, or from lemmas for all sizes.
    lemmas: how many lemmas these are; then nothing of this size was looked at.
    """

    traitor_sets: int
    solvers: tuple[str, ...]
    compared: Comparison
    scenarios: int = 0
    cases: int = 0
    while_built: int = 0
    satisfiable: bool | None = None
    unasked: int = 0
    variables: int = 0
    examined: bool = False
    asymmetry: str | None = None
    doubted: tuple[str, ...] = ()
    argument: str = "every case"
    lemmas: int = 0


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
        """How many generals may fail in each mode."""
        return self.question.faults

    @property
    def traitors(self) -> int:
        """How many generals may fail in all modes together."""
        return sum(self.faults.values())

    def _repr_html_(self) -> str | None:
        return shown("verdict_as_html", self)


@dataclass(frozen=True)
class Proved(Verdict):
    """Every condition holds, whoever fails within `faults` and whatever faulty generals say.

    certificate: the folder with the evidence, if it was asked for.
    """

    certificate: Path | None = None
    exit_code = 0


@dataclass(frozen=True)
class Smallness:
    """How small an attack is: what is known about the fewest traitors, and then the fewest lies, of any attack.

    lies: how many lies the attack has, as the simulator counts them. lower_bound: the fewest lies that an attack by
    this many traitors can have. fewest_traitors: whether it is proved that no attack has fewer traitors. stopped: why
    the search ended early, if it did.
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

    shrunk: whether each lie of the attack is known to be needed. smallness: what is known about smaller attacks, if
    that was asked for. unrepeated: why the attack was not replayed in a fresh process; None if it was.
    """

    attack: Attack
    replay: Replay = field(repr=False)
    shrunk: bool = field(kw_only=True, compare=False)
    smallness: Smallness | None = field(default=None, kw_only=True, compare=False)
    unrepeated: str | None = field(default=None, kw_only=True, compare=False)
    exit_code = 1


@dataclass(frozen=True)
class Unknown(Verdict):
    """No attack was found, and not everything was proved. reason: why. An interrupted check exits with 130.

    stopped_early: whether the search made fewer steps than the user allows.
    """

    reason: str
    exit_code: int = 3
    stopped_early: bool = field(default=False, kw_only=True, compare=False)
