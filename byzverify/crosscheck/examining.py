"""The examination of a proof: simulated runs are compared with terms and judged, and each general is run alone.

It happens in a process that has loaded the model and run nothing. Programs run in children of that process, so that no
run finds what another has left behind. A program must decide what its terms say, and must do alone, with the same
inboxes, what it did among the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from byzverify.crosscheck import differences
from byzverify.crosscheck.assignments import Predictions, parting
from byzverify.crosscheck.children import Apart, here, in_a_child, in_children, in_this_one
from byzverify.crosscheck.differences import Found
from byzverify.crosscheck.plans import Plan, faulty_sets, how_many_cover
from byzverify.crosscheck.playing import Choice, RecordedRun, TooLong, answers, choices_of, play
from byzverify.crosscheck.repeating import rerun_alone, rerun_conditions, those_alone
from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.errors import ProtocolError, UsageError
from byzverify.language.faults import Budget, Faults
from byzverify.language.holes import holes_of
from byzverify.language.messages import General
from byzverify.language.protocol import MOST, Protocol, parameters
from byzverify.logic.terms import SimplifiedTerms

DRAWS = 3
"""How often a run is drawn, at most, until a faulty general really lies or lapses in it."""

SEED = 0
"""The seed of all random choices, so that the same question leads to the same runs."""


SILENT = 2
"""In how many runs the first faulty sets, which are the largest, say nothing at all."""

FEWEST_WITH_SILENT = 40
"""Runs with silent faulty sets are played if there are at least this many runs in all."""


@dataclass(frozen=True)
class Effort:
    """How much is played in an examination.

    orders: how many orders may be sent in all drawn runs together; the runs that the check predicts may send as many
    again. fewest: how many runs are played if `orders` allows it. most: how many runs are played if they are short.
    short: how many orders a run may send so that a scenario of the check is compared, or an attack replayed; the runs
    of a smaller instance may send as many. singly: how many times a general is run, and a condition evaluated, in a
    process that has seen no other run. brief: if true, only two generals and one choice of witnesses for each condition
    are examined again, all in one process; runs that the check predicts count as drawn runs; and no runs are added to
    make each general faulty once. refutations: whether refutations are examined too: the attack, and the conditions
    that hold. beside: whether the examination starts while the check is still running.
    """

    orders: int = 200_000
    fewest: int = 16
    most: int = 48
    short: int = 20_000
    singly: int = 8
    brief: bool = False
    refutations: bool = True
    beside: bool = True

    @property
    def alone(self) -> int:
        """How many generals are run again by themselves."""
        return 2 if self.brief else MOST

    @property
    def loads(self) -> int:
        """How often a model whose code mentions chance or a clock is loaded again, to compare the results."""
        return 4 if self.brief else 16

    @property
    def choices(self) -> int:
        """For how many choices of witnesses each condition is evaluated again."""
        return 1 if self.brief else 4

    def runs(self, sent: int, cover: int) -> int:
        """How many runs to play if each sends about `sent` orders, and `cover` runs make each general faulty once."""
        fitting = self.orders // max(1, sent)
        often = min(self.most, self.orders // 100 // max(1, sent))
        return min(fitting, max(self.fewest, often, 0 if self.brief else cover))


BRIEF = Effort(orders=20_000, fewest=4, most=16, singly=0, brief=True)
"""The effort for each of many checks."""

IN_A_MAP = replace(BRIEF, most=8, refutations=False, beside=False)
"""The effort for each cell of a map: there are many cells, and every core is busy anyway."""


@dataclass
class _Played:
    """What one child process has played, and what conditions said there about some choices of witnesses."""

    records: list[RecordedRun] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    answers: dict[Choice, list[str]] = field(default_factory=dict)


def examine(protocol: Protocol, budget: Budget, effort: Effort, plans: Sequence[Plan] = ()) -> Found:
    """Play runs of this instance, or of the largest smaller one that is short enough if a run of this one is too long.

    plans: further plans to play, whose decisions terms have predicted elsewhere.
    """
    played = in_a_child(_played, protocol, budget, effort, plans)
    if played.records:
        played.found += again(protocol, played.records, played.answers, effort)
        played.found.records = played.records[: effort.fewest]
        played.found.answers = {choice: said[: effort.fewest] for choice, said in played.answers.items()}
        return played.found
    for smaller, fewer in _smaller(protocol, budget):
        try:
            less = in_a_child(_played, smaller, fewer, replace(effort, orders=effort.short), ())
        except ProtocolError:
            if holes_of(smaller):
                continue  # the value of a hole need not be among the choices for a smaller number of generals
            raise
        if less.records:
            less.found.broken = {}  # the check does not claim that conditions hold for the smaller instance
            less.found.smaller = {one.name: getattr(smaller, one.name) for one in parameters(smaller)}
            less.found += again(smaller, less.records, less.answers, effort)
            less.found += played.found
            return less.found
    return played.found


def again(
    protocol: Protocol, records: Sequence[RecordedRun], said: Mapping[Choice, Sequence[str]], effort: Effort
) -> Found:
    """Run generals and evaluate conditions again on these runs. said: what conditions said about the runs before."""
    repeated = partial(_repeated, protocol, records, said, effort)
    if not effort.brief:
        return repeated(in_children)
    return in_a_child(repeated, here) if effort.beside else in_this_one(repeated, here)


def _repeated(
    protocol: Protocol,
    records: Sequence[RecordedRun],
    said: Mapping[Choice, Sequence[str]],
    effort: Effort,
    apart: Apart[Any],
) -> Found:
    found = rerun_alone(protocol, records, effort.alone, effort.singly, apart)
    found.differences += rerun_conditions(protocol, records, said, effort.singly, apart)
    return found


def examine_these(protocol: Protocol, plans: Sequence[Plan], effort: Effort) -> Found:
    """Play these plans, whose decisions terms have predicted elsewhere."""
    found = Found()

    def played() -> Found:
        _compared(protocol, plans, effort, found)
        return found

    return in_a_child(played)


def _played(protocol: Protocol, budget: Budget, effort: Effort, plans: Sequence[Plan]) -> _Played:
    """Runs with all kinds of faulty sets, each compared with its own terms, until one would send too many orders."""
    played = _Played()
    records, found = played.records, played.found
    sets = faulty_sets(protocol.n, budget, SEED)
    noted = those_alone(protocol, effort.alone)
    first = next(sets)
    predicted = _compared(protocol, plans, effort, found)
    with suppress(TooLong):  # checked before any terms are built, which is slow for a long run
        short = predicted or [play(protocol, Plan.drawn(protocol, first, SEED), effort.orders, ())]
        left, cover = effort.orders, how_many_cover(protocol.n, budget)
        number = effort.runs(short[0].sent, cover)
        number -= min(len(predicted), number - 1) if effort.brief and number else 0
        drawn = [first, *islice(sets, max(0, number - 1))]
        silent = (
            [faults for faults in drawn[:SILENT] if faults] if number >= max(FEWEST_WITH_SILENT, cover + SILENT) else []
        )
        for turn, faults in enumerate(drawn[: number - len(silent)]):
            records.append(_compared_with_terms(protocol, faults, SEED + turn, left, noted, found))
            left -= records[-1].sent
            if found.differences:
                break
        for turn, faults in enumerate(silent):
            records.append(play(protocol, Plan.drawn(protocol, faults, SEED + turn, silent=True), left, noted))
            left -= records[-1].sent
    _judge(protocol, records, found)
    if records:
        choices = choices_of(protocol, records[0], effort.choices)
        played.answers = {choice: answers(protocol, records, choice) for choice in choices}
    return played


def _compared_with_terms(
    protocol: Protocol, faults: Faults, seed: int, most: int, noted: Collection[General], found: Found
) -> RecordedRun:
    """A random run with these faulty generals, compared with its terms. noted: as in `play`. Raises TooLong."""
    loyal = [general for general in protocol.problem.deciders(protocol.n) if general not in faults]
    if not loyal:
        return play(protocol, Plan.drawn(protocol, faults, seed), most, noted)
    cases = tuple(Case(protocol.problem.conditions[0], (general,)) for general in loyal)
    predictions = Predictions(obligations(protocol, Scenario(faults, 1, cases, folded=False), SimplifiedTerms()), seed)

    def differing(true: Collection[int]) -> RecordedRun | None:
        with suppress(TooLong):
            record = play(protocol, predictions.plan(true), most)
            return None if differences.decides_otherwise(record) is None else record
        return None

    for _ in range(DRAWS):
        true = predictions.drawn()
        record = play(protocol, predictions.plan(true), most, noted)
        if record.lies or not faults or differences.decides_otherwise(record) is not None:
            break
    if differences.decides_otherwise(record) is not None:
        least = differences.smallest(true, lambda fewer: differing(fewer) is not None)
        record = differing(least) or record
        names = {predictions.names[number] for number in least}
        where = differences.where(parting(protocol, record, names))
        found.differences += filter(None, [differences.told(protocol, record, where)])
    return record


def _compared(protocol: Protocol, plans: Sequence[Plan], effort: Effort, found: Found) -> list[RecordedRun]:
    """The runs of these plans, as many as the limit on orders allows. Adds their differences to `found`."""
    records: list[RecordedRun] = []
    for plan in plans:
        with suppress(TooLong):
            records.append(play(protocol, plan, effort.orders - sum(record.sent for record in records), ()))
    found.differences += filter(None, [differences.told(protocol, record) for record in records])
    _judge(protocol, records, found)
    return records


def _judge(protocol: Protocol, records: Sequence[RecordedRun], found: Found) -> None:
    """Record the conditions that fail, each in the run with the fewest faulty generals and lies."""
    found.runs += len(records)
    for record in sorted(records, key=lambda record: (len(record.plan.faults), len(record.lies))):
        for name, witnesses in record.broken(protocol).items():
            found.broken.setdefault(name, differences.fails(protocol, record, name, witnesses))


def _smaller(protocol: Protocol, budget: Budget) -> Iterator[tuple[Protocol, Budget]]:
    """Smaller instances of the same model, the largest first, with faults in proportion to their size, rounded down."""
    given = {one.name: getattr(protocol, one.name) for one in parameters(protocol)}
    for n in range(protocol.n - 1, 1, -1):
        fewer = {mode: number * n // protocol.n for mode, number in budget.items()}
        sizes = {"n": n} | ({"m": given["m"] * n // protocol.n} if "m" in given else {})
        try:
            yield type(protocol)(**given | sizes), {mode: number for mode, number in fewer.items() if number}
        except (UsageError, ProtocolError):
            continue
