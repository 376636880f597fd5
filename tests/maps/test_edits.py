"""Edits between maps and in the middle of one: whatever lives long, every cell is decided by the code of its record."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from byzverify.catalogue import library
from byzverify.maps.axes import landscape_of
from byzverify.maps.landscape import Map
from byzverify.maps.mapping import mapped_by
from byzverify.maps.store import Store
from byzverify.workers.crew import Crew, local_crew
from byzverify.workers.worker import Allowance

MODEL = """
import {imported}
from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast

class Mine(Protocol):
    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        {lazily}
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        return order if me == COMMANDER else {decided}
"""

RIGHT = "def chosen(told):\n    return told\n"
WRONG = "from byzverify.language import ATTACK\n\ndef chosen(told):\n    return ATTACK\n"


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    """One worker, for all maps here."""
    with local_crew(1, Allowance()) as crew:
        yield crew


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "maps.sqlite") as store:
        yield store


def made(model: Path, crew: Crew, store: Store) -> tuple[str, int]:
    """What becomes of the only cell, and how many were recalled."""
    found: Map = mapped_by(crew, landscape_of(str(model), n="4", t="0"), store)
    return found.known[()].verdict, found.recalled


EAGERLY = MODEL.format(imported="helper", lazily="pass", decided="helper.chosen(told)")
LAZILY = MODEL.format(imported="sys", lazily="import helper", decided="helper.chosen(told)")
BY_NAME = MODEL.format(
    imported="importlib", lazily="helper = importlib.import_module('helper')", decided="helper.chosen(told)"
)
EXECUTED = MODEL.format(
    imported="pathlib",
    lazily="space = {}; exec(pathlib.Path(__file__).with_name('helper.py').read_text(), space)",
    decided="space['chosen'](told)",
)


@pytest.mark.slow
@pytest.mark.parametrize("text", [EAGERLY, LAZILY, BY_NAME, EXECUTED])
def test_an_edited_helper_is_used_at_once_and_the_cell_of_the_former_is_kept(
    text: str, tmp_path: Path, crew: Crew, store: Store
) -> None:
    model, helper = tmp_path / "mine.py", tmp_path / "helper.py"
    model.write_text(text)
    helper.write_text(RIGHT)
    assert made(model, crew, store) == ("proved", 0)
    assert made(model, crew, store) == ("proved", 1)
    helper.write_text(WRONG)
    assert made(model, crew, store) == ("refuted", 0)
    assert made(model, crew, store) == ("refuted", 1)
    helper.write_text(RIGHT)
    assert made(model, crew, store) == ("proved", 1)


OPTIONAL = """
import os
from pathlib import Path
from byzverify.language import CONSENSUS, RETREAT, Condition, Problem, Protocol, broadcast, majority

def is_bold():
    try:
        return Path(__file__).with_suffix(".cfg").read_text() == "bold"
    except FileNotFoundError:
        return False

BOLD = os.environ.get("BOLD") == "yes"

def holds(outcome, witnesses):
    return CONSENSUS.conditions[0].holds(outcome, witnesses) if not BOLD else outcome.decisions[witnesses[0]] == RETREAT

class Mine(Protocol):
    problem = Problem("agreement", (Condition("Same", "all decide the same", holds, witnesses=2),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return order if is_bold() else majority([inbox.get(j, default=RETREAT) for j in self.generals])
"""


@pytest.mark.slow
def test_a_file_that_was_not_there_and_is_there_now_counts(tmp_path: Path, crew: Crew, store: Store) -> None:
    model = tmp_path / "mine.py"
    model.write_text(OPTIONAL)
    assert made(model, crew, store) == ("proved", 0)
    assert made(model, crew, store) == ("proved", 1)
    model.with_suffix(".cfg").write_text("bold")
    assert made(model, crew, store) == ("refuted", 0)
    model.with_suffix(".cfg").unlink()
    assert made(model, crew, store) == ("proved", 1)


@pytest.mark.slow
def test_the_environment_counts_where_a_condition_refers_to_what_came_of_it(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "mine.py"
    model.write_text(OPTIONAL)
    for bold, verdict in (("no", "proved"), ("yes", "refuted")):
        monkeypatch.setenv("BOLD", bold)
        library.find(str(model), anew=True)
        with local_crew(1, Allowance()) as anew:
            assert made(model, anew, store) == (verdict, 0)


def test_helpers_that_have_been_swapped_are_not_the_same(tmp_path: Path, crew: Crew, store: Store) -> None:
    model, one, other = (tmp_path / f"{name}.py" for name in ("mine", "helper", "other"))
    model.write_text(EAGERLY.replace("import helper", "import helper, other"))
    one.write_text(RIGHT)
    other.write_text(WRONG)
    assert made(model, crew, store) == ("proved", 0)
    one.write_text(WRONG)
    other.write_text(RIGHT)
    assert made(model, crew, store) == ("refuted", 0)


def test_models_in_two_folders_with_helpers_of_one_name_are_decided_by_one_worker(
    tmp_path: Path, crew: Crew, store: Store
) -> None:
    for folder, helper in (("a", RIGHT), ("b", WRONG)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.py").write_text(EAGERLY)
        (tmp_path / folder / "helper.py").write_text(helper)
    models = [tmp_path / folder / "mine.py" for folder in "aba"]
    assert [made(model, crew, store) for model in models] == [("proved", 0), ("refuted", 0), ("proved", 1)]
