"""A double cover as a graph, and its scenes in words.

Of the two copies of a general, the one in sheet 0 bears his number, as 1, and the other one a prime with it, as 1′.
This module knows covers. It must not know what is drawn where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from byzverify.errors import several
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.rendering.impossibility.cast import failing_generals, sentence
from byzverify.rendering.impossibility.demands import orders_of
from byzverify.rendering.impossibility.phrases import joined, listed, named
from byzverify.scenario.full_information import neighbours_of
from byzverify.scenario.impossibility import CoverScene, DoubleCover

Copy = tuple[General, int]
"""A general and the sheet of this copy of him."""

PRIME = "\N{PRIME}"


def copy_name(copy: Copy) -> str:
    """The name of a copy: 1 or 1′."""
    general, sheet = copy
    return f"{general}{PRIME * sheet}"


def named_copies(copies: Iterable[Copy]) -> str:
    """Names of copies in a sentence: `0, 1 and 2′`."""
    return joined([copy_name(one) for one in copies])


def _copies(copies: Sequence[Copy]) -> str:
    return f"{'general' if len(copies) == 1 else several('general')} {named_copies(copies)}"


def edges_of(cover: DoubleCover) -> list[tuple[Copy, Copy]]:
    """The edges between copies."""
    return [((a, sheet), other(cover, (a, sheet), b)) for a, b in cover.setting.edges for sheet in (0, 1)]


def other(cover: DoubleCover, copy: Copy, neighbour: General) -> Copy:
    """The copy of a neighbour that a copy talks to."""
    general, sheet = copy
    edge = (min(general, neighbour), max(general, neighbour))
    return neighbour, sheet ^ (edge in cover.crossed)


def talking_to(cover: DoubleCover, copy: Copy) -> list[Copy]:
    """All copies that a copy talks to."""
    return [other(cover, copy, one) for one in neighbours_of(cover.setting)[copy[0]]]


def loyal(scene: CoverScene) -> list[Copy]:
    """The copies that take part in a scene."""
    return sorted(scene.sheets.items())


def shared(cover: DoubleCover, number: int) -> Copy:
    """The copy that decides once for the scene of this number and the next one."""
    general = cover.witnesses[number]
    return general, cover.scenes[number].sheets[general]


def around(cover: DoubleCover) -> list[Copy]:
    """All copies in an order for a circle: along the cycle if the cover is one, else so that scenes stay together."""
    return _cycle(cover) or _by_scenes(cover)


def is_cycle(cover: DoubleCover) -> bool:
    """Whether the cover is a single cycle, such as a hexagon."""
    return bool(_cycle(cover))


def _cycle(cover: DoubleCover) -> list[Copy]:
    """The cover from the first scene on towards the others; empty if it is no single cycle."""
    ordered = _by_scenes(cover)
    if any(len(talking_to(cover, one)) != 2 for one in ordered):
        return []
    walk = [ordered[0], _onwards(cover, ordered)]
    while len(walk) < len(ordered):
        before, last = walk[-2:]
        following = [one for one in talking_to(cover, last) if one != before]
        walk.append(following[0])
    return walk if len(set(walk)) == len(ordered) and walk[0] in talking_to(cover, walk[-1]) else []


def _onwards(cover: DoubleCover, ordered: list[Copy]) -> Copy:
    nearby = talking_to(cover, ordered[0])
    inside = [one for one in nearby if one in loyal(cover.scenes[0])]
    return (inside or nearby)[0]


def _by_scenes(cover: DoubleCover) -> list[Copy]:
    """All copies in the order in which scenes need them, those that a scene shares with the next one last in it."""
    found: list[Copy] = []
    scenes = [loyal(scene) for scene in cover.scenes]
    for inside, following in zip(scenes, [*scenes[1:], []], strict=True):
        found += sorted(inside, key=lambda one: (one in following, one))
    every = ((general, sheet) for sheet in (1, 0) for general in range(cover.setting.n))
    return list(dict.fromkeys([*found, *every]))


def always_faulty(cover: DoubleCover) -> list[General]:
    """The generals who fail in every scene, if nobody else fails in any: then they need to send nothing. Else none."""
    faulty = {scene.faulty for scene in cover.scenes}
    return sorted(next(iter(faulty))) if len(faulty) == 1 else []


def staged(cover: DoubleCover, scene: CoverScene) -> list[str]:
    """A scene as an execution of the real network, a sentence for each thing."""
    if silent := always_faulty(cover):
        verb = "says" if len(silent) == 1 else "say"
        return [sentence(f"{named(silent)} {verb} nothing, from the beginning on"), *_order(cover, scene)]
    faults = dict.fromkeys(sorted(scene.faulty), Fault.BYZANTINE)
    lines = [sentence(failing_generals(faults)), *_order(cover, scene)]
    return [*lines, *(_double_dealing(cover, scene, one) for one in sorted(scene.faulty))]


def _order(cover: DoubleCover, scene: CoverScene) -> Iterator[str]:
    commander = cover.setting.commander
    if commander is not None and commander in scene.sheets:
        yield f"The commander is loyal and orders {orders_of(cover.setting)[scene.sheets[commander]]}."
    elif commander is None:
        orders = orders_of(cover.setting)
        starting = [[one for one in loyal(scene) if one[1] == sheet] for sheet in (0, 1)]
        if all(starting):
            parts = [f"{_copies(group)} with {order}" for group, order in zip(starting, orders, strict=True)]
            yield sentence(f"the loyal start with different orders: {joined(parts)}")
        else:
            yield f"All loyal generals start with {orders[not starting[0]]}."


def played_parts(cover: DoubleCover, scene: CoverScene, traitor: General) -> dict[int, list[Copy]]:
    """Which copy of himself a traitor plays towards whom, by its sheet. Who sends nothing plays none."""
    if always_faulty(cover):
        return {}
    found: dict[int, list[Copy]] = {}
    for copy in loyal(scene):
        if traitor in neighbours_of(cover.setting)[copy[0]]:
            found.setdefault(other(cover, copy, traitor)[1], []).append(copy)
    return dict(sorted(found.items()))


def _double_dealing(cover: DoubleCover, scene: CoverScene, traitor: General) -> str:
    parts = played_parts(cover, scene, traitor)
    said = joined(
        [
            f"to {named_copies(audience)} what {copy_name((traitor, sheet))} says{_as_commander(cover, traitor, sheet)}"
            for sheet, audience in parts.items()
        ]
    )
    return sentence(
        f"general {traitor} says {said}, in the double network"
        if parts
        else f"general {traitor} has nobody loyal to talk to"
    )


def _as_commander(cover: DoubleCover, traitor: General, sheet: int) -> str:
    return f" (who orders {orders_of(cover.setting)[sheet]})" if traitor == cover.setting.commander else ""


def wiring(cover: DoubleCover) -> str:
    """How the cover is made from the network."""
    names = named_copies((one, 1) for one in range(cover.setting.n))
    return (
        f"Take two copies of the network: one with generals {listed(range(cover.setting.n))}, and one with generals "
        f"{names}. {_crossed(cover)}"
    )


def _crossed(cover: DoubleCover) -> str:
    links = sorted(cover.crossed)
    if not links:
        return "No link joins the two."
    if len(links) == 1:
        ((a, b),) = links
        return (
            f"In place of the links {a}–{b} and {a}{PRIME}–{b}{PRIME}, put the links {a}–{b}{PRIME} and {a}{PRIME}–{b}."
        )
    return f"Cross the links {joined([f'{a}–{b}' for a, b in links])} over, so that each joins one copy to the other."
