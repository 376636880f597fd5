"""Files that reports become: whether one can be written there, and writing it.

This module knows files. It must not know what is in them.
"""

from __future__ import annotations

from pathlib import Path

from byzverify.errors import UsageError


def demand_place(output: Path) -> None:
    """Raise UsageError where no file can be, before any work is done for it."""
    if output.is_dir() or not output.parent.is_dir():
        raise UsageError(f"cannot write {output}: it must be a file in a folder that exists")


def write(output: Path, content: bytes) -> None:
    """Write a file. Raises UsageError where that fails."""
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error
