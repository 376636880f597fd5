"""The page as a person uses it, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import byzverify
from byzverify.attacks.attack import Attack
from byzverify.attacks.loading import load
from byzverify.catalogue import library
from byzverify.language import ATTACK
from byzverify.language.faults import Fault
from byzverify.models.om import OM
from byzverify.models.sm import SM
from byzverify.scenario.behaviour import Behaviour
from byzverify.stories.narration import tell
from tests.browser.conftest import ATTACKS, Opened, attack_file, from_npm, in_every_run

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ALL = sorted(path.stem for path in ATTACKS.glob("*.json"))


def verdicts(page: Page) -> list[str]:
    """What the page says of each condition, without what is decided."""
    return [text.split(":")[0] for text in page.locator(".verdict").all_inner_texts()]


def letter(page: Page, round: int, sender: int, receiver: int) -> Locator:
    """A letter in the diagram."""
    return page.locator(f"g.letter[data-round='{round}'][data-sender='{sender}'][data-receiver='{receiver}']")


def drawn_as(page: Page, kind: str) -> set[tuple[int, ...]]:
    """The letters of a kind in the diagram: round, sender, receiver."""
    letters = page.locator(f"g.letter.{kind}[data-round]").all()
    parts = ("round", "sender", "receiver")
    return {tuple(int(one.get_attribute(f"data-{part}") or 0) for part in parts) for one in letters}


def decided(page: Page, general: int) -> str:
    """What the diagram says that a general decides."""
    return page.locator(f"g.decision[data-general='{general}'] text").first.text_content() or ""


@pytest.mark.slow
@pytest.mark.parametrize("name", in_every_run(ALL))
def test_the_page_shows_what_the_simulator_found(opened: Opened, name: str) -> None:
    page = opened(attack_file(name))
    _, replay = load(attack_file(name))
    found = {judgement.condition.name: judgement.holds for judgement in replay.judgements}
    assert verdicts(page) == [f"✓ {one} holds" if holds else f"✗ {one} fails" for one, holds in found.items()]
    assert page.locator(".count").inner_text() == tell(replay).number
    told = {(lie.round, lie.sender, lie.receiver) for lie in replay.run.lies}
    assert drawn_as(page, "silent") == {letter for letter in told if letter not in replay.run.said}
    assert drawn_as(page, "lie") == {letter for letter in told if letter in replay.run.said}


SHOWN = """() => {
  const all = (within, selector) => [...within.querySelectorAll(selector)];
  const texts = (group, selector) => all(group, selector).map((text) => text.textContent);
  const kinds = ["honest", "misled", "lie", "silent", "unsent"];
  return [
    ...all(document, "g.letter[data-round]").map((one) => [
      ...kinds.filter((kind) => one.classList.contains(kind)), ...texts(one, "text")
    ]),
    texts(document, "g.general .start"),
    ...all(document, "g.decision").map((one) => [one.classList.contains("breaks"), ...texts(one, "title, text")]),
  ];
}"""
"""What the diagram shows: each letter's kind and what is written on it, what generals start with, the decisions."""


@pytest.mark.slow
@pytest.mark.parametrize("name", in_every_run(ALL))
def test_before_anything_is_changed_the_page_shows_what_the_picture_does(opened: Opened, name: str) -> None:
    page, unplayed = opened(attack_file(name)), opened(attack_file(name), java_script_enabled=False)
    assert page.evaluate(SHOWN) == unplayed.evaluate(SHOWN)


@pytest.mark.slow
def test_honesty_in_the_decisive_letter_repairs_what_it_broke(opened: Opened) -> None:
    page = opened(attack_file("om-3-1"))
    assert verdicts(page) == ["✓ IC1 holds", "✗ IC2 fails"]
    lie = page.locator("g.letter.lie[data-round]")
    assert lie.count() == 1
    lie.click(force=True)
    assert verdicts(page) == ["✓ IC1 holds", "✓ IC2 holds"]
    assert page.locator("g.letter.lie[data-round]").count() == 0
    assert decided(page, 1) == "ATTACK"
    assert "General 1 now decides ATTACK. IC1 still holds. IC2 now holds." in page.locator(".status").inner_text()
    assert "General 1 decides ATTACK" in page.locator(".decides").first.inner_text()


