"""Reports as files: what the ending of the file's name asks for is made and written.

This module knows who makes what. It must not know how.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from byzverify.attacks.account import Account
from byzverify.attacks.file import load
from byzverify.attacks.narration import MOST_TOLD
from byzverify.errors import UsageError
from byzverify.report.html import Case, page

ENDINGS = ("html", "svg", "png")


def save(paths: Sequence[Path], output: Path) -> None:
    """Write the report on these attack files: a page, or the diagram alone.

    Raises AttackFileError for a file that is no attack, UsageError for what cannot be made or written.
    """
    kind = output.suffix.removeprefix(".")
    if kind not in ENDINGS:
        raise UsageError(f"a report ends in .html, .svg or .png: write -o attack.html, for example, not -o {output}")
    if kind != "html" and len(paths) > 1:
        raise UsageError(f"a diagram shows one attack, not {len(paths)}; -o attacks.html compares them")
    if output.is_dir() or not output.parent.is_dir():
        raise UsageError(f"cannot write {output}: it must be a file in a folder that exists")
    content = _made([Case(path, *load(path)) for path in paths], kind)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error


def _made(cases: Sequence[Case], kind: str) -> bytes:
    if kind == "html":
        return page(cases).encode(errors="replace")  # the name of a file may be no text
    from byzverify.report.diagram import diagram

    told = cases[0].replay.run.messages
    if told > MOST_TOLD:
        raise UsageError(
            f"{cases[0].path}: {told:,} orders are told in this attack; one is drawn for {MOST_TOLD:,} at most"
        )
    svg = diagram(Account(cases[0].replay))
    if kind == "svg":
        return svg.encode()
    from byzverify.report.picture import png

    return png(svg)
