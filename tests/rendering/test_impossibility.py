"""Chains and covers as texts and pictures: they say what is in the data, and no text lies on another."""

import io
import os
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

import byzverify
from byzverify.certificates.impossibility_file import text as text_of_file
from byzverify.errors import CertificateError, UsageError
from byzverify.language.conditions import Outcome
from byzverify.language.decisions import Decision
from byzverify.language.faults import Fault
from byzverify.language.problems import CRUSADER_AGREEMENT, FAULTY, GRADED_BROADCAST
from byzverify.language.values import ATTACK, RETREAT, TRUE, Count
from byzverify.questions.solving import solvable
from byzverify.rendering.attack.layout import width
from byzverify.rendering.impossibility.argument import Impossibility, argument_of, title
from byzverify.rendering.impossibility.covers import around, edges_of, is_cycle, loyal, talking_to
from byzverify.rendering.impossibility.demands import DEMANDS
from byzverify.rendering.impossibility.drawing import MOST_ACTS, drawn
from byzverify.rendering.impossibility.legend import STYLE
from byzverify.rendering.impossibility.page import page_of
from byzverify.rendering.impossibility.printed import print_impossibility
from byzverify.rendering.impossibility.saving import save_impossibility
from byzverify.rendering.notebook import impossibility_as_svg
from byzverify.scenario.full_information import played
from byzverify.scenario.impossibility import CoverScene, DoubleCover, FaultyRun, ProblemName, RunChain, Setting
from tests.rendering.impossibilities import (
    CHAINS,
    COVERS,
    complete,
    crash,
    halves,
    hexagon,
    one_round,
    seven,
    two_rounds,
)

ROOT = Path(__file__).parents[2]
PICTURES: dict[Path, Callable[[], Impossibility]] = {
    ROOT / "docs" / "pictures" / "hexagon.svg": hexagon,
    ROOT / "docs" / "pictures" / "three-generals-two-rounds.svg": two_rounds,
    ROOT / "tests" / "golden" / "pictures" / "chain-7-2-2.svg": seven,
    ROOT / "tests" / "golden" / "pictures" / "chain-crash-3-1-1.svg": crash,
}
SVG = "{http://www.w3.org/2000/svg}"

Element = ElementTree.Element


def two_traitors() -> DoubleCover:
    """Six generals, of whom two may be traitors: the hexagon, with two generals in place of each."""
    setting = complete(6, None, t=2)
    crossed = frozenset(product((2, 3), (4, 5)))
    scenes = (
        CoverScene(frozenset({4, 5}), {0: 0, 1: 0, 2: 0, 3: 0}),
        CoverScene(frozenset({0, 1}), {2: 0, 3: 0, 4: 1, 5: 1}),
        CoverScene(frozenset({2, 3}), {4: 1, 5: 1, 0: 1, 1: 1}),
    )
    return DoubleCover(setting, crossed, scenes, (2, 4))


ALL: dict[str, Callable[[], Impossibility]] = {**CHAINS, **COVERS, "two traitors": two_traitors}


def printed(found: Impossibility, room: int = 80) -> str:
    """What the terminal shows."""
    console = Console(file=io.StringIO(), width=room, highlight=False, soft_wrap=True, markup=False, emoji=False)
    print_impossibility(console, found)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def svg_of(found: Impossibility) -> Element:
    return ElementTree.fromstring(drawn(found))


def of_class(svg: Element, name: str) -> list[Element]:
    return [one for one in svg.iter() if name in one.get("class", "").split() and "legend" not in one.get("class", "")]


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_the_pictures_in_the_repository_are_what_the_tool_draws(path: Path) -> None:
    """To draw them again after a change: BYZVERIFY_DRAW=1 pytest tests/rendering/test_impossibility.py."""
    if os.environ.get("BYZVERIFY_DRAW"):
        path.write_text(drawn(PICTURES[path]()), encoding="utf-8")
    assert drawn(PICTURES[path]()) == path.read_text(encoding="utf-8")


