"""Reading the expressions of one function: the kind of each.

`sublanguage.py` says what this is for. This module knows expressions. It must not know statements, or what functions
there are.
"""

from __future__ import annotations

import ast
import dataclasses
import reprlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import NoReturn
from typing import Protocol as Callback

from byzverify.engines.parameterized.kinds import (
    CONSTANTS,
    CROWD,
    DECISION,
    EACH,
    FEW,
    GENERAL,
    GENERALS,
    INBOX,
    INSTEAD,
    LISTED,
    LISTED_ONCE,
    LISTS,
    MAP,
    MEMBER,
    MEMBERS,
    OF_MANY,
    OF_OUTCOMES,
    OF_PROTOCOLS,
    OUTBOX,
    OUTCOME,
    OUTER,
    PARTS,
    PLAIN,
    SELF,
    SENT,
    THROUGH,
    WHOLE,
    Dependence,
)
from byzverify.engines.parameterized.sources import MISSING, is_authors, meaning
from byzverify.errors import NotUnderstood
from byzverify.language.conditions import COMMANDER
from byzverify.language.protocol import LANGUAGES, Protocol, parameters


def place_of(function: FunctionType, node: ast.AST | None) -> str:
    """The file and line of a part of a function, or of the function."""
    line = getattr(node, "lineno", function.__code__.co_firstlineno)
    return f"{function.__code__.co_filename}:{line}"


def unreadable(function: FunctionType) -> NotUnderstood:
    """The refusal of a function whose text cannot be read."""
    return NotUnderstood(
        f"{place_of(function, None)}: the text of {function.__qualname__} cannot be read, or has changed since it was "
        "loaded; load the model again"
    )


class Result(Callback):
    """Reads a function for the kinds of its arguments."""

    def __call__(self, function: FunctionType, kinds: Sequence[Dependence], runs: bool = False) -> Dependence:
        """The kind of what the function returns. runs: whether it is a program, which yields."""


