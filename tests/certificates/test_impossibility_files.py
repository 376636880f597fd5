"""The files of chains and covers: written, read back, and checked by `certify`.

The form alone is tested here. `test_impossibility_checker.py` tests what the checker accepts. With
`BYZVERIFY_REWRITE=1` this file writes the schemas anew.
"""

import json
import os
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest

import byzverify as public
from byzverify.certificates.certifying import CertifiedImpossible
from byzverify.certificates.checking_impossibility import check
from byzverify.certificates.impossibility_file import ChainFile, CoverFile, content, read, text
from byzverify.errors import CertificateError, UsageError
from byzverify.language.faults import Fault
from byzverify.scenario.impossibility import CoverScene, DoubleCover, FaultyRun, RunChain, Setting
from tests.support.calling import Call, byzverify
from tests.support.damaging import damaged
from tests.support.impossible import File, gap, hexagon, liar_between, one_by_one, two_faces, written_by_hand

__all__ = ["byzverify"]

TRIANGLE = ((0, 1), (0, 2), (1, 2))
CRASHED = {0: Fault.CRASH}
CHAIN = RunChain(
    Setting("broadcast", 3, TRIANGLE, 0, 1, {Fault.CRASH: 1}),
    (
        FaultyRun({}, {0: 0}),
        FaultyRun(CRASHED, {0: 0}, lost=frozenset({(1, 0, 2)})),
        FaultyRun(CRASHED, {0: 1}, lost=frozenset({(1, 0, 2)})),
        FaultyRun({}, {0: 1}),
    ),
    (1, 2, 1),
)
COVER = DoubleCover(
    Setting("broadcast", 3, TRIANGLE, 0, None, {Fault.BYZANTINE: 1}),
    frozenset({(0, 2)}),
    (
        CoverScene(frozenset({2}), {0: 0, 1: 0}),
        CoverScene(frozenset({0}), {1: 0, 2: 0}),
        CoverScene(frozenset({1}), {0: 1, 2: 0}),
    ),
    (1, 2),
)
HERE = Path("file.json")


@pytest.mark.parametrize(("found", "file"), [(CHAIN, one_by_one()), (COVER, hexagon())])
def test_a_chain_and_a_cover_have_the_files_of_the_documentation(found: RunChain | DoubleCover, file: File) -> None:
    assert content(found) == file
    assert list(content(found))[:2] == ["format", "version"]
    assert read(json.dumps(file), HERE) == found


@pytest.mark.parametrize(("name", "file"), [("hexagon", hexagon()), ("two-faces", two_faces())])
def test_the_examples_are_laid_out_as_files_are_written(name: str, file: File) -> None:
    example = (Path(__file__).parents[2] / "examples" / "impossible" / f"{name}.json").read_text(encoding="utf-8")
    assert example == text(read(json.dumps(file), HERE))


@pytest.mark.parametrize("name", written_by_hand())
def test_what_is_read_and_written_again_is_the_same(name: str) -> None:
    file = written_by_hand()[name]
    found = read(json.dumps(file), HERE)
    assert json.loads(text(found)) == file
    assert read(text(found), HERE) == found
    assert check(text(found)) == check(json.dumps(file))


def test_a_file_is_laid_out_for_reading() -> None:
    lines = text(read(json.dumps(liar_between()), HERE)).splitlines()
    assert max(map(len, lines)) <= 120
    assert '    {"round": 2, "from": 1, "to": 0, "says": {"0": 1, "2": null}},' in lines