def test_a_chain_is_told_execution_by_execution() -> None:
    assert (
        printed(two_rounds())
        == """\
Byzantine generals: no protocol for 3 generals, of whom one may be a traitor, in
2 rounds:
  IC1: All loyal lieutenants obey the same order
  IC2: If the commander is loyal, every loyal lieutenant obeys his order
Each execution looks to one loyal general exactly like the next one. Whatever
his program is, he decides the same in both.
In these executions every loyal general passes on all that he has heard. A
general with another program might say less, or something that he has worked
out. That does not help. Whoever knows everything that the other one knew can
work out for himself what the other one would have said. So two executions that
look the same to a general who is told everything also look the same to one who
is told less. And a traitor can lie in the same way: he sends what the other
program would send if he had heard what he says.

Execution 1
  General 2 is a traitor.
  The commander, general 0, is loyal and orders RETREAT.
  In round 2 general 2 lies to 1: “0 told me ATTACK”.
  All others pass on what they hear.
  The commander is loyal, so every loyal lieutenant must decide RETREAT (IC2).
  │
  │ General 1 cannot tell execution 1 from execution 2. In both:
  │   round 1: 0 says RETREAT
  │   round 2: 2 says “0 told me ATTACK”
  │ so he decides the same in both.
  ▼

Execution 2
  The commander, general 0, is a traitor.
  General 0 says RETREAT to general 1 and ATTACK to general 2.
  All others pass on what they hear.
  Generals 1 and 2 are both loyal, so they must decide the same (IC1).
  │
  │ General 2 cannot tell execution 2 from execution 3. In both:
  │   round 1: 0 says ATTACK
  │   round 2: 1 says “0 told me RETREAT”
  │ so he decides the same in both.
  ▼

Execution 3
  General 1 is a traitor.
  The commander, general 0, is loyal and orders ATTACK.
  In round 2 general 1 lies to 2: “0 told me RETREAT”.
  All others pass on what they hear.
  The commander is loyal, so every loyal lieutenant must decide ATTACK (IC2).

In execution 1 general 1 must decide RETREAT. Execution 2 looks the same to him,
so there he decides RETREAT too, and general 2 must decide the same: RETREAT.
Execution 3 looks the same to general 2, so there he decides RETREAT too. But
there he must decide ATTACK.
So every protocol breaks a condition in one of these 3 executions: there is none
that works.
"""
    )


def test_where_nobody_deviates_it_is_said_that_only_the_faulty_differ() -> None:
    told = " ".join(printed(halves()).split())
    assert "in any number of rounds" in told
    assert "everybody follows the protocol, even those who count as faulty" in told
    assert "Only who counts as faulty differs." in told
    assert "Generals 2 and 3 are crash-faulty, but both act loyally. Generals 0 and 1 start with RETREAT." in told
    assert told.count("Everybody follows the protocol.") == 3
    assert "he starts with ATTACK │ he receives what the protocol lets everybody send after these starts" in told
    assert "passes on all that he has heard" not in told
    assert "Only who counts as faulty differs." in page_of(halves())


def test_the_starts_of_traitors_who_follow_the_protocol_are_told_and_drawn() -> None:
    chain = halves()
    setting = replace(chain.setting, faults={Fault.BYZANTINE: 2}, signed=True)
    runs = tuple(replace(run, faulty=dict.fromkeys(run.faulty, Fault.BYZANTINE)) for run in chain.runs)
    lying = RunChain(setting, runs, chain.witnesses)
    told = " ".join(printed(lying).split())
    assert told.count("Generals 0 and 1 start with RETREAT. Generals 2 and 3 start with ATTACK.") == 3
    assert "may be traitors, in any number of rounds, even with signed messages" in told
    notes = [one.text for one in of_class(svg_of(lying), "note")]
    assert notes == [*"RRAA"] * 3


def test_a_cover_is_told_scene_by_scene() -> None:
    told = printed(hexagon())
    assert "In place of the links 1–2 and 1′–2′, put the links 1–2′ and 1′–2." in " ".join(told.split())
    second = " ".join(told.partition("\nScene 2\n")[2].partition("\nScene 3\n")[0].split())
    assert "General 0 is a traitor." in second
    assert "General 0 says to 1 what 0 says (who orders RETREAT) and to 2′ what 0′ says" in second
    assert "Generals 1 and 2′ are both loyal" in second
    assert "General 1 stands in scene 1 and in scene 2." in told
    assert "he receives what 0 and 2′ say in the double network" in told


def test_generals_who_need_only_be_silent_are_said_to_be_silent() -> None:
    cycle = Setting("broadcast", 4, ((0, 1), (0, 3), (1, 2), (2, 3)), 0, None, {Fault.CRASH: 2})
    scenes = tuple(CoverScene(frozenset({1, 3}), {0: sheet, 2: 0}) for sheet in (0, 1))
    told = " ".join(printed(DoubleCover(cycle, frozenset(), scenes, (2,))).split())
    assert "Generals 1 and 3 fail in both copies, from the beginning on: nothing comes from there." in told
    assert told.count("Generals 1 and 3 say nothing, from the beginning on.") == 2
    assert "he receives nothing" in told
    assert "traitor" not in told


