"""Tests import `tests.…` and `examples.…` with no folder on the path: there `byzverify` would be the folder."""

import signal
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

for name in ("tests", "examples"):
    package = sys.modules.setdefault(name, ModuleType(name))
    package.__path__ = [str(Path(__file__).parents[1] / name)]

from byzverify.crosscheck.examining import BRIEF  # noqa: E402
from byzverify.questions.pipeline import check  # noqa: E402
from tests.support.other_tools import left_out  # noqa: E402

TESTS = Path(__file__).parent

THOROUGH = {"crosscheck", "docs", "sabotage"}
"""The folders whose tests compare each proof in as many simulated runs as a user does."""

settings.register_profile("anywhere", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anywhere")  # how long an example may take would depend on the machine


@pytest.fixture(autouse=True)
def _compared_briefly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare proofs in few simulated runs, where that is not what is tested."""
    folder = request.path.relative_to(TESTS).parts[0] if request.path.is_relative_to(TESTS) else ""
    if folder not in THOROUGH and request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(check, "__kwdefaults__", {**(check.__kwdefaults__ or {}), "effort": BRIEF})


def pytest_cmdline_main(config: pytest.Config) -> None:
    """Let the tests of a file run in one process: they share what takes long to make, such as a browser."""
    if getattr(config.option, "numprocesses", None):
        config.option.dist = "loadfile"


def pytest_configure(config: pytest.Config) -> None:
    """Heed Ctrl-C, also where the run was started in the background by a shell, which lets it be ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was not run, and how to have it run."""
    reasons = [skipped.longrepr[2] for skipped in terminalreporter.stats.get("skipped", ())]
    line = left_out(reasons, terminalreporter.config.getoption("markexpr") == "not slow")
    if line is not None:
        terminalreporter.write_line(line)
