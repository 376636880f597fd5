"""The page of a map as a person uses it, in a real browser, which runs no script of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from byzverify.rendering.map.page import page as page_of
from tests.browser.conftest import Opened, from_npm
from tests.rendering.maps import mixed

if TYPE_CHECKING:
    from playwright.sync_api import Page


def cards(page: Page) -> list[str]:
    """What is told of cells now."""
    return [card.inner_text() for card in page.locator(".card").all() if card.is_visible()]


@pytest.mark.slow
def test_what_is_known_of_a_cell_is_seen_when_one_points_at_it_and_when_one_comes_to_it_with_the_keyboard(
    shown: Opened,
) -> None:
    page = shown(page_of(mixed()))
    assert cards(page) == []
    page.locator("td.finding").first.hover()
    (told,) = cards(page)
    assert "n = 6, m = 2, t = 2: refuted: IC1, IC2; claimed" in told
    assert "byzverify check om -n 6 -m 2 -t 2" in told
    page.mouse.move(0, 0)
    page.keyboard.press("Tab")
    assert "n = 3, m = 0, t = 2" in cards(page)[0]
    page.keyboard.press("Tab")
    assert "n = 4, m = 0, t = 2" in cards(page)[0]


@pytest.mark.slow
def test_a_cell_leads_to_its_attack(shown: Opened) -> None:
    page = shown(page_of(mixed()))
    page.locator("td.finding a").first.click()
    article = page.locator("article:target")
    assert "n = 6, m = 2, t = 2" in article.locator("h4").inner_text()
    assert article.locator("svg").is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 360])
def test_signs_stand_in_one_line_and_nothing_leaves_the_page(shown: Opened, width: int) -> None:
    page = shown(page_of(mixed()), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.locator("td.cell").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert len({round(height) for height in heights}) == 1


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_roles_and_contrast_of_a_map_are_as_they_must_be(shown: Opened, scheme: str) -> None:
    page = shown(page_of(mixed()), color_scheme=scheme)
    page.locator("td.unknown button").first.focus()
    page.evaluate(from_npm("axe-core/axe.min.js").read_text(encoding="utf-8"))
    broken: list[Any] = page.evaluate("axe.run().then(found => found.violations)")
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in broken] == []
