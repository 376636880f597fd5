"""The fingerprint of what a verdict depends on beside the configuration: the programs that came to it.

These are the model's own text with what it imports from its folder, byzverify, z3, networkx and Python. Files that a
model reads while it runs, and libraries that it imports, are not among them. This module knows nothing of cells.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from functools import cache
from importlib import metadata, resources
from modulefinder import ModuleFinder
from pathlib import Path

from byzverify import library
from byzverify.errors import UsageError
from byzverify.language.protocol import Protocol

DECIDING = ("byzverify", "z3-solver", "networkx")
"""The distributions whose version can make a difference."""


def fingerprint(model: str) -> str:
    """What changes when the model that `model` means, or anything that decides about it, does."""
    protocol = library.find(model)
    digest = hashlib.sha256(f"{protocol.__qualname__} {_ours()}".encode())
    _add(digest, {Path(inspect.getfile(protocol))})  # others of this name may be in what it imports
    _add(digest, _texts(protocol))
    return digest.hexdigest()


def demand_same(model: str, known: str) -> None:
    """Raise UsageError where what `model` means here has another fingerprint than it had where somebody asked."""
    if fingerprint(model) != known:
        raise UsageError(
            f"{model}, or what decides about it, is not the same here as where it was asked about: "
            f"was it edited meanwhile, or is another version installed on another machine?"
        )


@cache
def _ours() -> str:
    """The fingerprint of byzverify itself, with its models, of what it needs, and of Python."""
    versions = [f"{name} {metadata.version(name)}" for name in DECIDING]
    digest = hashlib.sha256(" ".join([*versions, "Python", *map(str, sys.version_info[:2])]).encode())
    _add(digest, {path for folder in _folders() for path in folder.rglob("*.py")})
    return digest.hexdigest()


def _add(digest: hashlib._Hash, paths: set[Path]) -> None:
    """Add what the files contain, wherever they are."""
    for content in sorted({hashlib.sha256(path.read_bytes()).digest() for path in paths}):
        digest.update(content)


@cache
def _folders() -> tuple[Path, ...]:
    """Where byzverify and its models are, the one inside of the other or not."""
    return tuple(Path(str(resources.files(package))).resolve() for package in ("byzverify", library.MODELS))


def _texts(protocol: type[Protocol]) -> set[Path]:
    """The files of the class and its bases, outside byzverify, and those in the same folder that they import."""
    files = {Path(inspect.getfile(base)).resolve() for base in protocol.__mro__ if base is not object}
    own = {file for file in files if not any(file.is_relative_to(folder) for folder in _folders())}
    return own.union(*(_imported(file) for file in own))


def _imported(file: Path) -> set[Path]:
    finder = ModuleFinder(path=[str(file.parent)], excludes=["byzverify"])
    finder.run_script(str(file))
    found = [getattr(module, "__file__", None) for module in finder.modules.values()]
    return {Path(path).resolve() for path in found if path}
