"""Writes files whole or not at all: the content goes to a temporary file beside the file, which is then renamed.

If anything goes wrong, the old content is still there. This module knows files and the system's errors about them. It
must not know what is in them.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from byzverify.errors import UsageError

BESIDE = ".byzverify-"
"""The prefix of the names of incomplete files."""

REASONS = {
    errno.ENOSPC: "the disk of {folder} is full",
    errno.EDQUOT: "your quota on the disk of {folder} is used up",
    errno.EROFS: "the disk of {folder} is read-only",
    errno.EACCES: "you may not write to {folder}",
    errno.EPERM: "you may not write to {folder}",
    errno.EISDIR: "it is a folder",
}
"""The meaning of the system's errors."""


def demand_place(path: Path) -> None:
    """Raise UsageError if there can be no file at this path, before any work is done for it."""
    if path.is_dir():
        raise UsageError(f"cannot write {path}: it must be a file in a folder that exists, and it is a folder")
    if not path.parent.is_dir():
        raise UsageError(f"cannot write {path}: it must be a file in a folder that exists, and {path.parent} is none")


def demand_protocol_file(path: Path) -> None:
    """Raise UsageError unless a protocol that is saved at this path can be loaded from there."""
    if path.suffix != ".py":
        raise UsageError(f"a protocol is saved in a file whose name ends in .py, not in {path}")


def demand_permission(path: Path) -> None:
    """Raise UsageError if there is no permission to write the file, or to create a file or folder with this name."""
    folder = path.absolute().parent
    if os.access(path, os.W_OK) if path.exists() else os.access(folder, os.W_OK | os.X_OK):
        return
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        reason = REASONS[errno.EROFS].format(folder=folder)
    else:
        reason = "it is write-protected" if path.exists() else REASONS[errno.EACCES].format(folder=folder)
    raise UsageError(f"cannot write {path}: {reason}")


def write(path: Path, content: str | bytes) -> None:
    """Write a file, or leave its old content as it was. Text is written in UTF-8.

    Devices and pipes are written directly. Raises UsageError, which names what is full or not writable.
    """
    demand_place(path)
    demand_permission(path)
    data = content.encode() if isinstance(content, str) else content
    target = path.resolve()  # the target of a link, so that the link stays a link
    with naming(path):
        if target.exists() and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data)


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write several files, each whole or not at all. Raises UsageError; writes nothing if one can have no place."""
    for path in files:
        demand_place(path)
    for path, content in files.items():
        write(path, content)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn an error of the system in this block into a UsageError that says why `path` cannot be written."""
    try:
        yield
    except OSError as error:
        folder = path.absolute().parent
        system = error.strerror or str(error)
        reason = REASONS.get(error.errno or 0)
        why = system if reason is None else f"{reason.format(folder=folder)} ({system})"
        raise UsageError(f"cannot write {path}: {why}") from error


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A temporary folder that is renamed to `folder` when the block ends, and deleted if the block raises an error.

    folder: must be new or empty. Raises UsageError as `write` does.
    """
    target = folder.resolve()
    with naming(folder):
        place = Path(tempfile.mkdtemp(prefix=BESIDE, dir=target.parent))
        try:
            yield place
            place.chmod(0o777 & ~_umask())
            place.rename(target)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise


def demand_room(folder: Path) -> None:
    """Raise OSError if the folder's disk is full: a library may have written too little without an error."""
    if not shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _replace(target: Path, data: bytes) -> None:
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    number, name = tempfile.mkstemp(prefix=BESIDE, dir=target.parent)
    place = Path(name)
    try:
        with open(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(number)
        place.chmod(mode)
        place.replace(target)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
