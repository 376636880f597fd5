"""Finds protocols: the models that come with byzverify by a short name, and users' own by `file.py:Class`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from byzverify.catalogue.locations import Location as Location
from byzverify.catalogue.locations import location as location
from byzverify.errors import ByzverifyError, ProtocolError, UsageError, described, meant
from byzverify.language.faults import Budget
from byzverify.language.holes import HOLE, holes_of, read
from byzverify.language.protocol import KINDS, Protocol, kind_of, parameters
from byzverify.loading.models import loaded
from byzverify.traps.announcing import announce

MODELS = "byzverify.models"
MUSEUM = "museum"


OPTIONS = {"n": "-n", "m": "-m", "values": "--values", "graph": "--graph"}
"""The parameters that have options of their own on the command line."""

READERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": {"true": True, "false": False, "True": True, "False": False}.__getitem__,
    HOLE: read,
}
"""A function for each type that reads a parameter from a text."""

EXAMPLES = {"int": "3", "float": "0.5", "str": "text", "bool": "true", HOLE: "3"}
"""A value of each type, as `--set` takes it."""


def names() -> list[str]:
    """The short names of the models that come with byzverify, without the museum's."""
    return _modules(MODELS)


def _modules(package: str) -> list[str]:
    found = pkgutil.iter_modules(importlib.import_module(package).__path__)
    return sorted(module.name for module in found if not module.ispkg)


def find(reference: str, *, anew: bool = False) -> type[Protocol]:
    """The protocol with this reference: a short name such as `om` or `museum.echo`, or `path/to/file.py:Class`.

    The file is executed if it has not been executed yet, or if it or anything that it loaded has changed since. anew:
    execute it in any case. Raises UsageError if there is no such protocol, ProtocolError if the user's file fails.
    """
    path, colon, name = reference.rpartition(":")
    if reference.endswith(".py"):
        path, name = reference, ""
    elif not colon:
        package, dot, short = reference.rpartition(".")
        known = names() if not dot else _modules(f"{MODELS}.{MUSEUM}") if package == MUSEUM else []
        if short not in known:
            exhibits = [f"{MUSEUM}.{name}" for name in _modules(f"{MODELS}.{MUSEUM}")]
            if reference.endswith(".json"):
                raise UsageError(f"{reference} is not a model; replay, explain, report and certify read .json files")
            raise UsageError(
                f"no model is called {reference!r}; there are {', '.join(names())}, those of the museum "
                f"(museum.echo; see `byzverify museum`), or path/to/file.py:Class{meant(reference, names() + exhibits)}"
            )
        return _only(importlib.import_module(f"{MODELS}.{reference}"), "", reference)
    return _only(_load(Path(path), anew), name, path)


def file_of(reference: str) -> Path:
    """The file of the protocol with this reference; relative if it is below the working folder. Raises as `find`."""
    return _from_here(path_of(find(reference)))


def path_of(protocol: type[Protocol]) -> Path:
    """The file of a protocol. Raises UsageError if it is not defined in a file."""
    try:
        return Path(inspect.getfile(protocol))
    except (OSError, TypeError):
        raise UsageError(
            f"{protocol.__name__} is not defined in a file: put it into one, so that other processes can find it"
        ) from None


def reference_to(protocol: type[Protocol]) -> str:
    """The reference by which `find` finds this protocol. Raises UsageError if it is not defined in a file."""
    if protocol.__module__.startswith(f"{MODELS}."):
        return protocol.__module__.removeprefix(f"{MODELS}.")
    return f"{_from_here(path_of(protocol))}:{protocol.__qualname__}"


def demand_location(protocol: type[Protocol]) -> Location:
    """The location at which a fresh interpreter finds this class. Raises UsageError if there is none."""
    where = location(protocol)
    if where is None:
        raise UsageError(
            f"{protocol.__name__} is not defined in a file: put it into one, so that other processes can find it"
        )
    return where


def everywhere(reference: str) -> str:
    """The same reference with an absolute path, if it has a path: workers may have another working folder."""
    path, colon, name = reference.rpartition(":")
    return f"{Path(path).resolve()}:{name}" if colon else reference


def build(protocol: type[Protocol], given: dict[str, Any]) -> Protocol:
    """The instance with these parameters. Raises UsageError if one is missing, unknown or out of range."""
    demand_parameters(protocol, given)
    try:
        return protocol(**given)
    except ByzverifyError:
        raise
    except Exception as error:
        raise ProtocolError(f"{protocol.__name__} cannot be built: {described(error)}") from error


