"""The examination of a refutation: replays its attack in a process that has loaded the model and run nothing.

Every general must decide there what he decided when the attack was found, and must do alone what he does among the
others. The condition must also fail in a process that evaluates nothing else. This module knows no terms.
"""

from __future__ import annotations

from byzverify.crosscheck import differences
from byzverify.crosscheck.children import in_a_child
from byzverify.crosscheck.differences import Found
from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.plans import Plan
from byzverify.crosscheck.playing import Choice, RecordedRun, TooLong, fails_for, play
from byzverify.crosscheck.repeating import rerun_alone, rerun_conditions
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol


def examine_attack(
    protocol: Protocol, plan: Plan, condition: str, witnesses: tuple[General, ...], effort: Effort
) -> Found:
    """Replay an attack in which a condition failed for these witnesses in this order.

    The witnesses are run alone, and other generals up to the number that the effort allows. If the run would send too
    many orders, it is not played, and `runs` is 0.
    """
    record = in_a_child(_played, protocol, plan, effort.short)
    if record is None:
        return Found()
    otherwise = differences.repeated(protocol, record)
    if otherwise is not None:  # return the run too: the process that asked notices if its classes do not exist there
        return Found(1, differences=[otherwise], records=[record])
    found = Found(1)
    choice: Choice = condition, witnesses
    said = {choice: [fails_for(witnesses)]}
    found += rerun_alone(protocol, [record], effort.alone, among=witnesses)
    found.differences += rerun_conditions(protocol, [record], said)
    return found


def _played(protocol: Protocol, plan: Plan, most: int) -> RecordedRun | None:
    """The run of the plan; None if it would send more orders than this."""
    try:
        return play(protocol, plan, most)
    except TooLong:
        return None
