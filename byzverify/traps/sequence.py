"""Traps about sets: the sequence of their members may differ in the next process.

A loop over a set is harmless if the sequence does not matter, as in `sorted(...)` or `count(...)`. So there is a trap
only if one member is picked, or if a step of a loop uses what the steps before it have left.
"""

from __future__ import annotations

import ast

from byzverify.traps.kinds import Basic, Kind, Many
from byzverify.traps.scopes import Scope

NUMBERED = "numbers the members of a set in an arbitrary sequence"

COMBINING = {"max", "min", "any_of", "all_of"}
"""Functions whose result does not depend on the sequence of their arguments."""


def _is_set(kind: Kind) -> bool:
    return isinstance(kind, Many) and not kind.settled


def _instead(kind: Kind) -> str:
    """What to write instead of a set of this kind: orders cannot be sorted."""
    if isinstance(kind, Many) and kind.of in (Basic.WORD, Basic.ORDER):
        return "write a list or a tuple, such as self.orders"
    return "write sorted(...)"


def picked(node: ast.AST, scope: Scope) -> str | None:
    """One member of a set, or of a list made from a set, picked by its position."""
    match node:
        case ast.Subscript(value=value) if _is_set(scope.kind(value)):
            return f"a place in a list that was made of a set, in an arbitrary sequence; {_instead(scope.kind(value))}"
        case ast.Call(func=ast.Attribute(value=value, attr="pop"), args=[]) if _is_set(scope.kind(value)):
            return f"`.pop()` takes any member of a set; {_instead(scope.kind(value))}"
        case ast.Call(func=function, args=[first, *_]):
            name = scope.called(function)
            if name == "next" and _is_set(scope.kind(first)):
                return f"the first member of a set is an arbitrary one; {_instead(scope.kind(first))}"
            sets = [kind for kind in map(scope.kind, node.args) if _is_set(kind)]
            if name in ("enumerate", "zip") and sets:
                return f"`{name}` {NUMBERED}; {_instead(sets[0])}"
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value) if _is_set(scope.kind(value)):
            return f"the members of a set are unpacked in an arbitrary sequence; {_instead(scope.kind(value))}"
    return None


def gone_through(node: ast.AST, scope: Scope) -> str | None:
    """A loop over a set in which the sequence matters."""
    if not isinstance(node, ast.For) or not _is_set(scope.kind(node.iter)):
        return None
    member = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
    parts = [part for statement in node.body for part in ast.walk(statement)]
    ends = any(isinstance(part, ast.Break) for part in parts)
    if any(_depends(part, member, ends) for part in parts):
        return f"a loop over a set, whose sequence is arbitrary and may matter here; {_instead(scope.kind(node.iter))}"
    return None


def _depends(part: ast.AST, member: set[str], ends: bool) -> bool:
    """Whether a part of a loop may act differently if the members come in another sequence."""
    match part:
        case ast.Yield():
            return True
        case ast.Return(value=value) if value is not None:
            return bool(_names(value) & member)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return (name in _names(value) and not _adds_to(name, value)) or (ends and bool(_names(value) & member))
    return False


def _adds_to(name: str, value: ast.expr) -> bool:
    """Whether a name is only extended by something, so that the sequence of such additions does not matter."""
    match value:
        case ast.BinOp(op=ast.Add() | ast.BitOr() | ast.BitAnd() | ast.BitXor()):
            sides = [value.left, value.right]
        case ast.BoolOp():
            sides = value.values
        case ast.Call(func=ast.Name(id=function), args=[ast.List() | ast.Tuple() as given]) if function in COMBINING:
            sides = given.elts
        case ast.Call(func=ast.Name(id=function), args=sides) if function in COMBINING:
            pass
        case _:
            return False
    return any(isinstance(side, ast.Name) and side.id == name for side in sides)


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
