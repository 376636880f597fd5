"""What the solver says it found, in the terms of the protocol: not evidence, until the simulator has replayed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byzverify.language.conditions import Condition
from byzverify.language.faults import Faults
from byzverify.language.messages import General, Likeness, Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order


@dataclass(frozen=True)
class Claim:
    """That these faulty generals, saying this, make `condition` fail before these witnesses.

    orders: what generals start with; said: what faulty ones say, by site, where the receiver can be `EVERYONE`;
    crashed: in which round a general crashes. What none of them names does not matter. alike: where one site of `said`
    stands for many, for which.
    """

    protocol: Protocol
    faults: Faults
    orders: Mapping[General, Order]
    said: Mapping[Site, Order]
    crashed: Mapping[General, int]
    condition: Condition
    witnesses: tuple[General, ...]
    alike: Likeness | None = None
