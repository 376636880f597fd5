"""Code that runs at known sizes only, such as `interchangeable`: it may compute what it likes, and change nothing.

This module knows syntax trees and classes. It must not know what a program computes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType
from typing import TypeGuard

from byzverify.engines.parameterized.expressions import found_in, is_constant, is_languages, place_of, unreadable
from byzverify.engines.parameterized.sources import MISSING, NoSource, defined_as, is_authors, is_builtin, meaning
from byzverify.errors import NotUnderstood
from byzverify.language.protocol import Protocol

PURE = (
    *("range", "list", "tuple", "set", "frozenset", "dict", "sorted", "reversed", "len", "min", "max", "sum", "abs"),
    *("enumerate", "zip", "any", "all"),
)
"""Python's functions that change nothing."""

METHODS = ("starters", "deciders", "interchangeable")
"""Methods of problems and of base classes that change nothing."""

STATEMENTS = (ast.Return, ast.Assign, ast.AnnAssign, ast.If, ast.For, ast.Expr, ast.Pass)


def demand_only_reads(kind: type[Protocol], name: str) -> None:
    """Raise NotUnderstood unless a method of an author's, and what it uses of the protocol, only reads."""
    waiting, seen = [name], set[str]()
    while waiting:
        this = waiting.pop()
        if this not in seen:
            seen.add(this)
            waiting += (used for code in _codes(kind, this) for used in _used(kind, code))


def _codes(kind: type[Protocol], name: str) -> Iterator[FunctionType]:
    """What authors wrote under a name, in any class of the protocol: super() may reach each. Raises NotUnderstood."""
    for owner, value in ((one, vars(one)[name]) for one in kind.__mro__ if name in vars(one)):
        code = value.fget if type(value) is property else value.__func__ if type(value) is staticmethod else value
        if not isinstance(code, FunctionType):
            if not is_constant(value) and not is_languages(name, value):
                raise NotUnderstood(f"{owner.__name__}.{name} is no function that can be read; write def {name}")
        elif is_authors(code.__module__):
            _demand_plain_parameters(code, type(value) is staticmethod)
            yield code


def _demand_plain_parameters(method: FunctionType, is_static: bool) -> None:
    """Raise NotUnderstood unless `self`, and it alone, is the protocol, and defaults are constants."""
    code = method.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    first, others = ((), names) if is_static else (names[:1], names[1:])
    defaults = (*(method.__defaults__ or ()), *(method.__kwdefaults__ or {}).values())
    if first not in ((), ("self",)) or "self" in others:
        raise NotUnderstood(f"{place_of(method, None)}: {method.__name__} has another `self` than the protocol")
    if not all(map(is_constant, defaults)):
        raise NotUnderstood(f"{place_of(method, None)}: {method.__name__} has a default that is no constant")


def _used(kind: type[Protocol], method: FunctionType) -> Iterator[str]:
    """What a method uses of the protocol. Raises NotUnderstood if it may change something."""
    try:
        body = getattr(defined_as(method), "body", [])
    except NoSource:
        raise unreadable(method) from None
    nodes = [node for statement in body for node in ast.walk(statement)]
    local = {*method.__code__.co_varnames, *(one.id for one in nodes if _is_stored(one))}
    for node in nodes:
        if isinstance(node, ast.Attribute) and _is_self(node.value) and isinstance(node.ctx, ast.Load):
            if not _is_readable(kind, node.attr):
                raise _refusal(method, node)
            yield node.attr
        elif not _only_reads(method, node, local) or (_is_stored(node) and node.id == "self"):
            raise _refusal(method, node)


def _is_readable(kind: type[Protocol], name: str) -> bool:
    """Whether something of a protocol does nothing but to compute, as far as it is not an author's function."""
    value = found_in(kind, name)
    plain = type(value) in (FunctionType, property, staticmethod) or is_constant(value) or value is MISSING
    return plain or name == "problem"


def _only_reads(method: FunctionType, node: ast.AST, local: set[str]) -> bool:
    """Whether a part of a method does not change anything."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            pure = name in PURE or (name == "super" and not node.args)
            return pure and name not in local and is_builtin(method, name, name)
        case ast.Call(func=ast.Attribute(value=of, attr=name)):
            return _is_self(of) or name in METHODS
        case ast.Attribute(value=of, attr=name):
            return name in METHODS and isinstance(node.ctx, ast.Load)
        case ast.Name(id=name, ctx=ast.Load()):
            known = name in local or (name in (*PURE, "super") and is_builtin(method, name, name))
            return known or is_constant(meaning(method, name))
        case ast.Call() | ast.Subscript(ctx=ast.Store()) | ast.Lambda() | ast.Await():
            return False
    return not isinstance(node, ast.stmt) or isinstance(node, STATEMENTS)


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _refusal(method: FunctionType, node: ast.AST) -> NotUnderstood:
    return NotUnderstood(
        f"{place_of(method, node)}: {method.__name__} may change something that the program finds; only compute lists, "
        "with range, self.others and comprehensions"
    )
