"""Telling the processes of a test from all others: by an argument that only they have."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

HASTE = 20.0
"""Seconds after which a process that should be gone is said to have survived."""


@pytest.fixture
def marked() -> Iterator[str]:
    """An argument that only the processes of this test have; none of them outlives it."""
    mark = f"marked-{uuid4().hex}"
    yield mark
    assert survivors(mark) == []


def survivors(mark: str) -> list[str]:
    """The commands of the processes that have this argument; what they start has it, too."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = Path("/proc", process, "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words:
            found.append(b" ".join(words).decode())
    return found


def gone(mark: str) -> bool:
    """Whether all of them are gone, soon: whoever kills byzverify from outside does not wait for the guard."""
    until = time.monotonic() + HASTE
    while survivors(mark) and time.monotonic() < until:
        time.sleep(0.01)
    return survivors(mark) == []
