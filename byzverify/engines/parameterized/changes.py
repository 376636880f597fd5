"""Which lists and dictionaries a function changes in place, and whether it made them itself.

A function that a comprehension calls runs once for all generals at unknown sizes, and once for each at a known size. So
it must leave nothing behind: it may change what it has made, and nothing that it was given or that a module holds. It
must not hand on what it changes, either: the rule of a tree is applied later at unknown sizes. This module knows syntax
trees and names. It must not know what values are.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from byzverify import language

Meaning = Callable[[ast.expr], object]
"""What a name that is no local variable means."""

IN_PLACE = (ast.Add, ast.Mult, ast.BitOr)
"""The operations that `=` after them makes changes of, to a list or a dictionary."""

SINGLE = (
    *(language.count, language.how_many, language.majority, language.plurality, language.all_of, language.any_of),
    *(len, abs),
)
"""Functions that return no list."""

NEW = (*SINGLE, language.ite, list, dict, range, sorted)
"""Functions that return nothing that existed before and can be changed."""

MADE = (
    *(ast.List, ast.Dict, ast.Tuple, ast.ListComp, ast.DictComp, ast.GeneratorExp),
    *(ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.JoinedStr),
)
"""Expressions with a value that nothing else holds, or that cannot be changed."""


def may_change_in_place(operation: ast.operator, value: ast.expr, means: Meaning) -> bool:
    """Whether `x += value`, or another such operation, can change a list or a dictionary x."""
    return isinstance(operation, IN_PLACE) and (isinstance(operation, ast.Mult) or not _is_single(value, means))


def is_made_here(name: str, body: Sequence[ast.stmt], parameters: frozenset[str], means: Meaning) -> bool:
    """Whether a variable never holds anything that could be changed and that the function has not made itself."""
    bound = [one for one in _walked(body) if isinstance(one, ast.Name) and _is_stored(one) and one.id == name]
    made = [target for target, value in _assigned(body) if value is None or _is_made(value, means)]
    return name not in parameters and all(any(one is target for target in made) for one in bound)


def handed_on(body: Sequence[ast.stmt], means: Meaning) -> ast.AST | None:
    """Where a list or a dictionary that statements change in place is handed on, if it is."""
    changed = {*_changed(body, means)}
    if not changed:
        return None
    later = {part for one in _walked(body) if isinstance(one, ast.Lambda) for part in ast.walk(one)}
    read = (
        (parent, one)
        for parent in _walked(body)
        for one in ast.iter_child_nodes(parent)
        if isinstance(one, ast.Name) and one.id in changed and isinstance(one.ctx, ast.Load)
    )
    return next((one for parent, one in read if one in later or not _only_reads(parent, one, means)), None)


def _changed(body: Sequence[ast.stmt], means: Meaning) -> Iterator[str]:
    """The names of lists and dictionaries that statements may change in place."""
    for one in _walked(body):
        match one:
            case ast.Subscript(value=ast.Name(id=name)) if _is_stored(one):
                yield name
            case ast.AugAssign(target=ast.Name(id=name), op=operation, value=value):
                if may_change_in_place(operation, value, means):
                    yield name


def _only_reads(parent: ast.AST, name: ast.Name, means: Meaning) -> bool:
    """Whether a name stands where nothing else gets hold of what it holds before the function returns."""
    if isinstance(parent, ast.Call):
        return any(means(parent.func) is one for one in NEW)
    if isinstance(parent, ast.Subscript | ast.For | ast.comprehension):
        return name is (parent.value if isinstance(parent, ast.Subscript) else parent.iter)
    return isinstance(parent, ast.Return | ast.BinOp | ast.Compare | ast.AugAssign | ast.Starred)


def _assigned(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What statements assign to, with what they assign; None where they change what is there."""
    for one in _walked(body):
        match one:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=value):
                yield target, value
            case ast.AugAssign(target=target):
                yield target, None


def _walked(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    return (node for statement in body for node in ast.walk(statement))


def _is_stored(node: ast.Name | ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def _is_single(value: ast.expr, means: Meaning) -> bool:
    """Whether a value is no list, no dictionary and no text."""
    match value:
        case ast.Constant(value=number):
            return isinstance(number, int)
        case ast.Call(func=called):
            return any(means(called) is one for one in SINGLE)
    return isinstance(value, ast.Compare)


def _is_made(value: ast.expr, means: Meaning) -> bool:
    match value:
        case ast.IfExp(body=then, orelse=otherwise):
            return _is_made(then, means) and _is_made(otherwise, means)
        case ast.Call(func=called):
            return any(means(called) is one for one in NEW)
        case ast.Name():
            return isinstance(means(value), int | str | bool | language.Order)
    return isinstance(value, MADE)
