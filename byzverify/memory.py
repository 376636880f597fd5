"""Memory: how much there is, and that an allocation beyond it fails, in place of the system killing the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_OF_MEMORY = 0.9
"""How much of the machine's memory one process may take."""


def heed_memory() -> None:
    """Let an allocation beyond what the machine has fail, so that a check can say so; else the system kills it."""
    with suppress(ImportError, OSError, ValueError):  # where the system has no such limit, or does not let us lower it
        import resource

        most = int(MOST_OF_MEMORY * memory())
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft == resource.RLIM_INFINITY or soft > most:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


@contextmanager
def memory_for_others() -> Iterator[None]:
    """Programs that are started here get the memory that the system gives them, not what `heed_memory` leaves us."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def memory() -> int:
    """How many bytes of memory there are, for the machine or for the group of processes that this one is in."""
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # there is no such group, or its limit is `max`
        most = min(most, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return most
