"""Which file a name leads to, and whose file that is: the user's, an installed package's, Python's or byzverify's.

This module asks the import machinery where a module is. It loads none, and knows no models.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache, reduce
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

PREFIX = "byzverify_user_"
"""The prefix of the name of each model's package."""

SHARED = {"byzverify", "networkx", "z3", "__main__", *sys.builtin_module_names}
"""The modules that models share with byzverify, or with everything: these names always mean the same module."""

INSTALLED = {"site-packages", "dist-packages"}
"""Folders with one of these names contain installed packages."""


@cache
def is_users(file: str) -> bool:
    """Whether a file is the user's: outside the standard library, the installed packages and byzverify."""
    path = Path(file).resolve()
    parts = {*Path(file).parts, *path.parts}  # both, because an installer may have put links there
    return INSTALLED.isdisjoint(parts) and not any(map(path.is_relative_to, _others()))


@cache
def is_ours(file: str) -> bool:
    """Whether a file is byzverify's own, or one of its models."""
    return any(map(Path(file).resolve().is_relative_to, folders_of("byzverify", "byzverify.models")))


@cache
def _others() -> tuple[Path, ...]:
    """The folders of the standard library, of byzverify and of its models, which may be inside byzverify or not."""
    return Path(os.__file__).resolve().parent, *folders_of("byzverify", "byzverify.models")


def folders_of(*packages: str) -> tuple[Path, ...]:
    """The folders of packages that can be imported."""
    specs = [find_spec(package) for package in packages]
    return tuple(Path(place).resolve() for spec in specs if spec for place in spec.submodule_search_locations or ())


def spec_of(name: str, search: Sequence[str]) -> ModuleSpec | None:
    """The spec of a module for code that searches these folders before `sys.path`; None if there is no such module."""
    parent, _, last = name.rpartition(".")
    if parent:
        outside = spec_of(parent, search)
        inside = outside and outside.submodule_search_locations
        return PathFinder.find_spec(last, list(inside)) if inside else None
    if name in SHARED or name.startswith(PREFIX):
        return None
    for finder in sys.meta_path:  # finders besides PathFinder are those of editable installs
        path = [*search, *sys.path] if finder is PathFinder else None
        found = None if hasattr(finder, "of_packages") else finder.find_spec(name, path)
        if found is not None:
            return found
    return None


def file_of(spec: ModuleSpec | None) -> Path | None:
    """The user's file that contains a module, or folder if it is a namespace package; None if it is not the user's."""
    place = next((place for place in _places(spec) if is_users(place)), None)
    return None if place is None else Path(place).resolve()


def is_installed(spec: ModuleSpec | None) -> bool:
    """Whether a module came with an installed package."""
    return any(not INSTALLED.isdisjoint(Path(place).parts) for place in _places(spec))


def _places(spec: ModuleSpec | None) -> list[str]:
    if spec is None or spec.origin in ("built-in", "frozen"):
        return []
    return [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())


def reached(module: ModuleType, qualname: str) -> Any:
    """The object with this qualified name in the module; None if there is none."""
    return reduce(lambda found, name: getattr(found, name, None), qualname.split("."), module)  # type: ignore[arg-type, return-value]


def name_of(kind: type) -> str | None:
    """A name by which a class can be found in its module: its qualified name, else another; None if there is none."""
    module = sys.modules.get(kind.__module__)
    if module is None:
        return None
    qualname: str = kind.__qualname__
    if reached(module, qualname) is kind:
        return qualname
    return next((name for name, one in vars(module).items() if one is kind), None)
