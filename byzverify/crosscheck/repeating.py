"""Generals and conditions once more, each in processes of its own: what they do must be what they did in the runs.

What one execution leaves for the next is there in each later one, and so the later ones agree. Therefore a process goes
through the runs in a sequence of its own, so that another run comes first; and some processes see one run only. This
module knows records of runs, and plays none but a general's own part.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from typing import TypeVar

from byzverify.crosscheck import differences
from byzverify.crosscheck.children import in_a_child
from byzverify.crosscheck.differences import Difference, Found
from byzverify.crosscheck.playing import Choice, GeneralLog, RunLog, answers, played_again
from byzverify.language.messages import General
from byzverify.language.protocol import MOST, Protocol

CHECKER = ("byzverify.checking", "byzverify.logic", "z3")

T = TypeVar("T")


def alone(protocol: Protocol, records: Sequence[RunLog], most: int = MOST, singly: int = 0) -> Found:
    """So many generals once more, each in a process of his own, on what he read in each run.

    singly: how many times a general is run in a process that sees one run, among all generals.
    """
    found = Found()
    chosen = random.Random(0).sample(range(protocol.n), min(most, protocol.n))
    for me in chosen:
        mine = [records[one] for one in _sequence(me, len(records)) if me in records[one].parts]
        single = _singled(mine, singly, len(chosen))
        again = in_a_child(_played_alone, protocol, me, mine)
        again += [part for record in single for part in in_a_child(_played_alone, protocol, me, [record])]
        found.alone += len(mine)
        for record, part in zip([*mine, *single], again, strict=True):
            difference = differences.alone(protocol, record, me, part)
            found.differences += [difference] if difference else []
    return found


def _played_alone(protocol: Protocol, me: General, records: Sequence[RunLog]) -> list[GeneralLog]:
    for name in [name for name in sys.modules if name.startswith(CHECKER)]:
        del sys.modules[name]  # where generals run for real, no checker is loaded
    return [played_again(protocol, me, record.parts[me]) for record in records]


def asked_again(
    protocol: Protocol,
    records: Sequence[RunLog],
    before: Mapping[Choice, Sequence[str]],
    singly: int,
    together: bool,
) -> list[Difference]:
    """Conditions once more, some choices of witnesses, each in a process of its own.

    before: what was said of the runs. singly: how many times a process sees one run, among all choices. together: all
    choices in one process, the last first.
    """
    found: list[Difference] = []
    choices = list(before)[::-1]
    for turn, some in enumerate([choices] if together else [[choice] for choice in choices]):
        sequence = _sequence(turn, len(records))
        parts = [sequence, *([one] for one in _singled(sequence, singly, len(choices)))]
        for part in parts:
            again = in_a_child(_all_answers, protocol, [records[one] for one in part], some)
            said = [(choice, before[choice][one]) for choice in some for one in part]
            compared = (
                differences.asked_again(choice, once, now) for (choice, once), now in zip(said, again, strict=True)
            )
            found += [difference for difference in compared if difference]
    return found


def _all_answers(protocol: Protocol, records: Sequence[RunLog], choices: Sequence[Choice]) -> list[str]:
    return [answer for choice in choices for answer in answers(protocol, records, choice)]


def _sequence(turn: int, number: int) -> list[int]:
    """So many numbers in a sequence that depends on whose turn it is."""
    return random.Random(turn).sample(range(number), number)


def _singled(some: list[T], singly: int, among: int) -> list[T]:
    """The share of one among so many; the first of the sequence comes first in any case."""
    return some[1 : 1 + -(-singly // among)]
