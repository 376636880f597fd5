"""The result of a cell as a sign and in words, for terminals, pictures and pages.

This module knows the words. It must not know the position or the look of a cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from byzverify.errors import printable
from byzverify.maps.landscape import Known, Landscape, Map, Place
from byzverify.rendering.map.panels import laid_out, written

MEANINGS = {
    "proved": "proved, as claimed",
    "beyond": "proved, and not claimed",
    "refuted": "refuted",
    "several": "several refuted",
    "finding": "refuted, though claimed",
    "unsolvable": "no protocol without signatures can win here",
    "unknown": "unknown",
    "inapplicable": "not applicable",
    "undecided": "not decided yet",
}
"""The kinds of cells with their meanings. Style classes have the same names. A refuted cell can be `unsolvable` too."""

SIGNS = {"proved": "✓", "beyond": "+", "unknown": "?", "inapplicable": "·", "undecided": "…"}
"""The sign in a cell of each kind, so that maps are readable without colours. Refuted cells show their conditions."""

BEYOND = "→✓"
"""The sign for what is proved at all larger numbers of generals, in the legend."""

MARK = "!"
"""The mark after the conditions of a refuted cell if the authors claim them."""

UNSOLVABLE = "✗"
"""The mark after the conditions of a refuted cell if every protocol without signatures would be refuted there."""


def kind(known: Known | None) -> str:
    """The kind of a cell, one of those in `MEANINGS`."""
    if known is None:
        return "undecided"
    if known.verdict == "refuted":
        return "finding" if known.contradicts else "several" if known.breaks[1:] else "refuted"
    return "beyond" if known.exceeds else known.verdict


def looks(known: Known | None) -> str:
    """The style classes of a cell: its kind, and whether no protocol can do better."""
    return f"{kind(known)} unsolvable" if known is not None and known.no_protocol_can else kind(known)


class Signs:
    """The signs of one map. short: the sign of each condition that is refuted somewhere in it."""

    def __init__(self, shown: Map) -> None:
        every = [shown.known.get(place) for place in shown.landscape.places]
        self.short = _shortened(sorted({name for known in every if known for name in known.breaks}))
        self.kinds = Counter(map(kind, every))
        self.longest = max((len(self.sign(known)) for known in every), default=1)
        self._beyond = laid_out(shown.landscape).numbers(shown)
        self._largest = shown.landscape.largest
        several = (self._letters(one) for one in every if one is not None and kind(one) == "several")
        self._several = max(several, key=len, default="")
        self.kinds["unsolvable"] = shown.unsolvable

    def sign(self, known: Known | None) -> str:
        """The sign in a cell."""
        if known is None or known.verdict != "refuted":
            return SIGNS[kind(known)]
        return self._letters(known) + UNSOLVABLE * bool(known.no_protocol_can) + MARK * known.contradicts

    def _letters(self, known: Known) -> str:
        return "".join(sorted(self.short[name] for name in known.breaks))

    def legend(self) -> Iterator[tuple[str, str, str]]:
        """For every sign on the map: its kind of cell, the sign, and its meaning."""
        signs = SIGNS | {"several": self._several, "finding": MARK, "unsolvable": UNSOLVABLE}
        for one, meaning in MEANINGS.items():
            if one == "refuted":
                yield from ((one, short, f"{printable(name)} {meaning}") for name, short in self.short.items())
            elif self.kinds[one]:
                yield one, signs[one], meaning
        if self._beyond:
            last = max(self._beyond)
            later = "" if self._largest is None or last == self._largest + 1 else f" ({last}+: from {last} on)"
            yield "proved", BEYOND, f"proved for every larger n{later}"


def _shortened(conditions: Sequence[str]) -> dict[str, str]:
    """A character for each condition: the digit at its end, its initial, or the next letter of the alphabet."""
    digits = [(re.findall(r"\d$", name) or [""])[0] for name in conditions]
    initials = [name[:1].upper() for name in conditions]
    distinct = (some for some in (digits, initials) if all(some) and len({*some}) == len(some))
    return dict(zip(conditions, next(distinct, ascii_lowercase), strict=False))


def named(landscape: Landscape, place: Place) -> str:
    """The place of a cell in words: `n = 6, m = 2, t = 2`."""
    named = zip((axis.name for axis in landscape.axes), place, strict=True)
    return ", ".join(f"{name} = {printable(written(value))}" for name, value in named)


def larger(shown: Map, place: Place) -> str:
    """What is proved beyond the right end of the row of a cell, in one line."""
    names = [axis.name for axis in shown.landscape.axes if axis.name != "n"]
    row = shown.landscape.row(place)
    named = ", ".join(f"{name} = {printable(written(value))}" for name, value in zip(names, row, strict=True))
    return f"{named}{': ' * bool(named)}proved for every n from {shown.larger[row]} on"


def said(known: Known | None) -> str:
    """The result of a cell, in one line: `refuted: IC1, IC2; not claimed`."""
    if known is None:
        return MEANINGS["undecided"]
    verdict = MEANINGS["inapplicable"] if known.verdict == "inapplicable" else known.verdict
    why = ", ".join(known.breaks) or known.reason
    claim = {None: "", True: "; claimed", False: "; not claimed"}[known.claimed]
    every = f"; {MEANINGS['unsolvable']}" * bool(known.no_protocol_can)
    return printable(f"{verdict}{': ' * bool(why)}{why}{claim}{every}")