def test_a_disobeyed_order_is_disobeyed_no_more_when_it_is_the_other_one(opened: Opened) -> None:
    page = opened(attack_file("om-3-1"))
    page.get_by_role("radio", name="RETREAT").check(force=True)
    assert verdicts(page) == ["✓ IC1 holds", "✓ IC2 holds"]
    assert decided(page, 0) == "RETREAT"
    page.get_by_role("radio", name="ATTACK").check(force=True)
    assert verdicts(page) == ["✓ IC1 holds", "✗ IC2 fails"]


@pytest.mark.slow
@pytest.mark.parametrize("name", in_every_run(ALL))
def test_when_nobody_lies_no_letter_is_a_lie_and_reset_brings_all_back(opened: Opened, name: str) -> None:
    page = opened(attack_file(name))
    before = verdicts(page)
    only_lapses = "omission" in name
    page.get_by_role("button", name="Leave nothing out" if only_lapses else "Let nobody lie").click()
    assert page.locator(".count").inner_text() == ("0 lapses" if only_lapses else "0 lies")
    assert page.locator("g.letter.lie[data-round], g.letter.silent[data-round]").count() == 0
    assert page.locator("g.letter.misled[data-round], .tree .tipped").count() == 0
    page.get_by_role("button", name="Reset").click()
    assert verdicts(page) == before


@pytest.mark.slow
def test_undo_and_redo_go_back_and_forth_one_change_at_a_time(opened: Opened) -> None:
    page = opened(attack_file("om-3-1"))
    says = [letter(page, 2, 2, 1).get_attribute("aria-label")]
    for _ in range(3):
        letter(page, 2, 2, 1).click(force=True)
        says.append(letter(page, 2, 2, 1).get_attribute("aria-label"))
    assert says[0] == says[3]
    assert len(set(says)) == 3
    for name, expected in (("Undo", says[2::-1]), ("Redo", says[1:]), ("Undo", says[2::-1])):
        for one in expected:
            page.get_by_role("button", name=name).click()
            assert letter(page, 2, 2, 1).get_attribute("aria-label") == one


@pytest.mark.slow
def test_what_cannot_be_undone_is_not_said_to_be(opened: Opened) -> None:
    page = opened(attack_file("om-3-1"))
    before = page.locator(".status").inner_text()
    for name in ("Undo", "Redo", "Reset"):
        page.get_by_role("button", name=name).dispatch_event("click")
        assert page.locator(".status").inner_text() == before


@pytest.mark.slow
def test_a_changed_page_says_that_the_headline_is_about_the_saved_attack(opened: Opened) -> None:
    page = opened(attack_file("om-3-1"))
    saved = page.locator(".saved")
    assert saved.is_hidden()
    page.get_by_role("button", name="Let nobody lie").click()
    assert saved.is_visible()
    page.get_by_role("button", name="Undo").click()
    assert saved.is_hidden()


@pytest.mark.slow
def test_the_address_keeps_what_was_changed(opened: Opened) -> None:
    page = opened(attack_file("om-6-2"))
    before = verdicts(page)
    letter(page, 2, 4, 1).dispatch_event("click")
    page.get_by_role("button", name="the next round").click()
    after, said, fragment = (
        verdicts(page),
        letter(page, 2, 4, 1).get_attribute("aria-label"),
        page.url.partition("#")[2],
    )
    again = opened(attack_file("om-6-2"), fragment=f"#{fragment}")
    assert again.locator(".notice:visible").count() == 0
    assert verdicts(again) == after
    assert letter(again, 2, 4, 1).get_attribute("aria-label") == said
    assert again.locator(".where").inner_text() == "round 1 of 3"
    again.get_by_role("button", name="Reset").click()
    assert verdicts(again) == before


