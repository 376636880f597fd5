"""Repeats generals and conditions apart from the runs: they must do what they did in the runs.

If an execution leaves something behind, all later executions in the same process find it, and so they agree with each
other. Therefore each general and each choice of witnesses gets a process of its own, unless the effort says otherwise.
It goes through the runs in a random sequence of its own, so that another run comes first, and some processes see only
one run. This module knows records of runs, and plays only the part of one general.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

from byzverify.crosscheck import differences
from byzverify.crosscheck.children import Apart, in_children
from byzverify.crosscheck.differences import Difference, Found
from byzverify.crosscheck.playing import Choice, GeneralLog, RecordedRun, answers, played_again
from byzverify.language.messages import General
from byzverify.language.protocol import MOST, Protocol

CHECKER = ("byzverify.engines.finite", "byzverify.logic", "z3")

T = TypeVar("T")

_HIDDEN: list[ModuleType] = []
"""The checker's modules in a process that runs a general: to keep them is quicker than to free their memory."""


def those_alone(protocol: Protocol, most: int) -> list[General]:
    """The generals who are run alone: a fixed random sample of at most this many."""
    return random.Random(0).sample(range(protocol.n), min(most, protocol.n))


def rerun_alone(
    protocol: Protocol,
    records: Sequence[RecordedRun],
    most: int = MOST,
    singly: int = 0,
    apart: Apart[Any] = in_children,
    among: Sequence[General] = (),
) -> Found:
    """Run up to `most` generals again, each alone, with his inboxes of each run.

    singly: how many times, for all generals together, a general is run in a process that sees only one run. apart: in
    which process each runs. among: generals who are chosen in any case.
    """
    found = Found()
    chosen = list(dict.fromkeys([*among, *those_alone(protocol, most)]))[: max(most, len(among))]
    asked: list[tuple[General, list[RecordedRun]]] = []
    for me in chosen:
        mine = [records[one] for one in _sequence(me, len(records)) if me in records[one].parts]
        asked += [(me, part) for part in _parts(mine, singly, len(chosen))]
        found.alone += len(mine)
    again = apart(partial(_played_alone, protocol, me, part) for me, part in asked)
    for (me, part), played in zip(asked, again, strict=True):
        for record, log in zip(part, played, strict=True):
            difference = differences.between_alone(protocol, record, me, log)
            found.differences += [difference] if difference else []
    return found


def _played_alone(protocol: Protocol, me: General, records: Sequence[RecordedRun]) -> list[GeneralLog]:
    checker = [name for name in sys.modules if name.startswith(CHECKER)]
    _HIDDEN.extend(map(sys.modules.pop, checker))  # in real use, no checker is loaded beside a general
    return [played_again(protocol, me, record.parts[me]) for record in records]


def rerun_conditions(
    protocol: Protocol,
    records: Sequence[RecordedRun],
    before: Mapping[Choice, Sequence[str]],
    singly: int = 0,
    apart: Apart[Any] = in_children,
) -> list[Difference]:
    """Evaluate conditions again for some choices of witnesses, the last choice first.

    before: what the conditions said about the runs. singly: how many times, for all choices together, a process sees
    only one run. apart: in which process each choice is evaluated.
    """
    asked = [
        (choice, part)
        for turn, choice in enumerate(list(before)[::-1])
        for part in _parts(_sequence(turn, len(records)), singly, len(before))
    ]
    again = apart(partial(answers, protocol, [records[one] for one in part], choice) for choice, part in asked)
    found: list[Difference] = []
    for (choice, part), said in zip(asked, again, strict=True):
        pairs = zip((before[choice][one] for one in part), said, strict=True)
        compared = (differences.between_answers(choice, once, now) for once, now in pairs)
        found += [difference for difference in compared if difference]
    return found


def _sequence(turn: int, number: int) -> list[int]:
    """The numbers below `number`, in a random sequence that depends only on `turn`."""
    return random.Random(turn).sample(range(number), number)


def _parts(some: list[T], singly: int, among: int) -> list[list[T]]:
    """The runs of one general or choice for each process: all, and then single ones, but not the first of all again."""
    return [some, *([one] for one in some[1 : 1 + -(-singly // among)])]
