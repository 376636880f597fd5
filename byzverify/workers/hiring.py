"""The crew for a command's options, on this machine or on others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from byzverify.signals import broken_pipes_raised
from byzverify.workers.crew import Crew, local_crew
from byzverify.workers.worker import Allowance


@contextmanager
def crew_at(address: str | None, jobs: int | None, allowance: Allowance) -> Iterator[Crew]:
    """A crew on the Dask cluster at this address, or in processes of this machine if there is none.

    For commands. Elsewhere a broken pipe ends a command; in this block it raises, as it may be a dead worker's pipe.
    """
    if address is None:
        hired = local_crew(jobs, allowance)
    else:
        from byzverify.workers.cluster import dask_crew

        hired = dask_crew(address, jobs, allowance)
    with broken_pipes_raised(), hired as crew:
        yield crew
