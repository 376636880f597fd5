"""Sequence diagrams, as Mermaid itself draws them in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from byzverify.attacks.attack import Attack
from byzverify.attacks.run_log import RunLog
from byzverify.language import Label
from byzverify.rendering.attack.letters import letters
from byzverify.rendering.attack.mermaid import mermaid
from byzverify.rendering.attack.phrasing import phrases
from tests.browser.conftest import from_npm, in_every_run
from tests.rendering.attacks import FALLING, LABELS, attack_on, attack_under

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DRAW = """async texts => {
  mermaid.initialize({startOnLoad: false});
  const found = [];
  for (const [number, text] of texts.entries()) {
    const shown = document.createElement("div");
    shown.innerHTML = (await mermaid.render("diagram" + number, text)).svg;
    const all = name => [...shown.querySelectorAll(name)];
    found.push({
      said: all(".messageText").map(one => one.textContent),
      notes: all(".noteText").map(one => one.textContent),
      dashed: all(".messageLine1").length,
      crosses: all("[marker-end*=crosshead]").length,
    });
  }
  return found;
}"""


class Drawn(NamedTuple):
    """What is in a diagram: lines of messages, notes, dashed arrows, and arrows that end in a cross."""

    said: list[str]
    notes: list[str]
    dashed: int
    crosses: int


def drawn(attacks: Sequence[Attack], browser: Browser) -> list[Drawn]:
    """What Mermaid makes of each attack."""
    page = browser.new_page()
    page.add_script_tag(path=from_npm("mermaid/dist/mermaid.min.js"))
    found = page.evaluate(DRAW, [mermaid(RunLog(attack.replay())) for attack in attacks])
    page.close()
    return [Drawn(**one) for one in found]


def spaced(text: str) -> str:
    return " ".join(text.split())


def said_in(attack: Attack) -> list[str]:
    told = letters(RunLog(attack.replay()))
    return [spaced(phrase) for letter in told for phrase in phrases(letter, attack.traitors)]


@pytest.fixture(scope="module")
def diagrams(browser: Browser) -> dict[str, Drawn]:
    return dict(zip(FALLING, drawn(list(map(attack_on, FALLING)), browser), strict=True))


@pytest.mark.parametrize("name", in_every_run(FALLING))
def test_mermaid_draws_every_letter_round_and_decision(name: str, diagrams: dict[str, Drawn]) -> None:
    attack, found = attack_on(name), diagrams[name]
    assert list(map(spaced, found.said)) == said_in(attack)
    assert sum(note.startswith("decides ") for note in found.notes) == len(attack.decisions)
    assert sum(note.startswith("round ") for note in found.notes) == attack.replay().run.rounds


@pytest.mark.parametrize("name", in_every_run(FALLING))
def test_lies_are_dashed_and_silence_ends_in_a_cross(name: str, diagrams: dict[str, Drawn]) -> None:
    told = list(letters(RunLog(attack_on(name).replay())))
    assert diagrams[name].dashed == sum(letter.has_lies for letter in told) > 0
    assert diagrams[name].crosses == sum(letter.kind == "silent" for letter in told)


@pytest.mark.slow
@given(labels=st.lists(LABELS, min_size=20, max_size=40))
@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_any_label_is_drawn_as_it_is(labels: list[Label], browser: Browser) -> None:
    """What fails is not shrunk: each step would draw for long."""
    attacks = [attack_under(label) for label in labels]
    for attack, found in zip(attacks, drawn(attacks, browser), strict=True):
        assert list(map(spaced, found.said)) == said_in(attack)
