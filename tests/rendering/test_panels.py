"""A map laid out: every place stands once, where its values say, and the line runs where the claim ends."""

from itertools import chain, combinations

import pytest
from hypothesis import given

from byzverify.catalogue.configurations import Configuration
from byzverify.maps.landscape import Axis, Known, Landscape, Map, Place
from byzverify.rendering.map.panels import Frontier, Panel, Panels, laid_out, of_texts, written
from byzverify.rendering.map.ranges import ranges, span
from tests.rendering.maps import landscapes, maps, om


def cells(panel: Panel) -> dict[Place, tuple[int, int]]:
    return {place: (y, x) for y, row in enumerate(panel.places) for x, place in enumerate(row)}


@given(landscapes())
def test_every_place_stands_once_in_the_row_and_the_column_of_its_values(landscape: Landscape) -> None:
    panels = laid_out(landscape)
    every = list(chain.from_iterable(map(cells, panels.panels)))
    assert sorted(every, key=repr) == sorted(landscape.places, key=repr)
    names = [axis.name for axis in landscape.axes]
    for panel in panels.panels:
        for place, (y, x) in cells(panel).items():
            named = dict(zip(names, map(written, place), strict=True))
            assert named.pop(panels.across.name, "") == panels.columns[x]
            assert named.pop(panels.down.name, "") == panels.rows[y]
            assert panel.title == ", ".join(f"{name} = {value}" for name, value in named.items())


@given(landscapes())
def test_no_axis_of_texts_goes_to_the_right_where_another_can_and_numbers_go_upwards(landscape: Landscape) -> None:
    panels = laid_out(landscape)
    assert not of_texts(panels.across)
    if not of_texts(panels.down) and landscape.axes[1:]:
        assert (panels.across, panels.down.name) == (landscape.axes[0], landscape.axes[-1].name)
        assert panels.down.values == tuple(reversed(landscape.axes[-1].values))


def separated(panels: Panels, one: tuple[int, int], other: tuple[int, int], frontier: Frontier) -> bool:
    """Whether the line runs between two cells."""
    (y, x), (below, right) = sorted((one, other))
    return (below, x) in frontier.tops if y != below else (y, right) in frontier.lefts


@given(maps())
def test_the_line_separates_what_is_claimed_from_neighbours_that_are_not_and_nothing_else(shown: Map) -> None:
    panels = laid_out(shown.landscape)
    for panel in panels.panels:
        frontier, lines = panels.frontier(panel, shown.known), 0
        for (place, one), (neighbour, other) in combinations(cells(panel).items(), 2):
            distance = abs(one[0] - other[0]), abs(one[1] - other[1])
            if distance not in ((0, 1), (1, 0)):
                continue
            claims = {getattr(shown.known.get(here), "claimed", None) for here in (place, neighbour)}
            unordered = distance == (1, 0) and of_texts(panels.down)
            expected = claims == {True, False} and not unordered
            assert separated(panels, one, other, frontier) == expected
            lines += expected
        assert len(frontier.tops) + len(frontier.lefts) == lines


def test_of_om_the_line_runs_where_the_theorem_says() -> None:
    """LSP 1982, Theorem 1: IC1 and IC2 for n > 3m and at most m traitors."""
    shown = om(6, 2, 2)
    panels = laid_out(shown.landscape)
    lines = {panel.title: panels.frontier(panel, shown.known) for panel in panels.panels}
    assert panels.columns == ("3", "4", "5", "6")
    assert panels.rows == ("2", "1", "0")
    assert lines["m = 0"] == Frontier(frozenset({(2, 0), (2, 1), (2, 2), (2, 3)}), frozenset())
    assert lines["m = 1"] == Frontier(frozenset({(1, 1), (1, 2), (1, 3)}), frozenset({(1, 1), (2, 1)}))
    assert lines["m = 2"] == Frontier(frozenset(), frozenset())


@given(maps())
def test_ranges_name_a_panel_if_and_only_if_it_has_such_a_place(shown: Map) -> None:
    panels = laid_out(shown.landscape)
    for panel in panels.panels:
        here = {place for place in cells(panel) if place in shown.known}
        lines = list(ranges(panels, here))
        assert len(lines) == bool(here and shown.landscape.axes)  # nothing tells a single cell apart
        assert all(line.startswith(panel.title) for line in lines)


@pytest.mark.parametrize(
    ("values", "says"),
    [((3, 4, 5), "n 3..5"), ((3, 5), "n 3 5"), ((4,), "n 4"), ((True, False), "n true false"), ((1, 2.5), "n 1 2.5")],
)
def test_values_that_follow_each_other_are_a_range(values: tuple[int, ...], says: str) -> None:
    assert span(Axis("n", values)) == says


def test_ranges_are_told_together_where_rows_have_them_alike() -> None:
    landscape = Landscape(Configuration(model="om"), (Axis("n", (3, 4, 5, 6)), Axis("t", (0, 1, 2))))
    known = {place: Known(verdict="proved") for place in landscape.places}
    for missing in ((3, 1), (3, 0), (4, 2), (5, 2), (6, 2), (3, 2)):
        del known[missing]
    assert list(ranges(laid_out(landscape), known)) == ["n 4..6 at t 0..1"]


def test_texts_with_the_same_columns_are_told_together_and_only_the_first_are_named() -> None:
    landscape = Landscape(Configuration(model="om"), (Axis("graph", tuple("abcdefg")), Axis("t", (0, 1))))
    known = {place: Known(verdict="proved") for place in landscape.places if place not in (("b", 1), ("d", 1))}
    assert list(ranges(laid_out(landscape), known)) == ["t 0 at graph b d; t 0..1 at graph a c e … (5)"]
