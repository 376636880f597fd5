"""Whatever ends byzverify or the guard: no process outlives it, and the exit code says what happened."""

import os
import random
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from byzverify.errors import OutOfTime
from byzverify.language.messages import General, Label
from byzverify.language.values import ATTACK, Order
from byzverify.limits import Limit
from byzverify.models.om import OM
from byzverify.nodes.guard import Guard
from byzverify.nodes.harness import encounter, meet
from byzverify.nodes.team import Team
from byzverify.simulation.rounds import Network
from byzverify.simulation.traitors import Silent, Strategy
from tests.nodes.faulty import CHILD, LOYAL, PLAYS, STUBBORN, command_of
from tests.nodes.marked import gone, survivors

BYZVERIFY = (sys.executable, "-P", "-m", "byzverify")

CANNOT_BE_STOPPED = f"""{PLAYS}{STUBBORN}{CHILD.format(", start_new_session=True")}
play(to=2)
while True:
    time.sleep(600)
"""
"""It ignores SIGTERM and the end of its input, and so does what it has started, which is not in its group."""


@contextmanager
def running(program: str, folder: Path, mark: str) -> Iterator[subprocess.Popen[str]]:
    """byzverify, while it plays with four such programs."""
    node = shlex.join(command_of(program, folder / "general.py", mark))
    command = [*BYZVERIFY, "simulate", "om", "-m", "1", "-G", "l,l,l,l", "--node", node]
    heeded = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored
    try:
        started = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGHUP, heeded)
    with started as process:
        yield process


def wait_for(count: int, mark: str) -> None:
    """Until there are so many processes."""
    while len(survivors(mark)) < count:
        time.sleep(0.005)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signals", "codes"),
    [
        ([signal.SIGKILL], {-signal.SIGKILL}),
        ([signal.SIGTERM], {130}),
        ([signal.SIGINT], {130}),
        ([signal.SIGINT, signal.SIGINT], {130, -signal.SIGINT}),  # the second may come when it has ended
        ([signal.SIGHUP], {-signal.SIGHUP}),
    ],
    ids=["killed", "terminated", "interrupted", "interrupted twice", "hung up"],
)
def test_no_program_outlives_byzverify(
    signals: list[signal.Signals], codes: set[int], tmp_path: Path, marked: str
) -> None:
    with running(CANNOT_BE_STOPPED, tmp_path, marked) as process:
        wait_for(8, marked)
        for one in signals:
            process.send_signal(one)
        out, err = process.communicate()
    assert gone(marked)
    assert process.returncode in codes
    assert out == ""
    assert "Traceback" not in err
    if process.returncode == 130:
        assert err.splitlines()[-1] == "byzverify: interrupted"


@pytest.mark.parametrize("times", [2, pytest.param(300, marks=pytest.mark.campaign)])
def test_no_program_outlives_byzverify_killed_at_any_moment(times: int, tmp_path: Path, marked: str) -> None:
    drawn = random.Random(times)
    for _ in range(times):
        with running(CANNOT_BE_STOPPED, tmp_path, marked) as process:
            wait_for(drawn.randrange(9), marked)
            time.sleep(drawn.random() * 0.01)
            process.kill()
            process.communicate()
        assert gone(marked)


def test_the_guard_ends_though_somebody_who_was_forked_holds_its_pipe() -> None:
    with Guard() as guard:
        guard.environment()
        forked = os.fork()
        if not forked:
            time.sleep(600)
            os._exit(0)
    os.kill(forked, signal.SIGKILL)
    os.waitpid(forked, 0)


