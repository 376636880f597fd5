"""Differences between executions of a program that should be the same, and how to report them.

A difference names a run, as small as it could be made, the general who does something else in it, and the place where
the executions diverge. This module knows records of runs, and no terms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from byzverify.crosscheck.playing import Choice, GeneralLog, RecordedRun
from byzverify.language.labels import spelled
from byzverify.language.messages import EVERYONE, General
from byzverify.language.protocol import Protocol
from byzverify.scenario.wording import failing, failing_all, plural, spoken
from byzverify.simulation.trial import Trial, called

TRIES = 60
"""How many runs are played, at most, to shrink a run with a difference."""

FUNCTION = (
    "a program may depend only on what its general is given, and a condition only on what it is asked about: store "
    "nothing in the protocol, its class, a module or a default argument, and use no random numbers, clocks or order of "
    "sets"
)


@dataclass(frozen=True)
class Difference:
    """A difference, in one line. ours: whether a bug in byzverify could be the reason, too."""

    text: str
    ours: bool = False


class Parting(NamedTuple):
    """Where the executions of one run diverge: what a general sends in a round in the simulator, and what as terms."""

    round: int
    me: General
    sent: Sequence[str]
    as_terms: Sequence[str]


@dataclass
class Found:
    """The results of an examination.

    runs: how many runs were played. alone: how many times a general was run again by himself. differences: what
    contradicts a proof. broken: the conditions that fail in a run, by name, each with its report. smaller: the
    parameters of the smaller instance that was played if no run of the right size is short enough. fresh: whether the
    examination was in a fresh interpreter. records: some of the runs, to be repeated with other hashes. answers: what
    conditions said about them.
    """

    runs: int = 0
    alone: int = 0
    differences: list[Difference] = field(default_factory=list)
    broken: dict[str, Difference] = field(default_factory=dict)
    smaller: Mapping[str, Any] | None = None
    fresh: bool = False
    records: Sequence[RecordedRun] = ()
    answers: Mapping[Choice, Sequence[str]] = field(default_factory=dict)

    def __iadd__(self, other: Found) -> Found:
        self.runs += other.runs
        self.alone += other.alone
        self.differences += other.differences
        self.broken = other.broken | self.broken
        self.smaller = self.smaller or other.smaller
        return self


def smallest(true: Collection[int], differs: Callable[[Collection[int]], bool]) -> Collection[int]:
    """A small part of these variables that still makes a difference. Tries to leave out each, within limits."""
    kept = set(true)
    for number in sorted(kept)[:TRIES]:
        if differs(kept - {number}):
            kept.discard(number)
    return kept


def decides_otherwise(record: RecordedRun) -> General | None:
    """The first general who decides something else in the run than the terms predicted; None if nobody does."""
    predicted = record.plan.predicted.items()
    return next((one for one, said in predicted if one in record.parts and record.parts[one].decided() != said), None)


def told(protocol: Protocol, record: RecordedRun, where: str = "") -> Difference | None:
    """The difference if a general decides something else in a run than the terms predicted; else None.

    where: the place at which the two executions diverge, in words.
    """
    general = decides_otherwise(record)
    if general is None:
        return None
    simulated, predicted = record.parts[general].decided(), record.plan.predicted[general]
    return Difference(
        f"the simulator and the terms come to different decisions: general {general} decides {simulated} in the "
        f"simulator, and {predicted} in the terms, in {in_words(protocol, record)}{where}",
        ours=True,
    )


def repeated(protocol: Protocol, record: RecordedRun) -> Difference | None:
    """The difference if a general decides something else in the replay of an attack; None if all decide the same."""
    general = decides_otherwise(record)
    if general is None:
        return None
    before, now = record.plan.predicted[general], record.parts[general].decided()
    return Difference(
        f"general {general} decides {before} where the attack was found, and {now} when it is played in a fresh "
        f"process, in {in_words(protocol, record)}; {FUNCTION}"
    )


def fails(protocol: Protocol, record: RecordedRun, name: str, witnesses: Sequence[General]) -> Difference:
    """The difference that a proved condition fails in a run."""
    before = " and ".join(f"general {one} decides {record.parts[one].decided()}" for one in witnesses)
    return Difference(
        f"{name} is proved, but fails in a simulated run: {before}, in {in_words(protocol, record)}", ours=True
    )


def between_alone(protocol: Protocol, record: RecordedRun, me: General, again: GeneralLog) -> Difference | None:
    """The difference if a general does something else when he runs alone; None if he does the same."""
    part = record.parts[me]
    for number, (before, now) in enumerate(zip(part.sent, again.sent, strict=False), start=1):
        if before != now:
            return _alone(protocol, record, me, f"sends {_first(before, now)} in round {number}", _first(now, before))
    if part.decided() != again.decided() or len(part.sent) != len(again.sent):
        return _alone(protocol, record, me, f"decides {part.decided()}", again.decided())
    return None


def _alone(protocol: Protocol, record: RecordedRun, me: General, did: str, now: object) -> Difference:
    return Difference(
        f"general {me} {did}, but {now} when he runs alone on the same messages, in {in_words(protocol, record)}; "
        f"{FUNCTION}"
    )


def between_answers(choice: Choice, before: str, now: str) -> Difference | None:
    """The difference if a condition says something else when it is evaluated again; None if it says the same."""
    if before == now:
        return None
    name, witnesses = choice
    return Difference(
        f"the condition {name}, asked about generals {', '.join(map(str, witnesses))}, first {before}, then {now} when "
        f"it is asked again; {FUNCTION}"
    )


def in_words(protocol: Protocol, record: RecordedRun) -> str:
    """The run in words: who fails, who starts with what, and which lies are told."""
    trial = Trial(protocol, record.plan.modes, record.orders, record.lies)
    parts = [*_faulty(trial), *_starts(trial), *_lies(trial)]
    return f"a run of {called(protocol)} in which {'; '.join(parts)}"


def _faulty(trial: Trial) -> Iterator[str]:
    if not trial.faults:
        yield "nobody fails"
    for mode in sorted(set(trial.faults.values())):
        who = [general for general, its in trial.faults.items() if its is mode]
        what = f"is {failing(mode)}" if len(who) == 1 else f"are {failing_all(mode)}"
        yield f"{plural('general', who)} {what}"


def _starts(trial: Trial) -> Iterator[str]:
    for order in sorted({order.name for order in trial.orders.values()}):
        who = [general for general, its in trial.orders.items() if its.name == order]
        yield f"{plural('general', who)} {'starts' if len(who) == 1 else 'start'} with {order}"


def _lies(trial: Trial) -> Iterator[str]:
    """What each faulty general tells whom in a round, one after the other."""
    told: dict[tuple[int, General], list[str]] = {}
    for (number, sender, receiver, label), order in trial.said.items():
        whom = "all" if receiver == EVERYONE else str(receiver)
        about = f" about {spelled(label)}" if label != () else ""
        told.setdefault((number, sender), []).append(f"{whom} {spoken(order)}{about}")
    for (number, sender), said in sorted(told.items()):
        yield f"in round {number} general {sender} tells {', '.join(said)}"


def where(parting: Parting | None) -> str:
    """Where a run in the simulator and the same run as terms diverge, in words."""
    if parting is None:
        return "; all loyal generals send the same"
    there, here = _first(parting.sent, parting.as_terms), _first(parting.as_terms, parting.sent)
    place = f"in round {parting.round}, where general {parting.me}"
    return f"; they first differ {place} sends {there} in the simulator, and {here} in the terms"


def _first(some: Sequence[str], others: Sequence[str]) -> str:
    """The first of these that is not among the others; a text that says so if there is none."""
    return next((one for one in some if one not in others), "nothing")
