"""The server: a process that has loaded a model and run nothing. Every examination runs in a child of it.

It is started in a fresh interpreter with other hashes than the checking process, which keeps it for later examinations,
since starting an interpreter takes longer than most of them. From the socket that it is given, it reads where the model
is, and then one end of a new socket for each session. The checking process asks through the other end, and closes it or
kills the session when it is done.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from byzverify.catalogue import library
from byzverify.catalogue.dependencies import Code, same_code
from byzverify.language.protocol import Protocol
from byzverify.workers.background import attempt, attend_to_the_parent, told
from byzverify.workers.pickling import loads

Ask = tuple[Callable[..., Any], tuple[Any, ...]]
"""A question to a session: a function of a protocol, and its further arguments."""

Source = Callable[[], type[Protocol]]
"""Gives a session the model's class."""

Instance = tuple[Mapping[str, Any], Code | None]
"""The instance of a session: its parameters and, for a user's model, the code that it has in the asking process."""


def main() -> None:
    """Load the model, and begin a session for each socket that comes, until the asking process closes its end."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.environ.pop("PYTHONHASHSEED")  # no longer needed; the model sees the environment of the asking process
    if sys.argv[2]:
        os.environ["PYTHONHASHSEED"] = sys.argv[2]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a model prints must not be taken for an answer
    import_module("byzverify.crosscheck.guarding")  # here, so that no session needs to import what it is asked for
    gc.collect()
    with told_on(control) as questions:
        try:
            location, sys.argv = questions.recv()  # a model may look at the arguments: the asking process's
        except EOFError:  # it ended before it had a model to load
            return
    loaded, failed = attempt(location.load)

    def source() -> type[Protocol]:
        if failed is not None:
            raise failed
        return loaded  # type: ignore[no-any-return]

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for sessions
    while True:
        said, given, _, _ = socket.recv_fds(control, 1, 1)
        if not said:
            return
        if os.fork() == 0:
            control.close()
            hold(given[0], source)
        os.close(given[0])


def told_on(control: socket.socket) -> Connection[Any, Any]:
    """A connection on a socket for whole objects, to be used before anything else is sent on the socket."""
    return Connection(os.dup(control.fileno()))


def hold(descriptor: int, source: Source) -> NoReturn:
    """Hold a session: answer questions on this end of a socket, and end this process when the other end closes."""
    try:
        attend_to_the_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        conversation: Connection[Any, Any] = Connection(descriptor)
        conversation.send(os.getpid())
        instance: Instance = conversation.recv()
        while True:
            asked = conversation.recv_bytes()
            conversation.send_bytes(told(partial(_answer, source, instance, asked)))
    finally:
        os._exit(0)


def _answer(source: Source, instance: Instance, asked: bytes) -> Any:
    """The function's result for the instance. Raises Outdated if the model's code differs here."""
    parameters, code = instance
    protocol = source()
    if code is not None:
        same_code(protocol, code)
    ask: Ask = loads(asked)
    function, arguments = ask
    return function(library.build(protocol, dict(parameters)), *arguments)


if __name__ == "__main__":
    main()
