"""The versions of installed packages. This module knows the metadata of distributions, but no models.

`importlib.metadata` is imported only where it is used, because it would delay every process that examines a model.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from functools import cache

from byzverify.loading.origins import SHARED, is_installed


def distributions_of(modules: Collection[str]) -> set[str]:
    """The distributions that these top-level modules came with, if they are loaded. Excludes byzverify."""
    loaded = {name for name in set(modules) - SHARED if is_installed(getattr(sys.modules.get(name), "__spec__", None))}
    if loaded and not loaded <= _distributions().keys():
        _distributions.cache_clear()  # something has been installed in the meantime
    return {distribution for name in loaded for distribution in _distributions().get(name, ())}


@cache
def _distributions() -> Mapping[str, list[str]]:
    from importlib.metadata import packages_distributions

    return packages_distributions()


def version_of(distribution: str) -> str | None:
    """The version that is installed now; None if it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


@cache
def version_here(distribution: str) -> str | None:
    """The version that was installed when this process first asked, which is the version that it has loaded."""
    return version_of(distribution)
