"""Maps as they are shown: on a terminal, in a picture and on a page all is there once, and nothing breaks them."""

import io
import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from rich.console import Console

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import AttackFileError
from byzverify.maps.landscape import AllSizes, Axis, Known, Landscape, Map, Place
from byzverify.rendering.map import page as pages
from byzverify.rendering.map.cells import MEANINGS, Signs
from byzverify.rendering.map.drawing import STYLE, drawn
from byzverify.rendering.map.page import page
from byzverify.rendering.map.panels import laid_out
from byzverify.rendering.map.shown import print_map
from tests.docs.test_docs import blocks
from tests.rendering.maps import maps, mixed, om
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

DOCS = Path(__file__).parents[2] / "docs"
PICTURE, PAGE = DOCS / "pictures" / "om-map.svg", DOCS / "howto" / "maps-drawn.md"
SVG = "{http://www.w3.org/2000/svg}"


def printed(shown: Map, width: int = 80) -> str:
    written = io.StringIO()
    print_map(Console(file=written, width=width, soft_wrap=True, markup=False, highlight=False, emoji=False), shown)
    lines = "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())
    return re.sub(r"\d+\.\d\d s", "0.00 s", lines)


OM = """\
MAP om: n 3..6, m 0..2, t 0..2
claimed: IC1 and IC2 for n > 3m and at most m traitors (LSP 1982, Theorem 1)

m = 0                        m = 1
t 2  1✗  1✗  1✗  1✗          t 2  2✗  12✗ 12✗  1✗
t 1  1✗  1   1   1                   ┏━━━━━━━━━━━━
    ━━━━━━━━━━━━━━━━         t 1  2✗ ┃ ✓   ✓   ✓   → ✓
t 0  ✓   ✓   ✓   ✓   → ✓     t 0  +  ┃ ✓   ✓   ✓   → ✓
  n  3   4   5   6             n  3    4   5   6

m = 2
t 2  ·  12✗ 12✗ 12✗  → ✓
t 1  ·   12  +   +   → ✓
t 0  ·   +   +   +   → ✓
  n  3   4   5   6

  ✓   proved, as claimed      +   proved, and not claimed
  1   IC1 refuted             2   IC2 refuted
  12  several refuted         ✗   no protocol without signatures can win here
  ·   not applicable          →✓  proved for every larger n
  ┃   where the claim ends
6 cells proved, and not claimed
  m = 1: n 3 at t 0
  m = 2: n 4..6 at t 0; n 5..6 at t 1
all conditions are proved for every n > 3*m and t <= m, 2 orders, by induction over paths
36 cells: 16 proved, 17 refuted (13 that no protocol without signatures can win), 3 not applicable; 0.00 s of \
checking
"""

MIXED = """\
m = 0                        m = 1
t 2   1✗   1✗   1✗   1✗      t 2   2✗   12✗   ?    1✗
t 1   1✗   1    1    1                ┏━━━━━━━━━━━━━━━
    ━━━━━━━━━━━━━━━━━━━━     t 1   2✗ ┃  ✓    ?    ✓
t 0   ✓    ✓    ✓    ✓       t 0   +  ┃  ✓    ✓    ✓
  n   3    4    5    6         n   3     4    5    6

m = 2
t 2   ·   12✗   12✗ ┃ 12✗!
         ━━━━━┓     ┗━━━━━
t 1   ·   12! ┃  +     +
         ━━━━━┛
t 0   ·    +     +     …
  n   3    4     5     6

  ✓    proved, as claimed
  +    proved, and not claimed
  1    IC1 refuted
  2    IC2 refuted
  12   several refuted
  !    refuted, though claimed
  ✗    no protocol without signatures can win here
  ?    unknown
  ·    not applicable
  …    not decided yet
  ┃    where the claim ends
REFUTED, THOUGH CLAIMED at n = 4, m = 2, t = 1: IC1, IC2
  byzverify check om -n 4 -m 2 -t 1
REFUTED, THOUGH CLAIMED at n = 6, m = 2, t = 2: IC1, IC2
  byzverify check om -n 6 -m 2 -t 2
5 cells proved, and not claimed
  m = 1: n 3 at t 0
  m = 2: n 4..5 at t 0; n 5..6 at t 1
2 cells unknown: the time limit passed
  m = 1: n 5 at t 1..2
36 cells: 14 proved, 16 refuted (12 that no protocol without signatures can win), 2 unknown, 3 not applicable, 1 \
not decided yet; 0.00 s of checking; 3 cells recalled; stopped: interrupted
"""


