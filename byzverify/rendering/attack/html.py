"""The page of an attack, or of several to compare: one self-contained HTML file on which users can change the attack.

This module writes what does not change: the headline, the diagram, the story, and how to reproduce the attack. The page
computes the consequences of what faulty generals say, on a board that it contains; its texts, styles and scripts are in
`page/`. All content from an attack is escaped, and the page's security policy forbids other scripts and any network.
This module knows logs, stories and boards. It must not know how letters affect decisions.
"""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import byzverify
from byzverify.attacks.attack import MOST_TOLD as MOST_DRAWN
from byzverify.attacks.attack import Attack
from byzverify.attacks.outcomes import broken, faulty
from byzverify.attacks.run_log import RunLog
from byzverify.board.board import Board
from byzverify.board.packing import packed
from byzverify.catalogue import library
from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError, counted
from byzverify.language.faults import Fault
from byzverify.rendering.attack.diagram import STYLE, diagram
from byzverify.rendering.attack.inviting import honest_button, invitation, lie_or_lapse, primer
from byzverify.rendering.markup import filled, hash_of, paragraphs, part, without_style
from byzverify.rendering.verdict.asked import describe
from byzverify.scenario.wording import decided, plural
from byzverify.simulation.judging import Replay
from byzverify.stories.narration import Story, introductions, story, tell

MOST_TOLD = 20_000
"""No page is made of a run with more messages than this: browsers would be slow, and nobody could read it."""

MOST_SAID = 2
"""How many sayings of faulty generals appear before the diagram."""

SCRIPTS = (
    "elements",
    "evaluator",
    "game",
    "words",
    "letters",
    "diagram",
    "thresholds",
    "reasons",
    "choices",
    "panel",
    "page",
    "address",
)


class ShownAttack(NamedTuple):
    """An attack to show, and where its file is."""

    path: Path
    attack: Attack
    replay: Replay


def page(cases: Sequence[ShownAttack]) -> str:
    """The page that shows these attacks. Raises UsageError if there is too much to show."""
    alone = len(cases) == 1
    models = " and ".join(dict.fromkeys(describe(case.attack.protocol) for case in cases))
    style = STYLE + part("base.css") + part("choices.css") + part("page.css")
    script = "\n".join(part(f"{name}.js") for name in SCRIPTS)
    return filled(
        "page.html",
        title=escape(f"{'An attack' if alone else f'{len(cases)} attacks'} on {models}"),
        version=byzverify.__version__,
        primer=primer({mode for case in cases for mode in case.replay.run.faults.values()}),
        arrangement="alone" if alone else "compared",
        style=style,
        style_hashes=hash_of(style),
        script=script,
        script_hash=hash_of(script),
        attacks="\n".join(_article(number, case, alone) for number, case in enumerate(cases, start=1)),
    )


def _article(number: int, case: ShownAttack, alone: bool) -> str:
    if case.replay.run.messages > MOST_TOLD:
        instead = "; -o attack.svg draws the lies alone" * (case.replay.run.messages <= MOST_DRAWN)
        raise UsageError(
            f"{case.path}: {case.replay.run.messages:,} orders are told in this attack, and a page shows at most "
            f"{MOST_TOLD:,}{instead}"
        )
    log = RunLog(case.replay)
    told = lede(case.replay, tell(case.replay, log))
    board = Board(log)
    content = json.dumps(packed(board), separators=(",", ":"))
    modes = set(case.replay.run.faults.values())
    return filled(
        "attack.html",
        id=f"attack-{number}",
        fingerprint=f"{crc32(content.encode()):x}",
        instance="" if alone else f'<p class="instance">{escape(describe(case.attack.protocol))}</p>',
        headline=escape(headline(case.replay)),
        lede=paragraphs(told),
        honest=honest_button(modes),
        invitation=invitation(modes),
        wrong="; ".join(f'<span class="mark lie">{mark}</span> {meaning}' for mark, meaning in lie_or_lapse(modes)),
        diagram=without_style(diagram(log, board.messages)),
        story=_items(story(log)),
        configuration=_terms(_configuration(case)),
        commands=escape("\n".join([f"byzverify replay {shlex.quote(case.path.name)}", _question(case.attack)])),
        file=escape(case.path.name),
        attack=base64.b64encode((case.attack.file().model_dump_json(indent=1) + "\n").encode()).decode(),
        board=_in_script(content),
    )


def headline(replay: Replay) -> str:
    """Which conditions fail, and for whom."""
    first = replay.explained[0]
    return f"{first.condition.name} fails: {broken(replay.run, first).removeprefix('but ')}"


def lede(replay: Replay, story: Story) -> list[str]:
    """The paragraphs before the diagram: what was promised, who fails and says what, and the outcome."""
    promised = "; and that ".join(judgement.condition.statement for judgement in replay.violated)
    lies = [str(saying) for saying in story.sayings[:MOST_SAID]]
    more = sum(saying.number for saying in story.sayings[MOST_SAID:])
    path = f"({story.path}.)" if story.path else ""
    turned = [f"{part}." for one in story.deliberations[:1] for part in (one.heading, one.tipped) if part]
    return [
        f"The protocol is to see to it that {promised}.",
        " ".join(introductions(replay.run)),
        " ".join([*lies, *([f"And {more} more."] if more else []), path]),
        " ".join(turned),
    ]


def _configuration(case: ShownAttack) -> dict[str, str]:
    run = case.replay.run
    milder = [mode for mode in run.faults.values() if mode is not Fault.BYZANTINE]
    return {
        "Protocol": describe(run.protocol),
        "Published claim": type(run.protocol).claim,
        "Fails" if milder else "Traitors": faulty(run),
        "Starts": "; ".join(f"{plural('general', [one])}: {order}" for one, order in run.orders.items()),
        "Told": f"{counted(run.messages, 'order')} in {counted(run.rounds, 'round')}; lies or lapses: {len(run.lies)}",
        "Decisions": "; ".join(f"general {one}: {decided(run.decisions[one])}" for one in run.loyal),
    }


def _question(attack: Attack) -> str:
    """The command that looks for an attack like this one."""
    parameters = dict(library.parameters_of(attack.protocol))
    if parameters.get("values") == 2:
        del parameters["values"]
    named = {name: parameters.pop(name) for name in ("n", "m", "values") if name in parameters}
    graph = parameters.pop("graph", "") or None
    modes = [str(mode) for mode in attack.traitors.values()]
    faults = {mode: modes.count(mode) for mode in dict.fromkeys(modes)}
    traitors = faults.pop(Fault.BYZANTINE) if set(faults) == {Fault.BYZANTINE} else None
    asked = Configuration(
        model=library.reference_to(type(attack.protocol)),
        **named,
        graph=graph,
        t=traitors,
        faults=faults,
        set=parameters,
    )
    return asked.command()


def _in_script(text: str) -> str:
    """JSON that cannot close the script element around it."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _items(texts: Sequence[str]) -> str:
    return "<ol>\n" + "\n".join(f"<li>{escape(text)}</li>" for text in texts) + "\n</ol>"


def _terms(known: dict[str, str]) -> str:
    return "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in known.items() if text)