@pytest.mark.parametrize(("kind", "name"), [(ChainFile, "chain"), (CoverFile, "cover")])
def test_the_schemas_in_the_package_are_those_of_the_reader(kind: type[ChainFile | CoverFile], name: str) -> None:
    path = files("byzverify.certificates").joinpath(f"{name}.schema.json")
    if os.environ.get("BYZVERIFY_REWRITE"):
        Path(str(path)).write_text(json.dumps(kind.model_json_schema(), indent=1) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == kind.model_json_schema()


@pytest.mark.parametrize(
    ("file", "edit", "message"),
    [
        (one_by_one(), {"format": "byzverify-attack"}, "is an attack; use replay, explain or report"),
        (one_by_one(), {"version": 2}, "is not a byzverify-chain file of version 1: version: "),
        (one_by_one(), {"rounds": True}, "rounds: Input should be a valid integer"),
        (one_by_one(), {"rounds": 0}, "rounds: Input should be greater than or equal to 1"),
        (one_by_one(), {"extra\nline": 1}, "extra line: Extra inputs are not permitted"),
        (one_by_one(), {"executions": [{}]}, "executions.0.faulty: Field required"),
        (one_by_one(), {"faults": {"sleepy": 1}}, "faults.sleepy"),
        (hexagon(), {"rounds": 1}, "is not a byzverify-cover file of version 1: rounds: "),
        (hexagon(), {"crossed": [[0, 2], [0, 2]]}, "a crossed edge or a faulty general is listed twice"),
        (hexagon(), {"scenes": [{"faulty": [1, 1], "sheets": {}}]}, "or a faulty general is listed twice"),
        (hexagon(), {"scenes": [{"faulty": [], "sheets": {"01": 0}}]}, "'01' is not the number of a general"),
    ],
)
def test_what_has_another_form_is_refused_in_one_line(file: File, edit: File, message: str) -> None:
    with pytest.raises(CertificateError, match=message) as raised:
        read(json.dumps(file | edit), HERE)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "file.json is not JSON as certificates are written: Expecting value"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "neither a chain"),
        (json.dumps(hexagon()).replace('"signed": false', '"signed": false, "signed": false'), "has a key twice"),
    ],
)
def test_a_text_that_is_no_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        read(text, HERE)


def test_a_message_that_is_listed_twice_is_refused() -> None:
    for said, lost in (([0, 0], []), ([0], [[1, 0, 2]]), ([], [[1, 0, 2], [1, 0, 2]])):
        file = two_faces()
        run = file["executions"][1]
        run["said"], run["lost"] = [run["said"][0] for _ in said], lost
        with pytest.raises(CertificateError, match="a message is listed twice"):
            read(json.dumps(file), HERE)


def test_what_the_checker_accepts_the_reader_reads() -> None:
    """The two have the same form in mind, and share no code. `certify` needs both."""
    for seed in range(1000):
        rng = Random(seed)
        spoilt = damaged(rng, rng.choice([*written_by_hand().values()]))
        try:
            check(spoilt)
        except ValueError:
            continue
        assert read(text(read(spoilt, HERE)), HERE) == read(spoilt, HERE)


def test_certify_says_what_a_file_shows(byzverify: Call, tmp_path: Path) -> None:
    (tmp_path / "chain.json").write_text(text(CHAIN), encoding="utf-16")
    ended = byzverify(f"certify {tmp_path / 'chain.json'}")
    shows = "no protocol for broadcast among 3 generals, at most 1 crash faulty, in 1 round: a chain of 4 executions"
    assert (ended.code, ended.out) == (0, f"ACCEPTED: {shows}\n")
    assert public.certify(tmp_path / "chain.json") == CertifiedImpossible(CHAIN, shows)


@pytest.mark.parametrize("file", [gap(), hexagon() | {"crossed": []}, {}, one_by_one() | {"version": 2}])
def test_certify_refuses_what_shows_nothing(file: File, byzverify: Call, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text(json.dumps(file))
    ended = byzverify(f"certify {tmp_path / 'file.json'}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1


def test_a_file_about_every_protocol_has_no_model(tmp_path: Path) -> None:
    (tmp_path / "cover.json").write_text(text(COVER))
    with pytest.raises(UsageError, match=r"cover\.json is about every protocol"):
        public.certify(tmp_path / "cover.json", model="om")
