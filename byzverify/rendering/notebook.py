"""What notebooks show for attacks, verdicts and impossibilities: a picture, or a small self-contained summary.

The classes call these functions from `_repr_svg_` and `_repr_html_`, when a notebook asks, and do not know them
otherwise.
"""

from __future__ import annotations

from html import escape

from byzverify.attacks.attack import MOST_TOLD, Attack
from byzverify.attacks.run_log import RunLog
from byzverify.errors import counted
from byzverify.questions.verdict import ConditionVerdict, Proved, Refuted, Verdict
from byzverify.rendering.attack.diagram import diagram
from byzverify.rendering.impossibility.argument import acts_in
from byzverify.rendering.impossibility.drawing import MOST_ACTS, drawn
from byzverify.rendering.verdict.asked import looked_at, question
from byzverify.scenario.impossibility import DoubleCover, RunChain
from byzverify.simulation.judging import Replay

STYLE = """
.byzverify-verdict { border-left: 6px solid; padding: 2px 0 2px 14px; margin: 4px 0; max-width: 60em; }
.byzverify-verdict p { margin: 4px 0; }
.byzverify-verdict table { border-collapse: collapse; margin: 6px 0; }
.byzverify-verdict td { text-align: left; vertical-align: top; padding: 2px 14px 2px 0; background: none; }
.byzverify-verdict p.quiet { opacity: 0.75; font-size: 90%; }
.byzverify-verdict.proved { border-color: #009e73; }
.byzverify-verdict.refuted { border-color: #d55e00; }
.byzverify-verdict.unknown { border-color: #e69f00; }
"""


def attack_as_svg(attack: Attack) -> str | None:
    """The diagram of an attack, which is replayed for it; None if the run has too many messages."""
    return _drawn(attack.replay())


def _drawn(replay: Replay) -> str | None:
    return diagram(RunLog(replay)) if replay.run.messages <= MOST_TOLD else None


def impossibility_as_svg(found: RunChain | DoubleCover) -> str | None:
    """The picture of a chain of executions or of a cover; None if it is too large."""
    return drawn(found) if acts_in(found) <= MOST_ACTS else None


def verdict_as_html(verdict: Verdict) -> str:
    """The verdict, the verdict of each condition, what it rests on, and the attack if there is one."""
    word = type(verdict).__name__.lower()
    lines = [
        f"<p><strong>{word.upper()}</strong> {escape(question(verdict.model, verdict.faults))}</p>",
        f"<table>{''.join(map(_row, verdict.conditions))}</table>",
        f'<p class="quiet">{escape(looked_at(verdict))}</p>',
    ]
    if verdict.evidence.asymmetry:
        asymmetry = f"every set of traitors was checked separately: {verdict.evidence.asymmetry}"
        lines.append(f'<p class="quiet">{escape(asymmetry)}</p>')
    if isinstance(verdict, Proved) and verdict.certificate is not None:
        lines.append(f"<p>certificate in {escape(str(verdict.certificate))}</p>")
    if isinstance(verdict, Refuted):
        lines.append(
            _drawn(verdict.replay) or f"<p>{counted(verdict.replay.run.messages, 'order')} told: no diagram</p>"
        )
    return f'<div class="byzverify-verdict {word}"><style>{STYLE}</style>\n' + "\n".join(lines) + "\n</div>"


def _row(known: ConditionVerdict) -> str:
    remark = f" ({known.remark})" if known.remark else ""
    cells = (known.verdict, known.condition.name, known.condition.statement + remark)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
