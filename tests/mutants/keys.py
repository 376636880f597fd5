"""What a mutant of ours is called: by the text of its function and the change, wherever the function stands.

The text is normalised, so that neither its place, nor its layout, comments and docstring, nor anything else in the
module counts. Whatever is known of a function's mutants stays known until the function itself changes. This module
knows texts; it does not know how mutants are made or run.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from difflib import ndiff
from hashlib import sha256
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Key(NamedTuple):
    """A mutant: the hash of its function's normalised text, and the lines that differ, as they were and as they are."""

    function: str
    change: str


def functions(module: str) -> Iterator[tuple[str, str]]:
    """The functions of a module's text, and the methods of its classes, each by its name with its normalised text."""
    for node in ast.parse(module).body:
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{one.name}", _text(one)) for one in node.body if isinstance(one, Function))
        elif isinstance(node, Function):
            yield node.name, _text(node)


def normalised(source: str, name: str) -> str:
    """The text of one function, called `name`, without comments, layout and docstring."""
    (function,) = ast.parse(textwrap.dedent(source)).body
    assert isinstance(function, Function)
    function.name = name
    return _text(function)


def _text(function: Function) -> str:
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:] or [ast.Pass()]
    return ast.unparse(function)


class _Kept(ast.NodeTransformer):
    """Drops what mutants may change unnoticed: all arguments of an error that is raised, which are mostly its text,
    `strict=` of a `zip`, and `assert_never`.
    """

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        if isinstance(node.exc, ast.Call):
            node.exc.args, node.exc.keywords = [], []
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        node.cases = [case for case in node.cases if not ast.unparse(case.body[0]).startswith("assert_never(")]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "zip":
            node.keywords = [one for one in node.keywords if one.arg != "strict"]
        return self.generic_visit(node)


def changes_something(before: str, after: str) -> bool:
    """Whether two normalised texts differ in more than what an error says, and what cannot happen.

    The tests check that an error is raised, and its type. `strict=True` states what the lines before a `zip` ensure,
    and a type checker shows that `assert_never` is never reached.
    """
    was, now = (ast.unparse(_Kept().visit(ast.parse(text))) for text in (before, after))
    return was != now


def fingerprint(text: str) -> str:
    """The hash of a normalised text."""
    return sha256(text.encode()).hexdigest()[:12]


def change(before: str, after: str) -> str:
    """The lines in which two normalised texts differ, as they were and as they are."""
    lines = [line for line in ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]
    was, now = (" ".join(line[2:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return f"{was} -> {now}"


def written(key: Key, function: str) -> str:
    """A line for a list. The function's name in it is for people."""
    return f"{key.function} {function}: {key.change}"


def read(line: str) -> Key:
    """The key in a line of a list."""
    function, _, rest = line.partition(" ")
    return Key(function, rest.partition(": ")[2])