class ExpressionReading(ABC):
    """The expressions of a function. protocol: whose program calls it. result: reads a function that it calls.

    runs: whether it may yield.
    """

    def __init__(self, protocol: type[Protocol], result: Result, function: FunctionType, runs: bool) -> None:
        self._protocol = protocol
        self._result = result
        self._function = function
        self._runs = runs
        self._kinds: dict[str, Dependence] = {}
        self._looped: frozenset[str] = frozenset()
        self._seen: set[ast.AST] = set()

    @abstractmethod
    def _call(self, node: ast.Call, runs: bool = False) -> Dependence:
        """The kind of what a call returns. runs: whether it is run by `yield from`."""

    @abstractmethod
    def _assign(self, target: ast.expr, kind: Dependence) -> None:
        """Bind what is assigned to."""

    def kind(self, node: ast.expr) -> Dependence:
        """The kind of an expression. Raises NotUnderstood for one that is not understood."""
        self._seen.add(node)
        match node:
            case ast.Constant(value=value):
                return PLAIN if is_constant(value) else self._refuse(node, f"has {value!r}", "use whole numbers")
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.Subscript(value=value, slice=index):
                return self._subscript(node, self.kind(value), index)
            case ast.Compare():
                return self._compare(node)
            case ast.BinOp(left=left, right=right):
                return self._operated(node, self.kind(left), self.kind(right))
            case ast.BoolOp(values=parts):
                return self._joined(node, [self._few(part) for part in parts])
            case ast.UnaryOp(op=ast.Invert(), operand=operand) if self.kind(operand) is EACH:
                return EACH
            case ast.UnaryOp(operand=operand):
                return self._plain(operand)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._chosen(node, test, body, orelse)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return self._display(node, parts)
            case ast.Dict(keys=keys, values=values):
                for part in (*keys, *values):
                    self._plain(part) if part is not None else self._refuse(node, "unpacks a dictionary", INSTEAD)
                return PLAIN
            case (
                ast.ListComp(elt=element, generators=generators) | ast.GeneratorExp(elt=element, generators=generators)
            ):
                return self._comprehension(node, element, generators)
            case ast.DictComp(key=key, value=value, generators=generators):
                return self._dictionary(node, key, value, generators)
            case ast.Yield(value=value):
                self._demand_program(node)
                if value is not None and self.kind(value) is not OUTBOX:
                    self._plain(value)
                return INBOX
            case ast.YieldFrom(value=ast.Call() as call):
                self._demand_program(node)
                return self._call(call, runs=True)
        return self._refuse(node, f"uses {named(node)}", "write it with comprehensions and functions of the language")

    def _few(self, node: ast.expr) -> Dependence:
        """The kind of something that has nothing to do with a list of generals."""
        kind = self.kind(node)
        if kind not in (PLAIN, GENERAL, FEW):
            self._refuse(node, WHOLE.get(kind, "looks at a list of generals as a whole"), INSTEAD)
        return kind

    def _plain(self, node: ast.expr) -> Dependence:
        """The kind of something that is no general, either."""
        if self._few(node) is not PLAIN:
            self._refuse(node, "computes with a general", "generals can be compared, read from and sent to")
        return PLAIN

    def _chosen(self, node: ast.expr, test: ast.expr, then: ast.expr, otherwise: ast.expr) -> Dependence:
        """The kind of a choice. A general of a list may be compared with a certain one; then that one may differ."""
        sides = [self.kind(then), self.kind(otherwise)]
        if self._is_certain(test):
            all_others = sides[isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)]
            return EACH if all_others is EACH and set(sides) <= {EACH, PLAIN} else self._joined(node, sides)
        if self.kind(test) is EACH:
            if not set(sides) <= {EACH, PLAIN}:
                self._refuse(node, "chooses a list by what each general said", INSTEAD)
            return EACH
        self._few(test)
        return self._joined(node, sides)

    def _is_certain(self, test: ast.expr) -> bool:
        """Whether a test compares a general of a list with a certain one."""
        match test:
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
                self._seen.add(test)
                return {self.kind(left), self.kind(right)} == {MEMBER, GENERAL}
        return False

    def _name(self, node: ast.Name) -> Dependence:
        self._demand_own_name(node, node.id)
        if (kind := self._kinds.get(node.id)) is OUTER:
            self._refuse(node, f"uses {node.id} in a comprehension inside of its own", "count in a function of its own")
        if kind is not None:
            return kind
        value = meaning(self._function, node.id)
        if node.id == "COMMANDER" and value is COMMANDER:
            return GENERAL
        if is_constant(value):
            return PLAIN
        if type(value) in (list, dict):
            self._refuse(
                node, f"uses {node.id}, which something else may change", "make it a tuple, or where it is used"
            )
        if type(value) in (set, frozenset):
            self._refuse(node, f"uses {node.id}, a set, whose order is another one in each process", "make it a tuple")
        return self._refuse(node, f"uses {node.id}", "use numbers, texts, orders and functions that are called")

    def _attribute(self, node: ast.Attribute) -> Dependence:
        named = resolved_name(self._function, node, self._kinds)
        if named is not None and is_constant(named):
            return PLAIN
        of = self.kind(node.value)
        name = node.attr
        self._demand_own_name(node, name)
        if of is SELF:
            return self._of_protocol(node, name)
        if of is OUTCOME and name in OF_OUTCOMES:
            return OF_OUTCOMES[name]
        return self._refuse(node, f"uses .{name}", "use what the language has")

    def _of_protocol(self, node: ast.Attribute, name: str) -> Dependence:
        value = found_in(self._protocol, name)
        if type(value) is property and isinstance(value.fget, FunctionType) and is_authors(value.fget.__module__):
            return self._result(value.fget, [SELF])
        if name in OF_PROTOCOLS and (is_languages(name, value) or is_constant(value)):
            return OF_PROTOCOLS[name]
        own = name.startswith("_") and name in vars(Protocol)
        if (is_constant(value) and not own) or (value is MISSING and name in _parameters_of(self._protocol)):
            return PLAIN
        return self._refuse(node, f"uses self.{name}", "use parameters, constants and what every protocol has")

    def _subscript(self, node: ast.Subscript, of: Dependence, index: ast.expr) -> Dependence:
        if of in LISTS:
            self._refuse(node, "takes a place in a list of generals", INSTEAD)
        if isinstance(index, ast.Slice):
            for part in (index.lower, index.upper, index.step):
                if part is not None:
                    self._plain(part)
            return of if of in (PLAIN, FEW) else self._refuse(node, "takes a part of something", INSTEAD)
        if of is INBOX and isinstance(index, ast.Tuple) and len(index.elts) == 2:
            self._seen.add(index)
            general, label = index.elts
            if not isinstance(general, ast.Tuple):
                self._few(label)
                return self._subscript(node, of, general)
        if of in (INBOX, MAP, DECISION) and self.kind(index) is MEMBER:
            return EACH
        self._few(index)
        return PARTS.get(of) or self._refuse(node, "takes a part of it", INSTEAD)

    def _decided(self, node: ast.expr) -> Dependence:
        """The kind of something that is compared: a decision is compared as a whole."""
        return PLAIN if self.kind(node) is DECISION else self._few(node)

    def _compare(self, node: ast.Compare) -> Dependence:
        if self._is_certain(node):
            return PLAIN
        sides = [node.left, *node.comparators]
        by_identity = any(isinstance(one, ast.Is | ast.IsNot) for one in node.ops)
        if by_identity and not all(isinstance(one, ast.Constant) and one.value is None for one in node.comparators):
            self._refuse(node, "asks by `is`, which tells stand-ins from what they stand for", "compare with ==")
        contained = [isinstance(one, ast.In | ast.NotIn) for one in node.ops]
        if any(contained):
            if len(sides) > 2:
                self._refuse(node, "compares several things at once", "compare two")
            self._contained(node, *sides)
            return PLAIN
        kinds = {EACH if self.kind(one) is EACH else self._decided(one) for one in sides}
        if EACH not in kinds:
            return PLAIN
        if len(sides) > 2 or not isinstance(node.ops[0], ast.Eq | ast.NotEq) or not kinds <= {EACH, PLAIN}:
            self._refuse(
                node,
                "compares what each general said otherwise than by == or != with one order or truth",
                "write one such comparison, or join two by & or |",
            )
        return EACH

    def _contained(self, node: ast.Compare, left: ast.expr, right: ast.expr) -> None:
        kind, of = self.kind(right), self.kind(left)
        is_asked_of_generals = kind in (GENERALS, FEW) and of in (GENERAL, MEMBER)
        is_plain = kind in (PLAIN, FEW) and of in (PLAIN, GENERAL, FEW)
        if not is_asked_of_generals and not is_plain:
            self._refuse(node, "asks whether something is in a list of generals", "ask it of a general")

    def _operated(self, node: ast.BinOp, left: Dependence, right: Dependence) -> Dependence:
        operation = node.op
        if isinstance(operation, ast.Mod) and self._is_text(node.left):
            self._refuse(
                node, "formats a text", "write an f-string in self.require, and texts without values elsewhere"
            )
        if left in LISTS or right in LISTS:
            if not isinstance(operation, ast.Add):
                self._refuse(node, "computes with a list of generals", INSTEAD)
            return self._put_together(node, {left, right})
        if EACH in (left, right) and {left, right} <= {PLAIN, EACH}:
            if not isinstance(operation, ast.BitAnd | ast.BitOr):
                self._refuse(node, "computes with what each general said", "combine truths by & and |")
            return EACH
        if OUTBOX in (left, right) and isinstance(operation, ast.Add) and {left, right} <= {PLAIN, OUTBOX}:
            return OUTBOX
        if FEW in (left, right) and {left, right} <= {PLAIN, FEW} and isinstance(operation, ast.Add):
            return FEW
        if {left, right} != {PLAIN}:
            self._refuse(node, "computes with a general", "generals can be compared, read from and sent to")
        return PLAIN

    def _is_text(self, node: ast.expr) -> bool:
        named = resolved_name(self._function, node, self._kinds)
        return isinstance(node.value if isinstance(node, ast.Constant) else named, str)

    def _display(self, node: ast.expr, parts: Sequence[ast.expr]) -> Dependence:
        kinds = [self._part(part) for part in parts]
        if any(kind in LISTS for kind in kinds):
            return self._put_together(node, set(kinds))
        if MEMBERS in kinds and set(kinds) <= {MEMBERS, FEW, PLAIN}:
            return MEMBERS
        if OUTBOX in kinds and set(kinds) <= {OUTBOX, PLAIN}:
            return OUTBOX
        return self._joined(node, kinds) if kinds else PLAIN

    def _put_together(self, node: ast.AST, kinds: set[Dependence]) -> Dependence:
        """The kind of lists put together: lists of generals, or lists of what they said, but not both."""
        for whole, others in ((GENERALS, {FEW}), (CROWD, {PLAIN})):
            if whole in kinds and kinds <= {whole} | others:
                return whole
        return self._refuse(
            node,
            "joins a list of generals with something else",
            "join generals with generals, such as me, and what they said with orders",
        )

    def _part(self, part: ast.expr) -> Dependence:
        """What a list becomes by this part of it."""
        if isinstance(part, ast.Starred):
            kind = self.kind(part.value)
            return kind if kind in (*LISTS, OUTBOX) else self._few(part.value)
        kind = self.kind(part)
        if kind in LISTED:
            return LISTED[kind]
        return self._refuse(part, "puts a list of generals, or what each of them said, into another list", INSTEAD)

    def _comprehension(self, node: ast.expr, element: ast.expr, generators: list[ast.comprehension]) -> Dependence:
        with self._looping(node, generators) as long:
            kind = self.kind(element)
        made = OF_MANY if long else LISTED_ONCE
        if kind not in made:
            self._refuse(node, "lists something that does not depend on each general of the list, or too much", INSTEAD)
        return made[kind]

    def _dictionary(
        self, node: ast.expr, key: ast.expr, value: ast.expr, generators: list[ast.comprehension]
    ) -> Dependence:
        with self._looping(node, generators) as long:
            keyed, valued = self.kind(key), self.kind(value)
        if long and (keyed, valued) == (MEMBER, EACH):
            return MAP
        if not long and (keyed, valued) == (PLAIN, PLAIN):
            return PLAIN
        return self._refuse(node, "makes a dictionary that is not understood", "write {j: ... for j in self.generals}")

    @contextmanager
    def _looping(self, node: ast.expr, generators: list[ast.comprehension]) -> Iterator[bool]:
        """Bind the variables of a comprehension in the block. Gives whether it goes through a list of generals."""
        outer, looped, long = dict(self._kinds), self._looped, 0
        for one in generators:
            kind = self.kind(one.iter)
            if kind not in THROUGH:
                self._refuse(one.iter, "goes through something else than a list", INSTEAD)
            long += kind in LISTS
            if kind in LISTS:
                self._kinds |= self._hidden()
            for name in ast.walk(one.target):
                if isinstance(name, ast.Name):
                    self._kinds.pop(name.id, None)
                    self._looped |= {name.id}
            self._bind(one.target, THROUGH[kind])
            for test in one.ifs:
                self._few(test)
        if long > 1:
            self._refuse(node, "goes through lists of generals together", "go through one list in each comprehension")
        yield bool(long)
        self._kinds, self._looped = outer, looped

    def _hidden(self) -> dict[str, Dependence]:
        """The variables that are about a general of a list, which another list must not be made of."""
        return {name: OUTER for name, kind in self._kinds.items() if kind in (MEMBER, MEMBERS, EACH, SENT)}

    def _bind(self, target: ast.expr, kind: Dependence) -> None:
        """Bind the variable of a comprehension, or several, if each entry has several parts."""
        match target:
            case ast.Name(id=name):
                self._kinds[name] = kind
            case ast.Tuple(elts=parts) if kind in (PLAIN, EACH):
                for part in parts:
                    self._bind(part, kind)
            case _:
                self._refuse(target, "takes a general apart", "name each part")

    def _demand_own_name(self, node: ast.expr, name: str) -> None:
        """Raise NotUnderstood for a name that Python changes where it stands in a class."""
        if name.startswith("__"):
            self._refuse(node, f"uses {name}, which has another name in a class", "use one underscore, or none")

    def _demand_program(self, node: ast.expr) -> None:
        if not self._runs:
            self._refuse(node, "is a program that is not run by `yield from`", "write yield from")

    def _joined(self, node: ast.AST, kinds: Sequence[Dependence]) -> Dependence:
        """The kind of something that may have any of these kinds."""
        found = set(kinds) or {PLAIN}
        if len(found) == 1:
            return found.pop()
        for wide, narrow in ((GENERAL, {PLAIN}), (FEW, {PLAIN}), (CROWD, {PLAIN}), (GENERALS, {FEW})):
            if wide in found and found <= {wide} | narrow:
                return wide
        about = "what each general said" if EACH in found else "a list of generals"
        return self._refuse(node, f"is {about} at times, and something else at others", "use two names")

    def _refuse(self, node: ast.AST, what: str, instead: str) -> NoReturn:
        raise self._refusal(node, what, instead)

    def _refusal(self, node: ast.AST, what: str, instead: str) -> NotUnderstood:
        return NotUnderstood(f"{place_of(self._function, node)}: {self._function.__name__} {what}; {instead}")


