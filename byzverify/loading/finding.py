"""The finder in `sys.meta_path` through which Python finds the modules of model packages, in whatever way they are
imported.

It answers for full names, such as `byzverify_user_1.helper`. It also answers for plain names that other code imports on
behalf of a model: the standard library, as in `runpy.run_module`, or a file that a model has loaded by itself.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any

from byzverify.loading.origins import is_users
from byzverify.loading.packages import ModelPackage, packages

PASSING_ON = ("importlib", "_frozen_importlib", "runpy", "pkgutil")
"""Modules that import what other code names."""


@cache
def install() -> None:
    """Insert the finder into `sys.meta_path`, once."""
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    of_packages = True

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = packages.get(fullname.partition(".")[0])
        if package is not None and fullname != package.name:
            return package.spec(fullname, path)
        asking = _asking(sys._getframe(1)) if path is None else None
        if asking is None or not asking.provides(fullname):
            return None
        meant = asking.spec(asking.full(fullname), None)
        return meant and ModuleSpec(meant.name, _Alias(meant))


def _asking(frame: FrameType | None) -> ModelPackage | None:
    """The package on whose behalf a module is imported, if any."""
    while frame is not None:
        package = getattr(frame.f_builtins.get("__import__"), "__self__", None)
        if isinstance(package, ModelPackage):
            return package
        passing_on = str(frame.f_globals.get("__name__")).startswith(PASSING_ON)
        if not passing_on and not is_users(frame.f_code.co_filename):
            return None
        frame = frame.f_back
    return None


class _Alias(Loader):
    """A loader that returns the package's own module. All other attributes are those of that module's loader."""

    def __init__(self, meant: ModuleSpec) -> None:
        self._meant = meant

    def __getattr__(self, name: str) -> Any:
        return getattr(self._meant.loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._meant.name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec
