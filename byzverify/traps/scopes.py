"""The names in a protocol's source, and the kinds of values that they stand for.

A name has the kind on which all its assignments agree; branches and the order of statements do not matter. The
variables of a comprehension count as those of the function around it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from byzverify.traps.inference import CONSTANTS, LANGUAGE, Expressions
from byzverify.traps.kinds import Basic, Kind, Many, Table, agreed, element

ANNOTATIONS: dict[str, Kind] = {
    "Truth": Basic.TRUTH,
    "Count": Basic.COUNT,
    "Inbox": Basic.INBOX,
    "float": Basic.FRACTION,
}

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a function, a module or a class, except those inside its functions and classes."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, Function | ast.ClassDef):
            yield from inside(child)


class Scope(Expressions):
    """The names of a module, a class or a function, and the kinds of their values.

    node: the module, class or function. within: the enclosing scope. imported: the full name of each imported name.
    assigned: for each other name that is assigned here, functions that give the kind of each assigned value. values:
    the assigned values that are expressions. kinds: the kinds of the names.
    """

    def __init__(self, node: ast.AST, within: Scope | None = None) -> None:
        self.node = node
        self.within = within
        self.imported: dict[str, str] = dict(within.imported) if within else {}
        self.assigned: dict[str, list[Callable[[], Kind]]] = {}
        self.values: dict[str, list[ast.expr]] = {}
        self.parameters: set[str] = set()
        if isinstance(node, Function):
            self._add_parameters(node)
        for child in inside(node):
            self._add(child)
        self.kinds: dict[str, Kind] = dict.fromkeys(self.assigned, Basic.UNSET)

    def update(self) -> bool:
        """Compute the kinds of all names again from the kinds known now. Returns whether one has changed."""
        before = self.kinds
        self.kinds = {name: agreed([kind() for kind in kinds]) for name, kinds in self.assigned.items()}
        return self.kinds != before

    def owner(self, name: str) -> Scope | None:
        """The scope that defines a name; None if it is not in this file. Functions do not see the names of a class."""
        scope: Scope | None = self
        while scope and (name not in scope.assigned or (isinstance(scope.node, ast.ClassDef) and scope is not self)):
            scope = scope.within
        return scope

    def origin(self, node: ast.expr) -> str:
        """The full name of something imported, or of an attribute of it, such as `random.choice`; else ""."""
        if isinstance(node, ast.Name):
            return "" if self.owner(node.id) else self.imported.get(node.id, "")
        if isinstance(node, ast.Attribute) and (of := self.origin(node.value)):
            return f"{of}.{node.attr}"
        return ""

    def called(self, function: ast.expr) -> str:
        """The name in the language or in Python of the function that is called, if it is one of these; else ""."""
        origin = self.origin(function)
        if origin.startswith((f"{LANGUAGE}.", "decimal.", "fractions.", "collections.")):
            return origin.rpartition(".")[2]
        if isinstance(function, ast.Name) and not origin and not self.owner(function.id):
            return function.id
        return ""

    def kind_of_name(self, name: str) -> Kind:
        scope = self.owner(name)
        if scope is not None:
            return scope.kinds[name]
        return CONSTANTS.get(self.imported.get(name, ""))

    def kind_of_own(self, attribute: str) -> Kind:
        """The kind of an attribute of the protocol, from its annotation or value in the class."""
        scope: Scope | None = self
        while scope and not isinstance(scope.node, ast.ClassDef):
            scope = scope.within
        return scope.kinds.get(attribute) if scope else None

    def _add_parameters(self, function: Function) -> None:
        arguments = function.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        rest = [one for one in (arguments.vararg, arguments.kwarg) if one]
        for number, argument in enumerate([*named, *rest]):
            kind = _kind_of_parameter(function, number, argument)
            self.parameters.add(argument.arg)
            self._assign(argument.arg, lambda kind=kind: kind)  # type: ignore[misc]

    def _add(self, node: ast.AST) -> None:
        """Add the names that a statement, or a part of an expression, assigns."""
        match node:
            case ast.Assign():
                for target in node.targets:
                    self._unpack(target, node.value)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                known = _annotated(annotation)
                self._assign(name, lambda: known or self.kind(value), value)
            case ast.AugAssign(target=ast.Name(id=name)):
                whole = ast.BinOp(ast.Name(name, ast.Load()), node.op, node.value)
                self._assign(name, lambda: self.kind(whole), whole)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                self._assign(name, lambda: self.kind(value), value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[value]):
                if name in self.assigned:
                    self._assign(name, lambda: Many(self.kind(value)))
            case ast.For() | ast.comprehension():
                self._go_through(node.target, node.iter)
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
                self._assign(node.name, lambda: None)
            case ast.Name(id=name, ctx=ast.Store()) if name not in self.assigned:
                self._assign(name, lambda: None)  # assigned by `with`, `except` or `match`

    def _assign(self, name: str, kind: Callable[[], Kind], value: ast.expr | None = None) -> None:
        self.assigned.setdefault(name, []).append(kind)
        if value is not None:
            self.values.setdefault(name, []).append(value)

    def _unpack(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._assign(target.id, lambda: self.kind(value), value)
        elif isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                for part, given in zip(target.elts, value.elts, strict=True):
                    self._unpack(part, given)
            else:
                self._share_out(target, lambda: self.kind(value))

    def _share_out(self, target: ast.expr, kind: Callable[[], Kind]) -> None:
        """Give the names in a target that is unpacked the kind of the elements."""
        if isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                if isinstance(part, ast.Starred):
                    self._share_out(part.value, lambda: Many(element(kind())))
                else:
                    self._share_out(part, lambda: element(kind()))
        elif isinstance(target, ast.Name):
            self._assign(target.id, kind)

    def _go_through(self, target: ast.expr, over: ast.expr) -> None:
        parts = self._side_by_side(over)
        if parts is not None and isinstance(target, ast.Tuple) and len(target.elts) == len(parts):
            for part, kind in zip(target.elts, parts, strict=True):
                self._share_out(part, kind)
        else:
            self._share_out(target, lambda: element(self.kind(over)))

    def _side_by_side(self, over: ast.expr) -> list[Callable[[], Kind]] | None:
        """For an iterable of tuples, the kind at each position: for zip, enumerate, and a dictionary's items."""
        match over:
            case ast.Call(func=ast.Name(id="zip"), args=given):
                return [lambda one=one: element(self.kind(one)) for one in given]  # type: ignore[misc]
            case ast.Call(func=ast.Name(id="enumerate"), args=[given, *_]):
                return [lambda: None, lambda: element(self.kind(given))]
            case ast.Call(func=ast.Attribute(value=table, attr="items")):
                return [lambda: None, lambda: of.of if isinstance(of := self.kind(table), Table) else None]
        return None

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif alias.asname:
                self.imported[alias.asname] = alias.name
            else:
                first = alias.name.partition(".")[0]
                self.imported[first] = first


