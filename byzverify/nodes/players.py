"""Players of loyal generals: a program in a process of its own, a user's generator, or the model's own program.

A player answers round by round; the harness does not know which kind answers. A player sees only his order and the
letters that reach him. Nothing here knows who is a traitor.
"""

from __future__ import annotations

import inspect
import traceback
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic, thread_time
from typing import Any

import anyio
from anyio.abc import TaskGroup
from pydantic import BaseModel, ValidationError

from byzverify.errors import NodeError, excerpt
from byzverify.language.labels import Chain, without_fields
from byzverify.language.messages import General
from byzverify.language.records import Record
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, Order
from byzverify.nodes import wire
from byzverify.nodes.conversation import Conversation, NodeTurn
from byzverify.nodes.guard import Guard
from byzverify.nodes.pool import Pool
from byzverify.nodes.program import GRACE, CannotStart, Ended, NoLine, Program
from byzverify.nodes.team import Command, Routine
from byzverify.simulation.channel import addressed_to
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import Network


class Player(ABC):
    """One loyal general. title: his name in messages. Methods raise NodeError if he breaks the rules."""

    title: str

    @abstractmethod
    async def begin(self, order: Order | None) -> None:
        """Start the run with this order, if he starts with one."""

    @abstractmethod
    async def answer(self, letters: Sequence[Content]) -> NodeTurn:
        """Take the letters of the last round, by sender, and act in the next round. Before round 1 there are none."""

    async def end(self) -> str | None:
        """End after the decision. Returns a remark about how he ended, if one is due."""
        return None

    def kill(self) -> None:
        """End him at once, if he is still running."""
        return

    def leave(self) -> None:
        """Leave the run, which is over. What another run can use is kept for it."""
        return


class Seated(Player):
    """A general played by the program of the model."""

    def __init__(self, network: Network, me: General) -> None:
        self._network = network
        self._me = me
        self.title = f"general {me} (the model)"
        self._seat: Seat | None = None

    async def begin(self, order: Order | None) -> None:
        self.take(order)

    async def answer(self, letters: Sequence[Content]) -> NodeTurn:
        return self.act(letters)

    def take(self, order: Order | None) -> None:
        """The same as `begin`, without `await`."""
        self._seat = Seat(self._network.run.protocol.seen_by(self._me), self._me, order)

    def act(self, letters: Sequence[Content]) -> NodeTurn:
        """The same as `answer`, without `await`."""
        assert self._seat is not None
        if letters and self._seat.decision is None:
            self._seat.advance(self._network.mailbox(letters))
        return NodeTurn(self._seat.outbox(), self._seat.decision)

    def to_itself(self) -> Content:
        """What the program sends itself in this round."""
        assert self._seat is not None
        return addressed_to(self._me, self._seat.outbox())


class InProcess(Player):
    """A general played by a user's generator function, which needs to know nothing of byzverify.

    The function is called with those of these arguments that it names: `me`, `order` (a name, or None), and the
    protocol's parameters. It yields what it sends, `{(receiver, label): order}`, and gets what came,
    `{(sender, label): order}`, with tuples for lists in labels and a `Chain` for signatures. It returns its decision.
    For a message of several fields, a dictionary of its fields stands in place of the order, with None for an empty
    field. The function must obey the same rules as a program.
    """

    def __init__(self, conversation: Conversation, routine: Routine, given: Mapping[str, Any]) -> None:
        self._conversation = conversation
        self.title = conversation.title
        self._routine = routine
        self._given = dict(given)
        self._me: General = given["me"]

    async def begin(self, order: Order | None) -> None:
        self._conversation.begin(order)
        self._read(wire.InitOk(in_reply_to=self._conversation.msg_id))
        given = self._given | {"order": None if order is None else order.name}
        named = inspect.signature(self._routine).parameters
        try:
            self._running = self._routine(**{name: value for name, value in given.items() if name in named})
        except TypeError as error:
            raise self._conversation.fault(f"cannot be called: {error}; there are {', '.join(given)}") from None
        if not inspect.isgenerator(self._running):
            raise self._conversation.fault("is no generator function: it sends with `yield`")

    async def answer(self, letters: Sequence[Content]) -> NodeTurn:
        self._conversation.next_round(letters)
        inbox = {
            (sender, without_fields(label)): _found(order)
            for sender, content in enumerate(letters)
            if sender != self._me
            for label, order in content.items()
        }
        decision = None
        try:
            sent = self._running.send(inbox) if letters else next(self._running)
            if not isinstance(sent, Mapping | None):
                raise self._conversation.fault(f"yields {excerpt(repr(sent))}, not {{(receiver, label): order, ...}}")
            for (receiver, label), order in (sent or {}).items():
                self._send(receiver, label, order)
        except StopIteration as stop:
            decision = stop.value
            if decision is None:
                raise self._conversation.fault("returns None; it returns its decision") from None
        except NodeError:
            raise
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{place.filename}:{place.lineno}: {type(error).__name__}: {error}"
            raise self._conversation.fault(what) from error
        try:
            answer = self._read(wire.RoundOk(in_reply_to=self._conversation.msg_id, decision=_listed(decision)))
        except ValidationError:
            raise self._conversation.fault(f"decides {excerpt(repr(decision))}") from None
        assert answer is not None
        return answer

    def _send(self, receiver: Any, label: Any, order: Any) -> None:
        round = self._conversation.round
        sent: BaseModel
        try:
            if isinstance(order, Mapping):
                fields = [(_listed(name), one) for name, one in order.items()]
                sent = wire.MessageSent(round=round, label=_listed(label), fields=fields)
            else:
                written = wire.wire_label(label) if isinstance(label, Chain) else _listed(label)
                sent = wire.OrderSent(round=round, label=written, order=order)
        except ValidationError:
            what = f"sends {excerpt(repr(order))} under the label {excerpt(repr(label))}"
            raise self._conversation.fault(what) from None
        self._read(sent, wire.node_id(receiver))

    def _read(self, body: BaseModel, dest: str = wire.NETWORK) -> NodeTurn | None:
        return self._conversation.read(wire.line(wire.node_id(self._me), dest, body))


