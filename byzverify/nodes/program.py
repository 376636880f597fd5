"""A program as a process: started, written to, read line by line, and ended, whatever it does.

Every process has a session and a process group of its own. Background tasks write its input and read its log while
others wait for its lines, so that no full pipe blocks it. A process that has ended is reaped only by `kill`, so that
its process id is not reused before. This module knows processes; it must not know what the lines mean.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

import anyio
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

from byzverify.errors import excerpt
from byzverify.memory import memory_for_others
from byzverify.nodes.guard import Guard

LONGEST_LINE = 1 << 20
"""The most bytes in one line of a node."""

GRACE = 1.0
"""Seconds that a process has to end after its input has ended, and again after SIGTERM."""

MOMENT = 0.005
"""Seconds between two checks whether a process has ended, and between two reads of a log."""

FIRST_LINES, LAST_LINES = 4, 4
LOG_BYTES = 5000
LOG_WIDTH = 200
"""How many lines of the log are shown, how many bytes are kept at each end, and how many characters of a line."""

PIECE = 1 << 20
"""Bytes that are read or written at once: at least what a pipe holds, so that one read empties it."""


class CannotStart(Exception):
    """The program cannot be started; the message says why."""


class NoLine(Exception):
    """There is no next line; the message says why."""


class Ended(NoLine):
    """There is no next line because the process has ended or has closed its output."""


class _Log:
    """The beginning and the end of a program's log: the error that matters may come first or last."""

    def __init__(self) -> None:
        self._first = b""
        self._last = b""
        self._left_out = False

    def add(self, piece: bytes) -> None:
        """Add to the log, and keep only its beginning and its end."""
        room = LOG_BYTES - len(self._first)
        self._first += piece[:room]
        rest = self._last + piece[room:]
        self._left_out = self._left_out or len(rest) > LOG_BYTES
        self._last = rest[-LOG_BYTES:]

    def __str__(self) -> str:
        """The first lines and the last, on one line."""
        if self._left_out:
            first, last = _lines(self._first)[:FIRST_LINES], _lines(self._last)[-LAST_LINES:]
            return " | ".join([*first, "…", *last])
        lines = _lines(self._first + self._last)
        if len(lines) > FIRST_LINES + LAST_LINES:
            lines = [*lines[:FIRST_LINES], "…", *lines[-LAST_LINES:]]
        return " | ".join(lines)


def _lines(log: bytes) -> list[str]:
    """The lines of a part of a log that are not empty, each cut to what is shown."""
    lines = filter(None, map(str.strip, log.decode(errors="replace").split("\n")))
    return [excerpt(line, LOG_WIDTH) for line in lines]


