"""The store: what is kept comes back, whoever else writes, and nothing else is taken for a store."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byzverify.catalogue import Configuration
from byzverify.crews.worker import Allowance
from byzverify.errors import UsageError
from byzverify.maps.landscape import Known
from byzverify.maps.store import Store, default_path

CELL = Configuration(model="om", n=4, m=1)
PROVED = Known(verdict="proved", claimed=True, seconds=0.5)
UNKNOWN = Known(verdict="unknown", reason="the time limit passed", claimed=True)
FREELY = Allowance()

TEXTS = st.text(max_size=20)
KNOWN = st.builds(
    Known,
    verdict=st.sampled_from(["proved", "refuted", "inapplicable"]),
    breaks=st.lists(TEXTS, max_size=3).map(tuple),
    reason=TEXTS,
    claimed=st.none() | st.booleans(),
    seconds=st.floats(0, 1e6),
    attack=st.none() | TEXTS,
)


@settings(max_examples=25)
@given(known=KNOWN)
def test_what_is_kept_comes_back_as_it_was(known: Known, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("store") / "maps.sqlite"
    with Store(path) as store:
        store.keep(CELL, "sources", FREELY, known)
        assert store.recall(CELL, "sources", FREELY) == known
    with Store(path) as store:
        assert store.recall(CELL, "sources", FREELY) == known


OTHERS = [
    CELL.model_copy(update=change)
    for change in (
        {"n": 5},
        {"m": 2},
        {"t": 2},
        {"values": 3},
        {"graph": "cycle:4"},
        {"set": {"p": 1}},
        {"faults": {"manifest": 1}},
    )
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda cell: cell.command())
def test_another_configuration_is_another_cell(other: Configuration, tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL, "sources", FREELY, PROVED)
        assert store.recall(other, "sources", FREELY) is None


def test_other_sources_make_another_cell_and_another_place_of_the_same_model_does_not(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL, "sources", FREELY, PROVED)
        assert store.recall(CELL, "edited", FREELY) is None
        assert store.recall(CELL.model_copy(update={"model": "copy/of/om.py"}), "sources", FREELY) == PROVED


def test_a_number_of_byzantine_faults_is_a_number_of_traitors(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL.model_copy(update={"t": 2}), "sources", FREELY, PROVED)
        same = CELL.model_copy(update={"faults": {"byzantine": 2, "crash": 0}})
        assert store.recall(same, "sources", FREELY) == PROVED


ALLOWED = [
    (Allowance(2, 100), True),
    (Allowance(1, 50), True),
    (Allowance(3, 100), False),
    (Allowance(2, 101), False),
    (Allowance(None, 100), False),
    (Allowance(2, None), False),
]


@pytest.mark.parametrize(("now", "recalled"), ALLOWED)
def test_an_unknown_is_recalled_while_no_more_is_allowed(now: Allowance, recalled: bool, tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL, "sources", Allowance(2, 100), UNKNOWN)
        assert store.recall(CELL, "sources", now) == (UNKNOWN if recalled else None)


def test_a_verdict_replaces_an_unknown_and_an_unknown_no_verdict(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        for known in (UNKNOWN, PROVED, UNKNOWN):
            store.keep(CELL, "sources", FREELY, known)
        assert store.recall(CELL, "sources", FREELY) == PROVED


WRITER = """
import sys
from pathlib import Path
from byzverify.catalogue import Configuration
from byzverify.maps.landscape import Known
from byzverify.maps.store import Store
from byzverify.crews.worker import Allowance
with Store(Path(sys.argv[1])) as store:
    for n in range(int(sys.argv[2]), int(sys.argv[3])):
        store.keep(Configuration(model="om", n=n), "sources", Allowance(), Known(verdict="proved", seconds=n))
"""


def test_several_processes_make_and_fill_one_store_at_once(tmp_path: Path) -> None:
    path, each = tmp_path / "maps.sqlite", 150
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(first), str(first + each)])
        for first in (0, each, each)  # two of them write the same cells
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    with Store(path) as store:
        for n in range(2 * each):
            known = store.recall(Configuration(model="om", n=n), "sources", FREELY)
            assert known == Known(verdict="proved", seconds=n)


def something_else(path: Path) -> None:
    path.write_text("not a database at all, but long enough to be looked at as one" * 100)


def another_database(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")


def another_version(path: Path) -> None:
    Store(path).__exit__(None, None, None)
    with sqlite3.connect(path) as store:
        store.execute("PRAGMA user_version = 99")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_damaged_one(path: Path) -> None:
    Store(path).__exit__(None, None, None)
    with path.open("r+b") as file:
        file.seek(100)  # where, after the header, the table of tables begins
        file.write(b"\xff" * 2000)


REFUSED = [
    (a_damaged_one, "is damaged: move it away"),
    (something_else, "file is not a database"),
    (another_database, "is a database of something else"),
    (another_version, "is a store of version 99"),
    (a_folder, "unable to open database file"),
]


@pytest.mark.parametrize(("make", "line"), REFUSED)
def test_what_is_no_store_is_refused_and_left_as_it_is(make: object, line: str, tmp_path: Path) -> None:
    path = tmp_path / "maps.sqlite"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UsageError) as refused:
        Store(path)
    assert line in str(refused.value)
    assert str(path) in str(refused.value)
    assert before == (path.read_bytes() if path.is_file() else None)


def test_a_store_whose_cells_are_damaged_says_so(tmp_path: Path) -> None:
    path = tmp_path / "maps.sqlite"
    with Store(path) as store:
        store.keep(CELL, "sources", FREELY, PROVED)
        with sqlite3.connect(path) as damaging:
            damaging.execute("UPDATE cell SET known = 'nonsense'")
        with pytest.raises(UsageError, match="is damaged"):
            store.recall(CELL, "sources", FREELY)


def test_a_store_is_made_with_its_folders_by_default_in_the_users_cache(cache: Path) -> None:
    assert default_path() == cache
    with Store(cache):
        assert cache.is_file()
