"""The syntax trees of an author's functions and classes, and what the names in them mean.

This module knows Python. It must not know protocols.
"""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

Defined = ast.FunctionDef | ast.Lambda


PARTS = (
    *("co_name", "co_firstlineno", "co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags"),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount"),
)
"""What codes have that do the same, besides their constants."""


class NoSource(Exception):
    """The text of a function cannot be read, or it is not clear which function of the text it is."""


def defined_as(function: FunctionType) -> Defined:
    """The syntax tree of a function. Raises NoSource, also if its file has changed since it was loaded."""
    code = function.__code__
    linecache.checkcache(code.co_filename)
    definitions, codes = _parsed("".join(linecache.getlines(code.co_filename)))
    found = [one for one in definitions if _is_at(one, code)]
    if not found or len({ast.dump(one) for one in found}) > 1 or not any(_is_same(code, one) for one in codes):
        raise NoSource
    return found[0]


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[tuple[Defined, ...], tuple[CodeType, ...]]:
    """The functions in a text, as trees and as Python compiles them."""
    try:
        tree = ast.parse(text)
        whole = compile(text, "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NoSource from None
    return tuple(node for node in ast.walk(tree) if isinstance(node, Defined)), tuple(_codes_in(whole))


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes_in(constant)


def _is_same(one: object, other: object) -> bool:
    """Whether two codes, or constants in them, do the same at the same place of a text."""
    if isinstance(one, CodeType) and isinstance(other, CodeType):
        alike = all(getattr(one, part) == getattr(other, part) for part in PARTS)
        constants = zip(one.co_consts, other.co_consts, strict=False)
        return alike and len(one.co_consts) == len(other.co_consts) and all(_is_same(*pair) for pair in constants)
    return type(one) is type(other) and one == other and repr(one) == repr(other)  # 0.0 == -0.0, (1,) == (True,)


def _is_at(node: Defined, code: CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return node.name == code.co_name and first == code.co_firstlineno


def is_authors(module: object) -> bool:
    """Whether a module of this name is an author's, or one of the models: neither the language nor Python's own."""
    name = module if isinstance(module, str) else ""
    is_ours = name.startswith("byzverify.") and not name.startswith("byzverify.models")
    return not is_ours and name.partition(".")[0] not in sys.stdlib_module_names


def is_ours(code: object) -> bool:
    """Whether this is a function of byzverify's own language. `functools.wraps` can change what a function says of its
    module, but not the module that its names are looked up in.
    """
    name = code.__globals__.get("__name__", "") if isinstance(code, FunctionType) else ""
    return name.startswith("byzverify.") and not is_authors(name)


MISSING = object()
"""What a name means that means nothing."""


def meaning(function: FunctionType, name: str) -> Any:
    """What a name that is no local variable means in a function; `MISSING` if nothing."""
    if name in function.__code__.co_freevars and function.__closure__ is not None:
        cell = function.__closure__[function.__code__.co_freevars.index(name)]
        try:
            return cell.cell_contents
        except ValueError:
            return MISSING
    builtins: dict[str, Any] = getattr(function, "__builtins__")  # noqa: B009, its type does not list it
    return function.__globals__.get(name, builtins.get(name, MISSING))


def is_builtin(function: FunctionType, name: str, of: str) -> bool:
    """Whether a name that is no local variable means Python's own function `of`, as it is found under its name."""
    hidden = name in function.__code__.co_freevars or name in function.__globals__
    return name == of and not hidden


def bindings(body: list[ast.stmt], in_loop: bool = False) -> Iterator[tuple[str, bool]]:
    """The names that statements bind, each time that they do; and whether that is in a loop."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name, in_loop
            continue
        loops = in_loop or isinstance(statement, ast.For)
        for node in _own_expressions(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, loops
        for part in ("body", "orelse"):
            yield from bindings(getattr(statement, part, []), loops)


def _own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without those of statements in it and of inner scopes."""
    waiting: list[ast.AST] = [one for one in ast.iter_child_nodes(statement) if not isinstance(one, ast.stmt)]
    for node in waiting:
        yield node
        if not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)
