"""What the author of a protocol imports: the language in which the program of one loyal general is written."""

from byzverify.language.conditions import BYZANTINE_GENERALS, COMMANDER, CONSENSUS
from byzverify.language.messages import Dispatch, General, Inbox, Label, Outbox, broadcast, send
from byzverify.language.protocol import Program, Protocol
from byzverify.language.values import (
    ABSENT,
    ATTACK,
    RETREAT,
    Count,
    Order,
    Truth,
    all_of,
    any_of,
    count,
    ite,
    majority,
)

__all__ = [
    "ABSENT",
    "ATTACK",
    "BYZANTINE_GENERALS",
    "COMMANDER",
    "CONSENSUS",
    "RETREAT",
    "Count",
    "Dispatch",
    "General",
    "Inbox",
    "Label",
    "Order",
    "Outbox",
    "Program",
    "Protocol",
    "Truth",
    "all_of",
    "any_of",
    "broadcast",
    "count",
    "ite",
    "majority",
    "send",
]
