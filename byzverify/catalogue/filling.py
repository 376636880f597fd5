"""Writes the text of a protocol without its holes: each call that asks for a hole gives way to an expression.

This module knows Python's syntax. It must not know where the expressions come from, nor whether they are right.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from byzverify.catalogue import library
from byzverify.errors import UsageError
from byzverify.files.saving import write
from byzverify.language.holes import holes_of
from byzverify.language.protocol import Protocol

Written = Callable[[str], str]
"""Writes an expression, given the text that stands for the protocol, such as `self`."""


def write_filled(kind: type[Protocol], fillings: Mapping[str, Written], path: Path) -> type[Protocol]:
    """Write the protocol with these holes replaced to a file. Returns the class in it.

    Raises UsageError for a protocol that is not defined in a file, for a hole that is asked for in another file, and if
    the file cannot be written.
    """
    write(path, _text(kind, fillings))
    filled = library.find(f"{path}:{kind.__qualname__}", anew=True)
    for name in holes_of(filled):
        if name in fillings:
            raise _elsewhere(kind, name)
    return filled


@dataclass(frozen=True)
class _Place:
    """Where a call stands in a text, as offsets in UTF-8. owner: what stands before `.hole`."""

    name: str
    owner: str
    start: int
    end: int


def _text(kind: type[Protocol], fillings: Mapping[str, Written]) -> bytes:
    content = library.path_of(kind).read_bytes()
    encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
    text = content.decode(encoding).encode()
    places = [one for one in _places(text, {one.__name__ for one in kind.__mro__}) if one.name in fillings]
    for name in fillings:
        if name not in {one.name for one in places}:
            raise _elsewhere(kind, name)
    for place in sorted(places, key=lambda one: one.start, reverse=True):
        text = text[: place.start] + fillings[place.name](place.owner).encode() + text[place.end :]
    return text.decode().encode(encoding)


def _elsewhere(kind: type[Protocol], name: str) -> UsageError:
    return UsageError(f"the hole {name} is asked for outside of {library.path_of(kind)}: put the value there yourself")


def _places(text: bytes, classes: set[str]) -> Iterator[_Place]:
    """Where the classes of these names ask for holes."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    within = [
        one for one in ast.walk(ast.parse(text.decode())) if isinstance(one, ast.ClassDef) and one.name in classes
    ]
    for node in dict.fromkeys(node for one in within for node in ast.walk(one)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "hole":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                start = starts[node.lineno - 1] + node.col_offset
                end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
                yield _Place(first.value, ast.unparse(node.func.value), start, end)
