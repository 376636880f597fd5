"""What the pictures of chains and covers have in common: styles, lines of text, and the meaning of the signs.

This module knows SVG. It must not know chains or covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files

from byzverify.rendering.attack.layout import LINE_HEIGHT, MARGIN, width, wrapped
from byzverify.rendering.svg import Node, arrow, node, text, through

STYLE = files("byzverify.rendering").joinpath("impossibility", "impossibility.css").read_text(encoding="utf-8")
"""The styles of all classes."""

CLASS = "byzverify-impossibility"
SMALL = 12.0
"""The size of most texts."""

LEGEND = {
    "honest": "an order, as a loyal general gives it",
    "lie": "what a traitor says",
    "silent": "left out",
}


def lines_of(said: str, wide: float, size: float, class_: str, y: float) -> Iterator[Node]:
    """A text in as many lines as it needs."""
    for number, line in enumerate(wrapped(said, wide - 2 * MARGIN, size)):
        yield text("text", class_, line, x=MARGIN, y=y + number * LINE_HEIGHT)


def below(parts: Iterable[Node]) -> float:
    """The lowest line of text, or the lower edge of the lowest plate."""
    texts = [float(one.get("y") or 0) for part in parts for one in part.iter("text")]
    plates = [float(one.get("y") or 0) + float(one.get("height") or 0) for part in parts for one in part.iter("rect")]
    return max([*texts, *plates], default=0.0)


def legend_of(kinds: Iterable[str], wide: float, y: float, texts: str) -> Iterator[Node]:
    """The meaning of the signs and of the arrows, as many in a line as fit."""
    samples = [("traitor", "faulty general"), ("witness", "receives the same in two of these")]
    samples += [(kind, meaning) for kind, meaning in LEGEND.items() if kind in kinds]
    x = MARGIN
    for kind, meaning in [*samples, ("", texts)]:
        taken = (36 if kind else 0) + width(meaning, SMALL) + 20
        if x > MARGIN and x + taken > wide - MARGIN:
            x, y = MARGIN, y + LINE_HEIGHT + 4
        yield _sample(kind, meaning, x, y)
        x += taken


def _sample(kind: str, meaning: str, x: float, y: float) -> Node:
    middle = y - 4
    said = text("text", "quiet", meaning, x=x + (36 if kind else 0), y=y)
    if kind == "traitor":
        at = x + 12
        rhomb = through((at - 9, middle), (at, middle - 9), (at + 9, middle), (at, middle + 9)) + "Z"
        return node("g", "general traitor legend", node("path", "sign", d=rhomb), said)
    if kind == "witness":
        ring = node("circle", "ring", cx=x + 14, cy=middle, r=11.0)
        return node("g", "general loyal legend", ring, node("circle", "sign", cx=x + 14, cy=middle, r=7.0), said)
    if kind:
        return node("g", f"letter {kind} legend", *arrow((x, middle), (x + 28, middle)), said)
    return node("g", "legend", said)
