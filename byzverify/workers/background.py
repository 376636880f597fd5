"""Work that goes on aside, in a process of its own, while the main work does not need its outcome yet.

This module knows processes, and nothing of what they do.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from byzverify.errors import ByzverifyError
from byzverify.limits import Limit
from byzverify.loading.blaming import blamed
from byzverify.workers.pickling import dumps, loads

Work = Callable[[], Any]


FORKS = hasattr(os, "fork")
"""Whether the system can copy a process."""


class Died(Exception):
    """The work ended before it was done; the message says how."""

    def __init__(self, how: str = "died: its process was ended from outside, or the system ran out of memory") -> None:
        super().__init__(how)


def not_started(error: OSError) -> Died:
    """What to raise where the system does not start a process."""
    return Died(f"could not be started: {error.strerror}")


def can_fork() -> bool:
    """Whether a process can be started that has all that this one has: the system must know how, and what is aside
    already starts no others. Elsewhere work is not put aside."""
    return "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon


def awaited(answers: Connection[Any, Any], limit: Limit) -> Any:
    """Wait for what another process sends next. Raises Stopped at the limit, Died where nothing comes any more."""
    while not answers.poll(0.02):
        limit.check()
    try:
        sent = answers.recv_bytes()
    except (EOFError, OSError):
        limit.check()
        raise Died from None
    return loads(sent)


class Aside:
    """A piece of work in a process of its own, from the moment when this is made until `outcome` or `close`."""

    def __init__(self, work: Work, limit: Limit) -> None:
        context = multiprocessing.get_context("fork")
        self._limit = limit
        self._answers, answer = context.Pipe(duplex=False)
        self._process: Any = context.Process(target=_do, args=(work, answer), daemon=True)
        self._process.start()
        answer.close()

    def outcome(self) -> Any:
        """Wait for what `work` returns, or raise what it raises. Raises Stopped at the limit, Died if there is none."""
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


def in_a_process(work: Work, limit: Limit) -> Any:
    """What `work` returns, or raises, when it is done in a process of its own, which cannot take this one down.

    Raises Stopped at the limit, Died where memory ends or the process is killed. Where the system cannot fork, the work
    is done here.
    """
    try:
        aside = Aside(work, limit) if can_fork() else None
    except OSError as error:
        raise not_started(error) from None
    try:
        return work() if aside is None else aside.outcome()
    except MemoryError:
        raise Died("ran out of memory") from None
    finally:
        if aside is not None:
            aside.close()


def forked(work: Work) -> Any:
    """What `work` returns, or raises, in a child of this process: nothing that it does is left behind here.

    Raises Died where the child cannot be started, is killed or has no memory.
    """
    try:
        reading, writing = os.pipe()
        child = os.fork()
    except OSError as error:
        raise not_started(error) from None
    if not child:
        _tell(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    if not said:
        raise Died
    returned, raised = loads(said)
    if isinstance(raised, MemoryError):
        raise Died("ran out of memory")
    if raised is not None:
        raise raised
    return returned


def _tell(work: Work, writing: int) -> NoReturn:
    """Be the child: say what came of the work, and end, whatever happens, without what this process does at its end."""
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
    """What `work` returns and what it raises, one of them None, as it can be sent to another process.

    What a user's file raises becomes a ProtocolError.
    """
    try:
        return work(), None
    except (MemoryError, ByzverifyError, Died) as error:
        return None, error
    except BaseException as error:
        sent = RuntimeError(f"{type(error).__name__}: {error}")  # as it is it may not be possible to send it
        return None, blamed(error) or sent


def told(work: Work) -> bytes:
    """The same, as it is sent. What cannot be sent is an error."""
    try:
        return dumps(attempt(work))
    except Exception as error:
        return dumps((None, RuntimeError(f"the answer cannot be sent: {type(error).__name__}: {error}")))


DIE_WITH_THE_PARENT = 1
"""The number of PR_SET_PDEATHSIG in Linux's prctl."""


def attend_to_the_parent() -> None:
    """Leave an interrupt at the terminal to the process that began the work; end when it ends, if the system can."""
    os.setpgid(0, 0)  # libraries put handlers of their own in place of ours, so ignoring the signal is not enough
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_the_parent()


def _end_with_the_parent() -> None:
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(DIE_WITH_THE_PARENT, signal.SIGKILL)
