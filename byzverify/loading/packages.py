"""A model's package: the model and every user module that it imports, under names of their own in `sys.modules`.

So two models that each have a `helper.py` each get their own, and an edited one is loaded anew. A module of the package
has its own `__builtins__`, whose `__import__` searches the package first, whenever and in whichever thread an import
statement is executed. This module knows Python's import machinery, and nothing of protocols.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dis import get_instructions
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec, resolve_name, spec_from_file_location
from itertools import count
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from byzverify.loading.installed import distributions_of, version_here
from byzverify.loading.openings import noted
from byzverify.loading.origins import PREFIX, SHARED, file_of, is_users, spec_of
from byzverify.loading.record import LoadRecord, digest, digest_of, listing_of, relative
from byzverify.loading.stopping import QuestionAsked, stopping

_numbers = count(1)

packages: dict[str, ModelPackage] = {}
"""Every package in `sys.modules`, by its name."""


def root_of(file: Path) -> str:
    """The default name of a model's module: the name of its file."""
    return file.stem.replace(".", "_")


def root_in_packages(file: Path) -> str:
    """The name of a model's module if the folders with an `__init__.py` count as packages."""
    names, folder = [root_of(file)] if file.name != "__init__.py" else [], file.resolve().parent
    while (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    return ".".join(names)


def folder_of(file: Path, root: str) -> Path:
    """The folder from which the module in this file has this name."""
    inside = file.name == "__init__.py" and root != "__init__"
    return file.parents[root.count(".") + inside]


class ModelPackage:
    """The package of one model, and what it has loaded."""

    def __init__(self, file: Path, root: str | None = None, search: Sequence[str] = ()) -> None:
        """file: the model's file. root: the name of the model's module in its folder, such as `mypackage.mine`; by
        default the name of the file. search: the folders that are searched for modules after the model's folder and
        before `sys.path`. codes: the code that has been executed, module by module.
        """
        self.file = file.resolve()
        self.name = f"{PREFIX}{next(_numbers)}"
        self.root = root or root_of(file)
        self.folder = folder_of(self.file, self.root)
        self._loading = self.stopped = False
        self._search = list(search)
        self._added: list[str] = []
        self._files: dict[Path, str | None] = {}
        self._listings: dict[Path, str] = {}
        self._specs: dict[str, ModuleSpec | None] = {}
        self._arrived: set[str] = set()
        self._imports: list[str] = []
        self.codes: list[CodeType] = []
        self._importlib = _Importlib(self)
        self.builtins = vars(builtins) | {"__import__": self._import}
        spec = ModuleSpec(self.name, None, is_package=True)
        spec.submodule_search_locations = [str(self.folder)]
        sys.modules[self.name] = module_from_spec(spec)
        packages[self.name] = self

    def full(self, name: str) -> str:
        """The name in `sys.modules` of the module that has this name in the model."""
        return f"{self.name}.{name}"

    def plain(self, full: str) -> str:
        """The name in the model of the module that has this name in `sys.modules`."""
        return full.removeprefix(f"{self.name}.")

    def module(self, name: str | None = None) -> ModuleType:
        """The module that has this name in the model, by default the model's own; loaded if necessary."""
        return sys.modules.get(self.full(name or self.root)) or importlib.import_module(self.full(name or self.root))

    def load(self) -> None:
        """Execute the model. Raises whatever the model raises; then nothing of the package remains."""
        if not is_users(str(self.file)) and str(self.folder) not in sys.path:
            sys.path.insert(0, str(self.folder))  # files beside an installed model are not the user's, either
        path, before = sys.path.copy(), set(sys.modules)
        importlib.invalidate_caches()  # a file may have just been written
        self._loading = True
        try:
            with self.noting():
                importlib.import_module(self.full(self.root))
                self._load_what_functions_import()
        except BaseException:
            self.forget()
            raise
        finally:
            self._loading = False
            self._arrived = {name.partition(".")[0] for name in set(sys.modules) - before}
            self._added += [str(Path(place).resolve()) for place in sys.path if place not in path]
            sys.path[:] = path

    def _load_what_functions_import(self) -> None:
        """Load the user's modules that only functions import, because their contents must be known before any program
        runs. A module that cannot be loaded is left for the program to import.
        """
        while self._imports:
            name = self._imports.pop()
            is_name = all(part.isidentifier() for part in name.split("."))
            if is_name and self.provides(name) and self.full(name) not in sys.modules:
                with suppress(Exception, SystemExit, QuestionAsked):
                    importlib.import_module(self.full(name))

    def is_current(self) -> bool:
        """Whether loading the model now would give the same, or the model is still being loaded."""
        whole = not self.stopped or stopping()
        return self._loading or (whole and not any(self.record().changes(self.folder)))

    def forget(self) -> None:
        """Remove the package from `sys.modules`."""
        for name in [name for name in list(sys.modules) if f"{name}.".startswith(f"{self.name}.")]:
            del sys.modules[name]
        packages.pop(self.name, None)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """In the block, record the user's files that the model opens for reading, and the folders that it lists."""

        def note(file: Path) -> None:
            if not is_users(str(file)):
                return
            if file.is_dir():
                self._listings.setdefault(file, listing_of(file) or "")
            else:
                self._files.setdefault(file, digest_of(file))

        with noted(note):
            yield

    def expect(self, code: CodeType, package: str) -> None:
        """Record the code of a module that is being loaded, in this package or one inside it, and what it imports."""
        self.codes.append(code)
        for name in imported_in_functions(code):
            with suppress(ImportError):  # the import has more dots than there are enclosing packages
                self._imports.append(self.plain(resolve_name(name, package)))

    def note(self, file: Path, content: bytes) -> None:
        """Record that the model loaded this file with this content. Only the first time counts."""
        self._files.setdefault(file.resolve(), digest(content))

    def record(self) -> LoadRecord:
        """Everything that has been loaded so far."""
        names = {name: relative(file_of(spec), self.folder) for name, spec in sorted(self._specs.items())}
        installed = distributions_of({name for name, place in names.items() if place is None} | self._arrived)
        return LoadRecord(
            files={str(relative(file, self.folder)): known for file, known in sorted(self._files.items())},
            names=names,
            search=tuple(str(relative(Path(place), self.folder)) for place in [*self._search, *self._added]),
            versions={name: version_here(name) for name in sorted(installed)},
            listings={str(relative(folder, self.folder)): known for folder, known in sorted(self._listings.items())},
        )

    def provides(self, name: str) -> bool:
        """Whether a module with this name is the user's, and so belongs to the package."""
        top = name.partition(".")[0]
        if top in SHARED or top.startswith(PREFIX):
            return False
        return top == self.root or file_of(self._spec(top)) is not None

    def _spec(self, top: str) -> ModuleSpec | None:
        if top not in self._specs:
            folders = [str(self.folder), *self._search, *self._added]
            self._specs[top] = spec_of(top, folders)
        return self._specs[top]

    def spec(self, full: str, path: Sequence[str] | None) -> ModuleSpec | None:
        """The spec of a module of the package, by its full name, with a loader that records what it loads."""
        name = self.plain(full)
        if name == self.root:
            return self._loading_spec(full, self.file)
        if "." in name:
            found = self._specs[name] = importlib.machinery.PathFinder.find_spec(full, path)
        else:
            found = self._spec(name)
        if found is None or file_of(found) is None:
            return None
        return self._noting_spec(full, found)

    def _noting_spec(self, full: str, found: ModuleSpec) -> ModuleSpec | None:
        if found.origin is None:  # a namespace package
            spec = ModuleSpec(full, None)
            spec.submodule_search_locations = list(found.submodule_search_locations or ())
            return spec
        file = Path(found.origin)
        if isinstance(found.loader, SourceFileLoader):
            return self._loading_spec(full, file)
        self.note(file, file.read_bytes())
        return spec_from_file_location(full, file)

    def _loading_spec(self, full: str, file: Path) -> ModuleSpec | None:
        return spec_from_file_location(full, file, loader=_Loader(self, full, str(file)))

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        """The implementation of import statements in the package."""
        top = name.partition(".")[0]
        if level or not self.provides(top):
            found = builtins.__import__(name, globals, locals, fromlist, level)
            return self._importlib if found is importlib else found
        module = importlib.import_module(self.full(name))
        if fromlist:
            return builtins.__import__(module.__name__, globals, locals, fromlist)
        return sys.modules[self.full(top)]

    def import_module(self, name: str, package: str | None = None) -> ModuleType:
        """The implementation of `importlib.import_module` in the package."""
        absolute = resolve_name(name, package)
        return importlib.import_module(self.full(absolute) if self.provides(absolute) else absolute)


def imported_in_functions(code: CodeType) -> Iterator[str]:
    """The names of the modules that the functions in this code import, by statements or by `import_module`. Relative
    names begin with dots.
    """
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _imported_by(inner)
            yield from imported_in_functions(inner)


def _imported_by(code: CodeType) -> Iterator[str]:
    module, steps = "", [step for step in get_instructions(code) if step.opname != "EXTENDED_ARG"]
    for level, _, step in zip(steps, steps[1:], steps[2:], strict=False):
        if step.opname == "IMPORT_NAME":
            module = "." * level.argval + step.argval
            yield module
        elif step.opname == "IMPORT_FROM":
            yield f"{module}{'' if module.endswith('.') else '.'}{step.argval}"
    if not {"import_module", "__import__"}.isdisjoint(code.co_names):
        yield from (one for one in code.co_consts if isinstance(one, str))


class _Importlib(ModuleType):
    """The module `importlib` for the modules of a package."""

    def __init__(self, package: ModelPackage) -> None:
        super().__init__("importlib", importlib.__doc__)
        self.import_module = package.import_module

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib, name)


class _Loader(SourceFileLoader):
    """Loads a module of a package from its source, never from `__pycache__`, where an edit can go unnoticed."""

    def __init__(self, package: ModelPackage, name: str, file: str) -> None:
        super().__init__(name, file)
        self._package = package

    def get_code(self, fullname: str) -> CodeType:
        content = self.get_data(self.path)
        self._package.note(Path(self.path), content)
        code: CodeType = self.source_to_code(content, self.path)
        package = self.name if self.is_package(self.name) else self.name.rpartition(".")[0]
        self._package.expect(code, package)
        return code

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = self._package.builtins
        try:
            super().exec_module(module)
        except QuestionAsked:
            if module.__name__ != self._package.full(self._package.root):
                raise
            self._package.stopped = True
