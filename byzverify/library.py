"""Finding protocols: the models that come with byzverify by a short name, and the user's own by `file.py:Class`."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from byzverify.errors import ProtocolError, UsageError
from byzverify.language import Protocol

MODELS = "byzverify.models"


def names() -> list[str]:
    """The short names of the models that come with byzverify."""
    return sorted(module.name for module in pkgutil.iter_modules(importlib.import_module(MODELS).__path__))


def find(reference: str) -> type[Protocol]:
    """The protocol that `reference` means: a short name such as `om`, or `path/to/file.py:Class`.

    Raises UsageError if there is none, ProtocolError if the user's file fails.
    """
    path, colon, name = reference.rpartition(":")
    if reference.endswith(".py"):
        path, name = reference, ""
    elif not colon:
        if reference not in names():
            raise UsageError(
                f"no model is called {reference!r}; there are {', '.join(names())}, or path/to/file.py:Class"
            )
        return _only(importlib.import_module(f"{MODELS}.{reference}"), "", reference)
    return _only(_load(Path(path)), name, path)


def reference_to(protocol: type[Protocol]) -> str:
    """What `find` finds this protocol by. Raises UsageError for one that is in no file."""
    if protocol.__module__.startswith(f"{MODELS}."):
        return protocol.__module__.removeprefix(f"{MODELS}.")
    try:
        path = Path(inspect.getfile(protocol))
    except (OSError, TypeError):
        raise UsageError(f"{protocol.__name__} is in no file: put it into one, so that others can find it") from None
    return f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}:{protocol.__qualname__}"


def build(protocol: type[Protocol], parameters: dict[str, Any]) -> Protocol:
    """The instance with these parameters. Raises UsageError for one that is missing, unknown or out of range."""
    known = inspect.signature(protocol).parameters
    unknown = [name for name in parameters if name not in known]
    missing = [name for name, p in known.items() if p.default is p.empty and name not in parameters]
    if unknown:
        raise UsageError(f"{protocol.__name__} has no parameter {unknown[0]}; its parameters are {', '.join(known)}")
    if missing:
        raise UsageError(f"{protocol.__name__} needs a value for {missing[0]}; its parameters are {', '.join(known)}")
    return protocol(**parameters)


def has_parameter(protocol: type[Protocol], name: str) -> bool:
    """Whether instances of this protocol have a parameter of this name."""
    return name in inspect.signature(protocol).parameters


def read_settings(protocol: type[Protocol], settings: Sequence[str]) -> dict[str, Any]:
    """Parameters from texts `name=value`, numbers where they look like it. Raises UsageError for what does not fit."""
    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not has_parameter(protocol, name):
            known = ", ".join(inspect.signature(protocol).parameters)
            raise UsageError(
                f"--set takes name=value with a parameter of {protocol.__name__} ({known}), not {setting!r}"
            )
        values[name] = int(text) if text.lstrip("-").isdecimal() else text
    return values


def parameters_of(protocol: Protocol) -> dict[str, Any]:
    """The parameters of an instance, by name."""
    return {name: getattr(protocol, name) for name in inspect.signature(type(protocol)).parameters}


def _load(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    name = f"byzverify_user_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} is not a Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        frames = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else (frames or [0])[-1]
        raise ProtocolError(f"{path}:{line}: {type(error).__name__}: {error}") from error
    return module


def _only(module: ModuleType, name: str, where: str) -> type[Protocol]:
    found = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Protocol) and value.__module__ == module.__name__
    }
    if name in found:
        return found[name]
    if not found:
        raise UsageError(f"{where} defines no Protocol")
    if name or len(found) > 1:
        raise UsageError(
            f"{where} has no single protocol {name!r}; write one of {', '.join(f'{where}:{k}' for k in found)}"
        )
    return next(iter(found.values()))
