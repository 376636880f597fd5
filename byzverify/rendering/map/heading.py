"""The texts above and below a map: what was asked, what its authors claim, and how much is known.

This module knows maps and words. It must not know what a map looks like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from byzverify.catalogue import library
from byzverify.errors import ByzverifyError, counted, printable
from byzverify.maps.landscape import Known, Landscape, Map, Place
from byzverify.rendering.map.panels import laid_out, written
from byzverify.rendering.map.ranges import ranges, span

WORDS = {"proved": "proved", "refuted": "refuted", "unknown": "unknown", "inapplicable": "not applicable"}


def title(landscape: Landscape) -> str:
    """What was asked: `om: n 3..12, m 0..4, t 0..4`."""
    fixed = landscape.fixed
    given = {"n": fixed.n, "m": fixed.m, "t": fixed.t, **fixed.faults, "values": fixed.values, "graph": fixed.graph}
    common = [f"{name} {written(value)}" for name, value in (given | fixed.set).items() if value is not None]
    return printable(f"{fixed.model}: {', '.join([*map(span, landscape.axes), *common])}")


MOST_CLAIMED = 4
"""For how many panels to list what is claimed, if the model has no words for its claim."""


def claim(shown: Map) -> str:
    """What the authors claim: in the words that the model quotes, or else where on this map they claim something."""
    try:
        words = printable(library.find(shown.landscape.fixed.model).claim)
    except ByzverifyError:
        words = ""
        if not any(known.claimed is not None for known in shown.known.values()):
            return "not known, because the model is not at hand"
    return words or _claimed_on(shown)


def _claimed_on(shown: Map) -> str:
    """The places at which the model's `tolerates` says that all conditions hold."""
    places = {place for place, known in shown.known.items() if known.claimed}
    if not places:
        return "nothing"
    lines = list(ranges(laid_out(shown.landscape), places))
    more = [f"and in {counted(len(lines) - MOST_CLAIMED, 'more panel')}"] if lines[MOST_CLAIMED:] else []
    return f"by the model's `tolerates`, {'; '.join([*lines[:MOST_CLAIMED], *more]) or 'all holds here'}"


def counts(shown: Map) -> str:
    """How many cells there are, and how many of each verdict: `9 cells: 5 proved, 4 refuted (3 that no protocol without
    signatures can win)`.
    """
    number: Counter[str] = Counter(known.verdict for known in shown.known.values())
    cells = sum(1 for _ in shown.landscape.places)
    lost = f" ({shown.unsolvable} that no protocol without signatures can win)" if shown.unsolvable else ""
    words = WORDS | {"refuted": WORDS["refuted"] + lost}
    parts = [f"{number[word]} {meaning}" for word, meaning in words.items() if number[word]]
    undecided = cells - len(shown.known)
    if undecided:
        parts.append(f"{undecided} not decided yet")
    return f"{counted(cells, 'cell')}: {', '.join(parts)}"


def all_sizes(shown: Map) -> Iterator[str]:
    """What lemmas prove beyond the edge of the map, a line for each combination of the axes that are no sizes."""
    for one in shown.all_sizes:
        common = "".join(f"{name} {printable(written(value))}: " for name, value in one.common.items())
        what = " and ".join(one.proved) if one.reason else "all conditions"
        verb = "is" if one.reason and not one.proved[1:] else "are"
        proved = f"{what} {verb} proved for every {one.statement}, {counted(one.orders, 'order')}, by {one.argument}"
        unknown = f"for all sizes: not known, because {one.reason}"
        if parts := [*[proved] * bool(one.proved), *[unknown] * bool(one.reason)]:
            yield printable(f"{common}{'; '.join(parts)}")


def sentence(line: str) -> str:
    """A line as a sentence."""
    return f"{line[0].upper()}{line[1:]}."


def effort(shown: Map) -> str:
    """How long checking took, and how many cells were recalled: `4.71 s of checking; 12 cells recalled`."""
    recalled = [f"{counted(shown.recalled, 'cell')} recalled"] if shown.recalled else []
    stopped = [f"stopped: {printable(shown.stopped)}"] if shown.stopped else []
    seconds = sum(one.seconds for one in shown.known.values()) + sum(one.seconds for one in shown.all_sizes)
    return "; ".join([f"{seconds:.2f} s of checking", *recalled, *stopped])


def findings(shown: Map) -> Iterator[tuple[Place, Known]]:
    """The cells that the authors claim and that are refuted, in the order of the landscape."""
    return ((place, known) for place, known in in_order(shown) if known.contradicts)


def in_order(shown: Map) -> Iterator[tuple[Place, Known]]:
    """The known cells, in the order of the landscape, not of time."""
    return ((place, shown.known[place]) for place in shown.landscape.places if place in shown.known)


def reasons(shown: Map) -> dict[str, list[Place]]:
    """The unknown cells, by the reason."""
    found: dict[str, list[Place]] = {}
    for place, known in in_order(shown):
        if known.verdict == "unknown":
            found.setdefault(printable(known.reason), []).append(place)
    return found


def beyond(shown: Map) -> list[Place]:
    """The places at which more holds than the authors claim."""
    return [place for place, known in in_order(shown) if known.exceeds]
