"""The location at which a fresh interpreter finds the class of a protocol again.

A reference is for people to type; a location is for another process. It is exact, and also finds classes that have no
reference. This module knows how modules are found. It does not know what a class is needed for.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from byzverify.errors import UsageError
from byzverify.language.protocol import Protocol
from byzverify.loading.blaming import authors_errors
from byzverify.loading.models import loaded, package_of
from byzverify.loading.origins import is_users, reached
from byzverify.loading.packages import root_of
from byzverify.loading.stopping import stopping_at_questions


@dataclass(frozen=True)
class Location:
    """The location of a class.

    module: the name of its module in the code that loads the model. qualname: the qualified name of the class in it.
    file: the model's file; None for a module that is imported normally, such as `byzverify.models.om`. root: the name
    of the file's own module. path: the absolute folders that are searched for imports.
    """

    module: str
    qualname: str
    file: str | None = None
    root: str = ""
    path: tuple[str, ...] = ()

    def load(self, *, anew: bool = False) -> type[Protocol]:
        """The class. If necessary its module is executed, up to the first question that it asks: if it has not been
        executed yet, if anything that it loaded has changed since, or always with `anew`.

        Adds the folders to `sys.path`. Raises UsageError if the class is not there, ProtocolError if the user's file
        fails.
        """
        sys.path += [place for place in self.path if place not in sys.path]
        found = reached(self._module(anew), self.qualname)
        if isinstance(found, type) and issubclass(found, Protocol):
            return found
        raise UsageError(
            f"a fresh interpreter does not find {self.qualname} in {self.file or self.module}: define it at the top "
            f"level of the file, before the first question that the file asks and outside `if __name__ == '__main__'`"
        )

    def _module(self, anew: bool) -> ModuleType:
        if self.file is not None and not Path(self.file).is_file():
            raise UsageError(f"there is no file {self.file}")
        with stopping_at_questions():
            package = self.file and loaded(Path(self.file), self.root, self.path, anew=anew)
            with authors_errors(Path(self.file or self.module)):
                return package.module(self.module) if package else importlib.import_module(self.module)


def location(protocol: type[Protocol]) -> Location | None:
    """The location of a class; None if a fresh interpreter cannot find it, as in a notebook or inside a function."""
    module = sys.modules.get(protocol.__module__)
    if module is None or reached(module, protocol.__qualname__) is not protocol:
        return None
    package = package_of(module.__name__)
    if package is not None:
        return Location(package.plain(module.__name__), protocol.__qualname__, str(package.file), package.root, _path())
    file = getattr(module, "__file__", None)
    if file is None or not Path(file).is_file():
        return None
    return _of_imported(protocol, module, Path(file).resolve())


def _of_imported(protocol: type[Protocol], module: ModuleType, file: Path) -> Location | None:
    """The location of a class in a module that Python has imported, or runs as a script."""
    spec = getattr(module, "__spec__", None)
    name = spec.name if spec is not None else module.__name__  # not __main__ in `python -m package.script`
    if not is_users(str(file)):
        return None if name == "__main__" else Location(name, protocol.__qualname__, path=_path())
    root = name if _is_called(file, name) else root_of(file)
    return Location(root, protocol.__qualname__, str(file), root, _path())


def _is_called(file: Path, name: str) -> bool:
    """Whether this file contains a module with this name, seen from one of the folders above it."""
    module = file.parent if file.name == "__init__.py" else file.with_suffix("")
    return module.parts[-name.count(".") - 1 :] == tuple(name.split("."))


def _path() -> tuple[str, ...]:
    return tuple(str(Path(place).resolve()) for place in sys.path)
