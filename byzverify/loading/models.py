"""The package of each model, made when the model is asked for, and anew when anything that it loaded has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import RLock

from byzverify.loading import finding
from byzverify.loading.blaming import authors_errors
from byzverify.loading.packages import ModelPackage, packages, root_of

_latest: dict[tuple[Path, str], ModelPackage] = {}
"""The package that each model was loaded into last, by its file and what its module is called."""

_lock = RLock()


def loaded(file: Path, root: str | None = None, search: Sequence[str] = (), *, anew: bool = False) -> ModelPackage:
    """The package of the model in this file; see `ModelPackage`. A model that asks for itself while it is being loaded
    gets what there is of it. anew: forget the package that there is, with whatever the model has kept in it. Raises
    ProtocolError where executing it fails.
    """
    key = file.resolve(), root or root_of(file)
    with _lock:
        known = _latest.get(key)
        if known is not None and anew:
            known.forget()
        elif known is not None and known.is_current():
            return known
        finding.install()
        package = _latest[key] = ModelPackage(*key, search)
        try:
            with authors_errors(file):
                package.load()
        except BaseException:
            del _latest[key]
            raise
        return package


def package_of(module: str) -> ModelPackage | None:
    """The package that a module of this name belongs to; None if it was loaded by others."""
    return packages.get(module.partition(".")[0])
