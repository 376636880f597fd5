"""Interpreters that wait for a model: one is started early, and none is left over."""

import os
import subprocess
import sys

import pytest

from byzverify.crosscheck import interpreters
from byzverify.crosscheck.interpreters import Interpreter, start_early, started

GUARDS = "byzverify.crosscheck.guarding"

PROGRAM = """
import sys

def notice(event, arguments):
    if event == "subprocess.Popen":
        sys.stderr.write(f"started {'late' if 'byzverify.engines' in sys.modules else 'early'}\\n")

sys.addaudithook(notice)
sys.argv = ["byzverify", "check", "om", "-n", "4", "-m", "1"]
from byzverify.cli import main
main()
"""


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[Interpreter]:
    """The interpreters that have been closed, in a process that has not imported the guards."""
    ended: list[Interpreter] = []
    close = Interpreter.close

    def noted(interpreter: Interpreter) -> None:
        ended.append(interpreter)
        close(interpreter)

    monkeypatch.setattr(Interpreter, "close", noted)
    monkeypatch.delitem(sys.modules, GUARDS, raising=False)
    return ended


def test_the_interpreter_that_was_started_early_is_the_first_servers_and_stays(closed: list[Interpreter]) -> None:
    with start_early():
        (early,) = interpreters._early
        other = started(1)
        first = started(0)
        again = started(0)
    assert first is early
    assert early not in (other, again)
    assert closed == []
    for one in (other, first, again):
        one.close()


def test_an_interpreter_that_nothing_has_used_ends_with_the_block(closed: list[Interpreter]) -> None:
    with start_early():
        (early,) = interpreters._early
    assert closed == [early]
    assert interpreters._early == []


def test_a_child_does_not_use_its_parents_interpreter(
    closed: list[Interpreter], monkeypatch: pytest.MonkeyPatch
) -> None:
    with start_early():
        (early,) = interpreters._early
        with monkeypatch.context() as child:
            child.setattr(os, "getpid", lambda: -1)
            own = started(0)
    assert own is not early
    own.close()
    early.close()


def test_a_process_that_has_imported_the_guards_starts_none_early(
    closed: list[Interpreter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, GUARDS, sys)
    with start_early():
        assert interpreters._early == []


@pytest.mark.slow
def test_a_check_starts_one_interpreter_before_it_imports_an_engine() -> None:
    ended = subprocess.run([sys.executable, "-P", "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ended.stderr == "started early\n"
