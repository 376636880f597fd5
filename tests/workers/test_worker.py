"""Workers: processes that call functions for this one, and whose end is theirs alone."""

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from byzverify.catalogue.dependencies import code_of, same_code
from byzverify.errors import Outdated, OutOfTime, UsageError
from byzverify.models.om import OM
from byzverify.workers import worker as worker_module
from byzverify.workers.background import Died
from byzverify.workers.worker import MARK, Allowance, Worker

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


@pytest.mark.slow
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
    with pytest.raises(UsageError, match="a worker that loads the model"):
        worker.call(FREELY, os.getpid)


def test_a_worker_that_has_loaded_other_code_ends_and_another_is_asked(worker: Worker) -> None:
    process = worker.call(FREELY, os.getpid)
    edit = "from byzverify.catalogue import dependencies; dependencies._ours = lambda: 'an older byzverify'"
    worker.call(FREELY, exec, edit)
    assert worker.call(FREELY, same_code, OM, code_of(OM)) == code_of(OM)
    assert worker.call(FREELY, os.getpid) != process


@pytest.mark.slow
def test_where_another_worker_has_other_code_too_that_is_an_error_and_it_is_not_asked_again(worker: Worker) -> None:
    other = replace(code_of(OM), key="of another machine")
    with pytest.raises(Outdated, match="OM, or the code that decides about it, differs here"):
        worker.call(FREELY, same_code, OM, other)
    process = worker.call(FREELY, os.getpid)
    with pytest.raises(Outdated):
        worker.call(FREELY, same_code, OM, other)
    assert worker.call(FREELY, os.getpid) != process
