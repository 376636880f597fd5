"""Graphs for Graphviz, as Graphviz itself draws them."""

import subprocess
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byzverify.attacks.attack import Attack
from byzverify.attacks.run_log import RunLog
from byzverify.language import Label
from byzverify.rendering.attack.dot import dot
from byzverify.rendering.attack.letters import letters
from byzverify.rendering.attack.phrasing import phrases
from tests.rendering.attacks import FALLING, LABELS, attack_on, attack_under
from tests.support.other_tools import program

SVG = "{http://www.w3.org/2000/svg}"


def drawn(attack: Attack) -> ElementTree.Element:
    """What Graphviz draws, which it does without a word."""
    text = dot(RunLog(attack.replay()))
    ended = subprocess.run([program("dot"), "-Tsvg"], input=text.encode(), capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return ElementTree.fromstring(ended.stdout)


def spaced(text: str) -> str:
    return " ".join(text.split())


def texts(svg: ElementTree.Element, kind: str) -> list[str]:
    """The lines of text in nodes or edges."""
    groups = [group for group in svg.iter(f"{SVG}g") if group.get("class") == kind]
    return [spaced(line.text or "") for group in groups for line in group.iter(f"{SVG}text")]


@pytest.mark.slow
@pytest.mark.parametrize("name", FALLING)
def test_graphviz_draws_every_letter_and_every_decision(name: str) -> None:
    attack = attack_on(name)
    svg = drawn(attack)
    told = list(letters(RunLog(attack.replay())))
    said = sorted(spaced(phrase) for letter in told for phrase in phrases(letter, attack.traitors))
    assert sorted(texts(svg, "edge")) == said
    assert sum(line.startswith("decides ") for line in texts(svg, "node")) == len(attack.decisions)
    dashed = [line for line in svg.iter(f"{SVG}path") if line.get("stroke") == "#cd0000"]
    assert len(dashed) == sum(letter.has_lies for letter in told) > 0
    assert all(line.get("stroke-dasharray") for line in dashed)


@pytest.mark.slow
@given(labels=st.lists(LABELS, min_size=5, max_size=5))
@settings(max_examples=10, deadline=None)
def test_any_label_is_drawn_as_it_is(labels: list[Label]) -> None:
    for label in labels:
        attack = attack_under(label)
        told = letters(RunLog(attack.replay()))
        said = sorted(spaced(phrase) for letter in told for phrase in phrases(letter, attack.traitors))
        assert sorted(texts(drawn(attack), "edge")) == said
