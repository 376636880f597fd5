"""Workers: whatever a cell does, it is that cell's affair alone."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from byzverify.aside import Died
from byzverify.errors import OutOfTime, UsageError
from byzverify.maps import worker as worker_module
from byzverify.maps.axes import landscape_of
from byzverify.maps.landscape import Known, Map
from byzverify.maps.mapping import mapped
from byzverify.maps.worker import MARK, Allowance, Worker

FREELY = Allowance()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(worker_module, "GRACE", 0.1)
    used = Worker()
    yield used
    used.end()


def test_a_worker_returns_and_raises_what_the_function_does_and_is_another_process(worker: Worker) -> None:
    process = worker.call(FREELY, os.getpid)
    assert process != os.getpid()
    with pytest.raises(RuntimeError, match="ValueError"):
        worker.call(FREELY, int, "no number")
    assert worker.call(FREELY, os.getpid) == process


def test_what_takes_too_long_is_killed_and_the_next_call_gets_another_process(worker: Worker) -> None:
    process = worker.call(FREELY, os.getpid)
    with pytest.raises(OutOfTime):
        worker.call(Allowance(seconds=0.1), time.sleep, 600)
    assert worker.call(Allowance(seconds=60), os.getpid) != process
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_how_a_worker_died_is_said(worker: Worker) -> None:
    with pytest.raises(Died, match="exit code 7"):
        worker.call(FREELY, os._exit, 7)
    with pytest.raises(Died, match="SIGABRT"):
        worker.call(FREELY, os.abort)
    with pytest.raises(Died, match="killed, or the system ran out of memory"):
        worker.call(FREELY, signal.raise_signal, signal.SIGKILL)


def test_one_that_died_while_it_had_nothing_to_do_is_replaced(worker: Worker) -> None:
    process = worker.call(FREELY, os.getpid)
    os.kill(process, signal.SIGKILL)
    while Path(f"/proc/{process}/stat").exists() and ") Z" not in Path(f"/proc/{process}/stat").read_text():
        time.sleep(0.01)
    assert worker.call(FREELY, os.getpid) != process


def test_where_no_process_can_be_started_that_is_how_it_died(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(Died, match="could not be started: No such file or directory"):
        worker.call(FREELY, os.getpid)


def test_memory_ends_at_the_allowance_and_not_before(worker: Worker) -> None:
    allowance = Allowance(memory=400 << 20)
    assert len(worker.call(allowance, bytes, 50 << 20)) == 50 << 20
    with pytest.raises(MemoryError):
        worker.call(allowance, bytes, 500 << 20)
    assert len(worker.call(FREELY, bytes, 500 << 20)) == 500 << 20


def test_a_dismissed_worker_ends_what_it_is_doing(worker: Worker) -> None:
    worker.call(FREELY, os.getpid)
    threading.Timer(0.1, worker.dismiss).start()
    with pytest.raises(Died):
        worker.call(FREELY, time.sleep, 600)
    with pytest.raises(Died):
        worker.call(FREELY, os.getpid)


def test_a_worker_has_no_workers(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MARK, "1")
    with pytest.raises(UsageError, match="where a worker reads the model"):
        worker.call(FREELY, os.getpid)


def test_each_cell_has_its_own_end_and_the_others_are_decided(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "GRACE", 0.1)
    landscape = landscape_of(str(mine), n="4", t="0", settings=["does=nothing,spin,hoard,exit,print"])
    known = mapped(landscape, jobs=1, timeout=3, memory=400 << 20).known
    assert {place[0]: (cell.verdict, cell.reason, cell.claimed) for place, cell in known.items()} == {
        "nothing": ("proved", "", True),
        "spin": ("unknown", "the time limit passed", True),
        "hoard": ("unknown", "out of memory", True),
        "exit": ("unknown", "died: its process ended with exit code 7", True),
        "print": ("proved", "", True),
    }


def test_as_many_cells_run_at_once_as_there_are_jobs(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the two waits until the other runs too: neither would end alone."""
    mine.write_text(
        mine.read_text().replace(
            "def general(self, me: General, order: Order) -> Program:",
            "def general(self, me: General, order: Order) -> Program:\n"
            '        (NOTES.parent / f"running-{self.more}").touch()\n'
            '        while not (NOTES.parent / f"running-{1 - self.more}").exists():\n'
            "            pass",
        )
    )
    landscape = landscape_of(str(mine), n="4", t="0", settings=["more=0..1"])
    seen: list[int] = []

    def progress(found: Map, running: int) -> None:
        seen.append(running)

    known = mapped(landscape, jobs=2, timeout=60, progress=progress).known
    assert [cell.verdict for cell in known.values()] == ["proved", "proved"]
    assert max(seen, default=0) <= 2


def test_what_an_unknown_cell_is_claimed_to_be_is_known_even_so(mine: Path) -> None:
    landscape = landscape_of(str(mine), n="4", t="0..1", settings=["does=exit"])
    claimed = {place: cell.claimed for place, cell in mapped(landscape, jobs=1).known.items()}
    assert claimed == {(0,): True, (1,): False}
    assert isinstance(mapped(landscape, jobs=1).known[0,], Known)
