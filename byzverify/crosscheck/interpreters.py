"""Fresh interpreters, each of which waits to be told which model to load, and then is a server (`server.py`).

Starting one takes as long as a small check, so the command line starts one before it imports anything else. This module
knows processes. It must not know models, nor what they are asked.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HASH_SEEDS = ("2718", "3141", "1414", "1732", "2236", "2449", "2645")
"""The values of PYTHONHASHSEED for interpreters; a value that this process itself has is skipped."""

TURNS = len(HASH_SEEDS) - 1
"""How many interpreters there can be with different hashes, none of which are those of this process."""


class Interpreter:
    """A fresh interpreter, and this end of the socket on which it listens. turn: a number, each with other hashes.

    Raises OSError if it cannot be started.
    """

    def __init__(self, turn: int) -> None:
        self.control, theirs = socket.socketpair()
        self._owner = os.getpid()
        seed = [seed for seed in HASH_SEEDS if os.environ.get("PYTHONHASHSEED") != seed][turn]
        as_here = [sys.executable, *["-O"] * sys.flags.optimize, "-P"]
        told_here = os.environ.get("PYTHONHASHSEED", "")
        command = [*as_here, "-m", "byzverify.crosscheck.server", str(theirs.fileno()), told_here]
        with theirs:
            self._process = subprocess.Popen(
                command,
                env=os.environ | {"PYTHONHASHSEED": seed},
                pass_fds=[theirs.fileno()],
                process_group=0,
                stdin=subprocess.DEVNULL,
            )

    @property
    def is_ours(self) -> bool:
        """Whether this process, and not one that it was forked from, has started the interpreter."""
        return self._owner == os.getpid()

    def close(self) -> None:
        """End the process with its sessions, and with processes that the model has started in it."""
        self.control.close()
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)  # the group: with what the model has started
        self._process.wait()


_early: list[Interpreter] = []
"""The interpreter that was started early and is not used yet."""


@contextmanager
def start_early() -> Iterator[None]:
    """Start the first server's interpreter now, and end it after the block if nothing has used it.

    It is not started if this process has imported the guards before: it may have a server, and has nothing to import
    meanwhile. If it cannot be started, `started` will say so when it is needed.
    """
    if "byzverify.crosscheck.guarding" not in sys.modules:
        with suppress(OSError):
            _early.append(Interpreter(0))
    try:
        yield
    finally:
        while _early:
            early = _early.pop()
            if early.is_ours:
                early.close()


def started(turn: int) -> Interpreter:
    """A fresh interpreter: the one that was started early, if its turn is asked for. Raises OSError."""
    early = _early.pop() if _early and turn == 0 else None
    return early if early is not None and early.is_ours else Interpreter(turn)
