"""The page of a map: one self-contained HTML file, without scripts.

Panels are tables. The foot of the page shows the result of a cell that the mouse or the keyboard has selected. Attacks
are replayed when the page is made: those of the findings, and the smallest in each panel, as far as there is room. All
content from a map is escaped, and the page's security policy forbids any script and any network. This module knows
maps, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain, islice
from math import inf
from pathlib import Path

import byzverify
from byzverify.attacks.attack import MOST_TOLD
from byzverify.attacks.loading import loaded
from byzverify.attacks.run_log import RunLog
from byzverify.errors import printable
from byzverify.maps.landscape import Map, Place
from byzverify.rendering.attack.diagram import STYLE, diagram
from byzverify.rendering.attack.html import headline, lede
from byzverify.rendering.map.cells import Signs, larger, looks, named, said
from byzverify.rendering.map.heading import all_sizes, beyond, claim, counts, effort, findings, reasons, sentence, title
from byzverify.rendering.map.panels import Panel, laid_out, of_texts
from byzverify.rendering.map.ranges import ranges
from byzverify.rendering.markup import filled, hash_of, paragraphs, part, without_style
from byzverify.simulation.judging import Replay
from byzverify.stories.narration import tell

MOST_ATTACKS = 12
"""The most attacks on a page."""

ROOM = 1_200_000
"""The most letters in all diagrams of a page together."""


def page(shown: Map) -> str:
    """The page that shows a map. Raises AttackFileError for an attack that does not reproduce."""
    return _Page(shown).html()


class _Page:
    """One page in progress. told: the attacks on it, each with a cell that it breaks. numbers: of all cells."""

    def __init__(self, shown: Map) -> None:
        self.shown, self.known, self.landscape = shown, shown.known, shown.landscape
        self.panels, self.signs = laid_out(shown.landscape), Signs(shown)
        self.numbers = {place: number for number, place in enumerate(shown.landscape.places)}
        every = [*(place for place, _ in findings(shown)), *map(self._smallest, self.panels.panels)]
        attacks = {self._attack_at(place): place for place in reversed(every) if self._attack_at(place)}
        self.told = dict(islice(reversed(attacks.items()), MOST_ATTACKS))

    def _attack_at(self, place: Place) -> str:
        """The file of the attack on a cell; empty if there is none."""
        return self.known[place].attack or "" if place in self.known else ""

    def html(self) -> str:
        """The whole page."""
        style = STYLE + part("base.css") + part("map.css")
        return filled(
            "map.html",
            title=escape(title(self.landscape)),
            version=byzverify.__version__,
            style=style,
            style_hashes=hash_of(style),
            claim=escape(claim(self.shown)),
            all_sizes="".join(f"<p>{escape(sentence(line))}</p>\n" for line in all_sizes(self.shown)),
            counts=counts(self.shown),
            legend="\n".join(self._legend()),
            panels="\n".join(map(self._panel, self.panels.panels)),
            findings=_listed(map(self._finding, (place for place, _ in findings(self.shown)))),
            beyond=_listed(map(escape, ranges(self.panels, set(beyond(self.shown))))),
            unknown=_listed(self._unknown()),
            attacks="\n".join(self._attacks()) or "<p>None.</p>",
            effort=escape(effort(self.shown)),
        )

    def _smallest(self, panel: Panel) -> Place:
        """The first of the cells in a panel whose attack has the fewest letters; the first cell if none has one."""
        places = sorted(chain.from_iterable(panel.places), key=self.numbers.__getitem__)
        return min(places, key=lambda place: len(self._attack_at(place)) or inf)

    def _legend(self) -> Iterator[str]:
        for class_, sign, meaning in self.signs.legend():
            yield f'<li><span class="cell {class_}" aria-hidden="true">{escape(sign)}</span> {escape(meaning)}</li>'

    def _panel(self, panel: Panel) -> str:
        frontier = self.panels.frontier(panel, self.known)
        beyond = self.panels.beyond(panel, self.shown)
        rows = ""
        for y, places in enumerate(panel.places):
            cells = "".join(self._cell(place, frontier.sides(y, x)) for x, place in enumerate(places))
            cells += self._beyond(beyond[y], places[0])
            rows += f'<tr><th scope="row"><span>{self._row(self.panels.rows[y])}</span></th>{cells}</tr>\n'
        columns = "".join(f'<th scope="col">{escape(column)}</th>' for column in self.panels.columns)
        foot = f"<tfoot><tr><td></td>{columns}<th>{escape(self.panels.across.name)}</th></tr></tfoot>"
        caption = f"<caption>{escape(panel.title)}</caption>" if panel.title else ""
        return f"<table>{caption}<tbody>\n{rows}</tbody>{foot}</table>"

    def _row(self, before: str) -> str:
        name = "" if of_texts(self.panels.down) or not before else f"{escape(self.panels.down.name)}\N{NO-BREAK SPACE}"
        return name + escape(printable(before))

    def _cell(self, place: Place, lines: Iterable[str]) -> str:
        number, classes = self.numbers[place], " ".join(["cell", looks(self.known.get(place)), *lines])
        link = self._link(place)
        opening, closing = (f'a href="{link}"', "a") if link else ('button type="button"', "button")
        sign = escape(self.signs.sign(self.known.get(place)))
        return (
            f'<td class="{classes}"><{opening} aria-describedby="cell-{number}">{sign}</{closing}>'
            f'<div class="card" id="cell-{number}">{self._card(place)}</div></td>'
        )

    def _beyond(self, sign: str, place: Place) -> str:
        """What is proved beyond the right end of a row, after an arrow; empty if nothing is."""
        if not sign:
            return ""
        number, proved = f"larger-{self.numbers[place]}", escape(larger(self.shown, place))
        return (
            f'<td class="arrow">→</td><td class="cell proved larger"><button type="button" aria-describedby="{number}">'
            f'{escape(sign)}</button><div class="card" id="{number}"><p>{proved}</p></div></td>'
        )

    def _link(self, place: Place) -> str:
        """The place on the page of the attack on a cell. Several cells may share an attack."""
        attack = self._attack_at(place)
        return f"#attack-{self.numbers[self.told[attack]]}" if attack in self.told else ""

    def _card(self, place: Place) -> str:
        known = self.known.get(place)
        took = f"; {known.seconds:.2f} s" if known is not None and known.verdict != "inapplicable" else ""
        return f"<p><b>{escape(self._named(place))}</b>: {escape(said(known))}{took}</p><p>{self._command(place)}</p>"

    def _named(self, place: Place) -> str:
        return named(self.landscape, place) or self.landscape.fixed.model

    def _command(self, place: Place) -> str:
        return f"<code>{escape(printable(self.landscape.cell(place).command()))}</code>"

    def _finding(self, place: Place) -> str:
        where = escape(self._named(place))
        link = self._link(place)
        linked = f'<a href="{link}">{where}</a>' if link else where
        return f"{linked}: {escape(said(self.known[place]))}<br>{self._command(place)}"

    def _unknown(self) -> Iterator[str]:
        for reason, places in reasons(self.shown).items():
            yield f"{escape(reason)}: {escape(' | '.join(ranges(self.panels, set(places))))}"

    def _attacks(self) -> Iterator[str]:
        """The attacks, with diagrams as long as there is room."""
        room = ROOM
        for attack, place in self.told.items():
            _, replay = loaded(attack, Path(self._named(place)))
            log = RunLog(replay) if replay.run.messages <= MOST_TOLD else None
            drawn = without_style(diagram(log)) if log is not None else ""
            shown = drawn if len(drawn) <= room else ""
            room -= len(shown)
            yield self._attack(place, replay, lede(replay, tell(replay, log)), shown)

    def _attack(self, place: Place, replay: Replay, told: Sequence[str], drawn: str) -> str:
        shown = f'<div class="diagram">{drawn}</div>' if drawn else "<p>Its diagram is too large for this page.</p>"
        return (
            f'<article id="attack-{self.numbers[place]}">\n'
            f"<h4>{escape(self._named(place))}: {escape(headline(replay))}</h4>\n"
            f"{paragraphs(told)}\n{shown}\n<pre>{self._command(place)}</pre>\n</article>"
        )


def _listed(lines: Iterable[str]) -> str:
    """A list of items that are HTML already."""
    every = "".join(f"<li>{line}</li>\n" for line in lines)
    return f"<ul>\n{every}</ul>" if every else "<p>None.</p>"
