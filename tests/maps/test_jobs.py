"""Cells in workers: whatever a cell does, it is that cell's affair alone."""

from pathlib import Path
from typing import Any

import pytest

from byzverify.maps.axes import landscape_of
from byzverify.maps.landscape import Known, Map
from byzverify.maps.mapping import mapped
from byzverify.maps.store import Store
from byzverify.workers import worker as worker_module


@pytest.mark.slow
def test_each_cell_has_its_own_end_and_the_others_are_decided(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "GRACE", 0.1)
    known: dict[Any, Known] = {}
    for does, seconds in {"spin,print": 1, "nothing,exit,hoard,print": None}.items():
        landscape = landscape_of(str(mine), n="4", t="0", settings=[f"does={does}"])
        known |= mapped(landscape, jobs=1, timeout=seconds, memory=400 << 20).known
    assert {place[0]: (cell.verdict, cell.reason, cell.claimed) for place, cell in known.items()} == {
        "nothing": ("proved", "", True),
        "spin": ("unknown", "the time limit passed", True),
        "hoard": ("unknown", "out of memory", True),
        "exit": ("unknown", "died: its process ended with exit code 7", True),
        "print": ("proved", "", True),
    }


@pytest.mark.slow
def test_as_many_cells_run_at_once_as_there_are_jobs(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the two waits until the other runs too: neither would end alone."""
    mine.write_text(
        mine.read_text().replace(
            "def general(self, me: General, order: Order) -> Program:",
            "def general(self, me: General, order: Order) -> Program:\n"
            "        here = Path(__file__).parent\n"
            '        if not (here / f"running-{self.more}").exists():\n'
            '            (here / f"running-{self.more}").touch()\n'
            '        while not (here / f"running-{1 - self.more}").exists():\n'
            "            pass",
        )
    )
    landscape = landscape_of(str(mine), n="4", t="0", settings=["more=0..1"])
    seen: list[int] = []

    def progress(found: Map, running: int) -> None:
        seen.append(running)

    known = mapped(landscape, jobs=2, timeout=60, progress=progress).known
    assert [cell.verdict for cell in known.values()] == ["proved", "proved"]
    assert max(seen, default=0) <= 2


@pytest.mark.slow
def test_what_an_unknown_cell_is_claimed_to_be_is_known_even_so(mine: Path) -> None:
    landscape = landscape_of(str(mine), n="4", t="0..1", settings=["does=exit"])
    claimed = {place: cell.claimed for place, cell in mapped(landscape, jobs=1).known.items()}
    assert claimed == {(0,): True, (1,): False}
    assert isinstance(mapped(landscape, jobs=1).known[0,], Known)


@pytest.mark.slow
def test_a_cell_whose_process_died_is_decided_again_and_one_that_took_too_long_is_not(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have killed it; who stopped at the limit would stop there again."""
    monkeypatch.setattr(worker_module, "GRACE", 0.1)
    with Store(tmp_path / "store.sqlite") as store:
        for does, seconds, recalled in (("nothing", None, 1), ("spin", 1, 1), ("exit", None, 0)):
            landscape = landscape_of(str(mine), n="4", t="0", settings=[f"does={does}"])
            twice = [mapped(landscape, jobs=1, timeout=seconds, store=store).recalled for _ in range(2)]
            assert twice == [0, recalled], does


@pytest.mark.slow
@pytest.mark.parametrize("model", ["enum_labels", "named_labels", "named_decision"])
def test_cells_of_models_with_classes_of_their_own_in_labels_and_decisions_are_decided(model: str) -> None:
    file = Path(__file__).parents[1] / "sabotage" / "correct" / f"{model}.py"
    known = mapped(landscape_of(str(file), n="3..5", t="0"), jobs=1).known
    assert [(cell.verdict, cell.reason) for cell in known.values()] == [("proved", "")] * 3