def test_who_crashes_and_what_silence_tells_is_said() -> None:
    told = printed(crash())
    assert "Nobody fails." in told
    assert "The commander, general 0, is crash-faulty; his order is RETREAT." in told
    assert "General 0 crashes: general 2 does not hear from him." in told
    assert told.count("nothing comes from 0") == 1


def test_traitors_who_do_nothing_are_said_to_act_loyally() -> None:
    assert "General 3 is a traitor, but acts loyally." in printed(one_round())
    assert "loyally" not in printed(two_rounds())


def test_reports_that_are_alike_stand_in_one_line() -> None:
    told = printed(seven())
    assert "round 2: 4, 5 and 6 say “0 told me RETREAT”" in told
    assert "In round 2 generals 2 and 3 lie to 1: “0 told me ATTACK”." in told


@pytest.mark.parametrize("room", [60, 80, 120])
@pytest.mark.parametrize("name", ALL)
def test_what_is_printed_fits_the_terminal(name: str, room: int) -> None:
    assert max(map(len, printed(ALL[name](), room).splitlines())) <= room


@pytest.mark.parametrize("name", ALL)
def test_the_picture_shows_every_act_and_everybody_who_cannot_tell_two_apart(name: str) -> None:
    found, svg = ALL[name](), svg_of(ALL[name]())
    number = len(found.witnesses) + 1
    assert [one.get("data-act") for one in of_class(svg, "act")] == [str(one + 1) for one in range(number)]
    between = of_class(svg, "witnessed")
    signs = [one.findtext(f"{SVG}text[@class='number']", "").rstrip("′") for one in between]
    assert signs == [str(one) for one in found.witnesses]
    demanded = ["".join(one.findtext(f"{SVG}text", "")) for one in of_class(svg, "demand")]
    assert demanded[0] == "must RETREAT"
    assert demanded[-1] == "must ATTACK"


@pytest.mark.parametrize("name", CHAINS)
def test_faulty_generals_and_their_lies_are_drawn_and_no_others(name: str) -> None:
    chain = CHAINS[name]()
    for run, act in zip(chain.runs, of_class(svg_of(chain), "act"), strict=True):
        drawn_faulty = {int(one.get("data-general", "")) for one in of_class(act, "traitor")}
        assert drawn_faulty == set(run.faulty)
        wrong = [one for kind in ("lie", "silent") for one in of_class(act, kind) if "letter" in one.get("class", "")]
        titles = " ".join(one.findtext(f"{SVG}title", "") for one in wrong)
        for _, sender, receiver in [*run.said, *run.lost]:
            assert f"general {sender} tells general {receiver}" in titles or (
                f"general {sender} sends nothing to general {receiver}" in titles
            )
        senders = {int(title.split("general ")[1].split()[0]) for title in titles.split("round ")[1:]}
        assert senders <= set(run.faulty)


@pytest.mark.parametrize("name", ALL)
def test_no_text_lies_on_another_or_leaves_the_picture(name: str) -> None:
    svg = svg_of(ALL[name]())
    boxes = [box(one) for one in svg.iter(f"{SVG}text") if one.text]
    for left, top, right, bottom, said in boxes:
        assert left >= 0, said
        assert top >= 0, said
        assert right <= float(svg.get("width", "")), said
        assert bottom <= float(svg.get("height", "")), said
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, f"{one} lies on {other}"


CENTRED = {"name", "number", "between", "note", "middle"}
SIZES = {"headline": 17.0, "told": 12.0, "between": 12.0, "note": 12.0, "label": 12.0}


def box(text: Element) -> tuple[float, float, float, float, str]:
    """About the rectangle that a text takes, by the classes that STYLE knows; a sign's number is its whole sign."""
    classes, said = set(text.get("class", "").split()), text.text or ""
    x, y = float(text.get("x", "")), float(text.get("y", ""))
    size = next((size for class_, size in SIZES.items() if class_ in classes), 11.0 if not classes else 13.0)
    wide = 0.88 * width(said, size)  # the estimate is rather too wide
    is_left, is_right = "left" in classes or "end" in classes, "right" in classes or "start" in classes
    is_centred = (classes & CENTRED and not is_left and not is_right) or not classes
    left = x - wide / 2 if is_centred else x - wide if is_left else x
    return left, y - size * 0.75, left + wide, y + size * 0.2, said


