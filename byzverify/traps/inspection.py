"""Traps about orders, truths and counts: a program computes with them, but cannot look at them.

Each function here returns the message for the trap in one node of a syntax tree, or None.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from byzverify.traps import remedies
from byzverify.traps.kinds import HIDDEN, Basic, Kind, Many, element
from byzverify.traps.scopes import Scope

CALLED = {Basic.ORDER: "an order", Basic.TRUTH: "a truth", Basic.COUNT: "a count", Basic.DECISION: "a decision"}

COMPARE = "compare it, as in order == ATTACK"

OF_MANY = {
    ("sum", Basic.TRUTH): "write how_many(truths)",
    ("any", Basic.TRUTH): "write any_of(truths)",
    ("all", Basic.TRUTH): "write all_of(truths)",
    ("max", Basic.ORDER): "write majority(votes) or plurality(votes, tie)",
    ("min", Basic.ORDER): "write majority(votes) or plurality(votes, tie)",
    ("max", Basic.COUNT): "write ite(a >= b, ..., ...)",
    ("min", Basic.COUNT): "write ite(a <= b, ..., ...)",
    ("sorted", Basic.ORDER): "write count(votes, order)",
    ("set", Basic.ORDER): "write count(votes, order)",
    ("frozenset", Basic.ORDER): "write count(votes, order)",
    ("Counter", Basic.ORDER): "write count(votes, order)",
}
"""What to write instead of a Python function on several values of a kind."""

OF_ONE = {
    **dict.fromkeys(("bool", "int", "float", "round", "str", "repr", "format"), COMPARE),
    **dict.fromkeys(("isinstance", "type", "hash", "id"), "a program must not look at a value by other means than =="),
}
"""What to write instead of a Python function on one value."""


def hidden(kind: Kind) -> str:
    """The word for a value of this kind, if a program cannot look at it; else ""."""
    return CALLED.get(kind, "") if isinstance(kind, Basic) else ""


def tested(node: ast.AST, scope: Scope) -> str | None:
    """A branch, a loop or a filter on a value."""
    tests: list[ast.expr] = []
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            tests, word = [test], "if"
        case ast.While(test=test):
            tests, word = [test], "while"
        case ast.Assert(test=test):
            tests, word = [test], "assert"
        case ast.comprehension(ifs=ifs):
            tests, word = ifs, "if"
        case ast.Match(subject=subject):
            tests, word = [subject], "match"
    for test in tests:
        if what := hidden(scope.kind(test)):
            return remedies.of_test(word, what)
    return None


def short_circuit(node: ast.AST, scope: Scope) -> str | None:
    """`and`, `or` or `not` on a value."""
    if isinstance(node, ast.BoolOp):
        kinds = [scope.kind(value) for value in node.values]
        if any(map(hidden, kinds[:-1])):
            return remedies.of_operator(node, of_orders=any(kind in (Basic.ORDER, Basic.WORD) for kind in kinds))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and (what := hidden(scope.kind(node.operand))):
        return remedies.of_negation(what)
    return None


def compared(node: ast.AST, scope: Scope) -> str | None:
    """`is`, `in` or a chained comparison on values."""
    if not isinstance(node, ast.Compare):
        return None
    sides = [node.left, *node.comparators]
    kinds = [scope.kind(side) for side in sides]
    values = [kind for kind in kinds if isinstance(kind, Basic) and kind in HIDDEN]
    if len(sides) > 2:
        return remedies.of_chain(sides) if values else None
    if isinstance(node.ops[0], ast.Is | ast.IsNot):
        return _identity(sides, kinds, scope)
    if isinstance(node.ops[0], ast.In | ast.NotIn):
        (left, right) = kinds
        listed = isinstance(right, Many) and right.of in HIDDEN and left is Basic.WORD
        if listed or (isinstance(left, Basic) and left in HIDDEN and left is not Basic.DECISION):
            return remedies.MEMBERS
    return None


def _identity(sides: list[ast.expr], kinds: list[Kind], scope: Scope) -> str | None:
    nothing = any(isinstance(side, ast.Constant) and side.value is None for side in sides)
    if not nothing and set(kinds) & {Basic.ORDER, Basic.TRUTH, Basic.COUNT}:
        return "`is` asks for the same object, which a value never is; write =="
    if nothing and kinds[0] is Basic.ORDER and not _may_be_none(sides[0], scope):
        return "an order is never None; what did not come is ABSENT: write order == ABSENT"
    return None


def _may_be_none(side: ast.expr, scope: Scope) -> bool:
    """Whether this is a parameter, such as the order of a general who may start with none."""
    owner = scope.owner(side.id) if isinstance(side, ast.Name) else None
    return owner is not None and isinstance(side, ast.Name) and side.id in owner.parameters


def arithmetic(node: ast.AST, scope: Scope) -> str | None:
    """A count combined with a number that need not be whole, or divided."""
    operands, operator = _operands(node)
    kinds = [scope.kind(operand) for operand in operands]
    if Basic.COUNT not in kinds:
        return None
    if isinstance(operator, ast.Div | ast.FloorDiv | ast.Mod | ast.Pow):
        return "a count that is divided; multiply by whole numbers instead: 2 * count > n, not count > n / 2"
    if Basic.FRACTION in kinds:
        return "a count with a number that is not whole; write 2 * count > n, not count > n / 2"
    return None


def _operands(node: ast.AST) -> tuple[list[ast.expr], ast.operator | None]:
    match node:
        case ast.BinOp(left=left, op=operator, right=right) | ast.AugAssign(target=left, op=operator, value=right):
            return [left, right], operator
        case ast.Compare(left=left, comparators=comparators):
            return [left, *comparators], None
    return [], None


def given_away(node: ast.AST, scope: Scope) -> str | None:
    """A value passed to a Python function that looks at it."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = scope.called(node.func)
    kinds = [scope.kind(argument) for argument in node.args]
    for kind in kinds if len(kinds) > 1 else [element(kinds[0])]:
        if isinstance(kind, Basic) and (name, kind) in OF_MANY:
            return f"{name}() looks at {kind.name.lower()}s, which are not known yet; {OF_MANY[name, kind]}"
    what = hidden(kinds[0]) if kinds[0] is not Basic.DECISION else ""
    if name in OF_ONE and what:
        return f"{name}() of {what}; {OF_ONE[name]}"
    return _method(node, scope)


def _method(node: ast.Call, scope: Scope) -> str | None:
    if isinstance(node.func, ast.Attribute) and node.func.attr in remedies.OF_LISTS:
        of = scope.kind(node.func.value)
        if isinstance(of, Many) and isinstance(of.of, Basic) and of.of in HIDDEN:
            return remedies.of_method(node.func.attr)
    return None


def spelled_out(node: ast.AST, scope: Scope) -> str | None:
    """A value in a text, or as a key or an index."""
    if isinstance(node, ast.FormattedValue) and (what := hidden(scope.kind(node.value))):
        return f"{what} in a text, which is not known yet"
    for key in _keys(node):
        if what := hidden(scope.kind(key)):
            return f"{what} as a key or an index; compare it with each, as in ite(order == ATTACK, a, b)"
    return None


def _keys(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Subscript(slice=index) if not isinstance(index, ast.Slice):
            yield index
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key is not None)
        case ast.DictComp(key=key):
            yield key
