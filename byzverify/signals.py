"""Signals: how a user, a shell or the system asks the process to stop, and how work in progress notices it.

The first Ctrl-C only sets a flag, which `limits.py` checks at each step. This module knows signals. It must not know
what is interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread, current_thread, main_thread

_interrupted = False

PATIENCE = 30
"""The process ends this many seconds after SIGTERM, whatever it is doing."""


def interrupted() -> bool:
    """Whether the user has asked to stop."""
    return _interrupted


def heed_signals() -> None:
    """Ctrl-C ends the work at its next step. A second Ctrl-C, or a closed pipe, ends the process at once.

    SIGTERM acts like the first Ctrl-C, and ends the process after PATIENCE seconds.
    """
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


@contextmanager
def stopping_at_once(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop`, in a thread of its own, as soon as a signal asks the process to end. For a block that calls long
    foreign code, during which Python handles no signals.
    """
    if signal.getsignal(signal.SIGTERM) is not _interrupt or current_thread() is not main_thread():
        yield
        return
    from socket import socketpair

    told, tells = socketpair()
    tells.setblocking(False)

    def watch() -> None:
        if told.recv(1) != NOTHING:
            stop()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        tells.send(NOTHING)
        watcher.join()
        told.close()
        tells.close()


NOTHING = b"\0"
"""A byte that is not the number of a signal."""


def heed_no_signals() -> None:
    """Let a signal end the process at once again, for times when there is nothing to report at the end."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def broken_pipes_raised() -> Iterator[None]:
    """In this block, writing to a process that no longer reads raises an error instead of ending this process."""
    deadly = hasattr(signal, "SIGPIPE") and signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL
    deadly = deadly and current_thread() is main_thread()  # Python lets no other thread set a handler
    if deadly:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    finally:
        if deadly:
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def heed_interrupt() -> None:
    """Handle a Ctrl-C that a library has swallowed, as if it had come to Python; only while signals are handled."""
    if signal.getsignal(signal.SIGINT) is _interrupt:
        _interrupt(signal.SIGINT, None)


def _interrupt(signum: int, frame: object) -> None:
    global _interrupted
    _interrupted = True
    show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""
    if signum == signal.SIGTERM and hasattr(signal, "alarm"):  # there may be nobody to ask a second time
        how = f"or in {PATIENCE} seconds"
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE)
    else:
        how = "Ctrl-C again to end at once"
    os.write(2, f"{show_cursor}\nstopping at the next step; {how}\n".encode())
    heed_no_signals()