@pytest.mark.parametrize("name", ALL)
def test_nothing_has_colours_of_its_own_and_nothing_is_fetched_or_run(name: str) -> None:
    svg = svg_of(ALL[name]())
    for one in svg.iter():
        assert not {"style", "fill", "stroke", "href", "onclick", "onload"} & one.attrib.keys()
        assert one.tag.removeprefix(SVG) in {"svg", "title", "desc", "style", "g", "rect", "circle", "path", "text"}
    assert svg.findtext(f"{SVG}style", "").strip() == STYLE.strip()
    assert "url(" not in STYLE


def test_who_does_not_see_the_picture_is_told_all_of_it() -> None:
    svg = svg_of(two_rounds())
    described = svg.findtext(f"{SVG}desc", "")
    argument = argument_of(two_rounds())
    assert svg.findtext(f"{SVG}title") == argument.title
    for told in [*(line for act in argument.acts for line in act.told), *argument.conclusion]:
        assert told in described
    assert all(seen in described for one in argument.witnessed for seen in one.seen)


def test_the_hexagon_is_drawn_as_a_cycle_on_which_neighbours_talk() -> None:
    cover = hexagon()
    assert is_cycle(cover)
    order = around(cover)
    assert [f"{general}{sheet}" for general, sheet in order] == ["00", "10", "21", "01", "11", "20"]
    for one, following in zip(order, [*order[1:], order[0]], strict=True):
        assert following in talking_to(cover, one)


@pytest.mark.parametrize("name", [*COVERS, "two traitors"])
def test_each_scene_stands_together_on_the_circle(name: str) -> None:
    cover = ALL[name]()
    assert isinstance(cover, DoubleCover)
    order = around(cover)
    assert len(set(order)) == len(order) == 2 * cover.setting.n
    assert len(edges_of(cover)) == 2 * len(cover.setting.edges)
    for scene in cover.scenes:
        inside = [one in loyal(scene) for one in order]
        assert sum(here != before for here, before in zip(inside, inside[-1:] + inside[:-1], strict=True)) == 2


def outcome(first: Decision, second: Decision) -> Outcome:
    """How a run ended in which generals 1 and 2 are loyal, and the commander is not."""
    return Outcome((1, 2), {}, {1: first, 2: second}, None)


def test_decisions_of_crusader_and_graded_agreement_may_be_one_step_apart_where_the_conditions_say_so() -> None:
    crusader = [RETREAT, FAULTY, ATTACK]
    graded = [(RETREAT, 2), (RETREAT, 1), (RETREAT, 0), (ATTACK, 1), (ATTACK, 2)]
    counted = [(order, Count(((1, TRUE),), grade - 1)) for order, grade in graded]
    cases: list[tuple[ProblemName, list[Decision], list[str]]] = [
        ("crusader", [*crusader], ["CR1"]),
        ("graded", [*counted], ["Closeness", "Consistency"]),
    ]
    every = {one.name: one for one in (*CRUSADER_AGREEMENT.conditions, *GRADED_BROADCAST.conditions)}
    for problem, decisions, names in cases:
        demands = DEMANDS[problem]
        assert len(decisions) == len(demands.decisions)
        for (one, first), (other, second) in product(enumerate(decisions), repeat=2):
            kept = all(bool(every[name].holds(outcome(first, second), (1, 2))) for name in names)
            assert kept == demands.fits(one, other), (problem, first, second)


@pytest.mark.parametrize("problem", ["crusader", "graded"])
def test_of_a_weaker_agreement_it_is_said_how_many_steps_there_are(problem: ProblemName) -> None:
    chain = two_rounds()
    weaker = RunChain(replace(chain.setting, problem=problem), chain.runs, chain.witnesses)
    steps = len(DEMANDS[problem].decisions) - 1
    assert f"That is {steps} steps apart" in " ".join(printed(weaker).split())
    assert drawn(weaker)