def named(node: ast.AST) -> str:
    """What a part of Python is called in messages."""
    return NAMES.get(type(node), f"`{type(node).__name__.lower()}`")


NAMES: Mapping[type[ast.AST], str] = {
    ast.While: "`while`",
    ast.Try: "`try`",
    ast.With: "`with`",
    ast.NamedExpr: "`:=`",
    ast.Lambda: "a lambda that is no rule of a tree",
    ast.FunctionDef: "an inner function",
    ast.JoinedStr: "a text with values in it",
    ast.SetComp: "a set",
    ast.Set: "a set",
    ast.Global: "`global`",
    ast.Nonlocal: "`nonlocal`",
    ast.Import: "`import`",
    ast.ImportFrom: "`import`",
    ast.Delete: "`del`",
    ast.Assign: "several assignments at once",
    ast.For: "`for` with `else`",
    ast.YieldFrom: "`yield from` of something that is not called there",
    ast.Starred: "`*`",
}


def is_constant(value: object) -> bool:
    """Whether a value is one of those that programs may refer to, and nothing can change it; a number must be a whole
    one. A set is none: each process may go through it in another sequence.
    """
    if type(value) is tuple:
        return all(map(is_constant, value))
    return type(value) in CONSTANTS


def _parameters_of(kind: type[Protocol]) -> set[str]:
    return {one.name for one in parameters(kind)}


def is_written(value: object) -> bool:
    """Whether an author wrote a method, which dataclasses generate otherwise."""
    function = getattr(value, "__func__", value)
    generating = ("<string>", dataclasses.__file__, reprlib.__file__)
    if not isinstance(function, FunctionType) or function.__code__.co_filename in generating:
        return isinstance(value, property)
    return is_authors(function.__module__)


def found_in(kind: type[Protocol], name: str) -> object:
    """What a class has under a name, without looking at what it comes to."""
    return next((vars(one)[name] for one in kind.__mro__ if name in vars(one)), MISSING)


def is_languages(name: str, value: object) -> bool:
    """Whether this is what the language itself has in a protocol under a name, and no author has replaced it."""
    return value is LANGUAGES.get(name, MISSING)


def resolved_name(function: FunctionType, node: ast.expr, local: Mapping[str, Dependence]) -> object:
    """What a name, or a name in a module, means; None if it is a local variable's, or no name."""
    if isinstance(node, ast.Name):
        return None if node.id in local else meaning(function, node.id)
    if isinstance(node, ast.Attribute):
        of = resolved_name(function, node.value, local)
        if type(of) is ModuleType:
            return vars(of).get(node.attr, MISSING)  # a module may compute anything else whenever it is asked
    return None
