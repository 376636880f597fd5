"""An attack as a Mermaid sequence diagram: generals as participants, rounds as boxes, letters as arrows.

A letter with a lie is a dashed arrow, and says LIE or LAPSE; it ends in a cross if nothing is said at all.
This module knows the syntax of Mermaid. It must not know how a letter is put into words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from byzverify.attacks.run_log import RunLog
from byzverify.rendering.attack.letters import DrawnLetter, letters
from byzverify.rendering.attack.phrasing import beginning, ending, introduced, phrases

PLAIN = " :,.()-…"
"""The characters that Mermaid takes literally, besides letters and digits."""


def mermaid(log: RunLog) -> str:
    """The diagram's text."""
    return "\n".join(_lines(log)) + "\n"


def _lines(log: RunLog) -> Iterator[str]:
    run = log.run
    generals = range(run.protocol.n)
    yield "sequenceDiagram"
    yield from (f"  participant g{general} as {_escaped(introduced(run, general))}" for general in generals)
    for general in run.orders:
        yield f"  Note over g{general}: {_escaped(beginning(run, general))}"
    for round, sent in groupby(letters(log), lambda letter: letter.round):
        yield "  rect rgba(128, 128, 128, 0.1)"
        yield f"  Note over g0,g{generals[-1]}: round {round}"
        yield from (_arrow(letter, log) for letter in sent)
        yield "  end"
    for general in run.loyal:
        yield f"  Note over g{general}: {_escaped(ending(run, general))}"


def _arrow(letter: DrawnLetter, log: RunLog) -> str:
    arrow = "--x" if letter.kind == "silent" else "-->>" if letter.has_lies else "->>"
    said = "<br/>".join(map(_escaped, phrases(letter, log.run.faults)))
    return f"  g{letter.sender}{arrow}g{letter.receiver}: {said}"


def _escaped(text: str) -> str:
    """The text, with a numeric entity for each character that Mermaid or HTML could read as syntax."""
    return "".join(c if c in PLAIN or c.isalnum() else f"#{ord(c)};" for c in text)
