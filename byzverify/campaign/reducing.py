"""Shrinks a trial that breaks programs: plays it again with parts left out, which stay out if the programs still break.

First it tries fewer traitors, then fewer lies, in the groups of `engines/finite/pruning.py`. The result needs each of
its lies, provided that the programs are deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import replace

from byzverify.campaign.arena import Arena, PlayedTrial
from byzverify.campaign.proposals import key
from byzverify.engines.finite.pruning import PASSES
from byzverify.errors import NodeError, OutOfSteps
from byzverify.language.messages import Site
from byzverify.simulation.trial import Trial

GROUPS: tuple[Callable[[Site], object], ...] = (
    *(lambda site, places=places: places(site[:3]) for places in PASSES),
    lambda site: (site[0], site[1], site[3]),  # what one general tells all, since some must tell all the same
    lambda site: site,  # single lies
)
"""The groups of lies that are left out together."""


def shrunk(arena: Arena, played: PlayedTrial, most: int) -> Iterator[PlayedTrial]:
    """Ever smaller trials that break the programs in the same way, the smallest last.

    The same way means that a condition fails, or that a program fails. Raises OutOfSteps if `most` trials were played
    and others are left, Stopped at the arena's limit.
    """
    best = _written_out(played)
    tried: set[Hashable] = set()
    smaller = True
    while smaller:
        smaller = False
        for trial in _less(best):
            if key(trial) not in tried:
                if len(tried) == most:
                    raise OutOfSteps
                tried.add(key(trial))
                again = arena.play(replace(best.planned, trial=trial))
                if again.failed and _alike(again, best) and size(again) < size(best):
                    best, smaller = _written_out(again), True
                    yield best
                    break


def size(played: PlayedTrial) -> tuple[int, int]:
    """The size by which trials are compared: the number of traitors, then of lies."""
    return len(played.planned.trial.faults), played.lies


def _alike(one: PlayedTrial, other: PlayedTrial) -> bool:
    return isinstance(one.outcome, NodeError) == isinstance(other.outcome, NodeError)


def _written_out(played: PlayedTrial) -> PlayedTrial:
    """The same trial, with exactly the lies that were really told."""
    return replace(played, planned=replace(played.planned, trial=Trial.of(played.run)))


def _less(played: PlayedTrial) -> Iterator[Trial]:
    """Trials with a part left out, larger parts first."""
    trial = played.planned.trial
    for general in trial.faults:
        others = {one: mode for one, mode in trial.faults.items() if one != general}
        theirs = [site for site in trial.said if site[1] == general]
        yield _without(Trial(trial.protocol, others, trial.orders, trial.said, trial.crashed), theirs)
    for group_of in GROUPS:
        groups: dict[object, list[Site]] = {}
        for site in trial.said:
            groups.setdefault(group_of(site), []).append(site)
        yield from (_without(trial, sites) for sites in groups.values())


def _without(trial: Trial, sites: Collection[Site]) -> Trial:
    kept = {site: order for site, order in trial.said.items() if site not in sites}
    return Trial(trial.protocol, trial.faults, trial.orders, kept, trial.crashed)
