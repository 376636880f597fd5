"""Fault modes: how a general can fail. They act on the channel; no general's program ever knows of them.

The law of this file: every mode includes acting loyally all the time, so a general that may fail may also not fail.
What counts as a *lapse* in each mode is stated by the engine in `engines/finite/failure_semantics.py`, by the simulator
in `simulation/granting.py`, and by each export in its channel: independently, on purpose, so that they check one
another. A message of several fields has one label, so it lapses as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import assert_never

from byzverify.errors import UsageError, meant
from byzverify.language.messages import General


class Fault(StrEnum):
    """What a faulty general can do to what a loyal general in his place would send.

    Sources: the modes byzantine ("arbitrary"), symmetric and manifest ("benign") as in Thambidurai & Park 1988 and
    Lincoln & Rushby 1993; omission and crash as in Hadzilacos & Toueg 1993, section 2, on the sending side.
    """

    BYZANTINE = "byzantine"
    """Say anything to anyone: to each receiver, under each label, any order or nothing; in each field of a message any
    order or nothing. May sign in any other traitor's name."""
    SYMMETRIC = "symmetric"
    """Under each label of a round, either what a loyal general would say or one thing to all: any order, or nothing."""
    OMISSION = "omission"
    """To each receiver, under each label, what a loyal general would say, or nothing."""
    CRASH = "crash"
    """Act loyally up to some round, omit any part of what is to be said in it, and say nothing afterwards."""
    MANIFEST = "manifest"
    """Under each label of a round, send what a loyal general would say, or nothing to all, so that they notice."""


def lies(mode: Fault | None) -> bool:
    """Whether a general with this mode can invent messages; he then shares his signature with the other traitors."""
    match mode:
        case Fault.BYZANTINE | Fault.SYMMETRIC:
            return True
        case Fault.OMISSION | Fault.CRASH | Fault.MANIFEST | None:
            return False
        case _:
            assert_never(mode)


def only_lapses(modes: Collection[Fault]) -> bool:
    """Whether there are modes and none of them lets a general invent messages."""
    return bool(modes) and not any(map(lies, modes))


Faults = dict[General, Fault]
"""The faulty generals, each with his mode; all others are loyal."""

Budget = dict[Fault, int]
"""The maximum number of generals that may fail in each mode."""


def _mode(name: str) -> Fault:
    if name not in list(Fault):
        raise UsageError(f"no fault mode is called {name!r}; there are {', '.join(Fault)}{meant(name, Fault)}")
    return Fault(name)


def faults_of(traitors: Collection[General] | Mapping[General, str]) -> Faults:
    """Faulty generals with their modes, ascending; generals named without a mode are byzantine.

    Raises UsageError for a mode that does not exist, and for keys that are no generals' numbers.
    """
    named = isinstance(traitors, Collection) and not isinstance(traitors, str)
    if not named or not all(isinstance(general, int) for general in traitors):
        raise UsageError(f"faulty generals are named by their numbers, as {{3, 4}} or {{3: 'crash'}}, not {traitors!r}")
    modes = traitors if isinstance(traitors, Mapping) else dict.fromkeys(traitors, Fault.BYZANTINE)
    return {general: _mode(modes[general]) for general in sorted(modes)}


def budget_of(numbers: int | Mapping[str, int] | Mapping[Fault, int]) -> Budget:
    """The budget given by a number of byzantine generals or by numbers for each mode; zeros are left out.

    Raises UsageError for a mode that does not exist or a number that makes no sense.
    """
    given = numbers if isinstance(numbers, Mapping) else {Fault.BYZANTINE: numbers}
    for mode, number in given.items():
        _mode(mode)
        if type(number) is not int or number < 0:
            raise UsageError(f"how many generals may fail must be a whole number, 0 or more, not {number!r}")
    return {mode: given[mode] for mode in Fault if given.get(mode)}


def read_budget(text: str) -> Budget:
    """The budget in a text such as `byzantine=1,manifest=2`. Raises UsageError for any other text."""
    numbers: dict[str, int] = {}
    for part in text.split(","):
        mode, _, number = part.strip().partition("=")
        if number[:1] == "-" and number[1:].isdecimal():
            raise UsageError(f"how many generals may fail cannot be negative: {part.strip()}")
        if mode in numbers:
            raise UsageError(f"the fault mode {mode} is named twice in {text!r}")
        if not number.isdecimal() or len(number) > 9:
            raise UsageError(f"write how many may fail in each mode as byzantine=1,manifest=1, not {text!r}")
        numbers[mode] = int(number)
    return budget_of(numbers)
