"""What the engine answers: an impossibility and what shows it, or how far the search went. It claims nothing.

This module knows which adversaries include which: a chain for a weaker adversary is one for a stronger adversary, and
the other way round nothing follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TypeAlias

from byzverify.engines.solvability import covers
from byzverify.engines.solvability.chains import ChainSearch
from byzverify.engines.solvability.demands import Steps
from byzverify.engines.solvability.executions import executions, without_idle
from byzverify.engines.solvability.losses import (
    Crashes,
    Losses,
    all_crashes,
    number_of_all,
    orderly_crashes,
    there_and_back,
)
from byzverify.engines.solvability.settings import Ground, TooMany
from byzverify.engines.solvability.starting import number_with_starts, shortest_chain
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.limits import NO_LIMIT, Limit
from byzverify.scenario.impossibility import DoubleCover, FaultyRun, RunChain, Setting

Progress = Callable[[str], None]

Choice: TypeAlias = Callable[[Ground, int], Iterator[Crashes]]
"""Which executions with so many crashes are searched."""

LONGEST = {"crusader": 3, "graded": 5}
"""The most executions of a chain that rules out a problem in which decisions may change along it."""

SILENT = (Fault.BYZANTINE, Fault.OMISSION, Fault.CRASH)
"""The modes that include crashing."""

ALL_AT_MOST = 1_200_000
"""Up to this many executions with crashes, all of them are searched."""

WITH_STARTS_AT_MOST = 400_000
"""Up to this many pairs of a way to crash and a choice of starts, all of them are searched for consensus."""


@dataclass(frozen=True)
class RuledOut:
    """Whether a chain rules out every protocol for a setting.

    chain: what rules it out; None if nothing was found. shortest: whether no chain has fewer executions. exhausted:
    whether there certainly is no chain.
    """

    chain: RunChain | None = None
    shortest: bool = False
    exhausted: bool = False


Decided: TypeAlias = tuple[Setting, RuledOut]
"""A setting, and what is known about it."""


def longest(problem: str, epsilon: Fraction | None) -> int | None:
    """The most executions of a chain that rules the problem out; None if any number of them does.

    epsilon: for approximate agreement: a chain of E executions rules out every epsilon below 1 / (E - 2).
    """
    if epsilon is not None:
        return None if epsilon == 0 else ceil(1 / epsilon) + 1
    return LONGEST.get(problem)


def in_any_rounds(setting: Setting, longest: int | None = None) -> RunChain | DoubleCover | None:
    """What shows that no protocol solves the problem in any number of rounds; None if nothing was found.

    longest: the most executions that rule the problem out.
    """
    return _with_halves(setting) if _half_may_fail(setting) else cover(setting, longest)


def cover(setting: Setting, longest: int | None = None) -> DoubleCover | None:
    """A cover that shows that no protocol solves the problem in any number of rounds; None if none was found.

    longest: the most executions, here scenes, that rule the problem out.
    """
    liars = 0 if setting.signed else setting.faults.get(Fault.BYZANTINE, 0)
    found = covers.cover(replace(setting, rounds=None), liars, sum(setting.faults.values()))
    return found if found is not None and _is_short(len(found.scenes), longest) else None


def _is_short(executions: int, longest: int | None) -> bool:
    return longest is None or executions <= longest


def decide(
    settings: Iterable[Setting],
    longest: int | None = None,
    limit: Limit = NO_LIMIT,
    progress: Progress = lambda line: None,
) -> Iterator[Decided]:
    """Search for a chain in each of these settings, which have a number of rounds.

    longest: the most executions that a chain may have. Raises OutOfTime and Interrupted.
    """
    for setting in settings:
        if _half_may_fail(setting):
            yield setting, RuledOut(_with_halves(setting), shortest=True)
            continue
        ground = Ground(setting, setting.rounds or 1, limit)
        if _only_mode(setting) is Fault.BYZANTINE or not setting.faults:
            yield setting, _with_lies(ground, setting.faults.get(Fault.BYZANTINE, 0), longest, progress)
            continue
        found = _with_losses(ground, longest, progress)
        liars = 0 if setting.signed else setting.faults.get(Fault.BYZANTINE, 0)
        if found.chain is None and liars:
            found = replace(_with_lies(ground, liars, longest, progress), shortest=False, exhausted=False)
        yield setting, found


def _half_may_fail(setting: Setting) -> bool:
    """Whether all start with an order, and so many may be faulty that the others are no majority."""
    return setting.problem == "consensus" and 2 * sum(setting.faults.values()) >= setting.n


def _with_halves(setting: Setting) -> RunChain:
    """The chain for consensus where each half of the generals may be faulty: one half starts with 0, the other with 1.

    Nobody does anything wrong, so faults of every mode count, and any number of rounds. No chain is shorter: who starts
    with an order knows it.
    """
    half = setting.n // 2
    starts = {general: int(general >= half) for general in range(setting.n)}
    modes = [mode for mode, number in setting.faults.items() for _ in range(number)]
    faulty = (range(half, setting.n), (), range(half))
    runs = tuple(FaultyRun(dict(zip(group, modes, strict=False)), starts) for group in faulty)
    return RunChain(replace(setting, rounds=None), runs, (0, half))


def _only_mode(setting: Setting) -> Fault | None:
    """The mode of all who may fail; None where there are several, and for signed messages."""
    modes = [mode for mode, number in setting.faults.items() if number]
    return modes[0] if len(modes) == 1 and not setting.signed else None


def _with_lies(ground: Ground, liars: int, longest: int | None, progress: Progress) -> RuledOut:
    """The chains of byzantine generals who do not sign."""
    try:
        outline = ChainSearch(Steps(ground, liars), longest).run(progress)
        if outline is None:
            return RuledOut(exhausted=True)
        chain = executions(ground, outline)
    except TooMany:
        return RuledOut()
    return RuledOut() if chain is None else RuledOut(without_idle(chain), shortest=True)


def _with_losses(ground: Ground, longest: int | None, progress: Progress) -> RuledOut:
    """The chains of generals who crash."""
    modes = [mode for mode in SILENT for _ in range(ground.setting.faults.get(mode, 0))]
    most = len(modes)
    together = ground.setting.commander is None and number_with_starts(ground, most) <= WITH_STARTS_AT_MOST
    every = together or number_of_all(ground, most) <= ALL_AT_MOST
    progress(f"chains of executions with {'all' if every else 'orderly'} crashes")
    chosen = all_crashes if every else orderly_crashes
    try:
        chain = shortest_chain(ground, most) if together else _chain_of_losses(ground, chosen, most)
    except TooMany:
        return RuledOut()
    searched = together or (every and ground.setting.commander is not None)
    exact = searched and _only_mode(ground.setting) is Fault.CRASH
    if chain is None or not _is_short(len(chain.runs), longest):
        return RuledOut(exhausted=exact)
    return RuledOut(_in_modes(chain, modes), shortest=exact)


def _chain_of_losses(ground: Ground, chosen: Choice, most: int) -> RunChain | None:
    if ground.setting.commander is None:
        return _one_start_after_another(ground, chosen, most)
    commander = ground.setting.commander
    losses = Losses(ground, chosen(ground, most), commander)
    route = losses.route()
    return None if route is None else there_and_back(losses, commander, route)


def _one_start_after_another(ground: Ground, chosen: Choice, most: int) -> RunChain | None:
    """A chain for consensus: from all orders 0 to all orders 1, the order of one general after another."""
    runs: list[FaultyRun] = []
    witnesses: list[General] = []
    for general in ground.generals:
        losses = Losses(ground, chosen(ground, most), general)
        route = losses.route(from_quiet=True)
        if route is None:
            return None
        part = there_and_back(losses, general, route)
        others = {one: int(one < general) for one in ground.generals}
        mine = [replace(run, starts={**others, **run.starts}) for run in part.runs]
        runs += mine[1:] if runs else mine
        witnesses += part.witnesses
    return RunChain(ground.setting, tuple(runs), tuple(witnesses))


def _in_modes(chain: RunChain, modes: list[Fault]) -> RunChain:
    """The same chain, whose generals fail in these modes, the mildest ones first."""
    runs = [replace(run, faulty=dict(zip(sorted(run.faulty), reversed(modes), strict=False))) for run in chain.runs]
    return replace(chain, runs=tuple(runs))
