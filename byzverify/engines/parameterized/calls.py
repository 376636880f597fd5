"""Reading the calls of one function: of functions of the model, of the language and of Python, and the rules of trees.

`sublanguage.py` says what this is for. This module must not know statements.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import FunctionType

from byzverify import language
from byzverify.engines.parameterized.expressions import ExpressionReading, found_in, is_languages, resolved_name
from byzverify.engines.parameterized.kinds import (
    ADDRESSED,
    ADDRESSING,
    BUILTINS,
    CROWD,
    EACH,
    FEW,
    GENERAL,
    GENERALS,
    INBOX,
    INSTEAD,
    LISTS,
    MAP,
    MEMBER,
    MEMBERS,
    METHODS,
    OF_LISTS,
    OF_ORDERS,
    OUTCOME,
    PLAIN,
    SELF,
    SENT,
    TREE,
    Dependence,
)
from byzverify.engines.parameterized.sources import is_authors, is_builtin, meaning
from byzverify.language.protocol import Protocol

OWN = ("phases", "others", "neighbours", "require")
"""The methods of every protocol that a program may call."""


class Calls(ExpressionReading):
    """The calls of a function, and its other expressions."""

    _bound: Sequence[tuple[str, bool]] = ()
    """The names that statements bind, each time that they do, and whether that is in a loop."""

    _parameters: frozenset[str] = frozenset()
    """The names of the function's parameters."""

    def _meaning(self, node: ast.expr) -> object:
        """What a name that is no local variable means; None for a local variable's, or for no name."""
        return resolved_name(self._function, node, self._kinds)

    def _call(self, node: ast.Call, runs: bool = False) -> Dependence:
        """The kind of what a call returns. runs: whether it is run by `yield from`."""
        self._seen.add(node)
        if any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords):
            self._refuse(node, "unpacks arguments", "name each argument")
        match node.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super") as named, args=[], keywords=[])) if (
                resolved_name(self._function, named, self._kinds) is super
            ):
                self._seen.add(node.func.value)
                return self._of_base(node, node.func.attr, runs)
            case ast.Attribute(value=value, attr=name) if resolved_name(self._function, node.func, self._kinds) is None:
                return self._method(node, self.kind(value), name, runs)
        called = resolved_name(self._function, node.func, self._kinds)
        if isinstance(node.func, ast.Name):
            self._demand_own_name(node, node.func.id)
        if isinstance(called, FunctionType) and is_authors(called.__module__):
            return self._result(called, self._arguments(node, called), runs)
        if runs:
            self._refuse(node, "runs something that is no program of the model", "run phases, relaying or a function")
        return self._of_language(node, called)

    def _of_base(self, node: ast.Call, name: str, runs: bool) -> Dependence:
        """A call of a method of the base class, by super()."""
        owner = meaning(self._function, "__class__")
        value = next((vars(one)[name] for one in _after(self._protocol, owner) if name in vars(one)), None)
        if not isinstance(value, FunctionType):
            return self._refuse(node, f"calls super().{name}", "call a method of a base class")
        if not is_authors(value.__module__):
            return self._of_plain(node) if name == "__post_init__" else self._refuse(node, f"calls {name}", INSTEAD)
        return self._result(value, [SELF, *self._arguments(node, value, 1)], runs)

    def _method(self, node: ast.Call, of: Dependence, name: str, runs: bool) -> Dependence:
        if of is SELF:
            return self._of_self(node, name, runs)
        if of is TREE and name == "relaying" and runs:
            return self._of_plain(node)
        if runs:
            self._refuse(node, f"runs {name}", "run phases, relaying or a function of the model")
        if of is TREE and name == "grow" and len(node.args) == 1 and self.kind(node.args[0]) is INBOX:
            return PLAIN
        if of is TREE and name == "resolved" and len(node.args) == 2 and not node.keywords:
            self._rule(node.args[0])
            if self.kind(node.args[1]) is MEMBERS:
                return EACH
            self._few(node.args[1])
            return PLAIN
        if name in METHODS.get(of, ()):
            return self._read(node, of)
        return self._refuse(node, f"calls .{name}", "call functions of the language and of the model")

    def _read(self, node: ast.Call, of: Dependence) -> Dependence:
        """What is read from an inbox, a message or a dictionary."""
        for one in (*node.args[1:], *(key.value for key in node.keywords)):
            self._few(one)
        if of is INBOX and node.args and self.kind(node.args[0]) is MEMBER:
            return EACH
        for one in node.args[:1]:
            self._few(one)
        return EACH if of is EACH else PLAIN

    def _of_self(self, node: ast.Call, name: str, runs: bool) -> Dependence:
        value = found_in(self._protocol, name)
        if name in OWN and not is_languages(name, value):
            self._refuse(node, f"calls self.{name}, which is no longer the language's", "call it something else")
        if name == "phases" and runs and len(node.args) == 4 and not node.keywords:
            return self._phases(node)
        if name in ("others", "neighbours", "require") and not runs:
            for one in node.args[: 1 if name == "require" else None]:
                self._few(one)
            if name == "require":
                self._message(node)
            return PLAIN if name == "require" else GENERALS
        function = value.__func__ if type(value) is staticmethod else value
        if not isinstance(function, FunctionType) or not is_authors(function.__module__):
            return self._refuse(node, f"calls self.{name}", "call methods of the model, others and phases")
        own = [] if isinstance(value, staticmethod) else [SELF]
        return self._result(function, [*own, *self._arguments(node, function, len(own))], runs)

    def _message(self, node: ast.Call) -> None:
        """The text of an error, which nothing else may look at: the text of a size is no number's."""
        if len(node.args) != 2 or node.keywords:
            self._refuse(node, "requires something without a text", "write self.require(condition, text)")
        parts = node.args[1].values if isinstance(node.args[1], ast.JoinedStr) else [node.args[1]]
        for part in parts:
            if isinstance(part, ast.FormattedValue) and part.format_spec is None:
                self._few(part.value)
            elif not isinstance(part, ast.Constant):
                self._refuse(part, "formats a text", "write an f-string without formats")

    def _phases(self, node: ast.Call) -> Dependence:
        """A run of phases: of a method of the protocol, called with a general, the leader and what is carried."""
        number, phase, me, carried = node.args
        self._plain(number)
        if self.kind(me) is not GENERAL or self._few(carried) is not PLAIN:
            self._refuse(node, "runs phases of something else than a general and what he carries", "give me and orders")
        method = phase.attr if isinstance(phase, ast.Attribute) and self.kind(phase.value) is SELF else ""
        function = found_in(self._protocol, method)
        if not isinstance(function, FunctionType) or not is_authors(function.__module__):
            return self._refuse(phase, "runs phases that are no method of the model", "write self.phase")
        if self._result(function, [SELF, GENERAL, GENERAL, PLAIN], True) is not PLAIN:
            self._refuse(phase, "carries a list of generals", "carry orders and truths")
        return PLAIN

    def _rule(self, node: ast.expr) -> None:
        """The rule by which a tree is resolved: a function of what one was told and of the values of all others."""
        match node:
            case ast.Lambda():
                self._seen.add(node)
                self._demand_settled(node)
                inner = [one.arg for one in node.args.args]
                if len(inner) != 2 or node.args.defaults or node.args.kwonlyargs or node.args.vararg or node.args.kwarg:
                    self._refuse(
                        node, "resolves a tree by a rule that does not take two arguments", "take told, values"
                    )
                outer = dict(self._kinds)
                self._kinds |= self._hidden() | dict(zip(inner, (PLAIN, CROWD), strict=True))
                self._plain(node.body)
                self._kinds = outer
            case ast.Attribute(value=value, attr=name) if self.kind(value) is SELF:
                self._read_rule(node, found_in(self._protocol, name), [SELF])
            case ast.Name(id=name) if name not in self._kinds:
                self._read_rule(node, meaning(self._function, name), [])
            case _:
                self._refuse(node, "resolves a tree by a rule that is not understood", "write a lambda or a method")

    def _read_rule(self, node: ast.expr, value: object, own: list[Dependence]) -> None:
        function, own = (value.__func__, []) if type(value) is staticmethod else (value, own)
        if not isinstance(function, FunctionType) or not is_authors(function.__module__):
            self._refuse(node, "resolves a tree by a rule that is not understood", "write a lambda or a method")
        if self._result(function, [*own, PLAIN, CROWD]) is not PLAIN:
            self._refuse(node, "resolves a tree to a list", "return an order")

    def _demand_settled(self, node: ast.Lambda) -> None:
        """Raise NotUnderstood unless the variables that a rule uses are bound once, so that they stay what they are."""
        names = {one.id for one in ast.walk(node.body) if isinstance(one, ast.Name)}
        bound = [(name, in_loop) for name, in_loop in self._bound if name in names]
        again = self._parameters | self._looped
        changes = any(in_loop or name in again for name, in_loop in bound) or names & self._looped
        if changes or len({name for name, _ in bound}) < len(bound):
            self._refuse(node, "has a rule with a variable that changes", "use a variable that is bound once")

    def _arguments(self, node: ast.Call, function: FunctionType, skipped: int = 0) -> list[Dependence]:
        """The kinds of the arguments of a call, in the sequence of the function's parameters."""
        names = function.__code__.co_varnames[
            skipped : function.__code__.co_argcount + function.__code__.co_kwonlyargcount
        ]
        given = dict(zip(names, node.args, strict=False)) | {one.arg: one.value for one in node.keywords if one.arg}
        if len(node.args) > len(names) or not set(given) <= set(names):
            self._refuse(node, "gives other arguments than the function has", "give those that it has")
        return [self.kind(given[name]) if name in given else PLAIN for name in names]

    def _of_plain(self, node: ast.Call) -> Dependence:
        """A call whose arguments must not be as long as there are generals."""
        for one in (*node.args, *(key.value for key in node.keywords)):
            self._few(one)
        return PLAIN

    def _of_language(self, node: ast.Call, called: object) -> Dependence:
        own = next((name for name in language.__all__ if getattr(language, name) is called), "")
        arguments = (*node.args, *(key.value for key in node.keywords))
        if own == "Tree":
            return self._tree(node)
        if own == "ite" and len(node.args) == 3 and not node.keywords:
            return self._chosen(node, *node.args)
        if own in OF_LISTS and node.args:
            for one in arguments[1:]:
                self._plain(one)
            return PLAIN if self.kind(node.args[0]) is CROWD else self._plain(node.args[0])
        if own in ADDRESSING:
            kinds = [kind if (kind := self.kind(one)) in ADDRESSED else self._few(one) for one in arguments]
            return SENT if {EACH, MEMBERS} & set(kinds) else PLAIN
        if own in OF_ORDERS:
            for one in arguments:
                self._decided(one) if own == "same" else self._plain(one)
            return PLAIN
        return self._of_python(node, called, arguments)

    def _of_python(self, node: ast.Call, called: object, arguments: Sequence[ast.expr]) -> Dependence:
        """A call of a function of Python's own."""
        known = {kind for function, kind in BUILTINS.items() if function is called}
        if called is len and not (isinstance(node.func, ast.Name) and is_builtin(self._function, node.func.id, "len")):
            self._refuse(node, "calls len by another name", "write len(...)")
        if not known:
            self._refuse(node, f"calls {ast.unparse(node.func)}", "call functions of the language and of the model")
        if len(arguments) == 1 and known == {True} and (kind := self.kind(arguments[0])) in (FEW, *LISTS):
            return PLAIN if called is len else kind
        for one in arguments:
            self._plain(one)
        return PLAIN

    def _tree(self, node: ast.Call) -> Dependence:
        """The making of a tree: of this protocol and general."""
        for one in (*node.args, *(key.value for key in node.keywords)):
            if self.kind(one) in (CROWD, MAP, TREE, OUTCOME):
                self._refuse(one, "makes a tree of a list", "give generals as roots")
        return TREE


def _after(kind: type[Protocol], owner: object) -> Sequence[type]:
    places = [place for place, one in enumerate(kind.__mro__) if one is owner]
    return kind.__mro__[places[0] + 1 :] if places else ()
