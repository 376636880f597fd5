"""Makes attacks smaller by dropping what is not needed.

A solver finds some attack, not a small one: it also lies where a lie changes nothing. Each pass below goes through the
deviations of faulty generals in groups, and drops every group without which the attack still works. The result needs
every single lie, though other attacks may need fewer: see `fewest_lies.py`. This module knows one scenario in terms of
lies, and no simulator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from byzverify.engines.finite.deciding import claimed
from byzverify.engines.finite.lies import InLies
from byzverify.engines.finite.scenarios import Case
from byzverify.engines.finite.variables import Crashes, Differs, Instead, Lapses, Lies, Says, Starts, Variable
from byzverify.language.messages import EVERYONE, General
from byzverify.logic.incremental import Flipping
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim
from byzverify.solvers.answers import Satisfiable

Place = tuple[int, General, General]
"""Round, sender and receiver."""

PASSES: tuple[Callable[[Place], object], ...] = (
    lambda place: place[0],  # whole rounds
    lambda place: place[2],  # everything that one receiver is told
    lambda place: place[1:],  # everything that one general tells another
    lambda place: place,  # letters
)
"""The key by which each pass groups lies. After these passes, lies are dropped one by one."""


def shrunk(stated: InLies, case: Case, meant: Behaviour) -> Claim | None:
    """The smaller attack on a case. None if `meant` is no attack: in these terms, it does not violate the case."""
    true = set(stated.adversary.assignment(meant))
    watched = Flipping(stated.terms, stated.violation(case), true)
    if not watched.holds:
        return None
    places = _deviations(stated, true)
    before = None
    while len(places) != before:
        before = len(places)
        for group_of in PASSES:
            _drop(watched, places, {number: group_of(place) for number, place in places.items()})
        _drop(watched, places, {number: number for number in places})
    kept = frozenset(true.difference(_deviations(stated, true)).union(places))
    variables = frozenset(stated.terms.names())
    return claimed(stated, case, Satisfiable(variables, kept))


def _drop(watched: Flipping, places: dict[int, Place], groups: Mapping[int, object]) -> None:
    """Drop every group without which the attack still works."""
    members_of: dict[object, list[int]] = {}
    for number, group in groups.items():
        members_of.setdefault(group, []).append(number)
    for members in members_of.values():
        watched.flip(members)
        if watched.holds:
            for number in members:
                del places[number]
        else:
            watched.flip(members)


def _deviations(stated: InLies, true: set[int]) -> dict[int, Place]:
    """The true variables that say that somebody lies, lapses or crashes, each with its place."""
    names: Mapping[int, Any] = stated.terms.names()
    found: dict[int, Place] = {}
    for number in sorted(true):
        name: Variable = names[number]
        match name:
            case Lies(site) | Differs(site) | Lapses(site):
                found[number] = site[:3]
            case Crashes(general, round):
                found[number] = (round, general, EVERYONE)
            case Starts() | Says() | Instead():
                pass
            case _:
                assert_never(name)
    return found
