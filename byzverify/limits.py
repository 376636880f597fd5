"""When to stop: a deadline passes, the steps are used up, or the user interrupts.

Long loops check their limit themselves; no work is cut off in the middle. Steps are counted the same way on every
machine, so a limit in steps gives the same result everywhere; seconds are only for users who ask for them. This module
knows the clock, and from `signals.py` whether the user has asked to stop.
"""

from __future__ import annotations

from time import monotonic

from byzverify.errors import Interrupted, OutOfSteps, OutOfTime, UsageError
from byzverify.signals import interrupted

MOST_SECONDS = 10**6
"""The longest time limit, eleven days."""

DEADLINE = 10.0
"""The default time, in seconds, that a program that plays a general may take for each answer."""


class Limit:
    """How long work may take.

    deadline: in seconds of `time.monotonic()`; None for no deadline. steps: the number of steps allowed; None for no
    limit. A step is about the work of making one node of a term; a solver's work is converted from the solver's own
    count. spent: the number of steps made. outer: the limit that this one is part of; it also spends what this one
    spends.
    """

    def __init__(self, deadline: float | None = None, steps: int | None = None, outer: Limit | None = None) -> None:
        self.deadline = deadline
        self.steps = steps
        self.spent = 0
        self._outer = outer

    @classmethod
    def within(cls, seconds: float | None, steps: int | None = None) -> Limit:
        """The limit with so many seconds and so many steps from now; None for no limit.

        Raises UsageError for a value that is not a time, or not a number of steps.
        """
        if seconds is not None and not (isinstance(seconds, int | float) and 0 <= seconds < MOST_SECONDS):
            raise UsageError(f"a time limit is a number of seconds, 0 or more, not {seconds!r}")
        if steps is not None and not (isinstance(steps, int) and steps >= 0):
            raise UsageError(f"a step limit is a whole number, 0 or more, not {steps!r}")
        return cls(None if seconds is None else monotonic() + seconds, steps)

    def fewer(self, steps: int) -> Limit:
        """The limit with so many steps, or as many as are left of this one if these are fewer."""
        return Limit(self.deadline, steps if self.left is None else min(steps, self.left), self)

    @property
    def left(self) -> int | None:
        """How many steps are left; None if there is no limit."""
        return None if self.steps is None else max(0, self.steps - self.spent)

    @property
    def in_time(self) -> Limit:
        """The same deadline without a limit of steps: for work that is short everywhere and must always be done."""
        return Limit(self.deadline)

    def seconds(self) -> float | None:
        """How many seconds are left; None if there is no deadline."""
        return None if self.deadline is None else max(0.0, self.deadline - monotonic())

    def check(self) -> None:
        """Raise Interrupted if the user asked to stop, OutOfTime after the deadline, OutOfSteps if no steps are left.

        For code that waits: it spends no step.
        """
        if interrupted():
            raise Interrupted
        if self.deadline is not None and monotonic() > self.deadline:
            raise OutOfTime
        if self.steps is not None and self.spent >= self.steps:
            raise OutOfSteps

    def step(self, count: int = 1) -> None:
        """Check, and spend so many steps: for code that works."""
        self.check()
        self.spend(count)

    def spend(self, count: int) -> None:
        """Record that so many steps were made."""
        self.spent += count
        if self._outer is not None:
            self._outer.spend(count)


NO_LIMIT = Limit()
