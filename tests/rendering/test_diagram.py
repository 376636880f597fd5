"""The space-time diagram: it shows what the simulator saw, nothing hostile breaks it, and no text lies on another."""

import os
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import byzverify
from byzverify.attacks.run_log import RunLog
from byzverify.language import Label
from byzverify.language.decisions import written
from byzverify.rendering.attack import diagram as drawing
from byzverify.rendering.attack.diagram import STYLE, diagram
from byzverify.rendering.attack.layout import width
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Script
from tests.rendering.attacks import FALLING, LABELS, LARGER, attack_on, attack_under

ROOT = Path(__file__).parents[2]
ATTACKS = ROOT / "tests" / "golden" / "attacks"
PICTURES = {
    "om-6-2": ROOT / "docs" / "pictures" / "om-6-2.svg",
    "z-5-1-mixed": ROOT / "tests" / "golden" / "pictures" / "z-5-1-mixed.svg",
}
SVG = "{http://www.w3.org/2000/svg}"

Element = ElementTree.Element


def account_of(name: str) -> RunLog:
    return RunLog(attack_on(name).replay())


def drawn(log: RunLog) -> Element:
    return ElementTree.fromstring(diagram(log))


def of_class(svg: Element, name: str) -> list[Element]:
    return [one for one in svg.iter() if name in one.get("class", "").split() and "legend" not in one.get("class", "")]


def place(letter: Element) -> tuple[int, int, int]:
    return int(letter.get("data-round", "")), int(letter.get("data-sender", "")), int(letter.get("data-receiver", ""))


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_in_the_repository_are_what_the_tool_draws(name: str) -> None:
    """To draw them again after a change: BYZVERIFY_DRAW=1 pytest tests/rendering/test_diagram.py, and look at them."""
    _, replay = byzverify.load(ATTACKS / f"{name}.json")
    if os.environ.get("BYZVERIFY_DRAW"):
        PICTURES[name].write_text(diagram(RunLog(replay)), encoding="utf-8")
    assert diagram(RunLog(replay)) == PICTURES[name].read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", FALLING)
def test_letters_that_the_simulator_saw_lie_are_drawn_as_lies_and_no_others(name: str) -> None:
    log = account_of(name)
    svg = drawn(log)
    lies = {(lie.round, lie.sender, lie.receiver) for lie in log.run.lies}
    speaking = {address for address, content in log.run.said.items() if content}
    assert {place(one) for one in of_class(svg, "lie")} == lies & speaking
    assert {place(one) for one in of_class(svg, "silent")} == lies - speaking
    assert {place(one) for one in of_class(svg, "letter")} == {(t.round, t.sender, t.receiver) for t in log.told()}


@pytest.mark.parametrize("name", FALLING)
def test_honest_letters_are_drawn_as_misled_where_they_would_be_others_if_nobody_failed(name: str) -> None:
    log = account_of(name)
    honest = RunLog(Replay(run(log.run.protocol, {}, log.run.orders, Script({})), []))
    svg = drawn(log)
    for letter in of_class(svg, "honest") + of_class(svg, "misled"):
        told = [one for one in log.told() if (one.round, one.sender, one.receiver) == place(letter)]
        changed = [one for one in told if honest.at((*place(letter), one.label)).said.name != one.said.name]
        assert bool(changed) == ("misled" in letter.get("class", ""))


@pytest.mark.parametrize("name", FALLING)
def test_generals_and_decisions_are_drawn_as_they_were_in_the_simulator(name: str) -> None:
    log = account_of(name)
    svg = drawn(log)
    assert [int(one.get("data-general", "")) for one in of_class(svg, "general")] == list(range(log.run.protocol.n))
    assert {int(one.get("data-general", "")) for one in of_class(svg, "traitor")} == set(log.run.faults)
    decisions = {int(one.get("data-general", "")): one for one in of_class(svg, "decision")}
    assert decisions.keys() == set(log.run.loyal)
    for general, group in decisions.items():
        words = re.findall(r"\w+", str(written(log.run.decisions[general])))
        shown = re.findall(r"\w+|–", group.findtext(f"{SVG}text", ""))
        assert len(shown) == len(words)
        assert all(
            word.startswith(short) or (short, word) == ("–", "ABSENT") for short, word in zip(shown, words, strict=True)
        )
        told = re.findall(r"\w+", group.findtext(f"{SVG}title", "").partition(" decides ")[2])
        assert told[: len(words)] == words
    blamed = {one for judgement in log.replay.violated for one in judgement.witnesses or ()}
    assert blamed <= {one for one, group in decisions.items() if "breaks" in group.get("class", "")}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FALLING, *LARGER])
