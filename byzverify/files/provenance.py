"""Which code a file may run: attack files, traces, certificates and maps name a model, and a model is code.

A model that the user names is run wherever it is. A model that only a file names is run if it is in the working
directory or its subfolders, or if this process runs it already; otherwise the user is told what would be run. The model
is looked up where the file says, and then beside the file, since both may have moved together. This module runs
nothing.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from byzverify.errors import UsageError


def model_for(reference: str, file: Path, named: str | None = None) -> str:
    """The reference to the model that `file` calls `reference`, or to the one that the user has `named`.

    Raises UsageError if it is not found, or if it must not be run unless the user names it.
    """
    if named is not None:
        return _completed(named, reference)
    found = located(reference, file)
    if found is None:
        path = _split(reference)[0]
        raise UsageError(
            f"{file}: there is no file {path}, and no {Path(path).name} beside it: say where the model is with --model"
        )
    return found


def located(reference: str, file: Path) -> str | None:
    """The same as `model_for` if the user has named no model, but None if it is not found."""
    path, name = _split(reference)
    if not path:
        return reference  # a model that comes with byzverify
    folder = file.absolute().parent
    found = next((one for one in (Path(path), folder / path, folder / Path(path).name) if one.is_file()), None)
    if found is None:
        return None
    here = f"{found}:{name}" if name else str(found)
    if not (found.resolve().is_relative_to(Path.cwd().resolve()) or _is_running(found.resolve())):
        raise UsageError(
            f"{file} names a model outside the working directory, and would run {found.resolve()}: "
            f"if you trust that program, name it with --model {shlex.quote(here)}"
        )
    return here


def _split(reference: str) -> tuple[str, str]:
    """The file and the class of a reference; a model that comes with byzverify has no file."""
    if reference.endswith(".py"):
        return reference, ""
    path, _, name = reference.rpartition(":")
    return path, name


def _completed(named: str, reference: str) -> str:
    """The reference that the user has named; if that is only a file, with the class that `reference` names."""
    name = _split(reference)[1]
    return f"{named}:{name}" if named.endswith(".py") and name and ":" in reference else named


def _is_running(path: Path) -> bool:
    """Whether this process has executed the file."""
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    return any(Path(file).resolve() == path for file in files if file and Path(file).name == path.name)
