"""Saving a sketch: the file has expressions in place of holes, and what is said of it is said of that file."""

from pathlib import Path

import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.catalogue.filling import write_filled
from byzverify.errors import UsageError
from byzverify.language import Protocol
from byzverify.language.holes import holes_of

SKETCH = Path(__file__).with_name("sketches.py")

TEXT = '''# -*- coding: latin-1 -*-
"""Über-Crusade."""
from byzverify.language import ATTACK, COMMANDER, RETREAT, Protocol, broadcast, count, ite


class Other(Protocol):
    def general(self, me, order):
        yield None
        return ite(self.hole("enough", [1]) == 1, RETREAT, RETREAT)


class Shouts(Protocol):
    """Asks for `self.hole("enough", ...)` in several ways: ä, ö and ü."""

    m: int = 1

    def general(self, me, order):
        ü = self
        inbox = yield broadcast(order) if me == COMMANDER else None
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        reports = [inbox[j] for j in self.generals]; é = "é"; few = -ü.hole("few", [2, 3]) * 2
        return ite(count(reports, ATTACK) >= self.hole(  # as many
            "enough",
            range(self.n),
        ), ATTACK, RETREAT)
'''


def at(path: Path, n: int, m: int) -> Protocol:
    return byzverify.protocol(f"{path}:Crusade", n=n, m=m)


def test_calls_give_way_to_expressions_and_nothing_else_changes(tmp_path: Path) -> None:
    sketch, saved = tmp_path / "sketch.py", tmp_path / "saved.py"
    sketch.write_bytes(TEXT.encode("latin-1"))
    written = {"enough": lambda owner: f"({owner}.n - {owner}.m)", "few": lambda owner: "(-3)"}
    kind = write_filled(library.find(f"{sketch}:Shouts"), written, saved)
    text = saved.read_bytes().decode("latin-1")
    assert holes_of(kind) == []
    assert "few = -(-3) * 2\n" in text
    assert ">= (self.n - self.m), ATTACK, RETREAT)\n" in text
    assert 'in several ways: ä, ö and ü."""' in text
    assert holes_of(library.find(f"{saved}:Other")) == ["enough"]


def test_a_hole_of_another_file_is_not_filled(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(SKETCH.read_text())
    sketch = tmp_path / "sketch.py"
    sketch.write_text("from base import Crusade\n\n\nclass Mine(Crusade):\n    pass\n")
    with pytest.raises(UsageError, match=r"enough is asked for outside of .*sketch.py"):
        write_filled(library.find(f"{sketch}:Mine"), {"enough": lambda owner: "1"}, tmp_path / "saved.py")


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    path = tmp_path / "sketch.py"
    path.write_text(SKETCH.read_text())
    return path


def test_at_one_size_the_value_is_written_and_checked_again(sketch: Path, tmp_path: Path) -> None:
    path = tmp_path / "saved.py"
    saved = byzverify.complete(at(sketch, 4, 1), save=path).saved
    assert saved is not None
    assert (saved.rechecked, saved.everywhere, saved.reason) == (True, None, None)
    assert ">= 2, candidate, decision)" in path.read_text()
    assert isinstance(byzverify.check(at(path, 4, 1)), byzverify.Proved)


@pytest.mark.slow
def test_of_several_sizes_the_first_sum_is_saved_that_is_proved_everywhere(sketch: Path, tmp_path: Path) -> None:
    path = tmp_path / "saved.py"
    sizes = [(4, 1), (5, 1), (7, 2)]
    found = byzverify.complete([at(sketch, n, m) for n, m in sizes], save=path)
    saved = found.saved
    assert saved is not None
    assert [str(fit["enough"]) for fit in found.fits] == ["2 * m", "n - m - 1"]
    assert [str(fit["enough"]) for fit, _ in saved.refuted] == ["2 * m"]
    assert str(saved.fit["enough"]) == "n - m - 1"
    assert saved.rechecked
    assert saved.everywhere is not None
    assert saved.everywhere.verdict == byzverify.prove(library.find(f"{path}:Crusade")).verdict == "proved"


def test_a_sketch_without_a_claim_is_saved_and_not_proved_everywhere(sketch: Path, tmp_path: Path) -> None:
    sketch.write_text(sketch.read_text().replace("return t <= self.m and self.n > 3 * self.m", "return False"))
    path = tmp_path / "saved.py"
    saved = byzverify.complete([at(sketch, 4, 1), at(sketch, 5, 1)], save=path).saved
    assert saved is not None
    assert saved.everywhere is None
    assert saved.reason is not None
    assert "claims nothing" in saved.reason
    assert saved.rechecked


def test_nothing_is_written_where_nothing_fits(sketch: Path, tmp_path: Path) -> None:
    path = tmp_path / "saved.py"
    assert byzverify.complete(at(sketch, 3, 1), save=path).saved is None
    assert not path.exists()


def test_a_sketch_is_not_overwritten_and_other_places_are_refused_first(sketch: Path, tmp_path: Path) -> None:
    for path, complaint in (
        (sketch, "is the sketch itself"),
        (tmp_path / "saved.txt", r"ends in \.py"),
        (tmp_path / "none" / "saved.py", "folder that exists"),
    ):
        with pytest.raises(UsageError, match=complaint):
            byzverify.complete(at(sketch, 4, 1), save=path)


def test_what_was_found_is_not_lost_if_saving_fails(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(SKETCH.read_text())
    sketch = tmp_path / "sketch.py"
    sketch.write_text("from base import Crusade as Base\n\n\nclass Crusade(Base):\n    pass\n")
    found = byzverify.complete(at(sketch, 4, 1), save=tmp_path / "saved.py")
    assert found.sizes[0].proved == ((2,),)
    assert found.saved is not None
    assert not found.saved.rechecked
    assert found.saved.reason is not None
    assert "is asked for outside of" in found.saved.reason
