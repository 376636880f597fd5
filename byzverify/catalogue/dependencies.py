"""The code that a verdict depends on, besides the configuration: the model and what it loaded, byzverify, z3, Python.

This module compares code with code. It knows nothing of map cells, or of what is decided.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import CodeType

from byzverify.catalogue import library
from byzverify.errors import Outdated
from byzverify.language.protocol import Protocol
from byzverify.loading.imported import record_in
from byzverify.loading.installed import distributions_of, version_here, version_of
from byzverify.loading.models import package_of
from byzverify.loading.origins import PREFIX, folders_of, is_users
from byzverify.loading.packages import folder_of
from byzverify.loading.record import LoadRecord

DECIDING = ("byzverify", "z3-solver", "networkx")
"""The distributions whose version can affect a verdict."""


@dataclass(frozen=True)
class Code:
    """The code of a model. key: a hash of the class's name, the text of its file, and the code that decides verdicts.
    record: what the model has loaded, relative to `folder`.
    """

    key: str
    folder: Path
    record: LoadRecord

    def agrees(self, record: str) -> bool:
        """Whether a model with this key would load the same now as in this record, which is given as text."""
        return not any(LoadRecord.read(record).changes(self.folder))


def code_of(protocol: type[Protocol]) -> Code:
    """The code of a protocol and what it has loaded until now. Raises UsageError if it is not defined in a file."""
    folder, record = _loaded(protocol)
    text = record.text_of(library.path_of(protocol), folder)
    key = hashlib.sha256(" ".join([protocol.__qualname__, text, _ours()]).encode()).hexdigest()
    return Code(key, folder, record)


def _loaded(protocol: type[Protocol]) -> tuple[Path, LoadRecord]:
    """The folder of the model, and what it loaded; for an installed package, only the version of the package."""
    package = package_of(protocol.__module__)
    if package is not None:
        return package.folder, package.record()
    where = library.demand_location(protocol)
    if where.file is None:
        installed = distributions_of({where.module.partition(".")[0]})
        return Path(), LoadRecord({}, versions={name: version_here(name) for name in installed})
    folder = folder_of(Path(where.file), where.root)
    return folder, record_in(folder)


def as_written(texts: Iterable[str], protocol: type[Protocol]) -> list[str]:
    """The texts with the same names for the model's modules wherever it is loaded; each loading gives them new ones."""
    where = library.location(protocol) if protocol.__module__ == "__main__" else None
    plain = [re.sub(rf"{PREFIX}\d+\.?", "", text) for text in texts]
    return plain if where is None else [text.replace("__main__", where.module) for text in plain]


def code_around(protocol: type[Protocol]) -> CodeType | None:
    """The code of the module that defines the class, if that is a user's file."""
    file = getattr(sys.modules.get(protocol.__module__), "__file__", None)
    return _compiled(file, os.stat(file).st_mtime_ns) if file and is_users(file) and Path(file).is_file() else None


@lru_cache(maxsize=100)
def _compiled(file: str, changed: int) -> CodeType | None:
    try:
        return compile(Path(file).read_bytes(), file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):  # the file has been edited since it was loaded
        return None


def noting(protocol: type[Protocol]) -> AbstractContextManager[None]:
    """In the block, record what the protocol's program opens as part of what the model loaded."""
    package = package_of(protocol.__module__)
    return nullcontext() if package is None else package.noting()


def same_code(protocol: type[Protocol], asked: Code) -> Code:
    """The code of a protocol in this process. Raises Outdated if it differs from the code in the process that asked."""
    here = code_of(protocol)
    different = list(here.record.differences(asked.record))
    if different or here.key != asked.key:
        what = ", ".join(different) or f"{protocol.__name__}, or the code that decides about it,"
        raise Outdated(
            f"{what} differs here from where the question was asked: was it edited in between, "
            f"or is another version installed on another machine?"
        )
    return here


@cache
def _ours() -> str:
    """A hash of byzverify with its models, of the packages it needs, and of Python."""
    versions = [f"{name} {version_of(name)}" for name in DECIDING]
    digest = hashlib.sha256(" ".join([*versions, "Python", *map(str, sys.version_info[:2])]).encode())
    for folder in _folders():
        for path in sorted(folder.rglob("*.py")):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


@cache
def _folders() -> tuple[Path, ...]:
    """The folders of byzverify and of its models; one may be inside the other."""
    return folders_of("byzverify", library.MODELS)
