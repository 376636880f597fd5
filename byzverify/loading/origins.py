"""Where a name leads, and whose file that is: the user's, an installed package's, Python's or byzverify's.

This module asks the import machinery where a module is; it loads none, and knows no model.
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
"""How the name of each model's package begins."""

SHARED = {"byzverify", "networkx", "z3", "__main__", *sys.builtin_module_names}
"""What models share with byzverify, or with everybody: these names always mean the same module."""

INSTALLED = {"site-packages", "dist-packages"}
"""Folders with one of these names contain installed packages."""


@cache
def is_users(file: str) -> bool:
    """Whether a file is the user's: outside the standard library, the installed packages and byzverify."""
    path = Path(file).resolve()
    parts = {*Path(file).parts, *path.parts}  # an installer may put links there
    return INSTALLED.isdisjoint(parts) and not any(map(path.is_relative_to, _others()))


@cache
def is_ours(file: str) -> bool:
    """Whether a file is byzverify's own, or one of its models."""
    return any(map(Path(file).resolve().is_relative_to, folders_of("byzverify", "byzverify.models")))


@cache
def _others() -> tuple[Path, ...]:
    """The folders of the standard library, and of byzverify with its models, the one inside the other or not."""
    return Path(os.__file__).resolve().parent, *folders_of("byzverify", "byzverify.models")


def folders_of(*packages: str) -> tuple[Path, ...]:
    """The folders of packages that can be imported."""
    specs = [find_spec(package) for package in packages]
    return tuple(Path(place).resolve() for spec in specs if spec for place in spec.submodule_search_locations or ())


def spec_of(name: str, search: Sequence[str]) -> ModuleSpec | None:
    """Where a module is for someone who looks into these folders before `sys.path`; None if it is nowhere."""
    parent, _, last = name.rpartition(".")
    if parent:
        outside = spec_of(parent, search)
        inside = outside and outside.submodule_search_locations
        return PathFinder.find_spec(last, list(inside)) if inside else None
    if name in SHARED or name.startswith(PREFIX):
        return None
    for finder in sys.meta_path:  # others are those of packages that are installed in place, to be edited
        path = [*search, *sys.path] if finder is PathFinder else None
        found = None if hasattr(finder, "of_packages") else finder.find_spec(name, path)
        if found is not None:
            return found
    return None


def file_of(spec: ModuleSpec | None) -> Path | None:
    """The user's file or, for a namespace package, folder that a module is in; None if it is not the user's."""
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
    """What has this qualified name in the module; None if nothing has."""
    return reduce(lambda found, name: getattr(found, name, None), qualname.split("."), module)  # type: ignore[arg-type, return-value]


def name_of(kind: type) -> str | None:
    """The name that leads to a class in its module: its qualified name or, if that does not, another; None if none."""
    module = sys.modules.get(kind.__module__)
    if module is None:
        return None
    qualname: str = kind.__qualname__
    if reached(module, qualname) is kind:
        return qualname
    return next((name for name, one in vars(module).items() if one is kind), None)
