"""The examination of a refutation: its attack once more, in a process that has loaded the model and run nothing.

Whoever decided something where the attack was found must decide the same there, each general must do alone what he does
among the others, and the condition must fail in a process that is asked nothing else. This module knows no terms.
"""

from __future__ import annotations

from byzverify.crosscheck import differences
from byzverify.crosscheck.children import in_a_child
from byzverify.crosscheck.differences import Found
from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.plans import Plan
from byzverify.crosscheck.playing import Choice, RecordedRun, TooLong, play
from byzverify.crosscheck.repeating import rerun_alone, rerun_conditions
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol


def examine_attack(
    protocol: Protocol, plan: Plan, condition: str, witnesses: tuple[General, ...], effort: Effort
) -> Found:
    """Play an attack once more, in which a condition failed before these witnesses in this order.

    The witnesses are run alone, and others up to the number that the effort allows. Where the run would send too many
    orders, there is none.
    """
    record = in_a_child(_played, protocol, plan, effort.short)
    if record is None:
        return Found()
    otherwise = differences.repeated(protocol, record)
    if otherwise is not None:  # with the run: that its classes are nobody else's is noticed where they are asked for
        return Found(1, differences=[otherwise], records=[record])
    found = Found(1)
    choice: Choice = condition, witnesses
    said = {choice: [f"fails before {', '.join(map(str, witnesses))}"]}
    found += rerun_alone(protocol, [record], effort.alone, among=witnesses)
    found.differences += rerun_conditions(protocol, [record], said)
    return found


def _played(protocol: Protocol, plan: Plan, most: int) -> RecordedRun | None:
    """The run of the plan; None where it would send more orders than this."""
    try:
        return play(protocol, plan, most)
    except TooLong:
        return None
