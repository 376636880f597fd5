"""The package of each model, made when the model is asked for, and anew when anything that it loaded has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import RLock

from byzverify.errors import ProtocolError
from byzverify.loading import finding
from byzverify.loading.blaming import authors_errors
from byzverify.loading.packages import ModelPackage, packages, root_in_packages, root_of

_latest: dict[tuple[Path, str], ModelPackage] = {}
"""The package that each model was loaded into last, by its file and what its module is called."""

_lock = RLock()


def loaded(file: Path, root: str | None = None, search: Sequence[str] = (), *, anew: bool = False) -> ModelPackage:
    """The package of the model in this file; see `ModelPackage`. A model that asks for itself while it is being loaded
    gets what there is of it. anew: forget the package that there is, with whatever the model has kept in it. Where
    nothing is said of what its module is called, and it imports from packages around it, it is a module of these.
    Raises ProtocolError where executing it fails.
    """
    if root is None:
        return _loaded_by_itself(file, search, anew)
    key = file.resolve(), root
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


def _loaded_by_itself(file: Path, search: Sequence[str], anew: bool) -> ModelPackage:
    """The same where the module is called as its file, unless that is known or found not to do."""
    inside = root_in_packages(file)
    known = _latest.get((file.resolve(), inside))
    if known is None or not known.is_current():
        try:
            return loaded(file, root_of(file), search, anew=anew)
        except ProtocolError as error:
            if not _is_about_packages(error.__cause__, inside):
                raise
    return loaded(file, inside, search, anew=anew)


def _is_about_packages(error: BaseException | None, inside: str) -> bool:
    """Whether something was imported that is only there for a module of packages that is called so."""
    package, dot, _ = inside.partition(".")
    beyond = "beyond top-level package" in str(error)
    return bool(dot) and isinstance(error, ImportError) and (beyond or error.name == package)


def package_of(module: str) -> ModelPackage | None:
    """The package that a module of this name belongs to; None if it was loaded by others."""
    return packages.get(module.partition(".")[0])
