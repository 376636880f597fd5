"""A crew on a Dask cluster: the same executor interface, on other machines. This is the only file that knows Dask.

If a Dask worker dies, Dask gives its work to another. Each Dask worker runs the work in a worker process of ours, so
that the limits are the same as on one machine.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from byzverify.errors import UsageError
from byzverify.workers.background import cores
from byzverify.workers.crew import Crew, sharing
from byzverify.workers.worker import Allowance

CONNECTING = 10
"""Seconds within which the scheduler must answer."""

AHEAD = 1000
"""How many pieces of work Dask may hold. It hands them to its workers, including those that join later."""

Address = Any
"""A scheduler's address, or a cluster in this process."""


@contextmanager
def dask_crew(address: str, jobs: int | None, allowance: Allowance) -> Iterator[Crew]:
    """A crew at the scheduler's address or, for `local`, on a cluster on this machine that ends with the block.

    Raises UsageError if Dask is not installed or nobody answers.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError("Dask is not installed; it comes with the extra: pip install 'byzverify[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # otherwise it logs much about each worker that dies
    if address != "local":
        _demand_address(distributed, address)
        with _connected(distributed, address, allowance) as crew:
            yield crew
        return
    places = jobs or cores()
    with (
        _cluster(distributed, places) as cluster,
        _connected(distributed, cluster, sharing(allowance, places)) as crew,
    ):
        yield crew


def _demand_address(distributed: Any, address: str) -> None:
    """Raise UsageError for an invalid address; a Dask client would notice late, and complain again when it closes."""
    try:
        distributed.comm.get_address_host_port(address)
    except ValueError as error:
        raise UsageError(f"--dask takes a scheduler's address, tcp://host:8786, or local: {error}") from None


def _cluster(distributed: Any, places: int) -> Any:
    workers = {"n_workers": places, "threads_per_worker": 1, "memory_limit": 0, "preload": [__name__]}
    return distributed.LocalCluster(**workers, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL)


def dask_setup(worker: object) -> None:
    """Called by Dask when a process of a local cluster begins: makes it ignore Ctrl-C, which byzverify handles."""
    os.setpgid(0, 0)


@contextmanager
def _connected(distributed: Any, address: Address, allowance: Allowance) -> Iterator[Crew]:
    try:
        client = distributed.Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {type(error).__name__}: {error}") from None
    with client:
        executor = client.get_executor(pure=False)
        try:
            threads = sum(client.nthreads().values())
            yield Crew(executor, max(1, threads), AHEAD, allowance, (distributed.KilledWorker,))
        finally:
            executor.shutdown(wait=False)