@pytest.mark.slow
@pytest.mark.parametrize("fragment", ["#x", "#%3Cscript%3E", "#0-0-2", "#{}-9-", "#{}-0-zzzzzz", "#{}-0-1", "#{}-0-2~"])
def test_an_address_that_makes_no_sense_is_ignored_and_said_to_be(opened: Opened, fragment: str) -> None:
    known = opened(attack_file("om-3-1"))
    fingerprint = known.locator("article").get_attribute("data-fingerprint")
    page = opened(attack_file("om-3-1"), fragment=fragment.format(fingerprint))
    assert page.locator(".notice:visible").count() == 1
    assert verdicts(page) == verdicts(known)


@pytest.mark.slow
def test_everything_can_be_done_with_the_keyboard(opened: Opened) -> None:
    page = opened(attack_file("om-6-2"))

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"no way to {selector}")

    tab_to("g.letter")
    page.keyboard.press("ArrowRight")
    assert page.locator(".where").inner_text() == "round 1 of 3"
    page.keyboard.press("ArrowLeft")
    first = page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.outerHTML") != first
    page.keyboard.press("Enter")
    assert page.locator(".letter-panel").is_visible()
    tab_to(".starts input")
    page.keyboard.press("ArrowLeft")
    assert decided(page, 0) == "RETREAT"
    tab_to(".tree summary")
    opens = page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") != opens


@pytest.mark.slow
def test_a_round_hides_the_letters_after_it(opened: Opened) -> None:
    page = opened(attack_file("om-6-2"))
    page.get_by_role("button", name="the next round").click()
    assert page.locator("g.letter.later[data-round='1']").count() == 0
    for round in (2, 3):
        drawn = f"g.letter[data-round='{round}']"
        assert page.locator(f"{drawn}.later").count() == page.locator(drawn).count() > 0


@pytest.mark.slow
def test_a_branch_that_a_person_opens_stays_open_after_a_move(opened: Opened) -> None:
    page = opened(attack_file("om-6-2"))
    vote = page.locator(".reason").last.locator("details details").first
    assert vote.get_attribute("open") is None
    vote.locator("summary").first.click()
    letter(page, 2, 4, 1).dispatch_event("click")
    assert vote.get_attribute("open") is not None
    assert vote.locator("ul li").count() > 0


@pytest.mark.slow
def test_what_cannot_be_signed_cannot_be_said(opened: Opened, tmp_path: Path) -> None:
    verdict = byzverify.check(SM(n=6, m=2), 3)
    assert isinstance(verdict, byzverify.Refuted)
    verdict.attack.save(tmp_path / "signed.json")
    page = opened(tmp_path / "signed.json")
    page.get_by_role("button", name="Let nobody lie").click()
    place = page.evaluate(
        """() => {
          const { game } = pages[0];
          const ordered = game.board.words[game.word(game.board.starts[0].says)];
          return game.board.places.find(({ label, options }) => {
            const [order, , relay] = label.split(":");
            return options.length && order !== ordered && game.board.generals[relay]?.fault === null;
          });
        }"""
    )
    page.evaluate("place => pages[0].showLetter([place.round, place.sender, place.receiver])", place)
    signed = page.locator(".letter-places fieldset", has_text=place["label"])
    signed.locator("label", has_text=place["label"].split(":")[0]).click()
    assert "signatures that no traitor has seen" in page.locator(".status").inner_text()
    assert signed.get_by_role("radio", name="nothing").is_checked()
    assert page.locator(".count").inner_text() == "0 lies"


@pytest.mark.slow
def test_the_round_shown_is_in_sight_on_a_narrow_screen_and_the_decisions_with_the_last(opened: Opened) -> None:
    page = opened(attack_file("phase_king-3-1"), width=390)
    in_sight = """one => {
        const [box, it] = [one.closest(".diagram").getBoundingClientRect(), one.getBoundingClientRect()];
        return it.left >= box.left && it.right <= box.right;
    }"""
    last = page.locator("g.round").last
    assert not last.evaluate(in_sight)
    for round in range(1, page.locator("g.round").count() + 1):
        page.get_by_role("button", name="the next round").click()
        assert page.locator(f"g.round[data-round='{round}']").evaluate(in_sight)
    box = page.locator(".diagram")
    assert box.evaluate("one => one.scrollLeft + one.clientWidth >= one.scrollWidth - 1")
    page.get_by_role("button", name="the next round").click()
    assert box.evaluate("one => one.scrollLeft") == 0


