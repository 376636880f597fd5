"""Mutants of a protocol: its text with one change in the program, such as a programmer's mistake.

A threshold is off by one, the last round is missing, a part of a conjunction or a filter is left out, or a negation or
one vote is missing. Only the program changes, not the protocol's claims, its refusals or its conditions. Functions that
only those call stay as they are, and functions that both call are changed for the program alone. This module changes
texts; it does not know what the mutants do.
"""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from zlib import crc32

from byzverify.language.protocol import Protocol

PROGRAM = "general"

NOT_PROGRAM = {"__post_init__", "tolerates", "interchangeable", "marks"}
"""Methods for what a model claims, refuses or can say; they are not part of a general's program."""

REPEATING = {"phases", "relaying"}
"""Methods of the language whose first argument says how often."""


@dataclass(frozen=True)
class Mutant:
    """A protocol with one change. original: the protocol. source: the changed text.

    statement: the function and the line in it, which do not change when other parts of the file do. place: the file and
    its line. change: the old text and the new text.
    """

    original: type[Protocol]
    statement: str
    place: str
    change: str
    source: str

    @property
    def title(self) -> str:
        """The name of the mutant in lists."""
        return f"{self.statement}: {self.change}"

    def build(self) -> type[Protocol]:
        """The mutant's class. Raises whatever executing its text raises."""
        name = self.original.__name__
        module = ModuleType(f"mutant_of_{name}")
        home = vars(sys.modules[self.original.__module__])
        vars(module).update({key: home.get(key) for key in ("__builtins__", "__package__", "__file__")})  # for imports
        sys.modules[module.__name__] = module  # where dataclasses look up annotations that are texts
        try:
            file = f"<{self.title}, {crc32(self.source.encode()):08x}>"  # whose text is kept for those who read it
            linecache.cache[file] = len(self.source), None, self.source.splitlines(keepends=True), file
            exec(compile(self.source, file, "exec", dont_inherit=True), module.__dict__)
        finally:
            del sys.modules[module.__name__]
        built: type[Protocol] = module.__dict__[name]
        built.problem = inspect.getattr_static(self.original, "problem")
        return built


def mutants(protocol: type[Protocol]) -> list[Mutant]:
    """All mutants of a protocol that is defined in a file, without duplicates."""
    source = inspect.getsource(inspect.getmodule(protocol) or ModuleType(""))
    file = Path(inspect.getfile(protocol)).name
    tree = ast.parse(source)
    found: dict[str, Mutant] = {}
    for method in _program(tree, protocol.__name__):
        for node in ast.walk(method):
            for change in _changes(node):
                mutated = _replaced(tree, node, change)
                line = getattr(node, "lineno", method.lineno)
                statement, place = f"{method.name}, line {line - method.lineno}", f"{file}:{line}"
                told = f"{ast.unparse(node)} -> {ast.unparse(change)}"
                found.setdefault(mutated, Mutant(protocol, statement, place, told, mutated))
    found.pop(ast.unparse(tree), None)
    return list(found.values())


def _program(tree: ast.Module, name: str) -> list[ast.FunctionDef]:
    """The functions of the program: `general`, and what it calls among the model's classes and the file's functions.

    If `general` is inherited from another file, these are the class's own functions.
    """
    functions = list(_functions(tree))
    lineage = _lineage(tree, name)
    methods = [one for owner, one in functions if owner in lineage]
    called = [one for one in methods if one.name == PROGRAM][:1] or methods
    for function in called:  # the list grows in the loop
        names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        attributes = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
        for owner, one in functions:
            used = one.name in names if owner is None else (one.name in attributes and owner in lineage)
            called += [one] if used and one not in called else []
    return [one for _, one in functions if one in called]


def _functions(tree: ast.Module) -> Iterator[tuple[str | None, ast.FunctionDef]]:
    """The functions of a module that can be part of a program, each with its class, or None if it has no class."""
    for node in tree.body:
        owner, parts = (node.name, node.body) if isinstance(node, ast.ClassDef) else (None, [node])
        for one in parts:
            if isinstance(one, ast.FunctionDef) and one.name not in NOT_PROGRAM:
                yield owner, one


def _lineage(tree: ast.Module, name: str) -> list[str]:
    """The class of this name and its bases in the same file, nearest first."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found = [name]
    for one in found:  # the list grows in the loop
        bases = classes[one].bases if one in classes else []
        found += [base.id for base in bases if isinstance(base, ast.Name) and base.id in classes]
    return found


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """The possible replacements of a node."""
    if isinstance(node, ast.Compare) and _is_threshold(node):
        for step in (-1, 1):
            yield _with(node, comparators=[_shifted(node.comparators[0], step)])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        yield _with(node, args=[*node.args[:-1], _shifted(node.args[-1], -1)])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REPEATING:
        yield _with(node, args=[_shifted(node.args[0], -1), *node.args[1:]])
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        yield node.left
        yield node.right
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        yield node.operand
    elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
        for place, generator in enumerate(node.generators):
            for test in generator.ifs:
                kept = [other for other in generator.ifs if other is not test]
                yield _with(node, generators=_changed(node.generators, place, _with(generator, ifs=kept)))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            left = [other for other in node.values if other is not value]
            yield left[0] if len(left) == 1 else _with(node, values=left)
    elif isinstance(node, ast.List) and any(isinstance(element, ast.Starred) for element in node.elts):
        for element in node.elts:
            yield _with(node, elts=[other for other in node.elts if other is not element])


def _is_threshold(node: ast.Compare) -> bool:
    """Whether numbers are compared: with `<` and the like, or with a literal number."""
    ordered = isinstance(node.ops[0], ast.GtE | ast.Gt | ast.LtE | ast.Lt)
    number = isinstance(node.comparators[0], ast.Constant) and type(node.comparators[0].value) is int
    return ordered or (number and isinstance(node.ops[0], ast.Eq))


def _changed(items: list[ast.comprehension], place: int, item: ast.AST) -> list[ast.AST]:
    return [*items[:place], item, *items[place + 1 :]]


def _shifted(node: ast.expr, step: int) -> ast.expr:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return ast.Constant(node.value + step)
    return ast.BinOp(node, ast.Add() if step > 0 else ast.Sub(), ast.Constant(1))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _replaced(tree: ast.Module, node: ast.AST, change: ast.AST) -> str:
    """The text of the tree with `change` in place of `node`."""
    place = next(number for number, here in enumerate(ast.walk(tree)) if here is node)
    mutated = copy.deepcopy(tree)
    target = next(here for number, here in enumerate(ast.walk(mutated)) if number == place)

    class Replace(ast.NodeTransformer):
        def visit(self, here: ast.AST) -> ast.AST:
            return copy.deepcopy(change) if here is target else self.generic_visit(here)

    return ast.unparse(ast.fix_missing_locations(Replace().visit(mutated)))