@pytest.mark.slow
def test_a_conformance_test_that_is_interrupted_ends(tmp_path: Path, marked: str) -> None:
    node = shlex.join(command_of("import time\ntime.sleep(600)", tmp_path / "general.py", marked))
    command = [*BYZVERIFY, "node-check", node, "--deadline", "600"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(1, marked)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert err.splitlines()[-1] == "byzverify: interrupted"
    assert gone(marked)


def test_a_run_whose_guard_is_killed_comes_to_its_end(tmp_path: Path, marked: str) -> None:
    with Guard() as guard:
        guard.environment()
        assert guard._process is not None
        guard._process.kill()
        team = Team(command_of(LOYAL, tmp_path / "general.py", marked))
        network = Network(OM(n=4, m=1), (), {0: ATTACK}, Silent())
        met = anyio.run(encounter, network, team, guard)
    assert met.as_model


def test_a_time_limit_ends_a_run(tmp_path: Path, marked: str) -> None:
    team = Team(command_of(CANNOT_BE_STOPPED, tmp_path / "general.py", marked))
    with pytest.raises(OutOfTime, match="the time limit passed"):
        meet(OM(n=4, m=1), (), {0: ATTACK}, Silent(), team, limit=Limit.within(0.5))


class Broken(Strategy):
    def says(self, round: int, sender: General, receiver: General, honest: Mapping[Label, Order]) -> dict[Label, Order]:
        raise ZeroDivisionError("a mistake in a strategy")


def test_an_error_of_somebody_else_comes_out_as_it_is(tmp_path: Path, marked: str) -> None:
    team = Team(command_of(CANNOT_BE_STOPPED, tmp_path / "general.py", marked))
    with pytest.raises(ZeroDivisionError, match="a mistake in a strategy"):
        meet(OM(n=4, m=1), {3}, {0: ATTACK}, Broken(), team)


LIBRARY = """
import sys
from byzverify.models.om import OM
from byzverify.nodes.harness import meet
from byzverify.nodes.team import Team
from byzverify.simulation.traitors import Silent
meet(OM(n=4, m=1), (), {}, Silent(), Team(tuple(sys.argv[1:])))
"""


@pytest.mark.slow
def test_an_interrupt_of_a_program_that_uses_the_package_is_an_interrupt(tmp_path: Path, marked: str) -> None:
    node = command_of(CANNOT_BE_STOPPED, tmp_path / "general.py", marked)
    with subprocess.Popen([sys.executable, "-P", "-c", LIBRARY, *node], stderr=subprocess.PIPE, text=True) as process:
        wait_for(8 + 1, marked)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.read().splitlines()[-1] == "KeyboardInterrupt"
    assert gone(marked)


def run(program: str, folder: Path, mark: str) -> tuple[int, str, str]:
    with running(program, folder, mark) as process:
        out, err = process.communicate()
    return process.returncode, out, err


@pytest.mark.slow
def test_writing_to_a_program_that_reads_no_more_does_not_end_byzverify(tmp_path: Path, marked: str) -> None:
    deaf = f"{PLAYS}answer()\nos.close(0)\nfor asked in 2, 3: answer()\nasked = 4\nanswer(decision='ATTACK')"
    code, out, err = run(deaf, tmp_path, marked)
    assert (code, err) == (0, "")
    assert "IC1 holds" in out


@pytest.mark.slow
def test_a_program_has_the_memory_that_the_system_gives_it(tmp_path: Path, marked: str) -> None:
    limits = "import resource, sys\nsys.exit(str(resource.getrlimit(resource.RLIMIT_AS)))"
    _, _, err = run(limits, tmp_path, marked)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    assert err.endswith(f"ended with exit status 1; its log: {(hard, hard)}\n")


@pytest.mark.slow
def test_a_program_is_interrupted_by_byzverify_and_by_nobody_else(tmp_path: Path, marked: str) -> None:
    """A Ctrl-C at a terminal goes to the whole group; programs are not in it, and what they ignore stays as it was."""
    says = (
        "import os, signal, sys\n"
        "sys.exit(f'{os.getpid() == os.getpgid(0) == os.getsid(0)} {signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN}"
        " {signal.pthread_sigmask(signal.SIG_BLOCK, [])}')"
    )
    _, _, err = run(says, tmp_path, marked)
    assert err.endswith("its log: True True set()\n")  # Python itself ignores SIGPIPE, when it starts
