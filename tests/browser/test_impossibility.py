"""The page of a chain or a cover as a person uses it, in a real browser, and what its script computes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from byzverify.rendering.impossibility.argument import Impossibility, argument_of
from byzverify.rendering.impossibility.page import dilemma, page_of
from byzverify.scenario.impossibility import RunChain
from tests.browser.conftest import Opened, from_npm
from tests.browser.test_scripts import node
from tests.rendering.impossibilities import CHAINS, COVERS, hexagon, two_rounds

if TYPE_CHECKING:
    from playwright.sync_api import Page

ALL: dict[str, Callable[[], Impossibility]] = {**CHAINS, **COVERS}


def weaker(problem: Any) -> RunChain:
    """A chain that shows that not even crusader or graded agreement is possible."""
    chain = two_rounds()
    return replace(chain, setting=replace(chain.setting, problem=problem))


def decide(page: Page, decisions: tuple[int, ...]) -> None:
    """Decide for each general between two acts, with the keyboard: no mouse reaches what is below the bar."""
    for number, decision in enumerate(decisions, start=1):
        page.locator(f"#link-{number} input").nth(decision).press("Space")


def broken(page: Page) -> list[int]:
    """The numbers of the acts that the page shows as broken, counted from 0."""
    marked = page.locator(".episode").evaluate_all("all => all.map(one => one.classList.contains('broken'))")
    told = [text.startswith("✗") for text in page.locator(".outcome").all_inner_texts()]
    assert marked == told
    return [number for number, is_broken in enumerate(marked) if is_broken]


def expected(decisions: tuple[int, ...], apart: int, last: int) -> list[int]:
    """Which acts these decisions break."""
    line = [0, *decisions, last]
    allowed = [0, *[apart] * (len(decisions) - 1), 0]
    return [act for act, most in enumerate(allowed) if abs(line[act] - line[act + 1]) > most]


@pytest.mark.parametrize(
    "name", ["hexagon", *(pytest.param(one, marks=pytest.mark.slow) for one in ALL if one != "hexagon")]
)
def test_whatever_one_decides_breaks_something_and_the_page_says_what(shown: Opened, name: str) -> None:
    found = ALL[name]()
    page = shown(page_of(found))
    assert broken(page) == []
    number = len(found.witnesses)
    ways = list(product((0, 1), repeat=number))
    for decisions in ways:
        decide(page, decisions)
        assert broken(page) == expected(decisions, 0, 1) != []
        noun = argument_of(found).noun.lower()
        told = page.locator(".status").inner_text()
        assert all(f"{noun} {act + 1}" in told for act in broken(page))
        assert f"{len(ways)} ways to decide" in told
    assert f"You have tried all {len(ways)} ways to decide" in page.locator(".status").inner_text()


def test_the_page_names_the_condition_and_who_decides_what(shown: Opened) -> None:
    page = shown(page_of(hexagon()))
    decide(page, (1, 0))
    assert page.locator(".outcome").all_inner_texts() == [
        "✗ IC2 is broken: general 1 decides ATTACK, but he must decide RETREAT.",
        "✗ IC1 is broken: general 1 decides ATTACK and general 2′ decides RETREAT, but they must decide the same.",
        "✗ IC2 is broken: general 2′ decides RETREAT, but he must decide ATTACK.",
    ]


@pytest.mark.slow
def test_before_all_is_decided_only_what_is_certain_is_shown(shown: Opened) -> None:
    page = shown(page_of(two_rounds()))
    assert page.locator(".status").inner_text() == "You have decided nothing yet."
    decide(page, (0,))
    assert page.locator(".outcome").all_inner_texts() == [
        "✓ Nothing is broken here.",
        "Not decided yet.",
        "Not decided yet.",
    ]
    assert page.locator(".status").inner_text() == "Nothing is broken so far. 1 of 2 still to decide."
    page.get_by_role("button", name="Start again").click()
    assert page.locator(".status").inner_text() == "You have decided nothing yet."
    assert page.locator("input:checked").count() == 0


@pytest.mark.slow
def test_the_keyboard_is_enough(shown: Opened) -> None:
    page = shown(page_of(hexagon()))
    page.locator("#link-1 input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.locator("#link-1 input").nth(1).is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("#link-2 input").first.is_checked()
    assert broken(page) == [0, 1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("problem", ["crusader", "graded"])
def test_decisions_in_small_steps_are_not_enough_either(shown: Opened, problem: str) -> None:
    found = weaker(problem)
    page = shown(page_of(found))
    last = len(argument_of(found).demands.decisions) - 1
    for decisions in product(range(last + 1), repeat=2):
        decide(page, decisions)
        assert broken(page) == expected(decisions, 1, last) != []


@pytest.mark.slow
def test_without_scripts_there_is_nothing_to_press_and_nothing_missing(shown: Opened) -> None:
    page = shown(page_of(hexagon()), java_script_enabled=False)
    assert page.locator(".choices").first.is_hidden()
    assert page.locator(".bar").is_hidden()
    assert page.locator(".notice").is_visible()
    assert "So every protocol breaks a condition" in page.locator("main").inner_text()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ALL)
def test_nothing_leaves_the_page(shown: Opened, name: str, width: int) -> None:
    page = shown(page_of(ALL[name]()), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["hexagon", "two rounds"])
def test_names_roles_and_contrast_are_as_they_must_be(shown: Opened, name: str, scheme: str) -> None:
    page = shown(page_of(ALL[name]()), color_scheme=scheme)
    decide(page, (0, 1))
    page.evaluate(from_npm("axe-core/axe.min.js").read_text(encoding="utf-8"))
    wrong: list[Any] = page.evaluate("axe.run().then(found => found.violations)")
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in wrong] == []


def test_of_a_long_chain_too_every_way_to_decide_is_broken_somewhere() -> None:
    """The script alone, under Node, on all 4,096 ways to decide in a chain of 13 executions."""
    known = dilemma(argument_of(two_rounds()))
    known |= {"witnesses": [str(one) for one in range(12)], "acts": [str(one) for one in range(13)]}
    ways = list(product((0, 1), repeat=12))
    with node("({ known, ways }) => ways.map((one) => brokenActs(known, one))", "elements", "dilemma") as ask:
        found = ask({"known": known, "ways": ways})
    assert found == [expected(one, 0, 1) for one in ways]
    assert [] not in found
