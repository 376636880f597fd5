"""The conversation between the network and one node, as a state machine without input or output.

The rules are the table `ANSWERS`: what a node may write, by the kind of message that it got last. A breach raises
NodeError, whose message says who, when and what. What counts is the content of a line, never when it arrives: an order
names its round, and an answer names the message that it answers. So the scheduling of processes does not change a run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from pydantic import ValidationError

from byzverify.errors import NodeError, RuleBroken, excerpt
from byzverify.language.decisions import Decision
from byzverify.language.labels import Chain, Form, Label, chains_in, spelled, without_fields
from byzverify.language.messages import Dispatch, General
from byzverify.language.outgoing import NOTHING, Listed, Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, FALSE, TRUE, Count, Order, Truth
from byzverify.nodes import wire
from byzverify.simulation.post import Content

FORMS = {
    "label": "a number, a text, or a list of labels",
    "decision": "an order's name, true or false, a whole number, a list, or an object",
}
"""Descriptions of what belongs in the fields that have several forms, for error messages."""

MOST_ORDERS = 400_000
"""How many orders a node may send in one round; in OM(5) among 16 generals, each sends 360,360."""

LONGEST_TEXT = 200
"""How many characters of a node's own text are shown."""

KEPT = 4
"""How many of the last lines are shown with a fault."""


class Asked(Enum):
    """The kind of message that a node got last."""

    INIT = auto()
    ROUND = auto()
    AGAIN = auto()
    END = auto()


ANSWERS: Mapping[Asked, tuple[type[wire.FromNode], ...]] = {
    Asked.INIT: (wire.InitOk, wire.Error),
    Asked.ROUND: (wire.OrderSent, wire.MessageSent, wire.RoundOk, wire.Error),
    Asked.AGAIN: (wire.InitOk, wire.Error),
    Asked.END: (),
}
"""What a node may write in reply: any number of orders, then one of the other messages."""


@dataclass(frozen=True)
class NodeTurn:
    """What a node does in one round: what it sends, by label, and its decision, if it decides."""

    sent: Outgoing
    decision: Decision | None = None


@dataclass
class _Letters:
    """What a node has sent in this round so far.

    by_label: what it has sent to whom, by label. called: who has received anything under a label; a label counts as
    the same with and without fields. number: how many messages these are.
    """

    by_label: dict[Label, dict[str, tuple[Order, list[General]]]] = field(default_factory=dict)
    called: dict[Label, set[General]] = field(default_factory=dict)
    number: int = 0


