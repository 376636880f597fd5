"""Work put aside: its outcome arrives, whatever becomes of the process."""

import errno
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from byzverify.errors import ByzverifyError, Interrupted, OutOfTime, ProtocolError, UsageError
from byzverify.limits import NO_LIMIT, Limit
from byzverify.workers.background import Aside, Died, Fork, all_forked, can_fork, in_a_process

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork, so nothing is put aside")


@pytest.mark.parametrize("found", [None, "something"])
def test_the_outcome_arrives(found: str | None) -> None:
    aside = Aside(lambda: found, NO_LIMIT)
    assert aside.outcome() == found
    aside.close()


def test_a_process_that_is_killed_leaves_no_outcome() -> None:
    aside = Aside(lambda: os.kill(os.getpid(), signal.SIGKILL), NO_LIMIT)
    with pytest.raises(Died):
        aside.outcome()
    aside.close()


@pytest.mark.parametrize(("error", "arrives"), [(MemoryError(), MemoryError), (ValueError("why"), ProtocolError)])
def test_an_error_arrives(error: Exception, arrives: type[Exception]) -> None:
    def work() -> None:
        raise error

    aside = Aside(work, NO_LIMIT)
    with pytest.raises(arrives, match="why" if arrives is ProtocolError else None):
        aside.outcome()
    aside.close()


def test_waiting_ends_at_the_limit_and_the_process_with_it() -> None:
    def work() -> None:
        time.sleep(600)

    aside = Aside(work, Limit(time.monotonic() + 0.1))
    with pytest.raises(OutOfTime):
        aside.outcome()
    process = aside._process.pid
    aside.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize("stop", [OutOfTime(), Interrupted(), UsageError("which")])
def test_what_stops_the_work_arrives_as_it_is(stop: ByzverifyError) -> None:
    """Who works may notice before who waits that the time limit has passed."""

    def work() -> None:
        raise stop

    with pytest.raises(type(stop), match=str(stop)) as raised:
        in_a_process(work, NO_LIMIT)
    assert raised.value.exit_code == stop.exit_code


def test_where_the_system_cannot_fork_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_a_process(os.getpid, NO_LIMIT) != os.getpid()
    monkeypatch.setattr("byzverify.workers.background.can_fork", lambda: False)
    assert in_a_process(os.getpid, NO_LIMIT) == os.getpid()


def test_a_process_that_is_left_alone_ends_with_this_one() -> None:
    aside = Aside(lambda: time.sleep(600), NO_LIMIT)
    assert aside._process.daemon
    aside.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked for that")
def test_work_put_aside_ends_with_who_is_killed() -> None:
    reads, writes = os.pipe()

    def work() -> None:
        os.write(writes, f"{os.getpid()}\n".encode())
        time.sleep(600)

    began = os.fork()
    if began == 0:
        Aside(work, NO_LIMIT)
        time.sleep(600)
    os.close(writes)
    with os.fdopen(reads) as told:
        worker = Path("/proc", told.readline().strip(), "stat")
        assert worker.exists()
        os.kill(began, signal.SIGKILL)
        os.waitpid(began, 0)
        assert told.read() == ""  # comes to an end when nobody is left who could write


def test_where_no_process_can_be_started_the_work_counts_as_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses() -> int:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(os, "fork", refuses)
    with pytest.raises(Died, match="could not be started: Cannot allocate memory"):
        in_a_process(lambda: None, NO_LIMIT)


def test_what_is_aside_puts_nothing_aside_itself() -> None:
    assert in_a_process(can_fork, NO_LIMIT) is False
    assert in_a_process(lambda: in_a_process(os.getpid, NO_LIMIT) == os.getpid(), NO_LIMIT)


def test_several_children_work_at_once_and_their_results_come_in_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first child waits for what the second one writes."""
    monkeypatch.setattr("byzverify.workers.background.cores", lambda: 2)
    reading, writing = os.pipe()
    works = [lambda: os.read(reading, 1), lambda: os.write(writing, b"x"), lambda: "last"]
    assert list(all_forked(works)) == [b"x", 1, "last"]
    os.close(reading)
    os.close(writing)


def test_a_child_that_fails_ends_those_that_run_and_no_other_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.workers.background.cores", lambda: 2)
    children: list[Fork] = []

    def fails() -> None:
        raise UsageError("which")

    def begun(work: Callable[[], object]) -> Fork:
        children.append(Fork(work))
        return children[-1]

    monkeypatch.setattr("byzverify.workers.background.Fork", begun)
    with pytest.raises(UsageError, match="which"):
        list(all_forked([fails, lambda: time.sleep(600), lambda: None]))
    assert len(children) == 2
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child._child, os.WNOHANG)
