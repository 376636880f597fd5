"""What a chain says: as few lies as possible, and lies that matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import inf

import pytest

from byzverify.certificates import checking_impossibility, impossibility_file
from byzverify.engines.solvability.chains import ChainSearch, Outline
from byzverify.engines.solvability.demands import Steps
from byzverify.engines.solvability.executions import executions, without_idle
from byzverify.engines.solvability.settings import Ground
from byzverify.scenario.impossibility import FaultyRun, RunChain, Setting
from tests.solvability.asking import accepted, decided, setting
from tests.solvability.sightings import General, neighbours

Walk = tuple[General, ...]
View = tuple[int, ...]


def walks(asked: Setting) -> list[Walk]:
    """All walks on which a general hears of an order, shorter ones first."""
    near, rounds = neighbours(asked.n, asked.edges), asked.rounds or 0
    found: list[Walk] = [(one,) for one in range(asked.n) if asked.commander in (None, one)]
    for walk in found:
        if len(walk) <= rounds:
            found += [(*walk, one) for one in near[walk[-1]]]
    return found


def said(asked: Setting, run: FaultyRun) -> dict[Walk, int]:
    """What is said along each walk in a run."""
    words: dict[Walk, int] = {}
    for walk in walks(asked):
        if len(walk) == 1:
            words[walk] = run.starts[walk[0]]
            continue
        story = run.said.get((len(walk) - 1, *walk[-2:]), words[walk[:-1]])  # type: ignore[arg-type]
        for one in reversed(walk[:-2]):
            story = story[one] if isinstance(story, Mapping) else story
        assert isinstance(story, int)
        words[walk] = story
    return words


def lies(asked: Setting, run: FaultyRun) -> int:
    """On how many walks a general passes on something else than he has heard."""
    words = said(asked, run)
    liars = {walk[-2] for walk in words if len(walk) > 1 and words[walk] != words[walk[:-1]]}
    assert liars <= set(run.faulty)
    return sum(len(walk) > 1 and words[walk] != words[walk[:-1]] for walk in words)


def fewest(asked: Setting, outline: Outline) -> float:
    """The fewest lies of all chains with this outline: all executions of each, joined by what the witnesses see."""
    last = len(outline.traitors) - 1
    reached: dict[View | None, float] = {None: 0}
    for number, traitors in enumerate(outline.traitors):
        found: dict[View | None, float] = {}
        before = None if number == 0 else outline.witnesses[number - 1]
        after = None if number == last else outline.witnesses[number]
        paths = walks(asked)
        free = [walk for walk in paths if len(walk) == 1 or walk[-2] in traitors]
        for bits in product((0, 1), repeat=len(free)):
            chosen = dict(zip(free, bits, strict=True))
            words: dict[Walk, int] = {}
            for walk in paths:
                words[walk] = chosen[walk] if walk in chosen else words[walk[:-1]]
            ends = {0: 0, last: 1}
            loyal = {words[walk] for walk in paths if len(walk) == 1 and walk[0] not in traitors}
            if number in ends and loyal - {ends[number]}:
                continue
            cost = sum(len(walk) > 1 and words[walk] != words[walk[:-1]] for walk in free)
            seen, sees = (
                None if one is None else tuple(words[walk] for walk in paths if walk[-1] == one)
                for one in (before, after)
            )
            if seen in reached:
                found[sees] = min(found.get(sees, inf), reached[seen] + cost)
        reached = found
    return reached[None]


TINY = [
    setting(3, 1, 1),
    setting(3, 1, 2),
    setting(3, 2, 2),
    setting(4, 1, 1),
    setting(4, 2, 1),
    setting(5, 1, 1),
    setting(6, 2, 1),
    setting(4, 2, 2),
    setting(5, 2, 2),
    setting(7, 2, 2),
    setting(3, 1, 4),
    setting(5, 1, 1, "consensus"),
    setting(3, 1, 2, "consensus"),
    setting(5, 1, 3, edges=((0, 1), (0, 2), (1, 3), (2, 3), (3, 4))),
    setting(3, 1, 1, "consensus"),
    setting(2, 1, 2, "consensus"),
    setting(4, 1, 1, "consensus"),
    setting(4, 1, 2, edges=((0, 1), (1, 2), (2, 3))),
    setting(4, 1, 2, edges=((0, 1), (0, 3), (1, 2), (2, 3))),
    setting(4, 1, 3, edges=((0, 1), (1, 2), (2, 3)), commander=1),
]


@pytest.mark.parametrize("asked", TINY, ids=lambda one: f"{one.problem} {one.n} {one.faults} {one.rounds} {one.edges}")
def test_no_chain_with_the_same_traitors_and_witnesses_has_fewer_lies(asked: Setting) -> None:
    ground = Ground(asked, asked.rounds or 1)
    outline = ChainSearch(Steps(ground, sum(asked.faults.values()))).run()
    assert outline is not None
    chain = executions(ground, outline)
    assert chain is not None
    assert sum(lies(asked, run) for run in chain.runs) == fewest(asked, outline)
    assert sum(lies(asked, run) for run in without_idle(chain).runs) == fewest(asked, outline)


def test_whoever_is_named_faulty_deviates_except_at_the_ends_of_consensus() -> None:
    for n, faults, rounds in ((3, 1, 2), (5, 2, 2), (7, 2, 2), (6, 3, 2), (4, 3, 2)):
        chain = decided(setting(n, faults, rounds)).chain
        assert chain is not None
        for run in chain.runs:
            assert {sender for _, sender, _ in run.said} == set(run.faulty)
    for n, faults in ((4, 1), (5, 2), (2, 1)):
        chain = decided(setting(n, faults, 1, "consensus")).chain
        assert chain is not None
        for run, end in ((chain.runs[0], 0), (chain.runs[-1], 1)):
            idle = set(run.faulty) - {sender for _, sender, _ in run.said}
            assert all(run.starts[one] != end for one in idle)


def without(chain: RunChain) -> list[RunChain]:
    """The same chain with one lie left out, or one message that is lost."""
    parts = []
    for number, run in enumerate(chain.runs):
        for address in run.said:
            less = replace(run, said={one: says for one, says in run.said.items() if one != address})
            parts.append(replace(chain, runs=(*chain.runs[:number], less, *chain.runs[number + 1 :])))
        for letter in run.lost:
            less = replace(run, lost=run.lost - {letter})
            parts.append(replace(chain, runs=(*chain.runs[:number], less, *chain.runs[number + 1 :])))
    return parts


@pytest.mark.parametrize(
    "asked", [setting(4, 1, 1), setting(5, 2, 2), setting(7, 2, 2), setting(3, {"crash": 1}, 1)], ids=str
)
def test_a_chain_without_one_of_its_lies_is_refused(asked: Setting) -> None:
    chain = decided(asked).chain
    assert chain is not None
    assert accepted(chain)
    for less in without(chain):
        with pytest.raises(ValueError, match="must see the same in both"):
            checking_impossibility.check(impossibility_file.text(less))
