"""The user's modules that Python itself has imported: a running script, a notebook's helpers, modules of a test.

Python does not keep the text of such a module. This module keeps its hash, taken when a protocol was first defined
after the module had been imported.
"""

from __future__ import annotations

import sys
from pathlib import Path

from byzverify.loading.origins import PREFIX, is_users
from byzverify.loading.record import LoadRecord, digest_of, relative

_seen: dict[Path, str | None] = {}
"""The hash of each file when it was first looked at."""


def look() -> None:
    """Hash the files of all modules that have been imported since the last call."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not name.startswith(PREFIX) and isinstance(file, str) and is_users(file):
            path = Path(file).resolve()
            if path not in _seen:
                _seen[path] = digest_of(path)


def record_in(folder: Path) -> LoadRecord:
    """What a model in this folder may have loaded: everything that has been imported."""
    look()
    return LoadRecord({str(relative(path, folder)): known or "" for path, known in _seen.items()})
