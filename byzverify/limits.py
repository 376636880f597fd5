"""When to stop: a deadline that passes, steps that are used up, a user who interrupts, or memory that ends.

Long loops ask for the first three; nothing is torn out of its work. Steps are counted the same way on every machine, so
what they limit comes out the same; seconds are only for users who ask for them. This module knows the errors and the
system.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread, current_thread, main_thread
from time import monotonic

from byzverify.errors import Interrupted, OutOfSteps, OutOfTime, UsageError

_interrupted = False


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
        if _interrupted:
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


PATIENCE = 30
"""So many seconds after SIGTERM the process ends, whatever it is doing."""


def heed_signals() -> None:
    """Ctrl-C ends the work at its next step. A second Ctrl-C, or a closed pipe, ends the process at once.

    SIGTERM acts like the first Ctrl-C, and ends the process after PATIENCE seconds.
    """
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


@contextmanager
def stopping_at_once(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop`, in a thread of its own, as soon as a signal asks us to end: for a block that leaves Python for long,
    where signals are only heeded when it comes back.
    """
    if signal.getsignal(signal.SIGTERM) is not _interrupt or current_thread() is not main_thread():
        yield
        return
    from socket import socketpair

    told, tells = socketpair()
    tells.setblocking(False)

    def watch() -> None:
        if told.recv(1) != NOTHING:
            stop()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        tells.send(NOTHING)
        watcher.join()
        told.close()
        tells.close()


NOTHING = b"\0"
"""What no signal is called."""


def heed_no_signals() -> None:
    """Let a signal end the process at once again, where there is nothing to say at the end."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def broken_pipes_raised() -> Iterator[None]:
    """In this block, writing to a process that reads no more is an error like others, and does not end this one."""
    deadly = hasattr(signal, "SIGPIPE") and signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL
    if deadly:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    finally:
        if deadly:
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)


MOST_OF_MEMORY = 0.9
"""How much of the machine's memory one process may take."""


def heed_memory() -> None:
    """Let an allocation beyond what the machine has fail, so that a check can say so; else the system kills it."""
    with suppress(ImportError, OSError, ValueError):  # where the system has no such limit, or does not let us lower it
        import resource

        most = int(MOST_OF_MEMORY * memory())
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft == resource.RLIM_INFINITY or soft > most:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


@contextmanager
def memory_for_others() -> Iterator[None]:
    """Programs that are started here get the memory that the system gives them, not what `heed_memory` leaves us."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def memory() -> int:
    """How many bytes of memory there are, for the machine or for the group of processes that this one is in."""
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # there is no such group, or its limit is `max`
        most = min(most, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return most


def heed_interrupt() -> None:
    """Heed a Ctrl-C that a library has kept to itself, as if it had come to us; only if signals are heeded."""
    if signal.getsignal(signal.SIGINT) is _interrupt:
        _interrupt(signal.SIGINT, None)


def _interrupt(signum: int, frame: object) -> None:
    global _interrupted
    _interrupted = True
    show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""
    if signum == signal.SIGTERM and hasattr(signal, "alarm"):  # nobody may be there to ask again
        how = f"or in {PATIENCE} seconds"
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE)
    else:
        how = "Ctrl-C again to end at once"
    os.write(2, f"{show_cursor}\nstopping at the next step; {how}\n".encode())
    heed_no_signals()
