"""`byzverify map`: what it prints, where it keeps it, and how it ends."""

import os
import shlex
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from byzverify.commands.terminal import map_progress_shown
from byzverify.maps.axes import landscape_of
from byzverify.maps.landscape import Known, Map
from byzverify.rendering.map.map_file import read_map
from byzverify.signals import broken_pipes_raised
from tests.maps.conftest import Call

COMMAND = [sys.executable, "-P", "-m", "byzverify"]


@pytest.mark.slow
def test_the_map_is_drawn_and_the_second_run_recalls_them_from_the_cache(byzverify: Call, cache: Path) -> None:
    first = byzverify("map om -n 3..4 -m 1 --jobs 1")
    assert first.code == 0
    assert "1 proved, 1 refuted" in first.out
    assert "recalled" not in first.out
    assert cache.is_file()
    assert "2 cells recalled" in byzverify("map om -n 3..4 -m 1 --jobs 1").out


@pytest.mark.slow
def test_a_store_elsewhere_is_used_and_none_if_none_is_wanted(byzverify: Call, cache: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert "recalled" not in byzverify("map om -n 4 -m 1 --no-store").out
    elsewhere = tmp_path / "new" / "mine.sqlite"
    byzverify(f"map om -n 4 -m 1 --store {elsewhere}")
    assert "1 cell recalled" in byzverify(f"map om -n 4 -m 1 --store {elsewhere}").out
    assert not cache.exists()


@pytest.mark.slow
def test_attacks_are_saved_under_names_that_say_the_cell_and_replay(byzverify: Call, tmp_path: Path) -> None:
    ended = byzverify(f"map om -n 5..7 -m 2 --jobs 1 --save-attacks {tmp_path}/attacks")
    assert "saved 2 attacks to" in ended.err
    assert sorted(path.name for path in (tmp_path / "attacks").iterdir()) == ["om-n5-m2.json", "om-n6-m2.json"]
    assert byzverify(f"replay {tmp_path}/attacks/om-n6-m2.json").code == 1


@pytest.mark.slow
def test_the_map_is_written_to_each_file_as_its_ending_says(byzverify: Call, tmp_path: Path) -> None:
    ended = byzverify(f"map om -n 3..4 -m 1 --jobs 1 -o {tmp_path}/om.json -o {tmp_path}/om.svg")
    assert ended.code == 0
    written = read_map(tmp_path / "om.json")
    assert {place: known.verdict for place, known in written.known.items()} == {(3,): "refuted", (4,): "proved"}
    assert "<svg" in (tmp_path / "om.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_refuted_claim_exits_with_1_and_an_unknown_with_3(byzverify: Call, mine: Path) -> None:
    mine.write_text(mine.read_text().replace("return t == 0", "return True"))
    assert byzverify(f"map {mine} -n 4 -t 0..1 --jobs 1").code == 1
    unknown = byzverify(f"map {mine} -n 4 -t 0 --set does=nothing,exit --jobs 1")
    assert unknown.code == 3
    assert "unknown: died: its process ended with exit code 7" in unknown.out


@pytest.mark.slow
def test_what_a_model_prints_does_not_spoil_the_map(mine: Path, tmp_path: Path) -> None:
    asked = [*COMMAND, "map", str(mine), *shlex.split("-n 4 -t 0 --set does=print --no-store")]
    ended = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert "what a model prints" in ended.stderr
    assert "what a model prints" not in ended.stdout


def shown_on(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Show on the console a map of four cells, of which one was recalled and one has been decided."""
    monkeypatch.setattr("byzverify.commands.terminal.terminal", lambda stderr: console)
    proved = Known(verdict="proved", claimed=True)
    found = Map(landscape_of("om", n="4..7", m="1"), {(4,): proved, (5,): proved}, recalled=1)
    with map_progress_shown(4) as progress:
        progress(found, 2)


def test_on_a_terminal_a_bar_shows_cells_done_running_and_recalled(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = StringIO()
    shown_on(Console(file=screen, force_terminal=True, width=100), monkeypatch)
    assert "2/4" in screen.getvalue()
    assert "2 running" in screen.getvalue()
    assert "a second, 1 recalled" in screen.getvalue()


def test_elsewhere_plain_lines_do_one_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter(range(0, 100, 2))
    monkeypatch.setattr("byzverify.commands.terminal.monotonic", lambda: next(clock))
    shown_on(Console(file=StringIO(), width=100), monkeypatch)
    written = capsys.readouterr().err
    assert written.startswith("2/4 cells, 2 running, ")
    assert written.endswith("a second, 1 recalled\n")


REFUSED = [
    ("-n 4 -m 1 --store a.sqlite --no-store", "either --store or --no-store"),
    ("-n 4 -m 1 --memory much", "--memory takes a number of bytes"),
    ("-n 4 -m 1 --memory 3M", "at least 256M"),
    ("-n 4 -m 1 --timeout 1e99", "a time limit is a number of seconds"),
    ("-n 4 -m 1 --jobs 0", "--jobs"),
    ("-n 4 -m 1 --store /dev/null/none.sqlite", "the store /dev/null/none.sqlite cannot be used"),
    ("-n 4 -m 1 --store /dev/null/none.sqlite", "or keep nothing with --no-store"),
    ("-n 4 -m 1 --save-attacks /dev/null", "cannot save to /dev/null: it is no folder"),
    ("-n 4 -m 1 -o map.doc", "a map is written as .svg"),
    ("-n 4..3 -m 1", "from the smaller to the larger"),
]


@pytest.mark.parametrize(("options", "line"), REFUSED)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(byzverify: Call, options: str, line: str) -> None:
    refused = byzverify(f"map om {options}")
    assert (refused.code, refused.out) == (2, "")
    assert line in refused.err
    assert refused.err.count("\n") == 1


@pytest.mark.slow
def test_a_mistake_in_a_model_is_one_line_that_names_the_cell(byzverify: Call, mine: Path) -> None:
    refused = byzverify(f"map {mine} -n 4 -t 0 --set does=fail")
    assert (refused.code, refused.out) == (2, "")
    assert "-n 4 -t 0 --set does=fail: " in refused.err
    assert "a mistake of the author's" in refused.err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be sent Ctrl-C alone")
def test_ctrl_c_prints_what_is_known_and_exits_with_130(mine: Path, tmp_path: Path) -> None:
    asked = [*COMMAND, "map", str(mine), *shlex.split("-n 4 -t 0 --set does=nothing,spin --jobs 1 --store")]
    running = subprocess.Popen([*asked, str(tmp_path / "maps.sqlite")], stdout=subprocess.PIPE, text=True)
    notes = mine.with_suffix(".notes")
    while not (notes.exists() and "does=spin" in notes.read_text()):
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate()
    assert running.returncode == 130
    assert "2 cells: 1 proved, 1 not decided yet" in out
    assert "stopped: interrupted" in out


def test_writing_to_who_reads_no_more_is_an_error_where_workers_are_written_to() -> None:
    """The command line lets the process end there, so that `byzverify ... | head` is quiet."""
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    reads, writes = os.pipe()
    os.close(reads)
    try:
        with broken_pipes_raised(), pytest.raises(BrokenPipeError):
            os.write(writes, b"anything")
        assert signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGPIPE, before)
        os.close(writes)
