"""One general at his place: his program, driven round by round, and his author's mistakes, told with file and line.

Both executions drive generals through this file and nothing else, so both run the same text by the same rules. It
knows programs, outboxes and inboxes; it does not know what the values are, where the messages go, or who is loyal.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from inspect import isgeneratorfunction
from types import GeneratorType
from typing import cast

from byzverify.errors import ByzverifyError, ProtocolError, RuleBroken
from byzverify.language.messages import Dispatch, General, Inbox, Label, Outbox
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order

MOST_ROUNDS = 10_000
"""A program that yields more often than this is taken to run for ever."""


class Seat:
    """One running general. `decision` is None until he decides; `round` is the number of the round he is in, from 1.

    Creating a seat runs the program up to its first `yield`. Raises ProtocolError where the program breaks a rule
    of the language or fails.
    """

    def __init__(self, protocol: Protocol, me: General, order: Order | None) -> None:
        self.me = me
        self.round = 1
        self.decision: Order | None = None
        self._outbox: Outbox = None
        if not isgeneratorfunction(protocol.general):
            raise ProtocolError(f"{type(protocol).__name__}.general never yields: a program sends with `yield`")
        self._program = cast("GeneratorType[Outbox, Inbox, Order]", protocol.general(me, order))
        self._resume(None)

    def advance(self, inbox: Inbox) -> None:
        """End the round: hand over what reached the general, and run him to his next `yield` or `return`."""
        self.round += 1
        if self.round > MOST_ROUNDS:
            raise ProtocolError(f"general {self.me} has not decided after {MOST_ROUNDS} rounds: does his loop end?")
        self._resume(inbox)

    def outbox(self) -> dict[Label, list[Dispatch]]:
        """What the general sends in this round, by label."""
        sent: dict[Label, list[Dispatch]] = {}
        if self.decision is not None or self._outbox is None:
            return sent
        dispatches = (self._outbox,) if isinstance(self._outbox, Dispatch) else self._outbox
        for dispatch in self._shielded(dispatches):
            if not isinstance(dispatch, Dispatch) or not isinstance(dispatch.value, Order):
                raise self._blame(f"yields {dispatch!r}: yield broadcast(order), send(order, to=...) or a list of them")
            sent.setdefault(dispatch.label, []).append(dispatch)
        return sent

    def _resume(self, inbox: Inbox | None) -> None:
        try:
            self._outbox = self._program.send(inbox)  # type: ignore[arg-type]
        except StopIteration as stop:
            if not isinstance(stop.value, Order):
                raise self._blame(f"decides {stop.value!r}: return an order") from None
            self.decision = stop.value
        except (ByzverifyError, MemoryError):
            raise
        except Exception as error:
            raise self._blame(error) from error

    def _shielded(self, dispatches: Iterable[Dispatch]) -> Iterable[Dispatch]:
        """The author may yield any iterable, a generator of his own included: its failures are his as well."""
        try:
            yield from dispatches
        except (ByzverifyError, MemoryError):
            raise
        except Exception as error:
            raise self._blame(error) from error

    def _blame(self, what: Exception | str) -> ProtocolError:
        code = self._program.gi_code
        line = self._program.gi_frame.f_lineno if self._program.gi_frame else code.co_firstlineno
        if isinstance(what, Exception):
            lines = [f.lineno for f in traceback.extract_tb(what.__traceback__) if f.filename == code.co_filename]
            line = (lines or [line])[-1] or line
            what = str(what) if isinstance(what, RuleBroken) else f"{type(what).__name__}: {what}"
        return ProtocolError(f"{code.co_filename}:{line}: general {self.me}, round {self.round}: {what}")


def addressed(dispatches: Iterable[Dispatch], sender: General, receiver: General, label: Label) -> Order | None:
    """The order that these dispatches, all under one label, carry to `receiver`; None if none does.

    Raises ProtocolError where there is more than one.
    """
    found = None
    for dispatch in dispatches:
        if dispatch.reaches(receiver):
            if found is not None:
                raise ProtocolError(f"general {sender} sends general {receiver} two orders under the label {label!r}")
            found = dispatch.value
    return found