@pytest.mark.slow
def test_a_map_of_om_on_a_terminal_without_colours() -> None:
    assert printed(om(6, 2, 2)) == OM


@pytest.mark.slow
def test_the_legend_explains_a_row_that_goes_on_later_even_if_all_do() -> None:
    landscape = Landscape(Configuration(model="om", m=3), (Axis("n", (4, 5)),))
    later = Map(landscape, all_sizes=(AllSizes(common={}, statement="n > 9", proved=("IC1",), larger=(((), 10),)),))
    assert "proved for every larger n (10+: from 10 on)" in printed(later)
    assert "proved for every larger n\n" in printed(om(6, 2, 2)).replace("   ┃   where the claim ends", "")


@pytest.mark.slow
def test_the_documentation_shows_what_is_printed() -> None:
    (block,) = [text for kind, text in blocks(PAGE) if kind == "text"]
    assert f"\n\n{block}\n" in printed(om(10, 3, 3))


@pytest.mark.slow
def test_findings_unknown_cells_and_those_not_decided_yet_are_marked_and_listed() -> None:
    assert printed(mixed()).partition("\n\n")[2] == MIXED


def test_a_map_of_one_cell_and_one_of_graphs_on_a_terminal() -> None:
    one = Map(Landscape(Configuration(model="om", n=4, m=1), ()), {(): Known(verdict="proved", claimed=True)})
    assert "\n\n ✓\n\n" in printed(one)
    unknown = Map(one.landscape, {(): Known(verdict="unknown", reason="the time limit passed", claimed=True)})
    assert "1 cell unknown: the time limit passed\n1 cell: 1 unknown; " in printed(unknown)
    row = Map(Landscape(Configuration(model="om", m=1), (Axis("n", (4, 5)),)), {(4,): unknown.known[()]})
    assert "1 cell unknown: the time limit passed\n  n 4\n2 cells: " in printed(row)
    graphs = Landscape(
        Configuration(model="om_graph", m=1), (Axis("p", (2, 3)), Axis("graph", ("cycle:5", "complete:4")))
    )
    known = {place: Known(verdict="proved", claimed=place[0] == 3) for place in graphs.places}
    assert "\n\ncycle:5     + ┃ ✓\ncomplete:4  + ┃ ✓\n         p  2   3\n\n" in printed(Map(graphs, known))


def test_a_panel_that_is_too_wide_goes_on_below() -> None:
    landscape = Landscape(Configuration(model="om", m=1), (Axis("n", tuple(range(3, 63))),))
    shown = Map(landscape, {(n,): Known(verdict="proved", claimed=n > 20) for n in range(3, 63)})
    lines = printed(shown, 40).partition("\n\n")[2].partition("proved")[0].splitlines()
    assert max(map(len, lines)) <= 40
    text = "\n".join(lines)
    assert (text.count("┃"), text.count("+"), text.count("✓")) == (1, 18, 42 + 1)  # one is in the legend
    assert re.findall(r"\d+", text) == [str(n) for n in range(3, 63)]


@given(maps())
@settings(max_examples=30)
def test_no_text_can_break_a_terminal(shown: Map) -> None:
    written = printed(shown)
    assert "\x1b" not in written
    assert all(one.isprintable() for one in written.replace("\n", ""))


def expected_kind(known: Known | None) -> str:
    if known is None or known.verdict in ("unknown", "inapplicable"):
        return known.verdict if known else "undecided"
    if known.verdict == "proved":
        return "proved" if known.claimed else "beyond"
    return "finding" if known.claimed else "refuted" if len(known.breaks) == 1 else "several"


def expected_look(known: Known | None) -> str:
    return expected_kind(known) + " unsolvable" * bool(known and known.no_protocol_can)


def expected_looks(shown: Map) -> list[tuple[int, str]]:
    return [(number, expected_look(shown.known.get(place))) for number, place in enumerate(shown.landscape.places)]