def test_no_text_lies_on_another_or_leaves_the_picture(name: str) -> None:
    svg = drawn(account_of(name))
    boxes = list(map(box, visible_texts(svg)))
    for left, top, right, bottom, text in boxes:
        assert left >= 0, text
        assert top >= 0, text
        assert right <= float(svg.get("width", "")), text
        assert bottom <= float(svg.get("height", "")), text
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, f"{one} lies on {other}"


def visible_texts(svg: Element) -> list[Element]:
    hidden = {text for kind in ("honest", "misled") for one in of_class(svg, kind) for text in one.iter(f"{SVG}text")}
    return [text for text in svg.iter(f"{SVG}text") if text.text and text not in hidden]


SIZES = {"headline": 17, "start quiet": 11, "note": 11}
MIDDLE = ("number", "chip-text", "")
END = ("name", "start quiet")


def box(text: Element) -> tuple[float, float, float, float, str]:
    """About the rectangle that a text takes, by the classes that STYLE knows."""
    class_, said = text.get("class", ""), text.text or ""
    x, y, size = float(text.get("x", "")), float(text.get("y", "")), SIZES.get(class_, 12)
    wide = width(said, size)
    left = x - wide / 2 if class_ in MIDDLE else x - wide if class_ in END else x
    return left, y - size * 0.75, left + wide, y + size * 0.2, said


@pytest.mark.parametrize("name", LARGER)
def test_letters_of_a_round_leave_and_arrive_apart(name: str) -> None:
    shafts = [one.find(f"{SVG}path[@class='shaft']") for one in of_class(drawn(account_of(name)), "letter")]
    ways = [one.get("d", "") for one in shafts if one is not None]
    assert len(ways) == len(set(ways))


def test_ten_generals_fit_into_four_hundred_kilobytes() -> None:
    picture = diagram(account_of("om among ten"))
    assert len(of_class(ElementTree.fromstring(picture), "letter")) > 150
    assert len(picture.encode()) < 400_000


def test_of_a_run_with_too_many_letters_the_lies_are_drawn_and_the_picture_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, replay = byzverify.load(ATTACKS / "om-6-2.json")
    every = of_class(drawn(RunLog(replay)), "letter")
    monkeypatch.setattr(drawing, "MOST_LETTERS", len(every) - 1)
    svg = drawn(RunLog(replay))
    lies = {(lie.round, lie.sender, lie.receiver) for lie in replay.run.lies}
    assert {place(one) for one in of_class(svg, "letter")} == lies
    assert f"{len(every) - len(lies)} letters that are no lies are not drawn." in list(svg.itertext())


@pytest.mark.slow
@given(LABELS | st.sampled_from(["<script>", "\"&'", "]]>", "\ud800", "a\x00b", "a\n\rb", "--><!--"]))
def test_no_label_can_break_a_picture(label: Label) -> None:
    svg = drawn(RunLog(attack_under(label).replay()))
    assert "script" not in {one.tag.removeprefix(SVG) for one in svg.iter()}
    assert [place(one) for one in of_class(svg, "lie")] == [(2, 2, 1)]
    assert len(of_class(svg, "decision")) == 2


def test_what_a_label_says_can_be_read() -> None:
    log = account_of("om")
    (lie,) = of_class(drawn(log), "lie")
    told = "round 2: general 2 (traitor) tells general 1 RETREAT instead of ATTACK about 0-2"
    assert lie.findtext(f"{SVG}title") == told


def test_nothing_has_colours_of_its_own_and_nothing_is_fetched_or_run() -> None:
    svg = drawn(account_of("om with three orders"))
    for one in svg.iter():
        assert not {"style", "fill", "stroke", "href", "onclick", "onload"} & one.attrib.keys()
        assert one.tag.removeprefix(SVG) in {"svg", "title", "desc", "style", "g", "rect", "circle", "path", "text"}
    assert svg.findtext(f"{SVG}style", "").strip() == STYLE.strip()
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_two_pictures_can_stand_in_one_page() -> None:
    ids = [[one.get("id") for one in drawn(account_of(name)).iter() if one.get("id")] for name in FALLING]
    every = [one for some in ids for one in some]
    assert len(every) == 2 * len(FALLING) == len(set(every))


def test_who_does_not_see_the_picture_is_told_what_it_shows() -> None:
    log = account_of("om")
    svg = drawn(log)
    named = (svg.get("aria-labelledby") or "").split()
    title, description = ("".join(one.itertext()) for key in named for one in svg.iter() if one.get("id") == key)
    assert svg.get("role") == "img"
    assert title == "om(n=3, m=1): traitor 2; IC2 FAILS"
    assert "general 2 (traitor) tells general 1 RETREAT instead of ATTACK" in description
    assert "General 1 decides RETREAT and breaks IC2." in description


def test_a_picture_is_the_same_text_every_time() -> None:
    _, replay = byzverify.load(ATTACKS / "z-5-1-mixed.json")
    assert diagram(RunLog(replay)) == diagram(RunLog(replay))
