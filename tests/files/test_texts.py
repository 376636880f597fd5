"""JSON files come in several encodings, and every file that byzverify reads may be in any of them."""

import json
from pathlib import Path

import pytest

from byzverify.attacks.loading import load
from byzverify.certificates.manifest import FILE, read
from byzverify.errors import AttackFileError, CertificateError, UsageError
from byzverify.files.formats import MAP, is_of
from byzverify.files.texts import text_of
from byzverify.models.om import OM
from byzverify.questions.pipeline import check
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

ATTACKS = Path(__file__).parents[1] / "golden" / "attacks"


@pytest.fixture(params=["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def encoding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_an_attack_file_and_a_trace_are_read_in_any_encoding_of_json(
    encoding: str, tmp_path: Path, byzverify: Call
) -> None:
    trace = byzverify(f"export {ATTACKS / 'om-3-1.json'} --to itf").out
    for name, text in (("attack.json", (ATTACKS / "om-3-1.json").read_text()), ("attack.itf.json", trace)):
        (tmp_path / name).write_bytes(text.encode(encoding))
        assert load(tmp_path / name)[0].condition == "IC2"


@pytest.mark.slow
def test_a_map_is_recognized_and_drawn_from_any_encoding(encoding: str, tmp_path: Path, byzverify: Call) -> None:
    found = byzverify("map om -n 3..4 -m 1 --no-store --export json").out
    path = tmp_path / "map.json"
    path.write_bytes(found.encode(encoding))
    assert is_of(path, MAP)
    assert byzverify(f"report {path} -o {tmp_path}/map.svg").code == 0


@pytest.mark.slow
def test_a_manifest_is_read_from_any_encoding(encoding: str, tmp_path: Path) -> None:
    folder = tmp_path / "certificate"
    check(OM(n=4, m=1), certificate=folder)
    path = folder / FILE
    path.write_bytes(path.read_text().encode(encoding))
    assert read(folder)[1].model == "om"


def test_what_is_no_text_is_one_line_that_says_where(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(json.dumps({"format": "é"}, ensure_ascii=False).encode("latin-1"))
    expected = "is not a text in UTF-8: byte 12"
    with pytest.raises(AttackFileError, match=expected):
        load(tmp_path / FILE)
    with pytest.raises(CertificateError, match=expected):
        read(tmp_path)
    with pytest.raises(UsageError, match=r"cannot read .*nowhere.json: No such file"):
        text_of(tmp_path / "nowhere.json")
