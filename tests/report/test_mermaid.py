"""Sequence diagrams, as Mermaid itself draws them in a browser.

Mermaid is the `mermaid.min.js` that MERMAID_JS names: `npm pack mermaid` fetches it.
"""

import html
import json
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from byzverify.attacks.account import Account
from byzverify.attacks.attack import Attack
from byzverify.language import Label
from byzverify.report.mermaid import mermaid
from byzverify.report.phrasing import letters
from tests.other_tools import missing, program
from tests.report.attacks import FALLING, LABELS, attack_on, attack_under

PAGE = """<!doctype html><meta charset="utf-8"><pre id="found"></pre>
<script src="{library}"></script>
<script type="module">
mermaid.initialize({{startOnLoad: false}});
const found = [];
for (const [number, text] of {texts}.entries()) {{
  const shown = document.createElement("div");
  try {{
    shown.innerHTML = (await mermaid.render("diagram" + number, text)).svg;
  }} catch (error) {{
    shown.textContent = error;
  }}
  const all = name => [...shown.querySelectorAll(name)];
  found.push({{
    said: all(".messageText").map(one => one.textContent),
    notes: all(".noteText").map(one => one.textContent),
    dashed: all(".messageLine1").length,
    crosses: all("[marker-end*=crosshead]").length,
  }});
}}
document.getElementById("found").textContent = JSON.stringify(found);
</script>"""


UNLIMITED = ["sh", "-c", 'ulimit -Sv unlimited; exec "$@"', "sh"]
"""A browser wants more addresses than our command line, which other tests run in this process, leaves itself."""


class Drawn(NamedTuple):
    """What is in a diagram: lines of messages, notes, dashed arrows, and arrows that end in a cross."""

    said: list[str]
    notes: list[str]
    dashed: int
    crosses: int


def drawn(attacks: Sequence[Attack], folder: Path) -> list[Drawn]:
    """What Mermaid makes of each attack."""
    library = Path(os.environ.get("MERMAID_JS") or missing("mermaid.min.js (npm pack mermaid; set MERMAID_JS)"))
    texts = json.dumps([mermaid(Account(attack.replay())) for attack in attacks]).replace("<", "\\u003c")
    page = folder / "page.html"
    page.write_text(PAGE.format(library=library.resolve().as_uri(), texts=texts), encoding="utf-8")
    alone = [f"--user-data-dir={folder / 'profile'}", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=100000"]
    command = [program("chromium"), "--headless", *alone, "--dump-dom", page.as_uri()]
    ended = subprocess.run([*UNLIMITED, *command], capture_output=True, check=False, timeout=100)
    found = re.search(r'<pre id="found">(.+?)</pre>', ended.stdout.decode(), re.DOTALL)
    assert found, ended.stderr.decode()
    return [Drawn(**one) for one in json.loads(html.unescape(found[1]))]


def spaced(text: str) -> str:
    return " ".join(text.split())


def phrases(attack: Attack) -> list[str]:
    told = letters(Account(attack.replay()).told())
    return [spaced(phrase) for letter in told for phrase in letter.phrases(attack.traitors)]


@pytest.fixture(scope="module")
def diagrams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Drawn]:
    return dict(
        zip(FALLING, drawn([attack_on(name) for name in FALLING], tmp_path_factory.mktemp("mermaid")), strict=True)
    )


@pytest.mark.parametrize("name", FALLING)
def test_mermaid_draws_every_letter_round_and_decision(name: str, diagrams: dict[str, Drawn]) -> None:
    attack, found = attack_on(name), diagrams[name]
    assert list(map(spaced, found.said)) == phrases(attack)
    assert sum(note.startswith("decides ") for note in found.notes) == len(attack.decisions)
    assert sum(note.startswith("round ") for note in found.notes) == attack.replay().run.rounds


@pytest.mark.parametrize("name", FALLING)
def test_lies_are_dashed_and_silence_ends_in_a_cross(name: str, diagrams: dict[str, Drawn]) -> None:
    told = list(letters(Account(attack_on(name).replay()).told()))
    assert diagrams[name].dashed == sum(letter.has_lies for letter in told) > 0
    assert diagrams[name].crosses == sum(letter.is_silent for letter in told)


@given(labels=st.lists(LABELS, min_size=20, max_size=40))
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_any_label_is_drawn_as_it_is(labels: list[Label], tmp_path: Path) -> None:
    """What fails is not shrunk: each step would start a browser."""
    attacks = [attack_under(label) for label in labels]
    for attack, found in zip(attacks, drawn(attacks, tmp_path), strict=True):
        assert list(map(spaced, found.said)) == phrases(attack)
