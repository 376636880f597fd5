"""The space-time diagram of an attack, as one SVG that needs nothing else: no script, no font, no network.

Generals are lines, rounds are columns, letters are arrows. What is a lie shows in colour, in weight and in writing, so
that it is seen without colours too. Everything looks as its class says in `STYLE`, so that a page can change what a
letter is by changing its class:

    g.general   loyal or traitor; data-general
    g.letter    honest, misled, lie, silent or unsent (see `letters.py`); data-round, data-sender, data-receiver
    g.tag       in a letter of a faulty general: what it says, abbreviated; shown where it is a lie
    g.decision  breaks, where a condition fails because of it; data-general; the first text in it is the decision, the
                second names the conditions

The same account gives the same text, to the byte. This module knows accounts, and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from importlib.resources import files

from byzverify.attacks.account import Account
from byzverify.attacks.attack import Replay
from byzverify.attacks.wording import counted, decided, failing, faulty, spoken
from byzverify.language.conditions import COMMANDER
from byzverify.language.faults import lies
from byzverify.language.messages import General
from byzverify.language.values import ABSENT
from byzverify.report.layout import LINE_HEIGHT, MARGIN, SIGN, Layout, laid_out, width, wrapped
from byzverify.report.letters import Letter, letters, sentence
from byzverify.report.svg import Node, arrow, node, picture, text
from byzverify.report.text import describe
from byzverify.simulation.judging import holds_before

STYLE = files("byzverify.report").joinpath("diagram.css").read_text(encoding="utf-8")
"""How everything looks that has a class; a page with several diagrams needs it once."""

CLASS = "byzverify-diagram"
MOST_LETTERS = 2000
"""Of a run with more letters, only the lies are drawn."""

NARROWEST = 420.0
SAMPLE = 36.0
LONGEST = 28
LEGEND = {
    "honest": "honest",
    "misled": "honest, but misled by a lie",
    "lie": "a lie",
    "silent": "silent, where a loyal general would speak",
}


def diagram(account: Account) -> str:
    """The picture of a replayed attack: an SVG that a browser, a paper or a notebook shows."""
    return _Drawing(account).svg()


def abbreviations(names: Collection[str]) -> dict[str, str]:
    """A short form of each name: its initial with the number at its end; the whole name where that is not enough."""
    short = {name: name[:1] + "".join(re.findall(r"\d+$", name[1:])) for name in names}
    return short if len(set(short.values())) == len(names) else {name: name for name in names}


def broken_by(replay: Replay) -> dict[General, list[str]]:
    """The loyal generals by whose decisions conditions fail, each with the names of these conditions.

    Where a condition is about one general's decision, everybody of whom it does not hold; where it is about several,
    the first of whom it does not hold together.
    """
    found: dict[General, list[str]] = {}
    for judgement in replay.violated:
        condition, run = judgement.condition, replay.run
        who = judgement.witnesses or ()
        if condition.witnesses == 1:
            deciders = [one for one in run.loyal if one in run.protocol.problem.deciders(run.protocol.n)]
            who = tuple(one for one in deciders if not holds_before(run, condition, (one,)))
        for general in who:
            found.setdefault(general, []).append(condition.name)
    return found


class _Drawing:
    """One diagram while it is drawn. What is drawn later lies above what is drawn earlier."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.run = account.run
        every = list(letters(account))
        self.left_out = [one for one in every if one.kind in ("honest", "misled")] if len(every) > MOST_LETTERS else []
        shown = [one for one in every if not self.left_out or one.kind in ("lie", "silent")]
        self.letters = sorted(shown, key=lambda one: one.sender in self.run.faults)  # so lies lie above
        names = [word.name for word in self.run.protocol.words]
        self.short = abbreviations(names) | {ABSENT.name: "–"}
        self.breaks = {one: f"breaks {', '.join(names)}" for one, names in broken_by(account.replay).items()}
        self.place = self._placed()
        chips = [width(self._decision(one)) for one in self.run.loyal]
        self.chip = max([*chips, *map(width, names)]) + 16
        notes = max([width(note, 11) + 8 for note in self.breaks.values()], default=0)
        self.width = max(NARROWEST, self.place.right + self.chip + notes + MARGIN)
        self.lines = list(self._lines())
        self.place = replace(self.place, top=MARGIN + len(self.lines) * LINE_HEIGHT + 58)

    def _placed(self) -> Layout:
        n, rounds = self.run.protocol.n, self.run.rounds
        left = max(max(width(self._name(one)), width(self._start(one), 11)) for one in range(n))
        tags = {one: max(width(tag, 11) for tag in self.short.values()) for one in self.run.faults}
        for letter in self.letters:
            if letter.sender in tags:
                tags[letter.sender] = max(tags[letter.sender], width(self._tag(letter), 11))
        return laid_out(n, rounds, self.letters, tags, MARGIN + left + 8 + SIGN)

    def svg(self) -> str:
        """The whole picture."""
        legend = list(self._legend())
        parts = [*self._headlines(), *self._rounds(), *map(self._general, range(self.run.protocol.n))]
        parts += [*map(self._letter, self.letters), *map(self._decided, self.run.loyal), *legend]
        bottom = max(float(one.get("y") or 0) for part in legend for one in part.iter("text"))
        failing = " and ".join(judgement.condition.name for judgement in self.account.replay.violated)
        title = self._headline() + (f", and {failing} FAILS" if failing else "")
        return picture(CLASS, "\n" + STYLE, (self.width, bottom + MARGIN), title, " ".join(self._described()), parts)

    def _headline(self) -> str:
        return f"{describe(self.run.protocol)}: {faulty(self.run)}"

    def _lines(self) -> Iterator[tuple[str, str]]:
        """What stands above the picture, line by line, each behind its class."""
        room = self.width - 2 * MARGIN
        yield from (("headline", line) for line in wrapped(self._headline(), room, 17))
        for judgement in self.account.replay.violated:
            failing = f"{judgement.condition.name} FAILS: {judgement.condition.statement}"
            yield from (("failing", line) for line in wrapped(failing, room))

    def _described(self) -> Iterator[str]:
        """The picture in words."""
        yield "Generals are lines, rounds are columns from left to right, letters are arrows."
        told = [letter for letter in self.letters if letter.kind in ("lie", "silent")]
        for letter in told[:12]:
            yield f"In {sentence(letter, self.account, '; ')}."
        if len(told) > 12:
            yield f"There are lies in {len(told) - 12} more letters."
        for general in self.run.loyal:
            yield self._outcome(general) + "."

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

    def _name(self, general: General) -> str:
        """What stands before a general's line."""
        commander = general == COMMANDER and self.run.protocol.problem.has_commander
        faults = [failing(mode).removeprefix("a ") for one, mode in self.run.faults.items() if one == general]
        return ", ".join(["commander"] * commander + faults)

    def _start(self, general: General) -> str:
        """What a general starts with."""
        if general not in self.run.orders:
            return ""
        mode = self.run.faults.get(general)
        return f"{'feigns' if mode and lies(mode) else 'starts with'} {self.run.orders[general]}"

    def _general(self, general: General) -> Node:
        place, y = self.place, self.place.y(general)
        faulty = general in self.run.faults
        x, before = place.left, place.left - SIGN - 8
        name, start = self._name(general), self._start(general)
        rhomb = f"M{x - SIGN} {y}L{x} {y - SIGN}L{x + SIGN} {y}L{x} {y + SIGN}Z"
        return node(
            "g",
            f"general {'traitor' if faulty else 'loyal'}",
            text("title", "", f"general {general}, {name or 'loyal'}"),
            node("path", "line", d=f"M{x + SIGN} {y}H{place.right:g}"),
            node("path", "sign", d=rhomb) if faulty else node("circle", "sign", cx=x, cy=y, r=SIGN - 2),
            text("text", "number", str(general), x=x, y=y + 4.5),
            *([text("text", "name", name, x=before, y=y - 2 if start else y + 4)] if name else []),
            *([text("text", "start quiet", start, x=before, y=y + 12 if name else y + 4)] if start else []),
            data_general=str(general),
        )

    def _tag(self, letter: Letter) -> str:
        """What a letter says, abbreviated; of one that lies, the lies."""
        told = [one for one in letter.told if one.is_lie] or letter.told
        said = {one.said.name for one in told}
        return " ".join(short for name, short in self.short.items() if name in said)

    def _letter(self, letter: Letter) -> Node:
        drawn = node(
            "g",
            f"letter {letter.kind}",
            text("title", "", sentence(letter, self.account)),
            *arrow(*self.place.arrow(letter)),
            data_round=str(letter.round),
            data_sender=str(letter.sender),
            data_receiver=str(letter.receiver),
        )
        if letter.sender in self.run.faults:
            drawn.append(_tag(self._tag(letter), *self.place.tag(letter)))
        return drawn

    def _decision(self, general: General) -> str:
        decision = decided(self.run.decisions[general])
        return decision if len(decision) <= LONGEST else decision[: LONGEST - 1] + "…"

    def _outcome(self, general: General) -> str:
        breaks = self.breaks.get(general)
        return f"General {general} decides {decided(self.run.decisions[general])}" + (
            f" and {breaks}" if breaks else ""
        )

    def _decided(self, general: General) -> Node:
        x, y, breaks = self.place.right, self.place.y(general), self.breaks.get(general, "")
        return node(
            "g",
            f"decision{' breaks' if breaks else ''}",
            text("title", "", self._outcome(general)),
            node("rect", "chip", x=x, y=y - 12, width=self.chip, height=24.0, rx=4.0),
            text("text", "chip-text", self._decision(general), x=x + self.chip / 2, y=y + 4.5),
            text("text", "note", breaks, x=x + self.chip + 8, y=y + 4),
            data_general=str(general),
        )

    def _legend(self) -> Iterator[Node]:
        """What the arrows mean, as many in a line as there is room for."""
        x, y = MARGIN, self.place.bottom + 26
        for kind, meaning in LEGEND.items():
            taken = SAMPLE + width(meaning, 12) + 22
            if x > MARGIN and x + taken > self.width:
                x, y = MARGIN, y + LINE_HEIGHT
            yield self._sample(kind, meaning, x, y)
            x += taken
        words = [f"{self.short[word.name]} = {spoken(word)}" for word in (*self.run.protocol.words, ABSENT)]
        lines = [f"On a lie stands what it says: {', '.join(words)}."]
        if self.left_out:
            lines.append(f"{counted(len(self.left_out), 'letter')} that are no lies are not drawn.")
        for part in (part for line in lines for part in wrapped(line, self.width - 2 * MARGIN, 12)):
            y += LINE_HEIGHT
            yield node("g", "legend", text("text", "quiet", part, x=MARGIN, y=y))

    def _sample(self, kind: str, meaning: str, x: float, y: float) -> Node:
        drawn = node("g", f"letter {kind} legend", *arrow((x, y - 4), (x + SAMPLE - 8, y - 4)))
        drawn.append(text("text", "quiet", meaning, x=x + SAMPLE, y=y))
        return drawn


def _tag(said: str, x: float, y: float) -> Node:
    """What a letter says, on a small plate."""
    across = width(said, 11) + 8
    plate = node("rect", "", x=x - across / 2, y=y - 8, width=across, height=16.0, rx=8.0)
    return node("g", "tag", plate, text("text", "", said, x=x, y=y + 4))
