"""Maps on a Dask cluster: the same as without, also when its workers are killed in the middle."""

import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import distributed
import pytest

from byzverify.errors import UsageError
from byzverify.maps.axes import landscape_of
from byzverify.maps.landscape import Known, Map
from byzverify.maps.mapping import mapped, mapped_by
from byzverify.maps.store import Store
from byzverify.workers.cluster import dask_crew
from byzverify.workers.worker import Allowance
from tests.maps.comparing import settled
from tests.support.calling import Call

LANDSCAPE = landscape_of("om", n="3..7", m="0..2", t="0..2")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two Dask workers, processes of this machine, each with a nanny that starts another when it dies."""
    made = {"n_workers": 2, "threads_per_worker": 1, "memory_limit": 0}
    with distributed.LocalCluster(**made, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL) as cluster:
        yield cluster


@pytest.mark.slow
def test_a_map_is_complete_and_the_same_though_workers_are_killed_in_its_middle(cluster: Any, tmp_path: Path) -> None:
    address = cluster.scheduler_address
    killed: dict[int, int] = {}

    def workers() -> set[int]:
        with distributed.Client(address, set_as_default=False) as asking:
            return set(asking.run(os.getpid).values())

    first, second = workers()

    def kill_twice(found: Map, running: int) -> None:
        for process, enough in ((first, 5), (second, 25)):
            if len(found.known) >= enough and process not in killed and running:
                os.kill(process, signal.SIGKILL)
                killed[process] = len(found.known)

    with Store(tmp_path / "maps.sqlite") as store, dask_crew(address, None, Allowance()) as crew:
        found = mapped_by(crew, LANDSCAPE, store, kill_twice)
        recalled = mapped_by(crew, LANDSCAPE, store).recalled
    assert set(killed) == {first, second}
    assert max(killed.values()) < LANDSCAPE.size
    assert settled(found.known) == settled(mapped(LANDSCAPE).known)
    assert recalled == LANDSCAPE.size
    assert {first, second}.isdisjoint(workers())


@pytest.mark.slow
def test_a_cell_that_kills_its_process_or_takes_too_long_ends_alone(cluster: Any, mine: Path) -> None:
    known: dict[Any, Known] = {}
    for does, seconds in {"spin,exit": 1, "exit,nothing": None}.items():
        landscape = landscape_of(str(mine), n="4", t="0", settings=[f"does={does}"])
        with dask_crew(cluster.scheduler_address, None, Allowance(seconds=seconds)) as crew:
            known |= mapped_by(crew, landscape).known
    assert {place[0]: cell.verdict for place, cell in known.items()} == {
        "nothing": "proved",
        "exit": "unknown",
        "spin": "unknown",
    }


def test_what_the_workers_die_of_is_unknown_and_not_kept(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)  # where it is 3, three more must die
    monkeypatch.setattr("byzverify.maps.mapping.decided", lambda question: os.kill(os.getpid(), signal.SIGKILL))
    landscape = landscape_of("om", n="4", m="1")
    with Store(tmp_path / "maps.sqlite") as store, dask_crew(cluster.scheduler_address, None, Allowance()) as crew:
        known = mapped_by(crew, landscape, store).known[()]
        assert (known.verdict, known.reason) == ("unknown", "died: each worker that had it was lost (KilledWorker)")
        monkeypatch.undo()
        assert mapped_by(crew, landscape, store).recalled == 0


@pytest.mark.slow
def test_a_cluster_of_ones_own_needs_no_scheduler(byzverify: Call) -> None:
    ended = byzverify("map om -n 3..4 -m 1 --dask local --jobs 1")
    assert ended.code == 0
    assert "2 cells: 1 proved, 1 refuted (1 that no protocol without signatures can win)" in ended.out


def test_where_nobody_answers_or_dask_is_not_installed_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.workers.cluster.CONNECTING", 0.2)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        dask_crew("tcp://127.0.0.1:1", None, Allowance()).__enter__()
    for address, says in {"nonsense": "missing port number", "nonsense://x:1": "unknown address scheme"}.items():
        with pytest.raises(UsageError, match=f"takes a scheduler's address, tcp://host:8786, or local: {says}"):
            dask_crew(address, None, Allowance()).__enter__()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'byzverify\[dask\]'"):
        dask_crew("local", None, Allowance()).__enter__()
