"""A program as a process: started, written to, read line by line, and ended, whatever it does.

Every process has a session and a process group of its own. Its log is read all the time, and the end of it kept, so
that it cannot stop there. This module knows processes; what the lines mean, it must not know.
"""

from __future__ import annotations

import shlex
import signal
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

import anyio
from anyio.abc import AnyByteReceiveStream, Process, TaskGroup
from anyio.streams.buffered import BufferedByteReceiveStream

from byzverify.errors import printable
from byzverify.limits import memory_for_others
from byzverify.nodes.guard import Guard, kill

LONGEST_LINE = 1 << 20
"""Bytes in one line of a node."""

GRACE = 1.0
"""Seconds in which a process ends whose input has ended, and again after SIGTERM."""

LOG_LINES = 5
LOG_BYTES = 1000
"""How much of the end of its log is kept."""


class CannotStart(Exception):
    """The program cannot be started; the message says why."""


class NoLine(Exception):
    """There is no next line; the message says why."""


class Ended(NoLine):
    """Because the process has ended, or has closed its output."""


class Program:
    """One process. `start` begins it; `kill`, or `finish` and then `kill`, must follow."""

    def __init__(self, command: Sequence[str], guard: Guard) -> None:
        self._command = command
        self._guard = guard
        self._log: deque[bytes] = deque(maxlen=LOG_LINES)
        self._logged = anyio.Event()

    async def start(self, tasks: TaskGroup) -> None:
        """Start it; `tasks` keeps its log. Raises CannotStart."""
        try:
            with memory_for_others():
                self._process: Process = await anyio.open_process(self._command, start_new_session=True)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise CannotStart(f"{shlex.join(self._command)} cannot be started: {reason}") from None
        self._guard.watch(self._process.pid)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._lines = BufferedByteReceiveStream(self._process.stdout)
        tasks.start_soon(self._keep_log, self._process.stderr)

    async def write(self, text: bytes) -> None:
        """Write it all. That the other side has gone is noticed by who reads."""
        assert self._process.stdin is not None
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await self._process.stdin.send(text)

    async def line(self) -> bytes:
        """The next line that it writes. Raises NoLine, or Ended where nothing more can come."""
        try:
            return await self._lines.receive_until(b"\n", LONGEST_LINE)
        except anyio.DelimiterNotFound:
            raise NoLine(f"writes a line of more than {LONGEST_LINE:,} bytes") from None
        except (anyio.IncompleteRead, anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
            raise Ended(await self._how_it_ended()) from None

    async def close_input(self) -> None:
        """End its input."""
        assert self._process.stdin is not None
        with suppress(OSError, anyio.BrokenResourceError):
            await self._process.stdin.aclose()

    async def finish(self) -> str | None:
        """Wait for a process that has nothing more to do; what it took to end it, if it did not end by itself."""
        if await self._ends():
            return None
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        return "had to be ended by SIGTERM" if await self._ends() else "ignores SIGTERM and was killed"

    async def _ends(self) -> bool:
        with anyio.move_on_after(GRACE):
            await self._process.wait()
        return self._process.returncode is not None

    async def kill(self) -> None:
        """End it at once, with all that it has started, and wait until it is gone."""
        with anyio.CancelScope(shield=True):
            kill(self._process.pid)
            await self._process.aclose()
            self._guard.release(self._process.pid)

    async def log(self) -> str:
        """The last lines of its log, on one line; waits a moment for what it may still write if it has ended."""
        if self._process.returncode is not None:
            with anyio.move_on_after(GRACE):
                await self._logged.wait()
        return " | ".join(printable(line.decode(errors="replace").strip()) for line in self._log if line.strip())

    async def _keep_log(self, stream: AnyByteReceiveStream) -> None:
        """Read the log to its end, and keep the end of it."""
        rest = b""
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            async for piece in stream:
                *lines, rest = (rest + piece)[-LOG_BYTES * LOG_LINES :].split(b"\n")
                self._log += [line[-LOG_BYTES:] for line in lines]
        self._log.append(rest[-LOG_BYTES:])
        self._logged.set()

    async def _how_it_ended(self) -> str:
        if not await self._ends():
            return "closed its output"
        status = self._process.returncode or 0
        return f"ended with exit status {status}" if status >= 0 else f"was killed by {signal.Signals(-status).name}"
