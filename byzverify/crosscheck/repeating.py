"""Generals and conditions once more, apart from the runs: what they do must be what they did there.

What one execution leaves for the next is there in each later one, and so the later ones agree. Therefore each general
and each choice of witnesses has a process of its own, unless the effort says otherwise; it goes through the runs in a
sequence of its own, so that another run comes first; and some processes see one run only. This module knows records of
runs, and plays none but a general's own part.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from byzverify.crosscheck import differences
from byzverify.crosscheck.children import in_a_child
from byzverify.crosscheck.differences import Difference, Found
from byzverify.crosscheck.playing import Choice, GeneralLog, RecordedRun, answers, played_again
from byzverify.language.messages import General
from byzverify.language.protocol import MOST, Protocol

CHECKER = ("byzverify.engines.finite", "byzverify.logic", "z3")

T = TypeVar("T")

Apart = Callable[..., Any]
"""Where something is done: it returns what a function, its first argument, returns for the others."""


def here(function: Callable[..., T], *arguments: Any) -> T:
    """What the function returns, in this process."""
    return function(*arguments)


def those_alone(protocol: Protocol, most: int) -> list[General]:
    """A fixed random sample of so many generals: those who are run alone."""
    return random.Random(0).sample(range(protocol.n), min(most, protocol.n))


def rerun_alone(
    protocol: Protocol,
    records: Sequence[RecordedRun],
    most: int = MOST,
    singly: int = 0,
    apart: Apart = in_a_child,
    among: Sequence[General] = (),
) -> Found:
    """So many generals once more, each by himself, on what he read in each run.

    singly: how many times a general is run in a process that sees one run, among all generals. apart: where each is.
    among: who are among them in any case.
    """
    found = Found()
    chosen = list(dict.fromkeys([*among, *those_alone(protocol, most)]))[: max(most, len(among))]
    for me in chosen:
        mine = [records[one] for one in _sequence(me, len(records)) if me in records[one].parts]
        single = _singled(mine, singly, len(chosen))
        again = apart(_played_alone, protocol, me, mine)
        again += [part for record in single for part in apart(_played_alone, protocol, me, [record])]
        found.alone += len(mine)
        for record, part in zip([*mine, *single], again, strict=True):
            difference = differences.between_alone(protocol, record, me, part)
            found.differences += [difference] if difference else []
    return found


def _played_alone(protocol: Protocol, me: General, records: Sequence[RecordedRun]) -> list[GeneralLog]:
    for name in [name for name in sys.modules if name.startswith(CHECKER)]:
        del sys.modules[name]  # where generals run for real, no checker is loaded
    return [played_again(protocol, me, record.parts[me]) for record in records]


def rerun_conditions(
    protocol: Protocol,
    records: Sequence[RecordedRun],
    before: Mapping[Choice, Sequence[str]],
    singly: int = 0,
    apart: Apart = in_a_child,
) -> list[Difference]:
    """Conditions once more, of some choices of witnesses, the last first.

    before: what was said of the runs. singly: how many times a process sees one run, among all choices. apart: where
    each choice is asked.
    """
    found: list[Difference] = []
    for turn, choice in enumerate(list(before)[::-1]):
        sequence = _sequence(turn, len(records))
        for part in [sequence, *([one] for one in _singled(sequence, singly, len(before)))]:
            again = apart(answers, protocol, [records[one] for one in part], choice)
            pairs = zip((before[choice][one] for one in part), again, strict=True)
            compared = (differences.between_answers(choice, once, now) for once, now in pairs)
            found += [difference for difference in compared if difference]
    return found


def _sequence(turn: int, number: int) -> list[int]:
    """So many numbers in a sequence that depends on whose turn it is."""
    return random.Random(turn).sample(range(number), number)


def _singled(some: list[T], singly: int, among: int) -> list[T]:
    """One process's share of the runs that are met singly, without the first, which the whole sequence begins with."""
    return some[1 : 1 + -(-singly // among)]
