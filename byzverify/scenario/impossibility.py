"""What shows that no protocol solves a problem: a chain of executions, or a double cover. Plain data.

Sources: Fischer, Lynch & Merritt 1986 (covers); Dolev & Strong 1983 (chains). This module computes nothing. It must not
know how chains and covers are found, checked or drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from byzverify.language.faults import Budget, Faults
from byzverify.language.messages import General
from byzverify.notebooks import shown

ProblemName = Literal["broadcast", "consensus", "interactive", "crusader", "graded", "approximate"]

Address: TypeAlias = tuple[int, General, General]
"""A message's round, sender and receiver. Rounds count from 1."""

Story: TypeAlias = "int | Mapping[General, Story] | None"
"""What a message of the full-information protocol says. In round 1 it is the order that its sender starts with, 0 or 1,
or None if he starts with none. In each later round it is what the sender received in the round before: a story for each
neighbour that he heard from. So all that a loyal general ever learns is what he starts with, and one such mapping for
each round; and others have learnt as much of him as he had a round earlier.

A general who loses messages to a neighbour in some rounds, and reaches him in a later one, would leave a gap, though in
other protocols his later messages may depend on what was lost. So if he has a mode without lies, the message that
reaches the neighbour repeats all that was lost since the last one. No story says so: stories are written down only for
lies."""


@dataclass(frozen=True)
class Setting:
    """What any protocol would have to cope with.

    problem: `broadcast` (IC1 and IC2), `consensus`, `interactive` consistency, `crusader`, `graded` (0 to 2) or
    `approximate` agreement. edges: each (a, b) with a < b; along it messages travel both ways, one each round.
    commander: who starts with the order; None if every general starts with one. In interactive consistency, whose
    order cannot be agreed on. rounds: None for any number. faults: how many may fail in each mode. signed: whether
    messages are signed.
    """

    problem: ProblemName
    n: int
    edges: tuple[tuple[General, General], ...]
    commander: General | None
    rounds: int | None
    faults: Budget
    signed: bool = False


def is_complete(setting: Setting) -> bool:
    """Whether everyone can send to everyone."""
    return len(setting.edges) == setting.n * (setting.n - 1) // 2


@dataclass(frozen=True)
class FaultyRun:
    """One execution of the full-information protocol.

    faulty: who fails, and how. starts: the order of each general that starts with one. said: what byzantine and
    symmetric generals say in place of what loyal ones would, for each message that differs. lost: the messages that
    faulty generals do not send.
    """

    faulty: Faults
    starts: Mapping[General, int]
    said: Mapping[Address, Story] = field(default_factory=dict)
    lost: frozenset[Address] = frozenset()


@dataclass(frozen=True)
class RunChain:
    """Executions of which each two neighbours look the same to a general who is loyal in both.

    The setting may have no number of rounds. Then everyone follows the protocol in every run, the faulty ones too.
    Where all starts are the same, everyone sees the same in any number of rounds.

    runs: two or more. witnesses: for each run but the last, who cannot tell it from the next one. In the first run
    the decisions of the loyal must be order 0, in the last order 1.
    """

    setting: Setting
    runs: tuple[FaultyRun, ...]
    witnesses: tuple[General, ...]

    def _repr_svg_(self) -> str | None:
        return shown("impossibility_as_svg", self)


@dataclass(frozen=True)
class CoverScene:
    """Loyal generals of a cover who see a run of the real network. faulty: who fails in it. sheets: for each other
    general, which of his two copies takes part.
    """

    faulty: frozenset[General]
    sheets: Mapping[General, int]


@dataclass(frozen=True)
class DoubleCover:
    """A network with two copies of each general, in which no protocol can decide. Fischer, Lynch & Merritt 1986.

    crossed: the edges whose copies join different sheets. Copies in sheet 0 start with order 0, those in sheet 1 with
    order 1. scenes: neighbours share a copy of a general, who decides once. witnesses: that general, for each scene but
    the last. If the same generals are faulty in all scenes, they send nothing, in whatever mode they fail; otherwise
    they are byzantine, and messages are unsigned.
    """

    setting: Setting
    crossed: frozenset[tuple[General, General]]
    scenes: tuple[CoverScene, ...]
    witnesses: tuple[General, ...]

    def _repr_svg_(self) -> str | None:
        return shown("impossibility_as_svg", self)
