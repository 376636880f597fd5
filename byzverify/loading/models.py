"""The package of each model: created on first use, and again when anything that it loaded has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import RLock

from byzverify.errors import ProtocolError
from byzverify.loading import finding
from byzverify.loading.blaming import authors_errors
from byzverify.loading.packages import ModelPackage, packages, root_in_packages, root_of

_latest: dict[tuple[Path, str], ModelPackage] = {}
"""The last package that each model was loaded into, by its file and the name of its module."""

_lock = RLock()


def loaded(file: Path, root: str | None = None, search: Sequence[str] = (), *, anew: bool = False) -> ModelPackage:
    """The package of the model in this file; see `ModelPackage`. A model that asks for itself while it is being loaded
    gets the part loaded so far. root: the name of its module; by default the name of the file, or if the model imports
    from packages around it, its name as a module of these. anew: discard the existing package, with everything that the
    model has stored in it. Raises ProtocolError if executing the model fails.
    """
    if root is None:
        return _loaded_by_itself(file, search, anew)
    place = file.resolve()
    key = place, root
    with _lock:
        known = _latest.get(key)
        if known is not None and anew:
            known.forget()
        elif known is not None and known.is_current():
            return known
        finding.install()
        package = _latest[key] = ModelPackage(place, root, search)
        try:
            with authors_errors(file):
                package.load()
        except BaseException:
            del _latest[key]
            raise
        return package


def _loaded_by_itself(file: Path, search: Sequence[str], anew: bool) -> ModelPackage:
    """The same with the file's name for the module, unless that is known or found to fail."""
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
    """Whether an import failed that would only succeed in a module of packages, with the name `inside`."""
    package, dot, _ = inside.partition(".")
    beyond = "beyond top-level package" in str(error)
    return bool(dot) and isinstance(error, ImportError) and (beyond or error.name == package)


def package_of(module: str) -> ModelPackage | None:
    """The package that contains a module with this name; None if the module was loaded otherwise."""
    return packages.get(module.partition(".")[0])
