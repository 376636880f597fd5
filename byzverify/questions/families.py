"""The question whether a protocol is right at every size, and its verdicts.

This module computes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from byzverify.language.conditions import Condition
from byzverify.language.protocol import Protocol
from byzverify.questions.verdict import Refuted, Word

Sizes = Mapping[str, int]
"""The parameters of an instance, and how many generals are faulty in each mode, by name."""


@dataclass(frozen=True)
class FamilyQuestion:
    """Whether the conditions of a protocol hold at every size that is meant.

    fixed: the values of parameters that are given. assuming: for which sizes, in place of the protocol's own claim.
    """

    kind: type[Protocol]
    fixed: Mapping[str, Any]
    assuming: str | None = None


@dataclass(frozen=True)
class Obligation:
    """A lemma. condition: the condition that it is about; None if all rest on it. satisfiable: whether its premises can
    hold.
    """

    name: str
    verdict: Literal["proved", "fails", "unknown"]
    condition: Condition | None
    satisfiable: bool | None
    seconds: float = field(compare=False)


@dataclass(frozen=True)
class ConditionEverywhere:
    """What is known of a condition at all sizes. smallest: the least n, then the least other sizes, at which an attack
    breaks it. reason: why nothing is known.
    """

    condition: Condition
    verdict: Word
    smallest: Sizes | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Confirmed:
    """What a proof for all sizes was compared with. checked: sizes at which a check proved the same. simulated: in how
    many simulated runs of further sizes the conditions held.
    """

    checked: tuple[Sizes, ...] = ()
    simulated: int = 0


@dataclass(frozen=True)
class FamilyVerdict:
    """The answer to a question about all sizes.

    statement: for which sizes, in words. orders: how many orders there are. argument: by what the lemmas make up a
    proof. refuted: the check that found the attack at the smallest size of the first condition that fails. certificate:
    the folder with the evidence, if it was asked for.
    """

    question: FamilyQuestion
    statement: str
    orders: int
    argument: str
    obligations: tuple[Obligation, ...]
    conditions: tuple[ConditionEverywhere, ...]
    solvers: tuple[str, ...]
    confirmed: Confirmed
    seconds: float = field(compare=False)
    refuted: Refuted | None = None
    reason: str | None = None
    exit_code: int = 3
    certificate: Path | None = None

    @property
    def verdict(self) -> Word:
        """The verdict: refuted if a condition is, proved if all are."""
        words = {known.verdict for known in self.conditions}
        return "refuted" if "refuted" in words else "proved" if words == {"proved"} else "unknown"
