"""The documentation is true: its commands are run, its code is executed, its links lead somewhere.

In a block marked `console`, every line that starts with `$` is run, and the lines under it must be found in what it
prints, in this order; `...` stands for anything, seconds may differ. A block marked `python` whose first line
is a comment with a file's name is that file; any other is executed. The folder `examples` is there.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from byzverify import cli

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "tests/README")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
NOTEBOOKS = sorted((ROOT / "docs").rglob("*.ipynb"))
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r"\d+\.\d\d s\b")


def blocks(page: Path) -> list[tuple[str, str]]:
    """The code blocks of a page: language and text, without the indentation that lists give them."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [
        (kind, re.sub(rf"^ {{{len(text) - len(text.lstrip(' '))}}}", "", text, flags=re.MULTILINE))
        for kind, text in found
    ]


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines that it should print."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def pieces(line: str) -> list[str]:
    return [SECONDS.sub("", piece).strip() for piece in line.split("...") if piece.strip()]


LONG = (
    "certificates.md",
    "complete.md",
    "findings.md",
    "hybrid.md",
    "kings.md",
    "language.md",
    "maps.md",
    "node-check.md",
    "oral.md",
    "prove.md",
    "python.md",
    "signed.md",
    "smallest-attacks.md",
    "test-suites.md",
    "test-your-implementation.md",
    "who-may-fail.md",
)
"""Pages whose commands take seconds; they are left to the long campaign."""


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            page,
            id=page.relative_to(ROOT).as_posix(),
            marks=pytest.mark.slow if page.name in LONG else [],
        )
        for page in PAGES
        if blocks(page)
    ],
)
def test_what_a_page_shows_is_what_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", "examples")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for kind, text in blocks(page):
        first = text.partition("\n")[0]
        if kind == "python" and re.fullmatch(r"# \w+\.py", first):
            Path(first.removeprefix("# ")).write_text(text)
        elif kind == "python" and not text.startswith("def "):
            exec(compile(text, str(page), "exec"), {"__name__": "documentation"})
        elif kind == "console":
            for command, expected in commands(text):
                compare(command, expected, monkeypatch, capsys)


def compare(
    command: str, expected: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run a command and find the expected lines in its output, in their order."""
    capsys.readouterr()
    if command.startswith("python3 "):
        subprocess.run([sys.executable, *shlex.split(command)[1:]], check=True)
        return
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    monkeypatch.setattr("byzverify.cli.heed_signals", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = SECONDS.sub("", capsys.readouterr().out)
    broken = any(word in printed for word in ("REFUTED", "FAILS", "IMPOSSIBLE")) or printed.startswith("NONE")
    assert ended.value.code == (1 if broken else 0), command
    at = 0
    for piece in (piece for line in expected for piece in pieces(line)):
        found = printed.find(piece, at)
        assert found >= 0, f"`{command}` does not print {piece!r} there; it prints:\n{printed}"
        at = found + len(piece)


@pytest.mark.parametrize("page", [*PAGES, *NOTEBOOKS], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("http") and not (page.parent / link).exists()] == []


def test_every_path_named_in_the_documentation_exists() -> None:
    for page in PAGES:
        for name in re.findall(r"`((?:byzverify|tests|models|docs)/[\w/.]+)`", page.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{page.name} names {name}"
