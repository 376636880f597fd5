"""The messages between the network and a node, one JSON object a line: docs/reference/node-protocol.md in types.

`node.schema.json` beside this file is the JSON Schema of both directions. Source of the envelope and of the codes of
errors: Maelstrom, doc/protocol.md. This module knows forms only: not when a message may come, nor what it may say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from typing_extensions import TypeAliasType

from byzverify.language.labels import Chain, Form, Label, form_of
from byzverify.language.messages import General
from byzverify.language.records import Record
from byzverify.language.values import ABSENT, Order

NETWORK = "network"
"""What the network is called in `src` and `dest`."""

WireLabel = TypeAliasType("WireLabel", "int | str | list[WireLabel] | Signatures")
PlainLabel = TypeAliasType("PlainLabel", "int | str | list[PlainLabel]")
WireDecision = TypeAliasType("WireDecision", "bool | int | str | list[WireDecision] | dict[str, WireDecision]")


def _demand_type(schema: dict[str, Any]) -> None:
    """`type` is always written, though who makes a message need not say it."""
    if "type" in schema["properties"]:
        schema.setdefault("required", []).insert(0, "type")


class _Form(BaseModel):
    """What it does not name is ignored, so that libraries may add fields of their own."""

    model_config = ConfigDict(strict=True, json_schema_extra=_demand_type)


class Signatures(_Form):
    """The label of a signed order: a chain of signatures, from the first signer to the last."""

    order: str
    signers: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]


class Init(_Form):
    """To each node at the start: whom it plays, in which protocol, and what he starts with."""

    type: Literal["init"] = "init"
    msg_id: int
    node_id: str
    node_ids: list[str]
    neighbours: Annotated[list[str], Field(description="whom this general can send to")]
    protocol: Annotated[str, Field(description="a model's short name, or path/to/file.py:Class")]
    parameters: dict[str, bool | int | float | str]
    orders: Annotated[list[str], Field(description="the orders that exist, the fallback first")]
    order: Annotated[str | None, Field(description="what this general starts with; absent if with nothing")] = None


class InitOk(_Form):
    """The answer to `init`."""

    type: Literal["init_ok"] = "init_ok"
    in_reply_to: int
    again: Annotated[
        bool, Field(description="whether another `init` may come after the decision, and the node then starts afresh")
    ] = False


class OrderSent(_Form):
    """One order under one label, from a general to another."""

    type: Literal["order"] = "order"
    round: Annotated[int, Field(ge=1, description="the round in which it is sent")]
    label: Annotated[WireLabel, Field(description="what the order is about, in OM the path that it came along")] = []
    order: str


class MessageSent(_Form):
    """One message of several fields, from a general to another: it arrives whole, or not at all."""

    type: Literal["message"] = "message"
    round: Annotated[int, Field(ge=1, description="the round in which it is sent")]
    label: Annotated[PlainLabel, Field(description="what the message is about")] = []
    fields: Annotated[
        list[tuple[PlainLabel, str | None]],
        Field(min_length=1, description="[name, order] pairs: every field of the message, null where one is empty"),
    ]


class Round(_Form):
    """To each node that has not decided: all of the round before has been delivered, and this round begins."""

    type: Literal["round"] = "round"
    msg_id: int
    round: Annotated[int, Field(ge=1)]


class RoundOk(_Form):
    """The answer to `round`: everything that the general sends in it is sent; he may have decided."""

    type: Literal["round_ok"] = "round_ok"
    in_reply_to: int
    decision: Annotated[WireDecision | None, Field(description="absent as long as the general has not decided")] = None


class Error(_Form):
    """What a node answers that cannot go on."""

    type: Literal["error"] = "error"
    in_reply_to: int | None = None
    code: Annotated[int, Field(description="0 timeout, 10 not supported, 12 malformed request, 13 crash, 14 abort")]
    text: str = ""


ERRORS = {0: "timeout", 10: "not supported", 12: "malformed request", 13: "crash", 14: "abort"}
"""Maelstrom's codes that mean something here."""

FromNode = InitOk | OrderSent | MessageSent | RoundOk | Error
ToNode = Init | OrderSent | MessageSent | Round
Body = TypeVar("Body")


class Envelope(_Form, Generic[Body]):
    """A message, from whom, and to whom: `n0` is general 0, `network` the network."""

    src: str
    dest: str
    body: Body


FROM_NODE: TypeAdapter[Envelope[Any]] = TypeAdapter(Envelope[Annotated[FromNode, Field(discriminator="type")]])
TO_NODE: TypeAdapter[Envelope[Any]] = TypeAdapter(Envelope[Annotated[ToNode, Field(discriminator="type")]])


def line(src: str, dest: str, body: BaseModel) -> bytes:
    """One message as it is written."""
    return (
        Envelope(src=src, dest=dest, body=body).model_dump_json(exclude_none=True, serialize_as_any=True).encode()
        + b"\n"
    )


def node_id(general: General) -> str:
    """What a general is called in the envelope."""
    return f"n{general}"


def label_of(label: WireLabel | PlainLabel) -> Label:
    """A label as the language has it: lists are tuples."""
    if isinstance(label, Signatures):
        return Chain(label.order, tuple(label.signers))
    return tuple(map(label_of, label)) if isinstance(label, list) else label


def wire_label(label: Label) -> WireLabel:
    """A label of the language as it is written: tuples are lists."""
    if isinstance(label, Chain):
        return Signatures(order=label.order, signers=list(label.signers))
    return list(map(wire_label, label)) if isinstance(label, tuple) else label


def sent(round: int, label: Label, said: Order) -> OrderSent | MessageSent:
    """What is sent under a label, as it is written."""
    if not isinstance(said, Record):
        return OrderSent(round=round, label=wire_label(label), order=said.name)
    fields = [(_plain(name), said.part(name).name) for name in said.names()]
    filled = [(name, None if order == ABSENT.name else order) for name, order in fields]
    return MessageSent(round=round, label=_plain(label.label), fields=filled)


def _plain(label: Label) -> PlainLabel:
    return list(map(_plain, label)) if isinstance(label, tuple) else label


def said(message: MessageSent, known: Mapping[str, Order]) -> tuple[Form, Record]:
    """A message of several fields as the language has it; `known` has the orders by name.

    Raises RuleBroken if a field is named twice, KeyError for an unknown order.
    """
    form = form_of(label_of(message.label), [label_of(name) for name, _ in message.fields])
    return form, Record({label_of(name): ABSENT if one is None else known[one] for name, one in message.fields})


def schema() -> dict[str, Any]:
    """The JSON Schema of every message, either way."""
    return TypeAdapter(Envelope[FromNode] | Envelope[ToNode]).json_schema()
