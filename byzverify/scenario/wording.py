"""What generals, faults and decisions are called in a sentence: one way of putting it, for every page and terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from byzverify.errors import several
from byzverify.language.conditions import COMMANDER, Decision, written
from byzverify.language.faults import Fault, lies
from byzverify.language.messages import General, spelled
from byzverify.language.protocol import Protocol
from byzverify.language.records import Record
from byzverify.language.values import Order, Truth, is_absent

MOST_FIELDS = 6
"""So many fields of a message are told."""

MOST_LABELS = 3
"""So many labels are named of those under which the same is said."""


def fault(mode: Fault) -> str:
    """What one calls a general who fails in this mode: `traitor`, `symmetric traitor`, `manifest-faulty`."""
    return "traitor" if mode is Fault.BYZANTINE else f"{mode} traitor" if lies(mode) else f"{mode}-faulty"


def failing(mode: Fault) -> str:
    """What a general is who fails in this mode."""
    return f"a {fault(mode)}" if lies(mode) else fault(mode)


def failing_all(mode: Fault) -> str:
    """What several generals are who fail in this mode."""
    return f"{fault(mode)}s" if lies(mode) else fault(mode)


def starting(mode: Fault | None) -> str:
    """What a general does with the order that he has at the start; mode: in which he fails, if he does."""
    return "feigns to start" if lies(mode) else "starts"


def title(protocol: Protocol, general: General) -> str:
    """What follows a general's number the first time that he is named."""
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
    """What one hears, or finds: an order, nothing, yes or no; of several fields, what is in each."""
    if isinstance(value, Truth):
        return "yes" if value else "no"
    if isinstance(value, Record) and not is_absent(value):
        return abridged([f"{spelled(name)}: {spoken(value.part(name))}" for name in value.names()], MOST_FIELDS, ", ")
    return "nothing" if is_absent(value) else value.name


def contrasted(said: Order, honest: Order) -> tuple[str, str]:
    """What is said, and what should have been; of two messages of the same fields, where they differ."""
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
