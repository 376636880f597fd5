"""Sessions: the client of `server.py`. Each model's server is kept, so that the next examination starts at once.

If a fresh interpreter could not find the model, as in a notebook, a session is a child of this process. This module
knows processes; it does not know what they are asked.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from byzverify.catalogue import library
from byzverify.catalogue.dependencies import code_of
from byzverify.crosscheck.interpreters import started
from byzverify.crosscheck.server import hold, told_on
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.workers.background import awaited, not_started
from byzverify.workers.pickling import dumps

KEPT = 12
"""How many servers are kept."""


class Server:
    """A process that has loaded the model at this place. turn: the number of the server, each with other hashes."""

    def __init__(self, location: library.Location, turn: int) -> None:
        self._interpreter = started(turn)
        with told_on(self._interpreter.control) as questions:
            questions.send((location, sys.argv))

    def connect(self) -> int:
        """Begin a session, and return this end of its socket. Raises OSError if the process is gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._interpreter.control, [b"\0"], [theirs.fileno()])
        return ours.detach()

    def close(self) -> None:
        """End the process with its sessions, and with processes that the model has started in it."""
        self._interpreter.close()


_servers: OrderedDict[tuple[library.Location, str, int], Server] = OrderedDict()
"""Servers by the model's location, its code and their number. A class made anew from the same code shares one."""

_owner = os.getpid()
"""The process that owns the servers: a child of it must not use them."""


def _connected(kind: type[Protocol], location: library.Location | None, code: str, turn: int) -> tuple[int, int | None]:
    """This end of a new session's socket, and the session's process id if it is a child of this process, else None."""
    global _owner
    if _owner != os.getpid():
        _servers.clear()
        _owner = os.getpid()
    if location is None:
        return _child_of_ours(kind)
    known = location, code, turn
    if known in _servers:
        with suppress(OSError):
            _servers.move_to_end(known)
            return _servers[known].connect(), None
        _servers.pop(known).close()
    server = _servers[known] = Server(location, turn)
    if len(_servers) > KEPT:
        _servers.popitem(last=False)[1].close()
    return server.connect(), None


def _child_of_ours(kind: type[Protocol]) -> tuple[int, int]:
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        ours.close()
        hold(theirs.detach(), lambda: kind)
    theirs.close()
    return ours.detach(), child


class Session:
    """Asks about one instance in a process of its own. turn: the number of the server, each with other hashes.

    Raises Died if the process cannot be started.
    """

    def __init__(self, protocol: Protocol, turn: int = 0) -> None:
        kind = type(protocol)
        location = library.location(kind)
        code = None if location is None or location.file is None else code_of(kind)  # the session compares it
        try:
            loaded = "" if code is None else f"{code.key} {code.record.text()}"
            descriptor, self._child = _connected(kind, location, loaded, turn)
        except OSError as error:
            raise not_started(error) from None
        self._conversation: Connection[Any, Any] = Connection(descriptor)
        self._process: int | None = None
        with suppress(OSError):  # if the process is gone, the first answer says so
            self._conversation.send((library.parameters_of(protocol), code))

    def ask(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Ask for the function's result for the protocol and these arguments. Answers keep the order of questions."""
        with suppress(OSError):
            self._conversation.send_bytes(dumps((function, arguments)))

    def answer(self, limit: Limit) -> Any:
        """Wait for the next answer. Raises what the function raises, Stopped at the limit, Died if there is none."""
        returned, raised = self._received(limit)
        if raised is not None:
            raise raised
        return returned

    def close(self) -> None:
        """End the session, whatever it is doing."""
        if self._conversation.closed:
            return
        with suppress(EOFError, OSError):
            if self._process is None and self._conversation.poll():
                self._process = self._conversation.recv()
        self._conversation.close()  # a session that has not begun yet ends when it does
        if self._process is not None:
            with suppress(OSError):
                os.killpg(self._process, signal.SIGKILL)
        if self._child is not None:
            with suppress(OSError):  # kill it: a later child may hold this end of the socket open
                os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)

    @property
    def fresh(self) -> bool:
        """Whether the session is held in a child of a fresh interpreter."""
        return self._child is None

    def _received(self, limit: Limit) -> Any:
        if self._process is None:
            self._process = awaited(self._conversation, limit)
        return awaited(self._conversation, limit)


@atexit.register
def _end() -> None:
    if _owner == os.getpid():
        for server in _servers.values():
            server.close()
