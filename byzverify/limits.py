"""When to stop: a deadline that passes, or a user who interrupts. Long loops ask; nothing is torn out of its work.

This module knows the errors and the clock.
"""

from __future__ import annotations

import os
import signal
import sys
from time import monotonic

from byzverify.errors import Interrupted, OutOfTime

_interrupted = False


class Limit:
    """How long work may take. `deadline` is in seconds of `time.monotonic()`; None is for ever."""

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline

    def check(self) -> None:
        """Raise OutOfTime after the deadline, Interrupted after the user asked to stop; else do nothing."""
        if _interrupted:
            raise Interrupted
        if self.deadline is not None and monotonic() > self.deadline:
            raise OutOfTime


NO_LIMIT = Limit()


def heed_signals() -> None:
    """Let Ctrl-C end the work at the next check, a second one, or a reader who closes the pipe, the process at once."""
    signal.signal(signal.SIGINT, _interrupt)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def _interrupt(signum: int, frame: object) -> None:
    global _interrupted
    _interrupted = True
    show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""
    os.write(2, f"{show_cursor}\nstopping at the next step; Ctrl-C again to end at once\n".encode())
    signal.signal(signal.SIGINT, signal.SIG_DFL)
