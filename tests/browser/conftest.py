"""A headless Chromium, and pages in it that are watched for errors and for whatever they fetch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from byzverify.attacks.loading import load
from byzverify.memory import memory_for_others
from byzverify.rendering.attack.html import ShownAttack, page
from tests.support.other_tools import missing, program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ATTACKS = Path(__file__).parents[1] / "golden" / "attacks"
NPM = Path(__file__).parent / "node_modules"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

QUICK = ("om-6-2", "phase_king-3-1", "sm-5-1", "z-5-1-mixed")
"""The attacks that are shown in every run; the others are left to the long campaign."""

Opened = Callable[..., "Page"]


def from_npm(name: str) -> Path:
    """Where a file of an npm package is that `package.json` beside this file names."""
    path = NPM / name
    return path if path.exists() else missing("npm's packages")


def attack_file(name: str) -> Path:
    """The committed attack of this name."""
    return ATTACKS / f"{name}.json"


def in_every_run(names: Iterable[str]) -> list[Any]:
    """The names, of which only the quick ones are run by default."""
    return [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in names]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Playwright keeps an event loop running as long as it is there, so no longer than needed."""
    path = program("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    with memory_for_others(), sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens a page from a file; at the end there must be no error, and nothing else fetched."""
    complaints: list[str] = []
    fetched: set[str] = set()
    contexts = []

    def open_page(text: str, fragment: str = "", width: int = 1280, **context: Any) -> Page:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **context))
        found = contexts[-1].new_page()
        found.on("console", lambda message: complaints.append(message.text))
        found.on("pageerror", lambda error: complaints.append(str(error)))
        found.on("request", lambda request: fetched.add(request.url.partition("#")[0]))
        found.goto(f"{file.as_uri()}{fragment}")
        return found

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert fetched <= {(tmp_path / "page.html").as_uri()}


@pytest.fixture
def opened(shown: Opened) -> Opened:
    """Opens the page of some attacks."""
    return lambda *attacks, **how: shown(page([ShownAttack(path, *load(path)) for path in attacks]), **how)
