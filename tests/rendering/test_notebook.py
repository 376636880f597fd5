"""What notebooks show: verdicts with all that the terminal says of them, attacks as pictures, terms as graphs."""

from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import byzverify
from byzverify.attacks.run_log import RunLog
from byzverify.language import Protocol
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import FALSE, TRUE, Literal, SimplifiedTerms, Terms, cone
from byzverify.models.om import OM
from byzverify.rendering import notebook
from byzverify.rendering.attack.diagram import diagram
from byzverify.rendering.cone import MOST_NODES, Cone, drawn

SVG = "{http://www.w3.org/2000/svg}"


class Read(HTMLParser):
    """The texts and the tags of a page; every tag that is opened must be closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def shown(verdict: Any) -> Read:
    return Read(verdict._repr_html_())


def test_a_proof_shows_its_conditions_and_what_it_rests_on() -> None:
    verdict = byzverify.check(OM(n=4, m=1))
    page = shown(verdict)
    assert "PROVED" in page.texts
    for known in verdict.conditions:
        assert {known.condition.name, known.condition.statement} <= set(page.texts)
    assert any(f"{verdict.evidence.traitor_sets} sets of traitors" in text for text in page.texts)
    assert "svg" not in page.tags


def test_a_refutation_shows_its_attack() -> None:
    verdict = byzverify.check(OM(n=3, m=1))
    assert isinstance(verdict, byzverify.Refuted)
    page = shown(verdict)
    assert {"REFUTED", "refuted"} <= set(page.texts)
    assert verdict.attack._repr_svg_() == diagram(RunLog(verdict.replay))
    assert str(verdict.attack._repr_svg_()) in str(verdict._repr_html_())


def test_of_an_attack_that_tells_too_much_there_is_no_diagram(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = byzverify.check(OM(n=3, m=1))
    assert isinstance(verdict, byzverify.Refuted)
    monkeypatch.setattr(notebook, "MOST_TOLD", verdict.replay.run.messages - 1)
    assert verdict.attack._repr_svg_() is None
    assert any(f"{verdict.replay.run.messages} orders told" in text for text in shown(verdict).texts)
    assert "svg" not in shown(verdict).tags


IN_A_CELL = """
from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast

