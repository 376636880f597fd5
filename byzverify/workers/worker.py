"""A worker: a separate process that calls functions for this one, and that can be killed at any moment.

This module has both ends. Questions and answers are pickles, on the worker's standard input and output; what the
functions print goes to standard error. When the pipe closes because the asking process is gone, the worker ends,
whatever it is doing. This module knows processes, and nothing about the functions that they call.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread, Timer
from typing import IO, Any

from byzverify.errors import Outdated, OutOfTime, UsageError
from byzverify.limits import MOST_SECONDS
from byzverify.workers.background import Died, attempt

GRACE = 2.0
"""Seconds beyond its time that a worker has to stop by itself and return what it knows."""


MARK = "BYZVERIFY_WORKER"
"""The environment variable that marks a worker. A worker must not start workers of its own."""


@dataclass(frozen=True)
class Allowance:
    """How many seconds and how many bytes of memory one call may take; None means no limit."""

    seconds: float | None = None
    memory: int | None = None

    def exceeds(self, other: Allowance) -> bool:
        """Whether this allows more than the other in any respect."""
        return _more(self.seconds, other.seconds) or _more(self.memory, other.memory)


def _more(one: float | None, other: float | None) -> bool:
    return other is not None and (one is None or one > other)


class Worker:
    """One worker. Its process starts with the first call, and again after it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._memory: int | None = None
        self._dismissed = False

    def call(self, allowance: Allowance, function: Callable[..., Any], *arguments: object) -> Any:
        """Call the function in the worker. Returns or raises what it does; raises OutOfTime or Died if the worker ends.

        If the worker has loaded other code than the question is about, it ends, and a new one is asked, which loads the
        code anew.
        """
        before = self._process
        try:
            return self._called(allowance, function, *arguments)
        except Outdated:
            self.end()
            if before is None:
                raise
            return self._called(allowance, function, *arguments)

    def _called(self, allowance: Allowance, function: Callable[..., Any], *arguments: object) -> Any:
        process = self._ready(allowance.memory)
        expired = Event()
        try:
            _asked(process, callable, function)  # lets a new process import what it needs, before its time runs
            with _killed_after(process, allowance.seconds, expired):
                returned, raised = _asked(process, function, *arguments)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
            if expired.is_set():
                raise OutOfTime from None
            raise Died(f"died: {_how(process.returncode)}") from None
        if expired.is_set():  # killed after it had answered
            self.end()
        if raised is not None:
            raise raised
        return returned

    def dismiss(self) -> None:
        """Kill the process, from another thread than the one that may be calling it, and prevent a new start."""
        self._dismissed = True
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        """Kill the process, if there is one; the next call starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # there may be unwritten data
                    pipe.close()  # type: ignore[union-attr]

    def _ready(self, memory: int | None) -> subprocess.Popen[bytes]:
        """A process with this memory limit that answers."""
        if self._process is not None and (memory != self._memory or not _answers(self._process)):
            self.end()
        if self._process is None:
            self._process = _started(memory)
            self._memory = memory
        if self._dismissed:
            self._process.kill()
        return self._process


@contextmanager
def _killed_after(process: subprocess.Popen[bytes], seconds: float | None, expired: Event) -> Iterator[None]:
    """Kill the process if the block takes longer than `seconds` and the grace period; `expired` says whether it did."""

    def expire() -> None:
        expired.set()
        process.kill()

    late = Timer(MOST_SECONDS if seconds is None else seconds + GRACE, expire)
    late.daemon = True
    late.start()
    try:
        yield
    finally:
        late.cancel()
        late.join()


def _started(memory: int | None) -> subprocess.Popen[bytes]:
    """A new process, which Ctrl-C does not reach. Raises UsageError inside a worker, Died if it cannot be started."""
    if MARK in os.environ:
        raise UsageError(
            "a worker that loads the model asks for workers again: "
            "put that under `if __name__ == '__main__':`, or elsewhere"
        )
    command = [sys.executable, "-P", "-m", "byzverify.workers.worker", str(memory or 0)]
    marked = os.environ | {MARK: "1"}
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=marked, process_group=0)
    except OSError as error:
        raise Died(f"died: its process could not be started: {error.strerror}") from None


def _asked(
    process: subprocess.Popen[bytes], function: Callable[..., Any], *arguments: object
) -> tuple[Any, Exception | None]:
    questions, answers = process.stdin, process.stdout
    assert questions is not None
    assert answers is not None
    pickle.dump(pickle.dumps((function, arguments)), questions)
    questions.flush()
    answer: tuple[Any, Exception | None] = pickle.load(answers)
    return answer


def _answers(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process answers. The system counts a killed process as alive until it is gone, so ask it."""
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        _asked(process, callable, callable)
        return True
    return False


def _how(code: int) -> str:
    """How a process ended."""
    if code != -signal.SIGKILL:
        return f"its process ended with {signal.Signals(-code).name if code < 0 else f'exit code {code}'}"
    return "its process was killed, or the system ran out of memory"


def main() -> None:
    """Act as a worker, the other end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(int(sys.argv[1]))
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    asked: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(questions, asked), daemon=True).start()
    while True:
        question = asked.get()
        pickle.dump(attempt(partial(_called, question)), answers)
        answers.flush()


def _called(question: bytes) -> Any:
    function, arguments = pickle.loads(question)
    return function(*arguments)


def _listen(questions: IO[bytes], asked: SimpleQueue[bytes]) -> None:
    """Receive questions, also while the worker is busy. End the process when the pipe closes."""
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            asked.put(pickle.load(questions))
    os._exit(0)


def _limit_memory(most: int) -> None:
    with suppress(ImportError, OSError, ValueError):  # if the system has no such limit, or refuses it
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if most:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main()
