"""Pieces of SVG: elements, safely escaped texts, arrows, and whole pictures as text.

This module knows XML. It must not know what is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import hypot
from xml.etree import ElementTree
from zlib import crc32

Node = ElementTree.Element
Point = tuple[float, float]

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEAD = 6.0


def node(tag: str, class_: str = "", *parts: Node, **attributes: str | float) -> Node:
    """An element with attributes and parts; `data_round` becomes `data-round`."""
    given = {"class": class_} if class_ else {}
    given |= {key.replace("_", "-"): _written(value) for key, value in attributes.items()}
    element = Node(tag, given)
    element.extend(parts)
    return element


def text(tag: str, class_: str, content: str, **attributes: str | float) -> Node:
    """An element with text in it. A replacement character stands for characters that XML does not allow."""
    element = node(tag, class_, **attributes)
    element.text = NOT_XML.sub("\ufffd", content)
    return element


def through(*points: Point) -> str:
    """A path through these points."""
    return "M" + "L".join(f"{_written(x)} {_written(y)}" for x, y in points)


def corners(class_: str, corner: Point, size: Point, strokes: Iterable[float] = (4.0, 8.0)) -> Node:
    """Strokes across the upper left and the lower right corner of a rectangle: a mark that needs no colour.

    corner: the upper left one. strokes: how far from its corner each stroke ends.
    """
    (x, y), (right, bottom) = corner, (corner[0] + size[0], corner[1] + size[1])
    ends = [((x, y + far), (x + far, y)) for far in strokes]
    ends += [((right - far, bottom), (right, bottom - far)) for far in strokes]
    return node("path", class_, d="".join(through(*pair) for pair in ends))


def arrow(start: Point, end: Point) -> list[Node]:
    """A straight arrow: a wide invisible line for the mouse, its shaft, and its head."""
    (x, y), (to_x, to_y) = start, end
    length = hypot(to_x - x, to_y - y)
    along_x, along_y = (to_x - x) / length * HEAD, (to_y - y) / length * HEAD
    neck_x, neck_y = to_x - along_x, to_y - along_y
    line = through(start, (neck_x, neck_y))
    head = through(end, (neck_x - along_y / 2, neck_y + along_x / 2), (neck_x + along_y / 2, neck_y - along_x / 2))
    return [node("path", "touch", d=line), node("path", "shaft", d=line), node("path", "head", d=head + "Z")]


def picture(
    class_: str, style: str, size: tuple[float, float], title: str, description: str, parts: Iterable[Node]
) -> str:
    """A whole SVG with its styles, and with a title and a description for people who cannot see it.

    Its ids are made from its content, so that one page can contain several pictures.
    """
    w, h = map(_written, size)
    body = [node("rect", "paper", width=w, height=h), *parts]
    prefix = f"p{crc32(b''.join([title.encode('utf-8', 'replace'), *map(ElementTree.tostring, body)])):08x}"
    names = [text("title", "", title, id=f"{prefix}-title"), text("desc", "", description, id=f"{prefix}-text")]
    svg = node("svg", class_, *names, text("style", "", style), *body, width=w, height=h)
    svg.attrib |= {"viewBox": f"0 0 {w} {h}", "role": "img", "aria-labelledby": f"{prefix}-title {prefix}-text"}
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    ElementTree.indent(svg, space="")
    return ElementTree.tostring(svg, encoding="unicode") + "\n"


def _written(value: str | float) -> str:
    """A number with at most one decimal, so that the same picture has the same text on every machine."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
