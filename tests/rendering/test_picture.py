"""PNG pictures: they show what the SVG shows, its texts too, or there is none."""

import shutil
import struct
import sys
from functools import partial
from pathlib import Path

import pytest
import resvg_py

import byzverify
from byzverify.attacks.run_log import RunLog
from byzverify.errors import UsageError
from byzverify.rendering.attack.diagram import diagram
from byzverify.rendering.picture import png
from tests.support.other_tools import missing

ATTACK = Path(__file__).parents[1] / "golden" / "attacks" / "om-6-2.json"
PAGE = Path(__file__).parents[2] / "docs" / "howto" / "pictures.md"


@pytest.fixture(scope="module")
def svg() -> str:
    _, replay = byzverify.load(ATTACK)
    drawn = diagram(RunLog(replay))
    try:
        png(drawn)
    except UsageError:
        missing("font to write with")
    return drawn


@pytest.mark.slow
def test_a_picture_has_two_pixels_to_a_unit(svg: str) -> None:
    picture = png(svg)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", picture[16:24])  # of the header, by the PNG specification
    size = [float(svg.partition(f'{side}="')[2].partition('"')[0]) for side in ("width", "height")]
    assert [wide, high] == pytest.approx([2 * side for side in size], abs=2)


@pytest.mark.slow
@pytest.mark.parametrize(
    "visible", ["#d55e00", "#0072b2", "#ffffff", "IC2 FAILS", "stroke-dasharray: 7 5", "round 3", "display: none"]
)
def test_what_the_styles_and_texts_say_is_seen_in_a_picture(svg: str, visible: str) -> None:
    assert visible in svg
    assert png(svg.replace(visible, "")) != png(svg)


def test_a_picture_is_on_paper_even_where_the_screen_is_dark(svg: str) -> None:
    light, _, _ = svg.partition("@media")
    _, _, drawn = svg.partition("</style>")
    assert png(f"{light}</style>{drawn}") == png(svg)


def test_what_the_documentation_shows_writes_a_picture(
    svg: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here and not with all other pages, because where there is no font there is no picture."""
    shown = 'byzverify.report("attack.json", "attack.png")'
    assert f"`{shown}`" in PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shutil.copy(ATTACK, "attack.json")
    exec(compile(shown, str(PAGE), "exec"), {"byzverify": byzverify})
    assert Path("attack.png").read_bytes() == png(svg)


def test_a_machine_without_fonts_is_told_so_and_gets_no_picture_without_texts(
    svg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resvg_py, "svg_to_bytes", partial(resvg_py.svg_to_bytes, skip_system_fonts=True))
    with pytest.raises(UsageError, match="there is no font"):
        png(svg)


def test_without_the_extra_there_is_one_line_that_says_how_to_get_it(svg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match=r"pip install 'byzverify\[png\]'"):
        png(svg)
