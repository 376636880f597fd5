"""Processes that are measured: they are ended when they take too much, and must say what is expected."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.benchmarks.measuring import Command, Cost, Limit, Verdict, WrongVerdict, measure, run

SAID = Verdict(0, "proved")
NO_LIMIT = Limit(600.0, 100_000.0)


def python(program: str) -> Command:
    return (sys.executable, "-c", program)


def test_what_takes_too_long_is_ended() -> None:
    cost = run(python("import time; print('proved', flush=True); time.sleep(600)"), SAID, Limit(0.3, 100_000.0))
    assert cost.stopped == "> 0.3 s"


def test_what_takes_too_much_memory_is_ended() -> None:
    hungry = "import time; held = b'x' * 300_000_000; time.sleep(600)"
    assert run(python(hungry), SAID, Limit(600.0, 150.0)).stopped == "> 0.15 GB"


def test_the_memory_of_what_it_starts_counts() -> None:
    hungry = "import time; held = b'x' * 300_000_000; time.sleep(600)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hungry!r}])"
    assert run(python(parent), SAID, Limit(600.0, 150.0)).stopped == "> 0.15 GB"


@pytest.mark.slow
@pytest.mark.parametrize("stopped", [True, False])
def test_what_it_has_started_ends_with_it(stopped: bool, tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open('pid', 'w').write(str(child.pid)); print('proved', flush=True)\n"
        + ("held = b'x' * 300_000_000; time.sleep(600)" if stopped else "")
    )
    cost = run(python(parent), SAID, Limit(600.0, 150.0), tmp_path)
    assert bool(cost.stopped) == stopped
    pid = int((tmp_path / "pid").read_text())
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(60)  # raises TimeoutExpired if it lives on


@pytest.mark.slow
def test_a_cost_is_of_the_process_that_ran() -> None:
    """Measured from a fresh process, as in the benchmark: Linux counts what the process held before it was replaced."""
    measured = (
        "from tests.benchmarks.test_measuring import NO_LIMIT, SAID, python, run\n"
        "for size in (1, 300_000_000):\n"
        "    cost = run(python(f\"held = b'x' * {size}; print('proved')\"), SAID, NO_LIMIT)\n"
        "    print(cost.megabytes, cost.said.strip(), cost.stopped)\n"
    )
    ended = subprocess.run(python(measured), capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    small, large = map(str.split, ended.stdout.splitlines())
    assert float(small[0]) < 150 < 300 < float(large[0]) < 450
    assert small[1:] == large[1:] == ["proved"]


@pytest.mark.parametrize(
    "program",
    ["print('refuted')", "print('proved'); raise SystemExit(1)", "raise SystemExit('proved')", "1/0"],
)
def test_an_answer_that_is_not_the_expected_one_is_an_error(program: str) -> None:
    with pytest.raises(WrongVerdict, match="expected"):
        run(python(program), SAID, NO_LIMIT)


def test_a_crash_is_no_attack() -> None:
    with pytest.raises(WrongVerdict, match="ZeroDivisionError"):
        run(python("1/0"), Verdict(1, "refuted"), NO_LIMIT)


def test_who_gives_up_is_not_wrong() -> None:
    assert run(python("raise SystemExit(3)"), SAID, NO_LIMIT).stopped == "gave up"


def test_short_runs_are_measured_three_times(tmp_path: Path) -> None:
    measure(python("open('runs', 'a').write('x'); print('proved')"), SAID, NO_LIMIT, tmp_path)
    assert (tmp_path / "runs").read_text() == "xxx"


def test_costs_add_up_in_time_and_not_in_memory() -> None:
    assert Cost(1.0, 30.0) + Cost(2.0, 20.0, "> 2 s") == Cost(3.0, 30.0, "> 2 s")
