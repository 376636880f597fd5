"""Mutants of OM: break its text in one place, and some configuration that the paper proves safe must fall.

A mutant is made from the text in which OM is written out, path by path; that it is the model's, another test says.
"""

import inspect
from typing import Any

import pytest

import byzverify
from byzverify.language import Protocol
from tests.engines import om_written_out as om

MUTANTS = {
    "the recursive majority is replaced by the direct order": (
        "return majority([told(path), *(value((*path, j)) for j in self.others(me, *path))])",
        "return told(path)",
    ),
    "the lieutenant's own order is left out of the vote": (
        "[told(path), *(value((*path, j)) for j in self.others(me, *path))]",
        "[value((*path, j)) for j in self.others(me, *path)]",
    ),
    "one vote is taken for a majority": (
        "majority([told(path), *(value((*path, j)) for j in self.others(me, *path))])",
        "ite(count([told(path), *(value((*path, j)) for j in self.others(me, *path))], ATTACK) >= 1, ATTACK, RETREAT)",
    ),
    "one relay is dropped": (
        "*(value((*path, j)) for j in self.others(me, *path))",
        "*(value((*path, j)) for j in self.others(me, *path)[1:])",
    ),
    "a tie falls to the direct order": (
        "self.others(me, *path))])",
        "self.others(me, *path))], default=told(path))",
    ),
    "relayed orders are believed without the recursion": (
        "*(value((*path, j)) for j",
        "*(told((*path, j)) for j",
    ),
    "one round short": ("range(self.m)", "range(self.m - 1)"),
    "the order of the commander is passed on along every path": (
        "broadcast(told(path), label",
        "broadcast(told(path[:1]), label",
    ),
}

GRID = [(4, 1), (5, 1), (6, 1), (7, 2), (8, 2)]


def mutant(old: str, new: str) -> type[Protocol]:
    text = inspect.getsource(om)
    assert text.count(old) == 1, f"the model no longer says {old!r}"
    text = text.replace(old, new).replace("import COMMANDER,", "import ATTACK, count, ite, COMMANDER,")
    text = text.replace("if len(path) > self.m:", "if len(path) >= len(inboxes):")  # the same, for any number of rounds
    names: dict[str, Any] = {"__name__": "mutant"}
    exec(compile(text, "<mutant>", "exec"), names)
    made: type[Protocol] = names["OM"]
    return made


@pytest.mark.slow
@pytest.mark.parametrize("change", MUTANTS)
def test_a_weakened_om_falls_where_om_stands(change: str) -> None:
    weakened = mutant(*MUTANTS[change])
    verdicts = (byzverify.check(weakened(n=n, m=m)) for n, m in GRID)  # type: ignore[call-arg]
    assert any(isinstance(verdict, byzverify.Refuted) for verdict in verdicts)


@pytest.mark.slow
def test_the_text_itself_stands() -> None:
    same = mutant("range(self.m)", "range( self.m)")
    for n, m in GRID:
        assert isinstance(byzverify.check(same(n=n, m=m)), byzverify.Proved)  # type: ignore[call-arg]
