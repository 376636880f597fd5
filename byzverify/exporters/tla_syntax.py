"""The syntax of expressions, comments and long lines in TLA+. This module knows nothing about scripts."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from byzverify.exporters.notation import Syntax, grouped
from byzverify.language.values import ABSENT

WIDTH = 100
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
GLUE = "\0"

OPERATIONS = {
    "HowMany": """\
HowMany(truths) == Cardinality({i \\in DOMAIN truths : truths[i]})""",
    "MajorityOf": """\
\\* The word that more than half of the votes name; an absent vote names none and counts.
MajorityOf(votes, default) ==
  LET winners == {word \\in Words : 2 * Votes(votes, word) > Len(votes)}
  IN IF winners = {} THEN default ELSE CHOOSE word \\in winners : TRUE""",
    "PluralityOf": """\
\\* The word that more votes name than any other; an absent vote does not count.
PluralityOf(votes, tie) ==
  LET leaders == {word \\in Words : /\\ Votes(votes, word) > 0
                                   /\\ \\A other \\in Words : Votes(votes, word) >= Votes(votes, other)}
  IN IF Cardinality(leaders) = 1 THEN CHOOSE word \\in leaders : TRUE ELSE tie""",
}
"""The operations of the language, by name."""

VOTES = "Votes(votes, word) == Cardinality({i \\in DOMAIN votes : votes[i] = word})"


class TLASyntax(Syntax):
    """The syntax of expressions in TLA+."""

    def word(self, name: str) -> str:
        return "Absent" if name == ABSENT.name else string(name)

    def known(self, value: bool) -> str:
        return "TRUE" if value else "FALSE"

    def choice(self, condition: str, then: str, otherwise: str) -> str:
        return f"IF {condition} THEN {grouped(then)} ELSE {grouped(otherwise)}"

    def majority(self, votes: Sequence[str], default: str) -> str:
        return f"MajorityOf({sequence(votes)}, {default})"

    def plurality(self, votes: Sequence[str], tie: str) -> str:
        return f"PluralityOf({sequence(votes)}, {tie})"

    def equal(self, one: str, other: str) -> str:
        return f"{grouped(one)} = {grouped(other)}"

    def negation(self, truth: str) -> str:
        return f"~{grouped(truth)}"

    def all_of(self, truths: Sequence[str]) -> str:
        return " /\\ ".join(map(grouped, truths))

    def any_of(self, truths: Sequence[str]) -> str:
        return " \\/ ".join(map(grouped, truths))

    def how_many(self, truths: Sequence[str]) -> str:
        return f"HowMany({sequence(truths)})"

    def at_least(self, sums: Sequence[str], least: int) -> str:
        return f"{' + '.join(sums)} >= {least}"


def sequence(texts: Sequence[str]) -> str:
    """A TLA+ sequence of these texts."""
    return f"<<{', '.join(texts)}>>"


def string(text: str) -> str:
    """A text as a TLA+ string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def comment(*paragraphs: str) -> Iterator[str]:
    """Paragraphs as a boxed comment."""
    yield f"(*{'*' * (WIDTH - 4)}*)"
    for paragraph in paragraphs:
        yield from (
            f"(* {line.ljust(WIDTH - 6)} *)" for line in textwrap.wrap(paragraph.replace("*)", "* )"), WIDTH - 6)
        )
    yield f"(*{'*' * (WIDTH - 4)}*)"


def wrapped(line: str) -> list[str]:
    """A long line broken into several, the later ones indented further; quoted texts stay in one piece."""
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    whole = QUOTED.sub(lambda quoted: quoted[0].replace(" ", GLUE), line.strip())
    lines = textwrap.wrap(
        whole,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [one.replace(GLUE, " ") for one in lines]
