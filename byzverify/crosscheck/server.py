"""The process that has loaded a model and run nothing: every examination is carried out in a child of it.

It is started in a fresh interpreter, whose hashes are others than those of the process that checks, and it is kept for
as long as that process wants, since starting an interpreter takes longer than most examinations. It reads, from the
socket that it is given, where the model is, and then one end of a socket for each session; a session's other end asks,
and closes it or kills the session when it has heard enough.
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
"""What a session is asked: a function of a protocol and these further arguments."""

Source = Callable[[], type[Protocol]]
"""Where a session has the model's class from."""

Instance = tuple[Mapping[str, Any], Code | None]
"""What a session is about: the parameters, and of a user's model the code that it has where somebody asks."""


def main() -> None:
    """Load the model, and begin a session for each socket that comes, until nobody can ask any more."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.environ.pop("PYTHONHASHSEED")  # it has had its effect; for the model the environment is as where somebody asks
    if sys.argv[2]:
        os.environ["PYTHONHASHSEED"] = sys.argv[2]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a model prints must not be taken for an answer
    with told_on(control) as questions:
        location, sys.argv = questions.recv()  # a model may look at its arguments: they are as where somebody asks
    loaded, failed = attempt(location.load)

    def source() -> type[Protocol]:
        if failed is not None:
            raise failed
        return loaded  # type: ignore[no-any-return]

    import_module("byzverify.crosscheck.guarding")  # what is asked for, so that no session needs to import it
    gc.collect()
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
    """What can be sent and received on a socket, whole objects, before anything else is."""
    return Connection(os.dup(control.fileno()))


def hold(descriptor: int, source: Source) -> NoReturn:
    """Hold a session: answer what is asked on this end of a socket, and end this process when it is closed."""
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
    """What the function makes of the instance. Raises Outdated where the model's code is not the same here."""
    parameters, code = instance
    protocol = source()
    if code is not None:
        same_code(protocol, code)
    ask: Ask = loads(asked)
    function, arguments = ask
    return function(library.build(protocol, dict(parameters)), *arguments)


if __name__ == "__main__":
    main()
