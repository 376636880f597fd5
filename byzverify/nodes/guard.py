"""The guard: a process that outlives byzverify for a moment, to end processes that byzverify can no longer end.

Each program is started with a mark in its environment, which its child processes inherit. When byzverify says so, or
when the pipe from byzverify closes for any reason, the guard kills every process that has the mark, whatever its
process group or parent. It finds them in /proc. On a system without /proc, a program must notice by itself that its
input has ended. The guard runs only this file, without the package, so that it starts at once.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

AFTERMATH = 5.0
"""Seconds that the guard goes on after its last kill. A killed process may take that long to disappear. If byzverify
itself was killed, a process that it was just starting may get the mark only then."""

HOT = 0.5
"""Seconds after the last kill during which the guard looks every 10 ms; after that it looks every 100 ms."""


class Guard:
    """The guard of one session of nodes, as a context manager. It starts only when a program needs it.

    While it runs, SIGPIPE is ignored: writing to a program that no longer reads raises an error and does not end
    byzverify.
    """

    _process: subprocess.Popen[bytes] | None = None
    _deadly_pipes = False

    def __enter__(self) -> Self:
        self._mark = f"BYZVERIFY_GUARD_{secrets.token_hex(8)}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.communicate(b"\n")  # closing is not enough: a child forked since then may hold the pipe open
        if self._deadly_pipes:
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    def environment(self) -> dict[str, str]:
        """The environment in which to start a program. Starts the guard if it is not running."""
        if self._process is None:
            self._process = self._started()
        return os.environ | {self._mark: "1"}

    def _started(self) -> subprocess.Popen[bytes]:
        self._deadly_pipes = signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL
        if self._deadly_pipes:
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        return subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, self._mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def marked(mark: str) -> set[int]:
    """The processes that have the mark in their environment; none on a system without /proc."""
    found = set()
    for process in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ()):
        with suppress(OSError):  # the process is another user's, or has ended
            if f"{mark}=".encode() in Path("/proc", process, "environ").read_bytes():
                found.add(int(process))
    return found


def main(mark: str) -> None:
    """Wait for a line or the end of the pipe, then kill every process with the mark until none has it any more."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    word = sys.stdin.readline()
    killed: set[int] = set()
    last = time.monotonic()
    while (found := marked(mark)) or not word:
        for process in found - killed:
            last = time.monotonic()
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        killed |= found
        waited = time.monotonic() - last
        if waited > AFTERMATH:
            break
        time.sleep(0.01 if waited < HOT else 0.1)


if __name__ == "__main__":
    main(sys.argv[1])
