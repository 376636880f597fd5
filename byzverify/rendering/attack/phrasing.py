"""Letters and generals in short words, for diagrams and logs.

This module knows the words. It must not know where they are printed: each format escapes them in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator

from byzverify.attacks.run_log import LoggedMessage
from byzverify.errors import printable
from byzverify.language.faults import Faults, lies
from byzverify.language.labels import Chain, spelled
from byzverify.language.messages import General
from byzverify.language.values import Order, is_absent
from byzverify.rendering.attack.letters import DrawnLetter
from byzverify.scenario.wording import (
    MOST_LABELS,
    abridged,
    contrasted,
    decided,
    failing,
    fault,
    spoken,
    starting,
    title,
)
from byzverify.simulation.rounds import Run

MOST_IN_A_SENTENCE = 12
"""The most labels that a sentence names."""


def introduced(run: Run, general: General) -> str:
    """Who a general is: `general 0, the commander, loyal`."""
    mode = run.faults.get(general)
    rank = title(run.protocol, general).rstrip(",")
    return f"general {general}{rank}, {'loyal' if mode is None else failing(mode)}"


def beginning(run: Run, general: General) -> str:
    """What a general starts with, as in `starts with ATTACK`; empty if he starts with nothing."""
    order = run.orders.get(general)
    return "" if order is None else f"{starting(run.faults.get(general))} with {order}"


def ending(run: Run, general: General) -> str:
    """What a loyal general decides: `decides RETREAT`."""
    return printable(f"decides {decided(run.decisions[general])}")


def phrases(letter: DrawnLetter, faults: Faults) -> Iterator[str]:
    """A letter, one phrase for each group of labels: `LIE: RETREAT instead of ATTACK about 0-1 0-2`."""
    word = "LIE" if lies(faults.get(letter.sender)) else "LAPSE"
    for is_lie, said in _contents(letter, MOST_LABELS):
        yield f"{word}: {said}" if is_lie else said


def sentence(letter: DrawnLetter, faults: Faults, between: str = "\n") -> str:
    """A sentence: who tells whom what in which round, lies first."""
    mode = faults.get(letter.sender)
    sender = f"general {letter.sender}" + (f" ({fault(mode)})" if mode else "")
    said = [said for _, said in sorted(_contents(letter, MOST_IN_A_SENTENCE), key=lambda one: not one[0])]
    return f"round {letter.round}: {sender} tells general {letter.receiver} " + between.join(said)


def _contents(letter: DrawnLetter, most: int) -> Iterator[tuple[bool, str]]:
    """What a letter says, in groups of labels, each with whether it is a lie. most: how many labels a group names."""
    alike: dict[tuple[bool, str, str], list[str]] = {}
    for told in letter.told:
        said, honest, about = _worded(told)
        alike.setdefault((told.is_lie, said, honest), []).append(about)
    for (is_lie, said, honest), labels in alike.items():
        about = f" about {abridged(labels, most)}" if any(labels) else ""
        yield is_lie, printable(said + (f" instead of {honest}" if is_lie else "") + about)


def _worded(told: LoggedMessage) -> tuple[str, str, str]:
    """What is said, what would be honest, and about what; for a chain of signatures, only the chain."""
    if isinstance(told.label, Chain):
        said, honest = (one if is_absent(one) else Order(str(told.label)) for one in (told.said, told.honest))
        return spoken(said), spoken(honest), ""
    return *contrasted(told.said, told.honest), spelled(told.label)
