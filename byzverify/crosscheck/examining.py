"""The examination of a proof: runs in the simulator, against terms and before the judge, and each general alone.

It is carried out in a process that has loaded the model and run nothing. Whatever runs a program is a child of that
process, so that no run finds what another has left behind. What a program does alone, on the same inboxes, must be what
it did among the others, and what it decides must be what its terms say.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from byzverify.aside import forked
from byzverify.checking.obligations import Obligations
from byzverify.checking.scenarios import Case, Scenario
from byzverify.crosscheck import differences
from byzverify.crosscheck.assignments import Predictions, parting
from byzverify.crosscheck.differences import Difference
from byzverify.crosscheck.plans import Plan, faulty_sets, how_many_cover
from byzverify.crosscheck.playing import Choice, GeneralLog, RunLog, TooLong, choices_of, judged, play, played_again
from byzverify.errors import ProtocolError, RuleBroken, UsageError
from byzverify.language.faults import Budget, Faults
from byzverify.language.messages import General
from byzverify.language.protocol import MOST, Protocol, parameters
from byzverify.logic.terms import SimplifiedTerms

OUTSIDE = (
    *("os.mkdir", "os.rmdir", "os.rename", "os.remove", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.utime"),
    *("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "subprocess.Popen"),
    *("socket.bind", "socket.connect", "socket.sendto"),
)
"""What Python calls things that other processes could notice. The list is a help, and no proof that there are none."""

T = TypeVar("T")


SEED = 0
"""Decides all that is drawn: the same is played wherever the same is asked."""

CHECKER = ("byzverify.checking", "byzverify.logic", "z3")


@dataclass(frozen=True)
class Effort:
    """How much is played.

    orders: how many may be sent in all. fewest: so many runs are played, if that allows it; most: so many, where runs
    are short. short: a scenario of the check is compared where a run sends no more orders than this; so many are sent
    by a smaller instance. covers: whether runs are added until each general was faulty once. alone: how many generals
    are run once more by themselves. choices: of how many choices of witnesses each condition is asked again; of one,
    all in one process. beside: whether all that begins while the check is under way.
    """

    orders: int = 200_000
    fewest: int = 16
    most: int = 48
    short: int = 20_000
    covers: bool = True
    alone: int = MOST
    choices: int = 4
    beside: bool = True

    def runs(self, sent: int, cover: int) -> int:
        """How many runs are played that send about so many orders each; so many cover all generals."""
        fitting = self.orders // max(1, sent)
        worthwhile = max(self.fewest, cover * self.covers, min(self.most, self.orders // 100 // max(1, sent)))
        return min(fitting, worthwhile)


@dataclass
class Found:
    """What came of an examination.

    runs: how many runs were played. alone: how many times a general did the same alone. differences: what must not be.
    broken: the conditions that fail in a run, by name, each with what to say of it. smaller: the parameters of the
    instance that was played where no run of the right size is short enough. fresh: whether it was in a fresh
    interpreter. records: some of the runs, for generals with other hashes.
    """

    runs: int = 0
    alone: int = 0
    differences: list[Difference] = field(default_factory=list)
    broken: dict[str, Difference] = field(default_factory=dict)
    smaller: Mapping[str, Any] | None = None
    fresh: bool = False
    records: Sequence[RunLog] = ()

    def __iadd__(self, other: Found) -> Found:
        self.runs += other.runs
        self.alone += other.alone
        self.differences += other.differences
        self.broken = other.broken | self.broken
        self.smaller = self.smaller or other.smaller
        return self


@dataclass
class _Played:
    """What one child of this process has played, and what conditions said there of some choices of witnesses."""

    records: list[RunLog] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    answers: dict[Choice, list[str]] = field(default_factory=dict)


def examine(protocol: Protocol, budget: Budget, effort: Effort, plans: Sequence[Plan] = ()) -> Found:
    """Play runs of this instance; of the largest smaller one that fits, where a run of this one is too long.

    plans: whose decisions terms have predicted elsewhere; they are played, too.
    """
    played = _apart(_played, protocol, budget, effort, plans)
    if played.records:
        played.found += alone(protocol, played.records, effort.alone)
        played.found += _asked_again(protocol, played, together=effort.choices == 1)
        played.found.records = played.records[: effort.fewest]
        return played.found
    for smaller, fewer in _smaller(protocol, budget):
        less = _apart(_played, smaller, fewer, replace(effort, orders=effort.short), ())
        if less.records:
            less.found.broken = {}  # nobody has said that the conditions hold there
            less.found.smaller = {one.name: getattr(smaller, one.name) for one in parameters(smaller)}
            less.found += alone(smaller, less.records, effort.alone)
            return less.found
    return played.found


def examine_these(protocol: Protocol, plans: Sequence[Plan], effort: Effort) -> Found:
    """Play these plans, whose decisions terms have predicted elsewhere."""
    return _apart(_compared, protocol, plans, effort)


def _apart(function: Callable[..., T], *arguments: Any) -> T:
    """What the function returns in a child of this process, which may change nothing outside of itself."""
    returned: T = forked(partial(_inside, partial(function, *arguments)))
    return returned


def _inside(work: Callable[[], T]) -> T:
    """Do work in this process, which is a child for it, and let nothing in it write a file or start a process."""
    sys.addaudithook(_refuse)
    try:
        return work()
    except RuleBroken as error:  # outside of a general's program, such as in `__post_init__`
        raise ProtocolError(f"the model {error}") from None


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Called by Python before it does something outside of the process."""
    if event == "open":
        path, _, flags = arguments
        written = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if written and "__pycache__" not in str(path):
            raise RuleBroken(f"opens {path} for writing, where another general could find it")
    elif event in OUTSIDE:
        raise RuleBroken(f"does something outside of its process ({event})")