class Gullible(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


def test_a_protocol_that_is_written_in_a_cell_is_in_no_file_and_goes_by_its_class() -> None:
    cell: dict[str, Any] = {"__name__": "in_no_file"}
    exec(IN_A_CELL, cell)
    verdict = byzverify.check(cell["Gullible"](n=3), 1)
    assert isinstance(verdict, byzverify.Refuted)
    assert any("Gullible(n=3) with at most 1 traitor" in text for text in shown(verdict).texts)
    assert "Gullible(n=3): traitor 0" in str(verdict.attack._repr_svg_())


def test_what_is_unknown_shows_why() -> None:
    verdict = byzverify.check(OM(n=10, m=3), 4, timeout=0)
    assert isinstance(verdict, byzverify.Unknown)
    page = shown(verdict)
    assert "UNKNOWN" in page.texts
    assert any(verdict.reason in text for text in page.texts)


def test_a_condition_of_which_nothing_is_asked_says_so() -> None:
    verdict = byzverify.check(OM(n=2, m=0))
    assert any("leaves anything to check" in text for text in shown(verdict).texts)


class Told(Protocol):
    """Nobody says anything, and what is written in `note` shows in the verdict."""

    note: str

    def general(self, me: int, order: Any) -> Any:
        yield None
        return self.orders[0]


@pytest.mark.slow
@pytest.mark.parametrize("note", ["<script>alert(1)</script>", "</style><b>", "\"&'", "</div>"])
def test_no_parameter_can_break_a_page(note: str) -> None:
    page = shown(byzverify.check(Told(n=3, note=note), 1))
    assert not {"script", "b"} & page.tags
    assert any(note in text for text in page.texts)


Parts = list[tuple[int, list[tuple[int, bool, int]]]]


@st.composite
def cones(draw: st.DrawFn, kind: type[Terms] = SimplifiedTerms) -> Cone:
    terms = kind()
    literals: list[Literal] = [terms.variable(number) for number in range(draw(st.integers(1, 5)))]
    for _ in range(draw(st.integers(0, 12))):
        parts = draw(st.lists(st.tuples(st.sampled_from(literals), st.booleans()), min_size=1, max_size=5))
        weights = draw(st.lists(st.integers(1, 3), min_size=len(parts), max_size=len(parts)))
        signed = [part if positive else -part for part, positive in parts]
        literals.append(terms.at_least(draw(st.integers(0, sum(weights))), signed, weights))
    return Cone(terms, literals[-1])


def picture(shown: Cone) -> ElementTree.Element:
    return ElementTree.fromstring(drawn(shown))


@given(cones())
def test_every_node_of_a_cone_is_drawn_with_a_line_for_each_of_its_parts(shown: Cone) -> None:
    svg = picture(shown)
    made = [shown.terms.nodes[number] for number in cone(shown.terms, [shown.literal]) if number != TRUE]
    signs = [one for one in svg.iter(f"{SVG}g") if one.get("class") == "node"]
    lines = [one for one in svg.iter(f"{SVG}g") if one.get("class", "").startswith("line")]
    negated = [one for one in lines if "negated" in one.get("class", "")]
    nodes = [one for one in made if one is not None]
    from_root = 0 if shown.literal in (TRUE, FALSE) else 1
    assert len(signs) == len(nodes)
    assert len(lines) == sum(len(one.literals) for one in nodes) + from_root
    negations = sum(literal < 0 for one in nodes for literal in one.literals)
    assert len(negated) == negations + (from_root and shown.literal < 0)


@given(cones())
def test_signs_of_a_cone_stand_apart_and_parts_before_wholes(shown: Cone) -> None:
    places: dict[int, tuple[float, float]] = {}
    for one in picture(shown).iter(f"{SVG}g"):
        plate = one.find(f"{SVG}rect")
        if one.get("class") == "node" and plate is not None:
            places[int(one.get("data-node", ""))] = (float(plate.get("x", "")), float(plate.get("y", "")))
    assert len(set(places.values())) == len(places)
    for number, (x, y) in places.items():
        made = shown.terms.nodes[number]
        assert all(places[abs(part)][0] < x for part in (made.literals if made else ()) if abs(part) in places)
        assert all(abs(y - other) >= 26 for at, (beside, other) in places.items() if at != number and beside == x)


def words(terms: Terms, k: int, count: int) -> list[str | None]:
    literal = terms.at_least(k, [terms.variable(number) for number in range(count)])
    return [one.text for one in picture(Cone(terms, literal)).iter(f"{SVG}text") if one.get("class") == "kind"]


def test_what_is_and_and_what_is_or_is_called_so() -> None:
    for k, called in ((1, "or"), (2, "≥ 2"), (3, "and")):
        terms = Terms()
        assert words(terms, k, 3) == [called]
        literal = terms.at_least(k, [terms.variable(number) for number in range(3)])
        of_one, of_two, of_three = (
            evaluate(terms, [literal], {terms.variable(one) for one in range(true)})[0] for true in (1, 2, 3)
        )
        assert [of_one, of_two, of_three] == [k <= 1, k <= 2, k <= 3]


def test_variables_are_called_as_one_says() -> None:
    terms = Terms()
    one, other = terms.variable("a"), terms.variable("b")
    svg = picture(Cone(terms, terms.both(one, other), {one: "general 0 & <1>"}))
    assert {"general 0 & <1>", f"x{other}"} <= {text.text for text in svg.iter(f"{SVG}text")}


def test_a_large_cone_is_told_and_not_drawn() -> None:
    terms = Terms()
    large = Cone(terms, terms.at_least(2, [terms.variable(number) for number in range(MOST_NODES)]))
    small = Cone(terms, terms.variable(0))
    assert large._repr_svg_() is None
    assert large._repr_html_() == (
        f"<p>literal {large.literal}: 1 node over {MOST_NODES} variables, 1 deep: too many to draw</p>"
    )
    assert small._repr_html_() is None
    assert small._repr_svg_() == drawn(small)


def test_a_cone_of_nothing_is_a_constant() -> None:
    assert next(picture(Cone(Terms(), TRUE)).iter(f"{SVG}text")).text == "true"
    assert next(picture(Cone(Terms(), FALSE)).iter(f"{SVG}text")).text == "false"
