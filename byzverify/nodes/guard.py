"""The guard: a process that outlives byzverify for a moment, to end what byzverify can no longer end.

Whoever starts nodes tells it their process groups; when the pipe to it closes, for whatever reason, it kills those that
are still there. It runs this file alone, outside the package, so that it starts at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self


class Guard:
    """The guard of one session of nodes, from `with` on. `watch` and `release` name a process group."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-I", "-S", __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(BrokenPipeError):
            self._process.communicate()

    def watch(self, group: int) -> None:
        """Kill this process group if byzverify ends before it is released."""
        self._tell(f"+{group}")

    def release(self, group: int) -> None:
        """This group is gone; its number may mean another one soon."""
        self._tell(f"-{group}")

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # somebody killed the guard: then there is none
            self._process.stdin.write(f"{word}\n".encode())
            self._process.stdin.flush()


def kill(group: int) -> None:
    """Kill what is left of a process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Read what to watch until there is nobody who says more, then kill what is left."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watched: set[int] = set()
    for word in sys.stdin:
        (watched.add if word[0] == "+" else watched.discard)(int(word[1:]))
    for group in watched:
        kill(group)


if __name__ == "__main__":
    main()