def _played(protocol: Protocol, budget: Budget, effort: Effort, plans: Sequence[Plan]) -> _Played:
    """Runs with all kinds of faulty sets, each compared with terms of its own, until one would send too many orders."""
    played = _Played()
    records, found = played.records, played.found
    first = next(faulty_sets(protocol.n, budget, SEED))
    with suppress(TooLong):
        sent = play(protocol, Plan.drawn(protocol, first, SEED), effort.orders).sent
        left, number = effort.orders, effort.runs(sent, how_many_cover(protocol.n, budget))
        for turn, faults in enumerate(islice(faulty_sets(protocol.n, budget, SEED), number)):
            records.append(_compared_with_terms(protocol, faults, SEED + turn, left, found))
            left -= records[-1].sent
            if found.differences:
                break
    _judge(protocol, records, found)
    if records:
        choices = choices_of(protocol, records[0], effort.choices)
        played.answers = {choice: _answers(protocol, records, choice) for choice in choices}
        found += _compared(protocol, plans, effort)
    return played


def _compared_with_terms(protocol: Protocol, faults: Faults, seed: int, most: int, found: Found) -> RunLog:
    """A run with these faulty generals, drawn from what terms predict. Raises TooLong."""
    loyal = [general for general in protocol.problem.deciders(protocol.n) if general not in faults]
    if not loyal:
        return play(protocol, Plan.drawn(protocol, faults, seed), most)
    cases = tuple(Case(protocol.problem.conditions[0], (general,)) for general in loyal)
    predictions = Predictions(Obligations(protocol, Scenario(faults, 1, cases, folded=False), SimplifiedTerms()), seed)

    def differing(true: Collection[int]) -> RunLog | None:
        record = play(protocol, predictions.plan(true), most)
        return None if differences.decides_otherwise(record) is None else record

    true = predictions.drawn()
    record = play(protocol, predictions.plan(true), most)
    if differences.decides_otherwise(record) is not None:
        least = differences.smallest(true, lambda fewer: differing(fewer) is not None)
        record = differing(least) or record
        names = {predictions.names[number] for number in least}
        where = differences.where(parting(protocol, record, names))
        found.differences.append(differences.told(protocol, record, where))
    return record


