"""What is known of a cell of a periodic table as a sign, and what each kind of sign means.

This module knows the words. It must not know the position or the look of a cell.
"""

from __future__ import annotations

from byzverify.errors import counted
from byzverify.maps.periodic import LeastRounds, PeriodicTable
from byzverify.rendering.verdict.existence import PROBLEMS

NOTHING, UNDECIDED, ABSENT = "✗", "…", "·"

MEANINGS = {
    "number": "the least number of rounds of any protocol",
    NOTHING: "no protocol in any number of rounds",
    "2..4": "a protocol with 4 rounds, none with fewer than 2",
    ">2": "no protocol with 2 rounds; more rounds are open",
    "?": "unknown",
    UNDECIDED: "not decided yet",
    ABSENT: "more faults than generals",
}
"""The kinds of signs with their meanings, in the order of legends."""


def sign(known: LeastRounds | None) -> str:
    """The sign of a cell: the least number of rounds, or what is known of it."""
    if known is None:
        return UNDECIDED
    if known.verdict == "impossible":
        return NOTHING
    if known.rounds is not None:
        return f"{known.open[0]}..{known.rounds}" if known.open else str(known.rounds)
    return "?" if known.impossible_rounds is None else f">{known.impossible_rounds}"


def kind(known: LeastRounds | None) -> str:
    """The kind of a cell's sign, one of those in `MEANINGS`."""
    if known is not None and known.rounds is not None:
        return "2..4" if known.open else "number"
    return ">2" if sign(known).startswith(">") else sign(known)


def shown_by(known: LeastRounds) -> str:
    """What shows that fewer rounds, or any number of them, do not suffice."""
    if known.executions is None:
        return ""
    if known.impossible_rounds == "any" and not known.shortest:
        return f"cover of {known.executions}"
    return f"{'shortest ' if known.shortest else ''}chain of {known.executions}"


def asked(shown: PeriodicTable) -> str:
    """What all cells ask: `broadcast, signed messages`."""
    first = shown.cells[0]
    return f"{PROBLEMS[first.problem]}{', signed messages' if first.signed else ''}"


def counts(shown: PeriodicTable) -> str:
    """How many cells there are, and how many are decided: `4 cells: 3 decided, 1 not fully decided`."""
    known = list(shown.known.values())
    number = {
        "decided": sum(one.decided for one in known),
        "not fully decided": sum(not one.decided for one in known),
        "not decided yet": len(shown.cells) - len(known),
    }
    parts = [f"{count} {words}" for words, count in number.items() if count or words == "decided"]
    return f"{counted(len(shown.cells), 'cell')}: {', '.join(parts)}"
