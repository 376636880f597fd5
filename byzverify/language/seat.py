"""One general at his place: his program, driven round by round. His author's mistakes are reported with file and line.

Both executions drive generals through this file and nothing else, so both run the same text by the same rules. It
knows programs, outboxes and inboxes. It does not know what the values are, where the messages go, or who is loyal.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction, unwrap
from types import GeneratorType
from typing import Any

from byzverify.errors import NOT_AUTHORS, Breaches, ProtocolError, RuleBroken, described, is_out_of_memory
from byzverify.language.decisions import Decision
from byzverify.language.messages import Dispatch, General, Inbox, Outbox
from byzverify.language.outgoing import Listed, Outgoing, Prepared
from byzverify.language.protocol import Protocol
from byzverify.language.sorting import Sorter, demand_order, dispatches
from byzverify.language.values import ABSENT, Count, Order, Truth
from byzverify.loading.blaming import place, told_of

MOST_ROUNDS = 10_000
"""A program that yields more often than this is assumed to run for ever."""

READING = ("__iter__", "__getitem__", "__len__", "__eq__")
"""The methods that read the parts of a tuple."""


class Seat:
    """One running general. `decision` is None until he decides; `round` is the number of his current round, from 1.

    title: what error messages call him, by default `general` with his number. program: what he runs, by default the
    protocol's program with this order. Creating a seat runs him up to his first `yield`. Raises ProtocolError if the
    program breaks a rule of the language or fails.
    """

    def __init__(
        self,
        protocol: Protocol,
        me: General,
        order: Order | None,
        title: str | None = None,
        program: GeneratorType[Outbox, Inbox, Decision] | None = None,
    ) -> None:
        self.me = me
        self._protocol = protocol
        self._title = title or f"general {me}"
        self.round = 1
        self.decision: Decision | None = None
        self._outbox: Outbox = None
        self._known = {ABSENT.name, *(order.name for order in protocol.words)}
        if type(protocol).general is Protocol.general:
            raise ProtocolError(f"{type(protocol).__name__} has no program: write `def general(self, me, order)`")
        self._program = self._begun(order) if program is None else program
        self._resume(None)

    def _begun(self, order: Order | None) -> GeneratorType[Outbox, Inbox, Decision]:
        """The program, before its first step."""
        kind = type(self._protocol)
        program = None
        if isgeneratorfunction(unwrap(kind.general)):  # otherwise a call would run the program here
            try:
                program = self._protocol.general(self.me, order)
            except TypeError as error:
                raise ProtocolError(f"a program is `def general(self, me, order)`: {error}") from None
        if not isinstance(program, GeneratorType):
            if iscoroutinefunction(unwrap(kind.general)) or isasyncgenfunction(unwrap(kind.general)):
                raise ProtocolError(
                    f"{kind.__name__}.general is `async def`; a program is `def general(self, me, order)`"
                )
            raise ProtocolError(f"{kind.__name__}.general never yields: a program sends with `yield`")
        return program

    def advance(self, inbox: Inbox) -> None:
        """End the round: hand the general his inbox, and run him to his next `yield` or `return`."""
        self.round += 1
        if self.round > MOST_ROUNDS:
            raise self._blame(
                RuleBroken(f"has not decided after {MOST_ROUNDS} rounds: does his loop end?"), self._before
            )
        self._resume(inbox)

    @property
    def yielded(self) -> Any:
        """What the program has yielded, as it wrote it; None once it has decided."""
        return None if self.decision is not None else self._outbox

    def answer(self, answer: Any) -> None:
        """Hand the general something else than an inbox, which ends no round: what he asked for in place of sending."""
        self._resume(answer)

    def dispatches(self) -> list[Dispatch]:
        """What the general sends in this round, message by message, as he wrote it."""
        with self._noticing(f"round {self.round}"):
            return list(dispatches(self.yielded))

    def sending(self) -> Outgoing:
        """What the general sends in this round; if possible, messages are created only when they are asked for."""
        deferred = None
        if self.decision is None and isinstance(self._outbox, Prepared):
            with self._noticing(f"round {self.round}"):
                deferred = self._outbox.deferred(self.me, self._protocol)
        return self.outbox() if deferred is None else deferred

    def outbox(self) -> Listed:
        """All that the general sends in this round."""
        if self.decision is not None or self._outbox is None:
            return Listed()
        with self._noticing(f"round {self.round}"):
            if isinstance(self._outbox, Prepared):
                return self._outbox.listed()  # this may run the author's code: a tree of his own
            sorter = Sorter(self.me, self._protocol.generals, self._known)
            sorter.add(self._outbox)  # and this: a generator or an iterator
            return sorter.sorted

    def _resume(self, answer: Any) -> None:
        with self._noticing(self._before):
            try:
                self._outbox = self._program.send(answer)
            except StopIteration as stop:
                try:
                    self._check_decision(stop.value)
                except RuleBroken as error:
                    raise self._blame(error, self._before) from None
                self.decision = stop.value

    @property
    def _before(self) -> str:
        """The time of the current step, for error messages."""
        return f"after round {self.round - 1}" if self.round > 1 else "before round 1"

    @contextmanager
    def _noticing(self, when: str) -> Iterator[None]:
        """Blame the program for an error in the block, and for a rule that was broken in it and the error caught."""
        with Breaches() as breaches:
            try:
                yield
            except NOT_AUTHORS:
                raise
            except BaseException as error:
                raise self._blame(error, when) from error
            if breaches.messages:
                caught = f"breaks a rule of the language, and catches the error: {breaches.messages[-1]}"
                raise self._blame(RuleBroken(caught), when)

    def _check_decision(self, decision: object) -> None:
        """Raise RuleBroken unless the decision is made of orders, truths and counts, in tuples and dictionaries."""
        if decision is None:
            raise RuleBroken("decides None, which is not an order: a `return` is missing, or he started with none")
        kind = type(decision)
        if isinstance(decision, dict):
            if kind is not dict:
                raise RuleBroken(f"decides a {kind.__name__}; decide a plain dictionary, as dict(...) makes it")
            for general, part in decision.items():
                if general not in self._protocol.generals:
                    raise RuleBroken(f"has a decision for {general!r}, who is not a general")
                self._check_decision(part)
        elif isinstance(decision, tuple):
            if getattr(decision, "__dict__", None):
                raise RuleBroken(f"decides a {kind.__name__} with attributes of its own; make them parts of the tuple")
            if any(getattr(kind, name) is not getattr(tuple, name) for name in READING):
                raise RuleBroken(f"decides a {kind.__name__}, which defines one of {', '.join(READING)} itself")
            for part in decision:
                self._check_decision(part)
        elif not isinstance(decision, Order | Truth | Count):
            what = f"a {kind.__name__}" if isinstance(decision, list | bool | int) else described(decision)
            raise RuleBroken(
                f"decides {what}; a decision is an order, a truth such as TRUE, a count such as how_many([...]), or a "
                "tuple, a NamedTuple or a dictionary by general of these"
            )
        elif isinstance(decision, Order):
            demand_order(decision, self._known, "decides")

    def blamed(self, error: BaseException) -> BaseException:
        """A ProtocolError that says where the program is, for an error in what it has sent or decided."""
        return self._blame(error, f"round {self.round}" if self.decision is None else self._before)

    def _blame(self, error: BaseException, when: str) -> BaseException:
        """A ProtocolError that says where in the author's file `error` arose; byzverify's own errors unchanged."""
        if isinstance(error, NOT_AUTHORS):
            return error
        if is_out_of_memory(error):
            return MemoryError()
        code = self._program.gi_code
        frame = self._program.gi_frame
        where = place(error, code.co_filename, otherwise=frame.f_lineno if frame else code.co_firstlineno)
        return ProtocolError(f"{where}: {self._title}, {when}: {told_of(error)}")