@pytest.mark.slow
def test_a_diagram_that_is_wider_than_the_screen_says_that_it_scrolls(opened: Opened) -> None:
    for width, cut in ((390, True), (1280, False)):
        page = opened(attack_file("om-4-1-omission"), width=width)
        assert page.get_by_text("Scroll the diagram sideways").is_visible() == cut


@pytest.mark.slow
def test_of_who_only_leaves_out_no_lie_is_told(opened: Opened) -> None:
    page = opened(attack_file("om-4-1-omission"))
    assert "lapse" in page.locator(".count").inner_text()
    page.get_by_role("button", name="Leave nothing out").click()
    assert page.locator(".status").inner_text().startswith("Nothing is left out now.")
    assert page.locator(".count").inner_text() == "0 lapses"
    said = page.locator(".primer, .bar, .reasons, .diagram").all_inner_texts()
    assert not re.search(r"\b(lie|lies|lied|traitor)\b", " ".join(said))


@pytest.mark.slow
def test_what_can_be_chosen_stands_in_one_line_on_a_narrow_screen(opened: Opened) -> None:
    page = opened(attack_file("phase_king-3-1"), width=390)
    for choice in page.locator(".starts fieldset").all():
        tops = choice.locator("label").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
        heights = choice.locator("label").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert len(set(tops)) == len(set(heights)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", in_every_run(ALL))
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_is_never_wider_than_the_screen(opened: Opened, name: str, width: int) -> None:
    page = opened(attack_file(name), width=width)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    page.locator(".chip-letter").last.dispatch_event("click")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["om-6-2", "phase_king-3-1", "sm-5-1", "z-5-1-mixed"])
