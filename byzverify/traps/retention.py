"""Traps about state that one general or one execution leaves for another, and about randomness.

A general must be a function of his inputs. What a class, a module or a default argument holds is one object for all
generals and all executions, and an iterator gives its members only to the first who asks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from byzverify.traps.kinds import HIDDEN
from byzverify.traps.scopes import Function, Scope

MAKERS = {"list", "dict", "set", "deque", "defaultdict", "Counter", "OrderedDict", "bytearray"}
CHANGES = {
    *("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "appendleft", "popleft"),
    *("add", "discard", "update", "setdefault", "popitem"),
}
"""The methods that change the object on which they are called."""

LAZY = {"iter", "map", "filter", "zip", "reversed", "enumerate"}
"""Built-in functions that return an iterator."""

NUMBERS = {"int", "General"}
"""The annotations of whole numbers."""

CHANCE = ("random.", "secrets.", "numpy.random.", "uuid.uuid1", "uuid.uuid4", "os.urandom", "os.getenv", "os.getpid")
CLOCKS = ("time.time", "time.time_ns", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow")


def _is_mutable(value: ast.expr, scope: Scope) -> bool:
    made = isinstance(value, ast.Call) and scope.called(value.func) in MAKERS
    return made or isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)


def _is_empty(value: ast.expr) -> bool:
    match value:
        case ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
            return not parts
        case ast.Call(args=given, func=ast.Name(id=maker)):
            return not given or maker == "defaultdict"
    return False


def _changed(node: ast.AST) -> ast.expr | None:
    """The thing that a node changes in place, such as a list that is appended to or a dictionary that is written to."""
    match node:
        case ast.Call(func=ast.Attribute(value=changed, attr=attr)) if attr in CHANGES:
            return changed
        case ast.Subscript(value=changed, ctx=ast.Store() | ast.Del()):
            return changed
        case ast.AugAssign(target=ast.Attribute() as changed):
            return changed
    return None


def _attributes_changed(tree: ast.AST) -> set[str]:
    return {changed.attr for node in ast.walk(tree) if isinstance(changed := _changed(node), ast.Attribute)}


def class_attribute(node: ast.AST, scope: Scope) -> Iterator[tuple[int, str]]:
    """A list, dictionary or set in a class that is meant to be filled: it is empty, or is changed somewhere."""
    if not isinstance(node, ast.ClassDef):
        return
    changed = _attributes_changed(node)
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        if _is_mutable(value, scope) and (_is_empty(value) or name in changed):
            yield (
                statement.lineno,
                f"{name} is one object for all generals and all executions; make it in `general`",
            )


def default_argument(node: ast.AST, scope: Scope) -> str | None:
    """A list, dictionary or set as a default that is meant to be filled: it is empty, or is changed somewhere."""
    if not isinstance(node, Function):
        return None
    arguments = [*node.args.posonlyargs, *node.args.args]
    pairs = list(zip(arguments[len(arguments) - len(node.args.defaults) :], node.args.defaults, strict=True))
    pairs += [(one, value) for one, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value]
    changed = {found.id for part in ast.walk(node) if isinstance(found := _changed(part), ast.Name)}
    for argument, value in pairs:
        if _is_mutable(value, scope) and (_is_empty(value) or argument.arg in changed):
            return f"the default of {argument.arg} is one object for all calls; write None, and make it in the function"
    return None


def shared(node: ast.AST, scope: Scope) -> str | None:
    """A change, in a function, of something that belongs to the module or to a class."""
    if not isinstance(scope.node, Function):
        return None
    match node:
        case ast.Global(names=names):
            return f"{names[0]} is shared by all generals and all executions; keep it in `general`, and pass it on"
        case ast.Attribute(value=of, attr=name, ctx=ast.Store()) if _is_class(of, scope):
            return f"{name} is set for all generals and all executions; keep it in `general`, and pass it on"
    changed = _changed(node)
    if isinstance(changed, ast.Name) and _is_of_module(changed.id, scope) and not _is_memo(changed.id, node, scope):
        return f"{changed.id} is one object for all generals and all executions; make it in `general`, and pass it on"
    return None


def _is_class(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is a class: its name, type(self) or self.__class__."""
    match node:
        case ast.Call(func=ast.Name(id="type")) | ast.Attribute(attr="__class__"):
            return True
        case ast.Name(id=name) if (owner := scope.owner(name)) is not None:
            return any(isinstance(part, ast.ClassDef) and part.name == name for part in ast.walk(owner.node))
    return False


def _is_of_module(name: str, scope: Scope) -> bool:
    owner = scope.owner(name)
    return owner is not None and isinstance(owner.node, ast.Module) and name in owner.values


def _is_memo(name: str, node: ast.AST, scope: Scope) -> bool:
    """Whether a dictionary is used as a cache: the function tests what it contains before it writes to it."""
    asked = any(
        isinstance(part, ast.Compare) and any(isinstance(one, ast.Name) and one.id == name for one in part.comparators)
        for part in ast.walk(scope.node)
    )
    return asked and isinstance(node, ast.Subscript)


def used_up(node: ast.AST, scope: Scope) -> str | None:
    """An iterator from outside of the function that uses it: it gives its members only once."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or not isinstance(scope.node, Function):
        return None
    owner = scope.owner(node.id)
    values = owner.values.get(node.id, []) if owner is not None and owner is not scope else []
    if owner is not None and values and all(_is_iterator(value, owner) for value in values):
        return f"{node.id} is an iterator, which gives its members only once; write a list"
    return None


def _is_iterator(value: ast.expr, scope: Scope) -> bool:
    if isinstance(value, ast.GeneratorExp):
        return True
    if not isinstance(value, ast.Call):
        return False
    origin = scope.origin(value.func)
    return scope.called(value.func) in LAZY or origin.startswith("itertools.") or origin == "random.Random"


def chance(node: ast.AST, scope: Scope) -> str | None:
    """A value that may differ each time: from randomness, the clock or the environment."""
    if isinstance(node, ast.Call):
        origin = scope.origin(node.func)
        seeded = origin == "random.Random" and node.args
        found = not seeded and (origin.startswith(CHANCE) or origin in CLOCKS)
        asked = scope.called(node.func) if node.args and scope.kind(node.args[0]) not in HIDDEN else ""
        if asked == "id" or (asked == "hash" and not _is_number(node.args[0], scope)):
            origin, found = {"id": "id()", "hash": "hash() of a text or an object"}[asked], True
    else:
        origin = scope.origin(node) if isinstance(node, ast.Attribute) else ""
        found = origin == "os.environ"
    if found:
        drawn = "make what is drawn a parameter"
        instead = drawn if origin.startswith(CHANCE[:3]) else "a program must depend only on what it is given"
        return f"{origin} may differ between executions; {instead}"
    return None


def _is_number(node: ast.expr, scope: Scope) -> bool:
    """Whether this is a whole number as far as the source tells: a general's own number, or annotated as one."""
    if not isinstance(node, ast.Name):
        return isinstance(node, ast.Constant) and isinstance(node.value, int)
    owner = scope.owner(node.id)
    if owner is None or not isinstance(owner.node, ast.FunctionDef) or node.id in owner.values:
        return False
    given = owner.node.args.args
    numbers = {one.arg for one in given if isinstance(one.annotation, ast.Name) and one.annotation.id in NUMBERS}
    return node.id in numbers | {one.arg for one in given[1:2] if owner.node.name == "general"}