def _found(said: Order) -> str | dict[Any, str | None]:
    """What came: the name of an order, or a dictionary of fields with names of orders."""
    if not isinstance(said, Record):
        return said.name
    orders = {name: said.part(name).name for name in said.names()}
    return {name: None if order == ABSENT.name else order for name, order in orders.items()}


def _listed(value: Any) -> Any:
    """The value as JSON would have it: lists for tuples, strings for generals as keys."""
    if isinstance(value, Mapping):
        return {str(key): _listed(part) for key, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, tuple | list) else value


class Node(Player):
    """A general played by a program in a process of its own.

    deadline: seconds that each answer may take. pool: holds programs that can be initialised again; None starts a new
    program and ends it.
    """

    def __init__(
        self,
        conversation: Conversation,
        command: Command,
        guard: Guard,
        deadline: float,
        tasks: TaskGroup,
        pool: Pool | None = None,
    ) -> None:
        self._conversation = conversation
        self.title = conversation.title
        self._command = command
        self._pool = pool
        waiting = None if pool is None else pool.take(command)
        self.program = waiting or Program(command, guard)
        self._deadline = deadline
        self._tasks = tasks
        self._waits = False

    async def begin(self, order: Order | None) -> None:
        try:
            self.program.start()
        except CannotStart as error:
            raise self._conversation.fault(str(error)) from None
        self.program.attend(self._tasks)
        await self._asked(self._conversation.begin(order))

    async def answer(self, letters: Sequence[Content]) -> NodeTurn:
        return await self._asked(self._conversation.next_round(letters))

    async def end(self) -> str | None:
        if self._pool is not None and self._conversation.reusable:
            await self._asked(self._conversation.again())
            self._waits = True
            return None
        self._conversation.end()
        self.program.close_input()
        with anyio.move_on_after(GRACE), suppress(Ended):
            await self._heard()
        remark = await self.program.finish()
        return remark and f"{self.title} {remark}"

    def kill(self) -> None:
        if not self._waits:
            self.program.kill()

    def leave(self) -> None:
        if self._waits and self._pool is not None:
            self._pool.put(self._command, self.program)

    async def _asked(self, text: bytes) -> NodeTurn:
        """Write to the node and read its answer at the same time, so that neither blocks the other."""
        self.program.write(text)
        until = _waited() + self._deadline
        try:
            while (left := until - _waited()) > 0:
                with anyio.move_on_after(left):
                    return await self._heard()
        except Ended as ended:
            raise await self._fault(str(ended)) from None
        late = f"did not answer within {self._deadline:g} s (output that is not flushed looks the same)"
        if ending := self.program.ending():
            late = (
                f"{ending}, but a process that it started keeps its output open and did not answer within "
                f"{self._deadline:g} s"
            )
        raise await self._fault(late)

    async def _heard(self) -> NodeTurn:
        """Read to the next answer. Raises Ended if none can come."""
        while True:
            try:
                answer = self._conversation.read(await self.program.line())
            except Ended:
                raise
            except (NoLine, NodeError) as error:
                raise await self._fault(error if isinstance(error, NodeError) else str(error)) from None
            if answer is not None:
                return answer

    async def _fault(self, what: NodeError | str) -> NodeError:
        """The error, with the node's log."""
        error = what if isinstance(what, NodeError) else self._conversation.fault(what)
        log = await self.program.log()
        return NodeError(f"{error}; its log: {log}", error.general, error.spoken) if log else error


def _waited() -> float:
    """Seconds on a clock that stops while byzverify itself computes, so that a node is not late because of that."""
    return monotonic() - thread_time()
