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
from typing import Any

from byzverify.aside import forked
from byzverify.checking.obligations import Obligations
from byzverify.checking.scenarios import Case, Scenario
from byzverify.crosscheck import differences
from byzverify.crosscheck.assignments import Foreseen
from byzverify.crosscheck.differences import Difference
from byzverify.crosscheck.plans import Plan, faulty_sets, how_many_cover
from byzverify.crosscheck.playing import Choice, GeneralLog, RunLog, TooLong, choices_of, judged, play, played_again
from byzverify.errors import ProtocolError, RuleBroken, UsageError
from byzverify.language.faults import Budget, Faults
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol, parameters
from byzverify.logic.terms import SimplifiedTerms

OUTSIDE = ("os.mkdir", "os.rename", "os.remove", "os.system", "os.posix_spawn", "subprocess.Popen", "socket.connect")
"""What Python calls things that others could notice."""


CHECKER = ("byzverify.checking", "byzverify.logic", "z3")


@dataclass(frozen=True)
class Effort:
    """How much is played: so many orders are sent in all, in so many runs at least and at most.

    short: where a run sends no more orders than this, there are at least `fewest` runs, unless `orders` are sent.
    choices: of how many choices of witnesses each condition is asked again. beside: whether all that begins while the
    check is under way.
    """

    orders: int = 200_000
    fewest: int = 16
    most: int = 48
    short: int = 20_000
    choices: int = 4
    beside: bool = True

    def runs(self, sent: int, cover: int) -> int:
        """How many runs are played that send about so many orders each; so many cover all generals."""
        fitting = self.orders // max(1, sent)
        worthwhile = max(self.fewest, cover, min(self.most, self.orders // 100 // max(1, sent)))
        return min(fitting, worthwhile) if sent <= self.short else fitting


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


def examine(protocol: Protocol, budget: Budget, effort: Effort, seed: int = 0) -> Found:
    """Play runs of this instance; of the largest smaller one that fits, where a run of this one is too long."""
    records, found = _played_apart(protocol, budget, effort, seed)
    if records:
        found += alone(protocol, records, seed)
        found += _asked_again(protocol, records, effort)
        found.records = records[: effort.fewest]
        return found
    for smaller, fewer in _smaller(protocol, budget):
        records, found = _played_apart(smaller, fewer, replace(effort, orders=effort.short), seed)
        if records:
            found.broken = {}  # nobody has said that the conditions hold there
            found.smaller = {one.name: getattr(smaller, one.name) for one in parameters(smaller)}
            found += alone(smaller, records, seed)
            break
    return found


def examine_these(protocol: Protocol, plans: Sequence[Plan], effort: Effort) -> Found:
    """Play these plans, whose decisions terms have foretold elsewhere."""
    found: Found = forked(partial(_inside, partial(_compared, protocol, plans, effort)))
    return found


def _played_apart(protocol: Protocol, budget: Budget, effort: Effort, seed: int) -> tuple[list[RunLog], Found]:
    """What `_played` gives, in a child of this process."""
    played: tuple[list[RunLog], Found] = forked(partial(_inside, partial(_played, protocol, budget, effort, seed)))
    return played


def _inside(work: Callable[[], Any]) -> Any:
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


def _played(protocol: Protocol, budget: Budget, effort: Effort, seed: int) -> tuple[list[RunLog], Found]:
    """Runs with all kinds of faulty sets, each compared with terms of its own; no records where one is too long."""
    records: list[RunLog] = []
    found = Found()
    sets = faulty_sets(protocol.n, budget, seed)
    try:
        sent = play(protocol, Plan.drawn(protocol, next(sets), seed), effort.orders).sent
        left = effort.orders
        for turn, faults in enumerate(islice(sets, effort.runs(sent, how_many_cover(protocol.n, budget)))):
            records.append(_compared_with_terms(protocol, faults, seed + turn, left, found))
            left -= records[-1].sent
            if found.differences:
                break
    except TooLong:
        pass
    _judge(protocol, records, found)
    return records, found


def _compared_with_terms(protocol: Protocol, faults: Faults, seed: int, most: int, found: Found) -> RunLog:
    """A run with these faulty generals, drawn from what terms foretell. Raises TooLong."""
    loyal = [general for general in protocol.problem.deciders(protocol.n) if general not in faults]
    if not loyal:
        return play(protocol, Plan.drawn(protocol, faults, seed), most)
    cases = tuple(Case(protocol.problem.conditions[0], (general,)) for general in loyal)
    foreseen = Foreseen(Obligations(protocol, Scenario(faults, 1, cases, folded=False), SimplifiedTerms()), seed)

    def differing(true: Collection[int]) -> RunLog | None:
        record = play(protocol, foreseen.plan(true), most)
        return None if differences.decides_otherwise(record) is None else record

    true = foreseen.drawn()
    record = play(protocol, foreseen.plan(true), most)
    if differences.decides_otherwise(record) is not None:
        least = differences.smallest(true, lambda fewer: differing(fewer) is not None)
        record = differing(least) or record
        names = {foreseen.names[number] for number in least}
        found.differences.append(differences.told(protocol, record, differences.parting(protocol, record, names)))
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


def alone(protocol: Protocol, records: Sequence[RunLog], seed: int = 0) -> Found:
    """Each general once more, in a process of his own, on what he read in each run."""
    found = Found()
    for me in random.Random(seed).sample(range(protocol.n), protocol.n):
        mine = [record for record in records if me in record.parts]
        again = forked(partial(_inside, partial(_played_alone, protocol, me, mine)))
        found.alone += len(mine)
        for record, part in zip(mine, again, strict=True):
            difference = differences.alone(protocol, record, me, part)
            found.differences += [difference] if difference else []
    return found


def _played_alone(protocol: Protocol, me: General, records: Sequence[RunLog]) -> list[GeneralLog]:
    for name in [name for name in sys.modules if name.startswith(CHECKER)]:
        del sys.modules[name]  # where generals run for real, no checker is loaded
    return [played_again(protocol, me, record.parts[me]) for record in records]


def _asked_again(protocol: Protocol, records: Sequence[RunLog], effort: Effort) -> Found:
    """Conditions once more, some choices of witnesses, each in a process of its own, of the runs in another sequence.

    So each choice is asked first of another run: a condition that says something else the first time is noticed.
    """
    found = Found()
    if not records:
        return found
    choices = choices_of(protocol, records[0], effort.choices)
    together = forked(partial(_answers, protocol, records, choices))
    for turn, (choice, before) in enumerate(zip(choices, together, strict=True)):
        sequence = random.Random(turn).sample(range(len(records)), len(records))
        (now,) = forked(partial(_answers, protocol, [records[one] for one in sequence], [choice]))
        asked = zip([before[one] for one in sequence], now, strict=True)
        found.differences += [one for one in (differences.asked_again(choice, *pair) for pair in asked) if one]
    return found


def _answers(protocol: Protocol, records: Sequence[RunLog], choices: Sequence[Choice]) -> list[list[str]]:
    """What the condition of each choice says of each run."""
    return [[judged(protocol, record, choice) for record in records] for choice in choices]


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
