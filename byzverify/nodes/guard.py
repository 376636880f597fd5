"""The guard: a process that outlives byzverify for a moment, to end what byzverify can no longer end.

Programs are started with a mark in their environment, which whatever they start inherits. When byzverify says so, or
the pipe from it closes, for whatever reason, the guard kills every process that has the mark, wherever it has gone. It
finds them in /proc; on a system without that, a program whose byzverify is killed has to notice that its input ends.
The guard runs this file alone, outside the package, so that it starts at once.
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
"""Seconds after the last that was killed. So long one may take to be gone; and so long, where byzverify itself was
killed, one may still begin that it was about to start, which has the mark only from then on."""

HOT = 0.5
"""Seconds after the last that was killed in which the guard looks every 10 ms; later it looks every 100 ms."""


class Guard:
    """The guard of one session of nodes, which ends with `with`. A session without programs does without it.

    As soon as it runs, writing to a program that reads no more is an error like others, and does not end byzverify.
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
            self._process.communicate(b"\n")  # a word: whoever was forked meanwhile may hold the pipe open
        if self._deadly_pipes:
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    def environment(self) -> dict[str, str]:
        """What a program must be started with; the guard runs from now on."""
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
        with suppress(OSError):  # it is another user's, or has ended
            if f"{mark}=".encode() in Path("/proc", process, "environ").read_bytes():
                found.add(int(process))
    return found


def main(mark: str) -> None:
    """Wait for a word or the end of the pipe, then kill what has the mark, until nothing has it any more."""
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
