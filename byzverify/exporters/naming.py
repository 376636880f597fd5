"""Names for the expressions, words and labels of a script in an export.

This module knows scripts, and of syntax only what counts as an identifier in all formats.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from byzverify.errors import several
from byzverify.exporters.notation import Syntax
from byzverify.exporters.script import Reading, RunScript, Turn, leaves
from byzverify.ir.expressions import Equal, Expression, Read, Word
from byzverify.language.faults import Budget
from byzverify.language.labels import Chain, spelled
from byzverify.language.protocol import Protocol, parameters
from byzverify.language.values import ABSENT, Order


class Identifiers:
    """Hands out unique identifiers: one that is already in use gets a number. taken: identifiers already in use."""

    def __init__(self, taken: Collection[str] = ()) -> None:
        self._taken = set(taken)

    def new(self, wish: str) -> str:
        """An identifier like `wish`: letters, digits and underscores, with at least one letter and no leading digit."""
        plain = re.sub(r"^(?=[\d_]*$|\d)", "x", re.sub(r"\W", "_", wish, flags=re.ASCII))
        found, number = plain, 1
        while found in self._taken:
            number += 1
            found = f"{plain}_{number}"
        self._taken.add(found)
        return found


def sender_and_label(letter: Reading) -> str:
    """A name for a reading, which distinguishes it from others by the same general in the same round."""
    _, sender, _, label = letter.site
    return f"from{sender}_{spelled(label)}".rstrip("_")


def remembered_as(script: RunScript) -> dict[Expression, str]:
    """The names of the expressions that generals remember; each general's names are unique."""
    names: dict[Expression, str] = {}
    taken = [Identifiers() for _ in range(script.protocol.n)]
    for general, decision in script.decisions.items():
        for wish, leaf in leaves(decision, script.recorder):
            if leaf in script.needs.until and leaf not in names:
                names[leaf] = taken[general].new(wish)
    for one in script.needs.until:
        if one not in names:
            names[one] = taken[script.needs.owner[one]].new(f"r{one.round}_{_about(one)}")
    return names


def _about(expression: Expression) -> str:
    match expression:
        case Read(site=site):
            return sender_and_label(Reading(site, expression))
        case Equal(parts=(Read(site=(_, _, _, Chain())) as chain, _)):
            return f"{_about(chain)}_came"
        case Equal(parts=(Read() as read, Word(name=name))):
            return f"{_about(read)}_is_{name}"
    return "value"


def read_as(script: RunScript, turn: Turn, heard: Mapping[Reading, str], syntax: Syntax) -> dict[Expression, str]:
    """The texts of the expressions that a general reads in a turn. heard: the name of what he heard, by reading."""
    texts: dict[Expression, str] = {}
    for letter, said in heard.items():
        for silence in script.needs.silences[letter.site]:
            read = script.recorder.order(script.recorder.read(letter.site, Order(silence)))
            instead = syntax.choice(syntax.equal(said, syntax.word(ABSENT.name)), syntax.word(silence), said)
            texts[read] = said if letter.silence == silence else instead
    return texts


def title(protocol: Protocol, budget: Budget) -> str:
    """A title of the export, in one line."""
    given = [(one.name, getattr(protocol, one.name), one.default) for one in parameters(protocol)]
    said = ", ".join(f"{name}={value}" for name, value, default in given if value != default)
    faults = " and ".join(f"{number} {mode}" for mode, number in budget.items()) or "no"
    noun = "fault" if list(budget.values()) == [1] else several("fault")
    return f"{type(protocol).__name__}({said}) with at most {faults} {noun}"
