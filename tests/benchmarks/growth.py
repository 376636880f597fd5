"""Growth curves as SVG: what something takes against n, on a logarithmic scale, a line for each contestant.

This module knows numbers and how they look. It does not know who the contestants are or what they were asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

WIDTH, HEIGHT = 760, 330
LEFT, RIGHT, TOP, BOTTOM = 76, 124, 40, 44
LINE_OF_TEXT = 16

COLOURS = (("#1b1f24", "#e6edf3"), ("#0072b2", "#56b4e9"), ("#b34e00", "#f0803c"), ("#007a5a", "#2fbf98"),
           ("#a0467c", "#e08fbf"), ("#7a6a00", "#d9c400"), ("#59636e", "#9aa4af"))  # fmt: skip
"""For paper that is light and that is dark; hues of Okabe and Ito, so dark or bright that text in them can be read."""

STYLE = """\
text { font: 13px "Liberation Sans", Arial, Helvetica, sans-serif; fill: #1b1f24; }
.paper { fill: #ffffff; } .grid { stroke: #d5dae0; } .limit { stroke: #59636e; stroke-dasharray: 2 4; }
.title { font-weight: 700; } .tick { fill: #59636e; } .left { text-anchor: end; } .middle { text-anchor: middle; }
.curve { fill: none; stroke: currentColor; stroke-width: 2; } .gone { stroke-dasharray: 5 4; }
.dot { fill: currentColor; } .name { fill: currentColor; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
"""
DARK = """\
text { fill: #e6edf3; } .paper { fill: #0d1117; } .grid { stroke: #2b333c; } .limit { stroke: #9aa4af; }
.tick { fill: #9aa4af; } .name { fill: currentColor; stroke: #0d1117; }
"""


@dataclass(frozen=True)
class Curve:
    """What somebody took at each n; `gone` is the n at which he exceeded the limit, if he did."""

    points: Mapping[int, float]
    gone: int | None = None


@dataclass(frozen=True)
class Panel:
    """Curves by name, in one unit, with the limit that nobody may exceed."""

    title: str
    unit: str
    limit: float
    curves: Mapping[str, Curve]


class Scales:
    """Where a point of a panel is: n from the first to the last, values from a power of ten up to the limit."""

    def __init__(self, panel: Panel, ns: Sequence[int], top: float) -> None:
        values = [value for curve in panel.curves.values() for value in curve.points.values()]
        self.low = floor(log10(min(values)))
        self.high = log10(max(*values, panel.limit))
        self._ns = ns
        self._bottom = top + HEIGHT - BOTTOM
        self._height = HEIGHT - TOP - BOTTOM

    def x(self, n: int) -> float:
        return LEFT + (n - self._ns[0]) / max(1, self._ns[-1] - self._ns[0]) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self._bottom - (log10(value) - self.low) / (self.high - self.low) * self._height

    def decades(self) -> Iterator[float]:
        return (10.0**power for power in range(self.low, floor(self.high) + 1))


def picture(panels: Sequence[Panel], title: str, description: str) -> str:
    """The panels one under the other."""
    ns = sorted({n for panel in panels for curve in panel.curves.values() for n in (*curve.points, curve.gone) if n})
    dark = "\n".join(f".c{number} {{ color: {colour}; }}" for number, (_, colour) in enumerate(COLOURS))
    light = "\n".join(f".c{number} {{ color: {colour}; }}" for number, (colour, _) in enumerate(COLOURS))
    height = HEIGHT * len(panels)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        ' role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(description)}</desc>',
        f"<style>\n{STYLE}{light}\n@media screen and (prefers-color-scheme: dark) {{\n{DARK}{dark}\n}}\n</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
    ]
    for number, panel in enumerate(panels):
        lines += _panel(panel, ns, number * HEIGHT)
    return "\n".join([*lines, "</svg>", ""])


def _panel(panel: Panel, ns: Sequence[int], top: float) -> Iterator[str]:
    scales = Scales(panel, ns, top)
    bottom = top + HEIGHT - BOTTOM
    yield _text(LEFT, top + 22, panel.title, "title")
    for value in scales.decades():
        y = scales.y(value)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield _text(LEFT - 8, y + 4, f"{value:,g} {panel.unit}", "tick left")
    y = scales.y(panel.limit)
    yield f'<path class="limit" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
    yield _text(WIDTH - RIGHT + 8, y + 4, f"limit {panel.limit:,g} {panel.unit}", "tick")
    for n in ns:
        yield _text(scales.x(n), bottom + 20, str(n), "tick middle")
    yield _text(WIDTH - RIGHT + 12, bottom + 20, "generals", "tick")
    for number, curve in enumerate(panel.curves.values()):
        yield from _curve(curve, scales, panel.limit, number)
    yield from _names(panel, scales)


def _curve(curve: Curve, scales: Scales, limit: float, number: int) -> Iterator[str]:
    places = [(scales.x(n), scales.y(value)) for n, value in sorted(curve.points.items())]
    yield f'<g class="c{number % len(COLOURS)}">'
    yield f'<path class="curve" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>' if places else ""
    yield from (f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)
    if places and curve.gone is not None:
        x, y = places[-1]
        yield f'<path class="curve gone" d="M{x:.1f} {y:.1f}L{scales.x(curve.gone):.1f} {scales.y(limit):.1f}"/>'
    yield "</g>"


def _names(panel: Panel, scales: Scales) -> Iterator[str]:
    """Every name at the end of its line, moved up or down where another one is."""
    taken: list[tuple[float, float]] = []
    ends = {name: max(curve.points.items()) for name, curve in panel.curves.items() if curve.points}
    for number, name in enumerate(panel.curves):
        if name in ends:
            n, value = ends[name]
            x, wanted = scales.x(n) + 8, scales.y(value) + 4
            y = min(_free(x, taken, scales.y(panel.limit) + LINE_OF_TEXT), key=lambda y: abs(y - wanted))
            taken.append((x, y))
            yield f'<g class="c{number % len(COLOURS)}">{_text(x, y, name, "name")}</g>'


def _free(x: float, taken: Sequence[tuple[float, float]], top: float) -> Iterator[float]:
    """Lines of text to the right of `x` on which nothing is written yet."""
    for y in (top + step for step in range(HEIGHT - TOP - BOTTOM)):
        if all(abs(x - other) >= RIGHT or abs(y - used) >= LINE_OF_TEXT for other, used in taken):
            yield y


def _text(x: float, y: float, said: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'
