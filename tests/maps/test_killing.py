"""Runs that are killed at any moment: the store stays whole, nobody is left behind, and the map comes out the same."""

import os
import random
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from byzverify.maps.axes import landscape_of
from byzverify.maps.landscape import Known, Place
from byzverify.maps.mapping import mapped
from byzverify.maps.store import Store
from byzverify.nodes.guard import marked
from tests.maps.comparing import settled

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="who is left cannot be found here")

LANDSCAPE = landscape_of("om", n="3..7", m="0..2", t="0..2")
OPTIONS = "map om -n 3..7 -m 0..2 -t 0..2 --jobs 2 --store"
COMMAND = [sys.executable, "-P", "-m", "byzverify", *shlex.split(OPTIONS)]
PATIENCE = 60


@pytest.fixture(scope="module")
def undisturbed() -> dict[Place, Known]:
    return settled(mapped(LANDSCAPE).known)


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A variable that every process has which the test starts, and those that it starts."""
    name = f"BYZVERIFY_KILLED_{os.getpid()}"
    monkeypatch.setenv(name, "1")
    yield name
    monkeypatch.delenv(name)
    assert nobody_is_left(name)


def nobody_is_left(mark: str) -> bool:
    until = time.monotonic() + PATIENCE
    while marked(mark) and time.monotonic() < until:
        time.sleep(0.01)
    return not marked(mark)


def cells_in(path: Path) -> int:
    """How many cells are in a store that others may be making."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
            return int(store.execute("SELECT count(*) FROM cell WHERE json_extract(question, '$.n') > 0").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def whole(path: Path) -> bool:
    if not path.exists():
        return True
    with sqlite3.connect(path) as store:
        return bool(store.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def killed(path: Path, chance: random.Random) -> bool:
    """Run until some cells more are in the store, and a moment longer; whether it was killed before it had ended."""
    enough = cells_in(path) + chance.randrange(LANDSCAPE.size // 3)
    running = subprocess.Popen([*COMMAND, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None and cells_in(path) < enough:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.2)
    running.kill()
    code = running.wait()
    assert code in (0, -signal.SIGKILL)
    return code != 0


def disturb(kills: int, folder: Path, mark: str, undisturbed: dict[Place, Known]) -> None:
    """Make the map again and again, until its runs have been killed so often; hold each complete one against it."""
    chance = random.Random(kills)
    done = maps = resumed = 0
    while done < kills:
        path = folder / f"{maps}.sqlite"
        while done < kills and killed(path, chance):
            done += 1
            assert nobody_is_left(mark)
            assert whole(path)
            resumed += 0 < cells_in(path) < LANDSCAPE.size
        with Store(path) as store:
            before = cells_in(path)
            found = mapped(LANDSCAPE, store=store)
        assert found.recalled == before
        assert settled(found.known) == undisturbed
        maps += 1
    assert resumed > 0


@pytest.mark.slow
def test_runs_that_are_killed_lose_only_what_was_running(
    tmp_path: Path, mark: str, undisturbed: dict[Place, Known]
) -> None:
    disturb(2, tmp_path, mark, undisturbed)


@pytest.mark.campaign
def test_runs_that_are_killed_a_hundred_times_lose_only_what_was_running(
    tmp_path: Path, mark: str, undisturbed: dict[Place, Known]
) -> None:
    disturb(100, tmp_path, mark, undisturbed)


@pytest.mark.slow
def test_two_runs_share_a_store(tmp_path: Path, mark: str, undisturbed: dict[Place, Known]) -> None:
    path = tmp_path / "maps.sqlite"
    runs = [subprocess.Popen([*COMMAND, str(path)], stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [run.wait() for run in runs] == [0, 0]
    with Store(path) as store:
        found = mapped(LANDSCAPE, store=store)
    assert found.recalled == LANDSCAPE.size
    assert settled(found.known) == undisturbed


@pytest.mark.slow
def test_a_worker_in_an_endless_cell_ends_with_the_run_that_is_killed(mine: Path, mark: str) -> None:
    asked = [*COMMAND[:4], "map", str(mine), *shlex.split("-n 4 -t 0 --set does=spin --no-store")]
    running = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    notes = mine.with_suffix(".notes")
    while not (notes.exists() and notes.read_text()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(marked(mark)) == 2
    running.kill()
    running.wait()
    assert nobody_is_left(mark)
