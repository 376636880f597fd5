"""Reports as files: makes and writes what the suffix of the file's name asks for.

This module knows which module makes which report. It must not know how.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from byzverify.attacks.attack import MOST_TOLD, Attack
from byzverify.attacks.loading import load
from byzverify.attacks.run_log import RunLog
from byzverify.errors import UsageError
from byzverify.files.formats import CHAIN, COVER, MAP, is_of
from byzverify.files.saving import demand_permission, demand_place, write
from byzverify.rendering.attack.html import ShownAttack, page
from byzverify.rendering.impossibility.saving import read_impossibility, save_impossibility
from byzverify.rendering.map.map_file import read_map
from byzverify.rendering.map.shown import save_map
from byzverify.rendering.picture import pictured

ENDINGS = ("html", "svg", "png")


def save(shown: Sequence[Path | Attack], output: Path, model: str | None = None) -> None:
    """Write the report on these attacks, or attack files: a page, or the diagram alone; or on one file of a map, of a
    chain of executions or of a cover.

    model: the model of all files, if it is not the one that each file names. Raises AttackFileError for a file that is
    no attack, CertificateError for a chain or a cover that shows nothing, UsageError for a report that cannot be made
    or written.
    """
    first, *others = shown
    if not others and isinstance(first, Path) and is_of(first, MAP):
        save_map(read_map(first, model), output)
    elif not others and isinstance(first, Path) and is_of(first, CHAIN, COVER):
        save_impossibility(read_impossibility(first), output)
    else:
        _save_attacks(shown, output, model)


def _save_attacks(shown: Sequence[Path | Attack], output: Path, model: str | None) -> None:
    kind = output.suffix.removeprefix(".")
    if kind not in ENDINGS:
        raise UsageError(f"a report ends in .html, .svg or .png: write -o attack.html, for example, not -o {output}")
    if kind != "html" and len(shown) > 1:
        raise UsageError(f"a diagram shows one attack, not {len(shown)}; -o attacks.html compares them")
    demand_place(output)
    demand_permission(output)
    write(output, _made([_replayed(one, model) for one in shown], kind))


def _replayed(shown: Path | Attack, model: str | None) -> ShownAttack:
    if isinstance(shown, Attack):
        return ShownAttack(Path("attack.json"), shown, shown.replay())
    attack, replay = load(shown, model=model)
    return ShownAttack(shown, attack, replay)


def _made(cases: Sequence[ShownAttack], kind: str) -> bytes:
    if kind == "html":
        return page(cases).encode(errors="replace")  # the name of a file need not be valid text
    from byzverify.rendering.attack.diagram import diagram

    told = cases[0].replay.run.messages
    if told > MOST_TOLD:
        raise UsageError(
            f"{cases[0].path}: {told:,} orders are told in this attack; one is drawn for {MOST_TOLD:,} at most"
        )
    return pictured(diagram(RunLog(cases[0].replay)), kind)