@pytest.mark.slow
@given(maps())
@settings(max_examples=40)
def test_every_cell_is_drawn_once_as_what_it_is_and_no_text_can_break_the_picture(shown: Map) -> None:
    svg = ElementTree.fromstring(drawn(shown))
    cells = [one for one in svg.iter(f"{SVG}g") if one.get("data-cell")]
    kinds = [(int(one.get("data-cell", "")), one.get("class", "").removeprefix("cell ")) for one in cells]
    assert sorted(kinds) == expected_looks(shown)
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
    panels = laid_out(shown.landscape)
    frontiers = [panels.frontier(panel, shown.known) for panel in panels.panels]
    lines = [
        one
        for panel in svg.findall(f"{SVG}g[@class='panel']")
        for one in panel.findall(f"{SVG}path[@class='frontier']")
    ]
    drawn_segments = sum(one.get("d", "").count("M") for one in lines)
    assert drawn_segments == sum(len(one.tops) + len(one.lefts) for one in frontiers)


def test_who_does_not_see_the_picture_is_told_what_it_shows() -> None:
    svg = ElementTree.fromstring(drawn(mixed()))
    named = (svg.get("aria-labelledby") or "").split()
    title, description = ("".join(one.itertext()) for key in named for one in svg.iter() if one.get("id") == key)
    assert svg.get("role") == "img"
    assert title == "om: n 3..6, m 0..2, t 0..2"
    assert "36 cells: 14 proved" in description
    assert "n = 4, m = 2, t = 1 is refuted: IC1, IC2; claimed" in description
    assert "m = 1: n 3 at t 0; n 4..6 at t 0" not in description
    assert "unknown: m = 1: n 5 at t 1..2" in description


def test_the_picture_in_the_documentation_is_what_the_tool_draws() -> None:
    """To draw it again after a change: BYZVERIFY_DRAW=1 pytest tests/rendering/test_shown.py, and look at it."""
    svg = drawn(om(10, 3, 3))
    if os.environ.get("BYZVERIFY_DRAW"):
        PICTURE.write_text(svg, encoding="utf-8")
    assert svg == PICTURE.read_text(encoding="utf-8")


def test_every_kind_of_cell_has_a_look_in_light_and_in_dark() -> None:
    light, dark = STYLE.split("@media")
    for kind in set(MEANINGS):
        assert f".cell.{kind} rect" in light
        assert f".cell.{kind} rect" in dark
    assert "url(" not in STYLE


