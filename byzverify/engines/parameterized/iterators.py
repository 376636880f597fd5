"""Where a function keeps an iterator, which changes whenever somebody takes something from it.

A function that a comprehension calls runs once for all generals at unknown sizes, and once for each at a known size. So
it must not find out how often it ran from what is left in an iterator. This module knows syntax trees and names. It
must not know what values are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from byzverify import language
from byzverify.engines.parameterized.changes import Meaning

MAKING = (enumerate, zip, reversed)
"""Functions that return an iterator."""

TAKING = (
    *(language.count, language.how_many, language.majority, language.plurality, language.all_of, language.any_of),
    *(len, list, tuple, sum, min, max, sorted, dict, *MAKING),
)
"""Functions that take everything out of an iterator, or make another one of it."""

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def kept_iterator(body: Sequence[ast.stmt], means: Meaning) -> ast.AST | None:
    """An iterator that somebody could take from more than once, or elsewhere; None if there is none."""
    pairs = [(parent, one) for part in body for parent in ast.walk(part) for one in ast.iter_child_nodes(parent)]
    made = [(parent, one) for parent, one in pairs if _is_iterator(one, means)]
    names = {target.id for parent, one in made for target in _names(parent, one)}
    for parent, one in made:
        if not _names(parent, one) and not _takes(parent, one, means):
            return one
    again = {part for statement in body for one in _run_again(statement) for part in ast.walk(one)}
    read = [(parent, one) for parent, one in pairs if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    kept = (one for parent, one in read if one.id in names and (one in again or not _takes(parent, one, means)))
    return next(kept, None)


def _is_iterator(node: ast.AST, means: Meaning) -> bool:
    makes = isinstance(node, ast.Call) and any(means(node.func) is one for one in MAKING)
    return makes or isinstance(node, ast.GeneratorExp)


def _names(parent: ast.AST, node: ast.AST) -> list[ast.Name]:
    """The variable that a value is kept in."""
    targets = parent.targets if isinstance(parent, ast.Assign) else [getattr(parent, "target", None)]
    is_value = isinstance(parent, ast.Assign | ast.AnnAssign) and parent.value is node
    return [one for one in targets if isinstance(one, ast.Name)] if is_value else []


def _takes(parent: ast.AST, node: ast.AST, means: Meaning) -> bool:
    """Whether an iterator stands where everything is taken out of it at once."""
    if isinstance(parent, ast.Call):
        return any(means(parent.func) is one for one in TAKING)
    if isinstance(parent, ast.For | ast.comprehension):
        return parent.iter is node
    if isinstance(parent, ast.Assign):
        return all(isinstance(one, ast.Tuple | ast.List) for one in parent.targets)
    return isinstance(parent, ast.Starred | ast.Yield | ast.Compare)


def _run_again(statement: ast.stmt) -> Iterator[ast.AST]:
    """The parts of lambdas and comprehensions that run later, or again for each entry."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Lambda):
            yield node.body
        elif isinstance(node, COMPREHENSIONS):
            first, *others = node.generators
            yield from (*others, *first.ifs)
            yield from (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
