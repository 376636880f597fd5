"""Hiring: the crew that a user of the command line means, here or on other machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from byzverify.signals import broken_pipes_raised
from byzverify.workers.crew import Crew, local_crew
from byzverify.workers.worker import Allowance


@contextmanager
def crew_at(address: str | None, jobs: int | None, allowance: Allowance) -> Iterator[Crew]:
    """A crew on the Dask cluster at this address, or in processes of this machine if there is none.

    For commands, which a broken pipe ends otherwise: here it may be that of a worker that has died.
    """
    if address is None:
        hired = local_crew(jobs, allowance)
    else:
        from byzverify.workers.cluster import dask_crew

        hired = dask_crew(address, jobs, allowance)
    with broken_pipes_raised(), hired as crew:
        yield crew
