"""Axes: what a user writes, and the cells that it means."""

from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.errors import UsageError
from byzverify.language.faults import Fault
from byzverify.maps.axes import landscape_of, numbers
from byzverify.maps.landscape import Axis, Landscape

PARTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), min_size=1, max_size=4)


def axes(landscape: Landscape) -> dict[str, tuple[object, ...]]:
    return {axis.name: axis.values for axis in landscape.axes}


@given(PARTS)
def test_a_list_of_ranges_means_its_numbers_in_their_order_and_none_twice(parts: list[tuple[int, int]]) -> None:
    text = ",".join(f"{first}..{first + more}" if more else f"{first}" for first, more in parts)
    meant = [number for first, more in parts for number in range(first, first + more + 1)]
    if len(set(meant)) == len(meant):
        assert list(numbers(text, "-n")) == meant
    else:
        with pytest.raises(UsageError, match="-n names a number twice"):
            numbers(text, "-n")


@given(st.text(alphabet="0123456789.,-x ", max_size=8))
def test_any_text_means_whole_numbers_or_is_refused(text: str) -> None:
    try:
        found = numbers(text, "-n")
    except UsageError:
        return
    assert found
    assert all(number >= 0 for number in found)


@given(st.sets(st.integers(1, 12), min_size=1, max_size=4), st.sets(st.integers(0, 4), min_size=1, max_size=3))
def test_the_cells_are_all_combinations_each_once(n: set[int], t: set[int]) -> None:
    landscape = landscape_of("om", n=",".join(map(str, n)), t=",".join(map(str, t)))
    cells = [landscape.cell(place) for place in landscape.places]
    assert sorted((cell.n, cell.t) for cell in cells) == sorted((one, other) for one in n for other in t)
    assert landscape.size == len(cells)
    assert all(cell.m is None for cell in cells)


def test_what_has_one_value_is_fixed_and_no_axis() -> None:
    landscape = landscape_of("om", n="4", m="1", t="0..2", values="3")
    assert axes(landscape) == {"t": (0, 1, 2)}
    assert (landscape.fixed.n, landscape.fixed.m, landscape.fixed.values) == (4, 1, 3)


def test_a_map_may_have_no_axis_and_has_one_cell_then() -> None:
    landscape = landscape_of("om", n="4", m="1")
    assert [landscape.cell(place).command() for place in landscape.places] == ["byzverify check om -n 4 -m 1"]


def test_each_fault_mode_with_several_numbers_is_an_axis() -> None:
    landscape = landscape_of("omh", n="5..6", m="1", faults="byzantine=0..2,symmetric=1,manifest=0,2")
    assert axes(landscape) == {"n": (5, 6), "byzantine": (0, 1, 2), "manifest": (0, 2)}
    first = landscape.cell(next(landscape.places))
    assert first.budget() == {Fault.SYMMETRIC: 1}


def test_any_parameter_can_be_an_axis_and_is_read_by_its_type(mine: Path) -> None:
    landscape = landscape_of(f"{mine}", n="4", t="1", settings=["more=1..3,7", "does=nothing,print"])
    assert axes(landscape) == {"more": (1, 2, 3, 7), "does": ("nothing", "print")}
    assert landscape_of("om_graph", graph="cycle:4", m="1", settings=["p=2"]).fixed.set == {"p": 2}


@pytest.mark.slow
@pytest.mark.parametrize("sizes", ["3", "2..4", "2,5"])
def test_a_family_of_graphs_is_an_axis_of_graphs_that_can_be_checked(sizes: str) -> None:
    landscape = landscape_of("om_graph", graphs=f"connected:{sizes}", m="1", settings=["p=2"])
    (graph,) = landscape.axes
    cells = [landscape.cell(place) for place in landscape.places]
    assert [cell.graph for cell in cells] == list(graph.values)
    assert all(cell.n is None for cell in cells)


