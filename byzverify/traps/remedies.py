"""What to write instead of each construct that inspects a value.

The warnings (`traps`) and the run-time errors (`loading/looking.py`) share these sentences. This module knows syntax
trees. It must not know how warnings or errors find a construct.
"""

from __future__ import annotations

import ast

CHOOSE = "write ite(condition, a, b)"

OPERATORS = {ast.And: ("and", "a & b"), ast.Or: ("or", "a | b")}

ONE_OF_TWO_ORDERS = "write inbox.get(sender, default=RETREAT), or ite(order == ABSENT, RETREAT, order)"

TIGHT: dict[type[ast.operator], str] = {ast.BitAnd: "&", ast.BitOr: "|"}

MEMBERS = "`in` looks at values one by one; write any_of(vote == order for vote in votes)"

EQUAL_LISTS = "`==` on lists compares their members one by one; write all_of(a == b for a, b in zip(one, other))"

OF_LISTS = ("count", "index", "remove")
"""The methods of a list that compare its members."""

OF_TRUTHS = {
    "any": "write any_of(truths)",
    "all": "write all_of(truths)",
    "max": "write ite(a >= b, ..., ...)",
    "min": "write ite(a <= b, ..., ...)",
}
"""What to write instead of a function that asks for truths, or for the larger of two numbers."""


def of_operator(node: ast.BoolOp, of_orders: bool) -> str:
    """`and` or `or` on values."""
    word, instead = OPERATORS[type(node.op)]
    if of_orders:
        return f"`{word}` on an order, which is not a truth; {ONE_OF_TWO_ORDERS}"
    return f"`{word}` on values gives one of them, and not a truth about both; write {instead}"


def of_negation(what: str) -> str:
    """`not` on a value. what: the word for the value."""
    return f"`not` on {what}; write {'order != ATTACK' if what == 'an order' else '~truth'}"


def of_chain(sides: list[ast.expr]) -> str:
    """A comparison with more than two sides."""
    for side in sides[1:-1]:
        if isinstance(side, ast.BinOp) and (sign := TIGHT.get(type(side.op))):
            return f"`{sign}` binds more tightly than a comparison; write (a == b) {sign} (c == d)"
    return "a chained comparison of values; write (a < b) & (b < c)"


def of_method(name: str) -> str:
    """A method of a list that compares its members."""
    return f"`.{name}()` of a list looks at its values one by one; write count(votes, order)"


def of_test(word: str, what: str) -> str:
    """A branch, a loop or a filter on a value."""
    return f"`{word}` on {what}, which is not known while the program runs once for all values; {CHOOSE}"
