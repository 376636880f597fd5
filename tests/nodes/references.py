"""The programs of `examples/nodes/`, and how they are started: where no package is installed."""

import sys
from collections.abc import Callable
from pathlib import Path

from byzverify.nodes.team import Command

ROOT = Path(__file__).parents[2]
NODES = ROOT / "examples" / "nodes"

LANGUAGES = ["Python", "JavaScript", "C"]

PYTHON = (sys.executable, "-I", "-S")
"""Without what is installed, byzverify for one."""

FLAT: Command = (*PYTHON, str(NODES / "flat.py"))

PATIENCE = 60.0
"""Seconds for an answer, on a machine that does much else."""

References = Callable[[str], Command]
"""The command of the reference in a language."""
