"""Draws one scene of a cover as an execution of the real network: what part each traitor plays towards whom.

This module knows scenes. It must not know how a cover is laid out.
"""

from __future__ import annotations

from byzverify.language.messages import General
from byzverify.rendering.impossibility.covers import copy_name, played_parts, shared
from byzverify.rendering.impossibility.demands import orders_of
from byzverify.rendering.impossibility.executions import depth_for, few_arrows, radius_for
from byzverify.rendering.impossibility.sketch import Sketch, SketchedArrow, SketchedGeneral, circle
from byzverify.rendering.svg import Node, Point
from byzverify.scenario.impossibility import DoubleCover

FEW = 4
"""Among so many generals there is room for words on arrows."""


def part_name(cover: DoubleCover, copy: str) -> str:
    """What stands on an arrow: whose part a traitor plays."""
    return f"as {copy}" if cover.setting.n <= FEW else copy


class DrawnScene:
    """One scene, to be drawn around a point."""

    def __init__(self, cover: DoubleCover, number: int) -> None:
        self.cover, self.scene = cover, cover.scenes[number]
        linked = range(max(0, number - 1), min(number + 1, len(cover.witnesses)))
        self.witnesses = {shared(cover, one)[0] for one in linked}
        self.radius, self.depth = radius_for(cover.setting.n), depth_for(cover.setting.n)

    def parts(self, centre: Point) -> list[Node]:
        """Everything that is drawn."""
        n = self.cover.setting.n
        sketch = Sketch(circle(range(n), centre, self.radius), centre)
        generals = [sketch.general(one, self._general(one)) for one in range(n)]
        return [*sketch.links(self.cover.setting.edges), *sketch.arrows(self._arrows()), *generals]

    def kinds(self) -> set[str]:
        """The kinds of the arrows, for a legend."""
        return {one.kind for one in self._arrows()}

    def _general(self, general: General) -> SketchedGeneral:
        if general in self.scene.faulty:
            note = "commander" if general == self.cover.setting.commander else ""
            return SketchedGeneral(str(general), "traitor", f"general {general}, a traitor", note)
        sheet = self.scene.sheets[general]
        classes = ["loyal", *["second"] * sheet, *["witness"] * (general in self.witnesses)]
        name = copy_name((general, sheet))
        note = f"orders {orders_of(self.cover.setting)[sheet]}" if general == self.cover.setting.commander else ""
        return SketchedGeneral(name, " ".join(classes), f"general {name}, loyal", note)

    def says_more(self) -> bool:
        """Whether more is said than stands on an arrow: the name of a part is enough."""
        return False

    def leaves_out(self) -> bool:
        """Whether arrows are not drawn, because there are too many."""
        return len(self._arrows()) != len(self._all_arrows())

    def _arrows(self) -> list[SketchedArrow]:
        """All arrows if they are few, or else those to the witnesses."""
        every = self._all_arrows()
        few = few_arrows(len(every), self.cover.setting)
        return [one for one in every if few or one.end in self.witnesses]

    def _all_arrows(self) -> list[SketchedArrow]:
        return [
            SketchedArrow(
                traitor,
                one[0],
                "lie",
                part_name(self.cover, copy_name((traitor, sheet))),
                f"general {traitor} behaves towards general {copy_name(one)} as general {copy_name((traitor, sheet))}",
            )
            for traitor in sorted(self.scene.faulty)
            for sheet, audience in played_parts(self.cover, self.scene, traitor).items()
            for one in audience
        ]
