"""Finds the place at which a program asks for the truth of an unknown value, and says what to write instead.

A value only notices that its truth was asked for. Whether an `if`, an `or` or a list method asked is read from the
source at that position. This module knows no values.
"""

from __future__ import annotations

import ast
import linecache
import traceback

from byzverify.errors import Looked
from byzverify.loading.origins import is_users
from byzverify.traps import remedies

TESTS = {ast.While: "while", ast.Assert: "assert"}
"""The statements besides `if` that ask for a truth."""


def explained(error: Looked) -> str:
    """What the program does at the place where it looks at a value, in one line with what to write instead."""
    node = _asking(error)
    return str(error) if node is None else _remedy(node, error.what, str(error))


def _asking(error: Looked) -> ast.AST | None:
    """The part of the author's source that asked; None if it cannot be determined."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if is_users(one.filename)]
    if not frames or frames[-1].colno is None:
        return None
    last = frames[-1]
    place = (last.lineno, last.colno, last.end_lineno, last.end_colno)
    try:
        tree = ast.parse("".join(linecache.getlines(last.filename)))
    except (SyntaxError, ValueError, RecursionError):
        return None
    node = next((node for node in ast.walk(tree) if _place(node) == place), None)
    return _tester(node, tree) if isinstance(node, ast.Compare) and len(node.ops) == 1 else node


def _place(node: ast.AST) -> tuple[int | None, ...] | None:
    if not isinstance(node, ast.expr | ast.stmt | ast.pattern):
        return None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _tester(comparison: ast.Compare, tree: ast.AST) -> ast.AST:
    """The construct that tests a comparison, because Python reports the comparison instead; else the comparison."""
    if isinstance(comparison.ops[0], ast.In | ast.NotIn):
        return comparison
    around = {inner: outer for outer in ast.walk(tree) for inner in ast.iter_child_nodes(outer)}
    inner: ast.AST = comparison
    outer = around[comparison]
    while isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not):
        inner, outer = outer, around[outer]
    return outer if _tests(outer, inner) else comparison


def _tests(outer: ast.AST, inner: ast.AST) -> bool:
    match outer:
        case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test) | ast.IfExp(test=test):
            return test is inner
        case ast.comprehension(ifs=filters):
            return inner in filters
        case ast.match_case(guard=guard):
            return guard is inner
    return isinstance(outer, ast.BoolOp)


def _remedy(node: ast.AST, what: str, otherwise: str) -> str:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
            if isinstance(getattr(test, "op", None), ast.boolop | ast.Not):
                return _remedy(test, what, otherwise)
            return remedies.of_test(TESTS.get(type(node), "if"), what)
        case (
            ast.IfExp()
            | ast.match_case()
            | ast.comprehension()
            | ast.ListComp()
            | ast.SetComp()
            | ast.DictComp()
            | ast.GeneratorExp()
        ):
            return remedies.of_test("if", what)
        case ast.pattern():
            return remedies.of_test("match", what)
        case ast.BoolOp():
            return remedies.of_operator(node, what == "an order")
        case ast.UnaryOp(op=ast.Not()):
            return remedies.of_negation(what)
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return remedies.MEMBERS
        case ast.Compare(left=left, comparators=[_, _, *_] as comparators):
            return remedies.of_chain([left, *comparators])
        case ast.Compare(ops=[ast.Eq() | ast.NotEq()]):
            return remedies.EQUAL_LISTS
        case ast.Call(func=ast.Attribute(attr=name)) if name in remedies.OF_LISTS:
            return remedies.of_method(name)
        case ast.Call(func=ast.Name(id=name)) if name in remedies.OF_TRUTHS:
            return f"{name}() asks for truths, which are not known yet; {remedies.OF_TRUTHS[name]}"
    return otherwise
