"""Periodic tables as pictures: every cell is there once, with its sign, and tells without colours what it is."""

import os
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from byzverify.language.faults import Fault
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable
from byzverify.rendering.periodic.drawing import LOOKS, MOST_SHADES, STYLE, drawn, look
from byzverify.rendering.periodic.files import made
from byzverify.rendering.periodic.signs import sign
from tests.maps.periodic import TABLES, table
from tests.rendering.maps import HOSTILE
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SVG = "{http://www.w3.org/2000/svg}"


def groups(svg: ElementTree.Element, class_: str) -> list[ElementTree.Element]:
    return [one for one in svg.iter(f"{SVG}g") if class_ in (one.get("class") or "").split()]


def written(group: ElementTree.Element) -> tuple[str, str]:
    """The style class and the sign of a cell."""
    return (group.get("class") or "").split()[1], group.findtext(f"{SVG}text") or ""


def of_sizes(*known: LeastRounds | None) -> PeriodicTable:
    """A table with one row: this is known for 3, 4, ... generals."""
    cells = [PeriodicCell("broadcast", n, ((Fault.BYZANTINE, 1),)) for n in range(3, 3 + len(known))]
    return PeriodicTable(tuple(cells), {cell: one for cell, one in zip(cells, known, strict=True) if one is not None})


EVERY = of_sizes(
    LeastRounds("impossible", impossible_rounds="any", executions=3),
    LeastRounds("solvable", 1),
    LeastRounds("solvable", 7, 6),
    LeastRounds("solvable", 4, 1, open=(2, 3)),
    LeastRounds("unknown", impossible_rounds=2),
    LeastRounds("unknown"),
    None,
)


@pytest.mark.parametrize("name", ["periodic-table", "periodic-table-mixtures"])
def test_the_pictures_in_the_documentation_are_what_the_tool_draws(name: str) -> None:
    """To draw them again after a change: BYZVERIFY_DRAW=1 pytest tests/rendering/test_periodic.py, and look at them."""
    svg = drawn(table(name))
    if os.environ.get("BYZVERIFY_DRAW"):
        (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")
    assert svg == (PICTURES / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_is_drawn_once_in_the_row_and_the_column_of_what_it_asks(name: str) -> None:
    shown = table(name)
    svg = ElementTree.fromstring(drawn(shown))
    cells = [one for panel in groups(svg, "panel") for one in groups(panel, "cell")]
    expected = Counter((look(shown.known[cell]), sign(shown.known[cell])) for cell in shown.cells)
    assert Counter(map(written, cells)) == expected
    for panel in groups(svg, "panel"):
        places = [(one.get("x"), one.get("y")) for one in panel.iter(f"{SVG}rect") if one.get("class") != "frame"]
        assert len(places) == len(set(places)) == len(groups(panel, "cell"))


def test_the_known_bound_is_where_the_picture_has_it() -> None:
    """Pease, Shostak & Lamport 1980: two traitors among six generals defeat every protocol; Fischer & Lynch 1982."""
    svg = ElementTree.fromstring(drawn(table("periodic-table")))
    byzantine = groups(svg, "panel")[0]
    assert [sign for _, sign in map(written, groups(byzantine, "cell"))] == [*"✗✗✗✗33", *"✗22222"]


def test_what_cannot_be_or_is_open_is_marked_without_colour_and_the_legend_explains_each_sign_once() -> None:
    svg = ElementTree.fromstring(drawn(EVERY))
    (panel,) = groups(svg, "panel")
    assert list(map(written, groups(panel, "cell"))) == [
        ("impossible", "✗"),
        ("rounds-1", "1"),
        ("rounds-5", "7"),
        ("open", "2..4"),
        ("open", ">2"),
        ("open", "?"),
        ("undecided", "…"),
    ]
    for cell in groups(svg, "cell"):
        marks = {one.get("class") for one in cell} & {"hatch", "frame"}
        assert marks == {"impossible": {"hatch"}, "open": {"frame"}}.get(written(cell)[0], set())
    legend = [written(one) for one in groups(svg, "legend")]
    assert sorted(legend) == sorted(map(written, groups(panel, "cell")))


def test_who_does_not_see_the_picture_is_told_what_it_shows() -> None:
    svg = ElementTree.fromstring(drawn(EVERY))
    (described,) = [one.text or "" for one in svg.iter(f"{SVG}desc")]
    assert "7 cells: 3 decided, 3 not fully decided, 1 not decided yet" in described
    assert "n = 3, at most 1 traitor: no protocol in any number of rounds, cover of 3" in described
    assert "n = 4, at most 1 traitor: 1 round. n = 5, at most 1 traitor: 7 rounds. " in described
    assert "n = 6, at most 1 traitor: 2..4 rounds. n = 7, at most 1 traitor: more than 2 rounds, or no" in described


@pytest.mark.parametrize("graph", HOSTILE)
def test_no_text_can_break_the_picture(graph: str) -> None:
    cells = tuple(PeriodicCell("broadcast", 3, ((Fault.BYZANTINE, 1),), graph, commander) for commander in (0, 2))
    svg = ElementTree.fromstring(drawn(PeriodicTable(cells)))
    assert len([one for panel in groups(svg, "panel") for one in groups(panel, "cell")]) == 2
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "g",
        "rect",
        "path",
        "text",
    }
    for one in svg.iter():
        assert not {"style", "fill", "stroke", "href", "onclick", "onload"} & one.attrib.keys()


def test_every_look_is_there_in_light_and_in_dark() -> None:
    light, dark = STYLE.split("@media")
    for one in {*LOOKS.values(), *(f"rounds-{number}" for number in range(1, MOST_SHADES + 1))}:
        assert f".cell.{one} rect" in light
        assert f".cell.{one} rect" in dark
    assert "url(" not in STYLE


def test_a_table_is_written_as_a_picture_by_its_ending(byzverify: Call, tmp_path: Path) -> None:
    ended = byzverify(f"map --solvable -n 3..4 -t 1 -o {tmp_path}/table.svg -o {tmp_path}/table.json")
    assert ended.code == 0
    svg = ElementTree.fromstring((tmp_path / "table.svg").read_text(encoding="utf-8"))
    (panel,) = groups(svg, "panel")
    assert [sign for _, sign in map(written, groups(panel, "cell"))] == ["✗", "2"]
    assert (tmp_path / "table.json").read_bytes().startswith(b"{")


def test_the_same_picture_comes_as_png() -> None:
    assert made(EVERY, "png").startswith(b"\x89PNG")
