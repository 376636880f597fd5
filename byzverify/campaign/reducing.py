"""A trial that breaks programs made smaller: whatever is let go of is played again, and stays out if they still break.

First fewer traitors are tried, then fewer lies, in the groups of `engines/finite/pruning.py`. What remains needs every
single lie, as far as the programs do the same each time.
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
    lambda site: (site[0], site[1], site[3]),  # what one tells all, as who must say the same to all
    lambda site: site,  # single lies
)
"""By what lies are let go of together."""


def shrunk(arena: Arena, played: PlayedTrial, most: int) -> Iterator[PlayedTrial]:
    """Ever smaller trials that break the programs in the same way, the last one the smallest.

    In the same way is: a condition fails, or a program does. Raises OutOfSteps when `most` trials were played and there
    are others to play, Stopped at the arena's limit.
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
    """By what trials are compared: fewer traitors, then fewer lies."""
    return len(played.planned.trial.faults), played.lies


def _alike(one: PlayedTrial, other: PlayedTrial) -> bool:
    return isinstance(one.outcome, NodeError) == isinstance(other.outcome, NodeError)


def _written_out(played: PlayedTrial) -> PlayedTrial:
    """The same, with the lies that were really told and nothing that was none."""
    return replace(played, planned=replace(played.planned, trial=Trial.of(played.run)))


def _less(played: PlayedTrial) -> Iterator[Trial]:
    """Trials with less in them, first those with much less."""
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
