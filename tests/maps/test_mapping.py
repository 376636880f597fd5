"""Maps: every cell is decided once, kept, and recalled; and those of OM are held against the paper."""

from itertools import product
from pathlib import Path

import pytest

from byzverify.attacks.loading import load
from byzverify.catalogue.configurations import Configuration
from byzverify.errors import Interrupted, ProtocolError, UsageError
from byzverify.limits import Limit
from byzverify.maps import attack_files
from byzverify.maps.axes import landscape_of
from byzverify.maps.landscape import Known, Landscape, Map
from byzverify.maps.mapping import mapped, mapped_by
from byzverify.maps.store import Store
from byzverify.workers.crew import local_crew
from byzverify.workers.worker import Allowance


@pytest.fixture(scope="module")
def om() -> Map:
    """OM for three to seven generals, up to two levels and two traitors."""
    return mapped(landscape_of("om", n="3..7", m="0..2", t="0..2"))


CELLS = list(product(range(3, 8), range(3), range(3)))


def word(om: Map, cell: tuple[int, int, int], condition: str) -> str:
    """What is known of one condition in a cell that applies."""
    known = om.known[cell]
    assert known.verdict in ("proved", "refuted")
    return "refuted" if condition in known.breaks else "proved"


@pytest.mark.slow
def test_every_cell_of_om_is_there_and_none_is_unknown(om: Map) -> None:
    assert set(om.known) == set(CELLS)
    assert "unknown" not in {known.verdict for known in om.known.values()}
    assert om.exit_code == 0


@pytest.mark.parametrize(("n", "m", "t"), CELLS)
def test_om_is_defined_where_each_level_leaves_a_lieutenant_to_relay_to(om: Map, n: int, m: int, t: int) -> None:
    assert (om.known[n, m, t].verdict == "inapplicable") == (m > n - 2)


APPLICABLE = [(n, m, t) for n, m, t in CELLS if m <= n - 2]


@pytest.mark.parametrize("cell", [(n, m, t) for n, m, t in APPLICABLE if n > 2 * t + m])
def test_lemma_1_ic2_holds_for_more_than_2t_plus_m_generals(om: Map, cell: tuple[int, int, int]) -> None:
    """LSP 1982, Lemma 1: "For any m and k, OM(m) satisfies IC2 if there are more than 2k+m generals, k traitors." """
    assert word(om, cell, "IC2") == "proved"


@pytest.mark.parametrize(("n", "m", "t"), APPLICABLE)
def test_theorem_1_and_its_claim(om: Map, n: int, m: int, t: int) -> None:
    """LSP 1982, Theorem 1: OM(m) satisfies IC1 and IC2 if there are more than 3m generals and at most m traitors."""
    by_theorem = n > 3 * m and t <= m
    known = om.known[n, m, t]
    assert known.claimed == by_theorem
    assert known.verdict == "proved" or not by_theorem


@pytest.mark.parametrize("cell", [(n, m, t) for n, m, t in APPLICABLE if t > 0 and n <= 3 * t])
def test_no_solution_with_at_most_3t_generals(om: Map, cell: tuple[int, int, int]) -> None:
    """LSP 1982, section 2: fewer than 3t+1 generals cannot cope with t traitors."""
    assert om.known[cell].verdict == "refuted"


def test_the_cells_of_which_the_paper_says_nothing_are_these(om: Map) -> None:
    silent = [(n, m, t) for n, m, t in APPLICABLE if not (n > 3 * m and t <= m) and not (t > 0 and n <= 3 * t)]
    holds = [cell for cell in silent if om.known[cell].verdict == "proved"]
    assert holds == [(n, m, t) for n, m, t in silent if t <= m and n > 2 * t + m]
    assert holds == [cell for cell, known in sorted(om.known.items()) if known.exceeds]
    assert {cell: om.known[cell].breaks for cell in silent if cell not in holds} == BROKEN


BROKEN = {
    (4, 0, 1): ("IC1",),
    (4, 2, 1): ("IC1", "IC2"),
    (5, 0, 1): ("IC1",),
    (6, 0, 1): ("IC1",),
    (7, 0, 1): ("IC1",),
    (7, 0, 2): ("IC1",),
    (7, 1, 2): ("IC1",),
}


