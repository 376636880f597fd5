"""Memory: how much there is, and a limit that makes allocations fail before the system kills the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_OF_MEMORY = 0.9
"""The fraction of the machine's memory that one process may take."""


def heed_memory() -> None:
    """Make an allocation beyond the machine's memory fail, so that a check can report it; else the system kills it."""
    with suppress(ImportError, OSError, ValueError):  # the system has no such limit, or does not allow lowering it
        import resource

        most = int(MOST_OF_MEMORY * memory())
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft == resource.RLIM_INFINITY or soft > most:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


@contextmanager
def memory_for_others() -> Iterator[None]:
    """Programs that are started in this block get the limit that the system sets, not the one of `heed_memory`."""
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
    """How many bytes of memory there are for the machine, or for this process's control group if that is less."""
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # there is no control group, or its limit is `max`
        most = min(most, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return most