FOUND: dict[str, dict[str, Any]] = {
    "five generals": {"n": 5, "traitors": 2, "rounds": 2},
    "silence, in fourteen executions": {"n": 4, "traitors": {"crash": 2}, "rounds": 2},
    "omissions": {"n": 4, "traitors": {"omission": 2}, "rounds": 2},
    "signatures": {"n": 4, "traitors": 2, "rounds": 2, "signed": True},
    "two modes": {"n": 4, "traitors": {"byzantine": 1, "crash": 1}, "rounds": 2},
    "interactive consistency": {"n": 4, "traitors": 1, "rounds": 1, "problem": "interactive"},
    "approximate agreement": {"n": 7, "traitors": 2, "rounds": 2, "problem": "approximate", "epsilon": "1/3"},
    "an order that is not seen": {"graph": "path:4", "traitors": 1, "rounds": 2},
    "a ring": {"graph": "cycle:5", "traitors": 1},
    "six generals": {"n": 6, "traitors": 2},
    "no majority": {"n": 5, "traitors": 3, "problem": "consensus", "signed": True},
}


@pytest.mark.parametrize("name", FOUND)
def test_what_the_engine_finds_is_shown_and_to_the_witnesses_it_looks_the_same(name: str) -> None:
    found = solvable(**FOUND[name]).impossible
    assert found is not None
    if isinstance(found, RunChain):
        for (before, after), witness in zip(pairwise(found.runs), found.witnesses, strict=True):
            assert played(found.setting, before).known[witness] == played(found.setting, after).known[witness]
    assert max(map(len, printed(found).splitlines())) <= 80
    assert len(of_class(svg_of(found), "act")) == len(found.witnesses) + 1
    assert page_of(found).count('<article class="episode"') == len(found.witnesses) + 1


def test_of_symmetric_lies_it_is_said_about_which_protocols_they_tell_something() -> None:
    chain = two_rounds()
    run = replace(chain.runs[0], faulty={2: Fault.SYMMETRIC})
    assert "no protocol that sends the same to all for 3 generals" in title(replace(chain, runs=(run, *chain.runs[1:])))
    assert "the same to all" not in title(chain)


def test_only_what_the_checker_accepts_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "chain.json"
    file.write_text(text_of_file(two_rounds()), encoding="utf-8")
    byzverify.report(file, tmp_path / "chain.html")
    assert (tmp_path / "chain.html").read_text(encoding="utf-8") == page_of(two_rounds())
    file.write_text(text_of_file(replace(two_rounds(), witnesses=(2, 1))), encoding="utf-8")
    with pytest.raises(CertificateError, match=r"chain\.json shows nothing: the witness"):
        byzverify.report(file, tmp_path / "chain.html")


def test_a_notebook_shows_the_picture_unless_it_is_too_large() -> None:
    chain = one_round()
    assert impossibility_as_svg(chain) == drawn(chain)
    long = RunChain(chain.setting, chain.runs[:1] * (MOST_ACTS + 1), (1,) * MOST_ACTS)
    assert impossibility_as_svg(long) is None


@pytest.mark.parametrize("name", ALL)
def test_the_page_tells_everything_without_scripts(name: str) -> None:
    found = ALL[name]()
    argument = argument_of(found)
    before, _, _ = page_of(found).partition('<script type="application/json"')
    for act in argument.acts:
        assert act.because in before
    for one in argument.witnessed:
        assert before.count(f">{one.why}</h4>") == 1
    assert argument.conclusion[-1] in before


@pytest.mark.parametrize("name", ALL)
def test_ids_on_a_page_are_unique(name: str) -> None:
    page = page_of(ALL[name]())
    ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_what_the_suffix_asks_for_is_written(tmp_path: Path) -> None:
    for kind, beginning in (("html", b"<!doctype html>"), ("svg", b"<svg")):
        save_impossibility(hexagon(), tmp_path / f"cover.{kind}")
        assert (tmp_path / f"cover.{kind}").read_bytes().startswith(beginning)
    with pytest.raises(UsageError, match="a report ends in"):
        save_impossibility(hexagon(), tmp_path / "cover.pdf")


def test_a_view_of_many_rounds_is_told_without_what_was_heard_before() -> None:
    """With paths that meet a general twice there would be 3**40 reports."""
    starts: dict[int, int] = {0: 0, 1: 0, 2: 1, 3: 1}
    runs = tuple(FaultyRun(dict.fromkeys(faulty, Fault.CRASH), starts) for faulty in ((2, 3), (), (0, 1)))
    texts = [
        [
            line
            for line in printed(
                RunChain(complete(4, rounds, problem="consensus", t=2, mode=Fault.CRASH), runs, (0, 2))
            ).split("\n")
            if "round" in line
        ]
        for rounds in (3, 40)
    ]
    assert [line.replace("40 rounds", "3 rounds") for line in texts[1]] == texts[0]
