"""Reads the file of a chain or a cover, and writes the report on it as a page or a picture.

What the independent checker does not accept is not shown: a picture would make people believe it.
"""

from __future__ import annotations

from pathlib import Path

from byzverify.errors import UsageError
from byzverify.files.saving import demand_permission, demand_place, write
from byzverify.rendering.impossibility.argument import Impossibility
from byzverify.rendering.picture import pictured

ENDINGS = ("html", "svg", "png")


def read_impossibility(path: Path) -> Impossibility:
    """The chain or the cover in a file. Raises CertificateError if the file is malformed or shows nothing."""
    from byzverify.certificates.certifying import certify_impossible

    return certify_impossible(path).found


def save_impossibility(found: Impossibility, output: Path) -> None:
    """Write why no protocol works. Raises UsageError if it cannot be made or written."""
    kind = output.suffix.removeprefix(".")
    if kind not in ENDINGS:
        raise UsageError(f"a report ends in .html, .svg or .png: write -o chain.html, for example, not -o {output}")
    demand_place(output)
    demand_permission(output)
    write(output, _made(found, kind))


def _made(found: Impossibility, kind: str) -> bytes:
    if kind == "html":
        from byzverify.rendering.impossibility.page import page_of

        return page_of(found).encode()
    from byzverify.rendering.impossibility.drawing import drawn

    return pictured(drawn(found), kind)
