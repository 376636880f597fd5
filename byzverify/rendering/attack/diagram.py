"""The space-time diagram of an attack, as one self-contained SVG: no script, no font, no network.

Generals are lines, rounds are columns, letters are arrows. Lies differ in colour, line width and text, so that they are
visible without colours too. The class of an element determines its look in `STYLE`, so that a page can turn a letter
into another kind by changing its class:

    g.general   loyal or traitor; data-general
    g.letter    honest, misled, lie, silent or unsent (see `letters.py`); data-round, data-sender, data-receiver
    g.tag       in a letter of a faulty general: what it says, abbreviated; shown if it is a lie
    g.decision  breaks, if a condition fails because of it; data-general; its first text is the decision, its second
                names the conditions

The same log gives the same text, byte for byte. This module knows logs, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import chain

from byzverify.attacks.run_log import RunLog
from byzverify.language.faults import only_lapses
from byzverify.language.messages import General, Site
from byzverify.rendering.attack.inscriptions import Inscriptions
from byzverify.rendering.attack.layout import LINE_HEIGHT, MARGIN, SIGN, Layout, laid_out, width, wrapped
from byzverify.rendering.attack.letters import DrawnLetter, letters
from byzverify.rendering.svg import Node, arrow, node, picture, text, through

STYLE = files("byzverify.rendering").joinpath("attack", "diagram.css").read_text(encoding="utf-8")
"""The styles of all classes. A page with several diagrams needs them once."""

CLASS = "byzverify-diagram"
MOST_LETTERS = 2000
"""If a run has more letters than this, only lies are drawn."""

NARROWEST = 420.0
SAMPLE = 36.0
"""The width of an arrow in the legend."""
LEGEND = {
    "honest": "honest",
    "misled": "honest, but misled by a lie",
    "lie": "a lie",
    "silent": "silent, where a loyal general would speak",
}
OF_LAPSES = LEGEND | {"misled": "honest, but misled by a lapse", "lie": "something left out"}
"""The legend if no faulty general can lie."""


def diagram(log: RunLog, sites: Iterable[Site] | None = None) -> str:
    """The picture of a replayed attack: an SVG for a browser, a paper or a notebook.

    sites: the sites where something can be told, to draw an arrow even where nothing is told.
    """
    return _Drawing(log, letters(log, sites)).svg()


class _Drawing:
    """One diagram in progress. Elements that are drawn later cover earlier ones."""

    def __init__(self, log: RunLog, told: Iterable[DrawnLetter]) -> None:
        self.run = log.run
        self.written = Inscriptions(log)
        every = list(told)
        shown = [one for one in every if len(every) <= MOST_LETTERS or one.has_lies]
        self.left_out = len(every) - len(shown)
        self.letters = sorted(shown, key=lambda one: one.sender in self.run.faults)  # lies on top
        self.place = self._placed()
        loyal = self.run.loyal
        words = [word.name for word in self.run.protocol.words] + [self.written.decision(one) for one in loyal]
        self.chip = max(map(width, words)) + 16
        notes = max([width(self.written.breaks(one), 11) for one in loyal], default=0)
        self.width = max(NARROWEST, self.place.right + self.chip + 8 + notes + MARGIN)
        self.lines = list(self._lines())
        self.place = replace(self.place, top=MARGIN + len(self.lines) * LINE_HEIGHT + 58)

    def _placed(self) -> Layout:
        """The layout, without room for the headlines."""
        n, written = self.run.protocol.n, self.written
        left = max(max(width(written.name(one)), width(written.start(one), 11)) for one in range(n))
        tags = {one: max(width(tag, 11) for tag in written.short.values()) for one in self.run.faults}
        for letter in self.letters:
            if letter.sender in tags:
                tags[letter.sender] = max(tags[letter.sender], width(written.tag(letter), 11))
        return laid_out(n, self.run.rounds, self.letters, tags, MARGIN + left + 8 + SIGN)

    def svg(self) -> str:
        """The whole picture."""
        legend = list(self._legend())
        parts = [*self._headlines(), *self._rounds(), *map(self._general, range(self.run.protocol.n))]
        parts += [*map(self._letter, self.letters), *map(self._decision, self.run.loyal), *legend]
        bottom = max(float(one.get("y") or 0) for part in legend for one in part.iter("text"))
        described = " ".join(self.written.description(self.letters))
        return picture(CLASS, "\n" + STYLE, (self.width, bottom + MARGIN), self.written.title(), described, parts)

    def _lines(self) -> Iterator[tuple[str, str]]:
        """The lines of text above the picture, each after its class."""
        room = self.width - 2 * MARGIN
        yield from (("headline", line) for line in wrapped(self.written.headline(), room, 17))
        for failing in self.written.failing():
            yield from (("failing", line) for line in wrapped(failing, room))

    def _headlines(self) -> Iterator[Node]:
        for number, (class_, line) in enumerate(self.lines):
            yield text("text", class_, line, x=MARGIN, y=MARGIN + 14 + number * LINE_HEIGHT)

    def _rounds(self) -> Iterator[Node]:
        place = self.place
        for number, column in enumerate(place.columns, start=1):
            left, above = column.left + 2, place.top - 44
            yield node(
                "g",
                "round",
                node("rect", "", x=left, y=above, width=column.right - left - 2, height=place.bottom - above, rx=4.0),
                text("text", "", f"round {number}", x=(column.left + column.right) / 2, y=above + 16),
                data_round=str(number),
            )

    def _general(self, general: General) -> Node:
        place, faulty = self.place, general in self.run.faults
        x, y = place.left, place.y(general)
        name, start = self.written.name(general), self.written.start(general)
        rhomb = through((x - SIGN, y), (x, y - SIGN), (x + SIGN, y), (x, y + SIGN)) + "Z"
        return node(
            "g",
            f"general {'traitor' if faulty else 'loyal'}",
            text("title", "", f"general {general}, {name or 'loyal'}"),
            node("path", "line", d=through((x + SIGN, y), (place.right, y))),
            node("path", "sign", d=rhomb) if faulty else node("circle", "sign", cx=x, cy=y, r=SIGN - 2),
            text("text", "number", str(general), x=x, y=y + 4.5),
            *self._beside(x - SIGN - 8, y, name, start),
            data_general=str(general),
        )

    def _beside(self, x: float, y: float, name: str, start: str) -> Iterator[Node]:
        """The texts left of a general's line: what he is, above what he starts with."""
        if name:
            yield text("text", "name", name, x=x, y=y - 2 if start else y + 4)
        if start:
            yield text("text", "start quiet", start, x=x, y=y + 12 if name else y + 4)

    def _letter(self, letter: DrawnLetter) -> Node:
        place = {"data_round": letter.round, "data_sender": letter.sender, "data_receiver": letter.receiver}
        title = text("title", "", self.written.letter(letter))
        drawn = node("g", f"letter {letter.kind}", title, *arrow(*self.place.arrow(letter)), **place)
        if letter.sender in self.run.faults:
            drawn.append(_plate(self.written.tag(letter), *self.place.tag(letter)))
        return drawn

    def _decision(self, general: General) -> Node:
        x, y, breaks = self.place.right, self.place.y(general), self.written.breaks(general)
        return node(
            "g",
            f"decision{' breaks' if breaks else ''}",
            text("title", "", self.written.outcome(general)),
            node("rect", "chip", x=x, y=y - 12, width=self.chip, height=24.0, rx=4.0),
            text("text", "chip-text", self.written.decision(general), x=x + self.chip / 2, y=y + 4.5),
            text("text", "note", breaks, x=x + self.chip + 8, y=y + 4),
            data_general=str(general),
        )

    def _legend(self) -> Iterator[Node]:
        """The meaning of the arrows, as many in a line as fit, and of the texts on them."""
        x, y = MARGIN, self.place.bottom + 26
        for kind, meaning in (OF_LAPSES if only_lapses(self.run.faults.values()) else LEGEND).items():
            taken = SAMPLE + width(meaning, 12) + 22
            if x > MARGIN and x + taken > self.width:
                x, y = MARGIN, y + LINE_HEIGHT
            yield _sample(kind, meaning, x, y)
            x += taken
        key = (wrapped(line, self.width - 2 * MARGIN, 12) for line in self.written.key(self.left_out))
        for number, line in enumerate(chain.from_iterable(key), start=1):
            yield node("g", "legend", text("text", "quiet", line, x=MARGIN, y=y + number * LINE_HEIGHT))


def _sample(kind: str, meaning: str, x: float, y: float) -> Node:
    """An arrow of the legend, with its meaning."""
    told = text("text", "quiet", meaning, x=x + SAMPLE, y=y)
    return node("g", f"letter {kind} legend", *arrow((x, y - 4), (x + SAMPLE - 8, y - 4)), told)


def _plate(said: str, x: float, y: float) -> Node:
    """The text of a letter, on a small plate."""
    across = width(said, 11) + 8
    plate = node("rect", "", x=x - across / 2, y=y - 8, width=across, height=16.0, rx=8.0)
    return node("g", "tag", plate, text("text", "", said, x=x, y=y + 4))
