"""Which refuted cells no protocol can win: it follows from problem, graph and faults, and is never said of a protocol
with signatures.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from byzverify.catalogue import library
from byzverify.catalogue.configurations import Configuration
from byzverify.catalogue.dependencies import code_of
from byzverify.maps.axes import landscape_of
from byzverify.maps.cell import CellQuestion, decide
from byzverify.maps.landscape import Known, Map
from byzverify.maps.mapping import mapped
from byzverify.maps.store import Store
from byzverify.rendering.map.heading import counts
from byzverify.rendering.map.map_file import as_json, read_map
from byzverify.workers.worker import Allowance
from tests.maps.conftest import Call


def known(model: str, **given: Any) -> Known:
    """What is known of one cell, decided here and now."""
    question = CellQuestion(Configuration(model=model, **given), code_of(library.find(model)), Allowance())
    return decide(question)[0]


@pytest.mark.parametrize(
    ("model", "given", "marked"),
    [
        ("om", {"n": 3, "m": 1}, True),  # n = 3t
        ("om", {"n": 6, "m": 2}, True),
        ("om", {"n": 7, "m": 1, "t": 2}, False),  # n = 3t + 1, where OM(2) wins
        ("om", {"n": 4, "m": 2, "t": 1}, False),
        ("om", {"n": 3, "m": 1, "faults": {"manifest": 1}}, False),  # OMH(1) wins
        ("phase_king", {"n": 3, "m": 1}, True),  # consensus
        ("phase_king", {"n": 7, "m": 1, "t": 2}, False),
        ("crusader", {"n": 3, "m": 1}, True),
        ("dolev_relay", {"graph": "cycle:4", "m": 1}, True),  # n > 3t, and two generals separate the others
        ("dolev_relay", {"graph": "wheel:5", "m": 0, "t": 1}, False),  # three are needed
    ],
)
def test_a_refuted_cell_is_marked_if_and_only_if_every_protocol_falls_there(
    model: str, given: dict[str, Any], marked: bool
) -> None:
    found = known(model, **given)
    assert found.verdict == "refuted"
    assert found.no_protocol_can is marked


@pytest.mark.parametrize(
    ("model", "given"),
    [
        ("sm", {"n": 3, "m": 0, "t": 1}),
        ("dolev_strong", {"n": 3, "m": 0, "t": 1}),
        ("dolev_strong", {"n": 6, "m": 1, "t": 2}),
        ("dolev_strong", {"graph": "path:4", "m": 1}),  # the attack is silence, in which nothing is signed
    ],
)
def test_a_protocol_that_signs_is_refuted_and_not_marked(model: str, given: dict[str, Any]) -> None:
    found = known(model, **given)
    assert found.verdict == "refuted"
    assert found.no_protocol_can is False


def test_what_is_proved_or_inapplicable_has_no_mark() -> None:
    assert known("om", n=4, m=1).no_protocol_can is None
    assert known("om", n=3, m=2).no_protocol_can is None


OWN = """
from dataclasses import replace

from byzverify.language import COMMANDER, IC1, IC2, RETREAT, Problem, Protocol, broadcast


class Own(Protocol):
    problem = Problem("Byzantine generals", (IC1, {second}), has_commander=True)

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


def test_a_problem_of_ones_own_is_not_taken_for_the_one_whose_name_it_has(tmp_path: Path) -> None:
    model = tmp_path / "own.py"
    model.write_text(OWN.format(second="replace(IC2, concerns=lambda protocol, loyal: False)"))
    found = known(str(model), n=3, t=1)
    assert (found.verdict, found.no_protocol_can) == ("refuted", False)


@pytest.fixture(scope="module")
def om() -> Map:
    """OM for two to seven generals."""
    return mapped(landscape_of("om", n="2..7", m="0..2", t="0..2"))


def test_fischer_lynch_merritt_1986_the_cells_of_om_with_at_most_three_generals_a_traitor_are_marked(om: Map) -> None:
    refuted = {place for place, one in om.known.items() if one.verdict == "refuted"}
    marked = {place for place, one in om.known.items() if one.no_protocol_can}
    assert marked == {place for place in refuted for n, _, t in [map(int, place)] if 3 <= n <= 3 * t}
    assert refuted > marked
    assert om.unsolvable == len(marked) == 13
    assert "20 refuted (13 that no protocol without signatures can win), " in counts(om)


def test_a_recalled_cell_has_its_mark(tmp_path: Path) -> None:
    landscape = landscape_of("om", n="3", m="0", t="1")
    with Store(tmp_path / "maps.sqlite") as store:
        first, second = (mapped(landscape, jobs=1, store=store) for _ in range(2))
    assert second.recalled == 1
    assert second.known == first.known
    assert second.unsolvable == 1


def test_the_mark_comes_back_from_a_file_and_an_older_file_has_none(om: Map, tmp_path: Path) -> None:
    path = tmp_path / "om.json"
    path.write_bytes(as_json(om))
    assert read_map(path) == om
    old = json.loads(path.read_text()) | {"version": 2}
    for cell in old["cells"]:
        del cell["no_protocol_can"]
    path.write_text(json.dumps(old))
    found = read_map(path)
    assert {place: one.verdict for place, one in found.known.items()} == {p: one.verdict for p, one in om.known.items()}
    assert found.unsolvable == 0
    assert "20 refuted, " in counts(found)


def test_the_mark_is_printed_explained_counted_and_in_every_table(byzverify: Call, tmp_path: Path) -> None:
    ended = byzverify(f"map om -n 6..7 -m 1 -t 2 --no-store -o {tmp_path}/om.html -o {tmp_path}/om.svg")
    assert ended.out.splitlines()[3].split() == ["1✗", "1"]
    assert "✗   no protocol without signatures can win here" in ended.out
    assert "2 cells: 2 refuted (1 that no protocol without signatures can win); " in ended.out
    for ending in ("html", "svg"):
        drawn = (tmp_path / f"om.{ending}").read_text()
        assert drawn.count("cell refuted unsolvable") == 1
        assert drawn.count("no protocol without signatures can win here") == 2  # of the cell, and in the legend
    said = json.loads(byzverify("map om -n 6..7 -m 1 -t 2 --no-store --json").out)
    assert [cell["no_protocol_can"] for cell in said["cells"]] == [True, False]
    table = byzverify("map om -n 6..7 -m 1 -t 2 --no-store --export csv").out.splitlines()
    column = table[0].split(",").index("no_protocol_can")
    assert [line.split(",")[column] for line in table[1:]] == ["true", "false"]