class Program:
    """One process. After `start`, `kill` must follow. `attend` starts the tasks that write to it and read its log."""

    def __init__(self, command: Sequence[str], guard: Guard) -> None:
        self._command = command
        self._guard = guard
        self._running = False
        self._outgoing = bytearray()
        self._came = bytearray()

    def start(self) -> None:
        """Start it, unless it is running. Raises CannotStart."""
        if self._running:
            return
        process = self._process = self._opened()
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._input, self._output, self._errors = process.stdin, process.stdout, process.stderr
        for stream in (self._input, self._output, self._errors):
            os.set_blocking(stream.fileno(), False)
        self._running = True

    def attend(self, tasks: TaskGroup) -> None:
        """Let `tasks` write to it and keep its log, from now on and as long as they last."""
        self._wanted = anyio.Event()
        self._log = _Log()
        tasks.start_soon(self._write)
        tasks.start_soon(self._keep_log)

    def _opened(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        try:
            with memory_for_others():
                return subprocess.Popen(
                    self._command,
                    bufsize=0,
                    stdin=pipe,
                    stdout=pipe,
                    stderr=pipe,
                    start_new_session=True,
                    env=self._guard.environment(),
                )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise CannotStart(f"{shlex.join(self._command)} cannot be started: {reason}") from None

    def write(self, text: bytes) -> None:
        """Queue this text, which a background task writes. If the process is gone, reading raises the error."""
        self._outgoing += text
        self._wanted.set()

    async def line(self) -> bytes:
        """The next line that it writes. Raises NoLine, or Ended if nothing more can come."""
        seen = 0
        while (end := self._came.find(b"\n", seen)) < 0 and len(self._came) <= LONGEST_LINE:
            seen = len(self._came)
            await self._read()
        if not 0 <= end <= LONGEST_LINE:
            raise NoLine(f"writes a line of more than {LONGEST_LINE:,} bytes")
        line = bytes(self._came[:end])
        del self._came[: end + 1]
        return line

    async def _read(self) -> None:
        """Wait until more has come. Raises Ended."""
        piece = self._output.read(PIECE)
        if piece is None:
            await anyio.wait_readable(self._output)
        elif piece:
            self._came += piece
            await checkpoint()  # lets other tasks run, however much comes
        else:
            await self._ends()
            rest = f"; its last line is incomplete: {excerpt(self._came.decode(errors='replace'))}"
            raise Ended((self.ending() or "closed its output") + (rest if self._came else ""))

    def close_input(self) -> None:
        """Close its input, even if it has not read everything."""
        _close(self._input)

    async def finish(self) -> str | None:
        """Wait for a process that should end by itself. Returns what it took to end it, or None if it did."""
        if await self._ends():
            return None
        return "had to be ended by SIGTERM" if await self.terminate() else "ignores SIGTERM and was killed"

    async def terminate(self) -> bool:
        """Send SIGTERM. Returns whether it ends."""
        os.kill(self._process.pid, signal.SIGTERM)
        return await self._ends()

    def kill(self) -> None:
        """End it at once, if it has been started, with all of its process group, and wait until it is gone."""
        if not self._running:
            return
        self._running = False
        with suppress(ProcessLookupError, PermissionError):  # some systems raise the latter for a group that has ended
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._input, self._output, self._errors):
            _close(stream)

    def ending(self) -> str | None:
        """How the process ended; None while it runs."""
        status = self._status()
        if status is None or status >= 0:
            return None if status is None else f"ended with exit status {status}"
        known = {one.value: one.name for one in signal.Signals}
        return f"was killed by {known.get(-status, f'signal {-status}')}"

    async def log(self) -> str:
        """Its log on one line, without the middle. If it has ended, waits a moment for the rest of the log."""
        if self._status() is not None:
            with anyio.move_on_after(GRACE):
                while not self._errors.closed:
                    await anyio.sleep(MOMENT)
        self._read_log()
        return str(self._log)

    async def _write(self) -> None:
        """Write what is queued, as fast as the process reads it."""
        with suppress(BrokenPipeError, anyio.ClosedResourceError):
            while not self._input.closed:
                if not self._outgoing:
                    self._wanted = anyio.Event()
                    await self._wanted.wait()
                elif written := self._input.write(self._outgoing[:PIECE]):
                    del self._outgoing[:written]
                else:
                    await anyio.wait_writable(self._input)

    async def _keep_log(self) -> None:
        """Read the log to its end, with pauses, so that a flooded log does not starve other tasks."""
        with suppress(anyio.ClosedResourceError):
            while self._read_log():
                await anyio.wait_readable(self._errors)
                await anyio.sleep(MOMENT)

    def _read_log(self) -> bool:
        """Read what the log has by now. Returns whether more may come."""
        piece = b"" if self._errors.closed else self._errors.read(PIECE)
        if piece == b"":
            _close(self._errors)
            return False
        self._log.add(piece or b"")
        return True

    async def _ends(self) -> bool:
        """Whether it ends within the grace period."""
        with anyio.move_on_after(GRACE):
            while self._status() is None:
                await anyio.sleep(MOMENT)
        return self._status() is not None

    def _status(self) -> int | None:
        """Its exit status, or minus the signal that killed it; None while it runs. It is not reaped before `kill`."""
        if not hasattr(os, "waitid"):  # macOS with older versions of Python
            return self._process.poll()
        ended = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return None
        return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def _close(stream: IO[bytes]) -> None:
    """Close a stream, and wake the tasks that wait for it."""
    if not stream.closed:
        anyio.notify_closing(stream)
        stream.close()
