"""What the solver says it found, in the terms of the protocol: not evidence, until the simulator has replayed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byzverify.language.conditions import Condition
from byzverify.language.messages import General, Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order


@dataclass(frozen=True)
class Claim:
    """That these traitors, saying this, make `condition` fail before these witnesses.

    orders: what loyal generals start with; said: what traitors say, by site. What neither names does not matter.
    """

    protocol: Protocol
    traitors: frozenset[General]
    orders: Mapping[General, Order]
    said: Mapping[Site, Order]
    condition: Condition
    witnesses: tuple[General, ...]
