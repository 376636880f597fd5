"""Each command says which other one reads a file of byzverify's that it does not read itself."""

import re
from pathlib import Path

import pytest

import byzverify as package
from byzverify.files.formats import READ_BY
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

ATTACK = Path(__file__).parents[1] / "golden" / "attacks" / "om-3-1.json"


@pytest.fixture
def cover(tmp_path: Path) -> Path:
    path = tmp_path / "cover.json"
    package.solvable(3, 1, certificate=path)
    return path


@pytest.mark.parametrize("command", ["replay", "explain --general 1"])
def test_a_proof_that_no_protocol_works_is_no_attack(command: str, cover: Path, byzverify: Call) -> None:
    ended = byzverify(f"{command} {cover}")
    assert ended.code == 2
    assert "every protocol" in ended.err or ended.err.endswith("no protocol works; use certify, explain or report\n")


def test_certify_says_what_reads_an_attack(byzverify: Call) -> None:
    ended = byzverify(f"certify {ATTACK}")
    assert (ended.code, ended.err) == (2, f"byzverify: {ATTACK} is an attack; use replay, explain or report\n")


def test_check_says_what_reads_a_json_file(cover: Path, byzverify: Call) -> None:
    ended = byzverify(f"check {cover}")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "is not a model; replay, explain, report and certify read .json files" in ended.err


def test_certify_names_a_file_that_is_not_there(tmp_path: Path, byzverify: Call) -> None:
    ended = byzverify(f"certify {tmp_path / 'nothing.json'}")
    assert (ended.code, ended.err) == (
        2,
        f"byzverify: cannot read {tmp_path / 'nothing.json'}: No such file or directory\n",
    )


def test_every_format_is_listed() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.rglob("*.py")]
    assert {*READ_BY} == {one for text in texts for one in re.findall(r'Literal\["(byzverify-[a-z-]+)"\]', text)}