def test_the_attack_of_every_refuted_cell_replays(om: Map, tmp_path: Path) -> None:
    refuted = {place: known for place, known in om.known.items() if known.verdict == "refuted"}
    assert attack_files.save(om, tmp_path / "attacks") == len(refuted) == len(list((tmp_path / "attacks").iterdir()))
    for (n, m, t), known in refuted.items():
        attack, replayed = load(tmp_path / "attacks" / f"om-n{n}-m{m}-t{t}.json")
        assert (attack.protocol.n, len(attack.traitors)) <= (n, t)
        assert {judgement.condition.name for judgement in replayed.violated} <= set(known.breaks)


def executed(mine: Path) -> list[str]:
    """The notes of the model: a line each time that an instance was built."""
    notes = mine.with_suffix(".notes")
    return notes.read_text().splitlines() if notes.exists() else []


@pytest.mark.slow
def test_a_second_run_recalls_everything_and_executes_nothing(mine: Path, tmp_path: Path) -> None:
    landscape = landscape_of(str(mine), n="3..5", t="0..1")
    with Store(tmp_path / "maps.sqlite") as store:
        first = mapped(landscape, jobs=1, store=store)
        before = executed(mine)
        second = mapped(landscape, jobs=1, store=store)
    assert before
    assert executed(mine) == before
    assert (first.recalled, second.recalled) == (0, 6)
    assert second.known == first.known


@pytest.mark.slow
def test_a_larger_map_decides_only_what_is_new(mine: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "maps.sqlite") as store:
        mapped(landscape_of(str(mine), n="4", t="0"), jobs=1, store=store)
        mine.with_suffix(".notes").write_text("")
        found = mapped(landscape_of(str(mine), n="4..5", t="0"), jobs=1, store=store)
    assert found.recalled == 1
    assert "n=5 does=nothing" in executed(mine)
    assert "n=4 does=nothing" not in executed(mine)


@pytest.mark.slow
def test_an_edited_model_is_decided_again(mine: Path, tmp_path: Path) -> None:
    landscape = landscape_of(str(mine), n="4", t="1")
    with Store(tmp_path / "maps.sqlite") as store:
        assert mapped(landscape, jobs=1, store=store).known[()].claimed is False
        mine.write_text(mine.read_text().replace("return t == 0", "return t <= 1"))
        found = mapped(landscape, jobs=1, store=store)
    assert found.recalled == 0
    assert found.known[()].contradicts
    assert found.exit_code == 1


@pytest.mark.slow
def test_an_edit_while_the_map_is_made_ends_it_and_keeps_nothing_under_the_old_text(mine: Path, tmp_path: Path) -> None:
    original = mine.read_text()
    landscape = landscape_of(str(mine), n="3..6", t="0")

    def edit(found: Map, running: int) -> None:
        beside = mine.with_suffix(".new")
        beside.write_text(original + "\n# edited\n")
        beside.replace(mine)  # nobody finds half of it

    with Store(tmp_path / "maps.sqlite") as store:
        with pytest.raises(UsageError, match="differs here from where the question was asked"):
            mapped(landscape, jobs=1, store=store, progress=edit)
        mine.write_text(original)
        assert mapped(landscape, jobs=1, store=store).recalled < 4


