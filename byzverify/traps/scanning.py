"""Reads a model's file, and the files beside it that it imports, for traps.

Only code that a protocol can run is read: its classes, and the functions and constants of the module whose names they
use. A test or a script in the same file may contain anything.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from byzverify.traps import inspection, retention, sequence
from byzverify.traps.scopes import Scope, scopes_in

RULES: tuple[Callable[[ast.AST, Scope], str | None], ...] = (
    inspection.tested,
    inspection.short_circuit,
    inspection.compared,
    inspection.arithmetic,
    inspection.given_away,
    inspection.spelled_out,
    sequence.picked,
    sequence.gone_through,
    retention.default_argument,
    retention.shared,
    retention.used_up,
    retention.chance,
)


@dataclass(frozen=True, order=True)
class Trap:
    """A trap, its place, and what to do about it."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: warning: {self.message}"


def traps_in(path: Path) -> list[Trap]:
    """The traps in a model's file and in the files beside it that it imports; none in files that are not Python."""
    found: set[Trap] = set()
    read: set[Path] = set()
    pending = [path]
    while pending:
        file = pending.pop()
        tree = _parsed(file)
        if tree is None or file in read:
            continue
        read.add(file)
        statements = list(tree.body) if file != path else in_use(tree)
        try:
            found |= {Trap(file, line, message) for line, message in _traps(tree, statements)}
        except RecursionError:
            found.add(Trap(file, 1, "is nested too deeply to look for traps; write shorter expressions"))
        pending += [beside for beside in _imported(file, tree) if beside.is_file()]
    return sorted(found)


def _parsed(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None  # loading the file will report what is wrong


def _imported(path: Path, tree: ast.Module) -> Iterator[Path]:
    """The paths beside this file where the modules that it imports would be."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module] if node.module else [alias.name for alias in node.names]
        for name in names:
            yield path.parent.joinpath(*name.split(".")).with_suffix(".py")


def in_use(tree: ast.Module) -> list[ast.stmt]:
    """The statements of a module that a protocol in it can run."""
    used: list[ast.stmt] = [
        statement for statement in tree.body if isinstance(statement, ast.ClassDef) and _is_protocol(statement)
    ]
    for statement in used:  # the list grows in the loop
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        used += [other for other in tree.body if other not in used and names & set(_defined(other))]
    return used


def _is_protocol(defined: ast.ClassDef) -> bool:
    """Whether a class can be a protocol: it has a base class, or a `general`."""
    programs = [part for part in defined.body if isinstance(part, ast.FunctionDef) and part.name == "general"]
    return bool(defined.bases or programs)


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        yield statement.name
    else:
        stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
        yield from (node.id for node in stored if isinstance(node.ctx, ast.Store))


def _traps(tree: ast.Module, statements: Iterable[ast.stmt]) -> Iterator[tuple[int, str]]:
    scopes = scopes_in(tree)
    for statement in statements:
        for node, scope in _walk(statement, scopes, scopes[tree]):
            yield from retention.class_attribute(node, scope)
            messages = (rule(node, scope) for rule in RULES)
            yield from ((_line(node), message) for message in messages if message)


def _walk(node: ast.AST, scopes: dict[ast.AST, Scope], scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """A node and all nodes below it, each with its scope; for a function's own node, the scope inside the function."""
    scope = scopes.get(node, scope)
    yield node, scope
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, scopes, scope)


def _line(node: ast.AST) -> int:
    """The line of a node; for a node without one, such as the filter of a comprehension, the line of its first part."""
    return next(part.lineno for part in ast.walk(node) if isinstance(part, ast.expr | ast.stmt))
