"""One letter of an attack file: everything that a faulty general sends another general in one round, as JSON.

This module knows how a letter is written, and which letters are impossible. It knows no files and no generals.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from typing_extensions import TypeAliasType

from byzverify.errors import AttackFileError, ProtocolError, RuleBroken
from byzverify.language import messages as language
from byzverify.language.labels import Chain, Form, chains_in, form_of, is_plain
from byzverify.language.messages import General
from byzverify.language.records import Record
from byzverify.language.values import ABSENT, Order
from byzverify.scenario.behaviour import Address
from byzverify.simulation.post import Content

Label = TypeAliasType("Label", "int | str | tuple[Label, ...]")

Number = Annotated[int, Field(ge=0)]


class Strict(BaseModel):
    """A part of the file: nothing may be missing, added or of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Message(Strict):
    """A message of several fields."""

    label: Label
    fields: Annotated[
        list[tuple[Label, str | None]],
        Field(min_length=1, description="[name, order] pairs, all fields of the message; null where one is empty"),
    ]

    def said(self, names: dict[str, Order]) -> tuple[Form, Record]:
        """What it is and says. Raises RuleBroken if a field is named twice."""
        form = form_of(self.label, [name for name, _ in self.fields])
        return form, Record({name: ABSENT if order is None else names[order] for name, order in self.fields})


class Letter(Strict):
    """Everything that one faulty general sends one other general in one round."""

    round: Annotated[int, Field(ge=1, description="rounds are counted from 1")]
    sender: Annotated[Number, Field(description="a faulty general")]
    receiver: Number
    says: Annotated[
        list[tuple[Label, str]],
        Field(description="[label, order] pairs; a tuple in a label is a list; what is not listed is not sent"),
    ]
    signed: Annotated[
        list[Annotated[str, Field(pattern=r"^[^:]+(:(0|[1-9][0-9]{0,3}))+$")]],
        Field(description="signed orders, as ATTACK:0:2, with the signatures from the first to the last"),
    ] = []
    messages: Annotated[list[Message], Field(description="messages of several fields")] = []

    @model_serializer(mode="wrap")
    def _without_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Messages of several fields are named only where there are any."""
        return {name: part for name, part in write(self).items() if name != "messages" or part}

    @classmethod
    def of(cls, address: Address, content: Content) -> Letter:
        """The letter with this content. Raises ProtocolError for labels that cannot be written."""
        round, sender, receiver = address
        records = [(form, record) for form, record in content.items() if isinstance(record, Record)]
        says = [(label, order.name) for label, order in content.items() if is_plain(label)]
        signed = [str(chain) for chain in chains_in(content)]
        try:
            told = [Message(label=form.label, fields=_fields(form, record)) for form, record in records]
            return cls(round=round, sender=sender, receiver=receiver, says=says, signed=signed, messages=told)
        except ValidationError as error:
            raise ProtocolError(f"a label must be a number, a string or a tuple of labels: {first_of(error)}") from None

    def signers(self) -> Iterator[General]:
        """All who have signed anything in it."""
        for text in self.signed:
            yield from _chain(text).signers

    def told(self) -> Iterator[str]:
        """The names of all orders in it."""
        yield from (order for _, order in self.says)
        yield from (_chain(text).order for text in self.signed)
        yield from (order for message in self.messages for _, order in message.fields if order is not None)

    def add_to(self, content: Content, names: dict[str, Order]) -> None:
        """Add what the letter says; `names` has the orders that exist. Raises AttackFileError for a repeated label."""
        for label, order in self._entries(names):
            if label in content:
                twice = f"{label} twice" if isinstance(label, Chain) else _two(label)
                raise AttackFileError(
                    f"general {self.sender} sends general {self.receiver} {twice} in round {self.round}"
                )
            content[label] = order

    def _entries(self, names: dict[str, Order]) -> Iterator[tuple[language.Label, Order]]:
        yield from ((label, names[name]) for label, name in self.says)
        yield from ((chain, names[chain.order]) for chain in map(_chain, self.signed))
        for message in self.messages:
            try:
                yield message.said(names)
            except RuleBroken as error:
                sends = f"general {self.sender} sends general {self.receiver} in round {self.round} what"
                raise AttackFileError(f"{sends} {error}") from None


def _two(label: language.Label) -> str:
    if isinstance(label, Form):
        return f"two messages of the same fields under the label {label.label!r}"
    return f"two orders under the label {label!r}"


def _fields(form: Form, record: Record) -> list[tuple[Any, str | None]]:
    orders = [(name, record.parts[name].name) for name in form.names()]
    return [(name, None if order == ABSENT.name else order) for name, order in orders]


def _chain(text: str) -> Chain:
    order, *signers = text.split(":")
    return Chain(order, tuple(map(int, signers)))


def first_of(error: ValidationError) -> str:
    """The first thing that is wrong, in one line, and where."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
