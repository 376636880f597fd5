"""The words for generals, faults and decisions in a sentence: the same on every page and in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from byzverify.errors import several
from byzverify.language.conditions import COMMANDER
from byzverify.language.decisions import Decision, written
from byzverify.language.faults import Fault, lies
from byzverify.language.messages import General, spelled
from byzverify.language.protocol import Protocol
from byzverify.language.records import Record
from byzverify.language.values import Order, Truth, is_absent

MOST_FIELDS = 6
"""The largest number of a message's fields that are shown."""

MOST_LABELS = 3
"""The largest number of labels that are named if the same is said under all of them."""


def fault(mode: Fault) -> str:
    """The noun for a general with this fault mode: `traitor`, `symmetric traitor`, `manifest-faulty`."""
    return "traitor" if mode is Fault.BYZANTINE else f"{mode} traitor" if lies(mode) else f"{mode}-faulty"


def failing(mode: Fault) -> str:
    """The predicate for a general with this fault mode: `a traitor`, `manifest-faulty`."""
    return f"a {fault(mode)}" if lies(mode) else fault(mode)


def failing_all(mode: Fault) -> str:
    """The predicate for several generals with this fault mode: `traitors`, `manifest-faulty`."""
    return f"{fault(mode)}s" if lies(mode) else fault(mode)


def starting(mode: Fault | None) -> str:
    """The verb for a general and the order that he starts with. mode: his fault mode; None if he is loyal."""
    return "pretends to start" if lies(mode) else "starts"


def title(protocol: Protocol, general: General) -> str:
    """An addition to a general's number when he is first mentioned."""
    return ", the commander," if protocol.problem.has_commander and general == COMMANDER else ""


def plural(noun: str, generals: Iterable[General]) -> str:
    """Generals by number: `general 1`, `traitors 5, 6`, `traitor none`."""
    listed = sorted(generals)
    return f"{noun if len(listed) == 1 else several(noun)} {', '.join(map(str, listed)) or 'none'}"


def abridged(labels: Sequence[str], most: int = MOST_LABELS, between: str = " ") -> str:
    """The first few labels, and how many there are: `0-4 0-5 0-6 … (7)`."""
    shown = between.join(labels[:most])
    return f"{shown} … ({len(labels)})" if len(labels) > most else shown


def decided(decision: Decision) -> str:
    """A decision as a person would write it."""
    return _flat(written(decision))


def spoken(value: Order | Truth) -> str:
    """What a general hears or finds: an order, `nothing`, `yes` or `no`; for several fields, the contents of each."""
    if isinstance(value, Truth):
        return "yes" if value else "no"
    if isinstance(value, Record) and not is_absent(value):
        return abridged([f"{spelled(name)}: {spoken(value.part(name))}" for name in value.names()], MOST_FIELDS, ", ")
    return "nothing" if is_absent(value) else value.name


def contrasted(said: Order, honest: Order) -> tuple[str, str]:
    """What is said, and what should have been said; for two messages with the same fields, only where they differ."""
    if isinstance(said, Record) and isinstance(honest, Record):
        differ = [name for name in said.names() if said.part(name).name != honest.part(name).name]
        said, honest = (Record({name: one.part(name) for name in differ}) if differ else one for one in (said, honest))
    return spoken(said), spoken(honest)


def _flat(shown: Any) -> str:
    if isinstance(shown, dict):
        return "{" + ", ".join(f"{general}: {_flat(part)}" for general, part in shown.items()) + "}"
    if isinstance(shown, list):
        return f"({', '.join(map(_flat, shown))})"
    return str(shown)
