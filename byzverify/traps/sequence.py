"""Traps about sets: the sequence of their members may be another one in the next process.

Going through a set is harmless where the sequence does not matter, as in `sorted(...)` or `count(...)`. So a trap is
where one member is picked, or where each step of a loop uses what the steps before it have left.
"""

from __future__ import annotations

import ast

from byzverify.traps.kinds import Kind, Many
from byzverify.traps.scopes import Scope

INSTEAD = "write sorted(...)"
NUMBERED = "numbers the members of a set in whatever sequence it has"


def _is_set(kind: Kind) -> bool:
    return isinstance(kind, Many) and not kind.settled


def picked(node: ast.AST, scope: Scope) -> str | None:
    """One member of a set, or of a list made of one, picked by its place."""
    match node:
        case ast.Subscript(value=value) if _is_set(scope.kind(value)):
            return f"a place in a list that was made of a set, in whatever sequence it has; {INSTEAD}"
        case ast.Call(func=ast.Attribute(value=value, attr="pop"), args=[]) if _is_set(scope.kind(value)):
            return f"`.pop()` takes any member of a set; {INSTEAD}"
        case ast.Call(func=function, args=[first, *_]):
            name = scope.called(function)
            if name == "next" and _is_set(scope.kind(first)):
                return f"the first of a set is whichever comes first; {INSTEAD}"
            if name in ("enumerate", "zip") and any(_is_set(scope.kind(one)) for one in node.args):
                return f"`{name}` {NUMBERED}; {INSTEAD}"
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value) if _is_set(scope.kind(value)):
            return f"the members of a set are unpacked in whatever sequence it has; {INSTEAD}"
    return None


def gone_through(node: ast.AST, scope: Scope) -> str | None:
    """A loop over a set in which the sequence matters."""
    if not isinstance(node, ast.For) or not _is_set(scope.kind(node.iter)):
        return None
    member = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
    parts = [part for statement in node.body for part in ast.walk(statement)]
    ends = any(isinstance(part, ast.Break) for part in parts)
    if any(_depends(part, member, ends) for part in parts):
        return f"a loop over a set, whose sequence matters here and is not settled; {INSTEAD}"
    return None


def _depends(part: ast.AST, member: set[str], ends: bool) -> bool:
    """Whether a part of a loop does something else if the members come in another sequence."""
    match part:
        case ast.Yield():
            return True
        case ast.Return(value=value) if value is not None:
            return bool(_names(value) & member)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return (name in _names(value) and not _adds_to(name, value)) or (ends and bool(_names(value) & member))
    return False


def _adds_to(name: str, value: ast.expr) -> bool:
    """Whether this is the name's value, with something added to it that could as well be added later."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add | ast.BitOr | ast.BitAnd | ast.BitXor):
        return False
    return any(isinstance(side, ast.Name) and side.id == name for side in (value.left, value.right))


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
