"""An attack as a Graphviz digraph in space and time: generals as rows of nodes, rounds as columns, letters as edges.

A letter with a lie is dashed and says LIE or LAPSE; it is also red, but readable without colours. A letter that should
have come and did not ends in a bar. This module knows the DOT language. It must not know how a letter is put into
words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from byzverify.attacks.run_log import RunLog
from byzverify.language.messages import General
from byzverify.rendering.attack.letters import DrawnLetter, letters
from byzverify.rendering.attack.phrasing import beginning, ending, introduced, phrases

LINES_APART = "\\n"


def dot(log: RunLog) -> str:
    """The digraph as text, for `dot -Tsvg` and other programs."""
    return "\n".join(_lines(log)) + "\n"


def _lines(log: RunLog) -> Iterator[str]:
    run = log.run
    yield "digraph attack {"
    yield "  rankdir=LR; node [shape=box, fontsize=11]; edge [fontsize=9];"
    for general in range(run.protocol.n):
        faulty = ", peripheries=2" if general in run.faults else ""
        yield f"  {_node(general, 0)} [label={_quoted([introduced(run, general), beginning(run, general)])}{faulty}];"
        for round in range(1, run.rounds + 1):
            yield f"  {_node(general, round)} [label={_quoted(_after(log, general, round))}];"
            yield f"  {_node(general, round - 1)} -> {_node(general, round)} [style=dotted, arrowhead=none, weight=9];"
    for round in range(run.rounds + 1):
        column = " -> ".join(_node(general, round) for general in range(run.protocol.n))
        yield f"  {{ rank=same; {column} [style=invis] }}"
    yield from (_edge(letter, log) for letter in letters(log))
    yield "}"


def _node(general: General, round: int) -> str:
    return f"g{general}_{round}"


def _after(log: RunLog, general: General, round: int) -> list[str]:
    run = log.run
    ended = round == run.rounds and general not in run.faults
    return [f"{general} after round {round}", ending(run, general) if ended else ""]


def _edge(letter: DrawnLetter, log: RunLog) -> str:
    looks = ", style=dashed, color=red3, fontcolor=red3, penwidth=2" if letter.has_lies else ""
    head = ", arrowhead=tee" if letter.kind == "silent" else ""
    ends = f"{_node(letter.sender, letter.round - 1)} -> {_node(letter.receiver, letter.round)}"
    return f"  {ends} [label={_quoted(phrases(letter, log.run.faults))}{looks}{head}];"


def _quoted(lines: Iterable[str]) -> str:
    """A DOT string, with backslashes and ampersands escaped, which begin escapes and entities in labels."""
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines if line)
    return f'"{LINES_APART.join(escaped)}"'
