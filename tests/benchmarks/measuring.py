"""What a whole process takes, as the operating system accounts for it, and whether it says what it must say.

This module knows processes, and nothing of what they compute. It must not import byzverify or z3: the peak memory of a
child is at least what its parent held when it was started, so the parent has to stay small.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from threading import Event, Thread
from time import perf_counter

import psutil

Command = tuple[str, ...]

SHORT = 3.0
"""What takes less than so many seconds is measured three times."""
BYTES_IN_MAXRSS = 1 if sys.platform == "darwin" else 1024
GAVE_UP = 3
"""The exit code of those who have no answer."""
PAUSE = 0.1
"""Seconds between two looks at a process."""


@dataclass(frozen=True)
class Verdict:
    """How a process that gives this verdict ends, and a word that it prints, in any case."""

    exit_code: int
    word: str


@dataclass(frozen=True)
class Limit:
    """What a process may take before it is ended."""

    seconds: float = 60.0
    megabytes: float = 8000.0

    def __str__(self) -> str:
        return f"{self.seconds:.0f} s or {self.megabytes / 1000:g} GB"


@dataclass(frozen=True)
class Cost:
    """What a process took, and what it printed. stopped: why it was ended before it had an answer, if it was."""

    seconds: float
    megabytes: float
    stopped: str = ""
    said: str = field(default="", repr=False)

    def __add__(self, other: "Cost") -> "Cost":
        most = max(self.megabytes, other.megabytes)
        return Cost(self.seconds + other.seconds, most, self.stopped or other.stopped, other.said)


class WrongVerdict(Exception):
    """A process did not end as it must."""


def run(command: Command, expected: Verdict, limit: Limit, folder: Path | None = None) -> Cost:
    """Run a command once. Raises WrongVerdict if it has an answer within the limit, and not the expected one."""
    with TemporaryFile() as output:
        start = perf_counter()
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
        guard = Guard(child.pid, limit)
        guard.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
            seconds = perf_counter() - start
        finally:
            guard.over.set()
            guard.end()
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    guard.join()
    stopped = guard.stopped or ("gave up" if child.returncode == GAVE_UP else "")
    if not stopped:
        insist(command, child.returncode, said, expected)
    return Cost(seconds, usage.ru_maxrss * BYTES_IN_MAXRSS / 1e6, stopped, said)


class Guard(Thread):
    """Ends a process, with all that it has started, when it exceeds the limit; `stopped` then says which one."""

    def __init__(self, pid: int, limit: Limit) -> None:
        super().__init__(daemon=True)
        self.over = Event()
        self.stopped = ""
        self._pid = pid
        self._limit = limit

    def run(self) -> None:
        deadline = perf_counter() + self._limit.seconds
        while not self.over.wait(min(PAUSE, max(0.0, deadline - perf_counter()))):
            if perf_counter() >= deadline:
                self.stopped = f"> {self._limit.seconds:g} s"
            elif largest(self._pid) > self._limit.megabytes:
                self.stopped = f"> {self._limit.megabytes / 1000:g} GB"
            if self.stopped:
                self.end()
                return

    def end(self) -> None:
        """End what is left of it."""
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)


def largest(pid: int) -> float:
    """Megabytes in memory of the process, or of the one among those that it has started that is larger."""
    sizes = [0.0]
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                sizes.append(one.memory_info().rss / 1e6)
    return max(sizes)


def insist(command: Command, exit_code: int, said: str, expected: Verdict) -> None:
    """The exit code alone will not do: Python exits with 1, as for an attack, when a program crashes."""
    if exit_code != expected.exit_code or expected.word not in said.lower():
        wanted = f"exit code {expected.exit_code} and the word {expected.word!r}"
        raise WrongVerdict(f"{' '.join(command)}: {wanted} expected, exit code {exit_code}:\n{said[-2000:]}")


def measure(command: Command, expected: Verdict, limit: Limit, folder: Path | None = None) -> Cost:
    """One run, or if it is short the medians of three."""
    first = run(command, expected, limit, folder)
    if first.seconds >= SHORT or first.stopped:
        return first
    runs = [first, run(command, expected, limit, folder), run(command, expected, limit, folder)]
    return replace(
        first,
        seconds=median(cost.seconds for cost in runs),
        megabytes=median(cost.megabytes for cost in runs),
    )
