"""The store: what is kept comes back, whoever else writes, and nothing else is taken for a store."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError
from byzverify.maps.landscape import Known
from byzverify.maps.store import APPLICATION, Store, default_path
from byzverify.workers.worker import Allowance

CELL = Configuration(model="om", n=4, m=1)
REFUTED = Known(verdict="refuted", breaks=("IC1",), claimed=False, seconds=0.5)
PROVED = Known(verdict="proved", claimed=True, seconds=0.5)
UNKNOWN = Known(verdict="unknown", reason="the time limit passed", claimed=True)
FREELY = Allowance()


def true(record: str) -> bool:
    """As if no file had changed."""
    return True


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


@pytest.mark.slow
@settings(max_examples=25)
@given(known=KNOWN)
def test_what_is_kept_comes_back_as_it_was(known: Known, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("store") / "maps.sqlite"
    with Store(path) as store:
        store.keep(CELL, "code", "record", FREELY, known)
        assert store.recall(CELL, "code", FREELY, true) == known
    with Store(path) as store:
        assert store.recall(CELL, "code", FREELY, true) == known


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
        store.keep(CELL, "code", "record", FREELY, PROVED)
        assert store.recall(other, "code", FREELY, true) is None


def test_other_code_makes_another_cell_and_another_place_of_the_same_model_does_not(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL, "code", "record", FREELY, PROVED)
        assert store.recall(CELL, "edited", FREELY, true) is None
        assert store.recall(CELL.model_copy(update={"model": "copy/of/om.py"}), "code", FREELY, true) == PROVED


def test_a_cell_is_recalled_only_with_a_record_that_is_true(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL, "code", "old", FREELY, PROVED)
        store.keep(CELL, "code", "new", FREELY, REFUTED)
        assert store.recall(CELL, "code", FREELY, lambda record: record == "old") == PROVED
        assert store.recall(CELL, "code", FREELY, lambda record: record == "new") == REFUTED
        assert store.recall(CELL, "code", FREELY, lambda record: False) is None


def test_a_verdict_is_recalled_rather_than_an_unknown_with_another_true_record(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        for record, known in (("a", UNKNOWN), ("b", PROVED), ("c", UNKNOWN)):
            store.keep(CELL, "code", record, FREELY, known)
        assert store.recall(CELL, "code", FREELY, true) == PROVED


def test_an_older_store_whose_cells_do_not_say_what_they_depend_on_is_emptied(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "maps.sqlite")) as older:
        older.execute(f"PRAGMA application_id = {APPLICATION}")
        older.execute("PRAGMA user_version = 1")
        older.execute("CREATE TABLE cell (key TEXT PRIMARY KEY, known BLOB) WITHOUT ROWID")
        older.commit()
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL, "code", "record", FREELY, PROVED)
        assert store.recall(CELL, "code", FREELY, true) == PROVED


def test_a_number_of_byzantine_faults_is_a_number_of_traitors(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep(CELL.model_copy(update={"t": 2}), "code", "record", FREELY, PROVED)
        same = CELL.model_copy(update={"faults": {"byzantine": 2, "crash": 0}})
        assert store.recall(same, "code", FREELY, true) == PROVED


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
        store.keep(CELL, "code", "record", Allowance(2, 100), UNKNOWN)
        assert store.recall(CELL, "code", now, true) == (UNKNOWN if recalled else None)


def test_a_verdict_replaces_an_unknown_and_an_unknown_no_verdict(tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        for known in (UNKNOWN, PROVED, UNKNOWN):
            store.keep(CELL, "code", "record", FREELY, known)
        assert store.recall(CELL, "code", FREELY, true) == PROVED


WRITER = """
import sys
from contextlib import closing
from pathlib import Path
from byzverify.catalogue.configurations import Configuration
from byzverify.maps.landscape import Known
from byzverify.maps.store import Store
from byzverify.workers.worker import Allowance
with Store(Path(sys.argv[1])) as store:
    for n in range(int(sys.argv[2]), int(sys.argv[3])):
        store.keep(Configuration(model="om", n=n), "code", "record", Allowance(), Known(verdict="proved", seconds=n))
"""


@pytest.mark.slow
def test_several_processes_make_and_fill_one_store_at_once(tmp_path: Path) -> None:
    path, each = tmp_path / "maps.sqlite", 150
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(first), str(first + each)])
        for first in (0, each, each)  # two of them write the same cells
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    with Store(path) as store:
        for n in range(2 * each):
            known = store.recall(Configuration(model="om", n=n), "code", FREELY, true)
            assert known == Known(verdict="proved", seconds=n)


def something_else(path: Path) -> None:
    path.write_text("not a database at all, but long enough to be looked at as one" * 100)


def another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE recipe (name TEXT)")


def another_version(path: Path) -> None:
    Store(path).__exit__(None, None, None)
    with closing(sqlite3.connect(path)) as store, store:
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
        store.keep(CELL, "code", "record", FREELY, PROVED)
        with sqlite3.connect(path) as damaging:
            damaging.execute("UPDATE cell SET known = 'nonsense'")
        with pytest.raises(UsageError, match="is damaged"):
            store.recall(CELL, "code", FREELY, true)


def test_a_store_is_made_with_its_folders_by_default_in_the_users_cache(cache: Path) -> None:
    assert default_path() == cache
    with Store(cache):
        assert cache.is_file()
