"""Running a command line in the process of the tests."""

import shlex
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from byzverify import cli


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[[str], Ended]


@pytest.fixture
def byzverify(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command line in this process."""

    def call(line: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["byzverify", *shlex.split(line)])
        monkeypatch.setattr("byzverify.cli.heed_signals", lambda: None)
        monkeypatch.setattr("byzverify.commands.terminal.monotonic", lambda: 0.0)  # no progress, however long it takes
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return call
