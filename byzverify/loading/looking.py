"""Where a program asks a value for its truth that is not known: what it does there, and what to write instead.

To the value all of this is one question; which it was, `if` or `or` or a method of a list, the text at that place says.
Nothing here knows values.
"""

from __future__ import annotations

import ast
import linecache
import traceback

from byzverify.errors import Looked
from byzverify.loading.origins import is_users
from byzverify.traps import remedies

TESTS = {ast.While: "while", ast.Assert: "assert"}
"""What asks for a truth beside `if`."""


def explained(error: Looked) -> str:
    """What the program does where it looks at a value, in one line with what to write instead."""
    node = _asking(error)
    return str(error) if node is None else _remedy(node, error.what, str(error))


def _asking(error: Looked) -> ast.AST | None:
    """The part of the author's text that was running; None if that cannot be told."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if is_users(one.filename)]
    if not frames or frames[-1].colno is None:
        return None
    last = frames[-1]
    place = (last.lineno, last.colno, last.end_lineno, last.end_colno)
    try:
        tree = ast.parse("".join(linecache.getlines(last.filename)))
    except (SyntaxError, ValueError, RecursionError):
        return None
    return next((node for node in ast.walk(tree) if _place(node) == place), None)


def _place(node: ast.AST) -> tuple[int | None, ...] | None:
    if not isinstance(node, ast.expr | ast.stmt):
        return None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _remedy(node: ast.AST, what: str, otherwise: str) -> str:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
            if isinstance(test, ast.BoolOp | ast.UnaryOp):
                return _remedy(test, what, otherwise)
            return remedies.of_test(TESTS.get(type(node), "if"), what)
        case ast.BoolOp():
            return remedies.of_operator(node, what == "an order")
        case ast.UnaryOp(op=ast.Not()):
            return remedies.of_negation(what)
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return remedies.MEMBERS
        case ast.Compare(left=left, comparators=[_, _, *_] as comparators):
            return remedies.of_chain([left, *comparators])
        case ast.Call(func=ast.Attribute(attr=name)) if name in remedies.OF_LISTS:
            return remedies.of_method(name)
        case ast.Call(func=ast.Name(id=name)) if name in remedies.OF_TRUTHS:
            return f"{name}() asks for truths, which are not known yet; {remedies.OF_TRUTHS[name]}"
        case ast.Call():
            return otherwise
    return remedies.of_test("if", what)
