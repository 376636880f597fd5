"""`byzverify report`: what it writes, and what it says where it cannot."""

import os
import re
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from byzverify import cli
from byzverify.attacks.loading import load
from byzverify.errors import UsageError
from byzverify.language.faults import Fault
from byzverify.rendering import output
from byzverify.rendering.attack import html
from byzverify.rendering.attack.html import SCRIPTS, ShownAttack, page
from byzverify.rendering.attack.inviting import primer
from byzverify.rendering.impossibility import page as impossibility
from byzverify.rendering.output import save
from tests.support.other_tools import missing

ATTACKS = Path(__file__).parents[1] / "golden" / "attacks"
PAGE = Path(str(files("byzverify.rendering"))) / "page"
SMALL, LARGE = ATTACKS / "om-3-1.json", ATTACKS / "om-6-2.json"


def report(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["byzverify", "report", *map(str, arguments)])
    monkeypatch.setattr(cli, "heed_signals", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize(("ending", "begins"), [("html", b"<!doctype html>"), ("svg", b"<svg"), ("png", b"\x89PNG")])
def test_the_ending_of_the_file_says_what_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str, begins: bytes
) -> None:
    output = tmp_path / f"attack.{ending}"
    ended, said = report(monkeypatch, SMALL, "-o", output), capsys.readouterr().err
    if "font" in said:
        missing("font to write with")
    assert (ended, said) == (0, f"wrote {output}\n")
    assert output.read_bytes().startswith(begins)


def test_the_same_attack_gives_the_same_page() -> None:
    case = ShownAttack(SMALL, *load(SMALL))
    assert page([case]) == page([case])


def test_a_page_names_nothing_outside_it_and_allows_nothing() -> None:
    text = page([ShownAttack(SMALL, *load(SMALL))])
    assert "default-src 'none'" in text
    assert set(re.findall(r"\w+://[^\s\"'<]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(src|srcset|action|formaction|poster|ping)=|@import|url\(|\bfetch\(|XMLHttpRequest", text)


@pytest.mark.parametrize(
    ("modes", "invites"),
    [
        (
            {Fault.BYZANTINE},
            "may tell each of them something different. Choose a traitor's letter to change what",
        ),
        ({Fault.CRASH}, "say nothing after that. Choose a faulty general's letter to leave it out"),
        (
            {Fault.OMISSION, Fault.BYZANTINE},
            "what he should tell. Choose a faulty general's letter to change what it says",
        ),
        (set(), "The loyal follow the protocol. Nobody fails here: change what a general starts with"),
    ],
)
def test_a_page_asks_for_what_can_be_done_in_these_modes(modes: set[Fault], invites: str) -> None:
    assert invites in primer(modes)


@pytest.mark.parametrize(("name", "of_traitors"), [("om-3-1", True), ("om-4-1-omission", False), ("z-5-1-mixed", True)])
def test_a_page_speaks_of_traitors_and_lies_where_there_are_any(name: str, of_traitors: bool) -> None:
    text = page([ShownAttack(SMALL, *load(ATTACKS / f"{name}.json"))])
    article = re.sub(r"<(style|script)[^>]*>.*?</\1>|<dd>.*?</dd>", "", text, flags=re.DOTALL)
    assert bool(re.search(r"\b(traitor|lie|lies|lied)\b", re.sub(r"<[^>]+>", "", article))) == of_traitors


def test_every_script_is_in_a_page() -> None:
    scripts = {path.stem for path in PAGE.iterdir() if path.suffix == ".js"}
    assert scripts == {*SCRIPTS, *impossibility.SCRIPTS}


@pytest.mark.parametrize(
    ("attacks", "output", "says"),
    [
        ([SMALL], "attack.pdf", "a report ends in .html, .svg or .png"),
        ([SMALL], "attack", "a report ends in .html, .svg or .png"),
        ([SMALL, LARGE], "attack.svg", "a diagram shows one attack, not 2"),
        ([SMALL], "missing/attack.html", "it must be a file in a folder that exists"),
        ([ATTACKS / "none.json"], "attack.html", "cannot read"),
        ([Path(__file__)], "attack.html", "is not an attack file"),
    ],
)
def test_what_cannot_be_reported_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    attacks: list[Path],
    output: str,
    says: str,
) -> None:
    assert report(monkeypatch, *attacks, "-o", tmp_path / output) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_whose_name_is_no_text_is_reported_all_the_same(tmp_path: Path) -> None:
    named = tmp_path / os.fsdecode(b"\xff.json")
    named.write_bytes(SMALL.read_bytes())
    save([named], tmp_path / "attack.html")
    assert (tmp_path / "attack.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_report_without_a_file_to_write_to_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(monkeypatch, SMALL) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_too_large_is_refused_and_nothing_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = load(LARGE)[1].run.messages
    monkeypatch.setattr(html, "MOST_TOLD", told)
    save([LARGE], tmp_path / "attack.html")
    monkeypatch.setattr(html, "MOST_TOLD", told - 1)
    monkeypatch.setattr(output, "MOST_TOLD", told - 1)
    with pytest.raises(UsageError, match=r"-o attack\.svg draws the lies alone"):
        save([LARGE], tmp_path / "another.html")
    monkeypatch.setattr(html, "MOST_DRAWN", told - 1)
    with pytest.raises(UsageError, match=rf"at most {told - 1:,}$"):
        save([LARGE], tmp_path / "another.html")
    for name, says in (("another.html", "a page shows at most"), ("another.svg", "one is drawn for")):
        with pytest.raises(UsageError, match=says):
            save([LARGE], tmp_path / name)
        assert not (tmp_path / name).exists()
