"""Growth curves: every value where it belongs, every name beside its line, nothing over anything else."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.growth import BOTTOM, COLOURS, HEIGHT, LINE_OF_TEXT, RIGHT, TOP, WIDTH, Curve, Panel, picture

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["one", "two", "three", "four", "five & more"]

curve = st.builds(
    Curve,
    st.dictionaries(st.sampled_from([4, 7, 10, 13]), st.floats(0.01, 60.0), min_size=1),
    st.none() | st.just(16),
)
curves = st.dictionaries(st.sampled_from(NAMES), curve, min_size=1)


def drawn(curves: dict[str, Curve]) -> ET.Element:
    return ET.fromstring(picture([Panel("Seconds", "s", 60.0, curves)], "title", "a < b"))


def places(root: ET.Element) -> list[list[tuple[float, float]]]:
    """Where the values of each curve are."""
    groups = [group.findall(f"{SVG}circle") for group in root.findall(f"{SVG}g")]
    return [[(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in dots] for dots in groups if dots]


@given(curves)
def test_more_is_higher_and_later_is_further_right(curves: dict[str, Curve]) -> None:
    found = places(drawn(curves))
    points = [sorted(one.points.items()) for one in curves.values()]
    assert list(map(len, found)) == list(map(len, points))
    pairs = [pair for some, others in zip(points, found, strict=True) for pair in zip(some, others, strict=True)]
    for ((n, value), (x, y)), ((other_n, other_value), (other_x, other_y)) in combinations(pairs, 2):
        assert (n < other_n) <= (x < other_x)
        assert (value <= other_value) <= (y >= other_y)
    assert all(TOP <= y <= HEIGHT - BOTTOM and 0 < x <= WIDTH - RIGHT for _, (x, y) in pairs)


@given(curves)
def test_every_curve_has_its_name_and_no_name_is_over_another(curves: dict[str, Curve]) -> None:
    names = [text for text in drawn(curves).iter(f"{SVG}text") if text.get("class") == "name"]
    assert sorted(str(text.text) for text in names) == sorted(curves)
    at = [(float(text.get("x", "")), float(text.get("y", ""))) for text in names]
    for (x, y), (other_x, other_y) in combinations(at, 2):
        assert abs(x - other_x) >= RIGHT or abs(y - other_y) >= LINE_OF_TEXT


@given(curves)
def test_a_broken_line_leads_to_the_limit_where_it_was_exceeded(curves: dict[str, Curve]) -> None:
    root = drawn(curves)
    gone = [path for path in root.iter(f"{SVG}path") if path.get("class") == "curve gone"]
    assert len(gone) == sum(one.gone is not None for one in curves.values())
    (limit,) = (path for path in root.iter(f"{SVG}path") if path.get("class") == "limit")
    (height,) = re.findall(r"^M\S+ (\S+)H", limit.get("d", ""))
    assert all(path.get("d", "").endswith(f" {height}") for path in gone)


def test_a_picture_says_what_it_shows() -> None:
    root = drawn({"one": Curve({4: 1.0})})
    assert root.findtext(f"{SVG}title") == "title"
    assert root.findtext(f"{SVG}desc") == "a < b"
    assert root.get("aria-labelledby") == "title description"


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("paper", "scheme"), [("#ffffff", 0), ("#0d1117", 1)])
def test_names_can_be_read_on_their_paper(paper: str, scheme: int) -> None:
    for colours in COLOURS:
        low, high = sorted([luminance(paper), luminance(colours[scheme])])
        assert (high + 0.05) / (low + 0.05) >= 4.5, colours[scheme]  # WCAG 2.1, 1.4.3
