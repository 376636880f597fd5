"""The versions of installed packages. This module knows the metadata of distributions, and no model."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from functools import cache
from importlib import metadata

from byzverify.loading.origins import SHARED


def distributions_of(modules: Collection[str]) -> set[str]:
    """The distributions that these top-level modules came with, without those of byzverify and of Python itself."""
    modules = set(modules) - SHARED - sys.stdlib_module_names
    if modules and not modules <= _distributions().keys():
        _distributions.cache_clear()  # something may have been installed since
    return {distribution for module in modules for distribution in _distributions().get(module, ())}


@cache
def _distributions() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def version_of(distribution: str) -> str | None:
    """The version that is installed now; None if there is none."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


@cache
def version_here(distribution: str) -> str | None:
    """The version that was installed when this process asked first, which is what it has loaded."""
    return version_of(distribution)
