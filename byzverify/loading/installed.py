"""The versions of installed packages. This module knows the metadata of distributions, and no model.

`importlib.metadata` is imported where it is used, since each process that examines a model would wait for it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from functools import cache

from byzverify.loading.origins import SHARED, is_installed


def distributions_of(modules: Collection[str]) -> set[str]:
    """The distributions that these top-level modules, as far as they are loaded, came with, byzverify's left out."""
    loaded = {name for name in set(modules) - SHARED if is_installed(getattr(sys.modules.get(name), "__spec__", None))}
    if loaded and not loaded <= _distributions().keys():
        _distributions.cache_clear()  # something has been installed since
    return {distribution for name in loaded for distribution in _distributions().get(name, ())}


@cache
def _distributions() -> Mapping[str, list[str]]:
    from importlib.metadata import packages_distributions

    return packages_distributions()


def version_of(distribution: str) -> str | None:
    """The version that is installed now; None if there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


@cache
def version_here(distribution: str) -> str | None:
    """The version that was installed when this process asked first, which is what it has loaded."""
    return version_of(distribution)
