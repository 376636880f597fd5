"""What the solver says it found, in terms of the protocol. It is not evidence until the simulator has replayed it."""

from __future__ import annotations

from dataclasses import dataclass

from byzverify.language.conditions import Condition
from byzverify.language.faults import Faults
from byzverify.language.messages import General, Likeness
from byzverify.language.protocol import Protocol
from byzverify.scenario.behaviour import Behaviour


@dataclass(frozen=True)
class Claim:
    """The claim that these faulty generals, if they act like this, make `condition` fail for these witnesses.

    alike: if one site in `behaviour.said` stands for many, says which sites these are.
    """

    protocol: Protocol
    faults: Faults
    behaviour: Behaviour
    condition: Condition
    witnesses: tuple[General, ...]
    alike: Likeness | None = None
