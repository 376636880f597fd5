"""Letters, and the generals who write them, in the words that diagrams and logs have for them.

This module knows the words. It must not know what they are printed on: each format escapes them in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from byzverify.attacks.account import Told
from byzverify.attacks.wording import decided, failing, spoken, title
from byzverify.language.faults import Fault, Faults, lies
from byzverify.language.messages import Chain, General, spelled
from byzverify.language.values import ABSENT, Order
from byzverify.simulation.rounds import Run

MOST_LABELS = 3


def abridged(labels: Sequence[str]) -> str:
    """The first few labels, and how many there are."""
    shown = " ".join(labels[:MOST_LABELS])
    return f"{shown} … ({len(labels)})" if len(labels) > MOST_LABELS else shown


def starting(mode: Fault | None) -> str:
    """What a general does with the order that he has at the start."""
    return "feigns to start" if lies(mode) else "starts"


def introduced(run: Run, general: General) -> str:
    """Who a general is: `general 0, the commander, loyal`."""
    mode = run.faults.get(general)
    rank = title(run.protocol, general).rstrip(",")
    return f"general {general}{rank}, {'loyal' if mode is None else failing(mode)}"


def beginning(run: Run, general: General) -> str:
    """What a general has at the start, if he has anything: `starts with ATTACK`."""
    order = run.orders.get(general)
    return "" if order is None else f"{starting(run.faults.get(general))} with {order}"


def ending(run: Run, general: General) -> str:
    """What a loyal general decides: `decides RETREAT`."""
    return one_line(f"decides {decided(run.decisions[general])}")


@dataclass(frozen=True)
class Letter:
    """All that one general tells another in one round, or should have told him."""

    round: int
    sender: General
    receiver: General
    told: tuple[Told, ...]

    def phrases(self, faults: Faults) -> Iterator[str]:
        """The letter, one phrase for all that is said alike: `LIE: RETREAT instead of ATTACK about 0-1 0-2`."""
        alike: dict[tuple[bool, str, str], list[str]] = {}
        for told in self.told:
            said, honest, about = _worded(told)
            alike.setdefault((told.is_lie, said, honest), []).append(about)
        for (is_lie, said, honest), labels in alike.items():
            about = f" about {abridged(labels)}" if any(labels) else ""
            word = "LIE" if lies(faults.get(self.sender)) else "LAPSE"
            yield one_line(f"{word}: {said} instead of {honest}{about}" if is_lie else said + about)

    @property
    def is_silent(self) -> bool:
        """Whether nothing in it is said: the letter was never sent."""
        return all(told.said.name == ABSENT.name for told in self.told)

    @property
    def has_lies(self) -> bool:
        """Whether anything in it is a lie or a lapse."""
        return any(told.is_lie for told in self.told)


def _worded(told: Told) -> tuple[str, str, str]:
    """What is said, what would be honest, and about what; a chain of signatures says all of that by itself."""
    if isinstance(told.label, Chain):
        said, honest = (Order(str(told.label)) if one.name != ABSENT.name else one for one in (told.said, told.honest))
        return spoken(said), spoken(honest), ""
    return spoken(told.said), spoken(told.honest), spelled(told.label)


def letters(told: Iterable[Told]) -> Iterator[Letter]:
    """What is told, as an account tells it, letter by letter."""
    for (round, sender, receiver), orders in groupby(told, lambda one: (one.round, one.sender, one.receiver)):
        yield Letter(round, sender, receiver, tuple(orders))


def one_line(text: str) -> str:
    """The text with nothing in it that would end a line, or that cannot be shown: labels may be any strings."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
