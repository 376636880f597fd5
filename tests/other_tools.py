"""Tools that some tests need and that may be absent.

Then these tests are skipped with a line that says what is missing; where the environment variable BYZVERIFY_NO_SKIP is
set, they fail instead.
"""

import os
import shutil
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test because something is not installed, or fail."""
    if os.environ.get("BYZVERIFY_NO_SKIP"):
        pytest.fail(f"BYZVERIFY_NO_SKIP is set, and there is no {what}")
    pytest.skip(f"there is no {what}")


def program(name: str, hint: str = "") -> str:
    """Where a program is."""
    return shutil.which(name) or missing(f"{name} {hint}".strip())
