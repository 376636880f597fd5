"""The thresholds of the counting protocols, each moved by one in either direction, in all combinations, at every size.

The variants are made from the text of a model, with none written by hand: a threshold is a comparison of numbers in the
program. `python -m tests.mutants.thresholds --write` asks about all of them and writes docs/explanation/thresholds.md,
which takes half an hour. This module knows what the page is made of.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from string import Template
from types import ModuleType

from byzverify.campaign.mutants import Mutant, _is_threshold, _program, _shifted
from byzverify.catalogue import library
from byzverify.language.protocol import Protocol
from byzverify.questions.families import ConditionEverywhere
from byzverify.questions.proving import prove
from byzverify.rendering.verdict.everywhere import sizes

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "thresholds.md"
TEMPLATE = Path(__file__).with_name("thresholds.template")

MODELS = (
    "phase_king",
    "phase_king_two_round",
    "phase_queen",
    "crusader",
    "gradecast",
    "hybrid_phase_queen",
    "hybrid_phase_king",
    "turpin_coan",
)

INNER = {"turpin_coan": 3}
"""How many of a model's thresholds, the last ones, are those of another model on this page, and stay as they are."""

Steps = tuple[int, ...]
"""By how much each threshold is moved: -1, 0 or 1."""


def thresholds(protocol: type[Protocol]) -> list[str]:
    """The thresholds of a protocol, as its text has them."""
    return [ast.unparse(node) for node in _found(_tree(protocol), protocol)]


def shifted(protocol: type[Protocol], steps: Steps) -> Mutant:
    """The protocol with its thresholds moved."""
    tree = _tree(protocol)
    for node, step in zip(_found(tree, protocol), steps, strict=True):
        if step:
            node.comparators = [_shifted(node.comparators[0], step)]
    return Mutant(protocol, f"moved by {steps}", "", "", ast.unparse(ast.fix_missing_locations(tree)))


def _tree(protocol: type[Protocol]) -> ast.Module:
    return ast.parse(inspect.getsource(inspect.getmodule(protocol) or ModuleType("")))


def _found(tree: ast.Module, protocol: type[Protocol]) -> list[ast.Compare]:
    nodes = [node for method in _program(tree, protocol.__name__) for node in ast.walk(method)]
    found = [node for node in nodes if isinstance(node, ast.Compare) and _is_threshold(node)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def variants(model: str) -> list[Steps]:
    """The ways of moving a model's thresholds."""
    inner = INNER.get(model, 0)
    moved = product((-1, 0, 1), repeat=len(thresholds(library.find(model))) - inner)
    return [(*steps, *[0] * inner) for steps in moved]


def section(model: str) -> str:
    """What the page says of a model."""
    kind = library.find(model)
    own = len(thresholds(kind)) - INNER.get(model, 0)
    rows = [(steps[:own], prove(shifted(kind, steps).build()).conditions) for steps in variants(model)]
    lines = [f"## `{model}`", ""]
    lines += [f"{number}. `{text}`" for number, text in enumerate(thresholds(kind)[:own], 1)]
    lines += ["", f"For every {prove(kind).statement}:", "", *_table(rows), ""]
    return "\n".join(lines)


def _table(rows: Sequence[tuple[Steps, Sequence[ConditionEverywhere]]]) -> Iterator[str]:
    steps, conditions = rows[0]
    heads = [*(f"({number})" for number in range(1, len(steps) + 1)), *(one.condition.name for one in conditions)]
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join(['---:'] * len(steps) + ['---'] * len(conditions))} |"
    for steps, conditions in rows:
        yield f"| {' | '.join([*map(_step, steps), *map(_said, conditions)])} |"


def _step(step: int) -> str:
    return f"{step:+d}" if step else "0"


def _said(known: ConditionEverywhere) -> str:
    return known.verdict if known.smallest is None else sizes(known.smallest)


def page() -> str:
    """The whole page. It asks about every variant."""
    sections = "\n".join(map(section, MODELS)).rstrip()
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(sections=sections)


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(page(), encoding="utf-8")