def test_what_was_recalled_from_elsewhere_names_the_model_as_it_is_found_here(mine: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    with Store(tmp_path / "maps.sqlite") as store:
        mapped(landscape_of(str(mine), n="4", t="1"), jobs=1, store=store)
        moved_model = mine.rename(moved / "mine.py")
        found = mapped(landscape_of(str(moved_model), n="4", t="1"), jobs=1, store=store)
    assert found.recalled == 1
    attack_files.save(found, tmp_path / "attacks")
    (saved,) = (tmp_path / "attacks").iterdir()
    assert load(saved)[1].violated


@pytest.mark.slow
def test_a_mistake_of_the_author_ends_the_map_with_the_cell(mine: Path) -> None:
    with pytest.raises(ProtocolError, match=r"-n 4 -t 0 --set does=fail: .*mine\.py:\d+: .*a mistake of the author's"):
        mapped(landscape_of(str(mine), n="4", t="0", settings=["does=nothing,fail"]), jobs=1)


def test_what_cannot_be_asked_is_inapplicable_with_the_reason(mine: Path) -> None:
    found = mapped(landscape_of(str(mine), n="0..1", t="0..2"), jobs=1).known
    assert {known.verdict for known in found.values()} == {"inapplicable"}
    assert "there must be 1 to 1000 generals" in found[0, 0].reason
    assert "vacuous" in found[1, 0].reason
    assert "there can be 0 to 1 traitors among 1 generals" in found[1, 2].reason
    assert all(known.claimed is None for known in found.values())


class AfterThree(Limit):
    """A user who interrupts when three cells are known."""

    def __init__(self, seen: list[int]) -> None:
        super().__init__()
        self._seen = seen

    def check(self) -> None:
        if self._seen and self._seen[-1] >= 3:
            raise Interrupted


@pytest.mark.slow
def test_an_interrupted_map_has_what_was_decided_and_keeps_it(tmp_path: Path) -> None:
    landscape = landscape_of("om", n="3..8", m="1", t="0..1")
    seen: list[int] = []

    def progress(found: Map, running: int) -> None:
        seen.append(len(found.known))

    with Store(tmp_path / "maps.sqlite") as store:
        with local_crew(1, Allowance()) as crew:
            found = mapped_by(crew, landscape, store, progress, AfterThree(seen))
        assert found.stopped == "interrupted"
        assert found.exit_code == 130
        assert 3 <= len(found.known) < 12
        again = mapped(landscape, jobs=1, store=store)
    assert again.recalled == len(found.known)
    assert len(again.known) == 12


UNKNOWN = Known(verdict="unknown", reason="why")
EXITS = [
    ([Known(verdict="proved", claimed=True), Known(verdict="refuted", claimed=False)], 0),
    ([Known(verdict="inapplicable"), Known(verdict="proved", claimed=False)], 0),
    ([UNKNOWN, Known(verdict="proved", claimed=True)], 3),
    ([UNKNOWN, Known(verdict="refuted", claimed=False)], 3),
    ([UNKNOWN, Known(verdict="refuted", claimed=True)], 1),
]


@pytest.mark.parametrize(("known", "code"), EXITS)
def test_the_exit_code_says_whether_the_map_has_a_finding(known: list[Known], code: int) -> None:
    landscape: Landscape = landscape_of("om", n="4..5", m="1")
    found = Map(landscape, dict(zip(landscape.places, known, strict=True)))
    assert found.exit_code == code
    found.stopped = "interrupted"
    assert found.exit_code == 130


def test_names_of_attacks_are_readable_and_no_two_cells_have_the_same() -> None:
    graphs = ["circulant:7:1,2", "atlas:52", "edges:0-1,1-2", "edges:0,1-1", "edges:" + ",".join(map(str, range(99)))]
    cells = [landscape_of("om", m="1", graph=graph).fixed for graph in graphs]
    cells += [
        landscape_of("omh", n="5", m="1", faults="byzantine=1,manifest=0").fixed,
        landscape_of("museum.echo", n="4", t="1").fixed,
        landscape_of("om_graph", n="4", m="1", settings=["p=2"]).fixed,
    ]
    texts = [Configuration(model="mine.py", n=4, set={"does": text}) for text in ("a:b", "a-b", "a,b", "a_b", "a/b")]
    assert len({attack_files.name_of(cell) for cell in texts}) == len(texts)
    names = [attack_files.name_of(cell) for cell in cells]
    assert names[:3] == ["om-circulant-7-1_2-m1", "om-atlas-52-m1", "om-edges-0-1_1-2-m1"]
    assert names[-3:] == ["omh-n5-m1-byzantine1-manifest0", "museum.echo-n4-t1", "om_graph-n4-m1-p2"]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) < 200
