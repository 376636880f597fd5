"""A model as a node: the program of one general of any model, which speaks the same node protocol as users' programs.

The node knows only what the messages say. It answers a message that it cannot read with an `error`, and ends. This
module reads and writes lines; it does not know who is at the other end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from pydantic import BaseModel, ValidationError

from byzverify.catalogue import library
from byzverify.errors import ByzverifyError, RuleBroken, UsageError
from byzverify.language.decisions import written
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat
from byzverify.language.values import Order
from byzverify.nodes import wire
from byzverify.simulation.channel import addressed_to
from byzverify.simulation.post import Content, Mailbox, sealed

NOT_SUPPORTED, MALFORMED, CRASH = 10, 12, 13


def serve(
    protocol: type[Protocol], given: dict[str, Any], lines: Iterable[bytes], write: Callable[[bytes], object]
) -> None:
    """Act as the node that plays a general of this protocol, until the lines end or an error occurs.

    given: parameters that override those of the `init` message.
    """
    me = ""
    served: _Served | None = None
    for line in lines:
        question = None
        try:
            message = wire.TO_NODE.validate_json(line)
            question = getattr(message.body, "msg_id", None)
            if isinstance(message.body, wire.Init):
                me = message.body.node_id
                served = _Served(protocol, given, message.body)
            if served is None:
                raise _Malformed("the first message is init")
            write(b"".join(served.answers(message.src, message.body)))
        except (ByzverifyError, ValidationError) as error:
            said = wire.Error(in_reply_to=question, code=_code(error), text=_text(error))
            write(wire.line(me, wire.NETWORK, said))
            return


class _Malformed(ByzverifyError):
    """A message that says something impossible."""


def _code(error: Exception) -> int:
    if isinstance(error, _Malformed | ValidationError):
        return MALFORMED
    return NOT_SUPPORTED if isinstance(error, UsageError) else CRASH


def _text(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return str(error.errors(include_url=False, include_input=False)[0]["msg"])
    return str(error)


class _Served:
    """One general, from his `init` on. id: his node id. Raises UsageError if the protocol has no such size."""

    def __init__(self, protocol: type[Protocol], given: dict[str, Any], init: wire.Init) -> None:
        known = {name: value for name, value in init.parameters.items() if library.has_parameter(protocol, name)}
        self._protocol = library.build(protocol, known | {"n": len(init.node_ids)} | given)
        self.id = init.node_id
        self._generals = {name: general for general, name in enumerate(init.node_ids)}
        self._names = {order.name: Order(order.name) for order in self._protocol.words}
        if init.node_id not in self._generals or init.order not in (None, *self._names):
            raise _Malformed("node_id is one of node_ids, and order one of the orders")
        self._me = self._generals[init.node_id]
        order = None if init.order is None else self._names[init.order]
        self._seat = Seat(self._protocol.seen_by(self._me), self._me, order)
        self._came: dict[int, Content] = {}

    def answers(self, src: str, body: BaseModel) -> Iterator[bytes]:
        """The lines with which the node answers this message."""
        if isinstance(body, wire.Init):
            yield self._to_network(wire.InitOk(in_reply_to=body.msg_id, again=True))
        elif isinstance(body, wire.OrderSent):
            order = self._names.get(body.order)
            if order is not None and src in self._generals:
                self._came.setdefault(self._generals[src], {})[wire.label_of(body.label)] = order
        elif isinstance(body, wire.MessageSent):
            with suppress(KeyError, RuleBroken):  # ignore what is no message of this protocol
                form, record = wire.said(body, self._names)
                self._came.setdefault(self._generals[src], {})[form] = record
        elif isinstance(body, wire.Round):
            if body.round > 1:
                self._advance()
            yield from self._sent(body.round)
            decision = None if self._seat.decision is None else written(self._seat.decision)
            yield self._to_network(wire.RoundOk(in_reply_to=body.msg_id, decision=decision))

    def _advance(self) -> None:
        """End the round: deliver what came, and what the program sent itself."""
        self._came[self._me] = addressed_to(self._me, self._seat.outbox())
        letters = {general: sealed(self._came.get(general, {})) for general in range(self._protocol.n)}
        self._came = {}
        self._seat.advance(Mailbox(letters, self._names))

    def _sent(self, round: int) -> Iterator[bytes]:
        sent = self._seat.outbox()
        for name, general in self._generals.items():
            if general != self._me and self._protocol.linked(self._me, general):
                for label, order in addressed_to(general, sent).items():
                    yield wire.line(self.id, name, wire.sent(round, label, order))

    def _to_network(self, body: BaseModel) -> bytes:
        return wire.line(self.id, wire.NETWORK, body)
