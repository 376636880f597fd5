"""Draws one execution: the generals, who fails, what the commander orders, and what faulty generals say or leave out.

This module knows executions. It must not know chains.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import sqrt

from byzverify.language.faults import lies
from byzverify.language.messages import General
from byzverify.rendering.impossibility.cast import false_report, pretenders
from byzverify.rendering.impossibility.demands import orders_of
from byzverify.rendering.impossibility.phrases import Report, differences
from byzverify.rendering.impossibility.sketch import Sketch, SketchedArrow, SketchedGeneral, circle
from byzverify.rendering.svg import Node, Point
from byzverify.scenario.full_information import PlayedRun, played
from byzverify.scenario.impossibility import Address, FaultyRun, Setting
from byzverify.scenario.wording import failing

SILENT = "–"
LONGEST = 8
"""No more characters stand on an arrow."""

MORE = "…"


def letters_of(setting: Setting) -> list[str]:
    """The orders as letters, R and A."""
    return [order[0] for order in orders_of(setting)]


def few_arrows(number: int, setting: Setting) -> bool:
    """Whether a graph of this setting has room for so many arrows."""
    return number < 1.5 * setting.n


def radius_for(n: int) -> float:
    """The radius of the circle on which n generals stand."""
    return 62.0 if n <= 4 else 38.0 * sqrt(n)


def depth_for(n: int) -> float:
    """How far below the middle of that circle the lowest general stands."""
    return max(y for _, y in circle(range(n), (0.0, 0.0), radius_for(n)).values())


class DrawnExecution:
    """One execution, to be drawn around a point. witnesses: who cannot tell it from another one."""

    def __init__(self, setting: Setting, run: FaultyRun, witnesses: Collection[General]) -> None:
        self.setting, self.run, self.witnesses = setting, run, witnesses
        self.played: PlayedRun = played(setting, run)
        self.radius, self.depth = radius_for(setting.n), depth_for(setting.n)

    def parts(self, centre: Point) -> list[Node]:
        """Everything that is drawn."""
        places = circle(range(self.setting.n), centre, self.radius)
        sketch = Sketch(places, centre)
        arrows = [self._arrow(*pair) for pair in sorted(self._pairs())]
        generals = [sketch.general(one, self._general(one)) for one in range(self.setting.n)]
        return [*sketch.links(self.setting.edges), *sketch.arrows(arrows), *generals]

    def kinds(self) -> set[str]:
        """The kinds of the arrows, for a legend."""
        return {self._arrow(*pair).kind for pair in self._pairs()}

    def _general(self, general: General) -> SketchedGeneral:
        mode = self.run.faulty.get(general)
        classes = ["loyal" if mode is None else "traitor", *["witness"] * (general in self.witnesses)]
        title = f"general {general}, {'loyal' if mode is None else failing(mode)}"
        return SketchedGeneral(str(general), " ".join(classes), title, self._note(general))

    def _note(self, general: General) -> str:
        """What stands beside a general: what he orders or starts with."""
        mode, order = self.run.faulty.get(general), self.run.starts.get(general)
        if general == self.setting.commander:
            return "commander" if order is None or lies(mode) else f"orders {orders_of(self.setting)[order]}"
        return "" if order is None or general in pretenders(self.setting, self.run) else letters_of(self.setting)[order]

    def _pairs(self) -> set[tuple[General, General]]:
        """Between whom there is an arrow: where the commander gives orders, and where anybody lies or leaves out."""
        return {(sender, receiver) for _, sender, receiver in self._orders()} | self._drawn(self._wrong())

    def _wrong(self) -> set[tuple[General, General]]:
        """Where anybody lies or leaves out, the orders of the first round apart."""
        orders = {(sender, receiver) for _, sender, receiver in self._orders()}
        return {(sender, receiver) for _, sender, receiver in (*self.run.said, *self.run.lost)} - orders

    def _drawn(self, wrong: set[tuple[General, General]]) -> set[tuple[General, General]]:
        """All of them if they are few, or else those to the witnesses."""
        return wrong if few_arrows(len(wrong), self.setting) else {one for one in wrong if one[1] in self.witnesses}

    def says_more(self) -> bool:
        """Whether more is said than stands on an arrow."""
        return any(MORE in self._arrow(*pair).said for pair in self._pairs())

    def leaves_out(self) -> bool:
        """Whether lies or lapses are not drawn, because there are too many."""
        return self._drawn(self._wrong()) != self._wrong()

    def _orders(self) -> Iterator[Address]:
        """The messages in which an order is given: the commander's, and those of faulty generals who start with one."""
        givers = {self.setting.commander, *pretenders(self.setting, self.run)} - {None}
        return (one for one in self.played.honest if one[0] == 1 and one[1] in givers)

    def _arrow(self, sender: General, receiver: General) -> SketchedArrow:
        shown = set(self._orders()) | {*self.run.said} | {*self.run.lost}
        addresses = sorted(one for one in shown if one[1:] == (sender, receiver))
        lost = all(one in self.run.lost for one in addresses)
        kind = "silent" if lost else "lie" if self._is_invented(addresses) else "honest"
        said = list(dict.fromkeys(self._short(one) for one in addresses))
        title = "; ".join(self._long(one) for one in addresses)
        return SketchedArrow(sender, receiver, kind, _abridged(said), title)

    def _is_invented(self, addresses: list[Address]) -> bool:
        """Whether a faulty general makes up what he says there."""
        return any(one in self.run.said or one[1] in pretenders(self.setting, self.run) for one in addresses)

    def _short(self, address: Address) -> str:
        if address in self.run.lost:
            return SILENT
        story = self.played.told[address]
        if isinstance(story, int):
            return letters_of(self.setting)[story]
        false = differences(self.setting, story, self.played.honest[address], address[1])
        return _compact(false[0], letters_of(self.setting)) if len(false) == 1 else "lies"

    def _long(self, address: Address) -> str:
        number, sender, receiver = address
        if address in self.run.lost:
            return f"round {number}: general {sender} sends nothing to general {receiver}"
        story = self.played.told[address]
        words = orders_of(self.setting)
        said = words[story] if isinstance(story, int) else false_report(self.setting, self.run, self.played, address)
        return f"round {number}: general {sender} tells general {receiver} {said}"


def _abridged(said: Sequence[str]) -> str:
    """What stands on an arrow: what is said first, and that there is more; that nothing follows."""
    first, *more = said
    if more == [SILENT]:
        return f"{first} {SILENT}"
    return f"{first if len(first) <= LONGEST else 'lies'}{f' {MORE}' * bool(more)}"


def _compact(report: Report, letters: Sequence[str]) -> str:
    """A report in a few characters: `0: A` for “0 told me ATTACK”."""
    word = SILENT if report.order is None else letters[report.order]
    return ": ".join([*map(str, report.path), word])