class Conversation:
    """The conversation with the node that plays `me`.

    `begin`, `next_round` and `again` return what to write to the node, and `end` ends the conversation; `read` takes
    the lines that the node wrote. title: his name in messages. round: the current round. msg_id: the number of the last
    message to him. reusable: whether the node says that it can be initialised again.
    """

    def __init__(
        self, protocol: Protocol, me: General, title: str, reference: str, parameters: Mapping[str, Any]
    ) -> None:
        self._protocol = protocol
        self._me = me
        self._id = wire.node_id(me)
        self.title = title
        self._reference = reference
        self._parameters = dict(parameters)
        self._known = {order.name: order for order in protocol.words}
        self._general_of = {wire.node_id(general): general for general in range(protocol.n)}
        self._asked = Asked.INIT
        self.msg_id = 0
        self.round = 0
        self.reusable = False
        self._order: Order | None = None
        self._letters = _Letters()
        self._held: set[Chain] = set()
        self._spoken: deque[tuple[str, bytes]] = deque(maxlen=KEPT)

    def begin(self, order: Order | None) -> bytes:
        """The `init` for a general who starts with this order."""
        self._order = order
        self._asked = Asked.INIT
        return self._initialised()

    def again(self) -> bytes:
        """The same `init` once more, for a node that has decided. Anything else that it writes first is late."""
        self._asked = Asked.AGAIN
        return self._initialised()

    def _initialised(self) -> bytes:
        self.msg_id += 1
        neighbours = [g for g in range(self._protocol.n) if g != self._me and self._protocol.linked(self._me, g)]
        init = wire.Init(
            msg_id=self.msg_id,
            node_id=self._id,
            node_ids=list(self._general_of),
            neighbours=[wire.node_id(general) for general in neighbours],
            protocol=self._reference,
            parameters=self._parameters,
            orders=[one.name for one in self._protocol.words],
            order=None if self._order is None else self._order.name,
        )
        return self._said([wire.line(wire.NETWORK, self._id, init)])

    def next_round(self, letters: Sequence[Content]) -> bytes:
        """What reached the general in the last round, by sender, and the beginning of the next round."""
        for content in letters:
            self._held.update(part for chain in chains_in(content) for part in chain.parts())
        lines = [
            wire.line(wire.node_id(sender), self._id, wire.sent(self.round, label, order))
            for sender, content in enumerate(letters)
            if sender != self._me
            for label, order in content.items()
        ]
        self._asked = Asked.ROUND
        self.msg_id += 1
        self.round += 1
        self._letters = _Letters()
        lines.append(wire.line(wire.NETWORK, self._id, wire.Round(msg_id=self.msg_id, round=self.round)))
        return self._said(lines)

    def _said(self, lines: list[bytes]) -> bytes:
        self._spoken.extend((">", line) for line in lines[-KEPT:])
        return b"".join(lines)

    def end(self) -> None:
        """The general has decided, and nothing more may come."""
        self._asked = Asked.END

    def read(self, line: bytes) -> NodeTurn | None:
        """Take a line that the node wrote. Returns its turn if the line is the answer to the last message, else None.

        Raises NodeError for a line that the node may not write.
        """
        self._spoken.append(("<", line))
        message = self._parsed(line)
        body = message.body
        if message.src != self._id:
            raise self.fault(f"forges a sender: it writes src {_quoted(message.src)}, but is {self._id}")
        if not isinstance(body, ANSWERS[self._asked]):
            raise self.fault(self._untimely(body))
        if isinstance(body, wire.OrderSent | wire.MessageSent):
            self._take(message.dest, body)
            return None
        if message.dest != wire.NETWORK:
            raise self.fault(f"sends {body.type} to {_quoted(message.dest)}; answers go to {wire.NETWORK!r}")
        if isinstance(body, wire.Error):
            code = f"{body.code} ({wire.ERRORS[body.code]})" if body.code in wire.ERRORS else f"{body.code}"
            raise self.fault(f"gives up with error {code}{body.text and ': '}{excerpt(body.text, LONGEST_TEXT)}")
        if body.in_reply_to != self.msg_id:
            raise self.fault(f"answers message {body.in_reply_to}, but was asked {self.msg_id}")
        if isinstance(body, wire.InitOk):
            self.reusable = body.again
            return NodeTurn(NOTHING)
        decision = None if body.decision is None else self._decision(body.decision)
        return NodeTurn(self._sent(), decision)

    def fault(self, what: str) -> NodeError:
        """The error that says what this node did wrong, and when."""
        ended = "after its decision"
        when = {Asked.INIT: "at the start", Asked.ROUND: f"round {self.round}", Asked.AGAIN: ended, Asked.END: ended}
        shown = ((who, excerpt(line.decode(errors="replace").rstrip(), LONGEST_TEXT)) for who, line in self._spoken)
        spoken = tuple(f"{who} {line}" for who, line in shown)
        return NodeError(f"{self.title}, {when[self._asked]}: {what}", self._me, spoken)

    def _parsed(self, line: bytes) -> wire.Envelope[Any]:
        try:
            return wire.FROM_NODE.validate_json(line)
        except ValidationError as error:
            shown = excerpt(line.decode(errors="replace")) or "an empty line"
            raise self.fault(f"writes something that is not a message: {shown} ({_wrong(error)})") from None

    def _untimely(self, body: Any) -> str:
        if self._asked in (Asked.AGAIN, Asked.END):
            decides = isinstance(body, wire.RoundOk) and body.decision is not None
            return "decides twice" if decides else f"writes {body.type}, but had already decided"
        expected = " or ".join(form.model_fields["type"].default for form in ANSWERS[self._asked])
        return f"writes {body.type}, where {expected} is expected"

    def _take(self, dest: str, body: wire.OrderSent | wire.MessageSent) -> None:
        """Note an order or a message of several fields that the node sends."""
        if body.round != self.round:
            raise self.fault(f"sends {_noun(body)} of round {body.round}")
        receiver = self._receiver(dest)
        label, order = self._said_in(body)
        called = without_fields(label)
        had = self._letters.called.setdefault(called, set())
        if receiver in had:
            two = f"two {'messages' if isinstance(label, Form) else 'orders'}"
            raise self.fault(f"sends general {receiver} {two} under the label {excerpt(spelled(called)) or '[]'}")
        if self._letters.number == MOST_ORDERS:
            raise self.fault(f"floods: it sends more than {MOST_ORDERS:,} orders in one round")
        self._letters.number += 1
        had.add(receiver)
        self._letters.by_label.setdefault(label, {}).setdefault(order.name, (order, []))[1].append(receiver)

    def _said_in(self, body: wire.OrderSent | wire.MessageSent) -> tuple[Label, Order]:
        """The label and the order, or the form and the record of a message of several fields."""
        orders = [body.order] if isinstance(body, wire.OrderSent) else [one for _, one in body.fields]
        for order in orders:
            if order is not None and order not in self._known:
                raise self.fault(f"sends {_quoted(order)}, which is not one of {', '.join(self._known)}")
        if isinstance(body, wire.MessageSent):
            try:
                return wire.said(body, self._known)
            except RuleBroken as error:
                raise self.fault(f"sends a message that {error}") from None
        label = wire.label_of(body.label)
        self._check_signed(label, body.order)
        return label, self._known[body.order]

    def _receiver(self, dest: str) -> General:
        receiver = self._general_of.get(dest)
        if receiver is None:
            last = wire.node_id(self._protocol.n - 1)
            raise self.fault(f"sends an order to {_quoted(dest)}, but there are n0 to {last}")
        if receiver == self._me:
            raise self.fault("sends an order to itself; what a general needs later, it must store")
        if not self._protocol.linked(self._me, receiver):
            raise self.fault(f"sends an order to {dest}, who is not a neighbour")
        return receiver

    def _check_signed(self, label: Label, order: str) -> None:
        """Check that a chain is one that the node received, or none, followed by its own signature."""
        if not isinstance(label, Chain):
            return
        chain = excerpt(str(label))
        if label.signers[-1] != self._me:
            raise self.fault(f"sends {chain}, whose last signature is forged: it must be {self._me}, its own")
        if len(label.signers) > 1 and label.parts()[-2] not in self._held:
            raise self.fault(f"sends {chain}, which is forged: it has not received what it adds its signature to")
        if label.order != order:
            raise self.fault(f"sends {order} under {chain}, a chain that signs another order")

    def _sent(self) -> Outgoing:
        return Listed(
            (label, [Dispatch(order, label, receivers, ()) for order, receivers in by_order.values()])
            for label, by_order in self._letters.by_label.items()
        )

    def _decision(self, decision: Any) -> Decision:
        """A decision in the form that the language uses."""
        if decision == ABSENT.name:
            return ABSENT
        if isinstance(decision, str):
            if decision not in self._known:
                raise self.fault(f"decides {_quoted(decision)}, which is not one of {', '.join(self._known)}")
            return self._known[decision]
        if isinstance(decision, bool):
            return TRUE if decision else FALSE
        if isinstance(decision, int):
            return Count((), decision)
        if isinstance(decision, list):
            return tuple(map(self._decision, decision))
        generals = {str(general): general for general in range(self._protocol.n)}
        if not decision.keys() <= generals.keys():
            raise self.fault("has a decision for somebody who is not a general")
        return {generals[general]: self._decision(part) for general, part in decision.items()}


def _noun(body: wire.OrderSent | wire.MessageSent) -> str:
    return "an order" if isinstance(body, wire.OrderSent) else "a message"


def _quoted(text: str) -> str:
    return excerpt(repr(text))


def _wrong(error: ValidationError) -> str:
    """What is wrong with a line, and where in it."""
    first = error.errors(include_url=False, include_input=False)[0]
    for name, what in FORMS.items():
        if name in first["loc"]:
            return f"body.{name} is {what}"
    place = ".".join(str(part) for part in first["loc"])
    return excerpt(f"{place}: {first['msg']}" if place else first["msg"], LONGEST_TEXT)


def alike(one: Decision, other: Decision) -> bool:
    """Whether two decisions are of one kind: orders, truths or counts, or composed of these in the same way."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[general], other[general]) for general in one)
    return any(isinstance(one, kind) and isinstance(other, kind) for kind in (Order, Truth, Count))