def demand_parameters(protocol: type[Protocol], given: Collection[str]) -> None:
    """Raise UsageError for a name that is not a parameter, or for a parameter without a value that needs one."""
    _demand_known(protocol, given)
    known = inspect.signature(protocol).parameters
    missing = [name for name, p in known.items() if p.default is p.empty and name not in given]
    if missing:
        raise UsageError(f"{protocol.__name__} needs a value for {missing[0]}; its parameters are {', '.join(known)}")


def _demand_known(protocol: type[Protocol], given: Collection[str]) -> None:
    known = inspect.signature(protocol).parameters
    unknown = [name for name in given if name not in known]
    if unknown:
        raise UsageError(
            f"{protocol.__name__} has no parameter {unknown[0]}; its parameters are {', '.join(known)}"
            f"{meant(unknown[0], known)}"
        )


def demand_family(kind: object, fixed: Mapping[str, Any]) -> None:
    """Raise UsageError unless this is a protocol class, and these are values of its parameters, or of some of them."""
    if not (isinstance(kind, type) and issubclass(kind, Protocol)):
        raise UsageError(f"give a protocol class, such as OM, not {kind!r}")
    _demand_known(kind, fixed)
    for parameter in parameters(kind):
        value, wanted = fixed.get(parameter.name), kind_of(parameter)
        if parameter.name in fixed and wanted in KINDS and type(value).__name__ != wanted:
            raise UsageError(f"{parameter.name} must be {KINDS[wanted]}, not {value!r}")


def configured(
    reference: str, settings: Sequence[str] | dict[str, Any] = (), budget: Budget | None = None, **given: Any
) -> Protocol:
    """The instance of a model, given by its reference and a user's options, where None means not given.

    The default of n is the number of nodes of the graph, or what the class states. The default of m, in a model that
    has it, is the number that may fail in the only mode of the budget. settings: other parameters, as texts
    `name=value` or as a dictionary.
    Raises UsageError as `find` and `build` do.
    """
    protocol = find(reference)
    given = {name: value for name, value in given.items() if value is not None}
    if "graph" in given and "n" not in given:
        from byzverify.language.topology import graph_of

        given["n"] = len(graph_of(given["graph"]))
    if "n" not in given and inspect.signature(protocol).parameters["n"].default is inspect.Parameter.empty:
        raise UsageError("say how many generals there are with -n, or give a --graph")
    if budget is not None and len(budget) < 2 and has_parameter(protocol, "m"):
        given.setdefault("m", sum(budget.values()))
    return build(protocol, given | (settings if isinstance(settings, dict) else read_settings(protocol, settings)))


def has_parameter(protocol: type[Protocol], name: str) -> bool:
    """Whether instances of this protocol have a parameter with this name."""
    return name in inspect.signature(protocol).parameters


def read_settings(protocol: type[Protocol], settings: Sequence[str]) -> dict[str, Any]:
    """Parameters from texts `name=value`, converted to the types in their annotations.

    Raises UsageError for a text that does not fit, and for a parameter that has an option of its own.
    """
    values: dict[str, Any] = {}
    kinds = {p.name: kind_of(p) for p in parameters(protocol) if p.name not in OPTIONS}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if name in OPTIONS:
            raise UsageError(f"{name} has an option of its own: {OPTIONS[name]}")
        if name not in kinds:
            known = f"it has {', '.join(kinds)}" if kinds else "all of its parameters have options of their own"
            near = meant(name, [*kinds, *OPTIONS])
            raise UsageError(f"--set {setting}: {protocol.__name__} has no parameter {name!r}; {known}{near}")
        if not equals:
            raise UsageError(f"--set takes name=value, such as --set {name}={EXAMPLES[kinds[name]]}, not {setting!r}")
        try:
            values[name] = READERS[kinds[name]](text)
        except (ValueError, KeyError):
            raise UsageError(f"{name} must be {KINDS[kinds[name]]}, not {text!r}") from None
    return values


def parameters_of(protocol: Protocol) -> dict[str, Any]:
    """The parameters of an instance, by name, without holes that have no value."""
    given = {name: getattr(protocol, name) for name in inspect.signature(type(protocol)).parameters}
    empty = [name for name in holes_of(protocol) if given[name] is None]
    return {name: value for name, value in given.items() if name not in empty}


def _from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _load(path: Path, anew: bool) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    if path.suffix != ".py":
        raise UsageError(f"{path} is not a Python file")
    running = sys.modules["__main__"]
    if Path(getattr(running, "__file__", None) or "/").resolve() == path.resolve():
        return running  # the script that asks, which is being executed already
    announce(path)
    return loaded(path, anew=anew).module()


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
    choices = ", ".join(f"{where}:{key}" for key in found)
    if name:
        raise UsageError(f"{where} defines no protocol {name}; it has {choices}{meant(name, found)}")
    if len(found) > 1:
        raise UsageError(f"{where} defines several protocols; write {choices}")
    return next(iter(found.values()))