def test_a_file_with_a_graph_in_each_line_is_an_axis(tmp_path: Path) -> None:
    (tmp_path / "graphs.txt").write_text("cycle:4\n\nwheel:5  # with a hub\nedges:0-1,1-2\n")
    landscape = landscape_of("om_graph", graphs=f"{tmp_path}/graphs.txt", m="1", settings=["p=2"])
    assert landscape.axes == (Axis("graph", ("cycle:4", "wheel:5", "edges:0-1,1-2")),)


def test_a_file_in_graph6_may_have_several_graphs(tmp_path: Path) -> None:
    drawn = [nx.cycle_graph(4), nx.path_graph(3)]
    (tmp_path / "some.g6").write_bytes(b"".join(nx.to_graph6_bytes(graph, header=False) for graph in drawn))
    landscape = landscape_of("om_graph", graphs=f"{tmp_path}/some.g6", m="1", settings=["p=2"])
    assert landscape.axes == (Axis("graph", ("edges:0-1,0-3,1-2,2-3", "edges:0-1,1-2")),)


WRONG = [
    ({"n": "3..", "m": "1"}, "-n takes a number, a range 3..12, or a list 3,5,7; not '3..'"),
    ({"n": "5..3", "m": "1"}, "from the smaller to the larger"),
    ({"n": "1..1000000000", "m": "1"}, "1 to 1000 numbers"),
    ({"n": "1..1000", "m": "0..999", "t": "0..1"}, "a map has at most 1,000,000 cells, and this one would have 2,000,"),
    ({"n": "4", "m": "-1"}, "-m takes a number"),
    ({"m": "1"}, "say how many generals there are with -n, or give --graph or --graphs"),
    ({"n": "4"}, "OM needs a value for m"),
    ({"n": "4", "m": "1", "t": "1", "faults": "byzantine=1"}, "either -t or --faults"),
    ({"n": "4", "m": "1", "faults": "evil=1"}, "no fault mode is called 'evil'"),
    ({"n": "4", "m": "1", "faults": "byzantine=1,byzantine=2"}, "names byzantine twice"),
    ({"n": "4", "faults": "byzantine=0..1,crash=0..1"}, "say what the model is built for with -m"),
    ({"n": "4", "m": "1", "settings": ["p=1"]}, "OM has no parameter 'p'"),
    ({"n": "4", "m": "1", "values": "2,2"}, "--values names a number twice"),
    ({"m": "1", "graphs": "connected:8"}, "for 1 to 7 nodes, not 8"),
    ({"m": "1", "graphs": "circulants:1"}, "for 2 to 13 nodes, not 1"),
    ({"m": "1", "graphs": "nowhere.txt"}, "names no graphs"),
    ({"m": "1", "graphs": "connected:4", "graph": "cycle:4"}, "either --graph or --graphs"),
    ({"n": "4", "m": "1", "graphs": "connected:4"}, "leave -n out"),
]


@pytest.mark.parametrize(("given", "line"), WRONG, ids=[line for _, line in WRONG])
def test_what_cannot_be_is_refused_in_one_line(given: dict[str, str], line: str) -> None:
    with pytest.raises(UsageError) as refused:
        landscape_of("om", **given)
    assert line in str(refused.value)


def test_a_model_without_m_must_be_told_how_many_traitors_there_may_be(mine: Path) -> None:
    with pytest.raises(UsageError, match="Mine has no m"):
        landscape_of(str(mine), n="4")


def test_a_file_without_graphs_is_refused_and_so_is_a_graph_twice(tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("# nothing\n")
    (tmp_path / "twice.txt").write_text("cycle:4\ncycle:4\n")
    for name, line in (("none", "has no graphs"), ("twice", "has a graph twice")):
        with pytest.raises(UsageError, match=line):
            landscape_of("om_graph", graphs=f"{tmp_path}/{name}.txt", m="1", settings=["p=2"])
