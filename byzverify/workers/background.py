"""Background work: runs in a process of its own while the main process goes on, until the result is needed.

This module knows processes, and nothing about what they do.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from byzverify.errors import ByzverifyError
from byzverify.limits import Limit
from byzverify.loading.blaming import blamed
from byzverify.workers.pickling import dumps, loads

Work = Callable[[], Any]


FORKS = hasattr(os, "fork")
"""Whether the system can fork processes."""


class Died(Exception):
    """The work ended before it was done; the message says how."""

    def __init__(self, how: str = "died: its process was ended from outside, or the system ran out of memory") -> None:
        super().__init__(how)


def not_started(error: OSError) -> Died:
    """The error to raise if the system does not start a process."""
    return Died(f"could not be started: {error.strerror}")


def can_fork() -> bool:
    """Whether this process can fork: the system must support it, and background processes must not start others.

    If it cannot, work is not put into the background.
    """
    return "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon


def awaited(answers: Connection[Any, Any], limit: Limit) -> Any:
    """Wait for what another process sends next. Raises Stopped at the limit, Died if nothing comes any more."""
    while not answers.poll(0.02):
        limit.check()
    try:
        sent = answers.recv_bytes()
    except (EOFError, OSError):
        limit.check()
        raise Died from None
    return loads(sent)


class Aside:
    """A piece of work in a process of its own, which starts with the constructor and ends with `outcome` or `close`."""

    def __init__(self, work: Work, limit: Limit) -> None:
        context = multiprocessing.get_context("fork")
        self._limit = limit
        self._answers, answer = context.Pipe(duplex=False)
        self._process: Any = context.Process(target=_do, args=(work, answer), daemon=True)
        with answer:
            try:
                self._process.start()
            except OSError:
                self._answers.close()
                raise

    def outcome(self) -> Any:
        """Wait for the result of `work`. Raises what it raises, Stopped at the limit, Died if the process dies."""
        returned, raised = awaited(self._answers, self._limit)
        self._limit.check()
        if raised is not None:
            raise raised
        return returned

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._answers.close()


@contextmanager
def beside(work: Work, limit: Limit) -> Iterator[Work]:
    """Do `work` in a process of its own while the block goes on, with a function that waits for its result.

    The process ends with the block, and its failure does not harm this one. The function raises what `work` raises,
    Stopped at the limit, Died if memory runs out or the process is killed. If the system cannot fork, it does the work
    in this process.
    """
    try:
        aside = Aside(work, limit) if can_fork() else None
    except OSError as error:
        raise not_started(error) from None

    def outcome() -> Any:
        try:
            return work() if aside is None else aside.outcome()
        except MemoryError:
            raise Died("ran out of memory") from None

    try:
        yield outcome
    finally:
        if aside is not None:
            aside.close()


def in_a_process(work: Work, limit: Limit) -> Any:
    """The result of `work` in a process of its own. Raises as `beside` does."""
    with beside(work, limit) as outcome:
        return outcome()


class Fork:
    """Work in a child of this process, which starts with the constructor, so that it leaves nothing behind here.

    Raises Died if the child cannot be started.
    """

    def __init__(self, work: Work) -> None:
        try:
            self._reading, writing = os.pipe()
            self._child = os.fork()
        except OSError as error:
            raise not_started(error) from None
        if not self._child:
            _tell(work, writing)
        os.close(writing)

    def outcome(self) -> Any:
        """Wait for the result. Raises what the work raises, Died if the child is killed or runs out of memory."""
        with os.fdopen(self._reading, "rb") as answer:
            said = answer.read()
        os.waitpid(self._child, 0)
        if not said:
            raise Died
        returned, raised = loads(said)
        if isinstance(raised, MemoryError):
            raise Died("ran out of memory")
        if raised is not None:
            raise raised
        return returned

    def close(self) -> None:
        """End the child, whatever it is doing, in place of `outcome`."""
        os.close(self._reading)
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)


def forked(work: Work) -> Any:
    """The result of `work` in a child of this process. Raises as `Fork` and its `outcome` do."""
    return Fork(work).outcome()


def all_forked(works: Iterable[Work]) -> Iterator[Any]:
    """The results of each work in a child of its own, as many at once as there are cores. Raises as `forked` does."""
    waiting = iter(works)
    running = deque(map(Fork, islice(waiting, cores())))
    try:
        while running:
            outcome = running.popleft().outcome()
            running.extend(map(Fork, islice(waiting, 1)))
            yield outcome
    finally:
        for one in running:
            one.close()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tell(work: Work, writing: int) -> NoReturn:
    """Act as the child: send the outcome of the work and end, whatever happens, without the process's exit handlers."""
    try:
        _end_with_the_parent()
        with os.fdopen(writing, "wb") as answer:
            answer.write(told(work))
    finally:
        os._exit(0)


def _do(work: Work, answer: Connection) -> None:
    attend_to_the_parent()
    answer.send_bytes(told(work))


def attempt(work: Work) -> tuple[Any, Exception | None]:
    """What `work` returns and what it raises, one of them None, in a form that can be sent to another process.

    An error from a user's file becomes a ProtocolError.
    """
    try:
        return work(), None
    except (MemoryError, ByzverifyError, Died) as error:
        return None, error
    except BaseException as error:
        sent = RuntimeError(f"{type(error).__name__}: {error}")  # the error itself may not be picklable
        return None, blamed(error) or sent


def told(work: Work) -> bytes:
    """The same as `attempt`, pickled. If the result cannot be pickled, the error is sent instead."""
    try:
        return dumps(attempt(work))
    except Exception as error:
        return dumps((None, RuntimeError(f"the answer cannot be sent: {type(error).__name__}: {error}")))


DIE_WITH_THE_PARENT = 1
"""The number of PR_SET_PDEATHSIG in Linux's prctl."""


def attend_to_the_parent() -> None:
    """Leave Ctrl-C to the process that began the work; end when that process ends, if the system supports it."""
    os.setpgid(0, 0)  # ignoring the signal is not enough, since libraries install handlers of their own
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_the_parent()


def _end_with_the_parent() -> None:
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(DIE_WITH_THE_PARENT, signal.SIGKILL)
