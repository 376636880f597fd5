"""What the solver says it found, in the terms of the protocol: not evidence, until the simulator has replayed it."""

from __future__ import annotations

from dataclasses import dataclass

from byzverify.language.conditions import Condition
from byzverify.language.faults import Faults
from byzverify.language.messages import General, Likeness
from byzverify.language.protocol import Protocol
from byzverify.scenario.behaviour import Behaviour


@dataclass(frozen=True)
class Claim:
    """That these faulty generals, doing this, make `condition` fail before these witnesses.

    alike: where one site of what is said stands for many, for which.
    """

    protocol: Protocol
    faults: Faults
    behaviour: Behaviour
    condition: Condition
    witnesses: tuple[General, ...]
    alike: Likeness | None = None