def _compared(protocol: Protocol, plans: Sequence[Plan], effort: Effort) -> Found:
    """The runs of these plans, as far as they may send so many orders."""
    found = Found()
    records: list[RunLog] = []
    for plan in plans:
        with suppress(TooLong):
            records.append(play(protocol, plan, effort.orders - sum(record.sent for record in records)))
    for record in records:
        if differences.decides_otherwise(record) is not None:
            found.differences.append(differences.told(protocol, record))
    _judge(protocol, records, found)
    return found


def _judge(protocol: Protocol, records: Sequence[RunLog], found: Found) -> None:
    """Note the conditions that fail, each in the run with the fewest faulty generals and lies."""
    found.runs += len(records)
    for record in sorted(records, key=lambda record: (len(record.plan.faults), len(record.lies))):
        for name, witnesses in record.broken(protocol).items():
            found.broken.setdefault(name, differences.fails(protocol, record, name, witnesses))


def alone(protocol: Protocol, records: Sequence[RunLog], most: int = MOST) -> Found:
    """So many generals once more, each in a process of his own, on what he read in each run."""
    found = Found()
    for me in random.Random(SEED).sample(range(protocol.n), min(most, protocol.n)):
        mine = [record for record in records if me in record.parts]
        again = _apart(_played_alone, protocol, me, mine)
        found.alone += len(mine)
        for record, part in zip(mine, again, strict=True):
            difference = differences.alone(protocol, record, me, part)
            found.differences += [difference] if difference else []
    return found


def _played_alone(protocol: Protocol, me: General, records: Sequence[RunLog]) -> list[GeneralLog]:
    for name in [name for name in sys.modules if name.startswith(CHECKER)]:
        del sys.modules[name]  # where generals run for real, no checker is loaded
    return [played_again(protocol, me, record.parts[me]) for record in records]


def _asked_again(protocol: Protocol, played: _Played, together: bool) -> Found:
    """Conditions once more, some choices of witnesses, each in a process of its own, of the runs in another sequence.

    So each choice is asked first of another run: a condition that says something else the first time is noticed.
    together: all choices in one process, the last first.
    """
    found = Found()
    choices = list(played.answers)[::-1]
    for turn, some in enumerate([choices] if together else [[choice] for choice in choices]):
        sequence = random.Random(turn).sample(range(len(played.records)), len(played.records))
        again = [played.records[one] for one in sequence]
        answers = _apart(_all_answers, protocol, again, some)
        before = [(choice, played.answers[choice][one]) for choice in some for one in sequence]
        found.differences += [
            different
            for (choice, said), now in zip(before, answers, strict=True)
            if (different := differences.asked_again(choice, said, now))
        ]
    return found


def _all_answers(protocol: Protocol, records: Sequence[RunLog], choices: Sequence[Choice]) -> list[str]:
    return [answer for choice in choices for answer in _answers(protocol, records, choice)]


def _answers(protocol: Protocol, records: Sequence[RunLog], choice: Choice) -> list[str]:
    """What the condition of a choice says of each run."""
    return [judged(protocol, record, choice) for record in records]


def _smaller(protocol: Protocol, budget: Budget) -> Iterator[tuple[Protocol, Budget]]:
    """Smaller instances of the same model, the largest first, each with as many faults for its size, or fewer."""
    given = {one.name: getattr(protocol, one.name) for one in parameters(protocol)}
    for n in range(protocol.n - 1, 1, -1):
        fewer = {mode: number * n // protocol.n for mode, number in budget.items()}
        sizes = {"n": n} | ({"m": given["m"] * n // protocol.n} if "m" in given else {})
        try:
            yield type(protocol)(**given | sizes), {mode: number for mode, number in fewer.items() if number}
        except (UsageError, ProtocolError):
            continue