def test_names_roles_and_contrast_are_as_they_must_be(opened: Opened, name: str, scheme: str) -> None:
    axe = from_npm("axe-core/axe.min.js").read_text(encoding="utf-8")
    page = opened(attack_file(name), color_scheme=scheme)
    page.locator(".all-letters > summary").click()
    page.locator(".chip-letter").last.click()
    page.evaluate(axe)
    broken: list[Any] = page.evaluate("axe.run().then(found => found.violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in broken] == []


@pytest.mark.slow
def test_several_attacks_are_played_each_by_itself(opened: Opened) -> None:
    page = opened(attack_file("om-3-1"), attack_file("om-6-2"))
    assert page.locator("article").count() == 2
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(set(ids)) == len(ids)
    first, second = page.locator("article").all()
    other = second.locator(".verdicts").inner_text()
    first.locator("g.letter.lie[data-round]").dispatch_event("click")
    assert first.locator(".verdict.fails").count() == 0
    assert second.locator(".verdicts").inner_text() == other
    again = opened(attack_file("om-3-1"), attack_file("om-6-2"), fragment=f"#{page.url.partition('#')[2]}")
    assert again.locator("article").first.locator(".verdict.fails").count() == 0


@pytest.mark.slow
def test_what_is_printed_is_light_and_has_no_buttons(opened: Opened) -> None:
    page = opened(attack_file("om-6-2"), color_scheme="dark")
    page.get_by_role("button", name="the next round").click()
    page.emulate_media(media="print")
    assert page.get_by_text("round 1 of 3").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("button:visible, select:visible, input:visible").count() == 0
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.slow
def test_the_attack_file_can_be_taken_from_the_page(opened: Opened, tmp_path: Path) -> None:
    page = opened(attack_file("om-6-2"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "taken.json")
    assert load(tmp_path / "taken.json")[0] == load(attack_file("om-6-2"))[0]


@pytest.mark.slow
def test_ten_generals_stay_smooth(opened: Opened, tmp_path: Path) -> None:
    verdict = byzverify.check(OM(n=10, m=3), 4)
    assert isinstance(verdict, byzverify.Refuted)
    verdict.attack.save(tmp_path / "ten.json")
    page = opened(tmp_path / "ten.json")
    page.evaluate(
        "window.long = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.long = Math.max(window.long, one.duration) }).observe({ type: 'longtask' })"
    )
    for receiver in (1, 2, 3, 4, 5):
        letter(page, 2, 6, receiver).dispatch_event("click")
    page.wait_for_timeout(200)
    assert page.evaluate("pages[0].game.past.length") == 5
    loading = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    assert page.evaluate("window.long") < 2 * loading, "a change takes longer than to load the whole page, twice"


HOSTILE = """
from byzverify.language import *

class Hostile(Protocol):
    '''Echoes under a label that would like to be a script.'''
    claim = "</dd><img src=x onerror=alert(1)>"
    def general(self, me, order):
        label = "</script><script>alert(1)</script><!-- & ${x} `"
        inbox = yield (broadcast(order, label=label) if me == 0 else None)
        return inbox.get(0, label, default=RETREAT)
"""


@pytest.mark.slow
def test_hostile_names_stay_texts(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "hostile.py").write_text(HOSTILE, encoding="utf-8")
    verdict = byzverify.check(library.build(library.find(f"{tmp_path / 'hostile.py'}:Hostile"), {"n": 3}), 1)
    assert isinstance(verdict, byzverify.Refuted)
    file = tmp_path / "<b>'\"&.json"
    verdict.attack.save(file)
    page = opened(file)
    page.on("dialog", lambda _: pytest.fail("a script was run"))
    page.locator(".chip-letter").first.dispatch_event("click")
    assert "</script><script>alert(1)" in page.locator(".status").inner_text()
    assert page.locator("script").count() == 2
    assert page.locator("img, b:text('hostile'), dd b").count() == 0


DEAF = """
from byzverify.language import *

class Deaf(Protocol):
    '''Everyone retreats before anything is said.'''
    def general(self, me, order):
        return RETREAT
        yield
"""


@pytest.mark.slow
def test_an_attack_without_rounds_letters_or_traitors_is_shown(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "deaf.py").write_text(DEAF, encoding="utf-8")
    deaf = library.build(library.find(f"{tmp_path / 'deaf.py'}:Deaf"), {"n": 2})
    Attack(deaf, {}, Behaviour({0: ATTACK}), "IC2", {0: "RETREAT", 1: "RETREAT"}).save(tmp_path / "deaf.json")
    page = opened(tmp_path / "deaf.json")
    assert verdicts(page) == ["✓ IC1 holds", "✗ IC2 fails"]
    page.get_by_role("button", name="the next round").click()
    page.get_by_role("radio", name="RETREAT").check(force=True)
    assert verdicts(page) == ["✓ IC1 holds", "✓ IC2 holds"]


LACONIC = """
from byzverify.language import *

class Laconic(Protocol):
    '''The commander says nothing unless he wants to attack.'''
    def general(self, me, order):
        inbox = yield (broadcast(ite(order == ATTACK, ATTACK, ABSENT)) if me == COMMANDER else None)
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


@pytest.mark.slow
def test_who_only_leaves_out_cannot_speak_where_nothing_is_to_be_said(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "laconic.py").write_text(LACONIC, encoding="utf-8")
    laconic = library.build(library.find(f"{tmp_path / 'laconic.py'}:Laconic"), {"n": 3})
    behaviour, decided = Behaviour({0: ATTACK}, {(1, 0, 1, ()): ATTACK}), {1: "ATTACK", 2: "RETREAT"}
    Attack(laconic, {0: Fault.OMISSION}, behaviour, "IC1", decided).save(tmp_path / "laconic.json")
    page = opened(tmp_path / "laconic.json")
    page.get_by_role("radio", name="RETREAT").check(force=True)
    letter(page, 1, 0, 1).dispatch_event("click")
    assert "he only leaves out" in page.locator(".status").inner_text()
