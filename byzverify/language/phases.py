"""Phases: the same rounds again and again, each time with another leader, such as the king of the phase king protocol.

What one phase knows of those before it is only what they return. So whatever a phase keeps of any state is kept by all
phases, however many there are. This module knows no protocol, and not what happens in a round.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from byzverify.language.decisions import Decision
from byzverify.language.messages import General
from byzverify.language.quantities import Quantity, Whole

Phase = Callable[[General, General, Any], Generator[Any, Any, Any]]
"""The rounds of one phase: a generator of a general, the leader and what the phase before returned."""


@dataclass(frozen=True)
class Phases:
    """What a program yields in place of its phases if it is not known how many generals there are. The answer is what
    the last phase returns.
    """

    number: Whole
    phase: Phase
    me: General
    carried: Decision


def run_phases(generals: Whole, number: Whole, phase: Phase, me: General, carried: Any) -> Generator[Any, Any, Any]:
    """The phases of `Protocol.phases`. generals: how many there are."""
    if isinstance(generals, Quantity) or isinstance(number, Quantity):
        return (yield Phases(number, phase, me, carried))
    for leader in range(number):
        carried = yield from phase(me, leader, carried)
    return carried
