"""When to stop: a deadline that passes, steps that are used up, or a user who interrupts.

Long loops ask; nothing is torn out of its work. Steps are counted the same way on every machine, so what they limit
comes out the same; seconds are only for users who ask for them. This module knows the clock, and from `signals.py`
whether the user has asked to stop.
"""

from __future__ import annotations

from time import monotonic

from byzverify.errors import Interrupted, OutOfSteps, OutOfTime, UsageError
from byzverify.signals import interrupted

MOST_SECONDS = 10**6
"""The longest time limit, eleven days."""

DEADLINE = 10.0
"""Seconds that a program that plays a general may take for each answer, unless it is said."""


STEPS_A_SECOND = 200_000
"""About how many steps a machine of 2026 makes in a second: enough to choose a number of steps by."""


class Limit:
    """How long work may take.

    deadline: in seconds of `time.monotonic()`; None is for ever. steps: how many there are; None is without end. A
    step is about the work of making one node of a term; a solver's work is converted from its own count. spent: how
    many were made. outer: the limit that this one is a part of, which spends what this one spends.
    """

    def __init__(self, deadline: float | None = None, steps: int | None = None, outer: Limit | None = None) -> None:
        self.deadline = deadline
        self.steps = steps
        self.spent = 0
        self._outer = outer

    @classmethod
    def within(cls, seconds: float | None, steps: int | None = None) -> Limit:
        """The limit that is so many seconds and so many steps away; None is for ever.

        Raises UsageError for what is no time, or no number of steps.
        """
        if seconds is not None and not (isinstance(seconds, int | float) and 0 <= seconds < MOST_SECONDS):
            raise UsageError(f"a time limit is a number of seconds, 0 or more, not {seconds!r}")
        if steps is not None and not (isinstance(steps, int) and steps >= 0):
            raise UsageError(f"a step limit is a whole number, 0 or more, not {steps!r}")
        return cls(None if seconds is None else monotonic() + seconds, steps)

    def fewer(self, steps: int) -> Limit:
        """The limit that is so many steps away, or this one if it comes first."""
        return Limit(self.deadline, steps if self.left is None else min(steps, self.left), self)

    @property
    def left(self) -> int | None:
        """How many steps are left; None is without end."""
        return None if self.steps is None else max(0, self.steps - self.spent)

    @property
    def in_time(self) -> Limit:
        """The same without steps: for work that is short on every machine, and must not be left out on some."""
        return Limit(self.deadline)

    def seconds(self) -> float | None:
        """How many seconds are left; None is for ever."""
        return None if self.deadline is None else max(0.0, self.deadline - monotonic())

    def check(self) -> None:
        """Raise Interrupted after the user asked to stop, OutOfTime after the deadline, OutOfSteps where none is left.

        For those who wait: it is no step.
        """
        if interrupted():
            raise Interrupted
        if self.deadline is not None and monotonic() > self.deadline:
            raise OutOfTime
        if self.steps is not None and self.spent >= self.steps:
            raise OutOfSteps

    def step(self, count: int = 1) -> None:
        """Check, and spend so many steps: for those who work."""
        self.check()
        self.spend(count)

    def spend(self, count: int) -> None:
        """Note that so many steps were made."""
        self.spent += count
        if self._outer is not None:
            self._outer.spend(count)


NO_LIMIT = Limit()
