"""The tables in docs/data: cells are decided anew, the page shows them, and they agree with published theorems."""

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from byzverify.language.faults import Fault
from byzverify.language.topology import graph_of
from byzverify.maps.networks import cells_of
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable
from byzverify.maps.tabulating import answer
from byzverify.rendering.periodic.files import as_json
from tests.maps.periodic import DATA, TABLES, lasting, read, shown, text

PAGE = DATA.parent / "explanation" / "periodic-table.md"
ATLAS = "atlas-one-traitor"
SIZES = [name for name in TABLES if name != ATLAS]


def cell_of(name: str, found: dict[str, Any]) -> PeriodicCell:
    table = read(name)
    limits = tuple((Fault(mode), number) for mode, number in found["faults"].items())
    commander = None if found["graph"] is None else found["commander"]
    return PeriodicCell(table["problem"], found["n"], limits, found["graph"], commander, table["signed"])


def decided_anew(name: str, found: dict[str, Any]) -> dict[str, Any]:
    cell = cell_of(name, found)
    (made,) = as_json(PeriodicTable((cell,), {cell: answer(cell, None)}))["cells"]
    return lasting(dict(made))


def given(options: str) -> dict[str, Any]:
    """The arguments of `cells_of` for options of the command line."""
    words = options.split()
    pairs = [(words[at].lstrip("-"), words[at + 1]) for at in range(len(words) - 1) if words[at].startswith("-")]
    found: dict[str, Any] = {name: value for name, value in pairs if name not in ("faults", "signed")}
    return found | {"faults": [value for name, value in pairs if name == "faults"], "signed": "--signed" in words}


@pytest.mark.parametrize("name", TABLES)
def test_a_file_has_every_cell_that_its_command_asks_for(name: str) -> None:
    table = read(name)
    assert [cell_of(name, cell) for cell in table["cells"]] == list(cells_of(**given(TABLES[name])))
    assert (table["stopped"], table["contradictions"]) == (None, [])
    assert (DATA / f"{name}.json").read_text(encoding="utf-8") == text(table)


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_each_table_as_it_is(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "\n".join(shown(name)) in page
    assert f"| [{name}.json](../data/{name}.json) | `{TABLES[name]}` |" in page


@pytest.mark.parametrize("name", TABLES)
def test_fewer_and_milder_faults_never_take_more_rounds(name: str) -> None:
    cells = {cell_of(name, cell): cell for cell in read(name)["cells"]}
    known = {
        cell: LeastRounds(found["verdict"], found["rounds"], found["impossible_rounds"])
        for cell, found in cells.items()
    }
    assert PeriodicTable(tuple(cells), known).contradictions == []


def test_a_graph_has_a_protocol_if_and_only_if_dolev_says_so() -> None:
    """Dolev 1982: n > 3t and connectivity > 2t, or too few generals to disagree."""
    for cell in read(ATLAS)["cells"]:
        assert (cell["verdict"] == "solvable") == (cell["n"] == 2 or (cell["n"] > 3 and cell["connectivity"] > 2))


def test_byzantine_and_crashing_generals_take_one_round_more_than_there_are_of_them() -> None:
    """Fischer & Lynch 1982, Dolev & Strong 1983; of the faulty ones only n-2 count."""
    for name in ("periodic-table", "periodic-table-signed"):
        for cell in read(name)["cells"]:
            ((mode, number),) = cell["faults"].items()
            if mode in ("byzantine", "omission", "crash") and cell["verdict"] == "solvable":
                assert cell["rounds"] == min(number, cell["n"] - 2) + 1


def test_an_additional_edge_never_takes_another_round() -> None:
    """A protocol need not use it. Commanders are told apart by a loop on them, which matchings keep."""
    marked = []
    for cell in read(ATLAS)["cells"]:
        if cell["verdict"] == "solvable" and cell["n"] > 3:
            graph = nx.Graph(graph_of(cell["graph"]))
            nx.set_node_attributes(graph, {node: int(node == cell["commander"]) for node in graph}, "commands")
            marked.append((graph, cell["rounds"]))
    same = nx.algorithms.isomorphism.categorical_node_match("commands", 0)
    for less, rounds in marked:
        for missing in nx.non_edges(less):
            more = nx.Graph(less)
            more.add_edge(*missing)
            (found,) = (fewer for other, fewer in marked if nx.is_isomorphic(more, other, node_match=same))
            assert found <= rounds


def test_the_page_counts_right() -> None:
    table, page = read(ATLAS), PAGE.read_text(encoding="utf-8")
    compared = [row.split(" | ") for row in shown(ATLAS)[2:]]
    slower = [row for row in compared if int(row[-1].strip(" |")) > int(row[5].split(" ")[0])]
    solved = sum(cell["verdict"] == "solvable" for cell in table["cells"])
    one_rule = [row for row in compared if row[6] == "1"]
    for line in (
        f"Of all {len(table['cells'])} choices",
        f"{solved} have a protocol",
        f"for the other {len(table['cells']) - solved} there is a cover",
        f"{len(slower)} of the {len(compared)} cells",
        f"In {len(one_rule)} of the {len(compared)} cells exactly one rule",
    ):
        assert line in " ".join(page.split()), line


SAMPLE = [
    ("periodic-table", 0),
    ("periodic-table", 1),
    ("periodic-table-graded", 8),
    (ATLAS, 1),
    (ATLAS, 479 - 366),
]
"""Cells that take little time."""


@pytest.mark.parametrize(("name", "index"), SAMPLE)
def test_a_cell_is_what_it_was(name: str, index: int) -> None:
    cell = read(name)["cells"][index]
    assert decided_anew(name, cell) == cell


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "index"),
    [(name, index) for name in SIZES for index in range(0, 24, 5)] + [(ATLAS, index) for index in range(100, 480, 29)],
)
def test_every_so_many_cells_are_what_they_were(name: str, index: int) -> None:
    cells = read(name)["cells"]
    if index < len(cells) and cells[index]["verdict"] != "unknown":
        assert decided_anew(name, cells[index]) == cells[index]


def test_only_these_files_are_data() -> None:
    assert {path.name for path in Path(DATA).iterdir()} == {f"{name}.json" for name in TABLES}
