"""The layout of a space-time diagram: generals as lines, rounds as columns, letters as slanted arrows.

In a round's column every sender has his own slot, from which all his letters of the round leave, and every letter
travels equally far to the right, so no two letters overlap. The text of a faulty general's letter is near its arrival,
between two lines, and his slots are wide enough for these texts, so no two texts overlap. This module knows numbers and
the approximate width of a text. It must not know SVG.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from byzverify.language.messages import General
from byzverify.rendering.attack.letters import DrawnLetter

MARGIN = 20.0
SIGN = 14.0
"""Half the height of the sign at the beginning of a general's line."""
TRAVEL = 30.0
LANE = 0.42
"""How far a letter's text is from its arrival, in units of the distance between two lines."""
SLOT = 13.0
TAG_MARGIN = 14.0
LINE_HEIGHT = 19.0

Point = tuple[float, float]


def width(text: str, size: float = 13) -> float:
    """The approximate width of a text in any sans-serif font, rather too wide than too narrow."""
    return size * sum(1.05 if ord(one) > 0x2E80 else 0.74 if one.isupper() else 0.57 for one in text)


def wrapped(text: str, room: float, size: float = 13) -> list[str]:
    """A text, broken into lines that fit, except for words that are too long."""
    shortest = max(8, int(room / width("W", size)))
    fitting = (wrap(text, letters) for letters in range(len(text), shortest, -1))
    return next((lines for lines in fitting if all(width(line, size) <= room for line in lines)), wrap(text, shortest))


@dataclass(frozen=True)
class Column:
    """One round: the left and right edge of its column, and the place of each sender's slot."""

    left: float
    right: float
    slots: Mapping[General, float]


@dataclass(frozen=True)
class Layout:
    """The layout. left, right: where the lines of the generals begin and end. top: the position of the first line."""

    columns: Sequence[Column]
    left: float
    right: float
    top: float
    row: float
    n: int

    @property
    def bottom(self) -> float:
        """The position below the last general's line."""
        return self.y(self.n - 1) + self.row * 0.6

    def y(self, general: General) -> float:
        """The position of a general's line."""
        return self.top + general * self.row

    def arrow(self, letter: DrawnLetter) -> tuple[Point, Point]:
        """The points where a letter leaves and where it arrives."""
        start = self.columns[letter.round - 1].slots[letter.sender]
        return (start, self.y(letter.sender)), (start + TRAVEL, self.y(letter.receiver))

    def tag(self, letter: DrawnLetter) -> Point:
        """The place of a letter's text: between the receiver's line and the next line towards the sender."""
        (start, _), (end, arrival) = self.arrow(letter)
        distance = letter.receiver - letter.sender
        way = 1 - LANE / abs(distance)
        return start + (end - start) * way, arrival - LANE * self.row * (1 if distance > 0 else -1)


def laid_out(
    n: int,
    rounds: int,
    letters: Iterable[DrawnLetter],
    tags: Mapping[General, float],
    left: float,
) -> Layout:
    """The layout of a run. tags: the widest text of each faulty general. left: the position of the generals' signs."""
    senders: list[set[General]] = [set() for _ in range(rounds)]
    for letter in letters:
        senders[letter.round - 1].add(letter.sender)
    columns: list[Column] = []
    at = left + SIGN + 8
    for number, present in enumerate(senders, start=1):
        columns.append(_column(at, sorted(present), tags, f"round {number}"))
        at = columns[-1].right
    row = 62.0 if n <= 4 else 54.0 if n <= 7 else 46.0
    return Layout(columns, left, at + 8, MARGIN, row, n)


def _column(left: float, senders: Sequence[General], tags: Mapping[General, float], heading: str) -> Column:
    widths = [tags[sender] + TAG_MARGIN if sender in tags else SLOT for sender in senders]
    taken = max(sum(widths) + TRAVEL + 10, width(heading) + 14)
    start = left + (taken - sum(widths) - TRAVEL) / 2
    edges = [start + sum(widths[:number]) for number in range(len(widths) + 1)]
    slots = {sender: (a + b) / 2 for sender, (a, b) in zip(senders, pairwise(edges), strict=True)}
    return Column(left, left + taken, slots)
