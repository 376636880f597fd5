"""Reading the statements of one function, for arguments of certain kinds.

`sublanguage.py` says what this is for. This module must not know what functions there are.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import FunctionType

from byzverify.engines.parameterized.calls import Calls
from byzverify.engines.parameterized.changes import handed_on, is_made_here, may_change_in_place
from byzverify.engines.parameterized.expressions import Result, is_constant, named, unreadable
from byzverify.engines.parameterized.iterators import kept_iterator
from byzverify.engines.parameterized.kinds import DECIDED, DECISION, EACH, FEW, GENERAL, INSTEAD, PLAIN, Dependence
from byzverify.engines.parameterized.sources import NoSource, bindings, defined_as
from byzverify.language.protocol import Protocol

NAMING = (ast.Name, ast.Attribute, ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.Slice, ast.Starred)
"""Expressions that do nothing but to name what others use."""


class Function(Calls):
    """One function, for arguments of certain kinds. runs: whether it may yield."""

    def __init__(
        self, protocol: type[Protocol], result: Result, function: FunctionType, kinds: Sequence[Dependence], runs: bool
    ) -> None:
        super().__init__(protocol, result, function, runs)
        try:
            self._node = defined_as(function)
        except NoSource:
            raise unreadable(function) from None
        self._returned: list[Dependence] = []
        self._bind_parameters(kinds)

    def _bind_parameters(self, kinds: Sequence[Dependence]) -> None:
        given = self._node.args
        if given.vararg or given.kwarg:
            self._refuse(self._node, "takes any number of arguments", "name each")
        names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        defaults = (*(self._function.__defaults__ or ()), *(self._function.__kwdefaults__ or {}).values())
        if not all(map(is_constant, defaults)):
            self._refuse(self._node, "has a default that is no constant", "write a number, a text or an order")
        if len(kinds) > len(names):
            self._refuse(self._node, f"takes {len(names)} arguments, and gets {len(kinds)}", "give as many")
        self._parameters = frozenset(names)
        self._kinds = dict(zip(names, [*kinds, *[PLAIN] * (len(names) - len(kinds))], strict=True))

    def result(self) -> Dependence:
        """The kind of what it returns."""
        body = self._body
        if any(not _is_static(one) for one in getattr(self._node, "decorator_list", ())):
            self._refuse(self._node, "has a decorator", "write the function without one")
        self._bound = list(bindings(body))
        before: dict[str, Dependence] = {}
        while before != self._kinds:  # a loop may change what a name above it means
            before = dict(self._kinds)
            self._returned = []
            self._block(body)
        self._demand_all_read(body)
        self._demand_nothing_left(body)
        if not _always_returns(body):
            if EACH in self._returned:
                self._refuse(self._node, "may end without `return`", "return an order or a truth in every case")
            self._returned.append(PLAIN)
        return self._joined(self._node, self._returned)

    @property
    def _body(self) -> list[ast.stmt]:
        node = self._node
        return [ast.copy_location(ast.Return(node.body), node)] if isinstance(node, ast.Lambda) else node.body

    def _demand_nothing_left(self, body: Sequence[ast.stmt]) -> None:
        """Raise NotUnderstood if something could be left behind in a list or an iterator."""
        if (place := handed_on(body, self._meaning)) is not None:
            self._refuse(place, "hands on a list that it changes", "hand on what no longer changes, as list(...) is")
        if (place := kept_iterator(body, self._meaning)) is not None:
            self._refuse(place, "keeps an iterator, which changes when it is gone through", "write a list: [...]")

    def _demand_all_read(self, body: Sequence[ast.stmt]) -> None:
        """Raise NotUnderstood for an expression that nobody has read: it could do anything when it is run."""
        annotations = [one.annotation for part in body for one in ast.walk(part) if isinstance(one, ast.AnnAssign)]
        exempt = {part for one in annotations for part in ast.walk(one)}
        for part in (one for statement in body for one in ast.walk(statement)):
            stores = isinstance(getattr(part, "ctx", None), ast.Store)
            acts = isinstance(part, ast.expr) and not isinstance(part, NAMING) and not stores
            if acts and part not in self._seen | exempt:
                self._refuse(part, "does something that is not read", "write it more simply")

    def _block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Expr(value=value):
                self.kind(value)
            case ast.Return(value=value):
                self._returned.append(PLAIN if value is None else self.kind(value))
            case ast.Assign(targets=[target], value=value):
                self._assign(target, self.kind(value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, self.kind(value))
            case ast.AugAssign(target=ast.Name() as target, value=value):
                left = self.kind(ast.copy_location(ast.Name(target.id, ast.Load()), target))
                if {left, self.kind(value)} != {PLAIN} or self._changes_others(node, target.id):
                    self._refuse(node, "changes a list in place", "write x = x + y, or x = x | y")
            case ast.AugAssign(target=ast.Subscript() as target, value=value):
                if may_change_in_place(node.op, value, self._meaning):
                    self._refuse(node, "changes a list in place", "write x[k] = x[k] + y")
                self._assign(target, self.kind(value))
            case ast.If(test=test, body=body, orelse=orelse):
                self._few(test)
                self._block(body)
                self._block(orelse)
            case ast.For(target=target, iter=iterable, body=body, orelse=[]):
                if (kind := self.kind(iterable)) not in (PLAIN, FEW):
                    self._refuse(node, "goes through a list of generals by `for`", INSTEAD)
                self._assign(target, GENERAL if kind is FEW else PLAIN)
                self._block(body)
            case _:
                self._refuse(node, f"uses {named(node)}", "write it with if, for, yield, return and assignments")

    def _changes_others(self, node: ast.AugAssign, name: str) -> bool:
        """Whether `x += y` may change a list that the function has not made."""
        return may_change_in_place(node.op, node.value, self._meaning) and not self._is_made_here(name)

    def _is_made_here(self, name: str) -> bool:
        return is_made_here(name, self._body, self._parameters, self._meaning)

    def _assign(self, target: ast.expr, kind: Dependence) -> None:
        match target:
            case ast.Name(id=name):
                known = self._kinds.get(name, kind)
                self._kinds[name] = self._joined(target, [known, kind])
            case ast.Tuple(elts=parts) | ast.List(elts=parts) if kind in (PLAIN, FEW, EACH, DECISION, DECIDED):
                for part in parts:
                    if isinstance(part, ast.Starred):
                        self._refuse(part, "takes a list apart", "name each part")
                    self._assign(part, {FEW: GENERAL, DECISION: PLAIN, DECIDED: DECISION}.get(kind, kind))
            case ast.Subscript(value=ast.Name(id=name), slice=key) if name in self._kinds and kind is PLAIN:
                if self.kind(target.value) is not PLAIN or self.kind(key) is not PLAIN:
                    self._refuse(target, "stores something under a general", "write {j: ... for j in self.generals}")
                if not self._is_made_here(name):
                    self._refuse(
                        target,
                        f"changes {name}, which it has not made itself",
                        "change what the function makes by [...], {...} or a comprehension, and return the rest",
                    )
            case _:
                self._refuse(target, "stores something elsewhere than in a variable", "use a variable of the function")


def _always_returns(body: Sequence[ast.stmt]) -> bool:
    """Whether statements never end but by `return`; otherwise they may return None."""
    match body[-1]:
        case ast.If(body=then, orelse=[_, *_] as otherwise):
            return _always_returns(then) and _always_returns(otherwise)
        case last:
            return isinstance(last, ast.Return)


def _is_static(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("staticmethod", "property", "override")