def scopes_in(tree: ast.Module) -> dict[ast.AST, Scope]:
    """The scopes of a module and of all functions and classes in it, with the final kinds of their names."""
    found: dict[ast.AST, Scope] = {tree: Scope(tree)}
    _add_scopes(found, tree, found[tree])
    for _ in range(MOST_UPDATES):
        if sum(scope.update() for scope in found.values()) == 0:
            return found
    for scope in found.values():
        scope.kinds = dict.fromkeys(scope.kinds)  # the kinds keep changing, so none is certain
    return found


MOST_UPDATES = 12
"""The most times that kinds are computed again. A chain of names that people can read is settled by then."""


def _add_scopes(found: dict[ast.AST, Scope], node: ast.AST, scope: Scope) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            found[child] = Scope(child, scope)
        _add_scopes(found, child, found.get(child, scope))


def _kind_of_parameter(function: Function, number: int, argument: ast.arg) -> Kind:
    if isinstance(function, ast.FunctionDef) and function.name == "general" and number == 2:
        return Basic.ORDER
    if argument.annotation is not None:
        return _annotated(argument.annotation)
    return Basic.INBOX if argument.arg == "inbox" else None


def _annotated(annotation: ast.expr) -> Kind:
    return ANNOTATIONS.get(annotation.id) if isinstance(annotation, ast.Name) else None
