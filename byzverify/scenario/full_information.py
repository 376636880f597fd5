"""Plays the full-information protocol: in each round, every general tells his neighbours all that he has just received.

No protocol can make more known. In any other one, what a general sends depends only on what he knows, so that whoever
knows what he knows could have computed it. A general who cannot lie, and whose messages have not reached a neighbour,
repeats them in the next one that does: in another protocol, all that he sends may depend on them. This module knows
executions as plain data. It must not know why anybody asks for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from byzverify.language.faults import lies
from byzverify.language.messages import General
from byzverify.scenario.impossibility import Address, FaultyRun, Setting

Message: TypeAlias = "int | Mapping[General, Message] | Belated | None"
"""What reaches a general: a story, in which messages can be belated."""


@dataclass(frozen=True)
class Belated:
    """A message that repeats what its receiver did not get in earlier rounds. now: what it says besides."""

    earlier: tuple[Message, ...]
    now: Message


@dataclass(frozen=True)
class Knowledge:
    """All that a general has learnt, and so all that his decision can depend on.

    start: the order that he starts with; None if he starts with none. heard: for each round, what each neighbour told
    him. Neighbours that said nothing are missing.
    """

    start: int | None
    heard: tuple[Mapping[General, Message], ...]


@dataclass(frozen=True)
class PlayedRun:
    """An execution that has been played. honest: what a general with the same inbox tells if he is loyal, for each
    message. told: what he tells indeed; messages that are not sent are missing.
    """

    honest: Mapping[Address, Message]
    told: Mapping[Address, Message]
    known: Mapping[General, Knowledge]


def played(setting: Setting, run: FaultyRun) -> PlayedRun:
    """Play an execution for the rounds of its setting. For any number of rounds, only the starts are known."""
    playing = _Playing(setting, run)
    for number in range(1, (setting.rounds or 0) + 1):
        playing.round(number)
    known = {one: Knowledge(run.starts.get(one), tuple(inboxes)) for one, inboxes in playing.heard.items()}
    return PlayedRun(playing.honest, playing.told, known)


class _Playing:
    """An execution in progress. kept_back: what each general has not yet told each neighbour, though he should have."""

    def __init__(self, setting: Setting, run: FaultyRun) -> None:
        self.run, self.neighbours = run, neighbours_of(setting)
        self.honest: dict[Address, Message] = {}
        self.told: dict[Address, Message] = {}
        self.heard: dict[General, list[dict[General, Message]]] = {one: [] for one in range(setting.n)}
        self.kept_back: dict[tuple[General, General], list[Message]] = {}

    def round(self, number: int) -> None:
        """Let everybody tell his neighbours what he received in the round before."""
        inboxes: dict[General, dict[General, Message]] = {one: {} for one in self.heard}
        for sender, receivers in self.neighbours.items():
            story = self.heard[sender][-1] if self.heard[sender] else self.run.starts.get(sender)
            for receiver in receivers:
                self._tell((number, sender, receiver), story, inboxes[receiver])
        for general, inbox in inboxes.items():
            self.heard[general].append(inbox)

    def _tell(self, address: Address, story: Message, inbox: dict[General, Message]) -> None:
        _, sender, receiver = address
        kept_back = self.kept_back.setdefault((sender, receiver), [])
        self.honest[address] = Belated(tuple(kept_back), story) if kept_back else story
        if address not in self.run.lost:
            said: Message = self.run.said.get(address, self.honest[address])
            self.told[address] = inbox[sender] = said
            kept_back.clear()
        elif not lies(self.run.faulty.get(sender)):
            kept_back.append(story)


def neighbours_of(setting: Setting) -> dict[General, tuple[General, ...]]:
    """The neighbours of each general, ascending."""
    found: dict[General, set[General]] = {one: set() for one in range(setting.n)}
    for a, b in setting.edges:
        found[a].add(b)
        found[b].add(a)
    return {one: tuple(sorted(others)) for one, others in found.items()}
