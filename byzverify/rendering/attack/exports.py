"""The formats that an attack can be exported to.

This module knows which module writes which format. It must not know what is in them.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import assert_never

from byzverify.errors import UsageError, meant


class AttackFormat(StrEnum):
    """What an attack can be exported to."""

    ITF = "itf"
    """A trace of Apalache and Quint, which `replay` reads as well."""
    SHIVIZ = "shiviz"
    """A log for ShiViz."""
    MERMAID = "mermaid"
    """A sequence diagram for Mermaid."""
    DOT = "dot"
    """A graph for Graphviz."""
    CSV = "csv"
    """A table of all that was told."""

    @classmethod
    def _missing_(cls, value: object) -> None:
        raise UsageError(f"an attack can be exported to {', '.join(cls)}, not to {value}{meant(str(value), cls)}")


def exported(path: Path, to: AttackFormat, model: str | None = None) -> str:
    """The attack in this file, replayed and exported. model, errors: as for `load`."""
    from byzverify.attacks.loading import load
    from byzverify.attacks.run_log import RunLog
    from byzverify.attacks.trace import trace
    from byzverify.rendering.attack.dot import dot
    from byzverify.rendering.attack.mermaid import mermaid
    from byzverify.rendering.attack.rows import rows
    from byzverify.rendering.attack.shiviz import shiviz

    attack, replay = load(path, model=model)
    match to:
        case AttackFormat.ITF:
            return trace(attack, replay)
        case AttackFormat.SHIVIZ:
            return shiviz(RunLog(replay))
        case AttackFormat.MERMAID:
            return mermaid(RunLog(replay))
        case AttackFormat.DOT:
            return dot(RunLog(replay))
        case AttackFormat.CSV:
            return rows(RunLog(replay))
        case _:
            assert_never(to)