class Read(HTMLParser):
    """What elements a page has, with their attributes, and what it says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def cells(self) -> list[str]:
        """What the cells of the panels look like, by the numbers of their cards."""
        classes = [given["class"] or "" for tag, given in self.elements if tag == "td" and "class" in given]
        kinds = [one for one in classes if one.startswith("cell ") and not one.endswith(" larger")]
        numbers = [given["id"] for tag, given in self.elements if (given.get("id") or "").startswith("cell-")]
        found = dict(zip(numbers, kinds, strict=True))
        looks = ([one for one in found[f"cell-{number}"].split() if one in MEANINGS] for number in range(len(numbers)))
        return list(map(" ".join, looks))


@pytest.mark.slow
@given(maps())
@settings(max_examples=40)
def test_every_cell_is_on_the_page_once_as_what_it_is_and_no_text_can_break_the_page(shown: Map) -> None:
    text = page(shown)
    read = Read(text)
    assert list(enumerate(read.cells())) == expected_looks(shown)
    allowed = "html head meta title style body main h1 h2 h3 h4 p ul li span div table caption tbody tfoot tr th td"
    assert {tag for tag, _ in read.elements} <= {*allowed.split(), "button", "a", "section", "b", "br", "code"}
    assert not [name for _, given in read.elements for name in given if name.startswith("on")]
    panels = laid_out(shown.landscape)
    frontiers = [panels.frontier(panel, shown.known) for panel in panels.panels]
    sides = Counter(side for tag, given in read.elements if tag == "td" for side in (given.get("class") or "").split())
    assert (sides["top"], sides["left"]) == (sum(len(f.tops) for f in frontiers), sum(len(f.lefts) for f in frontiers))


def test_the_page_of_a_map_names_nothing_outside_it_and_allows_nothing() -> None:
    text = page(mixed())
    assert "default-src 'none'" in text
    assert "script" not in text
    assert set(re.findall(r"\w+://[^\s\"'<]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(src|srcset|action|formaction|poster|ping)=|@import|url\(", text)


def targets(read: Read) -> set[str]:
    return {given["id"] or "" for tag, given in read.elements if tag == "article"}


def test_attacks_of_findings_are_told_and_the_smallest_of_each_panel_and_links_lead_to_them() -> None:
    read = Read(page(mixed()))
    numbers = {place: number for number, place in enumerate(mixed().landscape.places)}
    assert {f"attack-{numbers[place]}" for place in ((4, 2, 1), (6, 2, 2), (3, 0, 1), (3, 1, 1))} == targets(read)
    links = {(given["href"] or "").removeprefix("#") for tag, given in read.elements if tag == "a"}
    assert links == targets(read)
    assert "n = 6, m = 2, t = 2: IC2 fails" in "".join(read.said)
    assert sum(given.get("class") == "byzverify-diagram" for _, given in read.elements) == 4
    every = [given["id"] for _, given in read.elements if "id" in given]
    assert len(every) == len(set(every))


def test_a_page_has_room_for_so_many_attacks_and_diagrams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_ATTACKS", 2)
    monkeypatch.setattr(pages, "ROOM", 0)
    text = page(mixed())
    assert len(targets(Read(text))) == 2
    assert text.count("Its diagram is too large for this page.") == 2
    assert "<svg" not in text


def test_an_attack_that_does_not_reproduce_is_no_page() -> None:
    shown = mixed()
    place: Place = (6, 2, 2)
    known = shown.known[place]
    attack = (known.attack or "").replace('"1": "RETREAT"', '"1": "ATTACK"')
    assert attack != known.attack
    shown.known[place] = known.model_copy(update={"attack": attack})
    with pytest.raises(AttackFileError, match="n = 6, m = 2, t = 2"):
        page(shown)


def test_conditions_have_signs_that_tell_them_apart() -> None:
    def signs(*conditions: str) -> list[str]:
        landscape = Landscape(Configuration(model="om"), (Axis("n", tuple(range(len(conditions)))),))
        known: dict[Place, Known] = {(n,): Known(verdict="refuted", breaks=(c,)) for n, c in enumerate(conditions)}
        return [Signs(Map(landscape, known)).sign(one) for one in known.values()]

    assert signs("IC1", "IC2") == ["1", "2"]
    assert signs("Validity", "Agreement") == ["V", "A"]
    assert signs("Closeness", "Consistency") == ["a", "b"]


def test_the_letters_in_a_cell_stand_in_the_order_of_the_legend() -> None:
    known = Known(verdict="refuted", breaks=("Validity", "Closeness", "Consistency"))
    assert Signs(Map(Landscape(Configuration(model="gradecast", n=4, m=2), ()), {(): known})).sign(known) == "abc"


WORDLESS = """
from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast


class Wordless(Protocol):
    coins: str = "none"

    {claim}

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("def tolerates(self, t): return t <= self.n - 4", "by the model's `tolerates`, n 4..5 at t 0; n 5 at t 1"),
        ("def tolerates(self, t): return False", "nothing"),
        ("n: int = 4", "nothing"),
        ("claim = 'all, always'", "all, always"),
    ],
)
def test_what_is_claimed_is_said_though_the_model_has_no_words_for_it(
    claim: str, said: str, tmp_path: Path, byzverify: Call
) -> None:
    path = tmp_path / "wordless.py"
    path.write_text(WORDLESS.format(claim=claim))
    shown = byzverify(f"map {path} -n 3..5 -t 0..1 --no-store").out
    assert shown.splitlines()[1] == f"claimed: {said}"


@pytest.mark.slow
def test_values_that_are_no_numbers_are_counted_and_their_name_stays(tmp_path: Path, byzverify: Call) -> None:
    path = tmp_path / "wordless.py"
    path.write_text(WORDLESS.format(claim="n: int = 4"))
    shown = byzverify(f"map {path} -n 3 -t 0..1 --set coins=a,b --no-store").out
    assert "2 values of coins, t 0..1" in shown.splitlines()[0]
